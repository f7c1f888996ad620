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
_TEXT_TAGS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li"))
#: A class `hidden` hides; `hidden md:block` hides on telephones only.
_HIDING: Final = re.compile(r"(?:^|\s)(?:hidden|hide|is-hidden)(?:\s|$)")
_UNSEEN: Final = re.compile(r"display:none|visibility:hidden")


@dataclass(frozen=True, slots=True)
class Mark:
    """The concept that an element's attributes name, and the word that did."""

    reason: Reason
    word: str
    sure: bool
    standfirst: bool = False

    @property
    def evidence(self) -> str:
        """In plain words, for the ledger."""
        return f"its markup says {self.word!r}"


_NOTHING: Final = Mark(Reason.OTHER, "", sure=False)


def _alternatives(words: str) -> str:
    return "|".join(sorted(set(words.split()), key=len, reverse=True))


def _finder(words: str) -> re.Pattern[str]:
    return re.compile(f"-({_alternatives(words)})(?=-)")


_STATE: Final = re.compile(
    rf"-(?:{_alternatives(vocabulary.STATE_PREFIXES)})-[a-z0-9]+"
)
_FINDERS: Final = tuple((c, _finder(c.words)) for c in vocabulary.CONCEPTS)
_STANDFIRST: Final = _finder(vocabulary.STANDFIRST)
_HIDDEN: Final = _finder(vocabulary.HIDDEN)


def mark(element: HtmlElement) -> Mark | None:
    """What `element` says it is; None if its attributes say nothing known."""
    attributes = element.attrib
    if not attributes or element.tag in _WHOLE:
        return None
    text = element.tag in _TEXT_TAGS
    unseen = _unseen(attributes, text)
    if unseen:
        return Mark(Reason.CHROME, unseen, sure=True)
    # The id of a paragraph or heading is an anchor, and often random.
    naming = _NAMING_TEXT if text else _NAMING
    return named(" ".join([attributes[name] for name in naming if name in attributes]))


def _unseen(attributes: dict[str, str], text: bool) -> str | None:
    if "hidden" in attributes:
        return "hidden"
    if attributes.get("aria-hidden") == "true" and not text:
        return "aria-hidden"
    classes = attributes.get("class", "")
    if "hid" in classes and ":" not in classes and _HIDING.search(classes):
        return "hidden"
    style = attributes.get("style")
    if style and _UNSEEN.search(style.replace(" ", "").lower()):
        return "display:none"
    return None


@lru_cache(maxsize=20_000)
def named(attributes: str) -> Mark | None:
    """The concept that the words of `attributes` name."""
    spelled = spell(attributes)
    if hidden := _HIDDEN.search(spelled):
        return Mark(Reason.CHROME, hidden[1], sure=True)
    standfirst = bool(_STANDFIRST.search(spelled))
    for concept, finder in _FINDERS:
        if found := finder.search(spelled):
            return Mark(concept.reason, found[1], concept.sure, standfirst)
    return (
        Mark(Reason.OTHER, "standfirst", sure=False, standfirst=True)
        if standfirst
        else None
    )


def spell(attributes: str) -> str:
    """The words of `attributes` between hyphens, without states (`has-comments`)."""
    apart = _SEPARATORS.sub("-", _CAMEL.sub("-", attributes).lower())
    return _STATE.sub("", f"-{apart}-")
