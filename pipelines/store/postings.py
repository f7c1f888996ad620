"""The memory of wordings: who had which run of words first, and what outlets repeat.

A story posts each of its prints once, under the text that had it first, so that a
wire story in forty outlets costs little more than one. Sketches and postings need no
texts; `wording` holds the words of recent ones, to be compared with word by word.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pipelines.similarity.relating import Carried, Posting, Sketch
from pipelines.similarity.wording import Wording
from pipelines.store.columns import dumped, micros_or_none, moment_or_none
from pipelines.store.driver import sqlite3
from pipelines.store.session import Row, Session

SCHEMA: Final = """
CREATE TABLE teller (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A text that was seen. `story` is the text that began its story.
CREATE TABLE sketch (
    id      INTEGER PRIMARY KEY,
    story   INTEGER NOT NULL,
    teller  INTEGER NOT NULL,
    url_key INTEGER,
    exact   INTEGER NOT NULL,
    window  INTEGER NOT NULL,
    seen_at INTEGER
) STRICT;
CREATE INDEX sketch_exact ON sketch (exact);
CREATE INDEX sketch_url ON sketch (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX sketch_story ON sketch (story) WHERE story <> id;

-- A print, and the text that was the first of its story to have it.
CREATE TABLE posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;

-- Lines that an outlet has printed: in how many stories, when and in which one last.
-- The key stands for the line and the outlet.
CREATE TABLE line (
    key     INTEGER PRIMARY KEY,
    stories INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    story   INTEGER NOT NULL
) STRICT;
"""

#: In a file of its own: the index outlives what it was made from.
WORDINGS: Final = """
CREATE TABLE recent.wording (
    sketch INTEGER PRIMARY KEY,
    words  BLOB NOT NULL
) STRICT;
"""

#: A line of so many stories belongs to the outlet and not to the article. Days do
#: not count: a page that is revised for a week says the same all the time.
REPEATED_STORIES: Final = 3
#: Days after which a line that has not come again is forgotten.
LINE_MEMORY: Final = 15
#: Wordings that are kept ready: those of the stories of the hour.
READY: Final = 512

_ROOM: Final = """
PRAGMA main.cache_size = -65536; -- kilobytes
PRAGMA main.synchronous = OFF;
PRAGMA main.journal_mode = OFF;
PRAGMA recent.synchronous = OFF;
PRAGMA recent.journal_mode = OFF;
"""
_SPREAD: Final = 0x9E3779B97F4B  # 2^48 over the golden ratio (Knuth, 6.4)
_DAY: Final = 86_400_000_000  # microseconds


class Postings:
    """The memory that texts are related to; `relating.Memory` in SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ready: OrderedDict[int, Carried] = OrderedDict()
        self._tellers: dict[str, int] = {}
        self._day = 0

    @classmethod
    def scratch(cls) -> Postings:
        """An empty memory in temporary files that are gone when it is closed."""
        with TemporaryDirectory(prefix="presswatch-") as directory:
            # Open files outlive their names, so that no crash leaves any behind.
            index, recent = Path(directory, "index.db"), Path(directory, "recent.db")
            connection = sqlite3.connect(index, isolation_level=None)
            connection.execute("ATTACH ? AS recent", [str(recent)])
            connection.executescript(_ROOM + SCHEMA + WORDINGS + "BEGIN;")
        return cls(Session(index, connection))

    def close(self) -> None:
        """Give the file back."""
        self._session.close()

    def size(self) -> int:
        """Bytes of the index, without the wordings."""
        pages, free, size = (
            int(self._session.value(f"PRAGMA main.{name}"))
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    # What came before

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that stand in text after text of the outlet."""
        teller = self._known_teller(outlet)
        if teller is None:
            return set()
        lines_of = {_of_teller(line, teller): line for line in lines}
        rows = self._session.rows(
            "SELECT key FROM line WHERE key IN (SELECT value FROM json_each(?))"
            " AND stories >= ?",
            [dumped(list(lines_of)), REPEATED_STORIES],
        )
        return {lines_of[row[0]] for row in rows}

    def at_url(self, url_key: int) -> Carried | None:
        """The latest text at that URL."""
        return self._found(
            "SELECT max(id) AS id FROM sketch WHERE url_key = ?", url_key
        )

    def worded(self, exact: int) -> Carried | None:
        """The first text of that very wording."""
        return self._found("SELECT min(id) AS id FROM sketch WHERE exact = ?", exact)

    def posted(self, prints: Sequence[int]) -> list[Posting]:
        """Who had these prints."""
        rows = self._session.rows(
            "SELECT p.print, p.sketch, s.story, s.window FROM json_each(?) j"
            " CROSS JOIN posting p ON p.print = j.value"
            " CROSS JOIN sketch s ON s.id = p.sketch",
            [dumped(prints)],
        )
        return [Posting(*row) for row in rows]

    def carried(self, ids: Iterable[int]) -> list[Carried]:
        """Those texts, in that order."""
        return [self._carried(one) for one in ids]

    def members(self, story: int, most: int) -> list[int]:
        """Some texts of a story: the first ones and the latest one."""
        rows = self._session.rows(
            "SELECT id FROM sketch WHERE story = ?1 AND story <> id ORDER BY id"
            " LIMIT ?2",
            [story, most - 1],
        )
        return [story, *(row[0] for row in rows)]

    # Keeping

    def keep(self, sketch: Sketch, story: int | None, prints: Collection[int]) -> int:
        """Remember a text; its new id. No `story`: it begins one."""
        teller = self._teller(sketch.text.outlet)
        new = self._next_id()
        carried = Carried(
            new,
            new if story is None else story,
            sketch.text.outlet,
            sketch.text.seen_at,
            sketch.exact,
            sketch.own,
        )
        self._keep_sketch(carried, teller, sketch.text.url_key)
        self._write_many(
            "INSERT INTO posting VALUES (?, ?)", [(one, new) for one in sorted(prints)]
        )
        if sketch.text.outlet:
            self._keep_lines(sketch, teller, carried.story)
        self._make_ready(carried)
        return new

    def _keep_sketch(self, carried: Carried, teller: int, url_key: int | None) -> None:
        self._write(
            "INSERT INTO sketch VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                carried.id,
                carried.story,
                teller,
                url_key,
                carried.exact,
                carried.wording.window,
                micros_or_none(carried.seen_at),
            ],
        )
        self._write(
            "INSERT INTO recent.wording VALUES (?, ?)",
            [carried.id, carried.wording.words.tobytes()],
        )

    def _keep_lines(self, sketch: Sketch, teller: int, story: int) -> None:
        day = _day(sketch.text.seen_at)
        self._forget_lines(day)
        keys = sorted({_of_teller(line, teller) for line in sketch.lines})
        self._write_many(
            "INSERT INTO line VALUES (?1, 1, ?2, ?3) ON CONFLICT DO UPDATE SET"
            " stories = stories + (story <> excluded.story),"
            " day = excluded.day, story = excluded.story",
            [(key, day, story) for key in keys],
        )

    def _forget_lines(self, day: int) -> None:
        """Once a day: forget the lines that have not come again."""
        if day <= self._day:
            return
        self._day = day
        self._write(
            "DELETE FROM line WHERE day < ? AND stories < ?",
            [day - LINE_MEMORY, REPEATED_STORIES],
        )

    def _teller(self, outlet: str) -> int:
        if self._known_teller(outlet) is None:
            self._write("INSERT INTO teller (name) VALUES (?)", [outlet])
        known = self._known_teller(outlet)
        assert known is not None  # noqa: S101 (it was written just now)
        return known

    def _known_teller(self, outlet: str) -> int | None:
        if outlet not in self._tellers:
            query = "SELECT id FROM teller WHERE name = ?"
            found = self._session.value(query, [outlet])
            if found is None:
                return None
            self._tellers[outlet] = int(found)
        return self._tellers[outlet]

    def _next_id(self) -> int:
        return int(self._session.value("SELECT coalesce(max(id), 0) + 1 FROM sketch"))

    def _found(self, query: str, value: int) -> Carried | None:
        found = self._session.value(query, [value])
        return None if found is None else self._carried(found)

    def _carried(self, one: int) -> Carried:
        ready = self._ready.get(one)
        if ready is not None:
            self._ready.move_to_end(one)
            return ready
        row = self._session.one(
            f"sketch {one}",
            "SELECT s.id, s.story, t.name, s.seen_at, s.exact, w.words FROM sketch s"
            " JOIN teller t ON t.id = s.teller JOIN recent.wording w ON w.sketch = s.id"
            " WHERE s.id = ?",
            [one],
        )
        carried = _carried(row)
        self._make_ready(carried)
        return carried

    def _make_ready(self, carried: Carried) -> None:
        self._ready[carried.id] = carried
        if len(self._ready) > READY:
            self._ready.popitem(last=False)

    def _write(self, sql: str, values: Sequence[int | str | bytes | None]) -> None:
        with self._session.explaining():
            self._session.db.conn.execute(sql, values)

    def _write_many(self, sql: str, rows: Sequence[tuple[int, ...]]) -> None:
        with self._session.explaining():
            self._session.db.conn.executemany(sql, rows)


def _carried(row: Row) -> Carried:
    words = array("Q")
    words.frombytes(row["words"])
    return Carried(
        row["id"],
        row["story"],
        row["name"],
        moment_or_none(row["seen_at"]),
        row["exact"],
        Wording(words),
    )


def _of_teller(line: int, teller: int) -> int:
    """A line of one outlet, as 48 bits."""
    return (line + teller * _SPREAD) & (1 << 48) - 1


def _day(at: datetime | None) -> int:
    """The number of the day; the same one for all times that are not known."""
    return (micros_or_none(at) or 0) // _DAY
