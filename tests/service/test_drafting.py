"""Which of the sources found are worth watching."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.models import SourceKind
from crawlers.discovery.leads import Lead
from pipelines.candidate import Candidate, Listing
from service.drafting import Found, choose, draft, found, interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED, SITEMAP, SECTION = SourceKind.FEED, SourceKind.SITEMAP, SourceKind.SECTION


def articles(first: int, last: int, hours: float = 1) -> tuple[Candidate, ...]:
    at = NOW - timedelta(hours=hours)
    return tuple(
        Candidate(f"https://a.example/{n}", published=at) for n in range(first, last)
    )


def source(kind: SourceKind, path: str, *listed: Candidate, **said: str) -> Found:
    return Found(Lead(kind, f"https://a.example/{path}", "announced"), listed, **said)


def taken(*all_found: Found) -> list[str]:
    chosen = choose(all_found, NOW)
    return [one.found.lead.url.rpartition("/")[2] for one in chosen if one.taken]


def test_the_cheapest_that_list_everything_are_taken() -> None:
    feed = source(FEED, "feed", *articles(0, 30))
    news = source(SITEMAP, "news", *articles(0, 60))
    page = source(SECTION, "page", *articles(5, 60))
    assert taken(page, news, feed) == ["feed", "news"]
    *_, last = choose([page, news, feed], NOW)
    assert "nothing that the sources above do not list" in last.why


def test_of_feeds_the_fullest_comes_first_and_its_parts_are_left() -> None:
    whole, part = (
        source(FEED, "all", *articles(0, 30)),
        source(FEED, "x", *articles(3, 9)),
    )
    assert taken(part, whole) == ["all"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(source(FEED, "old", *articles(0, 9, hours=2_000)), id="stale"),
        pytest.param(source(FEED, "comments/feed", *articles(40, 90)), id="comments"),
        pytest.param(source(SITEMAP, "all", *articles(0, 2_500)), id="an archive"),
        pytest.param(source(FEED, "bad", problem="an HTML page"), id="no listing"),
    ],
)
def test_what_is_no_news_is_not_taken(other: Found) -> None:
    assert taken(other, source(SECTION, "page", *articles(0, 20))) == ["page"]


def test_links_off_the_site_are_not_its_articles() -> None:
    lead = Lead(FEED, "https://a.example/feed", "")
    foreign = Listing(candidates=(Candidate("https://b.example/1"),))
    assert found(lead, foreign, "a.example").problem == (
        "lists 1 links off a.example only"
    )
    assert found(lead, Listing(), "a.example").problem == "lists nothing"


@pytest.mark.parametrize(
    ("count", "hours", "every"),
    [(200, 1, "5m"), (30, 1, "10m"), (6, 1, "30m"), (3, 1, "1h"), (30, 30, "1h")],
)
def test_busy_outlets_are_polled_more_often(count: int, hours: int, every: str) -> None:
    chosen = choose([source(FEED, "feed", *articles(0, count, hours))], NOW)
    assert interval(chosen, NOW)[0] == every


def test_the_file_tells_why() -> None:
    feed = source(FEED, "feed", *articles(0, 30), language="no")
    bad = source(FEED, "bad", problem="an HTML page")
    page = source(SECTION, "page", *articles(0, 10))
    made = draft(
        "a", "A", "https://a.example/", None, choose([feed, bad, page], NOW), NOW
    )
    assert made.language == "no"
    text = made.text()
    assert "# 30 articles, 30 of them of the last two days; announced" in text
    assert "# - section: https://a.example/page" in text
    assert "bad" not in text
