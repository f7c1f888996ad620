"""JSON-LD as pages write it."""

from __future__ import annotations

import json

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.structured import (
    Node,
    article,
    by_id,
    first,
    names,
    nodes,
    parse,
    strings,
)

HERE = "https://post.example/harbour"


def page(*blocks: object) -> list[Node]:
    scripts = "".join(
        f'<script type="application/ld+json">{block}</script>'
        if isinstance(block, str)
        else f'<script type="application/ld+json">{json.dumps(block)}</script>'
        for block in blocks
    )
    return nodes(lxml.html.document_fromstring(f"<html><body>{scripts}</body></html>"))


def headline(*blocks: object) -> str | None:
    return first(article(page(*blocks), {HERE}), "headline", "name")


NEWS = {"@type": "NewsArticle", "headline": "Harbour"}


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(NEWS, id="a node"),
        pytest.param([{"@type": "Organization", "name": "Post"}, NEWS], id="a list"),
        pytest.param({"@graph": [{"@type": "WebSite"}, NEWS]}, id="a graph"),
        pytest.param({"@type": "WebPage", "mainEntity": NEWS}, id="main entity"),
        pytest.param({"@type": "WebPage", "mainEntity": [NEWS]}, id="in a list"),
        pytest.param({**NEWS, "@type": ["Thing", "Article"]}, id="several types"),
        pytest.param(
            {**NEWS, "@type": "http://schema.org/NewsArticle"}, id="full type"
        ),
        pytest.param({**NEWS, "@type": "LiveBlogPosting"}, id="live blog"),
        pytest.param({**NEWS, "@type": "OpinionNewsArticle"}, id="subtype"),
        pytest.param({**NEWS, "@type": "WebPage"}, id="for want of better"),
        pytest.param('{"@type":"NewsArticle","headline":"Harbour",}', id="last comma"),
        pytest.param(
            '{"@type":"NewsArticle","headline":"Harbour","x":[1,2,],}', id="commas"
        ),
        pytest.param(
            '{"@type":"NewsArticle","description":"two\nlines","headline":"Harbour"}',
            id="line break in a string",
        ),
        pytest.param(
            '{"@type":"NewsArticle","description":"it\\\'s","headline":"Harbour"}',
            id="escape that JSON has not",
        ),
        pytest.param(
            '<!-- {"@type":"NewsArticle","headline":"Harbour"} -->', id="comment"
        ),
        pytest.param(
            '//<![CDATA[\n{"@type":"NewsArticle","headline":"Harbour"}\n//]]>',
            id="CDATA",
        ),
        pytest.param(
            '/*<![CDATA[*/{"@type":"NewsArticle","headline":"Harbour"}/*]]>*/',
            id="CDATA in comments",
        ),
        pytest.param('{"@type":"NewsArticle","headline":"Harbour"};', id="semicolon"),
        pytest.param(
            '{"@type":"WebSite"}\n{"@type":"NewsArticle","headline":"Harbour"}',
            id="two values",
        ),
        pytest.param(
            "{&amp;quot;@type&amp;quot;:&amp;quot;NewsArticle&amp;quot;,"
            "&amp;quot;headline&amp;quot;:&amp;quot;Harbour&amp;quot;}".replace(
                "&amp;", "&"
            ),
            id="escaped",
        ),
    ],
)
def test_the_article_is_found(block: object) -> None:
    assert headline(block) == "Harbour"


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(
            [
                {
                    "@type": "NewsArticle",
                    "headline": "Other",
                    "url": "https://x.example",
                },
                NEWS | {"mainEntityOfPage": HERE},
            ],
            id="the one that names this page",
        ),
        pytest.param(
            [NEWS | {"url": HERE + "/#article"}, {**NEWS, "headline": "Other"}],
            id="by its URL, slash and fragment aside",
        ),
        pytest.param(
            [
                {"@type": "NewsArticle", "name": "Other"},
                NEWS | {"datePublished": "2026-04-24", "author": "Jane"},
            ],
            id="the complete one",
        ),
        pytest.param([NEWS, {**NEWS, "headline": "Other"}], id="the first"),
        pytest.param(
            [{"@type": "WebPage", "name": "Other", "url": HERE}, NEWS],
            id="an article before its page",
        ),
        pytest.param(
            [
                {
                    "@type": "ItemList",
                    "itemListElement": [{**NEWS, "headline": "Other", "url": HERE}],
                },
                NEWS,
            ],
            id="none of a list",
        ),
        pytest.param(
            [NEWS | {"hasPart": [{**NEWS, "headline": "Other", "url": HERE}]}],
            id="none of its parts",
        ),
    ],
)
def test_the_pages_own_article_is_chosen(blocks: list[object]) -> None:
    assert headline(*blocks) == "Harbour"


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("", id="empty"),
        pytest.param("not json", id="no JSON"),
        pytest.param('{"@type":"NewsArticle","headline":"Har', id="cut off"),
        pytest.param("[" * 100_000, id="nested without end"),
        pytest.param({"@type": "Organization", "headline": "Post"}, id="no article"),
        pytest.param([1, "two", None], id="no nodes"),
    ],
)
def test_no_article_is_none(block: object) -> None:
    assert headline(block) is None


def test_an_archive_of_nodes_is_read_up_to_a_point() -> None:
    assert len(page([NEWS] * 5000)) == 2000


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param("Jane Doe", ["Jane Doe"], id="text"),
        pytest.param({"@type": "Person", "name": "Jane Doe"}, ["Jane Doe"], id="node"),
        pytest.param(
            [{"name": "Jane Doe"}, "John Roe"], ["Jane Doe", "John Roe"], id="list"
        ),
        pytest.param(
            {"name": ["Jane Doe", "J. D."]}, ["Jane Doe", "J. D."], id="names"
        ),
        pytest.param({"@id": "#jane"}, ["Jane Doe"], id="reference"),
        pytest.param({"@id": "#nobody"}, [], id="dead reference"),
        pytest.param(
            {"givenName": "Jane", "familyName": "Doe"}, ["Jane Doe"], id="parts"
        ),
        pytest.param({"@type": "Person"}, [], id="nameless"),
        pytest.param(None, [], id="nothing"),
        pytest.param(7, [], id="a number"),
    ],
)
def test_names_are_found(value: object, found: list[str]) -> None:
    known = by_id([{"@id": "#jane", "name": "Jane Doe"}])
    assert names(value, known) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param(" two\n lines ", ["two lines"], id="white space"),
        pytest.param("<b>bold</b> &amp; plain", ["bold & plain"], id="markup"),
        pytest.param(
            {"@value": "text", "@language": "en"}, ["text"], id="value object"
        ),
        pytest.param(["a", ["b", ""]], ["a", "b"], id="lists"),
        pytest.param(True, [], id="no text"),
    ],
)
def test_texts_are_found(value: object, found: list[str]) -> None:
    assert strings(value) == found


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert isinstance(parse(text), list)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "name",
                    "author",
                    "mainEntity",
                    "mainEntityOfPage",
                    "url",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES)
def test_no_shape_breaks_the_choice(value: object) -> None:
    candidates = page(value)
    chosen = article(candidates, {HERE})
    assert chosen is None or chosen in candidates
    for node in candidates:
        assert all(names(node.get("author"), by_id(candidates)))
