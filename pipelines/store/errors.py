"""What can go wrong with the database, in words an operator can act on."""

from __future__ import annotations

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


class QueueError(StoreError):
    """A consumer asked for something the queue cannot do. The database is fine."""

    exit_code = 1

    def __init__(self, cause: str, step: str) -> None:
        super().__init__("queue", cause, step)


class StaleLease(QueueError):
    """The token no longer holds the message: its lease ran out or was settled."""


class UnknownMessage(QueueError):
    """No message of that id was ever queued for the subscription."""


class UnknownSubscription(QueueError):
    """No such subscription."""

    exit_code = 2


BUSY = sqlite3.SQLITE_BUSY
LOCKED = sqlite3.SQLITE_LOCKED

_RESTORE = "restore a backup (`presswatch restore`); the file was left as it is"

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
    sqlite3.SQLITE_CORRUPT: ("the database is corrupt", _RESTORE),
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


def primary_code(error: BaseException) -> int:
    """The SQLite result code without its extension; 0 if the error has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def is_busy(error: BaseException) -> bool:
    """Whether waiting may help: somebody else holds a lock."""
    return primary_code(error) in (BUSY, LOCKED)


def explained(path: Path | str, error: DriverError) -> StoreError | None:
    """The error for the operator, or None when it is a bug and must stay raw."""
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
    return StoreError(path, f"{cause} ({error})", step)
