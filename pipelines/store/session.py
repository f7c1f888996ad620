"""One connection: reading, and the only place that begins transactions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pipelines.store import copies
from pipelines.store.driver import sqlite3
from pipelines.store.errors import (
    DriverError,
    StoreError,
    StoreFull,
    StoreGone,
    explained,
    is_busy,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Seconds that anybody waits for the write lock.
PATIENCE = 10.0
#: Seconds between two tries. SQLite's own busy handler sleeps up to 100 ms, so that
#: an acknowledgement from outside starves beside a busy writer; short, jittered
#: waits get the lock in the writer's next gap.
RETRY = (0.002, 0.003)

T = TypeVar("T")
Value = int | float | str | bytes | None
Row = sqlite3.Row


class _Late:
    """sqlite-utils' Database of a connection, made when more than `conn` is wanted."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.conn = connection

    def __getattr__(self, name: str) -> Any:
        from sqlite_utils import Database

        database = Database(self.conn, execute_plugins=False, strict=True)
        self.__dict__.update(database=database)
        self.__dict__[name] = getattr(database, name)
        return self.__dict__[name]


class Session:
    """A connection to one file; for the thread that made it.

    Driver errors that an operator can act on come out as `StoreError`; others are
    bugs and stay as they are.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self.path = path
        self.backups = copies.directory_of(path)
        self._file: tuple[int, int] | None = None
        self.db = cast("Database", _Late(connection))
        self.patience = PATIENCE
        self._commit_first: Callable[[], None] = _nothing
        self._discard_too: Callable[[], None] = _nothing
        self._rng = random.Random()  # noqa: S311 - spreads waiters, guards nothing

    def precede(self, commit: Callable[[], None], discard: Callable[[], None]) -> None:
        """Have another file commit before, and roll back with, each transaction.

        An error in `commit` aborts the transaction.
        """
        self._commit_first, self._discard_too = commit, discard

    @property
    def writing(self) -> bool:
        """Whether a transaction is open."""
        return self.db.conn.in_transaction

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A transaction: committed at the end, rolled back on any exception.

        Waits for the write lock and raises `StoreBusy` when it stays taken. Within
        a transaction of the same session it is a savepoint.
        """
        with self.explaining():
            if self.writing:
                with self.db.atomic() as db:
                    yield db
            else:
                with self._transaction() as db:
                    yield db

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one state of the database."""
        if self.writing:
            yield
            return
        with self.explaining():
            self.patiently(lambda: self.db.conn.execute("BEGIN"))
            try:
                yield
            finally:
                self.db.conn.rollback()

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        with self.explaining():
            return self.patiently(lambda: self.db.conn.execute(sql, values).fetchall())

    def row(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, if any."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[Value] = ()) -> Any:
        """The first column of the first row; None if there is no row."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def one(self, what: str, sql: str, values: Sequence[Value] = ()) -> Row:
        """The row that must be there; StoreError naming `what` if it is not."""
        found = self.row(sql, values)
        if found is None:
            raise StoreError(self.path, f"there is no {what}", "it may be pruned")
        return found

    def patiently(self, action: Callable[[], T]) -> T:
        """Repeat `action` while the database is locked, up to `patience` seconds."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return action()
            except DriverError as error:
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
            time.sleep(self._rng.uniform(*RETRY))

    def note_file(self) -> None:
        """Remember which file it is that was opened; see `check_file`."""
        self._file = file_id(self.path)

    def check_file(self) -> None:
        """Raises StoreGone if the path no longer leads to the file that is open.

        SQLite goes on with a file that was deleted, and nobody would see its work.
        """
        if file_id(self.path) != self._file:
            raise StoreGone(
                self.path,
                "was deleted or replaced while it was in use",
                "stop whatever did that",
            )

    def close(self) -> None:
        """Give the file back."""
        self.db.conn.close()

    @contextmanager
    def _transaction(self) -> Iterator[Database]:
        self.patiently(lambda: self.db.conn.execute("BEGIN IMMEDIATE"))
        try:
            yield self.db
            self._commit()
        except BaseException:
            self.db.conn.rollback()
            self._discard_too()
            raise

    def _commit(self) -> None:
        if not self.writing:
            raise StoreFull(
                self.path,
                "SQLite gave the transaction up by itself, as it does on a full disk",
                "nothing of it was stored; see the error before this one",
            )
        self._commit_first()
        self.db.conn.execute("COMMIT")

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Driver errors that an operator can act on become `StoreError`."""
        try:
            yield
        except DriverError as error:
            clear = explained(self.path, error, self._how_to_restore)
            if clear is None:
                raise
            raise clear from error

    def _how_to_restore(self) -> str:
        return copies.restoring_advice(self.backups, self.path)


def file_id(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of its name; None: there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _nothing() -> None:
    """What happens beside a transaction of a session that stands alone."""
