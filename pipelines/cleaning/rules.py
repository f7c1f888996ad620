"""What an outlet's file says about cleaning, and its selectors made ready."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class CleanRules:
    """An outlet's own rules; they win over everything that cleaning decides itself.

    `remove` and `keep` are CSS selectors, or XPath if they start with `/` or
    `xpath:`; of two that match, the inner element's wins, of one element `keep`.
    `remove_lines` are regular expressions searched in each block's text.
    `partial` accepts the free part of a walled article as its text.
    `min_characters` is the least length of a text that counts as one.
    """

    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    remove_lines: tuple[str, ...] = ()
    partial: bool = False
    min_characters: int | None = None


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


@lru_cache(maxsize=512)
def pattern(text: str) -> re.Pattern[str]:
    """The compiled `text`. Raises SelectorProblem."""
    try:
        return re.compile(text)
    except re.error as error:
        raise SelectorProblem(f"pattern {text!r}: {error}") from error


def matches(tree: HtmlElement, selectors: tuple[str, ...]) -> dict[HtmlElement, str]:
    """The elements that `selectors` pick, each with the selector that picked it."""
    return dict(_picked(tree, selectors))


def _picked(
    tree: HtmlElement, selectors: tuple[str, ...]
) -> Iterator[tuple[HtmlElement, str]]:
    for text in selectors:
        found = selector(text)(tree)
        for element in found if isinstance(found, list) else ():
            if isinstance(element, etree._Element):
                yield element, text
