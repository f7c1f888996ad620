"""What operators should know: opened once, closed once, with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.store.columns import micros, moment, moment_or_none, printable
from pipelines.store.session import Row, Session


@dataclass(frozen=True, slots=True)
class Alert:
    """A fact that wants attention; `command` shows more.

    Open while `closed_at` is None. `last_seen` is when the fact was last found to hold.
    """

    key: str
    text: str
    evidence: str
    command: str
    opened_at: datetime
    last_seen: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What an alert says. `key` tells it from others ("outlet-quiet:tag24")."""

    key: str
    text: str
    evidence: str
    command: str


class Alerts:
    """The alerts of a database; at most one open a key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, notice: Notice, now: datetime) -> bool:
        """Open an alert; True if it was not open. An open one is only seen again."""
        with self._session.write() as db:
            cursor = db.conn.execute(
                "UPDATE alert SET last_seen = ? WHERE key = ? AND closed_at IS NULL",
                [micros(now), notice.key],
            )
            if cursor.rowcount:
                return False
            db.conn.execute(
                "INSERT INTO alert (key, text, evidence, command, opened_at, last_seen)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                [
                    notice.key,
                    printable(notice.text),
                    printable(notice.evidence),
                    printable(notice.command),
                    micros(now),
                ],
            )
        return True

    def close(self, key: str, now: datetime) -> bool:
        """Close an alert; False if it was not open."""
        with self._session.write() as db:
            cursor = db.conn.execute(
                "UPDATE alert SET closed_at = ? WHERE key = ? AND closed_at IS NULL",
                [micros(now), key],
            )
        return bool(cursor.rowcount)

    def close_unseen(self, prefix: str, since: datetime, now: datetime) -> int:
        """Close alerts whose key begins so, and that were not seen since; how many."""
        with self._session.write() as db:
            cursor = db.conn.execute(
                "UPDATE alert SET closed_at = ? WHERE closed_at IS NULL"
                " AND last_seen < ? AND substr(key, 1, length(?3)) = ?3",
                [micros(now), micros(since), prefix],
            )
        return cursor.rowcount

    def list(self, *, open_only: bool = True) -> Sequence[Alert]:
        """Alerts, latest opened first."""
        rows = self._session.rows(
            "SELECT * FROM alert WHERE closed_at IS NULL OR NOT ?"
            " ORDER BY opened_at DESC, id DESC",
            [open_only],
        )
        return tuple(_alert(row) for row in rows)


def _alert(row: Row) -> Alert:
    return Alert(
        key=row["key"],
        text=row["text"],
        evidence=row["evidence"],
        command=row["command"],
        opened_at=moment(row["opened_at"]),
        last_seen=moment(row["last_seen"]),
        closed_at=moment_or_none(row["closed_at"]),
    )
