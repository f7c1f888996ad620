"""The project's own pages come out to the letter, and what goes has its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markup import document

from pipelines.article import Cleaned
from pipelines.cleaning import clean_page

PAGES = sorted(Path(__file__).parents[2].glob("pages/*/expected.json"))


def told(path: Path) -> tuple[dict[str, Any], Cleaned]:
    expected = json.loads(path.read_text(encoding="utf-8"))
    html = (path.parent / "page.html").read_text(encoding="utf-8")
    return expected, clean_page(document(html, expected.get("url")), None, None)


def test_there_are_golden_pages_in_many_scripts_and_layouts() -> None:
    assert len(PAGES) >= 12


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_text_is_the_article_and_nothing_else(path: Path) -> None:
    expected, cleaned = told(path)
    assert [paragraph.text for paragraph in cleaned.paragraphs] == expected["text"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_title_is_the_headline(path: Path) -> None:
    expected, cleaned = told(path)
    assert cleaned.title == expected["title"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_what_is_no_article_is_called_so(path: Path) -> None:
    expected, cleaned = told(path)
    assert cleaned.outcome == expected.get("outcome"), cleaned.detail


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_removed_blocks_are_in_the_ledger(path: Path) -> None:
    expected, cleaned = told(path)
    ledger = [entry.text for entry in cleaned.removed]
    missing = [
        t for t in expected["removed_contains"] if not any(t in e for e in ledger)
    ]
    assert not missing


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_names_taken_away_cost_no_text(path: Path) -> None:
    """Without classes and ids more may leak, but no paragraph may be lost."""
    from benchmarks.cleaning import Page, nameless, ours

    expected = json.loads(path.read_text(encoding="utf-8"))
    page = Page("x", expected.get("url"), (path.parent / "page.html").read_bytes())
    text = ours(nameless(page).body, page.url)
    openings = [line[:60] for line in expected["text"] if len(line) > 60]
    assert [opening for opening in openings if opening not in text] == []
