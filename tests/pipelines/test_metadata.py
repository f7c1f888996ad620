"""What a page says of its article, and where."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article import Dated, Metadata
from pipelines.candidate import Candidate
from pipelines.document import parse
from pipelines.metadata import read

URL = "https://www.post.example/town/harbour-reopens"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DATED = datetime(2026, 4, 24, 17, 35, tzinfo=UTC)


def about(body: str, url: str | None = URL, hints: Candidate | None = None) -> Metadata:
    return read(parse(body.encode(), "text/html; charset=utf-8", url), hints, NOW)


def head(*elements: str) -> str:
    return f"<html><head>{''.join(elements)}</head><body><p>Text</p></body></html>"


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def linked(**node: object) -> str:
    data = json.dumps({"@type": "NewsArticle", **node})
    return f'<script type="application/ld+json">{data}</script>'


FULL = f"""<!DOCTYPE html><html lang="en-GB"><head>
<title>Harbour to reopen | Town | Example Post</title>
<link rel="canonical" href="/town/harbour-reopens?utm_source=feed">
<meta property="og:site_name" content="Example Post">
<meta property="og:title" content="Harbour to reopen">
<meta property="article:section" content="Town">
<meta property="article:modified_time" content="2026-04-25T09:00:00+01:00">
{
    linked(
        headline="Harbour to reopen",
        description="Ferries return in spring.",
        author=[{"@type": "Person", "name": "Jane Doe"}, {"name": "John Roe"}],
        datePublished="2026-04-24T18:35:00+01:00",
        isAccessibleForFree="False",
        publisher={"@type": "Organization", "name": "Example Post"},
        mainEntityOfPage=URL,
    )
}
</head><body><article><h1>Harbour to reopen</h1><p>Text</p></article></body></html>"""


def test_a_complete_page_is_read_completely() -> None:
    found = about(FULL)
    assert found.title == "Harbour to reopen"
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.published is not None
    assert (found.published.at, found.published.source) == (DATED, "json-ld")
    assert found.published.at.isoformat() == "2026-04-24T18:35:00+01:00"
    assert found.updated is not None
    assert found.updated.source == "meta"
    assert found.canonical == "https://www.post.example/town/harbour-reopens"
    assert found.section == "Town"
    assert found.description == "Ferries return in spring."
    assert found.site_name == "Example Post"
    assert found.declared_language == "en"
    assert found.free is False


def test_every_value_says_where_it_was_said() -> None:
    found = about(FULL)
    valued = {f.name for f in fields(found) if getattr(found, f.name) not in (None, ())}
    assert set(found.sources) == valued - {"sources", "reserved"}
    assert found.sources["title"] == "json-ld"
    assert found.sources["section"] == "article:section"
    assert found.sources["canonical"] == "link canonical"
    assert found.sources["declared_language"] == "html lang"


@pytest.mark.parametrize("body", ["", "<p>Text", "<html><head></head></html>"])
def test_a_page_that_says_nothing_has_nothing(body: str) -> None:
    assert about(body, url=None) == Metadata()


@pytest.mark.parametrize(
    ("body", "authors", "source"),
    [
        pytest.param(
            head(meta("author", "By Jane Doe and John Roe")),
            ("Jane Doe", "John Roe"),
            "author",
            id="meta",
        ),
        pytest.param(
            head(meta("author", "Jane Doe"), meta("author", "John Roe")),
            ("Jane Doe", "John Roe"),
            "author",
            id="several metas",
        ),
        pytest.param(
            head(meta("article:author", "https://social.example/jane")),
            (),
            None,
            id="a profile is no name",
        ),
        pytest.param(
            head(
                linked(author="Example Post"),
                meta("og:site_name", "Example Post"),
                meta("parsely-author", "Jane Doe"),
            ),
            ("Jane Doe",),
            "parsely-author",
            id="a person before the outlet",
        ),
        pytest.param(
            head(linked(author={"@type": "Organization", "name": "dpa"})),
            ("dpa",),
            "json-ld",
            id="an agency for want of a person",
        ),
        pytest.param(
            head(
                meta("twitter:label1", "Verfasst von"), meta("twitter:data1", "Ann Lee")
            ),
            ("Ann Lee",),
            "twitter:data1",
            id="a labelled card",
        ),
        pytest.param(
            head(
                meta("twitter:label1", "Reading time"), meta("twitter:data1", "5 min")
            ),
            (),
            None,
            id="another label",
        ),
        pytest.param(
            "<main><h1>T</h1><div class='byline'>By <a rel='author'>Jane Doe</a></div>"
            "</main><div class='author'>By Someone Else</div>",
            ("Jane Doe",),
            "byline",
            id="the byline at the article",
        ),
        pytest.param(
            "<article><h1>T</h1><a href='/b'><b class='author'>Von Max Meier</b></a>"
            "<aside><p class='author'>Udo Jahn</p></aside></article>",
            (),
            None,
            id="bylines of teasers",
        ),
        pytest.param(
            "<h1>T</h1><p><span itemprop='author'>Jane Doe</span>"
            "<span itemprop='author'>John Roe</span></p>",
            ("Jane Doe", "John Roe"),
            "byline",
            id="microdata",
        ),
    ],
)
def test_authors_are_found(
    body: str, authors: tuple[str, ...], source: str | None
) -> None:
    found = about(body)
    assert (found.authors, found.sources.get("authors")) == (authors, source)


@pytest.mark.parametrize(
    ("body", "source"),
    [
        pytest.param(
            head(
                linked(datePublished="2026-04-24T17:35:00Z"),
                meta("date", "2026-01-01T00:00:00Z"),
            ),
            "json-ld",
            id="JSON-LD first",
        ),
        pytest.param(
            head(meta("article:published_time", "2026-04-24T19:35:00+02:00")),
            "meta",
            id="Open Graph",
        ),
        pytest.param(
            head(meta("article:published:time", "2026-04-24T17:35:00Z")),
            "meta",
            id="as some spell it",
        ),
        pytest.param(
            head(meta("DC.date.issued", "2026-04-24T17:35:00Z")),
            "meta",
            id="Dublin Core",
        ),
        pytest.param(
            head(meta("parsely-pub-date", "2026-04-24T17:35:00Z")), "meta", id="Parsely"
        ),
        pytest.param(
            '<p itemprop="datePublished" content="2026-04-24T17:35:00Z">April</p>',
            "meta",
            id="microdata",
        ),
        pytest.param(
            '<time>3 hours ago</time><time datetime="2026-04-24T17:35:00Z">x</time>',
            "time",
            id="time element",
        ),
        pytest.param(
            '<time datetime="2026-01-01T08:00:00Z"></time>'
            '<time class="published" datetime="2026-04-24T17:35:00Z">x</time>',
            "time",
            id="the time that is marked",
        ),
        pytest.param(
            "<time>24. April 2026, 17:35 Uhr</time>", "time", id="time in words"
        ),
        pytest.param(
            '<span class="article-date">24 avril 2026 à 17h35</span>',
            "text",
            id="marked text",
        ),
    ],
)
def test_the_publication_is_dated(body: str, source: str) -> None:
    found = about(body).published
    assert found is not None
    assert (found.at, found.source) == (DATED, source)


def test_the_url_tells_the_day_for_want_of_better() -> None:
    found = about("<p>Text", url="https://post.example/2026/04/24/harbour")
    day = datetime(2026, 4, 24, tzinfo=UTC)
    assert found.published == Dated(day, "url", "day")


@pytest.mark.parametrize(
    "named",
    [
        '<span class="headline entry-title">Harbour to reopen</span>',
        '<div itemprop="headline">Harbour to reopen</div>',
    ],
)
def test_without_an_h1_the_element_named_headline_says_it(named: str) -> None:
    page = f"<head><title>News from the coast</title></head><body>{named}<p>Text"
    assert about(page).title == "Harbour to reopen"
    assert about(f"{page}<h1>Ferries wait</h1>").title == "Ferries wait"


def test_of_several_named_headlines_none_is_the_pages() -> None:
    teasers = "".join(f'<a class="entry-title">Ferry {n} sails</a>' for n in "ab")
    page = f"<head><title>News from the coast</title></head><body>{teasers}"
    assert about(page).title == "News from the coast"


def test_a_date_after_the_fetch_is_not_believed() -> None:
    body = head(
        linked(datePublished="2099-01-01T00:00:00Z"),
        meta("date", "2026-04-24T17:35:00Z"),
    )
    found = about(body).published
    assert found == Dated(DATED, "meta")


HINTS = Candidate(
    url=URL,
    title="Harbour to reopen",
    published=DATED,
    updated=NOW,
    language="pt-BR",
    authors=("Ana Gil",),
)


def test_the_listing_fills_what_the_page_leaves_out() -> None:
    found = about("<p>Text", hints=HINTS)
    assert found.title == "Harbour to reopen"
    assert found.published == Dated(DATED, "feed")
    assert found.updated == Dated(NOW, "feed")
    assert found.authors == ("Ana Gil",)
    assert found.declared_language == "pt"
    assert set(found.sources.values()) == {"feed"}


def test_the_page_goes_before_the_listing() -> None:
    found = about(FULL, hints=HINTS)
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.declared_language == "en"
    assert found.published is not None
    assert found.published.source == "json-ld"


@pytest.mark.parametrize(
    ("elements", "canonical"),
    [
        pytest.param(
            '<link rel="canonical" href="//post.example/a">',
            "https://post.example/a",
            id="without scheme",
        ),
        pytest.param(
            '<link rel="canonical" href=""><meta property="og:url" content="/b">',
            "https://www.post.example/b",
            id="empty, so the next",
        ),
        pytest.param(
            '<link rel="canonical" href="javascript:void(0)">', None, id="no address"
        ),
        pytest.param(
            '<link rel="alternate canonical" href="/c">',
            "https://www.post.example/c",
            id="several relations",
        ),
    ],
)
def test_the_declared_address_is_made_whole(
    elements: str, canonical: str | None
) -> None:
    assert about(head(elements)).canonical == canonical


@pytest.mark.parametrize(
    ("body", "language"),
    [
        pytest.param('<html lang="de-AT"><p>x', "de", id="html"),
        pytest.param(head(meta("og:locale", "fr_CA")), "fr", id="Open Graph"),
        pytest.param(head(linked(inLanguage="es-MX")), "es", id="JSON-LD"),
        pytest.param(
            '<meta http-equiv="Content-Language" content="it, en"><p>x', "it", id="http"
        ),
        pytest.param('<html lang="zh-Hant-TW"><p>x', "zh-tw", id="Chinese"),
        pytest.param('<html lang="{{lang}}"><p>x', None, id="a template's hole"),
    ],
)
def test_the_declared_language_is_found(body: str, language: str | None) -> None:
    assert about(body).declared_language == language


@pytest.mark.parametrize(
    ("value", "free"),
    [
        pytest.param(True, True, id="true"),
        pytest.param(False, False, id="false"),
        pytest.param("http://schema.org/False", False, id="schema.org's false"),
        pytest.param("perhaps", None, id="a word"),
    ],
)
def test_walls_are_declared(value: object, free: bool | None) -> None:
    assert about(head(linked(isAccessibleForFree=value))).free is free


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "og:title",
                    "author",
                    "date",
                    "og:url",
                    "og:locale",
                    "section",
                    "description",
                ]
            ),
            st.text(
                alphabet=st.characters(codec="utf-8", exclude_characters='"<>&'),
                max_size=30,
            ),
        ),
        max_size=6,
    ),
    st.none() | st.text(max_size=40),
)
def test_no_page_breaks_the_reader(
    metas: list[tuple[str, str]], url: str | None
) -> None:
    found = about(head(*(meta(name, content) for name, content in metas)), url=url)
    assert found.published is None or found.published.at.tzinfo is not None
