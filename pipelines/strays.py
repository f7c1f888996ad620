"""A text that comes back for several articles of an outlet is none of them. Pure.

What a wall, an error page or a page for robots says is the same whatever was asked
for. A text that an outlet shows at several addresses of one article has its headline
everywhere, and speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from pipelines.fingerprint import tokens

#: So many articles with nothing in common have to have come with the text.
ENOUGH: Final = 3
#: Two headlines are of one article if they share this much of the shorter one, and a
#: text speaks of a headline if it holds this much of it.
_ALIKE: Final = 0.5
#: Shorter words ("the", "and") are in any text.
_LETTERS: Final = 4
#: A text of more words is an article that was published under several headlines.
_LONGEST: Final = 400
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Bearer:
    """A page that came with the text: its URL, and what it was said to be called."""

    url: str
    listed_title: str | None = None
    title: str | None = None


def is_stray(text: str, bearers: Sequence[Bearer]) -> bool:
    """Whether the text belongs to none of the pages that came with it."""
    said = frozenset(tokens(text))
    if len(tokens(text)) > _LONGEST:
        return False
    apart: list[frozenset[str]] = []
    titles = [bearer.title for bearer in bearers]
    for bearer in bearers:
        named = _name(bearer, titles)
        if not named or _share(named, said) >= _ALIKE:
            continue
        if all(_shared(named, other) < _ALIKE for other in apart):
            apart.append(named)
    return len(apart) >= ENOUGH


def _name(bearer: Bearer, titles: Sequence[str | None]) -> frozenset[str]:
    """The words that tell what the page is about, not what the wall calls itself."""
    own = bearer.title if titles.count(bearer.title) == 1 else None
    return _words(bearer.listed_title or own or _slug(bearer.url))


def _slug(url: str) -> str:
    """The words of the URL's path; its last part that has any."""
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    spoken = [" ".join(re.findall(r"[^\W\d_]{2,}", part)) for part in parts]
    return next((text for text in reversed(spoken) if " " in text), "")


def _words(text: str) -> frozenset[str]:
    return frozenset(
        word
        for word in tokens(text)
        if len(word) >= _LETTERS or _UNSPACED.match(word) is not None
    )


def _share(named: frozenset[str], said: frozenset[str]) -> float:
    return len(named & said) / len(named)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other))
