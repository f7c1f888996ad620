"""Runs the installed program as a user does, for tests of whole commands."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from warm import Warm

from pipelines.store import Store, StoreError

T = TypeVar("T")

PROGRAM = str(Path(sys.executable).with_name("presswatch"))

#: No command of a test takes longer; a hang fails the test with its output.
DEADLINE = 100

#: Seconds until a test gives up on something that should happen soon.
PATIENCE = 40


@cache
def warm() -> Warm:
    """The process that forks the commands of these tests."""
    return Warm()


def run(*words: object, code: int | None = 0, **kwargs: Any) -> str:
    """Standard output of a command that must end with `code` (None: any)."""
    return ended(*words, code=code, **kwargs).stdout


def ended(
    *words: object, code: int | None = 0, **kwargs: Any
) -> subprocess.CompletedProcess[str]:
    """A command that must end with `code` (None: any), and what it said."""
    argv = [PROGRAM, *map(str, words)]
    if not kwargs and warm().fits():
        done = warm().run(argv, DEADLINE)
    else:
        done = subprocess.run(
            argv, capture_output=True, text=True, timeout=DEADLINE, **kwargs
        )
    assert code is None or done.returncode == code, (
        f"presswatch {words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    )
    return done


def records(*words: object, **kwargs: Any) -> list[dict[str, Any]]:
    """The JSON lines that a command prints."""
    return [json.loads(line) for line in run(*words, **kwargs).splitlines()]


def once(config: Path, *words: object, code: int | None = 0) -> dict[str, Any]:
    """The closing line of a pass."""
    summary: dict[str, Any]
    *_, summary = records("once", *words, "--config", config, "--json", code=code)
    return summary


class Pass(NamedTuple):
    """A pass: its closing line, and its log."""

    summary: dict[str, Any]
    log: str


def watched_pass(config: Path, *words: object, code: int | None = 0) -> Pass:
    """A pass with all that it logged."""
    told = ("once", *words, "--verbose", "--config", config, "--json")
    done = ended(*told, code=code)
    return Pass(json.loads(done.stdout.splitlines()[-1]), done.stderr)


def waited(
    condition: Callable[[], T],
    *,
    patience: float = PATIENCE,
    told: Callable[[], str] = str,
) -> T:
    """What the condition says once it holds; `told()` is why it should have."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if said := condition():
            return said
        time.sleep(0.05)
    raise AssertionError(f"it did not happen {told()}")


def exported(config: Path) -> list[dict[str, Any]]:
    """Every message that was queued, oldest first."""
    return records("queue", "export", "--since", 0, "--config", config)


def queued(config: Path, file: Path | None = None) -> set[str]:
    """The URLs of which something was queued; cheap enough to be asked in a loop."""
    file = file or config / "data" / "presswatch.db"
    try:
        with Store.open(file, read_only=True) as store:
            return {str(each.article["url"]) for each in store.queue.export()}
    except StoreError:  # the first moments: the database is being made
        return set()
