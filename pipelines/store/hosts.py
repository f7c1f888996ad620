"""What is remembered of hosts: when they may be asked again, and their robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.store.columns import micros, moment, printable
from pipelines.store.session import Row, Session

#: The reason of a host that may not be asked yet only because it just was.
GAP = "the gap between two requests"


@dataclass(frozen=True, slots=True)
class HostRow:
    """When a host may be asked again, why not before, and its failures in a row."""

    host: str
    next_at: datetime
    reason: str
    failures: float


@dataclass(frozen=True, slots=True)
class RobotsRow:
    """The latest answer for robots.txt. `status` None: there was no answer."""

    status: int | None
    body: bytes
    fetched_at: datetime


class Hosts:
    """What is remembered of hosts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, host: str) -> HostRow | None:
        """What is known of a host."""
        row = self._session.row("SELECT * FROM host WHERE host = ?", [host])
        return None if row is None else _host(row)

    def held(self, now: datetime) -> list[HostRow]:
        """The hosts that are on hold, soonest over first; gaps are no holds."""
        return [row for row in self.resting(now) if row.reason != GAP]

    def resting(self, now: datetime) -> list[HostRow]:
        """The hosts that may not be asked yet, for whatever reason."""
        rows = self._session.rows(
            "SELECT * FROM host WHERE next_at > ? ORDER BY next_at", [micros(now)]
        )
        return [_host(row) for row in rows]

    def put(
        self, host: str, next_at: datetime, reason: str, failures: float = 0.0
    ) -> None:
        """Remember when a host may be asked again, why, and how it has been failing."""
        with self._session.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO host (host, next_at, reason, failures)"
                " VALUES (?, ?, ?, ?)",
                [host, micros(next_at), printable(reason), failures],
            )

    def robots(self, origin: str) -> RobotsRow | None:
        """The robots.txt remembered of an origin (`https://example.org`)."""
        row = self._session.row("SELECT * FROM robots WHERE origin = ?", [origin])
        if row is None:
            return None
        return RobotsRow(row["status"], row["body"], moment(row["fetched_at"]))

    def put_robots(self, origin: str, answer: RobotsRow) -> None:
        """Remember an origin's robots.txt."""
        with self._session.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO robots (origin, status, body, fetched_at)"
                " VALUES (?, ?, ?, ?)",
                [origin, answer.status, answer.body, micros(answer.fetched_at)],
            )


def _host(row: Row) -> HostRow:
    return HostRow(row["host"], moment(row["next_at"]), row["reason"], row["failures"])
