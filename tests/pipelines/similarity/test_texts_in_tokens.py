"""Texts as numbers: the same words give the same numbers, samples meet."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newswire import LETTERS, story

from pipelines.fingerprint import RUN, tokens
from pipelines.similarity.wording import (
    FIGURE,
    LETTER,
    WIDEST,
    WINDOWS,
    Wording,
    joined,
    line_key,
    winnowed,
    worded,
)

TEXTS = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize("language", LETTERS)
def test_a_word_is_a_token(language: str) -> None:
    text = "\n".join(story(language, "words"))
    assert len(worded(text)) == len(tokens(text))
    assert worded(text) == worded(text.upper().replace("\n", "\n\n"))


@given(TEXTS)
def test_any_text_has_its_tokens(text: str) -> None:
    hashes = {token: worded(token)[0] for token in tokens(text) if worded(token)}
    assert len(worded(text)) == len(tokens(text))
    assert list(worded(text)) == [hashes[token] for token in tokens(text)]


@pytest.mark.parametrize(
    ("token", "facts"),
    [
        pytest.param("ferry", 0, id="a word"),
        pytest.param("3rd", FIGURE, id="a digit in it"),
        pytest.param("٣", FIGURE, id="Arabic digits"),
        pytest.param("国", LETTER, id="Han"),
        pytest.param("ก", LETTER, id="Thai"),
        pytest.param("뉴스", 0, id="Korean words"),
    ],
)
def test_facts_of_a_word(token: str, facts: int) -> None:
    assert worded(token)[0] & (FIGURE | LETTER) == facts


@pytest.mark.parametrize("length", [0, 1, RUN - 1, RUN, RUN + 1, 300])
def test_every_run_has_its_own_hash(length: int) -> None:
    words = worded(" ".join(f"w{n}" for n in range(length)))
    runs = Wording(words).runs
    assert len(runs) == max(0, length - RUN + 1)
    assert len(set(runs)) == len(runs)
    assert runs == [Wording(words[at : at + RUN]).runs[0] for at in range(len(runs))]


def test_the_order_within_a_run_counts() -> None:
    assert Wording(worded("a b c d e")).runs != Wording(worded("b a c d e")).runs


def test_numbers_are_the_same_in_every_process() -> None:
    program = (
        "from pipelines.similarity.wording import *;"
        "w = Wording(worded('The ferry leaves at 9 from 港 today'));"
        "print(w.runs, w.prints, w.exact, line_key(w.words))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    wording = Wording(worded("The ferry leaves at 9 from 港 today"))
    assert (
        told.pop().split()
        == (
            f"{wording.runs} {wording.prints} {wording.exact} {line_key(wording.words)}"
        ).split()
    )


@given(st.lists(st.integers(0, 50), max_size=80), st.integers(1, 20))
def test_winnowing_takes_the_least_of_every_window(
    values: list[int], window: int
) -> None:
    last = max(1, len(values) - window + 1)
    windows = [values[at : at + window] for at in range(last) if values]
    assert winnowed(values, window) == {min(one) for one in windows}


@given(st.lists(st.integers(0, 1 << 64), max_size=200))
def test_a_closer_sample_has_the_wider_one(values: list[int]) -> None:
    windows = [window for _, window in WINDOWS] + [WIDEST]
    for closer, wider in pairwise(windows):
        assert winnowed(values, wider) <= winnowed(values, closer) | {
            min(values, default=0)
        }


@pytest.mark.parametrize("language", LETTERS)
def test_a_cut_text_has_prints_of_the_whole(language: str) -> None:
    whole = story(language, "cut", 30)
    cut = Wording(worded("\n".join(whole[:6])))
    assert len(set(cut.prints) & set(Wording(worded("\n".join(whole))).prints)) >= 2


def test_joined_lines_are_a_text() -> None:
    lines = story("en", "lines")
    assert joined(map(worded, lines)).words == worded("\n".join(lines))
