"""Where outlets may list their articles, by their pages and robots.txt."""

from __future__ import annotations

import pytest

from config.models import SourceKind
from crawlers.discovery import leads
from crawlers.discovery.leads import HEAD, Lead, of_page, of_robots

URL = "https://www.fjord.example/world/"
PAGE = """<html lang="nb-NO"><head><title>Fjord | Fjord</title>
<link rel="alternate" type="application/rss+xml" title=" All " href="/rss">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom.xml">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/rss+xml" href="javascript:void(0)">
</head><body><a href="/rss">again</a><a href="/feeds/sport">Sport</a>
<a href="/rssa-story">A story</a><a href="mailto:rss@fjord.example">Write</a></body>"""


def test_a_page_announces_feeds_and_links_to_others() -> None:
    page = of_page(PAGE.encode(), "text/html", URL)
    assert page.leads == (
        Lead(SourceKind.FEED, "https://www.fjord.example/rss", HEAD, "All"),
        Lead(SourceKind.FEED, "https://www.fjord.example/world/atom.xml", HEAD),
        Lead(
            SourceKind.FEED,
            "https://www.fjord.example/feeds/sport",
            "linked from it",
            "Sport",
        ),
    )
    assert (page.name, page.language) == ("Fjord", "nb")


def test_nothing_is_found_in_nothing() -> None:
    page = of_page(b"", None, URL)
    assert (page.name, page.language, page.leads) == (None, None, ())


def test_news_sitemaps_come_first_and_archives_last() -> None:
    named = ["/sitemap-2019.xml", "https://x.example/all.xml", "/news.xml", "mailto:a"]
    assert [lead.url for lead in of_robots(named, URL)] == [
        "https://www.fjord.example/news.xml",
        "https://x.example/all.xml",
        "https://www.fjord.example/sitemap-2019.xml",
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en-GB", "en"),
        ("zh-CN", "zh-cn"),
        ("zh_TW", "zh-tw"),
        ("pt", "pt"),
        ("english", None),
        (None, None),
    ],
)
def test_languages_are_told_as_the_config_takes_them(
    said: str | None, code: str | None
) -> None:
    assert leads.language(said) == code


def test_comments_are_told_by_address_and_title() -> None:
    assert leads.is_comments(
        Lead(SourceKind.FEED, "https://a.example/comments/feed", "")
    )
    assert leads.is_comments(
        Lead(SourceKind.FEED, "https://a.example/f", "", "Comments")
    )
    assert not leads.is_comments(Lead(SourceKind.FEED, "https://comment.example/f", ""))
