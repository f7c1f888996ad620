"""A text as numbers: its words, its runs of five words, a sample of those.

Everything is the same in every process and on every machine, so that it can be
stored. Says nothing of what a comparison means.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Final

from pipelines.fingerprint import RUN, tokens

#: Two facts on a word that its hash carries in its lowest bits.
FIGURE: Final = 1  # has a digit
LETTER: Final = 2  # a character of a script without spaces

#: Texts of fewer words: one sample in `window` runs of words. A window's samples
#: include those of each larger one, so texts of any lengths can be compared.
WINDOWS: Final = ((60, 4), (120, 8), (300, 16), (700, 32))
WIDEST: Final = 64
#: Words of a text that are compared: its first ones. The longest reports have half as
#: many; a protocol or a list that goes on for hours must not keep others waiting.
LONGEST: Final = 16_000

# Odd factors, one for each place in a run (the fractions of the square roots of 2, 3,
# 5, 7 and 11, as in SHA-512): a multilinear hash (Lemire and Kaser 2014).
_FACTORS: Final = (
    0x6A09E667F3BCC909,
    0xBB67AE8584CAA73B,
    0x3C6EF372FE94F82B,
    0xA54FF53A5F1D36F1,
    0x510E527FADE682D1,
)
_FACTOR: Final = (1 << 60) - 1
_LANE: Final = 128  # bits: five products of 64 and 60 bits fit in
_WORDS_KEPT: Final = 1 << 17
_LONGEST_KEPT: Final = 24  # longer "words" are sentences without spaces, or links


class _TokenHashes(dict[str, int]):
    """Token -> 64-bit hash, worked out once while it is in use."""

    def __missing__(self, token: str) -> int:
        encoded = token.encode("utf-8", "surrogatepass")
        digest = int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big")
        value = digest & ~(FIGURE | LETTER) | _facts(token)
        if len(self) >= _WORDS_KEPT:
            self.clear()
        if len(token) <= _LONGEST_KEPT:
            self[token] = value
        return value


class _WordHashes(dict[str, tuple[int, ...]]):
    """What stands between two spaces -> the hashes of its tokens.

    Punctuation is folded once a word and not once a text: four times faster.
    """

    def __missing__(self, word: str) -> tuple[int, ...]:
        hashes = tuple(_TOKENS[token] for token in tokens(word))
        if len(self) >= _WORDS_KEPT:
            self.clear()
        if len(word) <= _LONGEST_KEPT:
            self[word] = hashes
        return hashes


_TOKENS: Final = _TokenHashes()
_WORDS: Final = _WordHashes()


@dataclass(frozen=True)
class Wording:
    """The words of a text as 64-bit hashes, in order."""

    words: array[int]

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def runs(self) -> list[int]:
        """A 64-bit hash for each run of RUN words, in order."""
        return _run_hashes(self.words)

    @cached_property
    def run_set(self) -> frozenset[int]:
        """The runs, to look others up in."""
        return frozenset(self.runs)

    @cached_property
    def is_lettered(self) -> bool:
        """Whether most tokens are characters of a script without spaces."""
        return sum(word & LETTER for word in self.words) > len(self.words)

    @property
    def window(self) -> int:
        """Of how many runs in a row at least one is among the prints."""
        return window_of(len(self.words))

    @property
    def prints(self) -> list[int]:
        """A sample of the runs, 32 bits each: equal runs give equal samples.

        Winnowing (Schleimer, Wilkerson, Aiken 2003): two texts with a common run of
        window + RUN - 1 words have at least one print in common.
        """
        chosen = winnowed(self.runs, self.window)
        return list({value >> 32 for value in chosen})

    @property
    def exact(self) -> int:
        """63 bits that are equal for the same wording."""
        return _digest(self.words) >> 1

    def exact_of(self, text: str) -> int:
        """63 bits that are equal for the same text, of which these are the words.

        Also where that goes on after LONGEST words: with the same wording, up to there,
        and the same letters throughout.
        """
        if len(self) < LONGEST:
            return self.exact
        encoded = " ".join(text.split()).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big") >> 1


def window_of(words: int) -> int:
    """The window of a text of so many words."""
    return next((window for below, window in WINDOWS if words < below), WIDEST)


def worded(text: str) -> array[int]:
    """The hashes of the tokens of a text."""
    return array("Q", chain.from_iterable(map(_WORDS.__getitem__, text.split())))


def worded_lines(text: str) -> list[array[int]]:
    """The words of each line that has any; of the whole text the LONGEST first ones."""
    found, left = [], LONGEST
    for line in text.split("\n"):
        words = worded(line[: left * _LONGEST_KEPT])[:left]
        if words:
            found.append(words)
            left -= len(words)
        if not left:
            break
    return found


def word_count(word: str) -> int:
    """How many tokens there are in what stands between two spaces."""
    return len(_WORDS[word])


def line_key(words: array[int]) -> int:
    """48 bits that stand for a line."""
    return _digest(words) >> 16


def joined(lines: Iterable[array[int]]) -> Wording:
    """The lines as one text."""
    words = array("Q")
    for line in lines:
        words += line
    return Wording(words)


def winnowed(values: list[int], window: int) -> set[int]:
    """The smallest value of every `window` neighbours; of fewer, of them all."""
    if len(values) <= window:
        return {min(values)} if values else set()
    chosen = set()
    at = -1  # the latest choice; the next one is at most `window` further on
    smallest = -1
    while at + window < len(values):
        ahead = values[at + 1 : at + 1 + window]
        lowest = min(ahead)
        if lowest <= smallest:
            step = next(n for n, value in enumerate(ahead) if value <= smallest)
        else:
            step = window - 1 - ahead[::-1].index(lowest)
        at += step + 1
        smallest = values[at]
        chosen.add(smallest)
    return chosen | _in_the_rest(values[at + 1 :], smallest)


def _in_the_rest(rest: list[int], smallest: int) -> set[int]:
    """Smaller values after the last full window, each of which ends in one."""
    chosen = set()
    for value in rest:
        if value <= smallest:
            smallest = value
            chosen.add(value)
    return chosen


def _run_hashes(words: array[int]) -> list[int]:
    """Multilinear hashes of all runs at once.

    The words are the lanes of one large number, so that five multiplications do for
    the whole text; no lane overflows into the next.
    """
    count = len(words) - RUN + 1
    if count < 1:
        return []
    lanes = array("Q", bytes(len(words) * _LANE // 8))
    lanes[::2] = words
    number = int.from_bytes(_little(lanes), "little")
    total = sum(
        (number >> (_LANE * place)) * (factor & _FACTOR)
        for place, factor in enumerate(_FACTORS)
    )
    sums = array("Q")
    sums.frombytes(total.to_bytes((len(words) + 1) * _LANE // 8, "little"))
    return _native(sums)[: 2 * count : 2].tolist()


def _little(values: array[int]) -> bytes:
    return _native(array("Q", values)).tobytes()


def _native(values: array[int]) -> array[int]:
    """Little-endian values in the machine's order, or the other way round."""
    if _BIG_ENDIAN:
        values.byteswap()
    return values


def _digest(words: array[int]) -> int:
    return int.from_bytes(blake2b(_little(words), digest_size=8).digest(), "big")


def _facts(token: str) -> int:
    facts = FIGURE if any(map(str.isdigit, token)) else 0
    if len(token) == 1 and unicodedata.category(token) in ("Lo", "Mn", "Mc"):
        facts |= LETTER
    return facts


_BIG_ENDIAN: Final = array("H", [1]).tobytes() == b"\0\1"
