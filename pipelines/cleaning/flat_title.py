"""Which line of a flattened text is its title, by evidence.

A title stands first, but for furniture and a kicker; it does not end as sentences do;
text follows that is longer and takes up its words, or its line comes again. A first
line without that evidence is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.cleaning.lines import Verdict, ends_sentence, kicker_pair
from pipelines.cleaning.phrases import bare, fold, unspaced, word_count

_FEWEST, _MOST = 2.5, 32
_KICKER_WORDS = 5
#: How deep under furniture a title is looked for.
_DEPTH = 30
#: Inflected words are alike if they begin alike.
_STEM = 5


def find_title(lines: Sequence[str], verdicts: Sequence[Verdict | None]) -> int | None:
    """The number of the line that is the title, or None without evidence."""
    for at in range(min(len(lines), _DEPTH)):
        if verdicts[at]:
            continue
        if _is_title(lines, verdicts, at):
            below = at + 1
            glued = below < len(lines) and kicker_pair(lines[at], lines[below])
            return below if glued and len(lines[below]) < len(lines[at]) else at
        if not _may_stand_above(lines[at]):
            return None
    return None


def _may_stand_above(line: str) -> bool:
    """Whether a line may be a kicker, a section or a name above the title."""
    return word_count(line) <= _KICKER_WORDS and not ends_sentence(line)


def _is_title(lines: Sequence[str], verdicts: Sequence[object], at: int) -> bool:
    line = lines[at]
    if not _FEWEST <= word_count(line) <= _MOST or _stops(line):
        return False
    rest = [lines[n] for n in range(at + 1, len(lines)) if not verdicts[n]]
    if not any(ends_sentence(text) and _longer(text, line) for text in rest):
        return False
    if _kicker_above_title(line, rest) or _refrain(line, rest):
        return False
    return _comes_again(line, lines[at + 1 :]) or _taken_up(line, rest)


def _stops(line: str) -> bool:
    """Whether the line ends in a stop or a colon; titles ask, exclaim, trail off."""
    stop = re.search(r"[.。।۔:：][\"'”’»)」』]*$", line)
    return stop is not None and not line.endswith("..")


def _longer(text: str, line: str) -> bool:
    return word_count(text) > word_count(line)


def _kicker_above_title(line: str, rest: Sequence[str]) -> bool:
    """Whether a short line has a better title straight below it."""
    below = rest[0] if rest else ""
    return (
        word_count(line) <= _KICKER_WORDS
        and _longer(below, line)
        and not ends_sentence(below)
        and word_count(below) <= _MOST
    )


def _refrain(line: str, rest: Sequence[str]) -> bool:
    """Whether the line comes again and again between the paragraphs."""
    return sum(line == text for text in rest[1:]) > 1 and rest[0] != line


def _comes_again(line: str, rest: Sequence[str]) -> bool:
    folded = bare(fold(line))
    return any(folded in fold(text) for text in rest if len(text) < 3 * len(line))


def _taken_up(line: str, rest: Sequence[str]) -> bool:
    """Whether the text takes up words of the line: two, or half of the few it has."""
    stems = _stems(line)
    known = stems & set().union(*map(_stems, rest))
    return len(known) >= min(2, max(1, len(stems) / 2))


def _stems(text: str) -> set[str]:
    folded = fold(text)
    words = (bare(word) for word in folded.split())
    stems = {_stem(word) for word in words}
    dense = [char for char in folded if unspaced(char)]
    return stems - {""} | {"".join(pair) for pair in pairwise(dense)}


def _stem(word: str) -> str:
    """The beginning that inflections leave alone; empty for the shortest words."""
    if "\uac00" <= word[:1] <= "\ud7a3":  # a Korean letter is a syllable
        return word[:2] if len(word) > 1 else ""
    return word[:_STEM] if len(word) > 3 else ""
