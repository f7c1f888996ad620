"""Words of a text and how far one text lies in another; knows no HTML.

A word is a run of letters and digits; in scripts written without spaces (Chinese,
Japanese, Thai, Lao, Khmer, Burmese) every letter counts as one.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Final

_UNSPACED: Final = "぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿ກ-໿ក-៿က-႟"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W_]+")
_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")
#: A letter of an unspaced script says about as much as this share of a word.
_LETTERS_A_WORD: Final = 2
_SENTENCE_END: Final = re.compile(r"[.!?…。！？।॥؟۔։።][\"'”’“»«)\]」』]*$")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of `text` in lower case, in order."""
    return tuple(_WORD.findall(text.lower()))


def length(text: str) -> int:
    """How long `text` is in words, whatever its script."""
    unspaced = len(_UNSPACED_LETTER.findall(text))
    if not unspaced:
        return len(text.split())
    return len(_UNSPACED_LETTER.sub(" ", text).split()) + unspaced // _LETTERS_A_WORD


def pairs(text: str) -> Counter[tuple[str, ...]]:
    """The two-word shingles of `text`, with counts; of one word, the word."""
    row = words(text)
    if len(row) < 2:
        return Counter([row]) if row else Counter()
    return Counter(pairwise(row))


def share_in(part: str, whole: Counter[tuple[str, ...]]) -> float:
    """The share of the word pairs of `part` that stand in `whole`, 0 to 1."""
    own = pairs(part)
    total = sum(own.values())
    return sum((own & whole).values()) / total if total else 0.0


def alike(one: str, other: str) -> float:
    """Likeness of two texts by their words, 0 to 1 (Dice's coefficient)."""
    left, right = Counter(words(one)), Counter(words(other))
    total = sum(left.values()) + sum(right.values())
    return 2 * sum((left & right).values()) / total if total else 0.0


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does, closing quotes and brackets aside."""
    return bool(_SENTENCE_END.search(text))
