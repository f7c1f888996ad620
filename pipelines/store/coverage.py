"""Which of an outlet's sources listed what: the base of cross-checks. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.outcome import Outcome
from pipelines.store.columns import micros, moment, moment_or_none
from pipelines.store.session import Session

#: A column of bits has room for so many sources of an outlet; later ones share the
#: last bit.
MOST_BITS = 62


@dataclass(frozen=True, slots=True)
class ListedSource:
    """An active source, since when its polls succeed, and its bit (`source_bit`)."""

    id: int
    kind: str
    url: str
    first_ok: datetime | None
    bit: int


@dataclass(frozen=True, slots=True)
class ListedBy:
    """A URL and the bits of all sources that ever listed it."""

    url: str
    seen_in: int
    discovered_at: datetime
    outcome: Outcome | None


class Coverage:
    """Questions about who lists what."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sources(self, outlet: str) -> list[ListedSource]:
        """The active sources of an outlet, by id."""
        rows = self._session.rows(
            "SELECT id, kind, url, first_ok, active FROM source WHERE outlet = ?"
            " ORDER BY id",
            [outlet],
        )
        return [
            ListedSource(
                row["id"],
                row["kind"],
                row["url"],
                moment_or_none(row["first_ok"]),
                min(number, MOST_BITS),
            )
            for number, row in enumerate(rows)
            if row["active"]
        ]

    def listed(self, outlet: str, since: datetime, until: datetime) -> list[ListedBy]:
        """The URLs that an outlet's sources brought in a time, in that order."""
        rows = self._session.rows(
            "SELECT url, seen_in, discovered_at, outcome FROM url WHERE outlet = ?"
            " AND discovered_at >= ? AND discovered_at < ? AND seen_in <> 0"
            " ORDER BY discovered_at, id",
            [outlet, micros(since), micros(until)],
        )
        return [
            ListedBy(
                row["url"],
                row["seen_in"],
                moment(row["discovered_at"]),
                None if row["outcome"] is None else Outcome(row["outcome"]),
            )
            for row in rows
        ]

    def still_listed(self, source_id: int, since: datetime) -> list[bytes]:
        """The keys of the URLs that a source listed in its polls since then.

        One that it listed before, and another source of the outlet since, counts too.
        """
        rows = self._session.rows(
            "SELECT key FROM url WHERE outlet = (SELECT outlet FROM source WHERE"
            " id = ?1) AND last_listed_at >= ?2 AND seen_in & ?3",
            [source_id, micros(since), source_bit(self._session, source_id)],
        )
        return [row["key"] for row in rows]

    def recent(self, outlet: str, since: datetime, most: int) -> list[str]:
        """The URLs that an outlet's sources listed in a time, the latest `most`."""
        rows = self._session.rows(
            "SELECT url FROM (SELECT id, url, last_listed_at FROM url WHERE outlet = ?"
            " AND last_listed_at >= ? ORDER BY last_listed_at DESC, id DESC LIMIT ?)"
            " ORDER BY last_listed_at, id",
            [outlet, micros(since), most],
        )
        return [row["url"] for row in rows]


def source_bit(session: Session, source_id: int) -> int:
    """The bit that stands for a source in `url.seen_in`: its rank within its outlet.

    Sources are never deleted, so that it stays what it is.
    """
    before = session.value(
        "SELECT count(*) FROM source WHERE id < ?1 AND outlet ="
        " (SELECT outlet FROM source WHERE id = ?1)",
        [source_id],
    )
    return 1 << min(int(before or 0), MOST_BITS)
