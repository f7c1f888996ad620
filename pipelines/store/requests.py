"""The ledger: what was asked of every host, when and what for.

Each request is a line, kept for a while, and a count in the sums by day, host and
purpose, kept for good. Both are written in the transaction that stores what the
request brought. A line stands for one line of the server's own access log: a request
that was sent. Connections that failed before are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.store.columns import micros, micros_or_none, moment, printable
from pipelines.store.session import Row, Session

#: Lines taken out in one transaction by `prune`.
PRUNED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request that was sent.

    `bytes` are those of the answer that arrived, status line and headers included,
    before Content-Encoding is undone and inside TLS: fewer than the server sent if
    we hung up. `status` None: no status line came. `host` is as `pipelines.urls.host`
    gives it; `outlet` None: asked for none.
    """

    at: datetime
    host: str
    purpose: str
    url: str
    status: int | None
    bytes: int
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class RequestSum:
    """What was asked of a host for one purpose on one day (UTC)."""

    day: date
    host: str
    purpose: str
    requests: int
    bytes: int


class Requests:
    """The ledger of requests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lines: Iterable[RequestLine]) -> None:
        """Enter requests, each in its line and in the sum of its day."""
        lines = tuple(lines)
        if not lines:
            return
        with self._session.write() as db:
            db.conn.executemany(
                "INSERT INTO request (at, host, purpose, url, status, bytes, outlet)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_values(line) for line in lines],
            )
            db.conn.executemany(
                "INSERT INTO request_sum (day, host, purpose, requests, bytes)"
                " VALUES (?, ?, ?, 1, ?) ON CONFLICT (day, host, purpose) DO UPDATE"
                " SET requests = requests + 1, bytes = bytes + excluded.bytes",
                [
                    (line.at.date().isoformat(), line.host, line.purpose, line.bytes)
                    for line in lines
                ],
            )

    def spent(self, host: str, day: date) -> int:
        """How many requests a host got on a day, whatever for."""
        found = self._session.value(
            "SELECT sum(requests) FROM request_sum WHERE day = ? AND host = ?",
            [day.isoformat(), host],
        )
        return int(found or 0)

    def sums(self, since: date, host: str | None = None) -> list[RequestSum]:
        """The sums from a day on, the latest day first, then by host and purpose."""
        rows = self._session.rows(
            "SELECT * FROM request_sum WHERE day >= ?1 AND (?2 IS NULL OR host = ?2)"
            " ORDER BY day DESC, host, purpose",
            [since.isoformat(), host],
        )
        return [_sum(row) for row in rows]

    def lines(
        self,
        *,
        host: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[RequestLine]:
        """The requests themselves, as far back as they are kept, in order.

        `limit`: only the latest so many.
        """
        rows = self._session.rows(
            "SELECT * FROM request WHERE (?1 IS NULL OR host = ?1)"
            " AND (?2 IS NULL OR at >= ?2) ORDER BY at DESC, id DESC LIMIT ?3",
            [host, micros_or_none(since), -1 if limit is None else limit],
        )
        return [_line(row) for row in reversed(rows)]

    def prune(self, than: datetime) -> int:
        """Take out some lines older than a time; 0 when none is left. Sums stay."""
        with self._session.write() as db:
            cursor = db.conn.execute(
                "DELETE FROM request WHERE id IN"
                " (SELECT id FROM request WHERE at < ? ORDER BY at LIMIT ?)",
                [micros(than), PRUNED_AT_ONCE],
            )
        return int(cursor.rowcount)


def _values(line: RequestLine) -> tuple[object, ...]:
    return (
        micros(line.at),
        line.host,
        line.purpose,
        printable(line.url),
        line.status,
        line.bytes,
        line.outlet,
    )


def _sum(row: Row) -> RequestSum:
    return RequestSum(
        date.fromisoformat(row["day"]),
        row["host"],
        row["purpose"],
        row["requests"],
        row["bytes"],
    )


def _line(row: Row) -> RequestLine:
    return RequestLine(
        moment(row["at"]),
        row["host"],
        row["purpose"],
        row["url"],
        row["status"],
        row["bytes"],
        row["outlet"],
    )
