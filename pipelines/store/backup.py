"""Consistent copies of a database, verified before they count."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.store.driver import sqlite3
from pipelines.store.errors import DriverError, StoreError
from pipelines.store.session import Session


def copy_into(session: Session, target: Path) -> Path:
    """A verified, durable copy of the database at `target`; returns it.

    `VACUUM INTO` reads one state while others write (SQLite's stepwise backup starts
    again at each of their commits). A half-made copy never gets the final name, and
    an existing copy is replaced only by a good one. Raises StoreError.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with session.explaining():
            session.patiently(
                lambda: session.db.conn.execute("VACUUM INTO ?", [str(part)])
            )
        _verify(part)
        _settle(part, target)
    except OSError as error:
        raise StoreError(
            target, f"the copy failed ({error})", "check space and permissions"
        ) from error
    return target


def _verify(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except DriverError as error:
        result = str(error)
    finally:
        connection.close()
    if result != "ok":
        raise StoreError(path, f"the copy is damaged ({result})", "check the disk")


def _settle(part: Path, target: Path) -> None:
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
