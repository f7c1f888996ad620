"""The operator's rules: which are in force for a page, and what stands for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from markup import PARAGRAPHS, article, clean, kept

from config import rules
from pipelines.cleaning import CleanRules
from pipelines.cleaning.rules import DatedRule, rules_of
from pipelines.outcome import Outcome
from pipelines.reading import PageInput, read_page, read_text

OLD_BOX = DatedRule("remove", "div.old", date(2026, 5, 1))
TOLD = rules.CleanRules.model_validate(
    {
        "remove": ["div.teaser", {"rule": "div.old", "until": "2026-05-01"}],
        "keep": [{"rule": "//aside", "until": "2026-06-01"}],
        "remove_lines": ["^More on "],
        "partial": True,
        "min_characters": 80,
    }
)


def test_the_section_of_a_file_becomes_rules() -> None:
    assert rules_of(TOLD) == CleanRules(
        remove=("div.teaser",),
        remove_lines=("^More on ",),
        partial=True,
        min_characters=80,
        dated=(OLD_BOX, DatedRule("keep", "//aside", date(2026, 6, 1))),
    )


@pytest.mark.parametrize(
    ("at", "remove", "keep"),
    [
        pytest.param(
            datetime(2026, 4, 30, 23, 59, tzinfo=UTC),
            ("div.teaser", "div.old"),
            ("//aside",),
            id="the day before",
        ),
        pytest.param(
            datetime(2026, 5, 1, tzinfo=UTC),
            ("div.teaser",),
            ("//aside",),
            id="from that day on no more",
        ),
        pytest.param(
            datetime(2026, 5, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            ("div.teaser", "div.old"),
            ("//aside",),
            id="the day is of UTC",
        ),
        pytest.param(
            datetime(2026, 6, 1, tzinfo=UTC), ("div.teaser",), (), id="all are over"
        ),
    ],
)
def test_dated_rules_hold_for_pages_of_before(
    at: datetime, remove: tuple[str, ...], keep: tuple[str, ...]
) -> None:
    found = rules_of(TOLD).in_force(at)
    assert (found.remove, found.keep) == (remove, keep)
    assert found.remove_lines == ("^More on ",)
    assert (found.partial, found.min_characters, found.dated) == (True, 80, ())


TEXT = "<p>One sentence of a text that is long enough to be one, and its end.</p>" * 4
ALSO = "Read also: the other story"
LINKED = f'<p class="also"><a href="/x">{ALSO}</a></p>'


@pytest.mark.parametrize(
    ("markup", "rules", "kept"),
    [
        pytest.param(LINKED, CleanRules(), False, id="no rule"),
        pytest.param(LINKED, CleanRules(keep=(".also",)), True, id="kept"),
        pytest.param(
            LINKED,
            CleanRules(keep=(".also",), remove=(".also",)),
            True,
            id="of one element keep wins",
        ),
        pytest.param(
            f"<div class='box'>{LINKED}</div>",
            CleanRules(keep=(".also",), remove=(".box",)),
            True,
            id="keep inside",
        ),
        pytest.param(
            f"<div class='box'>{LINKED}</div>",
            CleanRules(keep=(".box",), remove=(".also",)),
            False,
            id="remove inside",
        ),
        pytest.param(
            LINKED,
            CleanRules(keep=("xpath://p[@class='also']",)),
            True,
            id="by a path",
        ),
        pytest.param(
            f"<aside class='related'><h3>More</h3>{LINKED}</aside>",
            CleanRules(keep=("//*[@class='also']",)),
            True,
            id="in a box of related stories",
        ),
        pytest.param(
            LINKED,
            CleanRules(keep=(".also",), remove_lines=("^Read also",)),
            False,
            id="a pattern of the operator's still holds",
        ),
        pytest.param(
            LINKED,
            CleanRules(remove=("xpath:string(//p)", "//p/@class")),
            False,
            id="paths that pick no elements",
        ),
    ],
)
def test_the_operator_has_the_last_word(
    markup: str, rules: CleanRules, kept: bool
) -> None:
    page = f"<article><h1>A headline of some words</h1>{TEXT}{markup}{TEXT}</article>"
    read = read_page(PageInput(page.encode(), rules=rules))
    assert (ALSO in read.cleaned.text.splitlines()) == kept
    assert "A headline of some words" not in read.cleaned.text


def test_the_headline_is_no_text_though_the_article_is_kept() -> None:
    page = f"<article><h1>A headline of some words</h1>{TEXT}{LINKED}</article>"
    rules = CleanRules(keep=("article",))
    cleaned = read_page(PageInput(page.encode(), rules=rules)).cleaned
    assert cleaned.text.splitlines()[-1] == ALSO
    assert (cleaned.title, "A headline" in cleaned.text) == (
        "A headline of some words",
        False,
    )


def test_no_rules_are_called_none() -> None:
    assert CleanRules().digest == "none"
    over = CleanRules(dated=(OLD_BOX,)).in_force(datetime(2026, 7, 1, tzinfo=UTC))
    assert over.digest == "none"


def test_every_rule_shows_in_the_digest() -> None:
    variants = [
        CleanRules(remove=(".a",)),
        CleanRules(keep=(".a",)),
        CleanRules(remove_lines=(".a",)),
        CleanRules(remove=(".a", ".b")),
        CleanRules(remove=(".a .b",)),
        CleanRules(partial=True),
        CleanRules(min_characters=0),
        CleanRules(dated=(OLD_BOX,)),
    ]
    digests = {rules.digest for rules in variants}
    assert len(digests) == len(variants)
    assert CleanRules(remove=(".a",)).digest in digests


EXPLODING = "^(a|aa)+$"
HOSTILE = f"{'a' * 60}!"


def test_an_exploding_pattern_ends_its_page_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipelines.cleaning.rules.PATIENCE", 0.01)
    rules = CleanRules(remove_lines=(EXPLODING,))
    cleaned = clean(article(f"<p>{HOSTILE}</p>"), rules)
    assert cleaned.outcome is Outcome.TOO_COMPLEX
    assert EXPLODING in (cleaned.detail or "")
    flat = read_text("\n".join([*PARAGRAPHS, HOSTILE]), rules=rules).cleaned
    assert flat.outcome is Outcome.TOO_COMPLEX
    assert kept(clean(article(""), rules)) == list(PARAGRAPHS)


@pytest.mark.parametrize("nested", [r"^(\w+\s?)*$", r"(a+)+$", r"^((\w+)\s?)+:$"])
def test_repeats_inside_repeats_do_no_harm(nested: str) -> None:
    rules = CleanRules(remove_lines=(nested,))
    assert kept(clean(article(f"<p>{HOSTILE}</p>"), rules))[0] == PARAGRAPHS[0]
