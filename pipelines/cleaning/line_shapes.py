"""How lines are read: sentences, names, agencies, phrases at their heads.

What several judgements share; it judges nothing by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.cleaning.phrases import Phrase, bare, concept, fold, word_count

COLON = re.compile(r"^\s*[\"')\]】」]*\s*[:：|｜／/=»>–—-]")
FIGURES = re.compile(r"[\d０-９]+(?:[.,:/]\d+)*\+?")
PARTS = re.compile(r"\s*(?:[/|｜／,;·•&+，、]|\s[-–—]\s|\bvia\b|\bfor\b)\s*")
_SENTENCE_END = re.compile(r"[.!?。！？؟।…][\"'”’»)」』]*$")
#: The most words that names may have, a credit, a caption with its credit.
NAME_WORDS, CREDIT_WORDS, CAPTION_WORDS = 9, 14, 90
#: No line of furniture is longer, in letters: a script, at most, or hostile.
LONGEST = 2_000


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, in any script."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def cased(word: str) -> bool:
    return word.lower() != word.upper()


def names_only(text: str, limit: int = NAME_WORDS) -> bool:
    """Whether the text may be names: short, no sentence, its words capitalised."""
    if word_count(text) > limit or re.search(r"[!?？！。]", text):
        return False
    parts = [part for part in PARTS.split(text) if part and not is_agency(part)]
    words = [bare(word) for part in parts for word in part.split() if bare(word)]
    tall = [word for word in words if not is_particle(word) and cased(word)]
    high = sum(1 for word in tall if word[0].isupper() or not word[0].isalpha())
    return bool(bare(text)) and high >= 0.7 * len(tall)


def is_particle(word: str) -> bool:
    return concept("particle").filling(fold(word)) is not None


def is_agency(text: str) -> bool:
    return concept("agency").filling(bare(fold(text))) is not None


def after(text: str, phrase: Phrase) -> str:
    """What follows a phrase at the head of a line, as folded text."""
    return bare_head(fold(text))[len(phrase.text) :]


def bare_head(folded: str) -> str:
    """Folded text without bullets, brackets and quotes before its first word."""
    return folded[folded.find(bare(folded)[:1]) :] if bare(folded) else ""


def opening(name: str, text: str) -> Phrase | None:
    return concept(name).opening(bare_head(fold(text)))


def tail_of(text: str, phrase: Phrase) -> str:
    """What follows the phrase, as written, by counting words or letters back."""
    rest = after(text, phrase)
    return text.strip()[-len(rest) :] if rest else ""


def runs_on(text: str) -> bool:
    return bool(re.search(r"[.!?。]\s+\S", text)) or text.rstrip().endswith(("?", "!"))


def said(text: str, phrase: Phrase) -> str:
    """The phrase as the line spells it, where folding has not changed its length."""
    spaced = " ".join(text.split())
    at = fold(spaced).find(phrase.text)
    same = at >= 0 and len(fold(spaced)) == len(spaced)
    return spaced[at : at + len(phrase.text)] if same else phrase.text


@lru_cache(maxsize=2)  # one line is asked several things in a row
def heads(folded: str) -> tuple[str, ...]:
    """The folded text from each of its words on (each letter, where unspaced)."""
    starts = re.finditer(r"(?<!\w)\w|(?<=[぀-鿿])[぀-鿿]", folded)
    return tuple(folded[start.start() :] for start in starts)
