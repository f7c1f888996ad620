"""What polls have taught of a source and of its outlet: when new items come.

The entries of the latest listing are kept as short hashes of address and title, so
that the next listing can be compared with it; counts are kept by the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipelines.store.columns import micros, micros_or_none, moment, moment_or_none
from pipelines.store.session import Session

#: Hours are kept a little longer than any reader looks back.
HOURS_KEPT = 35 * 24

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a poll adds to a source's habits, and what it replaces in them.

    `hours` counts items that were new to the source by hours since 1970; `since` is
    from when on they are counted. `entries` are of the latest listing, `shown` is
    their number, `fresh` the share of them that was new, `gap_at` when a listing last
    had nothing in common with the one before it. `ttl` and `cached` are what the
    outlet asks for. `distrust`: so many honest audits are wanted until the source is
    asked conditionally again. `habitual` polls count for the outlet: not its first.
    """

    since: datetime
    entries: bytes = field(repr=False)
    shown: int
    fresh: float
    hours: Mapping[int, float] = field(default_factory=dict)
    gap_at: datetime | None = None
    ttl: timedelta | None = None
    cached: timedelta | None = None
    audited_at: datetime | None = None
    distrust: int = 0
    habitual: bool = True


@dataclass(frozen=True, slots=True)
class Habits:
    """All that was learnt of a source; fields as in `Learnt`."""

    since: datetime
    entries: bytes = field(repr=False)
    shown: int
    fresh: float
    hours: Mapping[int, float]
    gap_at: datetime | None = None
    ttl: timedelta | None = None
    cached: timedelta | None = None
    audited_at: datetime | None = None
    distrust: int = 0


def read(session: Session, source_id: int) -> Habits | None:
    """What is known of a source; None before its first good poll."""
    row = session.row("SELECT * FROM habit WHERE source_id = ?", [source_id])
    if row is None:
        return None
    hours = session.rows(
        "SELECT hour, items FROM habit_hour WHERE source_id = ?", [source_id]
    )
    return Habits(
        since=moment(row["since"]),
        entries=row["entries"],
        shown=row["shown"],
        fresh=row["fresh"],
        hours={each["hour"]: each["items"] for each in hours},
        gap_at=moment_or_none(row["gap_at"]),
        ttl=_seconds_or_none(row["asked_ttl"]),
        cached=_seconds_or_none(row["asked_http"]),
        audited_at=moment_or_none(row["audited_at"]),
        distrust=row["distrust"],
    )


def write(session: Session, source_id: int, learnt: Learnt, now: datetime) -> None:
    """Take up what a poll taught, in the caller's transaction."""
    execute = session.db.conn.execute
    execute(
        "INSERT OR REPLACE INTO habit (source_id, since, entries, shown, fresh, gap_at,"
        " asked_ttl, asked_http, audited_at, distrust)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source_id,
            micros(learnt.since),
            learnt.entries,
            learnt.shown,
            learnt.fresh,
            micros_or_none(learnt.gap_at),
            _whole_seconds(learnt.ttl),
            _whole_seconds(learnt.cached),
            micros_or_none(learnt.audited_at),
            learnt.distrust,
        ],
    )
    for hour, items in learnt.hours.items():
        execute(
            "INSERT INTO habit_hour (source_id, hour, items) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (source_id, hour) DO UPDATE SET items = items + ?3",
            [source_id, hour, items],
        )
    execute(
        "DELETE FROM habit_hour WHERE source_id = ? AND hour < ?",
        [source_id, _hour(now) - HOURS_KEPT],
    )


def count_for_outlet(session: Session, outlet: str, now: datetime, items: int) -> None:
    """Count URLs that were new to an outlet, in the caller's transaction."""
    if items <= 0:
        return
    execute = session.db.conn.execute
    execute(
        "INSERT INTO outlet_hour (outlet, hour, items) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (outlet, hour) DO UPDATE SET items = items + ?3",
        [outlet, _hour(now), items],
    )
    execute(
        "DELETE FROM outlet_hour WHERE outlet = ? AND hour < ?",
        [outlet, _hour(now) - HOURS_KEPT],
    )


def outlet_hours(
    session: Session, since: datetime, outlet: str | None
) -> dict[str, dict[int, float]]:
    """New URLs of each outlet, or of one, by hours since 1970."""
    rows = session.rows(
        "SELECT outlet, hour, items FROM outlet_hour WHERE hour >= ?1"
        " AND (?2 IS NULL OR outlet = ?2)",
        [_hour(since), outlet],
    )
    found: dict[str, dict[int, float]] = {}
    for row in rows:
        found.setdefault(row["outlet"], {})[row["hour"]] = row["items"]
    return found


def _hour(at: datetime) -> int:
    return int(at.timestamp() // 3600)


def _whole_seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _SECOND


def _seconds_or_none(value: int | None) -> timedelta | None:
    return None if value is None else value * _SECOND
