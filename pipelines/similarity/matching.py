"""What two texts have in common, word by word. Pure; judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipelines.fingerprint import RUN
from pipelines.similarity.wording import FIGURE, Wording

#: A difference of so many words at most is a filled-in value, or an edited word; a
#: longer one is a sentence more or less.
LONGEST_GAP: Final = 12

_GAP = re.compile(rb"\x00+")


@dataclass(frozen=True)
class Side:
    """One text of two: a byte for each word, 1 where a common run covers it."""

    wording: Wording
    covered: bytes

    @cached_property
    def matched(self) -> int:
        """How many words are covered."""
        return self.covered.count(1)

    @property
    def coverage(self) -> float:
        """The share of the words that are covered, from 0 to 1."""
        return self.matched / len(self.covered) if self.covered else 0.0

    @property
    def before(self) -> float:
        """The share of the text that stands before the first covered word."""
        start = self.covered.find(1)
        return start / len(self.covered) if start >= 0 else 1.0

    @cached_property
    def gaps(self) -> tuple[slice, ...]:
        """The short differences between covered words."""
        inner = len(self.covered.rstrip(b"\0"))
        spans = (gap.span() for gap in _GAP.finditer(self.covered, 0, inner))
        return tuple(
            slice(start, end)
            for start, end in spans
            if start and end - start <= LONGEST_GAP
        )

    @property
    def gap_rate(self) -> float:
        """Short differences in 100 covered words."""
        return 100 * len(self.gaps) / self.matched if self.matched else 0.0

    @property
    def filled(self) -> float:
        """The share of the text that is covered or lies in short differences."""
        short = sum(gap.stop - gap.start for gap in self.gaps)
        return (self.matched + short) / len(self.covered) if self.covered else 0.0

    @property
    def only_figures_differ(self) -> bool:
        """Whether all that is not covered is short and has figures, twice at least."""
        words = self.wording.words
        short = sum(gap.stop - gap.start for gap in self.gaps)
        figures = sum(any(word & FIGURE for word in words[gap]) for gap in self.gaps)
        uncovered = len(self.covered) - self.matched
        return figures >= 2 and figures == len(self.gaps) and short == uncovered


@dataclass(frozen=True)
class Match:
    """A text and an older one, each with what it shares with the other."""

    this: Side
    that: Side

    @property
    def shorter(self) -> Side:
        """The text of fewer words; the newer one of two equals."""
        if len(self.that.covered) < len(self.this.covered):
            return self.that
        return self.this

    @property
    def longer(self) -> Side:
        """The other one."""
        return self.this if self.shorter is self.that else self.that


def match(this: Wording, that: Wording) -> Match:
    """Compare two texts. Words count as shared in common runs of RUN words."""
    return Match(_side(this, that), _side(that, this))


def _side(wording: Wording, other: Wording) -> Side:
    runs = wording.runs
    if not runs:
        return Side(wording, bytes(len(wording)))
    starts = bytes(map(other.run_set.__contains__, runs)) + bytes(RUN - 1)
    return Side(wording, _spread(starts))


def _spread(starts: bytes) -> bytes:
    """A 1 for each of the RUN words from each 1: bytes as lanes of one number."""
    number = int.from_bytes(starts, "big")
    for _ in range(RUN - 1):
        number |= number >> 8
    return number.to_bytes(len(starts), "big")
