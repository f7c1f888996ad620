"""Who wrote, sent or commented, and when: lines that say nothing else.

Pure. Each judgement returns its evidence in plain words, or None.
"""

from __future__ import annotations

import re

from pipelines.cleaning.line_credits import credit_line
from pipelines.cleaning.line_shapes import (
    FIGURES,
    bare_head,
    ends_sentence,
    heads,
    is_particle,
    names_only,
    opening,
    said,
    tail_of,
)
from pipelines.cleaning.phrases import bare, concept, fold, word_count

#: "Sevilla - 25 nov 2026 - 12:01"
_PLACE = re.compile(r"\s*[^\W\d_][^\d,.:|/–—-]{1,24}\s[-–—|/]\s(?=\d)")
#: When readers comment: the clock, or how long ago.
_CLOCK = re.compile(r"\d{1,2}\s?[:.h：]\s?\d{2}(?!\d)")
_AGE = re.compile(
    r"\b(?:ago|vor|il y a|hace|há|fa|temu|siden|sedan|sitten|geleden|önce|назад|тому)\b"
    r"|[前전]$|\b(?:trước|lalu|πριν)\b"
)
_COMMENT_WORDS = 14


def byline(text: str) -> str | None:
    """Evidence that a line only names who wrote the text."""
    phrase = opening("byline", text)
    if phrase is None or word_count(text) > 14:
        return None
    rest = tail_of(text, phrase)
    joined = re.match(r"\s*[:：／/|・]", rest)
    names = bare(rest[joined.end() :] if joined else rest)
    if FIGURES.search(names) or ":" in names or not (names or phrase.several):
        return None
    if not joined and not (not names or _author_names(names)):
        return None
    return (
        f'"{said(text, phrase)}" before names'
        if not names or names_only(names, 12)
        else None
    )


def _author_names(names: str) -> bool:
    """Names without a colon before them: two words or more, all capitalised."""
    words = [word for word in re.split(r"[\s,&]+", names) if word]
    long = [word for word in words if not is_particle(word)]
    return 2 <= len(long) <= 10 and all(word[0].isupper() for word in long)


def publication_line(text: str) -> str | None:
    """Evidence that a line only says when: a date, an age, a reading time.

    Where the text is from may stand before, who wrote or sent it behind.
    """
    if place := _PLACE.match(text):
        text = text[place.end() :]
    if not FIGURES.search(text) or word_count(text) > 25:
        return None
    rest = _without_time(bare_head(FIGURES.sub(" ", fold(text))))
    if not rest:
        return "only a date, an age or a reading time"
    began = rest not in fold(text)[: len(rest) + 2]
    signed = began and (credit_line(rest) or byline(rest))
    return "only a date and who sent it" if signed else None


def comment_head(text: str) -> str | None:
    """Evidence that a line tells who commented when: "Ann Lee (2 days ago)".

    The date has a clock or is an age; that of a dateline or an event is neither.
    """
    parts = text.split()
    if not 2 <= len(parts) <= _COMMENT_WORDS or publication_line(text):
        return None
    for at in range(1, len(parts)):
        name, when = " ".join(parts[:at]), " ".join(parts[at:])
        near = _CLOCK.search(when) or (_AGE.search(when) and len(parts) - at <= 4)
        named = names_only(name, 8) and not ends_sentence(name)
        if near and named and publication_line(when):
            return "names who commented when"
    return None


def comments_counted(text: str) -> bool:
    """Whether a line is a heading with the number of comments: "3 reader comments"."""
    if word_count(text) > 6 or not FIGURES.search(text):
        return False
    return any(map(concept("comments").opening, heads(fold(text))))


def _without_time(folded: str) -> str:
    """What is left behind the words of dates and ages at the head of a text."""
    while phrase := concept("time").opening(folded):
        folded = bare_head(folded[len(phrase.text) :])
    return folded
