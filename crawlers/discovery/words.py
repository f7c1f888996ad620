"""Words of feeds and pages as plain text: titles, names, languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Final

from pipelines.document import printable

#: A feed's text counts as the article's when it is this long, in bytes of UTF-8 ...
_SHORTEST_TEXT: Final = 600
#: ... and so many times as long as the summary beside it. Books are none.
_LONGER_BY: Final = 1.5
_LONGEST_TEXT: Final = 500_000

#: Longer titles are cut: nothing of the trade has one.
_LONGEST: Final = 1_000

_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_ADDRESS = re.compile(r"<?[^\s<>()@]+@[^\s<>()@]+>?")


def plain(text: str | None) -> str | None:
    """`text` without tags and references, on one line; None if nothing is left."""
    stripped = unescape(_TAG.sub(" ", text or ""))
    return " ".join(printable(stripped).split())[:_LONGEST] or None


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The people in `texts`, each once, in order; mail addresses are taken out.

    `desk@a.example (Ann Bell)` is RSS's way to name Ann Bell.
    """
    bare = (_ADDRESS.sub(" ", plain(text) or "") for text in texts)
    stripped = (" ".join(name.strip(" ()<>,;").split()) for name in bare)
    return tuple(dict.fromkeys(name for name in stripped if name))


def language(text: str | None) -> str | None:
    """A language tag in lower case (`en-us`), None for what is none."""
    tag = (text or "").strip().lower().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def full_text(markup: str | None, summary: str | None) -> str | None:
    """`markup` if it can be an article's full text, by its length; else None."""
    if not markup or len(markup) > _LONGEST_TEXT:
        return None
    least = max(_SHORTEST_TEXT, _LONGER_BY * _weight(summary or ""))
    return markup if _weight(markup) >= least else None


def _weight(markup: str) -> int:
    """How much text `markup` holds, in bytes of UTF-8: fair to Chinese and Thai."""
    return len(" ".join(_TAG.sub(" ", markup).split()).encode("utf-8", "replace"))
