"""What an article is about, by its words, and whether two are about one thing. Pure.

Words are told apart by their hashes, so that what is stored of a text cannot be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from heapq import nsmallest
from itertools import pairwise
from typing import Final
from zlib import crc32

from pipelines.fingerprint import tokens

#: An article's subject: its words that say most of it.
Subject = frozenset[int]

#: Words of a subject, at most.
MOST: Final = 30
#: Shorter words are mostly grammar; Korean says in two syllables what takes four
#: letters elsewhere, and so do Chinese and Japanese, in overlapping pairs of letters.
SHORTEST_WORD: Final = 4
PAIR: Final = 2
#: A letter of such a script says about as much as this share of a word.
LETTER: Final = 0.5

#: Of 24,000 pairs of 222 real articles, 0.4 % share a quarter of the shorter subject,
#: nearly all of them on one event; halves of one article share that in 3 of 4 cases.
#: A fifth is shared by 1.6 %.
RELATED: Final = 0.2
CLOSE: Final = 0.4
#: Versions of one text share nearly everything.
SAME: Final = 0.8
FEWEST_SHARED: Final = 3

_TITLE_WEIGHT: Final = 2

#: Thai, Lao and all that East Asia writes come after the scripts with spaces.
_FIRST_UNSPACED: Final = "\u0e00"


def extent(row: Sequence[str]) -> float:
    """How long a text of these tokens is, in words, whatever its script."""
    if _is_spaced(row):
        return len(row)
    return sum(LETTER if _unspaced(word) else 1.0 for word in row)


def words(row: Sequence[str]) -> frozenset[str]:
    """The words, of these tokens, that can say what a text is about."""
    row = row if _is_spaced(row) else _paired(row)
    found = frozenset(word for word in row if _says_much(word))
    return found - _little_words()


def subject(title: str | None, blocks: Iterable[Collection[str]]) -> Subject:
    """The words that recur most: in the title and in several blocks.

    A word of a single block is none: a promotion does not tell what its article is
    about, and neither does an aside.
    """
    counted: Counter[str] = Counter()
    for block in blocks:
        counted.update(block)
    for word in words(tokens(title or "")):
        counted[word] += _TITLE_WEIGHT
    recurring = [word for word, times in counted.items() if times > 1]
    most = nsmallest(MOST, recurring, lambda word: (-counted[word], -len(word), word))
    return hashed(most)


def hashed(some: Iterable[str]) -> Subject:
    """Words as they are compared and stored."""
    return frozenset(crc32(word.encode("utf-8", "replace")) for word in some)


def in_common(subjects: Collection[Subject]) -> Subject:
    """The words of more than half of an outlet's articles: they tell none apart."""
    counted = Counter(word for each in subjects for word in each)
    return frozenset(w for w, times in counted.items() if 2 * times > len(subjects))


def share(one: Subject, other: Subject) -> float:
    """The share of the smaller subject that is in the other; 0 if that is chance."""
    shared = len(one & other)
    if shared < FEWEST_SHARED:
        return 0.0
    return shared / min(len(one), len(other))


def _is_spaced(row: Sequence[str]) -> bool:
    return max(row, default="") < _FIRST_UNSPACED


def _unspaced(word: str) -> bool:
    return len(word) == 1 and word >= _FIRST_UNSPACED


def _says_much(word: str) -> bool:
    if word.isdigit():
        return False
    return len(word) >= (SHORTEST_WORD if word < _FIRST_UNSPACED else PAIR)


def _paired(row: Sequence[str]) -> list[str]:
    """The tokens, letters of scripts without spaces in overlapping pairs."""
    pairs = [
        one + other
        for one, other in pairwise(row)
        if _unspaced(one) and _unspaced(other)
    ]
    return [word for word in row if not _unspaced(word)] + pairs


@cache
def _little_words() -> frozenset[str]:
    from pipelines.function_words import FUNCTION_WORDS

    return frozenset().union(*FUNCTION_WORDS.values())
