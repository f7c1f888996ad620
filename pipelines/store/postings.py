"""Which texts had which prints, in two tables: those of the latest texts, and the rest.

Each print of a text belongs on another page of a large index, so that a text costs
the more the larger the index is. Therefore its prints go into a small table first,
and when that holds those of many texts, they are moved, in the order of the prints:
rows that share a page are written together. A log-structured merge tree of two levels
with a rolling merge (O'Neil, Cheng, Gawlick, O'Neil 1996). Lookups ask both tables.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pipelines.similarity.texts import Posting
from pipelines.store.columns import dumped
from pipelines.store.session import Session

SCHEMA: Final = """
-- A print, and the text that was the first of its story to have it.
CREATE TABLE posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;

-- The same of the latest texts.
CREATE TABLE fresh_posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
"""

#: Prints are below this.
PRINTS: Final = 1 << 32
#: Texts whose prints are moved together: they make a table of some 10 MB.
TOGETHER: Final = 1 << 14
#: Rows that are moved, and rows that are looked at, in one transaction: some 10 ms of
#: holding the write lock.
MOVED: Final = 1_000
SWEPT: Final = 10_000

_BOTH: Final = ("posting", "fresh_posting")


class Postings:
    """The postings of one database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def had(self, prints: Collection[int], after: int = 0) -> list[Posting]:
        """Who had these prints, of the texts after that one."""
        rows = self._session.rows(_HAD, [dumped(list(prints)), after])
        return [Posting(*row) for row in rows]

    def keep(self, sketch: int, prints: Collection[int]) -> None:
        """Post the prints of a text that came just now."""
        with self._session.explaining():
            self._session.db.conn.executemany(
                "INSERT OR IGNORE INTO fresh_posting VALUES (?, ?)",
                [(one, sketch) for one in sorted(prints)],
            )

    def keep_missing(self, sketch: int, prints: Collection[int]) -> None:
        """Post the prints of a text that has been there; it may have posted some."""
        rows = self._session.rows(_MISSING, [dumped(list(prints)), sketch])
        self.keep(sketch, [row[0] for row in rows])

    def forget(self, sketch: int, prints: Collection[int]) -> None:
        """Take postings of a text out."""
        for table in _BOTH:
            self._session.db.conn.execute(
                f"DELETE FROM {table} WHERE sketch = ?1"  # noqa: S608 - ours
                " AND print IN (SELECT value FROM json_each(?2))",
                [sketch, dumped(list(prints))],
            )

    def move(self, start: int) -> int:
        """Move some fresh postings to the others, from that print on.

        Returns the next print, PRINTS if there is none. Within a transaction a posting
        is in one table or in the other.
        """
        stop = self._stop("fresh_posting", start, MOVED)
        execute = self._session.db.conn.execute
        with self._session.explaining():
            execute(
                "INSERT OR IGNORE INTO posting SELECT print, sketch FROM fresh_posting"
                " WHERE print >= ? AND print < ? ORDER BY print, sketch",
                [start, stop],
            )
            execute(
                "DELETE FROM fresh_posting WHERE print >= ? AND print < ?",
                [start, stop],
            )
        return stop

    def sweep(self, start: int, kept: int) -> int:
        """Take out some postings of texts before `kept`, from that print on.

        Returns the next print, PRINTS if there is none.
        """
        stop = min(self._stop(table, start, SWEPT) for table in _BOTH)
        for table in _BOTH:
            self._session.db.conn.execute(
                f"DELETE FROM {table}"  # noqa: S608 - ours
                " WHERE print >= ? AND print < ? AND sketch < ?",
                [start, stop, kept],
            )
        return stop

    def _stop(self, table: str, start: int, rows: int) -> int:
        """The print that so many rows of a table lead to."""
        stop = self._session.value(
            f"SELECT print FROM {table}"  # noqa: S608 - ours
            " WHERE print >= ? ORDER BY print LIMIT 1 OFFSET ?",
            [start, rows],
        )
        # A print that all of them have is done as a whole, with the next step.
        return PRINTS if stop is None else max(int(stop), start + 1)


_HAD: Final = " UNION ALL ".join(
    "SELECT p.print, p.sketch, s.story, s.words FROM json_each(?1) j"  # noqa: S608
    f" CROSS JOIN {table} p ON p.print = j.value AND p.sketch > ?2"
    " CROSS JOIN sketch s ON s.id = p.sketch"
    for table in _BOTH
)

_MISSING: Final = """
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM posting WHERE print = value AND sketch = ?2)
"""
