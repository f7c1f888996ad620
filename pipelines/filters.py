"""What a subscription wants of the log of texts. Pure; the door to `regex`.

Keywords are found as whole words, whatever their case and accents; operators' regular
expressions run in an engine that can be stopped. An expression that takes too long
counts in favour of the text: a consumer rather gets too much than loses something.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipelines.fingerprint import tokens

if TYPE_CHECKING:
    import regex

#: Seconds that the expressions of one filter may take over one text. It is decided
#: while others wait for the write lock.
PATIENCE = 0.05

#: Before words are told apart: "l'Allemagne" is found by "Allemagne".
_APOSTROPHES = dict.fromkeys(
    map(ord, "'`\u00b4\u2018\u2019\u201b\u02b9\u02bc\uff07"), " "
)
#: Letters that Unicode takes for letters of their own, and readers for variants.
_VARIANTS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е"}
)
#: Marks on Latin, Greek and Cyrillic letters. In other scripts marks are vowels.
_MARKS = range(0x0300, 0x0370)
#: "й" is another letter than "и".
_SHORT_I = "и\u0306"


@dataclass(frozen=True)
class Offer:
    """A message as filters see it."""

    outlet: str
    language: str
    kind: str
    title: str | None
    text: str

    @classmethod
    def of(cls, kind: str, body: str) -> Offer:
        """The offer that a message of this body, an article as JSON, makes."""
        article: Mapping[str, Any] = json.loads(body)
        return cls(
            outlet=article.get("outlet", ""),
            language=article.get("language", ""),
            kind=kind,
            title=article.get("title"),
            text=article.get("text", ""),
        )

    @cached_property
    def words(self) -> str:
        """Title and text, folded, each word between two spaces."""
        return f" {folded(self.title or '')} \n {folded(self.text)} "


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message is wanted; `strained` is an expression that took too long."""

    wanted: bool
    strained: str | None = None


@dataclass(slots=True)
class _Clock:
    """The time that is left for expressions, and which of them used it up."""

    until: float
    strained: str | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """Words in a row. A `*` at the end stands for any ending of the last word."""

    text: str
    sought: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = folded(self.text.removesuffix("*"))
        end = "" if self.text.endswith("*") else " "
        object.__setattr__(self, "sought", f" {words}{end}")

    def found(self, offer: Offer, clock: _Clock) -> bool | None:
        """Whether title or text has them."""
        return self.sought in offer.words


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression, searched in the title and in the text; case is ignored."""

    text: str

    def found(self, offer: Offer, clock: _Clock) -> bool | None:
        """Whether it matches; None if that could not be told in time."""
        left = clock.until - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            search = _compiled(self.text).search
            return any(search(part, timeout=left) for part in _parts(offer))
        except TimeoutError:
            clock.strained = clock.strained or self.text
            return None


Term = Keyword | Expression


@dataclass(frozen=True, slots=True)
class Filter:
    """What a subscription wants. Empty sets and tuples want everything.

    Of `one_of` at least one must be found, of `all_of` each, of `none_of` none.
    """

    outlets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    min_characters: int = 0
    one_of: tuple[Term, ...] = ()
    all_of: tuple[Term, ...] = ()
    none_of: tuple[Term, ...] = ()

    def judge(self, offer: Offer, *, told: bool = False) -> Verdict:
        """Whether the subscription wants the message.

        Who was `told` of an article hears what becomes of it: of a revision or a
        withdrawal only the kind is asked then. A withdrawal is for those alone.
        """
        if self.kinds and offer.kind not in self.kinds:
            return Verdict(False)
        if told or offer.kind == "withdrawal":
            return Verdict(told)
        if not self._of_interest(offer):
            return Verdict(False)
        clock = _Clock(time.monotonic() + PATIENCE)
        return Verdict(self._matches(offer, clock), clock.strained)

    def _of_interest(self, offer: Offer) -> bool:
        return (
            (not self.outlets or offer.outlet in self.outlets)
            and (not self.languages or offer.language in self.languages)
            and len(offer.text) >= self.min_characters
        )

    def _matches(self, offer: Offer, clock: _Clock) -> bool:
        def found(terms: Iterable[Term], unsure: bool) -> Iterable[bool]:
            for term in terms:
                answer = term.found(offer, clock)
                yield unsure if answer is None else answer

        return (
            (not self.one_of or any(found(self.one_of, True)))
            and all(found(self.all_of, True))
            and not any(found(self.none_of, False))
        )


@lru_cache(maxsize=256)
def parse(column: str) -> Filter:
    """The filter of a subscription's JSON (`config.subscriptions.Subscription.terms`).

    Raises ValueError if an expression is none.
    """
    said: dict[str, Any] = json.loads(column)
    match: Mapping[str, Any] = said.get("match", {})
    return Filter(
        outlets=frozenset(said.get("outlets", ())),
        languages=frozenset(said.get("languages", ())),
        kinds=frozenset(said.get("kinds", ())),
        min_characters=said.get("min_characters", 0),
        one_of=_terms(match.get("any", ())),
        all_of=_terms(match.get("all", ())),
        none_of=_terms(match.get("none", ())),
    )


def folded(text: str) -> str:
    """The words of a text, one space between two; case and accents are gone.

    In scripts without spaces each character is a word, so that any run is found.
    """
    words = " ".join(tokens(text.translate(_APOSTROPHES))).translate(_VARIANTS)
    if words.isascii():
        return words
    apart = unicodedata.normalize("NFD", words)
    kept = (
        character
        for at, character in enumerate(apart)
        if ord(character) not in _MARKS or apart[at - 1 : at + 1] == _SHORT_I
    )
    joined = unicodedata.normalize("NFC", "".join(kept)).translate(_VARIANTS)
    return " ".join(joined.split())  # a mark alone was a word


def _terms(said: Iterable[str | Mapping[str, str]]) -> tuple[Term, ...]:
    return tuple(
        Keyword(term) if isinstance(term, str) else Expression(term["regex"])
        for term in said
    )


def _parts(offer: Offer) -> tuple[str, str]:
    return (offer.title or "", offer.text)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    return regex.compile(pattern, regex.IGNORECASE | regex.VERSION0)
