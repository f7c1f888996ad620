"""How many deliveries of each subscription stand where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.store.columns import micros, moment_or_none
from pipelines.store.session import Row, Session


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
