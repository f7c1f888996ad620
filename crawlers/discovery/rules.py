"""Which listed articles `articles.allow` and `articles.deny` let through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules; `deny` wins, and an empty `allow` lets everything through."""

    allow: tuple[re.Pattern[str], ...] = ()
    deny: tuple[re.Pattern[str], ...] = ()

    def denied(self, url: str) -> str | None:
        """Why the canonical `url` is left out, naming the rule; None if it is not.

        The rules see the path only, as it is and with its escapes resolved, so that
        operators can write `/política/`.
        """
        path = urlsplit(url).path
        spellings = {path, unquote(path)}
        for pattern in self.deny:
            if any(map(pattern.search, spellings)):
                return f"denied by articles.deny {pattern.pattern!r}"
        if self.allow and not _any_match(self.allow, spellings):
            return "no pattern of articles.allow matches"
        return None


def compile_rules(allow: Iterable[str], deny: Iterable[str]) -> Rules:
    """The rules of an outlet. Raises `re.error` for a pattern that is none."""
    return Rules(tuple(map(re.compile, allow)), tuple(map(re.compile, deny)))


def _any_match(patterns: Iterable[re.Pattern[str]], texts: Iterable[str]) -> bool:
    return any(pattern.search(text) for pattern in patterns for text in texts)
