"""The log of messages: adding one, reading them as they were queued."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.filters import Offer
from pipelines.store import carriers, offering, subscriptions
from pipelines.store.columns import micros, moment
from pipelines.store.session import Row, Session

#: Rows read at a time by `export`, so that no read transaction stays open.
EXPORT_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be queued; `body` is its article as JSON.

    `article_id`: where the article is stored, if it is.
    """

    msg_id: str
    kind: str
    article_id: int | None
    revision: int
    supersedes: str | None
    priority: int
    text_hash: bytes | None
    body: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A message as it was queued, whatever became of it. `attempt` counts leases."""

    seq: int
    id: str
    attempt: int
    kind: str
    made_at: datetime
    supersedes: str | None
    article: dict[str, object]


def add(session: Session, message: Message, now: datetime) -> bool:
    """Queue a message for every subscription that wants it.

    False if its id was queued before.
    """
    with session.write() as db:
        cursor = db.conn.execute(
            "INSERT INTO message (msg_id, kind, article_id, revision, supersedes,"
            " made_at, priority, text_hash, body) VALUES (?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (msg_id) DO NOTHING",
            [
                message.msg_id,
                message.kind,
                message.article_id,
                message.revision,
                message.supersedes,
                micros(now),
                message.priority,
                message.text_hash,
                message.body,
            ],
        )
        if cursor.rowcount == 0:
            return False
        posted = offering.Posted(
            int(cursor.lastrowid or 0),
            message.article_id,
            message.priority,
            micros(now),
            Offer.of(message.kind, message.body),
        )
        offering.offer(session, posted)
    return True


def export(session: Session, subscription: str, since: int) -> Iterator[Exported]:
    """A subscription's messages after number `since`, in order of queueing."""
    subscriptions.check(session, subscription)
    while rows := session.rows(
        "SELECT m.*, d.attempts FROM message m JOIN delivery d ON d.seq = m.seq"
        " WHERE d.subscription = ? AND d.seq > ? ORDER BY d.seq LIMIT ?",
        [subscription, since, EXPORT_CHUNK],
    ):
        for row in rows:
            yield _exported(session, row)
        since = rows[-1]["seq"]


def last_seq(session: Session) -> int:
    """The number of the latest message; 0 if none was ever queued."""
    return int(session.value("SELECT coalesce(max(seq), 0) FROM message"))


def seq_before(session: Session, subscription: str, latest: int) -> int:
    """The number after which a subscription has its `latest` messages, if so many."""
    subscriptions.check(session, subscription)
    if latest == 0:
        return last_seq(session)
    seq = session.value(
        "SELECT seq FROM delivery WHERE subscription = ?"
        " ORDER BY seq DESC LIMIT 1 OFFSET ?",
        [subscription, latest],
    )
    return int(seq or 0)


def article_of(session: Session, row: Row) -> dict[str, object]:
    """The article of a message as consumers get it: with `also_at`, as of now."""
    article: dict[str, object] = json.loads(row["body"])
    article["also_at"] = carriers.also_at(session, row["article_id"])
    return article


def _exported(session: Session, row: Row) -> Exported:
    return Exported(
        seq=row["seq"],
        id=row["msg_id"],
        attempt=row["attempts"],
        kind=row["kind"],
        made_at=moment(row["made_at"]),
        supersedes=row["supersedes"],
        article=article_of(session, row),
    )
