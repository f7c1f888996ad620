"""The phrases of `phrases.txt`, ready to be found at the head of a folded line.

Knows how to compare words across scripts; what a find means is decided in `lines.py`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

#: Scripts written without spaces: a phrase may end in the middle of a run of letters.
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]"
)
_QUOTES = str.maketrans("’‘‚‛´`“”„‟«»", "''''''\"\"\"\"\"\"")
#: Latin, Greek and Cyrillic accents; Arabic vowel signs and the stretching tatweel.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
_SPACES = re.compile(r"\s+")
#: Phrases are filed under so many letters of their beginning.
_START = 4


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """The text without case, accents, kinds of quotes, kinds of space.

    Two spellings of one word fold to the same text; hamza and dotless i included.
    """
    plain = _INVISIBLE.sub("", text).translate(_QUOTES)
    marked = unicodedata.normalize("NFKD", plain)
    bare = unicodedata.normalize("NFC", _MARKS.sub("", marked)).casefold()
    return _SPACES.sub(" ", bare.replace("ı", "i")).strip()


@lru_cache(maxsize=4096)
def in_word(char: str) -> bool:
    """Whether a character belongs to a word: letter, vowel sign or digit."""
    return unicodedata.category(char)[0] in "LMN"


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """The text without bullets, brackets, arrows and stops around it."""
    start, end = 0, len(text)
    while start < end and not in_word(text[start]):
        start += 1
    while end > start and not in_word(text[end - 1]):
        end -= 1
    return text[start:end]


def unspaced(text: str) -> bool:
    """Whether the text ends in a script that puts no spaces between words."""
    return bool(text) and bool(_UNSPACED.match(text[-1]))


@lru_cache(maxsize=1024)
def word_count(text: str) -> float:
    """How long a text is in words; a letter of an unspaced script counts half."""
    dense = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + dense / 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, folded. A weak one also begins ordinary sentences."""

    text: str
    weak: bool = False

    @property
    def several(self) -> bool:
        """Whether it is more than one word, hence unlikely to be met by chance."""
        return word_count(self.text) >= 2

    def opens(self, folded: str) -> bool:
        """Whether a folded text begins with the phrase as whole words."""
        if not folded.startswith(self.text):
            return False
        rest = folded[len(self.text) :]
        return not rest or unspaced(self.text) or not in_word(rest[0])


class Concept:
    """The phrases of one section, found by how they begin, the longest first."""

    __slots__ = ("_long", "_short", "texts")

    def __init__(self, phrases: list[Phrase]) -> None:
        self.texts = frozenset(phrase.text for phrase in phrases)
        self._long: dict[str, list[Phrase]] = {}
        self._short: dict[str, list[Phrase]] = {}
        for phrase in sorted(phrases, key=lambda each: -len(each.text)):
            long = len(phrase.text) >= _START
            filed, letters = (self._long, _START) if long else (self._short, 1)
            filed.setdefault(phrase.text[:letters], []).append(phrase)

    def opening(self, folded: str) -> Phrase | None:
        """The longest phrase that the folded text begins with."""
        for phrase in self._long.get(folded[:_START], ()):
            if phrase.opens(folded):
                return phrase
        for phrase in self._short.get(folded[:1], ()):
            if phrase.opens(folded):
                return phrase
        return None

    def filling(self, folded: str) -> Phrase | None:
        """The phrase that is the whole of the folded text."""
        return self.opening(folded) if folded in self.texts else None


@cache
def concept(name: str) -> Concept:
    """The section of that name."""
    return Concept(_sections()[name])


@cache
def _sections() -> dict[str, list[Phrase]]:
    source = resources.files("pipelines.cleaning") / "phrases.txt"
    sections: dict[str, list[Phrase]] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and ";" not in line:
            current = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            current.extend(filter(None, map(_phrase, line.split(";"))))
    return sections


def _phrase(written: str) -> Phrase | None:
    text = bare(fold(written))
    return Phrase(text, weak=written.rstrip().endswith("?")) if text else None
