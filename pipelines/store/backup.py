"""Making a copy of a database: consistent, and verified before it counts."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pipelines.store import disk
from pipelines.store.copies import Backup, Keep, found, kept, path_for
from pipelines.store.driver import sqlite3
from pipelines.store.errors import DriverError, StoreError
from pipelines.store.session import Session


def make(session: Session, directory: Path, now: datetime, keep: Keep) -> Backup:
    """Copy the database into `directory`, then drop the copies no longer kept.

    Raises StoreError; nothing is dropped then.
    """
    _make_directory(directory)
    target = copy_into(session, path_for(directory, session.path, now))
    copies = found(directory, session.path)
    staying = kept((copy.at for copy in copies), keep)
    for copy in copies:
        if copy.at not in staying and copy.path != target:
            copy.path.unlink(missing_ok=True)
    begun = now.astimezone(UTC).replace(microsecond=0)
    return Backup(target, begun, target.stat().st_size)


def copy_into(session: Session, target: Path) -> Path:
    """A verified, durable copy of the database at `target`; returns it.

    `VACUUM INTO` reads one state while others write (SQLite's stepwise backup starts
    again at each of their commits). A half-made copy never gets the final name, and
    an existing copy is replaced only by a good one. Raises StoreError.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        _check_room(session, part)
        before = _newest(session)
        with session.explaining():
            session.patiently(
                lambda: session.db.conn.execute("VACUUM INTO ?", [str(part)])
            )
        _verify(part, before)
        with suppress(FileNotFoundError):  # the original, deleted while in use
            part.chmod(session.path.stat().st_mode & 0o777)
        _settle(part, target)
    except OSError as error:
        raise StoreError(
            target, f"the copy failed ({error})", "check space and permissions"
        ) from error
    finally:
        _drop(part)
    return target


def _check_room(session: Session, part: Path) -> None:
    """Rather no copy than a full disk, which would stop the service as well."""
    pages = session.value("PRAGMA page_count") - session.value("PRAGMA freelist_count")
    needed = pages * session.value("PRAGMA page_size")
    free = disk.space(part.parent).free
    if free < needed:
        from config.sizes import readable  # reads YAML, which acknowledging need not

        raise StoreError(
            part.parent,
            f"a copy takes {readable(needed)} and {readable(free)} are free",
            "free some space, or set backup.directory to another disk",
        )


def _newest(session: Session) -> tuple[int, int]:
    """The numbers of the latest revision and message: they only grow."""
    known = session.value("SELECT count(*) FROM sqlite_master WHERE name = 'message'")
    if not known:
        return 0, 0  # a file of raw pages, say
    revision = session.value("SELECT coalesce(max(id), 0) FROM revision")
    return revision, session.value("SELECT coalesce(max(seq), 0) FROM message")


def _verify(path: Path, newest: tuple[int, int]) -> None:
    connection = sqlite3.connect(path)
    try:
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        copied = _newest(Session(path, connection))
        if result == "ok" and copied < newest:
            result = "it lacks the latest rows"
    except DriverError as error:
        result = str(error)
    finally:
        connection.close()
    if result != "ok":
        raise StoreError(path, f"the copy is damaged ({result})", "check the disk")


def _settle(part: Path, target: Path) -> None:
    sync(part)
    part.replace(target)
    sync(target.parent)


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            directory, f"cannot be made ({error.strerror})", "check permissions"
        ) from error


def _drop(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # whatever kept it from being finished keeps it from being dropped


def sync(path: Path) -> None:
    """Make a file, or the names in a directory, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
