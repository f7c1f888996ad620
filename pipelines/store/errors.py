"""What can go wrong with the database, in words an operator can act on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipelines.store.driver import sqlite3

#: The driver's errors. The driver is the one sqlite-utils picked (pysqlite3 where
#: it is installed), whose classes are not those of the standard library.
DriverError = sqlite3.DatabaseError


class StoreError(Exception):
    """The database cannot be used: which file, why, and what to do next."""

    exit_code = 74  # EX_IOERR of sysexits.h

    def __init__(self, path: Path | str, cause: str, step: str) -> None:
        super().__init__(f"{path}: {cause}; {step}")
        self.path, self.cause, self.step = str(path), cause, step


class StoreBusy(StoreError):
    """Another program kept the write lock for longer than we wait."""


class StoreFull(StoreError):
    """There is no room on the disk. Work can go on when there is some."""


class StoreReadOnly(StoreError):
    """The disk, or the file, takes no writes."""


class StoreUnreliable(StoreError):
    """The disk failed to read or write. It may be dying."""


class StoreBroken(StoreError):
    """The file is no sound database. Nothing that this program does can mend it."""


class StoreGone(StoreError):
    """The file was deleted or replaced while it was in use."""


class QueueError(StoreError):
    """A consumer asked for something the queue cannot do. The database is fine."""

    exit_code = 1

    def __init__(self, cause: str, step: str) -> None:
        super().__init__("queue", cause, step)


class StaleLease(QueueError):
    """The token no longer holds the message: its lease ran out or was settled."""


class UnknownMessage(QueueError):
    """No message of that id was ever queued for the subscription."""


class UnknownBlock(StoreError):
    """The memory of an outlet has no such block."""

    exit_code = 2


class UnknownSubscription(QueueError):
    """No such subscription."""

    exit_code = 2


BUSY = sqlite3.SQLITE_BUSY
LOCKED = sqlite3.SQLITE_LOCKED

#: Primary result code -> cause and next step (https://sqlite.org/rescode.html).
_ADVICE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: (
        "the disk, or the database's size limit, is full",
        "free some space; nothing was changed and work resumes by itself",
    ),
    sqlite3.SQLITE_IOERR: (
        "reading or writing the disk failed",
        "check the disk and its file system; the transaction was rolled back",
    ),
    sqlite3.SQLITE_CORRUPT: ("the database is corrupt", "it was left as it is"),
    sqlite3.SQLITE_NOTADB: ("not an SQLite database", "check the path"),
    sqlite3.SQLITE_READONLY: (
        "the file or its directory may not be written",
        "check owner and permissions of both",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "check that its directory exists and may be read and written",
    ),
    sqlite3.SQLITE_PERM: ("access denied", "check owner and permissions"),
    sqlite3.SQLITE_PROTOCOL: (
        "the locking protocol failed",
        "keep the database on a local disk, not on a network file system",
    ),
    sqlite3.SQLITE_NOMEM: ("out of memory", "give the process more memory"),
}


#: Errors of which a caller does something else than telling.
_KINDS: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_IOERR: StoreUnreliable,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreBroken,
    sqlite3.SQLITE_NOTADB: StoreBroken,
}
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def primary_code(error: BaseException) -> int:
    """The SQLite result code without its extension; 0 if the error has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def is_busy(error: BaseException) -> bool:
    """Whether waiting may help: somebody else holds a lock."""
    return primary_code(error) in (BUSY, LOCKED)


def explained(
    path: Path | str, error: DriverError, restore: Callable[[], str] | None = None
) -> StoreError | None:
    """The error for the operator, or None when it is a bug and must stay raw.

    `restore` tells the command that helps when the file is broken.
    """
    if is_busy(error):
        return StoreBusy(
            path,
            "another program has kept it locked for too long",
            "find it with `fuser` on the file, or try again later",
        )
    advice = _ADVICE.get(primary_code(error))
    if advice is None:
        return None
    cause, step = advice
    if restore is not None and primary_code(error) in _BROKEN:
        step = f"{step}; {restore()}"
    kind = _KINDS.get(primary_code(error), StoreError)
    return kind(path, f"{cause} ({error})", step)
