"""Messages that were given up: why, after what, and having them delivered afresh."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.store import leases, subscriptions
from pipelines.store.columns import micros, moment, moment_or_none
from pipelines.store.errors import QueueError
from pipelines.store.session import Row, Session


@dataclass(frozen=True, slots=True)
class Ending:
    """How one lease of a message ended: `failed`, `expired`; or that it was `redriven`.

    `attempt` counts from one since the latest redrive.
    """

    attempt: int
    leased_at: datetime | None
    ended_at: datetime
    how: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up. `history` holds the latest endings, oldest first."""

    id: str
    seq: int
    kind: str
    attempts: int
    last_error: str | None
    outlet: str
    url: str
    title: str | None
    queued_at: datetime
    history: tuple[Ending, ...] = ()


def dead(session: Session, name: str) -> list[Dead]:
    """A subscription's dead messages, oldest first."""
    subscriptions.check(session, name)
    rows = session.rows(
        "SELECT m.msg_id, m.seq, m.kind, m.made_at, d.attempts, d.last_error,"
        " d.history, m.body FROM delivery d JOIN message m ON m.seq = d.seq"
        " WHERE d.subscription = ? AND d.state = 'dead' ORDER BY d.seq",
        [name],
    )
    return [_dead(row) for row in rows]


def redrive(
    session: Session, name: str, message_ids: Sequence[str] | None, now: datetime
) -> int:
    """Have dead messages (None: all) delivered afresh; see `Deliveries.redrive`."""
    subscriptions.check(session, name)
    with session.write():
        if message_ids is None:
            message_ids = [letter.id for letter in dead(session, name)]
        for message_id in message_ids:
            _redrive(session, name, message_id, now)
    return len(message_ids)


def _redrive(session: Session, name: str, message_id: str, now: datetime) -> None:
    seq = leases.number(session, name, message_id)
    cursor = session.db.conn.execute(
        "UPDATE delivery SET state = 'ready', attempts = 0,"  # noqa: S608 - our own words
        f" {leases.redriven('?1')},"
        " available_at = ?1, token = NULL"
        " WHERE subscription = ?2 AND seq = ?3 AND state = 'dead'",
        [micros(now), name, seq],
    )
    if cursor.rowcount == 0:
        raise QueueError(
            f"message {message_id} is not dead", "see `queue dead` for those that are"
        )


def _dead(row: Row) -> Dead:
    body = json.loads(row["body"])
    return Dead(
        id=row["msg_id"],
        seq=row["seq"],
        kind=row["kind"],
        attempts=row["attempts"],
        last_error=row["last_error"],
        outlet=body["outlet"],
        url=body["url"],
        title=body["title"],
        queued_at=moment(row["made_at"]),
        history=tuple(map(_ending, leases.remembered(row["history"]))),
    )


def _ending(said: dict[str, Any]) -> Ending:
    return Ending(
        attempt=said["attempt"],
        leased_at=moment_or_none(said["leased_at"]),
        ended_at=moment(said["ended_at"]),
        how=said["how"],
        reason=said["reason"],
    )
