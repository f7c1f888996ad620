"""Times that are still to come, when the clock turns out to have been wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pipelines.store.columns import MICROSECOND, micros, moment
from pipelines.store.session import Session

#: Column -> which of its rows wait for it.
_WAITING: Final = {
    ("source", "next_at"): "next_at > ?1",
    ("url", "next_at"): "next_at > ?1",
    ("host", "next_at"): "next_at > ?1",
    ("delivery", "available_at"): "state = 'delayed' AND available_at > ?1",
    ("delivery", "lease_until"): "state = 'leased' AND lease_until > ?1",
}


def shift(session: Session, after: datetime, by: timedelta, now: datetime) -> None:
    """Move what waits for a time after `after`, so that it waits as long as before.

    When the clock is put back, a poll due in ten minutes would else be due in ten
    minutes and a year; when it jumps ahead, all of it at once.
    """
    with session.write() as db:
        for (table, column), rows in _WAITING.items():
            db.conn.execute(
                f"UPDATE {table} SET {column} = {column} + ?2 WHERE {rows}",  # noqa: S608
                [micros(after), by // MICROSECOND],
            )
        # A robots.txt of tomorrow would count as fresh until then.
        db.conn.execute(
            "UPDATE robots SET fetched_at = min(fetched_at, ?)", [micros(now)]
        )


def latest(session: Session) -> datetime | None:
    """The latest time at which this database was surely worked with."""
    found = session.value(
        "SELECT max(at) FROM (SELECT max(last_polled) AS at FROM source"
        " UNION ALL SELECT made_at FROM message WHERE seq = (SELECT max(seq) FROM"
        " message))"
    )
    return None if found is None else moment(found)
