"""What is wrong in a config file, said so that the operator can put it right."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

#: Where a value stands in its file: keys and list positions from the root.
KeyPath = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w-]+")
_LONGEST_SHOWN = 60


class Unfit(ValueError):
    """A value that will not do: why, and what to write instead."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file; `str` gives the line an operator reads.

    `line` counts from 1, None where the file as a whole is meant. `key` is the
    dotted path (`sources[1].feed`), None where no key is to blame.
    """

    file: Path
    line: int | None
    key: str | None
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        key = f"{self.key}: " if self.key else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}: {key}{self.message}{hint}"


class ConfigError(Exception):
    """The config cannot be used; `problems` holds every fault of every file."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def dotted(path: KeyPath) -> str | None:
    """`("sources", 1, "feed")` as `sources[1].feed`; None for the root."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]"
    return text or None


def shown(value: object) -> str:
    """`value` quoted for a message: one line, not too long, no control bytes."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > _LONGEST_SHOWN:
        text = text[:_LONGEST_SHOWN] + "..."
    return "".join(_visible(char) for char in json.dumps(text, ensure_ascii=False))


def _visible(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]
