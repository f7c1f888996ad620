"""Raw pages, compressed, in files of their own beside the database.

One file an ISO week (`pages-202648.db`), so that the nightly backup stays small and
old weeks are dropped by deleting a file. A body is kept once a file.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store.errors import StoreError, StoreFull
from pipelines.store.opening import Kind, Terms, open_session
from pipelines.store.session import Session

if TYPE_CHECKING:
    from sqlite_utils import Database

#: "PrWp" in the file header.
APPLICATION_ID = 0x50725770

SCHEMA = """
CREATE TABLE body (
    id     INTEGER PRIMARY KEY,
    key    BLOB NOT NULL UNIQUE,
    size   INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;
"""

#: Fast: packing happens while the write lock is held. Level 6 saves a sixth of the
#: space for three times the time.
LEVEL = 1


def _version_1(db: Database) -> None:
    db.executescript(SCHEMA)


KIND = Kind(APPLICATION_ID, (_version_1,), "file of Presswatch pages")


class PageMissing(StoreError):
    """The raw page is no longer kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a body is."""

    file: str
    key: bytes
    size: int


class Pages:
    """The page files of one database.

    `put` opens a transaction that `commit` ends, so that many bodies cost one sync;
    whoever refers to a body commits it first.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writing: tuple[str, Session] | None = None
        self._reading: tuple[str, Session] | None = None
        self._pending = False  # something was put and not committed

    def put(self, body: bytes, at: datetime) -> Kept:
        """Keep a body; the same one is kept once a week. Durable after `commit`."""
        file = file_name(at)
        session = self._for_writing(file)
        key = blake2b(body, digest_size=16).digest()
        with session.explaining():
            self._begin(session)
            if session.value("SELECT 1 FROM body WHERE key = ?", [key]) is None:
                session.db.conn.execute(
                    "INSERT INTO body (key, size, packed) VALUES (?, ?, ?)",
                    [key, len(body), zlib.compress(body, LEVEL)],
                )
        return Kept(file, key, len(body))

    def drop(self, file: str, key: bytes) -> None:
        """Take a body out, if its week is still kept. Durable after `commit`.

        Its space is overwritten.
        """
        if not (self._directory / file).exists():
            return
        session = self._for_writing(file)
        with session.explaining():
            self._begin(session)
            session.db.conn.execute("DELETE FROM body WHERE key = ?", [key])

    def clear_logs(self) -> None:
        """Have no log hold what was dropped, as far as nobody is reading in them."""
        for path in self.files():
            if path.with_name(f"{path.name}-wal").exists():
                session = self._for_writing(path.name)
                session.patiently(
                    session.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone
                )

    def commit(self) -> None:
        """Make what was put durable; StoreError if any of it is lost already."""
        if self._writing is not None and self._pending:
            session = self._writing[1]
            self._check_whole(session)
            with session.explaining():
                session.db.conn.commit()
        self._pending = False

    def discard(self) -> None:
        """Forget what was put since the last commit."""
        self._pending = False
        if self._writing is not None:
            self._writing[1].db.conn.rollback()

    def get(self, file: str, key: bytes) -> bytes:
        """The body; PageMissing when its week is no longer kept."""
        path = self._directory / file
        if not path.exists():
            raise _missing(path)
        found = self._for_reading(file).value(
            "SELECT packed FROM body WHERE key = ?", [key]
        )
        if found is None:
            raise _missing(path)
        return zlib.decompress(found)

    def remove_older(self, than: datetime, keep: Collection[str] = ()) -> int:
        """Delete the files of weeks that ended before, but for `keep`; how many."""
        first_kept = file_name(than)
        old = [
            path
            for path in self.files()
            if path.name < first_kept and path.name not in keep
        ]
        self.close()
        for path in old:
            for part in (path, *path.parent.glob(f"{path.name}-*")):
                part.unlink(missing_ok=True)
        return len(old)

    def files(self) -> tuple[Path, ...]:
        """The page files there are, oldest week first."""
        return tuple(sorted(self._directory.glob("pages-??????.db")))

    def close(self) -> None:
        """Give the files back."""
        for held in (self._writing, self._reading):
            if held is not None:
                held[1].close()
        self._writing = self._reading = None

    def _begin(self, session: Session) -> None:
        if self._pending:
            self._check_whole(session)
            return
        session.patiently(lambda: session.db.conn.execute("BEGIN IMMEDIATE"))
        self._pending = True

    def _check_whole(self, session: Session) -> None:
        # On a full disk SQLite may roll back by itself, and with the body that did
        # not fit go those of other pages, which the main database refers to.
        if not session.writing:
            raise StoreFull(
                session.path,
                "SQLite gave up pages that were put, as it does on a full disk",
                "free some space; the pages are fetched again",
            )

    def _for_writing(self, file: str) -> Session:
        if self._writing is None or self._writing[0] != file:
            self.commit()  # of last week
            if self._writing is not None:
                self._writing[1].close()
            terms = Terms(create=True, migrate=True)
            session = open_session(self._directory / file, terms, KIND)
            session.db.conn.execute("PRAGMA secure_delete = ON")
            self._writing = (file, session)
        return self._writing[1]

    def _for_reading(self, file: str) -> Session:
        if self._reading is None or self._reading[0] != file:
            if self._reading is not None:
                self._reading[1].close()
            session = open_session(self._directory / file, Terms(read_only=True), KIND)
            self._reading = (file, session)
        return self._reading[1]


def file_name(at: datetime) -> str:
    """The file for a page fetched at that time."""
    year, week, _ = at.isocalendar()
    return f"pages-{year:04}{week:02}.db"


def _missing(path: Path) -> PageMissing:
    return PageMissing(path, "the raw page is no longer kept", "fetch the URL again")
