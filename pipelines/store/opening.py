"""Opening a database file: created, checked, migrated or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store import copies, restoring, schema
from pipelines.store.backup import copy_into
from pipelines.store.driver import sqlite3
from pipelines.store.errors import DriverError, StoreError, explained
from pipelines.store.session import Session

if TYPE_CHECKING:
    from sqlite_utils import Database

#: STRICT tables came with this one.
OLDEST_SQLITE = (3, 37, 0)

#: FULL: no commit is lost to a power cut. No mmap: a disk error is an error then,
#: and not a SIGBUS. The limits keep the write-ahead log small.
SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 1000;
PRAGMA journal_size_limit = 67108864;
PRAGMA mmap_size = 0;
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the opener may do to the file."""

    create: bool = False
    migrate: bool = False
    read_only: bool = False
    older: bool = False  # an older schema will do: it is only looked over
    backups: Path | None = None  # where copies are; None: at the usual place


@dataclass(frozen=True, slots=True)
class Kind:
    """Which files are ours: their id, and the way to their newest schema."""

    application_id: int
    migrations: Sequence[schema.Migration]
    name: str = "Presswatch database"


def open_session(path: Path, terms: Terms, kind: Kind) -> Session:
    """A session on a file of the newest schema; StoreError says why there is none."""
    _check_sqlite(path)
    _check_place(path, terms, kind)
    session = Session(path, _connect(path, terms))
    session.backups = terms.backups or session.backups
    try:
        _prepare(session, terms, kind)
        _check_restored(path)  # not while it was being opened either
        session.note_file()
    except BaseException:
        session.close()
        raise
    return session


def schema_version(session: Session) -> int:
    """The `user_version` of the file; 0 before it has a schema."""
    return int(session.value("PRAGMA user_version"))


def _check_sqlite(path: Path) -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            path,
            f"SQLite {sqlite3.sqlite_version} is too old, {wanted} is needed",
            "install the pysqlite3 package, which carries a recent one",
        )


def _check_place(path: Path, terms: Terms, kind: Kind) -> None:
    if path.is_dir():
        raise StoreError(path, "is a directory", "name a file")
    _check_restored(path)
    if path.exists():
        if not path.is_file():  # of a pipe, opening it would never end
            raise StoreError(path, "is no regular file", "name a file")
        return
    if not terms.create:
        raise StoreError(
            path,
            f"there is no {kind.name}",
            "`presswatch once` or `presswatch run` creates it; or check --database",
        )
    _check_never_was(path, terms)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            path, f"its directory cannot be made ({error})", "check permissions"
        ) from error


def _check_never_was(path: Path, terms: Terms) -> None:
    """Not to begin anew, with every old article a new one, where a file was lost."""
    directory = terms.backups or copies.directory_of(path)
    if copies.found(directory, path):
        raise StoreError(
            path,
            "there is no database here, but there are backups of it",
            f"{copies.restoring_advice(directory, path)}; or, to begin anew, move"
            f" {directory} away",
        )


def _check_restored(path: Path) -> None:
    if restoring.waiting(path).exists():
        raise StoreError(
            path,
            "is being restored, or a restore was interrupted",
            "`presswatch restore` ends it",
        )


def _connect(path: Path, terms: Terms) -> sqlite3.Connection:
    mode = "ro" if terms.read_only else ("rwc" if terms.create else "rw")
    try:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,  # only Session.write begins transactions
            timeout=0,  # Session.patiently waits
        )
    except DriverError as error:
        raise explained(path, error) or error from error


def _prepare(session: Session, terms: Terms, kind: Kind) -> None:
    fresh = _is_empty(session)
    _check_identity(session, kind, fresh and terms.create)
    if not terms.read_only:
        _configure(session, fresh)
    session.db.conn.execute("PRAGMA foreign_keys = ON")
    _check_version(session, terms, kind)


def _is_empty(session: Session) -> bool:
    return not session.value("SELECT count(*) FROM sqlite_master")


def _check_identity(session: Session, kind: Kind, may_be_new: bool) -> None:
    found = session.value("PRAGMA application_id")
    if found == kind.application_id or (may_be_new and found == 0):
        return
    raise StoreError(
        session.path, f"an SQLite file, but no {kind.name}", "check the path"
    )


def _configure(session: Session, fresh: bool) -> None:
    with session.explaining():
        if fresh:  # takes effect only before the first page is written
            _set(session, "PRAGMA auto_vacuum = INCREMENTAL")
        mode = _set(session, "PRAGMA journal_mode = WAL")
        for setting in filter(None, map(str.strip, SETTINGS.split(";"))):
            _set(session, setting)
    if mode != "wal":
        raise StoreError(
            session.path,
            f"the file system allows no write-ahead log (journal mode {mode})",
            "keep the database on a local disk",
        )


def _set(session: Session, pragma: str) -> object:
    """Run a pragma, waiting for others who are creating the file; its answer."""
    answer = session.patiently(lambda: session.db.conn.execute(pragma).fetchone())
    return None if answer is None else answer[0]


def _check_version(session: Session, terms: Terms, kind: Kind) -> None:
    version, known = schema_version(session), len(kind.migrations)
    if version > known:
        raise StoreError(
            session.path,
            f"database schema {version}, this program knows {known}",
            "use the newer program, or restore an older backup",
        )
    if version < known and not terms.older:
        if not (terms.create if version == 0 else terms.migrate):
            raise StoreError(
                session.path,
                f"database schema {version}, this program needs {known}",
                "`presswatch migrate` brings it up, after a backup",
            )
        migrate(session, kind)


def migrate(session: Session, kind: Kind) -> None:
    """Bring the file to the newest schema, one transaction a step.

    A file that held a schema before is copied first, to `copy_of`. A new one gets the
    newest schema at once, so that nobody meets it half made.
    """
    version = schema_version(session)
    if version:
        copy_into(session, copy_of(session.path, version))
    # Tables that others refer to can only be rebuilt with the checks off; they are
    # made up for at the end of each step.
    session.db.conn.execute("PRAGMA foreign_keys = OFF")
    with nullcontext() if version else session.write():
        for step in range(version, len(kind.migrations)):
            with session.write() as db:
                # Another process may have come first.
                if schema_version(session) == step:
                    _take_step(session, db, kind, step)
    session.db.conn.execute("PRAGMA foreign_keys = ON")


def copy_of(path: Path, schema: int) -> Path:
    """Where a file of an older schema is kept when it is brought up.

    One name a schema: who begins again after a kill halfway keeps the first copy.
    """
    return path.with_name(f"{path.name}.schema-{schema}")


def _take_step(session: Session, db: Database, kind: Kind, step: int) -> None:
    kind.migrations[step](db)
    broken = session.rows("PRAGMA foreign_key_check")
    if broken:
        raise StoreError(
            session.path,
            f"migration {step + 1} would leave {len(broken)} rows without parents",
            "nothing was changed; please report this",
        )
    db.execute(f"PRAGMA application_id = {kind.application_id}")
    db.execute(f"PRAGMA user_version = {step + 1}")
