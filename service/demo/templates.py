"""An outlet's HTML: one file per outlet, cut into named fragments.

A fragment starts at a line `<!--@ name -->`. `$word` in it is replaced, HTML-escaped
unless the word ends in `_html`.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

_CUT = re.compile(r"^<!--@ (\w+) -->\n", re.MULTILINE)


class Fragments:
    """The fragments of one template file."""

    def __init__(self, source: str) -> None:
        _, *parts = _CUT.split(source)
        self._templates = {
            name: Template(text.rstrip("\n"))
            for name, text in zip(parts[::2], parts[1::2], strict=True)
        }

    def render(self, name: str, /, **values: str) -> str:
        """The fragment with its words filled in. KeyError names a missing word."""
        safe = {
            word: value if word.endswith("_html") else escape(value)
            for word, value in values.items()
        }
        return self._templates[name].substitute(safe)


@cache
def fragments_of(outlet: str) -> Fragments:
    """The template of an outlet, by its key."""
    path = files("service.demo") / "templates" / f"{outlet}.html"
    return Fragments(path.read_text(encoding="utf-8"))
