"""Kept and removed together are what the page shows, once, in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import HEADLINE, PARAGRAPHS, article, clean, document

from pipelines.article import Cleaned
from pipelines.cleaning import clean_page
from pipelines.cleaning.blocks import read_blocks

PAGES = sorted(Path(__file__).parents[2].glob("pages/*/page.html"))


def lines(cleaned: Cleaned) -> list[tuple[int, str]]:
    """Everything in the ledger, a block a line, by number."""
    entries = [(p.at, p.text) for p in cleaned.paragraphs]
    entries += [(r.at, r.text) for r in cleaned.removed]
    return [(at, line) for at, text in sorted(entries) for line in text.split("\n")]


def assert_complete(html: str) -> None:
    page = document(html)
    given_texts = [block.text for block in read_blocks(page.tree).blocks]
    cleaned = clean_page(page, None, None)
    assert [line for _, line in lines(cleaned)] == given_texts
    numbers = [p.at for p in cleaned.paragraphs] + [r.at for r in cleaned.removed]
    assert sorted(numbers) == list(range(len(numbers)))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_golden_pages_are_complete(path: Path) -> None:
    assert_complete(path.read_text(encoding="utf-8"))


PIECES = (
    "<p>The harbour board met on Monday and agreed on nothing.</p>",
    "<p>Photo: Ann Lee</p>",
    "<p><a href='/x'>Another story</a></p>",
    "<h2>Costs</h2>",
    "<h3><a href='/y'>Storm hits the coast</a></h3>",
    "<ul><li>one</li><li><a href='/z'>two</a></li></ul>",
    "<div class='related'><p>Read on</p></div>",
    "<div class='card'>",
    "</div>",
    "<figure><img><figcaption>Boats</figcaption>",
    "</figure>",
    "<aside>",
    "</aside>",
    "<blockquote>The harbour board met on Monday and agreed on nothing.</blockquote>",
    "loose words",
    "<br><br>",
    "<article><h1>Other</h1>",
    "</article>",
    "<div hidden>",
    "<p>Read also:</p>",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_page_is_complete(body: str) -> None:
    assert_complete(article(body))


def test_page_chrome_is_one_entry_a_container() -> None:
    cleaned = clean(article(""))
    menu = next(entry for entry in cleaned.removed if "Home" in entry.text)
    assert menu.text == "Home Town"
    assert menu.at == 0
    assert cleaned.removed[-1].text == "All rights reserved."


def test_every_entry_tells_its_evidence() -> None:
    html = article("<div class='newsletter'><p>Get it by mail.</p></div>")
    cleaned = clean(html)
    assert all(entry.evidence for entry in cleaned.removed)
    assert "'newsletter'" in next(
        entry.evidence for entry in cleaned.removed if "by mail" in entry.text
    )


def test_numbers_count_kept_and_removed_together() -> None:
    cleaned = clean(article("<p>Photo: Ann Lee</p>"))
    at = {p.text: p.at for p in cleaned.paragraphs} | {
        r.text: r.at for r in cleaned.removed
    }
    assert at[HEADLINE] + 1 == at[PARAGRAPHS[0]] == at["Photo: Ann Lee"] - 1


def test_what_stands_near_the_article_is_named() -> None:
    html = article("").replace("</article>", "</article><p>Photo: Ann Lee / AFP</p>")
    (entry,) = [r for r in clean(html).removed if "Ann Lee" in r.text]
    assert entry.reason == "credit"
