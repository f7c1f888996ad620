"""Who fetches: one process a database, by an advisory lock the kernel gives back."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipelines.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that is fetching into a database."""

    pid: int
    command: str
    since: datetime


class LockHeld(StoreError):
    """Another process is fetching into this database."""

    exit_code = 1


class DatabaseLock:
    """Holds `DATABASE.lock` while entered. Raises LockHeld, naming the holder.

    The kernel frees it when the holder dies, however it dies; the file stays, since
    removing it would let two processes lock two files of that name.
    """

    def __init__(self, database: Path) -> None:
        resolved = database.resolve()
        self.path = resolved.with_name(resolved.name + ".lock")
        self._file: IO[str] | None = None

    def __enter__(self) -> DatabaseLock:
        file = self._opened()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = file.read()
            file.close()
            raise _held(self.path, holder) from error
        file.seek(0)
        file.truncate()
        file.write(_self_description())
        file.flush()
        self._file = file
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def _opened(self) -> IO[str]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        except OSError as error:
            raise StoreError(
                self.path, f"cannot be opened ({error})", "check permissions"
            ) from error
        return os.fdopen(descriptor, "r+", encoding="utf-8")


def holder(database: Path) -> Holder | None:
    """Who is fetching into the database, if anybody. Takes no lock to keep."""
    resolved = database.resolve()
    name = resolved.with_name(f"{resolved.name}.lock")
    try:
        with name.open(encoding="utf-8", errors="replace") as file:
            named = _holder_of(file.read())
            # A name without a lock is of a process that was killed. Only then, and
            # for that moment, would the test be in the way of one that starts.
            return named if named is not None and _is_locked(file) else None
    except OSError:
        return None  # nobody ever fetched, or nobody whom we may ask about


def _is_locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _holder_of(text: str) -> Holder | None:
    try:
        told = json.loads(text)
        since = datetime.fromisoformat(told["since"])
        return Holder(int(told["pid"]), str(told["command"]), since)
    except (ValueError, KeyError, TypeError):
        return None


def _self_description() -> str:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps(
        {"pid": os.getpid(), "command": " ".join(sys.argv), "since": since}
    )


def _held(path: Path, holder: str) -> LockHeld:
    try:
        who = json.loads(holder)
        words = f"process {who['pid']} ({who['command']}, since {who['since']})"
    except (ValueError, KeyError, TypeError):
        words = "another process"  # that has not written its name yet
    return LockHeld(
        path,
        f"{words} is fetching into this database",
        "stop it first, or wait for it to end",
    )
