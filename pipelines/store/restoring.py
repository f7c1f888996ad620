"""Putting a copy in the place of a database: wholly or not at all.

The copy waits under `DATABASE.restoring` until the old files are aside; while that
name is there nobody opens the database, and a second `restore` ends what the first
one began.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines.store.backup import sync
from pipelines.store.driver import sqlite3
from pipelines.store.errors import DriverError, StoreError, explained
from pipelines.store.lock import DatabaseLock

#: Message numbers given out since the copy was made are not given out again, or who
#: reads by number would take the new messages for those it has seen. None makes a
#: million messages between two copies.
SKIPPED: Final = 1_000_000

#: The byte of the -shm file that every connection in WAL mode holds a lock on
#: (the "dead man switch" of SQLite's unix file layer).
_DEAD_MAN: Final = 128

_SIDES: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done. `aside`: where the old database is kept, if there was one."""

    database: Path
    backup: Path
    aside: Path | None


def waiting(database: Path) -> Path:
    """Under which name a copy waits to become the database."""
    return database.with_name(f"{database.name}.restoring")


def restore(database: Path, backup: Path, now: datetime) -> Restored:
    """Make `backup` the database; what was there is kept beside it.

    The caller has made sure that `backup` is sound. Raises LockHeld while somebody
    fetches into the database, StoreError while a consumer has it open or when the
    disk fails; the database is then as it was, or the next call ends the work.
    """
    database = database.resolve()
    try:
        with DatabaseLock(database), _alone(database):
            ready = _stage(backup, waiting(database))
            aside = _put_aside(database, now)
            ready.replace(database)
            sync(database.parent)
    except OSError as error:
        raise StoreError(
            database, f"restoring failed ({error})", "run the command again"
        ) from error
    return Restored(database, backup, aside)


def _stage(backup: Path, ready: Path) -> Path:
    """A copy of the backup, durable and fit to go on from."""
    part = ready.with_name(f"{ready.name}.part")
    try:
        shutil.copyfile(backup, part)
        part.chmod(backup.stat().st_mode & 0o777)
        _skip_numbers(part)
        sync(part)
        part.replace(ready)
        sync(ready.parent)
    finally:
        part.unlink(missing_ok=True)
    return ready


def _skip_numbers(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT 'message', 0 WHERE NOT"
                " EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'message')"
            )
            connection.execute(
                "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'message'",
                [SKIPPED],
            )
    except DriverError as error:
        raise explained(path, error) or error from error
    finally:
        connection.close()


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Keep the old files under another name, then take the old log away.

    The names are linked first, so that at no moment a file has no name.
    """
    if not database.exists():
        _unlink_log(database)
        return None
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside = database.with_name(f"{database.name}.before-restore-{stamp}")
    for side in _SIDES[:2]:
        old = Path(f"{database}{side}")
        if old.exists():
            _link(old, Path(f"{aside}{side}"))
    sync(database.parent)
    _unlink_log(database)
    return aside


def _link(old: Path, new: Path) -> None:
    new.unlink(missing_ok=True)
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)


def _unlink_log(database: Path) -> None:
    for side in _SIDES[1:]:
        Path(f"{database}{side}").unlink(missing_ok=True)


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Holds off whoever would open the database; StoreError if somebody has it open.

    Asks the kernel and not SQLite: the database may be too broken to be opened.
    """
    try:
        file = Path(f"{database}-shm").open("r+b")  # noqa: SIM115 - held below
    except FileNotFoundError:
        yield  # no connection in WAL mode is without one
        return
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _DEAD_MAN)
        except OSError as error:
            raise StoreError(
                database,
                "another program, such as a consumer, has it open",
                "stop it first; `fuser` on the file names it",
            ) from error
        yield
        with suppress(OSError):
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _DEAD_MAN)
