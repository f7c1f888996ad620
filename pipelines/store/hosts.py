"""What is remembered of hosts: when they may be asked again, and their robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.store.columns import (
    micros,
    micros_or_none,
    moment,
    moment_or_none,
    printable,
)
from pipelines.store.session import Row, Session

#: The reason of a host that may not be asked yet only because it just was.
GAP = "the gap between two requests"


@dataclass(frozen=True, slots=True)
class HostRow:
    """When a host may be asked again, why not before, and its failures in a row.

    `opened`: how often in a row its breaker opened, since failures began at
    `failing_since`. `pace`: how many times its gap it gets.
    """

    host: str
    next_at: datetime
    reason: str = GAP
    failures: float = 0.0
    opened: int = 0
    failing_since: datetime | None = None
    pace: float = 1.0


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

    def hurt(self, now: datetime) -> list[HostRow]:
        """The hosts that may not be asked yet, that fail, or that are asked slowly."""
        rows = self._session.rows(
            "SELECT * FROM host WHERE next_at > ? OR failures > 0 OR opened > 0"
            " OR pace > 1 ORDER BY next_at",
            [micros(now)],
        )
        return [_host(row) for row in rows]

    def put(self, row: HostRow) -> None:
        """Remember when a host may be asked again, why, and how it has been failing."""
        with self._session.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO host"
                " (host, next_at, reason, failures, opened, failing_since, pace)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    row.host,
                    micros(row.next_at),
                    printable(row.reason),
                    row.failures,
                    row.opened,
                    micros_or_none(row.failing_since),
                    row.pace,
                ],
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
    return HostRow(
        host=row["host"],
        next_at=moment(row["next_at"]),
        reason=row["reason"],
        failures=row["failures"],
        opened=row["opened"],
        failing_since=moment_or_none(row["failing_since"]),
        pace=row["pace"],
    )
