"""The subscriptions: what each wants, what it is offered, how it stands.

A message is offered once, in the transaction that queues it. What was queued before a
subscription was there is offered to it later, in small steps (`fill`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Literal

from pipelines.filters import Offer, parse
from pipelines.store.columns import micros, moment_or_none
from pipelines.store.errors import QueueError, UnknownSubscription
from pipelines.store.session import Row, Session

if TYPE_CHECKING:
    from sqlite_utils import Database

DEFAULT = "default"

#: Messages offered to a new subscription in one transaction.
FILL_CHUNK = 200

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


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the log, about to be offered."""

    seq: int
    article_id: int | None
    priority: int
    at: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class Stats:
    """A subscription's deliveries, as of now.

    `ready` may be leased, `delayed` have failed and wait. `oldest_ready` is when the
    message waiting longest was made. `to_offer` messages of the log, at most, are yet
    to be offered. `retired_at`: when it left the config; `read_at`: when somebody last
    leased, to the minute; `strained`: an expression of its filter that took too long.
    """

    subscription: str
    paused: bool
    ready: int
    delayed: int
    leased: int
    done: int
    dead: int
    oldest_ready: datetime | None
    to_offer: int = 0
    added_at: datetime | None = None
    read_at: datetime | None = None
    retired_at: datetime | None = None
    strained: str | None = None

    @property
    def waiting(self) -> int:
        """What is yet to be settled, and may be."""
        return self.ready + self.delayed + self.leased


# The config


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


# Offering


def offer(session: Session, posted: Posted) -> None:
    """Deliver a new message to every subscription that wants it."""
    rows = session.rows("SELECT * FROM subscription WHERE retired_at IS NULL")
    told = _told(session, posted) if _follows(posted) else frozenset()
    _deliver(
        session, posted, [row for row in rows if _wants(session, row, posted, told)]
    )


def fill(session: Session, name: str) -> bool:
    """Offer a subscription some of what was queued before; whether more is left."""
    with session.write() as db:
        row = session.one(name, "SELECT * FROM subscription WHERE name = ?", [name])
        if row["fill_to"] is None:
            return False
        chunk = _unoffered(session, row)
        for posted in filter(_has_text, chunk):
            told = _told(session, posted) if _follows(posted) else frozenset()
            if _wants(session, row, posted, told):
                _deliver(session, posted, [row])
        left = len(chunk) == FILL_CHUNK
        db.conn.execute(
            "UPDATE subscription SET fill_from = ?, fill_to = ? WHERE name = ?",
            [
                chunk[-1].seq if left else row["fill_to"],
                row["fill_to"] if left else None,
                name,
            ],
        )
    return left


def unfilled(session: Session) -> list[str]:
    """The subscriptions that are yet to be offered something."""
    rows = session.rows("SELECT name FROM subscription WHERE fill_to IS NOT NULL")
    return [row["name"] for row in rows]


def _unoffered(session: Session, row: Row) -> list[Posted]:
    found = session.rows(
        "SELECT seq, article_id, priority, made_at, kind, body FROM message"
        " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        [row["fill_from"], row["fill_to"], FILL_CHUNK],
    )
    return [
        Posted(
            each["seq"],
            each["article_id"],
            each["priority"],
            each["made_at"],
            Offer.of(each["kind"], each["body"]),
        )
        for each in found
    ]


def _has_text(posted: Posted) -> bool:
    """Not past retention: an empty text is nothing to hand on."""
    return bool(posted.offer.text) or posted.offer.kind == "withdrawal"


def _follows(posted: Posted) -> bool:
    return posted.offer.kind in ("revision", "withdrawal")


def _told(session: Session, posted: Posted) -> frozenset[str]:
    """The subscriptions that were delivered earlier news of the message's article."""
    rows = session.rows(
        "SELECT DISTINCT d.subscription FROM message m JOIN delivery d ON d.seq = m.seq"
        " WHERE m.article_id = ? AND m.seq < ?",
        [posted.article_id, posted.seq],
    )
    return frozenset(row["subscription"] for row in rows)


def _wants(session: Session, row: Row, posted: Posted, told: frozenset[str]) -> bool:
    if (row["fill_since"] or 0) > posted.at:
        return False
    verdict = parse(row["filter"]).judge(posted.offer, told=row["name"] in told)
    if verdict.strained is not None:
        session.db.conn.execute(
            "UPDATE subscription SET strained = ? WHERE name = ?",
            [verdict.strained, row["name"]],
        )
    return verdict.wanted


def _deliver(session: Session, posted: Posted, rows: Sequence[Row]) -> None:
    session.db.conn.executemany(
        "INSERT INTO delivery (subscription, seq, state, priority, available_at)"
        " VALUES (?, ?, 'ready', ?, ?) ON CONFLICT DO NOTHING",
        [(row["name"], posted.seq, posted.priority, posted.at) for row in rows],
    )


# How they stand


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


def stats(session: Session, now: datetime) -> list[Stats]:
    """Every subscription's deliveries. Leases that have run out count as ready.

    Takes the same time however many wait or are done.
    """
    with session.snapshot():
        rows = session.rows("SELECT * FROM subscription ORDER BY added_at, name")
        return [_stats(session, row, micros(now)) for row in rows]


def _stats(session: Session, row: Row, at: int) -> Stats:
    name = row["name"]
    leased, expired = _split(session, name, "leased", "lease_until", at)
    delayed, back = _split(session, name, "delayed", "available_at", at)
    dead = session.value(
        "SELECT count(*) FROM delivery WHERE subscription = ? AND state = 'dead'",
        [name],
    )
    return Stats(
        subscription=name,
        paused=bool(row["paused"]),
        ready=row["queued"] - row["done"] - dead - leased - delayed,
        delayed=delayed,
        leased=leased,
        done=row["done"],
        dead=dead,
        oldest_ready=_oldest_ready(session, name, (expired, back)),
        to_offer=0 if row["fill_to"] is None else row["fill_to"] - row["fill_from"],
        added_at=moment_or_none(row["added_at"]),
        read_at=moment_or_none(row["read_at"]),
        retired_at=moment_or_none(row["retired_at"]),
        strained=row["strained"],
    )


def _split(
    session: Session, name: str, state: str, until: str, at: int
) -> tuple[int, int | None]:
    """How many are in a state that ends later; the oldest for which it has ended."""
    row = session.one(
        "count",
        f"SELECT count(*) FILTER (WHERE {until} > ?1) AS n,"  # noqa: S608 - our own names
        f" min(seq) FILTER (WHERE {until} <= ?1) AS oldest FROM delivery"
        f" WHERE subscription = ?2 AND state = '{state}'",
        [at, name],
    )
    return row["n"], row["oldest"]


def _oldest_ready(
    session: Session, name: str, others: Sequence[int | None]
) -> datetime | None:
    """When the oldest was made: the first of each priority is looked at."""
    seqs = [seq for seq in others if seq is not None]
    sought = (
        "SELECT priority, seq FROM delivery WHERE subscription = ?"
        " AND state = 'ready' AND priority < ? ORDER BY priority DESC, seq LIMIT 1"
    )
    row = session.row(sought, [name, 1 << 40])
    while row is not None:
        seqs.append(row["seq"])
        row = session.row(sought, [name, row["priority"]])
    made_at = session.value(
        "SELECT made_at FROM message WHERE seq = ?", [min(seqs, default=None)]
    )
    return moment_or_none(made_at)


def _unknown(session: Session, name: str) -> UnknownSubscription:
    names = [row["name"] for row in session.rows("SELECT name FROM subscription")]
    return UnknownSubscription(
        f"there is no subscription {name!r}",
        f"there are: {', '.join(names)} (queue.subscriptions in presswatch.yaml)",
    )
