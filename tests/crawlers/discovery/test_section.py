"""Which links of a section page lead to articles.

`sections/` holds pages written for this project in the shapes of real ones;
`sections.json` says exactly which articles each links to, under which headline.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawlers import discovery
from crawlers.discovery import section
from pipelines.candidate import Listing

HERE = Path(__file__).parent
PAGES = json.loads((HERE / "sections.json").read_text(encoding="utf-8"))
URL = "https://www.courier.example/harbour/"


def read(html: str, url: str = URL, sites: tuple[str, ...] = ()) -> Listing:
    return section.parse(html.encode(), url, "text/html; charset=utf-8", sites=sites)


def links(html: str, url: str = URL, sites: tuple[str, ...] = ()) -> list[str]:
    return [each.url for each in read(html, url, sites).candidates]


def headline(href: str, text: str = "Ferry to the islands runs again") -> str:
    return f'<main><h2><a href="{href}">{text}</a></h2></main>'


@pytest.mark.parametrize("name", PAGES)
def test_a_section_page_lists_its_articles_and_nothing_else(name: str) -> None:
    body = (HERE / "sections" / f"{name}.html").read_bytes()
    found = discovery.read("section", body, PAGES[name]["url"], None)
    assert [[each.url, each.title] for each in found.candidates] == PAGES[name][
        "articles"
    ]


def test_a_feed_under_the_name_of_a_section_is_read() -> None:
    body = b"<rss><channel><item><link>/news/1</link></item></channel></rss>"
    found = discovery.read("section", body, URL, None)
    assert [each.url for each in found.candidates] == [
        "https://www.courier.example/news/1"
    ]


def test_links_that_leave_the_site_are_left_out_unless_the_caller_says_so() -> None:
    own = "/harbour/ferry-runs-again-48211"
    other = "https://www.sister.example/news/lamp-goes-to-museum-77001"
    page = headline(own) + headline(other)
    assert links(page) == [f"https://www.courier.example{own}"]
    assert links(page, sites=("sister.example",)) == [other]
    both = links(page, sites=("courier.example", "sister.example"))
    assert both == [f"https://www.courier.example{own}", other]


def test_addresses_on_loopback_are_sites_of_their_own() -> None:
    page = headline("/a/ferry-runs-again-1") + headline("http://127.0.0.1:81/a/b-c-d-2")
    assert links(page, "http://127.0.0.1:80/a/") == [
        "http://127.0.0.1/a/ferry-runs-again-1"
    ]
    assert links(page, "http://127.0.0.1:8000/a/", ("127.0.0.1:81",)) == [
        "http://127.0.0.1:81/a/b-c-d-2"
    ]


def test_a_page_and_the_pages_above_it_do_not_list_themselves() -> None:
    page = "".join(
        headline(href, "All the news from the harbour today")
        for href in ("/", "/harbour", "/harbour/", "/harbour/?page=2", "?sort=date")
    )
    with pytest.raises(discovery.NotAListing):
        read(page)


def test_the_title_of_the_page_and_its_language_are_read() -> None:
    head = '<html lang="en-GB"><title> Harbour &amp; sea </title>'
    found = read(head + headline("/news/ferry-runs-again-48211"))
    assert (found.title, found.language) == ("Harbour & sea", "en-gb")


def test_the_best_of_several_texts_is_the_title() -> None:
    page = """<main><article><a href="/news/ferry-1-48211"><img src="x"></a>
    <h3><a href="/news/ferry-1-48211">Ferry runs</a></h3>
    <a href="/news/ferry-1-48211">Read on about the ferry that runs</a></article>"""
    assert [each.title for each in read(page).candidates] == ["Ferry runs"]


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        pytest.param(
            '<span class="x-kicker">Storm</span> Ferry runs again',
            "Ferry runs again",
            id="kicker",
        ),
        pytest.param(
            '<h3><span class="overline">Storm</span> Ferry</h3><p>Text</p>',
            "Ferry",
            id="kicker in a heading",
        ),
        pytest.param(
            '<p>Text</p><div class="card-headline">Ferry runs</div>',
            "Ferry runs",
            id="class of a headline",
        ),
        pytest.param('<b class="kicker">Ferry</b>', "Ferry", id="nothing but a kicker"),
        pytest.param("<img alt='A photo'>", None, id="a picture"),
    ],
)
def test_the_headline_is_found_within_a_link(inner: str, title: str | None) -> None:
    page = f'<main><a href="/2026/11/23/ferry-runs-again">{inner}</a></main>'
    assert [each.title for each in read(page).candidates] == [title]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        pytest.param(
            "<title>Just a moment...</title><h1>Checking your browser</h1>",
            'no links to articles; an HTML page, title "Just a moment..."',
            id="a challenge",
        ),
        pytest.param(
            '<title>Courier</title><div id="root"></div><script></script>',
            'no links to articles; an HTML page, title "Courier"',
            id="an empty shell",
        ),
        pytest.param(
            '<nav><a href="/news/">News</a></nav><a href="/login">Log in to read</a>',
            "no links to articles; an HTML page",
            id="a wall",
        ),
        pytest.param("", "empty", id="nothing"),
        pytest.param(
            " Too many requests ",
            "no HTML page, begins with 'Too many requests'",
            id="words",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">',
            "no links to articles; an HTML page; it names the feed "
            "https://www.courier.example/rss?a=1&b=2",
            id="a page with a feed",
        ),
    ],
)
def test_a_page_without_articles_is_refused(html: str, reason: str) -> None:
    with pytest.raises(discovery.NotAListing) as refusal:
        read(html)
    assert str(refusal.value) == reason


def test_short_headlines_count_among_longer_ones_of_the_same_make() -> None:
    texts = ["Ferry runs again at last", "Storm", "Lamp goes to the museum", "New quay"]
    rows = (
        f'<li class="x"><a href="/doc/77150{n}">{t}</a></li>'
        for n, t in enumerate(texts)
    )
    assert len(links("<main>" + "".join(rows))) == 4
    with pytest.raises(discovery.NotAListing):
        read('<ul><li class="x"><a href="/doc/771501">Storm</a></li></ul>')


def test_a_broken_base_is_ignored() -> None:
    page = f'<base href="javascript:x">{headline("/news/ferry-runs-again-48211")}'
    assert links(page) == ["https://www.courier.example/news/ferry-runs-again-48211"]


def test_only_the_first_links_of_an_endless_page_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(section, "_MOST_LINKS", 2)
    page = "".join(headline(f"/news/ferry-runs-again-1000{n}") for n in range(4))
    assert len(links(page)) == 2


def test_deep_nesting_is_survived() -> None:
    page = "<div>" * 1_000 + headline("/news/ferry-runs-again-48211") + "</div>" * 1_000
    assert len(links(page)) == 1


def test_articles_inside_a_menu_are_articles_and_sections_inside_articles_are_not() -> (
    None
):
    page = """<nav><article><a href="/news/ferry-runs-again-48211">Ferry runs again</a>
    </article></nav><article><header><h2><a href="/a/lamp-in-museum-48212">Lamp moved
    </a></h2></header><footer><a href="/news/harbour">More from the harbour section</a>
    </footer></article>"""
    assert links(page) == [
        "https://www.courier.example/news/ferry-runs-again-48211",
        "https://www.courier.example/a/lamp-in-museum-48212",
    ]
