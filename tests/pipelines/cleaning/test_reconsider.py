"""The second opinion: asked where nothing was found, overruled by the operator."""

from __future__ import annotations

import pytest
from markup import (
    HEADLINE,
    PARAGRAPHS,
    article,
    clean,
    document,
    kept,
    page,
    paragraphs,
)

from pipelines.cleaning import CleanRules, extract

#: All of the text is in links, as some aggregators have it: for us, teasers.
LINKED = page(
    f"<article><h1>{HEADLINE}</h1><div class='entry-content'>"
    + "".join(f"<div><a href='/x'>{text}</a></div>" for text in PARAGRAPHS * 2)
    + "</div></article>"
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the questions; the answer is that everything is text."""
    questions: list[int] = []

    def answer(tree: object) -> list[str]:
        questions.append(1)
        return [*PARAGRAPHS * 2, "All rights reserved."]

    monkeypatch.setattr(extract, "second_opinion", answer)
    return questions


def test_a_long_text_needs_no_second_opinion(asked: list[int]) -> None:
    lines = (f"Line {i} of the report was read out on that day." for i in range(40))
    clean(article(paragraphs(*lines)))
    assert not asked


def test_a_short_text_is_held_against_another_and_stands(asked: list[int]) -> None:
    cleaned = clean(article("<p>It opens in June, the builders say.</p>"))
    assert asked
    assert len(kept(cleaned)) == len(PARAGRAPHS) + 1


def test_where_nothing_was_kept_the_other_text_is_taken(asked: list[int]) -> None:
    cleaned = clean(LINKED)
    assert asked
    assert set(PARAGRAPHS) <= set(kept(cleaned))


def test_the_operator_is_not_overruled(asked: list[int]) -> None:
    cleaned = clean(LINKED, CleanRules(remove=("div.entry-content",)))
    assert not set(PARAGRAPHS) & set(kept(cleaned))


def test_trafilatura_answers_in_lines_and_leaves_the_tree_alone() -> None:
    from lxml import html

    tree = document(article("")).tree
    before = html.tostring(tree)
    assert set(PARAGRAPHS) & set(extract.second_opinion(tree))
    assert html.tostring(tree) == before


@pytest.mark.parametrize("html", ["<p>x</p>" * 9_000, "<div>" * 300 + paragraphs()])
def test_huge_and_deep_pages_are_not_shown_to_trafilatura(html: str) -> None:
    assert extract.second_opinion(document(html).tree) == []
