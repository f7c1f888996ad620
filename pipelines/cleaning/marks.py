"""What an element's attributes say it is; looks at no text and at no other element."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from pipelines.article import Reason
from pipelines.cleaning import vocabulary

#: Random ids hold capitals, too (`AuAdJlVL`): only whole words are split off.
_CAMEL: Final = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
_NAMING: Final = (
    "class",
    "id",
    "role",
    "itemprop",
    "data-testid",
    "data-test",
    "data-component",
    "data-module",
    "data-type",
    "data-qa",
    "data-name",
)
_NAMING_TEXT: Final = tuple(name for name in _NAMING if name != "id")
_WHOLE: Final = frozenset(("html", "body", "tr", "td", "th", "tbody"))
_HIDERS: Final = frozenset(("hidden", "aria-hidden", "class", "style"))
_TEXT_TAGS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li"))
#: A class `hidden` hides; `hidden md:block` hides on telephones only.
_HIDING: Final = re.compile(r"(?:^|\s)(?:hidden|hide|is-hidden)(?:\s|$)")
_UNSEEN: Final = re.compile(r"display:none|visibility:hidden")


@dataclass(frozen=True, slots=True)
class Mark:
    """The concept that an element's attributes name, and the word that did.

    `shown`: not the attributes said the word but a heading on the page.
    """

    reason: Reason
    word: str
    sure: bool
    standfirst: bool = False
    shown: bool = False

    @property
    def evidence(self) -> str:
        """In plain words, for the ledger."""
        if self.shown:
            return f"stands under {self.word!r}"
        return f"its markup says {self.word!r}"


_NOTHING: Final = Mark(Reason.OTHER, "", sure=False)


_STATE: Final = re.compile(
    rf"-(?:{'|'.join(vocabulary.STATE_PREFIXES.split())})-[a-z0-9]+"
)
#: Each word of the vocabulary with its concept; the lower number wins.
_CONCEPTS: Final = {
    word: (rank, concept)
    for rank, concept in reversed(list(enumerate(vocabulary.CONCEPTS)))
    for word in concept.words.split()
}
_STANDFIRST: Final = frozenset(vocabulary.STANDFIRST.split())
_HIDDEN: Final = frozenset(vocabulary.HIDDEN.split())
#: No entry of the vocabulary has more words.
_LONGEST: Final = 4


def mark(element: HtmlElement) -> Mark | None:
    """What `element` says it is; None if its attributes say nothing known."""
    items = element.items()
    if not items or element.tag in _WHOLE:
        return None
    # The id of a paragraph or heading is an anchor, and often random.
    naming = _NAMING_TEXT if element.tag in _TEXT_TAGS else _NAMING
    naming_values = []
    for name, value in items:
        if name in naming:
            naming_values.append(value)
        if name in _HIDERS and (unseen := _unseen(name, value, element.tag)):
            return Mark(Reason.CHROME, unseen, sure=True)
    return named(" ".join(naming_values)) if naming_values else None


def _unseen(name: str, value: str, tag: str) -> str | None:
    """How an attribute hides its element, if it does."""
    if name == "hidden":
        return "hidden"
    if name == "aria-hidden":
        return name if value == "true" and tag not in _TEXT_TAGS else None
    if name == "class":
        hides = "hid" in value and ":" not in value and _HIDING.search(value)
        return "hidden" if hides else None
    return "display:none" if _UNSEEN.search(value.replace(" ", "").lower()) else None


@lru_cache(maxsize=20_000)
def named(attributes: str) -> Mark | None:
    """The concept that the words of `attributes` name."""
    entries = _entries(spell(attributes))
    if hidden := next((entry for entry in entries if entry in _HIDDEN), None):
        return Mark(Reason.CHROME, hidden, sure=True)
    standfirst = not _STANDFIRST.isdisjoint(entries)
    known = [entry for entry in entries if entry in _CONCEPTS]
    if known:
        word = min(known, key=lambda entry: (_CONCEPTS[entry][0], -len(entry)))
        concept = _CONCEPTS[word][1]
        return Mark(concept.reason, word, concept.sure, standfirst)
    if standfirst:
        return Mark(Reason.OTHER, "standfirst", sure=False, standfirst=True)
    return None


def _entries(spelled: str) -> list[str]:
    """Every run of up to four words, as the vocabulary writes it."""
    row = spelled.split("-")[1:-1]
    sizes = range(1, _LONGEST + 1)
    return ["-".join(row[i : i + n]) for i in range(len(row)) for n in sizes]


def spell(attributes: str) -> str:
    """The words of `attributes` between hyphens, without states (`has-comments`)."""
    apart = _SEPARATORS.sub("-", _CAMEL.sub("-", attributes).lower())
    return _STATE.sub("", f"-{apart}-")
