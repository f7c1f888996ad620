"""The memory of wordings: who had which run of words first.

A story posts each of its prints once, under the text that had it first, so that a
wire story in forty outlets costs little more than one. Sketches and postings outlive
the texts; the words themselves are asked of `Wordings`, to be compared one by one.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from pipelines.similarity.relating import Carried, Posting, Sketch
from pipelines.similarity.wording import Wording
from pipelines.store import outlet_lines
from pipelines.store.columns import dumped, micros_or_none, moment_or_none
from pipelines.store.driver import sqlite3
from pipelines.store.outlet_lines import OutletLines, day_of
from pipelines.store.session import Row, Session, Value

SCHEMA: Final = """
CREATE TABLE teller (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A text that was seen, and its length without what its outlet repeats. `story` is
-- the text that began its story; texts of one `url_key` are revisions of one article.
CREATE TABLE sketch (
    id      INTEGER PRIMARY KEY,
    story   INTEGER NOT NULL,
    teller  INTEGER NOT NULL,
    url_key INTEGER,
    exact   INTEGER NOT NULL,
    words   INTEGER NOT NULL,
    seen_at INTEGER
) STRICT;
CREATE INDEX sketch_story ON sketch (story) WHERE story <> id;
CREATE INDEX sketch_url ON sketch (url_key) WHERE url_key IS NOT NULL;

-- A print, and the text that was the first of its story to have it.
CREATE TABLE posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
"""

#: Where no other table knows texts by their wording.
LOOKED_UP: Final = "CREATE INDEX sketch_exact ON sketch (exact);"

#: In a file of its own: the index outlives what it was made from.
WORDINGS: Final = """
CREATE TABLE recent.wording (
    sketch INTEGER PRIMARY KEY,
    words  BLOB NOT NULL
) STRICT;
"""

#: Wordings that are kept ready: those of the stories of the hour.
READY: Final = 512

_ROOM: Final = """
PRAGMA main.cache_size = -65536; -- kilobytes
PRAGMA main.synchronous = OFF;
PRAGMA main.journal_mode = OFF;
PRAGMA recent.synchronous = OFF;
PRAGMA recent.journal_mode = OFF;
"""


class Wordings(Protocol):
    """Where the words of a sketched text are, without what its outlet repeats."""

    def keep(self, sketch: int, wording: Wording) -> None:
        """They are to be found from now on."""

    def get(self, sketch: int) -> Wording | None:
        """The words; None if they are no longer kept."""


class Scratch:
    """Wordings in a file that is gone when it is closed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ready: OrderedDict[int, Wording] = OrderedDict()

    def keep(self, sketch: int, wording: Wording) -> None:
        """Keep the words as they are."""
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


class Postings:
    """The memory that texts are related to; `relating.Memory` in SQLite."""

    def __init__(self, session: Session, wordings: Wordings) -> None:
        self._session = session
        self._wordings = wordings
        self._lines = OutletLines(session)

    # What came before

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that stand in text after text of the outlet."""
        return self._lines.repeated(outlet, lines)

    def at_url(self, url_key: int) -> Carried | None:
        """The latest text at that URL."""
        return self._found(
            "SELECT max(id) AS id FROM sketch WHERE url_key = ?", url_key
        )

    def worded(self, exact: int) -> Carried | None:
        """The first text of that very wording."""
        return self._found("SELECT min(id) AS id FROM sketch WHERE exact = ?", exact)

    def posted(self, prints: Sequence[int], after: int = 0) -> list[Posting]:
        """Who had these prints, of the texts after that one."""
        rows = self._session.rows(
            "SELECT p.print, p.sketch, s.story, s.words FROM json_each(?1) j"
            " CROSS JOIN posting p ON p.print = j.value AND p.sketch > ?2"
            " CROSS JOIN sketch s ON s.id = p.sketch",
            [dumped(prints), after],
        )
        return [Posting(*row) for row in rows]

    def carried(self, ids: Iterable[int]) -> list[Carried]:
        """Those texts, in that order, less those whose words are no longer kept."""
        found = map(self._carried, ids)
        return [carried for carried in found if carried is not None]

    def members(self, story: int, most: int) -> list[int]:
        """The first texts of a story, less those that were revised since."""
        rows = self._session.rows(
            "SELECT id FROM (SELECT ?1 AS id UNION ALL"
            " SELECT id FROM sketch WHERE story = ?1 AND story <> id)"
            " JOIN sketch s USING (id) WHERE NOT EXISTS (SELECT 1 FROM sketch later"
            " WHERE later.url_key = s.url_key AND later.id > s.id)"
            " ORDER BY id LIMIT ?2",
            [story, most],
        )
        return [row[0] for row in rows]

    def newest(self) -> int:
        """The text that was kept last; 0 if there is none."""
        return int(self._session.value("SELECT coalesce(max(id), 0) FROM sketch"))

    # Keeping

    def keep(
        self,
        sketch: Sketch,
        story: int | None,
        prints: Collection[int],
        new: int | None = None,
    ) -> int:
        """Remember a text; its id, by default the next. No `story`: it begins one."""
        new = self.newest() + 1 if new is None else new
        story = new if story is None else story
        text = sketch.text
        self._write(
            "INSERT INTO sketch VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                new,
                story,
                self._teller(text.outlet),
                text.url_key,
                sketch.exact,
                len(sketch.own),
                micros_or_none(text.seen_at),
            ],
        )
        with self._session.explaining():
            self._session.db.conn.executemany(
                "INSERT INTO posting VALUES (?, ?)",
                [(one, new) for one in sorted(prints)],
            )
            self._wordings.keep(new, sketch.own)
        if text.outlet:
            self._lines.keep(text.outlet, sketch.lines, story, day_of(text.seen_at))
        return new

    def _teller(self, outlet: str) -> int:
        query = "SELECT id FROM teller WHERE name = ?"
        found = self._session.value(query, [outlet])
        if found is None:
            self._write("INSERT INTO teller (name) VALUES (?)", [outlet])
            found = self._session.value(query, [outlet])
        return int(found)

    def _found(self, query: str, value: int) -> Carried | None:
        found = self._session.value(query, [value])
        return None if found is None else self._carried(found)

    def _carried(self, one: int) -> Carried | None:
        row = self._session.row(
            "SELECT s.id, s.story, t.name, s.seen_at, s.exact FROM sketch s"
            " JOIN teller t ON t.id = s.teller WHERE s.id = ?",
            [one],
        )
        wording = None if row is None else self._wordings.get(one)
        return None if row is None or wording is None else _carried(row, wording)

    def _write(self, sql: str, values: Sequence[Value]) -> None:
        with self._session.explaining():
            self._session.db.conn.execute(sql, values)


class ScratchPostings(Postings):
    """An empty memory in temporary files that are gone when it is closed."""

    def __init__(self) -> None:
        with TemporaryDirectory(prefix="presswatch-") as directory:
            # Open files outlive their names, so that no crash leaves any behind.
            index, recent = Path(directory, "index.db"), Path(directory, "recent.db")
            connection = sqlite3.connect(index, isolation_level=None)
            connection.execute("ATTACH ? AS recent", [str(recent)])
            tables = SCHEMA + outlet_lines.SCHEMA + LOOKED_UP + WORDINGS
            connection.executescript(_ROOM + tables + "BEGIN;")
        session = Session(index, connection)
        super().__init__(session, Scratch(session))
        self._day = 0

    def keep(
        self,
        sketch: Sketch,
        story: int | None,
        prints: Collection[int],
        new: int | None = None,
    ) -> int:
        """Remember a text, and once a day forget the lines that have not come again."""
        day = day_of(sketch.text.seen_at)
        if day > self._day:
            self._day = day
            self._lines.forget(day)
        return super().keep(sketch, story, prints, new)

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


def _carried(row: Row, wording: Wording) -> Carried:
    return Carried(
        row["id"],
        row["story"],
        row["name"],
        moment_or_none(row["seen_at"]),
        row["exact"],
        wording,
    )
