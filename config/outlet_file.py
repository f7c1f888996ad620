"""The file of a new outlet: YAML with comments, that the config takes as it is.

Written by `outlets add` and `import`. What they are not sure of stands in comments,
so that the operator decides with an editor.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from config import tree
from config.load import OUTLETS
from config.models import SourceKind, outlet
from config.problems import Problem

_KEY: Final = re.compile(r"[^a-z0-9]+")
#: Second-level labels that are no name: of `bbc.co.uk`, the name is `bbc`.
_NO_NAME: Final = frozenset({"www", "m", "amp", "rss", "feeds", "feed", "news", "en"})
#: YAML reads these as other than text when they stand alone.
_PLAIN: Final = re.compile(r"^https?://[^\s#'\"{}\[\],&*!|>%@`]+$")
MOST_KEY: Final = 40


class OutletExists(Exception):
    """There is a file of that key already; nothing was written."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source to be written; `why` stands beside it. Not `active`: in a comment."""

    kind: SourceKind
    url: str
    why: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file of an outlet is to say. `notes` are lines of comment on top."""

    key: str
    name: str
    home: str
    sources: tuple[SourceLine, ...]
    language: str | None = None
    every: str | None = None
    every_why: str | None = None
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The file, as YAML."""
        lines = [f"# {_comment(note)}" for note in self.notes]
        lines += [f"name: {_scalar(self.name)}", f"home: {_scalar(self.home)}"]
        if self.language is not None:
            lines.append(f"language: {json.dumps(self.language)}")  # no is a language
        if self.every is not None:
            beside = f"  # {_comment(self.every_why)}" if self.every_why else ""
            lines.append(f"every: {self.every}{beside}")
        lines.append("sources:")
        for source in self.sources:
            lines += _source_lines(source)
        return "\n".join(lines) + "\n"


def _source_lines(source: SourceLine) -> list[str]:
    lead = "  " if source.active else "  # "
    lines = [f"  # {_comment(source.why)}"] if source.why else []
    return [*lines, f"{lead}- {source.kind.value}: {_scalar(source.url)}"]


def _scalar(text: str) -> str:
    """Text as YAML on one line: JSON strings are YAML; plain URLs need no quotes."""
    if _PLAIN.match(text) and not text.endswith(":"):
        return text
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def key_of(host: str, taken: Collection[str] = ()) -> str:
    """A key for an outlet at `host` that is not taken: `www.bbc.co.uk` -> `bbc`."""
    labels = host.partition(":")[0].split(".")
    name = next((one for one in labels[:-1] if one not in _NO_NAME), labels[0])
    if all(label.isdigit() for label in labels):
        name = host
    return free(slug(name) or "outlet", taken)


def slug(text: str) -> str:
    """Text as a key of an outlet can be; empty if nothing of it can."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _KEY.sub("-", plain.lower()).strip("-")[:MOST_KEY].strip("-")


def free(key: str, taken: Collection[str]) -> str:
    """The key, or the first of key-2, key-3 ... that is not taken."""
    number, made = 1, key
    while made in taken:
        number += 1
        made = f"{key}-{number}"
    return made


def problems(draft: Draft) -> list[Problem]:
    """What `check` would say against the file. Empty if it may be written."""
    read = tree.parse(draft.text().encode(), Path(f"{draft.key}.yaml"))
    if read.problems:
        return list(read.problems)
    said = read.values if isinstance(read.values, dict) else {}
    try:
        outlet(draft.key, said)
    except ValidationError as error:
        first = error.errors()[0]
        return [Problem(read.file, None, None, str(first["msg"]), None)]
    return []


def check_free(directory: Path, key: str) -> None:
    """Raises OutletExists if there is a file of that key."""
    file = directory / OUTLETS / f"{key}.yaml"
    for other in (file, file.with_suffix(".yml")):
        if other.exists():
            words = "nothing was written; name another with --key"
            raise OutletExists(f"{other} is there already; {words}")


def write(directory: Path, draft: Draft) -> Path:
    """Writes the outlet's file into the config in `directory`, whole or not at all.

    Raises OutletExists; OSError where nothing can be written.
    """
    folder = directory / OUTLETS
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{draft.key}.yaml"
    check_free(directory, draft.key)
    fresh = folder / f".{draft.key}.yaml.new"
    fresh.write_text(draft.text(), encoding="utf-8")
    try:
        os.link(fresh, file)  # fails, unlike a rename, if somebody was faster
    except FileExistsError:
        raise OutletExists(f"{file} is there already; nothing was written") from None
    finally:
        fresh.unlink()
    return file
