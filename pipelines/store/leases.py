"""Leases: a message is its holder's until `ack`, `fail`, or the lease's time.

Whoever has the token of the latest lease holds the message. Leases run out by the
clock alone: the next `lease` finds those that did.
"""

from __future__ import annotations

import json
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.store import offering, subscriptions
from pipelines.store.columns import micros, moment, printable
from pipelines.store.errors import StaleLease, UnknownMessage
from pipelines.store.messages import article_of
from pipelines.store.session import Row, Session

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Leases a message gets before it is dead: about three hours of failing.
MOST_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)

#: Endings remembered of each delivery: four full rounds of attempts.
HISTORY_KEPT = 32

#: Appends an ending, given as an expression of SQL, to a delivery's history.
_REMEMBER = (
    "history = json_remove(json_insert(coalesce(history, '[]'), '$[#]', {ending}),"
    f" iif(json_array_length(history) >= {HISTORY_KEPT}, '$[0]', '$.none'))"
)
_ENDED = _REMEMBER.format(
    ending="json_object('attempt', attempts, 'leased_at', leased_at,"
    " 'ended_at', {at}, 'how', {how}, 'reason', {reason})"
)


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that is the holder's until its lease ends."""

    id: str
    token: str
    attempt: int
    kind: str
    supersedes: str | None
    article: dict[str, object]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a consumer says of a message that it gives back."""

    reason: str
    permanent: bool = False


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """How long a message waits after its `attempts`-th failure; jitter is a factor."""
    doublings = min(attempts, 16)  # enough for the longest, and no overflow
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings)) * jitter


def half_to_one_and_a_half() -> float:
    """The jitter that keeps failed messages from coming back all at once."""
    return random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing


def lease(
    session: Session, name: str, limit: int, duration: timedelta, now: datetime
) -> list[Leased]:
    """Take up to `limit` messages: oldest first within priority.

    What is yet to be offered is offered first, until something is found.
    """
    while True:
        row = subscriptions.check(session, name)
        if row["paused"] or _nothing_new(session, row, micros(now)):
            return []
        left = row["fill_to"] is not None and offering.fill(session, name)
        with session.write() as db:
            subscriptions.note_read(session, row, micros(now))
            _take_back(db, name, micros(now))
            seqs = session.rows(
                "SELECT seq FROM delivery WHERE subscription = ? AND state = 'ready'"
                " ORDER BY priority DESC, seq LIMIT ?",
                [name, limit],
            )
            leased = [
                _take(session, name, each["seq"], (now, now + duration))
                for each in seqs
            ]
        if leased or not left:
            return leased


def ack(
    session: Session, name: str, message_id: str, token: str, now: datetime
) -> None:
    """Settle a message for good; see `Deliveries.ack`."""
    with session.write() as db:
        seq = number(session, name, message_id)
        cursor = db.conn.execute(
            "UPDATE delivery SET state = 'done', done_token = token, done_at = ?1,"
            " token = NULL, lease_until = NULL WHERE subscription = ?2"
            " AND seq = ?3 AND token = ?4",
            [micros(now), name, seq, token],
        )
        if cursor.rowcount == 0:
            _check_settled(session, name, seq, (message_id, token))


def extend(
    session: Session, name: str, message_id: str, token: str, until: datetime
) -> datetime:
    """Have the lease end at `until`; see `Deliveries.extend`."""
    with session.write() as db:
        seq = number(session, name, message_id)
        cursor = db.conn.execute(
            "UPDATE delivery SET state = 'leased', lease_until = ?"
            " WHERE subscription = ? AND seq = ? AND token = ?"
            " AND state IN ('leased', 'ready')",
            [micros(until), name, seq, token],
        )
        if cursor.rowcount == 0:
            raise _stale(message_id)
    return moment(micros(until))


def fail(
    session: Session,
    name: str,
    held: tuple[str, str],
    failure: Failure,
    *,
    jitter: float,
    now: datetime,
) -> datetime | None:
    """Give a message back; see `Deliveries.fail`."""
    message_id, token = held
    with session.write() as db:
        seq = number(session, name, message_id)
        attempts = session.value(
            "SELECT attempts FROM delivery"
            " WHERE subscription = ? AND seq = ? AND token = ?",
            [name, seq, token],
        )
        if attempts is None:
            raise _stale(message_id)
        dead = failure.permanent or attempts >= MOST_ATTEMPTS
        again = None if dead else now + retry_delay(attempts, jitter)
        remember = _ENDED.format(at="?1", how="'failed'", reason="?2")
        db.conn.execute(
            "UPDATE delivery SET state = ?3, available_at = ?4,"  # noqa: S608 - our own
            " last_error = ?2,"
            f" token = NULL, lease_until = NULL, {remember}"
            " WHERE subscription = ?5 AND seq = ?6",
            [
                micros(now),
                printable(failure.reason),
                "dead" if dead else "delayed",
                micros(again or now),
                name,
                seq,
            ],
        )
    return again


def release(session: Session, name: str, message_id: str, token: str) -> None:
    """Give a message back as if it had never been leased; see `Deliveries.release`."""
    with session.write() as db:
        seq = number(session, name, message_id)
        cursor = db.conn.execute(
            "UPDATE delivery SET state = 'ready', attempts = attempts - 1,"
            " token = NULL, lease_until = NULL WHERE subscription = ? AND seq = ?"
            " AND token = ? AND state = 'leased'",
            [name, seq, token],
        )
        if cursor.rowcount == 0:
            raise _stale(message_id)


def number(session: Session, name: str, message_id: str) -> int:
    """The number of a subscription's message. Raises UnknownMessage."""
    seq = session.value(
        "SELECT m.seq FROM message m JOIN delivery d ON d.seq = m.seq"
        " WHERE m.msg_id = ? AND d.subscription = ?",
        [printable(message_id), printable(name)],
    )
    if seq is None:
        subscriptions.check(session, name)  # an unknown one is the better answer
        raise UnknownMessage(
            f"no message {message_id!r} in subscription {name!r}",
            "take id and token as `queue lease` printed them",
        )
    return int(seq)


def _nothing_new(session: Session, row: Row, at: int) -> bool:
    """Whether there is nothing to take or to write: whoever waits disturbs nobody."""
    if row["fill_to"] is not None or subscriptions.is_news(row, at):
        return False
    return not session.value(
        "SELECT EXISTS (SELECT 1 FROM delivery"
        "  WHERE subscription = ?1 AND state = 'ready')"
        " OR EXISTS (SELECT 1 FROM delivery"
        "  WHERE subscription = ?1 AND state = 'delayed' AND available_at <= ?2)"
        " OR EXISTS (SELECT 1 FROM delivery"
        "  WHERE subscription = ?1 AND state = 'leased' AND lease_until <= ?2)",
        [row["name"], at],
    )


def _take_back(db: Database, name: str, at: int) -> None:
    """Make ready what has waited out its delay, or whose lease has run out.

    The token stays, so that a late `ack` counts until somebody else has it.
    """
    db.conn.execute(
        "UPDATE delivery SET state = 'ready'"
        " WHERE subscription = ? AND state = 'delayed' AND available_at <= ?",
        [name, at],
    )
    remember = _ENDED.format(
        at="lease_until", how="'expired'", reason="'the lease ran out'"
    )
    db.conn.execute(
        "UPDATE delivery SET state ="  # noqa: S608 - our own words
        " iif(attempts >= ?1, 'dead', 'ready'),"
        " last_error = 'the lease ran out', available_at = lease_until,"
        f" lease_until = NULL, {remember}"
        " WHERE subscription = ?2 AND state = 'leased' AND lease_until <= ?3",
        [MOST_ATTEMPTS, name, at],
    )


def _take(
    session: Session, name: str, seq: int, term: tuple[datetime, datetime]
) -> Leased:
    token = secrets.token_hex(16)
    since, until = map(micros, term)
    session.db.conn.execute(
        "UPDATE delivery SET state = 'leased', token = ?, leased_at = ?,"
        " lease_until = ?, attempts = attempts + 1 WHERE subscription = ? AND seq = ?",
        [token, since, until, name, seq],
    )
    row = session.one(
        f"message {seq}",
        "SELECT m.msg_id, m.kind, m.supersedes, m.body, m.text_hash, m.article_id,"
        " d.attempts FROM message m JOIN delivery d ON d.seq = m.seq"
        " WHERE d.subscription = ? AND d.seq = ?",
        [name, seq],
    )
    return Leased(
        id=row["msg_id"],
        token=token,
        attempt=row["attempts"],
        kind=row["kind"],
        supersedes=row["supersedes"],
        article=article_of(session, row),
    )


def _check_settled(
    session: Session, name: str, seq: int, held: tuple[str, str]
) -> None:
    message_id, token = held
    done_token = session.value(
        "SELECT done_token FROM delivery WHERE subscription = ? AND seq = ?",
        [name, seq],
    )
    if done_token != token:
        raise _stale(message_id)


def _stale(message_id: str) -> StaleLease:
    return StaleLease(
        f"the token does not hold message {message_id}: its lease ran out or was"
        " settled, and it may be with another consumer",
        "lease it again",
    )


def remembered(history: str | None) -> list[dict[str, object]]:
    """A delivery's endings as they are kept, times in microseconds."""
    found: list[dict[str, object]] = json.loads(history or "[]")
    return found


def redriven(at: str) -> str:
    """What to set so that the history tells of a redrive `at` (an SQL expression)."""
    return _REMEMBER.format(
        ending=f"json_object('attempt', attempts, 'leased_at', NULL, 'ended_at', {at},"
        " 'how', 'redriven', 'reason', NULL)"
    )
