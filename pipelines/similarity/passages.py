"""Where in a text the words stand that it shares with another one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from pipelines.similarity.matching import Side
from pipelines.similarity.texts import Sketch
from pipelines.similarity.wording import line_key, word_count, worded

#: Passages that are kept of a text, the longest ones, and the fewest words of one.
MOST: Final = 12
FEWEST: Final = 8

#: From and to, in characters of the text.
Passage = tuple[int, int]

_WORD: Final = re.compile(r"\S+")
_RUN: Final = re.compile(rb"\x01+")


def passages(sketch: Sketch, side: Side) -> tuple[Passage, ...]:
    """The longest passages of the sketched text that the other one has, in order.

    `side` is the text's own side of the comparison.
    """
    runs = [found.span() for found in _RUN.finditer(side.covered)]
    long = sorted(runs, key=lambda run: run[0] - run[1])[:MOST]
    wanted = sorted(run for run in long if run[1] - run[0] >= FEWEST)
    if not wanted:
        return ()
    places = list(islice(_places(sketch), wanted[-1][1]))
    return tuple((places[start][0], places[end - 1][1]) for start, end in wanted)


def _places(sketch: Sketch) -> Iterator[Passage]:
    """From and to of each of the text's own words."""
    start = 0
    for line in sketch.text.text.split("\n"):
        if _is_own(line, sketch):
            for found in _WORD.finditer(line):
                yield from _in_word(found[0], start + found.start())
        start += len(line) + 1


def _is_own(line: str, sketch: Sketch) -> bool:
    return not sketch.repeated or line_key(worded(line)) not in sketch.repeated


def _in_word(word: str, start: int) -> Iterator[Passage]:
    """What stands between two spaces has a token, none, or one a character."""
    count = word_count(word)
    if count > 1:
        single = [word_count(character) for character in word]
        if sum(single) == count and max(single) == 1:
            for at, tokens in enumerate(single):
                if tokens:
                    yield start + at, start + at + 1
            return
    yield from [(start, start + len(word))] * count
