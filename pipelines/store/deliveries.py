"""The queue: messages, and where each stands with every subscription.

Delivery is at least once; the id of a message never changes, so that a consumer can
make its effect exactly-once. A lease is held by whoever has its token; it ends by
`ack`, by `fail`, or by its time.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from pipelines.store.columns import micros, moment, moment_or_none, printable
from pipelines.store.errors import (
    QueueError,
    StaleLease,
    UnknownMessage,
    UnknownSubscription,
)
from pipelines.store.session import Row, Session

DEFAULT = "default"

#: Leases a message gets before it is dead: about three hours of failing.
MOST_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)

#: Rows read at a time by `export`, so that no read transaction stays open.
EXPORT_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be queued; `body` is its article as JSON."""

    msg_id: str
    kind: str
    article_id: int
    revision: int
    supersedes: str | None
    priority: int
    text_hash: bytes | None
    body: str


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
class Exported:
    """A message as it was queued, whatever became of it. `attempt` counts leases."""

    seq: int
    id: str
    attempt: int
    kind: str
    made_at: datetime
    supersedes: str | None
    article: dict[str, object]


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up."""

    id: str
    seq: int
    kind: str
    attempts: int
    last_error: str | None
    outlet: str
    url: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Stats:
    """A subscription's deliveries, as of now.

    `ready` may be leased, `delayed` have failed and wait. `oldest_ready` is when the
    message waiting longest was made.
    """

    subscription: str
    paused: bool
    ready: int
    delayed: int
    leased: int
    done: int
    dead: int
    oldest_ready: datetime | None


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """How long a message waits after its `attempts`-th failure; jitter is a factor."""
    doublings = min(attempts, 16)  # enough for the longest, and no overflow
    return min(LONGEST_DELAY, FIRST_DELAY * (1 << doublings)) * jitter


def half_to_one_and_a_half() -> float:
    """The jitter that keeps failed messages from coming back all at once."""
    return random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing


class Deliveries:
    """The queue of a database."""

    def __init__(
        self, session: Session, jitter: Callable[[], float] = half_to_one_and_a_half
    ) -> None:
        self._session = session
        self._jitter = jitter

    # The service's side

    def add(self, message: Message, now: datetime) -> bool:
        """Queue a message for every subscription; False if its id was queued before."""
        at = micros(now)
        with self._session.write() as db:
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
                    at,
                    message.priority,
                    message.text_hash,
                    message.body,
                ],
            )
            if cursor.rowcount == 0:
                return False
            db.conn.execute(
                "INSERT INTO delivery (subscription, seq, state, priority,"
                " available_at) SELECT name, ?, 'ready', ?, ? FROM subscription",
                [cursor.lastrowid, message.priority, at],
            )
        return True

    def subscribe(self, names: Iterable[str], now: datetime) -> None:
        """Have subscriptions of these names; new ones get what is queued from now."""
        with self._session.write() as db:
            db.conn.executemany(
                "INSERT INTO subscription (name, added_at) VALUES (?, ?)"
                " ON CONFLICT (name) DO NOTHING",
                [(name, micros(now)) for name in names],
            )

    # The consumer's side

    def lease(
        self,
        subscription: str = DEFAULT,
        *,
        limit: int = 1,
        duration: timedelta,
        now: datetime,
    ) -> list[Leased]:
        """Take up to `limit` messages for `duration`: oldest first within priority.

        Messages whose lease has run out come back first. A paused subscription
        gives nothing.
        """
        if self.is_paused(subscription):
            return []
        until = micros(now + duration)
        with self._session.write() as db:
            self._take_back(db, subscription, micros(now))
            rows = self._session.rows(
                "SELECT seq FROM delivery WHERE subscription = ? AND state = 'ready'"
                " ORDER BY priority DESC, seq LIMIT ?",
                [subscription, limit],
            )
            return [self._take(db, subscription, row["seq"], until) for row in rows]

    def ack(
        self, message_id: str, token: str, now: datetime, subscription: str = DEFAULT
    ) -> None:
        """Settle a message for good. Repeating it with the same token is fine.

        A lease that has run out may still be settled as long as nobody else has
        taken the message. Raises StaleLease or UnknownMessage.
        """
        with self._session.write() as db:
            seq = self._seq(message_id, subscription)
            cursor = db.conn.execute(
                "UPDATE delivery SET state = 'done', done_token = token, done_at = ?1,"
                " token = NULL, lease_until = NULL WHERE subscription = ?2"
                " AND seq = ?3 AND token = ?4",
                [micros(now), subscription, seq, token],
            )
            if cursor.rowcount == 0:
                self._check_settled(subscription, seq, message_id, token)

    def extend(
        self,
        message_id: str,
        token: str,
        duration: timedelta,
        now: datetime,
        subscription: str = DEFAULT,
    ) -> datetime:
        """Have the lease end `duration` from now; returns when. Raises StaleLease."""
        until = micros(now + duration)
        with self._session.write() as db:
            seq = self._seq(message_id, subscription)
            cursor = db.conn.execute(
                "UPDATE delivery SET state = 'leased', lease_until = ?"
                " WHERE subscription = ? AND seq = ? AND token = ?"
                " AND state IN ('leased', 'ready')",
                [until, subscription, seq, token],
            )
            if cursor.rowcount == 0:
                raise _stale(message_id)
        return moment(until)

    def fail(
        self,
        message_id: str,
        token: str,
        reason: str,
        *,
        now: datetime,
        permanent: bool = False,
        subscription: str = DEFAULT,
    ) -> datetime | None:
        """Give a message back: it returns after a growing delay; says when.

        None: it is dead, at once if `permanent`, else after MOST_ATTEMPTS leases.
        Raises StaleLease or UnknownMessage.
        """
        with self._session.write() as db:
            seq = self._seq(message_id, subscription)
            attempts = self._session.value(
                "SELECT attempts FROM delivery"
                " WHERE subscription = ? AND seq = ? AND token = ?",
                [subscription, seq, token],
            )
            if attempts is None:
                raise _stale(message_id)
            dead = permanent or attempts >= MOST_ATTEMPTS
            at = now + retry_delay(attempts, self._jitter())
            db.conn.execute(
                "UPDATE delivery SET state = ?, available_at = ?, last_error = ?,"
                " token = NULL, lease_until = NULL WHERE subscription = ? AND seq = ?",
                [
                    "dead" if dead else "delayed",
                    micros(now if dead else at),
                    printable(reason),
                    subscription,
                    seq,
                ],
            )
        return None if dead else at

    def export(self, since: int = 0, subscription: str = DEFAULT) -> Iterator[Exported]:
        """Every message queued after number `since`, in order of queueing."""
        self.is_paused(subscription)
        while rows := self._session.rows(
            "SELECT m.*, d.attempts FROM message m JOIN delivery d ON d.seq = m.seq"
            " WHERE d.subscription = ? AND d.seq > ? ORDER BY d.seq LIMIT ?",
            [subscription, since, EXPORT_CHUNK],
        ):
            for row in rows:
                yield self._exported(row)
            since = rows[-1]["seq"]

    def last_seq(self) -> int:
        """The number of the latest message; 0 if none was ever queued."""
        return int(self._session.value("SELECT coalesce(max(seq), 0) FROM message"))

    # The operator's side

    def dead(self, subscription: str = DEFAULT) -> list[Dead]:
        """The messages that were given up, oldest first."""
        self.is_paused(subscription)
        rows = self._session.rows(
            "SELECT m.msg_id, m.seq, m.kind, d.attempts, d.last_error, m.body"
            " FROM delivery d JOIN message m ON m.seq = d.seq"
            " WHERE d.subscription = ? AND d.state = 'dead' ORDER BY d.seq",
            [subscription],
        )
        return [_dead(row) for row in rows]

    def redrive(
        self,
        message_ids: Sequence[str] | None,
        now: datetime,
        subscription: str = DEFAULT,
    ) -> int:
        """Have dead messages (None: all) delivered afresh; returns how many.

        Raises QueueError, and changes nothing, if one of them is not dead.
        """
        self.is_paused(subscription)
        with self._session.write() as db:
            if message_ids is None:
                message_ids = [dead.id for dead in self.dead(subscription)]
            for message_id in message_ids:
                self._redrive(db, message_id, now, subscription)
        return len(message_ids)

    def pause(self, subscription: str = DEFAULT) -> None:
        """Give out nothing until `resume`; messages go on to be queued."""
        self._set_paused(subscription, paused=True)

    def resume(self, subscription: str = DEFAULT) -> None:
        """Give out messages again."""
        self._set_paused(subscription, paused=False)

    def is_paused(self, subscription: str = DEFAULT) -> bool:
        """Whether the subscription gives out nothing. Raises UnknownSubscription."""
        paused = self._session.value(
            "SELECT paused FROM subscription WHERE name = ?", [subscription]
        )
        if paused is None:
            raise self._unknown_subscription(subscription)
        return bool(paused)

    def stats(self, now: datetime) -> list[Stats]:
        """Every subscription's deliveries. Leases that have run out count as ready."""
        with self._session.snapshot():
            rows = self._session.rows("SELECT name, paused FROM subscription")
            return [self._stats(row["name"], bool(row["paused"]), now) for row in rows]

    # Parts

    def _unknown_subscription(self, subscription: str) -> UnknownSubscription:
        names = [
            row["name"] for row in self._session.rows("SELECT name FROM subscription")
        ]
        return UnknownSubscription(
            f"there is no subscription {subscription!r}",
            f"there are: {', '.join(names)} (queue.subscriptions in presswatch.yaml)",
        )

    def _set_paused(self, subscription: str, *, paused: bool) -> None:
        with self._session.write() as db:
            cursor = db.conn.execute(
                "UPDATE subscription SET paused = ? WHERE name = ?",
                [paused, subscription],
            )
            if cursor.rowcount == 0:
                raise self._unknown_subscription(subscription)

    def _take_back(self, db: Database, subscription: str, at: int) -> None:
        """Make ready what has waited out its delay, or whose lease has run out.

        The token stays, so that a late `ack` counts until somebody else has it.
        """
        db.conn.execute(
            "UPDATE delivery SET state = 'ready'"
            " WHERE subscription = ? AND state = 'delayed' AND available_at <= ?",
            [subscription, at],
        )
        db.conn.execute(
            "UPDATE delivery SET state = iif(attempts >= ?1, 'dead', 'ready'),"
            " last_error = 'the lease ran out', available_at = lease_until,"
            " lease_until = NULL"
            " WHERE subscription = ?2 AND state = 'leased' AND lease_until <= ?3",
            [MOST_ATTEMPTS, subscription, at],
        )

    def _take(self, db: Database, subscription: str, seq: int, until: int) -> Leased:
        token = secrets.token_hex(16)
        db.conn.execute(
            "UPDATE delivery SET state = 'leased', token = ?, lease_until = ?,"
            " attempts = attempts + 1 WHERE subscription = ? AND seq = ?",
            [token, until, subscription, seq],
        )
        row = self._session.one(
            f"message {seq}",
            "SELECT m.msg_id, m.kind, m.supersedes, m.body, m.text_hash, m.article_id,"
            " d.attempts FROM message m JOIN delivery d ON d.seq = m.seq"
            " WHERE d.subscription = ? AND d.seq = ?",
            [subscription, seq],
        )
        return Leased(
            id=row["msg_id"],
            token=token,
            attempt=row["attempts"],
            kind=row["kind"],
            supersedes=row["supersedes"],
            article=self._article(row),
        )

    def _exported(self, row: Row) -> Exported:
        return Exported(
            seq=row["seq"],
            id=row["msg_id"],
            attempt=row["attempts"],
            kind=row["kind"],
            made_at=moment(row["made_at"]),
            supersedes=row["supersedes"],
            article=self._article(row),
        )

    def _article(self, row: Row) -> dict[str, object]:
        article: dict[str, object] = json.loads(row["body"])
        article["also_at"] = self._also_at(row["text_hash"], row["article_id"])
        return article

    def _also_at(
        self, text_hash: bytes | None, article_id: int | None
    ) -> list[dict[str, str]]:
        """Where else this very text is, as far as is known by now."""
        rows = self._session.rows(
            "SELECT a.outlet, a.url, min(r.fetched_at) AS seen_at FROM revision r"
            " JOIN article a ON a.id = r.article_id"
            " WHERE r.text_hash = ? AND a.id IS NOT ? GROUP BY a.id ORDER BY 3, a.id",
            [text_hash, article_id],
        )
        return [
            {
                "outlet": row["outlet"],
                "url": row["url"],
                "seen_at": moment(row["seen_at"]).isoformat(),
            }
            for row in rows
        ]

    def _seq(self, message_id: str, subscription: str) -> int:
        seq = self._session.value(
            "SELECT m.seq FROM message m JOIN delivery d ON d.seq = m.seq"
            " WHERE m.msg_id = ? AND d.subscription = ?",
            [message_id, subscription],
        )
        if seq is None:
            self.is_paused(subscription)  # an unknown one is the better answer
            raise UnknownMessage(
                f"no message {message_id!r} in subscription {subscription!r}",
                "take id and token as `queue lease` printed them",
            )
        return int(seq)

    def _check_settled(
        self, subscription: str, seq: int, message_id: str, token: str
    ) -> None:
        done_token = self._session.value(
            "SELECT done_token FROM delivery WHERE subscription = ? AND seq = ?",
            [subscription, seq],
        )
        if done_token != token:
            raise _stale(message_id)

    def _redrive(
        self, db: Database, message_id: str, now: datetime, subscription: str
    ) -> None:
        seq = self._seq(message_id, subscription)
        cursor = db.conn.execute(
            "UPDATE delivery SET state = 'ready', attempts = 0, available_at = ?,"
            " token = NULL WHERE subscription = ? AND seq = ? AND state = 'dead'",
            [micros(now), subscription, seq],
        )
        if cursor.rowcount == 0:
            raise QueueError(
                f"message {message_id} is not dead",
                "see `queue dead` for those that are",
            )

    def _stats(self, subscription: str, paused: bool, now: datetime) -> Stats:
        rows = self._session.rows(
            "SELECT CASE WHEN state = 'leased' AND lease_until <= ?1"
            " OR state = 'delayed' AND available_at <= ?1 THEN 'ready' ELSE state END"
            " AS standing, count(*) AS n, min(seq) AS oldest FROM delivery"
            " WHERE subscription = ?2 GROUP BY standing",
            [micros(now), subscription],
        )
        count = {row["standing"]: row["n"] for row in rows}
        oldest = {row["standing"]: row["oldest"] for row in rows}
        made_at = self._session.value(
            "SELECT made_at FROM message WHERE seq = ?", [oldest.get("ready")]
        )
        return Stats(
            subscription=subscription,
            paused=paused,
            ready=count.get("ready", 0),
            delayed=count.get("delayed", 0),
            leased=count.get("leased", 0),
            done=count.get("done", 0),
            dead=count.get("dead", 0),
            oldest_ready=moment_or_none(made_at),
        )


def _stale(message_id: str) -> StaleLease:
    return StaleLease(
        f"the token does not hold message {message_id}: its lease ran out or was"
        " settled, and it may be with another consumer",
        "lease it again",
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
    )
