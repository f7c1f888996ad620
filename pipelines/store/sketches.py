"""The memory of texts: their sketches, and how they are found again.

A story posts each of its prints once, under the text that had it first, so that a
wire story in forty outlets costs little more than one. Sketches and postings outlive
the texts; the words themselves are asked of `Wordings`, to be compared one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol

from pipelines.similarity.texts import Carried, Found, Posting, Sketch
from pipelines.similarity.wording import Wording
from pipelines.store.columns import micros_or_none, moment_or_none
from pipelines.store.outlet_lines import OutletLines, day_of
from pipelines.store.postings import Postings
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
"""

#: Wordings that are kept ready: those of the stories of the hour.
READY: Final = 512


class Wordings(Protocol):
    """Where the words of a sketched text are, without what its outlet repeats."""

    def keep(self, sketch: int, wording: Wording) -> None:
        """They are to be found from now on."""

    def get(self, sketch: int) -> Wording | None:
        """The words; None if they are no longer kept."""


class Sketches:
    """The memory that texts are related to; `relating.Memory` in SQLite."""

    def __init__(self, session: Session, wordings: Wordings, first: int = 1) -> None:
        self._session = session
        self._first = first
        self._wordings = wordings
        self._lines = OutletLines(session)
        self._postings = Postings(session)

    # What came before

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that stand in text after text of the outlet."""
        return self._lines.repeated(outlet, lines)

    def at_url(self, url_key: int) -> Carried | None:
        """The latest text at that URL."""
        found = self._session.value(
            "SELECT max(id) FROM sketch WHERE url_key = ?", [url_key]
        )
        return None if found is None else self._carried(found)

    def worded(self, sketch: Sketch) -> Found | None:
        """The first text of that very wording."""
        row = self._session.row(
            "SELECT id, story FROM sketch WHERE exact = ? ORDER BY id LIMIT 1",
            [sketch.exact],
        )
        return None if row is None else Found(*row)

    def posted(self, prints: Sequence[int], after: int = 0) -> list[Posting]:
        """Who had these prints, of the texts after that one."""
        return self._postings.had(prints, after)

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
        new = max(self.newest() + 1, self._first) if new is None else new
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
        self._postings.keep(new, prints)
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


def _carried(row: Row, wording: Wording) -> Carried:
    return Carried(
        row["id"],
        row["story"],
        row["name"],
        moment_or_none(row["seen_at"]),
        row["exact"],
        wording,
    )
