"""Reads house_texts.txt: pages of a site about itself, articles about such matters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class Text:
    """A headline, its paragraphs, and the buttons below them."""

    title: str
    paragraphs: tuple[str, ...]
    buttons: tuple[str, ...] = ()


def _read() -> dict[str, Text]:
    found = {}
    for section in _FILE.read_text(encoding="utf-8").split("\n== ")[1:]:
        name, title, *lines = section.strip().splitlines()
        buttons: tuple[str, ...] = ()
        if lines[-1].startswith("[] "):
            buttons = tuple(lines.pop()[3:].split(" | "))
        found[name] = Text(title, tuple(lines), buttons)
    return found


#: By name: "consent" and a language, "article" or "site" and what it is.
TEXTS = _read()


def named(kind: str) -> list[str]:
    """The names of the texts of that kind."""
    return [name for name in TEXTS if name.split()[0] == kind]
