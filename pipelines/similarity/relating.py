"""Relates each text of a stream to what came before.

Gathers candidates from a memory, has them judged, and hands the result back to the
memory. Knows no SQL; the memory is `pipelines.store.sketches`.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from pipelines.fingerprint import FEWEST_TOKENS
from pipelines.similarity.candidates import candidates, to_post
from pipelines.similarity.judging import (
    COPY,
    FEWEST_MATCHED,
    ONE_STORY,
    OVERLAP,
    Likeness,
    Origins,
    judge,
)
from pipelines.similarity.matching import Match, match
from pipelines.similarity.texts import Carried, Found, Posting, Sketch, Text
from pipelines.similarity.wording import (
    Wording,
    joined,
    line_key,
    worded_lines,
)

#: Texts of a story that a copy is compared with before it joins.
WITNESSES: Final = 24
#: How many copies in a story outweigh a text in it that has nothing in common.
STRANGE: Final = 1.0
#: A copy of this share, both ways, joins without more ado.
OUTRIGHT: Final = 0.9
#: A copy of a text whose words are gone: of both, by the prints alone.
FADED: Final = 0.8


@dataclass(frozen=True, slots=True)
class Relating:
    """How a text relates. `of` is None for a new one; shares are from 0 to 1.

    `story` is the story it belongs to, None if it begins one.
    """

    likeness: Likeness
    of: int | None = None
    story: int | None = None
    coverage: float = 0.0
    coverage_of: float = 0.0
    match: Match | None = field(default=None, compare=False)


class Memory(Protocol):
    """What came before."""

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that stand in text after text of the outlet."""

    def at_url(self, url_key: int) -> Carried | None:
        """The latest text at that URL."""

    def worded(self, sketch: Sketch) -> Found | None:
        """The first text of that very wording."""

    def posted(self, prints: Sequence[int]) -> list[Posting]:
        """Who had these prints."""

    def carried(self, ids: Iterable[int]) -> list[Carried]:
        """Those texts, in that order, less those whose words are no longer kept."""

    def members(self, story: int, most: int) -> list[int]:
        """The first texts of a story, less those that were revised since."""

    def keep(self, sketch: Sketch, story: int | None, prints: Collection[int]) -> int:
        """Remember a text; its new id. No `story`: it begins one."""


def relate(text: Text, memory: Memory) -> tuple[int, Relating]:
    """How a text relates to the memory, which keeps it: its id there, and how."""
    sketch = sketched(text, memory)
    posted = memory.posted(sketch.prints)
    relating = related(sketch, posted, memory)
    prints = to_post(sketch, posted, relating.story)
    return memory.keep(sketch, relating.story, prints), relating


def sketched(text: Text, memory: Memory) -> Sketch:
    """The sketch of a text, less the lines that its outlet is known to repeat."""
    lines = worded_lines(text.text)
    keys = tuple(map(line_key, lines))
    repeated = memory.repeated(text.outlet, keys) if text.outlet else set()
    whole = joined(lines)
    own = _own(lines, keys, repeated) if repeated else whole
    return Sketch(
        text=text,
        lines=keys,
        length=len(whole),
        exact=whole.exact_of(text.text),
        own=own,
        prints=tuple(own.prints),
        repeated=frozenset(repeated),
    )


def related(sketch: Sketch, posted: list[Posting], memory: Memory) -> Relating:
    """How a sketched text relates to the memory, which is only read."""
    url_key = sketch.text.url_key
    known = memory.at_url(url_key) if url_key is not None else None
    if known is not None:
        return _at_its_url(sketch, known)
    twin = memory.worded(sketch) if sketch.length >= FEWEST_TOKENS else None
    if twin is not None:
        return Relating(Likeness.SAME, twin.id, twin.story, 1.0, 1.0)
    return nearest(sketch, posted, memory)


def _own(lines: list[array[int]], keys: tuple[int, ...], repeated: set[int]) -> Wording:
    return joined(
        line for line, key in zip(lines, keys, strict=True) if key not in repeated
    )


def _at_its_url(sketch: Sketch, known: Carried) -> Relating:
    if known.exact == sketch.exact:
        return Relating(Likeness.SAME, known.id, known.story, 1.0, 1.0)
    shared = match(sketch.own, known.wording)
    return _relating(Likeness.REVISION, known, shared)


def nearest(sketch: Sketch, posted: Sequence[Posting], memory: Memory) -> Relating:
    """The best of those who had its prints: a copy, else what has most in common."""
    best, support = Relating(Likeness.NEW), 0.0
    for ids in candidates(sketch, posted):
        compared = [_compared(sketch, carried) for carried in memory.carried(ids)]
        if not compared:
            best = max(best, _faded(sketch, posted, ids[0]), key=_rank)
            continue
        found = max(compared, key=_rank)
        if found.likeness is not Likeness.SAME:
            best = max(best, found, key=_rank)
            continue
        if min(_shares(found)) >= OUTRIGHT:
            return found
        backing = _backing(sketch, found, memory)
        if backing > support:
            best, support = found, backing
        elif best.likeness is not Likeness.SAME:
            best = max(best, _apart(found), key=_rank)
    return best


def _faded(sketch: Sketch, posted: Sequence[Posting], of: int) -> Relating:
    """A copy of a text whose words are no longer kept, by the prints in common.

    A print stands for half of the window that it is the smallest of, and one more. No
    copy is told from a form that way, so that much is asked of both texts.
    """
    window = sketch.own.window
    shared = {p.print: (max(window, p.window) + 1) / 2 for p in posted if p.id == of}
    words = next((posting.words for posting in posted if posting.id == of), 0)
    if not words or not len(sketch.own):
        return Relating(Likeness.NEW)
    coverage = min(1.0, sum(shared.values()) / len(sketch.own))
    coverage_of = min(1.0, sum(shared.values()) / words)
    if sum(shared.values()) < FEWEST_MATCHED or min(coverage, coverage_of) < FADED:
        return Relating(Likeness.NEW)
    story = next(posting.story for posting in posted if posting.id == of)
    return Relating(Likeness.SAME, of, story, coverage, coverage_of)


def _apart(found: Relating) -> Relating:
    """A copy of one text of a story to which it does not belong."""
    return replace(found, likeness=Likeness.CONTAINED, story=None)


def _backing(sketch: Sketch, found: Relating, memory: Memory) -> float:
    """How many texts of the story this is a copy of, less those it is strange to.

    A short text can stand in two long ones that have nothing else in common, and
    which must not become one story through it.
    """
    assert found.story is not None  # noqa: S101 (for the type checker)
    members = memory.carried(memory.members(found.story, WITNESSES))
    shares = [match(sketch.own, one.wording).shorter.coverage for one in members]
    copies = sum(share >= COPY for share in shares)
    return max(1, copies) - STRANGE * sum(share < OVERLAP for share in shares)


def _compared(sketch: Sketch, carried: Carried) -> Relating:
    shared = match(sketch.own, carried.wording)
    origins = Origins.of(
        (sketch.text.outlet, carried.outlet), (sketch.text.seen_at, carried.seen_at)
    )
    likeness = judge(shared, origins)
    return _relating(likeness, carried, shared)


def _relating(likeness: Likeness, carried: Carried, shared: Match) -> Relating:
    if likeness is Likeness.NEW:
        return Relating(likeness)
    return Relating(
        likeness,
        carried.id,
        carried.story if likeness in ONE_STORY else None,
        shared.this.coverage,
        shared.that.coverage,
        shared,
    )


_ORDER: Final = {
    Likeness.NEW: 0,
    Likeness.OVERLAP: 1,
    Likeness.TEMPLATE: 2,
    Likeness.CONTAINED: 2,
    Likeness.SAME: 3,
    Likeness.REVISION: 4,
}


def _rank(relating: Relating) -> tuple[int, int, float]:
    """By what it is, then by how many words are shared, then by how little differs."""
    shared = 0 if relating.match is None else relating.match.shorter.matched
    return _ORDER[relating.likeness], shared, min(_shares(relating))


def _shares(relating: Relating) -> tuple[float, float]:
    return relating.coverage, relating.coverage_of
