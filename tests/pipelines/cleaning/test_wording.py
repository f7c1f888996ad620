"""Words, lengths and likeness in scripts with and without spaces."""

from __future__ import annotations

import pytest

from pipelines.cleaning.wording import (
    alike,
    ends_sentence,
    length,
    pairs,
    share_in,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Don't stop", ("don", "t", "stop"), id="Latin"),
        pytest.param("東京2024", ("東", "京", "2024"), id="Japanese"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("three short words", 3, id="words"),
        pytest.param("東京の天気", 2, id="letters count half"),
        pytest.param("GDPは三％増", 3, id="mixed"),
    ],
)
def test_length(text: str, expected: int) -> None:
    assert length(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It ends.", True, id="stop"),
        pytest.param("„Ende.“", True, id="quotes after it"),
        pytest.param("終わり。」", True, id="Japanese"),
        pytest.param("यह अंत है।", True, id="Hindi"),
        pytest.param("A headline", False, id="headline"),
        pytest.param("These are:", False, id="colon"),
    ],
)
def test_sentence_ends(text: str, expected: bool) -> None:
    assert ends_sentence(text) is expected


def test_likeness() -> None:
    assert alike("the old pier", "The old pier!") == 1
    assert alike("the old pier", "a new bridge") == 0
    assert alike("", "") == 0


def test_a_part_lies_in_a_whole() -> None:
    whole = pairs("the council met on Tuesday")
    assert share_in("council met", whole) == 1
    assert share_in("council never met", whole) == 0
    assert share_in("", whole) == 0
