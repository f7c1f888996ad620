"""The subscriptions: which there are, where each begins, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Literal

from pipelines.filters import parse
from pipelines.store.columns import micros
from pipelines.store.errors import QueueError, UnknownSubscription
from pipelines.store.session import Row, Session

if TYPE_CHECKING:
    from sqlite_utils import Database

DEFAULT = "default"

#: A lease is noted as a sign of life at most this often (microseconds).
READ_EVERY = 60_000_000


@dataclass(frozen=True, slots=True)
class SubscriptionSpec:
    """A subscription of the config. `terms` is its filter (`pipelines.filters`).

    `start` counts when it is new: what is queued from now on, all that is kept, or
    what was queued since that day (UTC).
    """

    name: str
    terms: str = "{}"
    start: Literal["now", "beginning"] | date = "now"


def sync(session: Session, specs: Iterable[SubscriptionSpec], now: datetime) -> None:
    """Make the active subscriptions those given, and `default`.

    A new one begins where its spec says. A changed filter holds for what is queued
    from now on. One that is no longer given collects nothing more and keeps what it
    has; when it is given again, it is offered what it missed.
    """
    wanted = {spec.name: spec for spec in specs}
    wanted.setdefault(DEFAULT, SubscriptionSpec(DEFAULT))
    with session.write() as db:
        known = {row["name"]: row for row in session.rows("SELECT * FROM subscription")}
        for name in known.keys() - wanted.keys():
            _retire(db, name, now)
        for name, spec in wanted.items():
            if name in known:
                _resume(db, known[name], spec)
            else:
                _begin(session, spec, now)


def _begin(session: Session, spec: SubscriptionSpec, now: datetime) -> None:
    parse(spec.terms)  # ValueError now, rather than at the next message
    last, since = _last(session), _since(spec)
    fill_from = last if since is None else _last_before(session, since, last)
    session.db.conn.execute(
        "INSERT INTO subscription (name, added_at, filter, fill_from, fill_to,"
        " fill_since) VALUES (?, ?, ?, ?, ?, ?)",
        [
            spec.name,
            micros(now),
            spec.terms,
            fill_from,
            last if fill_from < last else None,
            since,
        ],
    )


def _resume(db: Database, row: Row, spec: SubscriptionSpec) -> None:
    if row["filter"] != spec.terms:
        parse(spec.terms)
        db.conn.execute(
            "UPDATE subscription SET filter = ?, strained = NULL WHERE name = ?",
            [spec.terms, spec.name],
        )
    if row["retired_at"] is not None:
        db.conn.execute(
            "UPDATE subscription SET retired_at = NULL,"
            " fill_to = (SELECT coalesce(max(seq), 0) FROM message) WHERE name = ?",
            [spec.name],
        )


def _retire(db: Database, name: str, now: datetime) -> None:
    db.conn.execute(
        "UPDATE subscription SET retired_at = ?1, fill_from = iif(fill_to IS NULL,"
        " (SELECT coalesce(max(seq), 0) FROM message), fill_from)"
        " WHERE name = ?2 AND retired_at IS NULL",
        [micros(now), name],
    )


def remove(session: Session, name: str) -> int:
    """Forget a subscription and its deliveries; returns how many were not settled.

    Raises QueueError for one that the config has: it would come back.
    """
    check(session, name)
    with session.write() as db:
        row = session.one(name, "SELECT * FROM subscription WHERE name = ?", [name])
        if row["retired_at"] is None:
            raise QueueError(
                f"subscription {name!r} is in use",
                "take it out of queue.subscriptions first, and reload or restart",
            )
        db.conn.execute("DELETE FROM delivery WHERE subscription = ?", [name])
        db.conn.execute("DELETE FROM subscription WHERE name = ?", [name])
    return int(row["queued"] - row["done"])


def _since(spec: SubscriptionSpec) -> int | None:
    if spec.start == "now":
        return None
    if spec.start == "beginning":
        return 0
    return micros(datetime.combine(spec.start, time(), UTC))


def _last(session: Session) -> int:
    return int(session.value("SELECT coalesce(max(seq), 0) FROM message"))


def _last_before(session: Session, since: int, last: int) -> int:
    """The number of the last message made before; by halving, as times only grow.

    Where a clock went back it is off, by what was queued twice in that time.
    """
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        made_at = session.value(
            "SELECT made_at FROM message WHERE seq >= ? ORDER BY seq LIMIT 1", [middle]
        )
        low, high = (middle, high) if made_at < since else (low, middle - 1)
    return low


def check(session: Session, name: str) -> Row:
    """The subscription's row. Raises UnknownSubscription."""
    row = session.row("SELECT * FROM subscription WHERE name = ?", [name])
    if row is None:
        raise _unknown(session, name)
    return row


def is_news(row: Row, at: int) -> bool:
    """Whether a lease now is worth noting."""
    return row["read_at"] is None or abs(at - row["read_at"]) >= READ_EVERY


def note_read(session: Session, row: Row, at: int) -> None:
    """Note, in the caller's transaction, that somebody leases."""
    if is_news(row, at):
        session.db.conn.execute(
            "UPDATE subscription SET read_at = ? WHERE name = ?", [at, row["name"]]
        )


def set_paused(session: Session, name: str, *, paused: bool) -> None:
    """Have a subscription give out nothing, or messages again."""
    with session.write() as db:
        check(session, name)
        db.conn.execute(
            "UPDATE subscription SET paused = ? WHERE name = ?", [paused, name]
        )


def _unknown(session: Session, name: str) -> UnknownSubscription:
    names = [row["name"] for row in session.rows("SELECT name FROM subscription")]
    return UnknownSubscription(
        f"there is no subscription {name!r}",
        f"there are: {', '.join(names)} (queue.subscriptions in presswatch.yaml)",
    )
