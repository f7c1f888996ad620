"""Where a text has what it shares with another one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newswire import LETTERS, sentence, story, text

from pipelines.similarity.matching import match
from pipelines.similarity.passages import MOST, passages
from pipelines.similarity.relating import sketched
from pipelines.similarity.texts import Sketch
from pipelines.store.scratch import Scratch


def sketch(paragraphs: list[str]) -> Sketch:
    memory = Scratch()
    made = sketched(text(paragraphs), memory)
    memory.close()
    return made


def shared(this: list[str], that: list[str]) -> list[str]:
    one, other = sketch(this), sketch(that)
    found = passages(one, match(one.own, other.own).this)
    return [one.text.text[start:end] for start, end in found]


@pytest.mark.parametrize("language", LETTERS)
def test_passages_are_what_both_have(language: str) -> None:
    wire = story(language, "wire", 6)
    mine = [sentence(language, f"own {n}") for n in range(2)]
    found = shared([mine[0], *wire[:2], mine[1], *wire[3:]], wire)
    assert [part.rstrip("。.") for part in found] == [
        "\n".join(wire[:2]).rstrip("。."),
        "\n".join(wire[3:]).rstrip("。."),
    ]


def test_a_name_in_common_is_no_passage() -> None:
    assert shared(["one two three four five six"], ["one two three four five"]) == []
    assert shared(["nothing in common here"], ["at all, as it seems to me"]) == []


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(LETTERS)))
def test_passages_stand_in_both_texts(rng: random.Random, language: str) -> None:
    pieces = story(language, "pieces", 12)
    this, that = (rng.sample(pieces, rng.randint(0, 12)) for _ in range(2))
    found = shared(this, that)
    assert len(found) <= MOST
    lines = {line for part in found for line in part.split("\n")}
    assert all(any(line in other for other in that) for line in lines)
