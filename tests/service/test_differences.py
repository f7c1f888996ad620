"""What differs between two versions of an article is found and told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.differences import FIELDS, Difference, Version, as_json, compare, told

BEFORE = Version(
    outcome="new",
    title="Ferry runs",
    authors=("Ada Nord",),
    published="2026-11-01T08:00:00+00:00",
    language="en",
    text=("One.", "Two.", "Three."),
)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        pytest.param(
            {"text": ("One.", "Three.")}, Difference("text", ("Two.",), ()), id="gone"
        ),
        pytest.param(
            {"text": ("One.", "Two.", "More.", "Three.")},
            Difference("text", (), ("More.",)),
            id="come",
        ),
        pytest.param(
            {"text": ("One.", "2.", "Three.")},
            Difference("text", ("Two.",), ("2.",)),
            id="another line",
        ),
        pytest.param(
            {"text": ()}, Difference("text", ("One.", "Two.", "Three."), ()), id="all"
        ),
        pytest.param(
            {"title": None}, Difference("title", ("Ferry runs",), ()), id="no title"
        ),
        pytest.param(
            {"authors": ("Bea Süd", "Ada Nord")},
            Difference("authors", (), ("Bea Süd",)),
            id="author",
        ),
        pytest.param(
            {"outcome": "wall"},
            Difference("outcome", ("new",), ("wall",)),
            id="no article any more",
        ),
    ],
)
def test_a_change_is_one_difference(
    change: dict[str, object], difference: Difference
) -> None:
    assert compare(BEFORE, replace(BEFORE, **change)) == (difference,)  # type: ignore[arg-type]


def test_the_same_differs_in_nothing() -> None:
    assert compare(BEFORE, replace(BEFORE)) == ()


def test_only_what_is_asked_for_is_compared() -> None:
    after = replace(BEFORE, title="Other", language="de")
    found = compare(BEFORE, after, only={"language", "text"})
    assert [one.field for one in found] == ["language"]


def test_people_see_signs_and_no_control_characters() -> None:
    after = replace(BEFORE, title="Ferry\x1b[2J", text=("One.", "Two.", "3."))
    assert list(told(compare(BEFORE, after))) == [
        "- title: Ferry runs",
        "+ title: Ferry[2J",
        "- Three.",
        "+ 3.",
    ]


def test_programs_see_each_field() -> None:
    after = replace(BEFORE, language="de", text=("One.", "Two."))
    assert as_json(compare(BEFORE, after)) == {
        "language": {"removed": ["en"], "added": ["de"]},
        "text": {"removed": ["Three."], "added": []},
    }


LINES = st.lists(st.sampled_from("abc"), max_size=8).map(tuple)


@given(before=LINES, after=LINES)
def test_nothing_is_told_that_is_not_so(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    old, new = replace(BEFORE, text=before), replace(BEFORE, text=after)
    found = compare(old, new)
    assert (found == ()) == (before == after)
    for one in found:
        left = sorted([*before, *one.come])
        assert left == sorted([*after, *one.gone])


def test_every_field_is_compared() -> None:
    other = Version("wall", "Other", (), None, "de", ())
    assert [one.field for one in compare(BEFORE, other)] == list(FIELDS)
