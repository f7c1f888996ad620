"""Who fetches: one process a database, by an advisory lock the kernel gives back."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipelines.store.errors import StoreError

#: What is written is made as long as this, so that it overwrites what was longer.
_WIDTH = 512


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that is fetching into a database."""

    pid: int
    command: str
    since: datetime
    beat: datetime | None = None  # when its latest word was committed


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
        #: Who held it last and did not give it back: killed, or the power went.
        self.left_by: Holder | None = None

    def __enter__(self) -> DatabaseLock:
        file = self._opened()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = file.read()
            file.close()
            raise _held(self.path, holder) from error
        self.left_by = _holder_of(file.read())
        self._file = file
        self._since = datetime.now(UTC)
        self._describe(None)
        return self

    def note(self, beat: datetime) -> None:
        """Say that what was committed until `beat` must be in the database.

        Told beside it, so that a log that got lost is noticed at the next start.
        """
        self._describe(beat)

    def _describe(self, beat: datetime | None) -> None:
        if self._file is None:
            return
        told = {
            "pid": os.getpid(),
            "command": " ".join(sys.argv),
            "since": self._since.isoformat(timespec="seconds"),
        }
        if beat is not None:
            told["beat"] = beat.isoformat()
        try:
            self._file.seek(0)
            self._file.write(json.dumps(told).ljust(_WIDTH))
            self._file.flush()
        except OSError:
            return  # a full disk: the lock is the kernel's, these are only words

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.truncate(0)
                self._file.close()
            self._file = None

    def _opened(self) -> IO[str]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        except OSError as error:
            raise StoreError(
                self.path, f"cannot be opened: {error.strerror}", "check permissions"
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
        beat = told.get("beat")
        last = None if beat is None else datetime.fromisoformat(beat)
        return Holder(int(told["pid"]), str(told["command"]), since, last)
    except (ValueError, KeyError, TypeError):
        return None


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
