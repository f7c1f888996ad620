"""A memory of texts that is gone when it is closed: `relate` and the benchmarks."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pipelines.similarity.texts import Sketch
from pipelines.similarity.wording import Wording
from pipelines.store import outlet_lines, postings, sketches
from pipelines.store.driver import sqlite3
from pipelines.store.outlet_lines import day_of
from pipelines.store.postings import PRINTS, TOGETHER
from pipelines.store.session import Session
from pipelines.store.sketches import READY, Sketches

TABLES: Final = f"""
{sketches.SCHEMA}
{outlet_lines.SCHEMA}
{postings.SCHEMA}
-- No other table knows texts by their wording here.
CREATE INDEX sketch_exact ON sketch (exact);

-- In a file of its own: the index outlives what it was made from.
CREATE TABLE recent.wording (
    sketch INTEGER PRIMARY KEY,
    words  BLOB NOT NULL
) STRICT;
"""

_ROOM: Final = """
PRAGMA main.cache_size = -65536; -- kilobytes
PRAGMA main.synchronous = OFF;
PRAGMA main.journal_mode = OFF;
PRAGMA recent.synchronous = OFF;
PRAGMA recent.journal_mode = OFF;
"""


class ScratchWordings:
    """Wordings in a file that is gone when it is closed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ready: OrderedDict[int, Wording] = OrderedDict()

    def keep(self, sketch: int, wording: Wording) -> None:
        """Keep the words as they are."""
        with self._session.explaining():
            self._session.db.conn.execute(
                "INSERT INTO recent.wording VALUES (?, ?)",
                [sketch, wording.words.tobytes()],
            )
        self._make_ready(sketch, wording)

    def get(self, sketch: int) -> Wording | None:
        """The words of a text that was kept here."""
        ready = self._ready.get(sketch)
        if ready is not None:
            self._ready.move_to_end(sketch)
            return ready
        packed = self._session.value(
            "SELECT words FROM recent.wording WHERE sketch = ?", [sketch]
        )
        if packed is None:
            return None
        words = array("Q")
        words.frombytes(packed)
        wording = Wording(words)
        self._make_ready(sketch, wording)
        return wording

    def _make_ready(self, sketch: int, wording: Wording) -> None:
        self._ready[sketch] = wording
        if len(self._ready) > READY:
            self._ready.popitem(last=False)


class Scratch(Sketches):
    """An empty memory in temporary files that are gone when it is closed.

    `first` is the id of its first text.
    """

    def __init__(self, first: int = 1) -> None:
        with TemporaryDirectory(prefix="presswatch-") as directory:
            # Open files outlive their names, so that no crash leaves any behind.
            index, recent = Path(directory, "index.db"), Path(directory, "recent.db")
            connection = sqlite3.connect(index, isolation_level=None)
            connection.execute("ATTACH ? AS recent", [str(recent)])
            connection.executescript(_ROOM + TABLES + "BEGIN;")
        session = Session(index, connection)
        super().__init__(session, ScratchWordings(session), first)
        self._day = 0
        self._merged = first - 1  # the text up to which prints have been moved

    def keep(
        self,
        sketch: Sketch,
        story: int | None,
        prints: Collection[int],
        new: int | None = None,
    ) -> int:
        """Remember a text; now and then, do what the service does in the background."""
        day = day_of(sketch.text.seen_at)
        if day > self._day:
            self._day = day
            self._lines.forget(day)
        new = super().keep(sketch, story, prints, new)
        if new - self._merged >= TOGETHER:
            self.merge()
        return new

    def merge(self) -> None:
        """Move the prints of the latest texts to those of the others."""
        at = 0
        while at < PRINTS:
            at = self._postings.move(at)
        self._merged = self.newest()

    def size(self) -> int:
        """Bytes of the index, without the wordings."""
        pages, free, size = (
            int(self._session.value(f"PRAGMA main.{name}"))
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def close(self) -> None:
        """Give the files back."""
        self._session.close()
