"""The demo's articles: the notation, and what the shipped ones promise."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from service.demo.edition import Edition
from service.demo.newsroom import (
    Article,
    Block,
    Desk,
    Kind,
    article_text,
    open_newsroom,
    parse_article,
    parse_blocks,
    with_wire_copy,
)
from service.demo.pages import article_page, date_text, description
from service.demo.synthetic import Salad
from service.demo.templates import Fragments

DESKS = open_newsroom()
ARTICLES = [
    pytest.param(desk, article, id=f"{desk.outlet.key}/{article.slug}")
    for desk in DESKS
    for article in (*desk.articles, *desk.later.values())
]
START = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


def article(*blocks: Block, standfirst: str | None = None) -> Article:
    return Article("slug", "news", "Title", "Kicker", 5, blocks, standfirst=standfirst)


def paragraph(text: str) -> Block:
    return Block(Kind.PARAGRAPH, (text,))


@pytest.mark.parametrize(
    ("source", "kind", "fields"),
    [
        pytest.param("Two\nlines.", Kind.PARAGRAPH, ("Two lines.",), id="folded"),
        pytest.param("## Head", Kind.CROSSHEAD, ("Head",), id="crosshead"),
        pytest.param("- a\n  b\n- c", Kind.ITEMS, ("a b", "c"), id="items"),
        pytest.param("1. a\n2. b", Kind.NUMBERED, ("a", "b"), id="numbered"),
        pytest.param("> a\n> b", Kind.QUOTE, ("a b",), id="quotation"),
        pytest.param(
            "!figure a.svg | A pier. | Ilka",
            Kind.FIGURE,
            ("a.svg", "A pier.", "Ilka"),
            id="figure",
        ),
        pytest.param("1.400 people", Kind.PARAGRAPH, ("1.400 people",), id="number"),
        pytest.param("-5 degrees", Kind.PARAGRAPH, ("-5 degrees",), id="minus"),
    ],
)
def test_the_notation(source: str, kind: Kind, fields: tuple[str, ...]) -> None:
    assert parse_blocks(source) == (Block(kind, fields),)


def test_blocks_are_divided_by_blank_lines() -> None:
    kinds = [block.kind for block in parse_blocks("A.\n\n## B\n \n\n- c\n")]
    assert kinds == [Kind.PARAGRAPH, Kind.CROSSHEAD, Kind.ITEMS]


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="dance"):
        parse_blocks("!dance tango")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(KeyError, match="kicker"):
        parse_article("x", "---\ntitle: T\nsection: s\n---\nText.\n")


def test_the_text_is_what_a_reader_would_call_the_article() -> None:
    blocks = parse_blocks(
        "A.\n\n!teaser K | H\n\n- b\n- c\n\n!figure i | C | D\n\n> E\n\n!box F | G"
    )
    text = article_text(article(*blocks, standfirst="S."))
    assert text == "S.\nA.\nb\nc\nE"


def test_wire_copy_keeps_its_words_and_order() -> None:
    copy = tuple(paragraph(word) for word in "abcde")
    own = parse_blocks("!teaser K | H\n\n!also I\n\n!also J")
    merged = with_wire_copy(article(*own), copy)
    assert article_text(merged) == "a\nb\nc\nd\ne"
    kinds = "".join("p" if b.kind is Kind.PARAGRAPH else "x" for b in merged.blocks)
    assert kinds == "ppxppxpx"


@pytest.mark.parametrize(("desk", "written"), ARTICLES)
def test_every_article_is_complete(desk: Desk, written: Article) -> None:
    sections = {section.key for section in desk.outlet.sections}
    assert written.section in sections
    assert written.authors
    assert len(article_text(written)) > 1000
    assert article_text(written).encode(desk.outlet.charset)
    assert any(block.kind is not Kind.PARAGRAPH for block in written.blocks)


@pytest.mark.parametrize(("desk", "written"), ARTICLES)
def test_every_article_renders_with_every_block(desk: Desk, written: Article) -> None:
    edition = Edition(desk.outlet, "http://127.0.0.1:4711")
    edition.open(desk.articles, START)
    page = article_page(edition, edition.publish(written, START))
    assert "$" not in page
    for block in written.blocks:
        assert escape(block.fields[-1]) in page


def test_no_two_articles_share_a_slug_and_only_wire_copy_a_text() -> None:
    articles = [article for desk in DESKS for article in desk.articles]
    assert len(articles) >= 28
    assert len({article.slug for article in articles}) == len(articles)
    own = [article_text(article) for article in articles if not article.wire]
    assert len(set(own)) == len(own)


def test_synthetic_articles_repeat_for_the_same_number_and_differ_else() -> None:
    first = list(Salad(DESKS[0]).articles(0, 30))
    assert first == list(Salad(DESKS[0]).articles(0, 30))
    texts = [article_text(article) for article in first]
    sentences = [s for text in texts for s in text.split(". ")]
    assert len(set(texts)) == 30
    assert len(set(sentences)) > 0.95 * len(sentences)
    assert min(map(len, texts)) > 400


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "23 November 2026, 07:05", id="en"),
        pytest.param("de", "23. November 2026, 07:05 Uhr", id="de"),
        pytest.param("es", "23 de noviembre de 2026, 07:05", id="es"),
    ],
)
def test_dates_as_a_paper_prints_them(language: str, text: str) -> None:
    assert date_text(START, language) == text


def test_the_description_is_the_standfirst_or_the_first_sentence() -> None:
    edition = Edition(DESKS[0].outlet, "http://127.0.0.1:1")
    with_one = edition.publish(article(paragraph("A."), standfirst="S."), START)
    without = edition.publish(article(paragraph("One. Two.")), START)
    assert description(with_one) == "S."
    assert description(without) == "One."


def test_fragments_escape_what_they_are_given() -> None:
    fragments = Fragments("<!--@ a -->\n<p>$text</p>\n<!--@ b -->\n$inner_html\n")
    assert fragments.render("a", text="<&>") == "<p>&lt;&amp;&gt;</p>"
    assert fragments.render("b", inner_html="<b>") == "<b>"
    with pytest.raises(KeyError):
        fragments.render("a")
