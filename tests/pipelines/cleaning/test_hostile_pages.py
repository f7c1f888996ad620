"""Pages made to be slow: refused, or read with work in proportion to their size.

Work is counted in calls of Python functions, so that a busy machine fails nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from markup import PARAGRAPHS, article, document, paragraphs

from pipelines.cleaning import clean_page
from pipelines.cleaning.page import MOST_BLOCKS, MOST_ELEMENTS
from pipelines.outcome import Outcome


def calls(html: str) -> int:
    """How many Python functions are called to clean `html`."""
    page = document(html)
    count = 0

    def on_event(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(on_event)
    try:
        clean_page(page, None, None)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>" * (MOST_ELEMENTS + 1), id="paragraphs"),
        pytest.param("<a href=/x>read this</a>" * (MOST_ELEMENTS + 1), id="links"),
        pytest.param("<div>text</div>" * (MOST_BLOCKS + 1), id="texts"),
    ],
)
def test_huge_pages_are_refused(html: str) -> None:
    cleaned = clean_page(document(html), None, None)
    assert cleaned.outcome is Outcome.TOO_COMPLEX
    assert cleaned.detail
    assert "at most" in cleaned.detail


GROWING: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: article(paragraphs(*PARAGRAPHS * n)),
    "different paragraphs": lambda n: article(
        paragraphs(
            *(f"Line {i} of the long report was read out on day {i}." for i in range(n))
        )
    ),
    "links": lambda n: article("<a href='/x'>Storm hits the coast</a> " * n),
    "linked headings": lambda n: article(
        "<h2><a href='/x'>Storm hits the coast</a></h2>" * n
    ),
    "labels": lambda n: article(
        "<h4>Read more</h4><div><a href='/x'>Storm</a></div>" * n
    ),
    "nested names": lambda n: article("<div class='related'>" * n),
    "nested figures": lambda n: article("<figure>" * n + "<img>"),
    "nested links": lambda n: article("<div class='teaser'><a href='/x'>x</a>" * n),
    "line breaks": lambda n: article("A line of text.<br><br>" * n),
    "list": lambda n: article(
        "<ul>" + "<li><a href='/x'>Storm at sea</a></li>" * n + "</ul>"
    ),
    "names": lambda n: article(
        "".join(f"<div class='c{i} ad{i}'>t</div>" for i in range(n))
    ),
    "titles": lambda n: article("", "<meta property='og:title' content='a b c d'>" * n),
    "same author": lambda n: article("<p class='author'>Ann Lee</p>" * n),
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    small, large = (calls(GROWING[name](n)) for n in (60, 480))
    assert large < 8 * 1.6 * small


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 10_000 + paragraphs() + "</div>" * 10_000, id="deep"),
        pytest.param(
            "<table><tr><td colspan=9007199254740993 rowspan=9e15>" + paragraphs(),
            id="colspan",
        ),
        pytest.param(
            "<script type='application/ld+json'>"
            + "[" * 100_000
            + "</script>"
            + paragraphs(),
            id="JSON-LD",
        ),
        pytest.param("<p>" + "word " * 200_000, id="one line"),
        pytest.param("<p>" + "\u202e\u0301\u200b" * 1000 + PARAGRAPHS[0], id="marks"),
        pytest.param(
            "<![CDATA[<p>]]>" + paragraphs() + "<?php echo ?>", id="odd markup"
        ),
    ],
)
def test_odd_pages_are_read(html: str) -> None:
    cleaned = clean_page(document(html), None, None)
    assert cleaned.paragraphs or cleaned.outcome
