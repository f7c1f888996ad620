"""Which listed articles `articles.allow` and `articles.deny` let through.

The patterns are the operator's and run on the event loop, over addresses that others
wrote: a pattern that explodes on one of them (`(a|aa)+$`) must not stop the service.
Python's own `re` cannot be interrupted, so they run in `regex`, with a time limit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

import regex

log = logging.getLogger(__name__)

#: Seconds that one pattern may take on one path; a usual one takes microseconds.
PATIENCE: Final = 0.05
#: A pattern that was too slow so often is not tried any more until the next start.
MOST_SLOW: Final = 3


class TooSlow(Exception):
    """A pattern exceeded its time on a path."""


class Pattern:
    """A pattern that takes a bounded time. `text` is how the operator wrote it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._compiled = regex.compile(text)
        self._slow = 0

    def matches(self, path: str) -> bool:
        """Whether it is found in `path`. Raises TooSlow."""
        if self._slow >= MOST_SLOW:
            raise TooSlow
        try:
            return self._compiled.search(path, timeout=PATIENCE) is not None
        except TimeoutError:
            self._slow += 1
            if self._slow == MOST_SLOW:
                words = "the pattern %r took over %g s on %s: nothing is matched to it"
                log.warning(words, self.text, PATIENCE, path[:200])
            raise TooSlow from None


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules; `deny` wins, and an empty `allow` lets everything through."""

    allow: tuple[Pattern, ...] = ()
    deny: tuple[Pattern, ...] = ()

    def denied(self, url: str) -> str | None:
        """Why the canonical `url` is left out, naming the rule; None if it is not.

        The rules see the path only, as it is and with its escapes resolved, so that
        operators can write `/política/`. What a pattern cannot judge in time is left
        out: it is judged anew when the rules change.
        """
        path = urlsplit(url).path
        spellings = {path, unquote(path)}
        for pattern in self.deny:
            verdict = _verdict(pattern, spellings, "articles.deny")
            if verdict is not None:
                return verdict or f"denied by articles.deny {pattern.text!r}"
        return self._not_allowed(spellings) if self.allow else None

    def _not_allowed(self, spellings: set[str]) -> str | None:
        slow = None
        for pattern in self.allow:
            verdict = _verdict(pattern, spellings, "articles.allow")
            if verdict == "":
                return None
            slow = slow or verdict
        return slow or "no pattern of articles.allow matches"


def compile_rules(allow: Iterable[str], deny: Iterable[str]) -> Rules:
    """The rules of an outlet, checked before by `config.patterns`."""
    return Rules(tuple(map(_pattern, allow)), tuple(map(_pattern, deny)))


@lru_cache(maxsize=4096)
def _pattern(text: str) -> Pattern:
    return Pattern(text)


def _verdict(pattern: Pattern, spellings: set[str], rule: str) -> str | None:
    """None: no match. Empty: a match. Words: it took too long to say."""
    try:
        return "" if any(map(pattern.matches, spellings)) else None
    except TooSlow:
        return f"{rule} {pattern.text!r} takes too long on it: simplify the pattern"
