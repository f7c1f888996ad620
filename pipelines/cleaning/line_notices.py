"""Notices that no phrase at their head tells, but one anywhere in them.

Where the outlet earns by links, and whose opinion a text or its comments are. Pure;
each judgement returns its evidence in plain words, or None.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.cleaning.line_shapes import heads
from pipelines.cleaning.phrases import concept, fold, word_count

#: The most words of a notice.
_WORDS: Final = 70
#: The most of one that does not speak to anybody: "This page has affiliate links."
_SHORT: Final = 14


def affiliate_note(text: str) -> str | None:
    """Evidence that a line says that the outlet earns by the links in its text."""
    said = _anywhere("affiliate", text)
    if said is None:
        return None
    if word_count(text) <= _SHORT or _anywhere("address", text):
        return f'tells of links that earn: "{said}"'
    return None


def text_note(text: str) -> str | None:
    """Evidence that a line says whose opinion or work the text or its comments are.

    Articles quote such sentences, too: only before and after a text they are notices.
    """
    said = _anywhere("about", text)
    return f'a notice about the text: "{said}"' if said else None


def _anywhere(name: str, text: str) -> str | None:
    """The first phrase of a section that stands in a line, if the line is no longer."""
    if word_count(text) > _WORDS:
        return None
    phrases = map(concept(name).opening, heads(fold(text)))
    return next((phrase.text for phrase in phrases if phrase), None)


#: A name, and who that is: "Ann Lee is a freelance journalist", "Ann Lee ist Autorin".
_INTRODUCED: Final = re.compile(
    r"\W*(?P<name>[^\W\d_a-z][\w'’.-]+(?:\s[^\W\d_a-z][\w'’.-]*){1,3})\s+"
    r"(?:is|was|ist|est|es|é|è|is een|är|er|jest|je|on)\s+(?:[\w'’-]+[\s,]+){0,6}?"
    r"(?i:journalist\w*|reporter\w*|correspondent\w*|columnist\w*|editor\w*|writer\w*|"
    r"redakteur\w*|korrespondent\w*|kolumnist\w*|autor\w*|author\w*|journaliste\w*|"
    r"reporterin|chroniqueur\w*|periodista\w*|redactor\w*|corresponsal\w*|"
    r"columnista\w*|jornalista\w*|repórter\w*|colunista\w*|giornalista\w*|"
    r"redattor\w*|redacteur\w*|verslaggever\w*|toimittaja\w*|dziennikar\w*|"
    r"redaktor\w*|novinář\w*|novinar\w*)(?!\w)"
)
#: "Ann Lee covers harbours for the Gazette", "Karla Grün schreibt über Häfen".
_AT_WORK: Final = re.compile(
    r"\W*(?P<name>[^\W\d_a-z][\w'’.-]+(?:\s[^\W\d_a-z][\w'’.-]*){1,3})\s+"
    r"(?:covers\s(?:[\w'’-]+[\s,]+){1,8}?(?:for|at)\s|reports\s(?:on|for)\s|"
    r"writes\s(?:about|for)\s|schreibt\s(?:über|für)\s|berichtet\s(?:über|für)\s|"
    r"escribe\s(?:sobre|para)\s|escreve\s(?:sobre|para)\s|scrive\s(?:di|per)\s|"
    r"schrijft\s(?:over|voor)\s)"
)
_BIOGRAPHY_WORDS: Final = 80


def introduces(text: str) -> str | None:
    """The name of who is told to be of the trade, at the head of a short line."""
    if word_count(text) > _BIOGRAPHY_WORDS:
        return None
    found = _INTRODUCED.match(text) or _AT_WORK.match(text)
    return found["name"] if found else None
