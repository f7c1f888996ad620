"""The scorer reads its weights right, and spares what it is not sure of."""

from __future__ import annotations

import math

import pytest

from pipelines.cleaning import flat_scorer
from pipelines.cleaning.flat_rules import mark, read
from pipelines.cleaning.flat_scorer import Forest, forest, unlike_text
from pipelines.cleaning.flat_shape import Page, figures

STUMP = ((0, 5.0, 1, 2), -2.0, 1.0)


def page(*lines: str) -> Page:
    _, marks = mark(read("\n".join(lines)))
    return Page(lines, [marks.get(at) for at in range(len(lines))])


def test_a_forest_adds_the_leaves_that_a_line_reaches() -> None:
    trees = Forest(("words",), 0.5, (STUMP, STUMP))
    assert trees.chance((5.0,)) == pytest.approx(1 / (1 + math.exp(3.5)))
    assert trees.chance((6.0,)) == pytest.approx(1 / (1 + math.exp(-2.5)))


def test_a_forest_names_the_figures_that_speak_against() -> None:
    for_it = ((1, 5.0, 1, 2), 1.0, -1.0)
    trees = Forest(("words", "digits"), 0.0, (STUMP, for_it))
    assert trees.against((3.0, 3.0)) == ["words"]
    assert trees.against((9.0, 9.0)) == ["digits"]


def test_the_weights_fit_the_figures() -> None:
    names = tuple(figures(page("One line.", "Another line."), 1))
    assert forest().names == names
    assert set(flat_scorer._MEANING) <= set(names)


def test_weights_for_other_figures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    flat_scorer.forest.cache_clear()
    monkeypatch.setattr(flat_scorer, "figures", lambda page, at: {"other": 0.0})
    with pytest.raises(ValueError, match="train it anew"):
        forest()
    monkeypatch.undo()
    assert forest().trees


def test_every_tree_ends_in_leaves() -> None:
    for tree in forest().trees:
        splits = [node for node in tree if isinstance(node, tuple)]
        reached = {child for _, _, low, high in splits for child in (low, high)}
        assert reached == set(range(1, len(tree)))


PARAGRAPH = (
    "The council of Harrow Bay voted on Thursday to pay for the town's last ferry for"
    " another five years, after a debate that lasted until midnight."
)
MORE = (
    "The operator had warned that it would stop the service unless the town covered"
    " its losses, which grew to two million last year."
)


def test_a_list_of_headlines_behind_the_end_is_furniture() -> None:
    headlines = (
        "Bank of the North under close watch after attack",
        "Twelve ways to bring light into a dark kitchen",
        "Storm warning lifted for most of the coast",
        "Why the old lighthouse will not be sold",
        "Rail strike called off after night of talks",
    )
    text = page(PARAGRAPH, MORE, PARAGRAPH[:-1] + " again.", "Comments", *headlines)
    found = unlike_text(text, [0, 1, 2, *range(4, 9)])
    assert set(found) <= set(range(4, 9))
    assert len(found) >= 4
    assert all("looks like" in verdict.evidence for verdict in found.values())


def test_a_crosshead_between_paragraphs_is_none() -> None:
    text = page(PARAGRAPH, "Fuel prices have doubled", MORE)
    assert unlike_text(text, [0, 1, 2]) == {}


def test_few_suspects_are_given_the_benefit_of_the_doubt() -> None:
    doubtful, dubious = flat_scorer.KEPT_FROM - 0.1, flat_scorer.KEPT_AMONG_FEW - 0.1
    assert flat_scorer._limit([0.9, doubtful, doubtful]) == flat_scorer.KEPT_AMONG_FEW
    assert flat_scorer._limit([0.9] * 40 + [doubtful] * 4) == flat_scorer.KEPT_AMONG_FEW
    assert flat_scorer._limit([0.9] * 5 + [dubious] * 5) == flat_scorer.KEPT_FROM
    assert flat_scorer._limit([0.9] * 5 + [dubious] * 3) == flat_scorer.KEPT_FROM
