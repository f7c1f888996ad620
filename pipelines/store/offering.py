"""Which subscription is delivered which message.

A message is offered once, in the transaction that queues it. What was queued before a
subscription was there is offered to it later, in small steps (`fill`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.filters import Offer, parse
from pipelines.store.session import Row, Session

#: Messages offered to a new subscription in one transaction.
FILL_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the log, about to be offered."""

    seq: int
    article_id: int | None
    priority: int
    at: int
    offer: Offer


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
