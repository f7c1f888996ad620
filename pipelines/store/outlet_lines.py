"""Which lines an outlet prints in text after text, by their keys.

Kept for the comparison of texts: what an outlet says everywhere makes no two of its
articles alike. (What consumers get is cleaned by `pipelines.memory`.)
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b
from typing import Final

from pipelines.store.columns import dumped, micros_or_none
from pipelines.store.session import Session

SCHEMA: Final = """
-- Lines that an outlet has printed: in how many stories, when and in which one last.
-- The key stands for the line and the outlet.
CREATE TABLE outlet_line (
    key     INTEGER PRIMARY KEY,
    stories INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    story   INTEGER NOT NULL
) STRICT;
"""

#: A line of so many stories belongs to the outlet and not to the article. Days do
#: not count: a page that is revised for a week says the same all the time.
REPEATED_STORIES: Final = 3
#: Days after which a line that has not come again is forgotten, and one that the
#: outlet was known to repeat.
LINE_MEMORY: Final = 15
REPEATED_MEMORY: Final = 180
#: Keys are below this.
KEYS: Final = 1 << 48

_DAY: Final = 86_400_000_000  # microseconds


class OutletLines:
    """The lines of all outlets in one database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def repeated(self, outlet: str, lines: Collection[int]) -> set[int]:
        """Those of the lines that stand in text after text of the outlet."""
        spread = _spread(outlet)
        lines_of = {(line + spread) % KEYS: line for line in lines}
        rows = self._session.rows(
            "SELECT key FROM outlet_line WHERE key IN (SELECT value FROM json_each(?))"
            " AND stories >= ?",
            [dumped(list(lines_of)), REPEATED_STORIES],
        )
        return {lines_of[row[0]] for row in rows}

    def keep(self, outlet: str, lines: Collection[int], story: int, day: int) -> None:
        """Count the lines of a text of that story."""
        spread = _spread(outlet)
        keys = sorted({(line + spread) % KEYS for line in lines})
        with self._session.explaining():
            self._session.db.conn.executemany(
                "INSERT INTO outlet_line VALUES (?1, 1, ?2, ?3) ON CONFLICT DO UPDATE"
                " SET stories = stories + (story <> excluded.story),"
                " day = max(day, excluded.day), story = excluded.story",
                [(key, day, story) for key in keys],
            )

    def forget(self, day: int, keys: range = range(KEYS)) -> None:
        """Forget the lines that have not come again, of those with such keys."""
        with self._session.explaining():
            self._session.db.conn.execute(
                "DELETE FROM outlet_line WHERE key >= ?1 AND key < ?2"
                " AND day < iif(stories < ?3, ?4, ?5)",
                [
                    keys.start,
                    keys.stop,
                    REPEATED_STORIES,
                    day - LINE_MEMORY,
                    day - REPEATED_MEMORY,
                ],
            )


def day_of(at: datetime | None) -> int:
    """The number of the day; the same one for all times that are not known."""
    return (micros_or_none(at) or 0) // _DAY


def _spread(outlet: str) -> int:
    """48 bits that stand for an outlet."""
    encoded = outlet.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=6).digest(), "big")
