"""What two texts share, counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.similarity.matching import Match, match
from pipelines.similarity.wording import Wording, worded


def words(first: int, last: int) -> str:
    return " ".join(f"w{n}" for n in range(first, last))


def matched(this: str, that: str) -> Match:
    return match(Wording(worded(this)), Wording(worded(that)))


@pytest.mark.parametrize(
    ("this", "that", "coverage", "coverage_of"),
    [
        pytest.param(words(0, 40), words(0, 40), 1, 1, id="the same"),
        pytest.param(words(0, 20), words(0, 40), 1, 0.5, id="the first half"),
        pytest.param(words(0, 40), words(10, 20), 0.25, 1, id="a part of it"),
        pytest.param(words(0, 20), words(16, 40), 0, 0, id="four words are no run"),
        pytest.param(words(0, 20), words(15, 35), 0.25, 0.25, id="five are one"),
        pytest.param("", words(0, 20), 0, 0, id="nothing"),
        pytest.param("one two", "one two", 0, 0, id="too short for a run"),
        pytest.param(
            words(0, 20) + " x " + words(20, 40), words(0, 40), 40 / 41, 1, id="a word"
        ),
    ],
)
def test_coverage(this: str, that: str, coverage: float, coverage_of: float) -> None:
    found = matched(this, that)
    assert found.this.coverage == pytest.approx(coverage)
    assert found.that.coverage == pytest.approx(coverage_of)


def test_where_the_match_begins() -> None:
    found = matched(words(10, 30), words(0, 40))
    assert found.that.before == pytest.approx(0.25)
    assert found.this.before == 0
    assert matched(words(0, 9), words(20, 40)).this.before == 1


@pytest.mark.parametrize(
    ("between", "gaps"),
    [
        pytest.param("x", 1, id="a word"),
        pytest.param(words(100, 112), 1, id="twelve words"),
        pytest.param(words(100, 113), 0, id="a sentence"),
    ],
)
def test_short_differences_are_gaps(between: str, gaps: int) -> None:
    this = f"{words(0, 20)} {between} {words(20, 40)} end"
    side = matched(this, f"start {words(0, 20)} y {words(20, 40)}").this
    assert len(side.gaps) == gaps
    assert side.gap_rate == pytest.approx(gaps * 100 / 40)


@pytest.mark.parametrize(
    ("fill", "only"),
    [
        pytest.param(("12", "3.5"), True, id="figures"),
        pytest.param(("12", "north"), False, id="a word"),
    ],
)
def test_only_figures_differ(fill: tuple[str, str], only: bool) -> None:
    form = words(0, 9) + " {} " + words(9, 20) + " {} " + words(20, 30)
    found = matched(form.format(*fill), form.format("7", "8"))
    assert found.this.only_figures_differ is only


@given(st.text("ab ", max_size=60), st.text("ab ", max_size=60))
def test_what_holds_for_any_two_texts(this: str, that: str) -> None:
    found = matched(this, that)
    back = matched(that, this)
    assert 0 <= found.this.coverage <= found.this.filled <= 1
    assert found.this.covered == back.that.covered
    assert (found.this.matched == 0) == (found.that.matched == 0)
    assert len(found.shorter.covered) <= len(found.longer.covered)
