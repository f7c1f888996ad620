"""What an outlet's file says about cleaning, and its selectors made ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

if TYPE_CHECKING:
    import regex

    from config import rules

#: Seconds that a pattern of the operator's may take over one block.
PATIENCE: Final = 0.5

#: The lists of an outlet's file whose entries may carry a date.
_LISTS: Final = ("remove", "keep", "remove_lines")


@dataclass(frozen=True, slots=True)
class DatedRule:
    """A rule for pages fetched before the day `until` (UTC).

    `of` is remove, keep or remove_lines.
    """

    of: str
    rule: str
    until: date


@dataclass(frozen=True, slots=True)
class CleanRules:
    """An outlet's own rules; they win over everything that cleaning decides itself.

    `remove` and `keep` are CSS selectors, or XPath if they start with `/` or
    `xpath:`; of two that match, the inner element's wins, of one element `keep`.
    `remove_lines` are regular expressions searched in each block's text.
    `partial` accepts the free part of a walled article as its text.
    `min_characters` is the least length of a text that counts as one. `dated` are
    rules of old layouts; they count only once `in_force` has chosen among them.
    """

    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    remove_lines: tuple[str, ...] = ()
    partial: bool = False
    min_characters: int | None = None
    dated: tuple[DatedRule, ...] = ()

    def in_force(self, at: datetime) -> CleanRules:
        """The rules for a page fetched at `at` (aware); none of them is dated."""
        day = at.astimezone(UTC).date()
        held = [rule for rule in self.dated if day < rule.until]
        added = {
            name: getattr(self, name) + tuple(r.rule for r in held if r.of == name)
            for name in _LISTS
        }
        return replace(self, **added, dated=())

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change with any rule; `none` if there is no rule."""
        if self == CleanRules():
            return "none"
        return blake2b(repr(astuple(self)).encode(), digest_size=8).hexdigest()


def rules_of(told: rules.CleanRules) -> CleanRules:
    """What the `clean` section of an outlet's file says."""
    plain = {
        name: tuple(rule for rule in getattr(told, name) if isinstance(rule, str))
        for name in _LISTS
    }
    dated = tuple(
        DatedRule(name, entry.rule, entry.until)
        for name in _LISTS
        for entry in getattr(told, name)
        if not isinstance(entry, str)
    )
    return CleanRules(
        **plain,
        partial=told.partial,
        min_characters=told.min_characters,
        dated=dated,
    )


class SelectorProblem(ValueError):
    """A selector or pattern that cannot be used; says which and why."""


@lru_cache(maxsize=512)
def selector(text: str) -> etree.XPath:
    """The compiled `text`. Raises SelectorProblem."""
    try:
        if text.startswith(("/", "xpath:")):
            return etree.XPath(text.removeprefix("xpath:").strip())
        return etree.XPath(HTMLTranslator().css_to_xpath(text))
    except (SelectorError, etree.XPathError) as error:
        raise SelectorProblem(f"selector {text!r}: {error}") from error


class SlowPattern(Exception):
    """A pattern that takes too long over a text; says which and what to do."""


def found(pattern: str, text: str) -> bool:
    """Whether the pattern is found in a block's text.

    Raises SelectorProblem for one that is none, and SlowPattern for one that takes
    more than PATIENCE seconds: nested repeats do, over a sentence.
    """
    try:
        return _compiled(pattern).search(text, timeout=PATIENCE) is not None
    except TimeoutError:
        raise SlowPattern(
            f"clean.remove_lines {pattern!r} takes over {PATIENCE:g} s for one line; "
            "write it without repeats inside repeats"
        ) from None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    try:
        return regex.compile(pattern, regex.VERSION0)
    except regex.error as error:
        raise SelectorProblem(f"pattern {pattern!r}: {error}") from error


def matches(tree: HtmlElement, selectors: tuple[str, ...]) -> dict[HtmlElement, str]:
    """The elements that `selectors` pick, each with the selector that picked it."""
    return dict(_picked(tree, selectors))


def _picked(
    tree: HtmlElement, selectors: tuple[str, ...]
) -> Iterator[tuple[HtmlElement, str]]:
    for text in selectors:
        try:
            found = selector(text)(tree)
        except etree.XPathError as error:  # functions are looked up when they run
            raise SelectorProblem(f"selector {text!r}: {error}") from error
        for element in found if isinstance(found, list) else ():
            if isinstance(element, etree._Element):
                yield element, text
