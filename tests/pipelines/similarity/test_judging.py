"""What shared words mean: real relations, and what looks like them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newswire import LETTERS, sentence, story

from pipelines.similarity.judging import Likeness, Origins, judge
from pipelines.similarity.matching import match
from pipelines.similarity.wording import Wording, worded

ELSEWHERE = Origins(same_outlet=False, apart=timedelta(hours=2))
AT_HOME = Origins(same_outlet=True, apart=timedelta(hours=2))
NEXT_DAY = Origins(same_outlet=True, apart=timedelta(hours=24))


def judged(this: list[str], that: list[str], origins: Origins = ELSEWHERE) -> Likeness:
    wordings = (Wording(worded("\n".join(lines))) for lines in (this, that))
    return judge(match(*wordings), origins)


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize(
    ("kept", "own", "likeness"),
    [
        pytest.param(slice(0, 10), 0, Likeness.SAME, id="a copy"),
        pytest.param(slice(0, 10), 3, Likeness.SAME, id="extended"),
        pytest.param(slice(0, 3), 0, Likeness.SAME, id="cut"),
        pytest.param(slice(0, 8), 2, Likeness.SAME, id="a fifth is its own"),
        pytest.param(slice(0, 5), 5, Likeness.OVERLAP, id="half is background"),
        pytest.param(slice(0, 1), 9, Likeness.NEW, id="a quotation"),
        pytest.param(slice(0, 0), 10, Likeness.NEW, id="nothing in common"),
    ],
)
def test_a_text_of_another_outlet(
    language: str, kept: slice, own: int, likeness: Likeness
) -> None:
    known = story(language, "known", 10)
    this = known[kept] + story(language, "own", own)
    assert judged(this, known) is likeness
    assert judged(known, this) is likeness


@pytest.mark.parametrize("language", LETTERS)
def test_an_item_among_others_is_contained(language: str) -> None:
    item = story(language, "item", 3)
    others = [story(language, other, 4) for other in ("before", "after")]
    round_up = others[0] + item + others[1]
    assert judged(round_up, item) is Likeness.CONTAINED
    assert judged(item, round_up) is Likeness.CONTAINED


@pytest.mark.parametrize("language", LETTERS)
def test_a_form_with_other_figures_is_a_template(language: str) -> None:
    phrases = [sentence(language, f"form/{n}", 8).rstrip(".。") for n in range(20)]

    def issue(seed: str) -> list[str]:
        filled = (
            f"{phrase} {sentence(language, f'{seed}/{n}', 2)}"
            for n, phrase in enumerate(phrases)
        )
        return ["  ".join(filled)]

    for origins in (ELSEWHERE, AT_HOME, NEXT_DAY):
        assert judged(issue("monday"), issue("tuesday"), origins) is Likeness.TEMPLATE


@pytest.mark.parametrize(
    ("origins", "likeness"),
    [
        pytest.param(NEXT_DAY, Likeness.TEMPLATE, id="the next issue of a form"),
        pytest.param(AT_HOME, Likeness.SAME, id="a correction"),
        pytest.param(ELSEWHERE, Likeness.SAME, id="another outlet's figures"),
    ],
)
def test_two_figures_differ(origins: Origins, likeness: Likeness) -> None:
    lines = story("en", "report", 9)
    this, that = (
        [*lines[:3], f"{lines[3]} {a} {lines[4]} {b} {lines[5]}", *lines[6:]]
        for a, b in (("12", "7.5"), ("14", "9.1"))
    )
    assert judged(this, that, origins) is likeness


@pytest.mark.parametrize(
    ("origins", "likeness"),
    [
        pytest.param(ELSEWHERE, Likeness.SAME, id="of another outlet, a copy"),
        pytest.param(AT_HOME, Likeness.OVERLAP, id="of one outlet, a shared ending"),
    ],
)
def test_briefs_that_end_alike(origins: Origins, likeness: Likeness) -> None:
    ending = story("en", "ending", 4)
    this, that = ([sentence("en", seed), *ending] for seed in ("fire", "theft"))
    assert judged(this, that, origins) is likeness


def test_a_shared_dateline_is_nothing() -> None:
    dateline = sentence("en", "dateline", 20)
    assert judged([dateline], [dateline, *story("en", "other")]) is Likeness.NEW


@pytest.mark.parametrize(
    ("outlets", "same"),
    [
        pytest.param(("ferry", "ferry"), True, id="one"),
        pytest.param(("ferry", "pier"), False, id="two"),
        pytest.param(("", ""), False, id="unknown ones"),
    ],
)
def test_origins(outlets: tuple[str, str], same: bool) -> None:
    assert Origins.of(outlets, (None, None)) == Origins(same, None)
