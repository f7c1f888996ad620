"""A consumer's side of the store: it takes messages, holds them, settles them.

What a program says it wants is in `Terms`; a message's body ends in a `Fate`. The loop
over messages is `service.consuming`'s.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Self, TypeVar

from pipelines.store.connection import Store
from pipelines.store.errors import QueueError, StaleLease, StoreBusy, StoreError
from pipelines.store.leases import Leased
from pipelines.store.subscriptions import DEFAULT

log = logging.getLogger("presswatch.messages")

T = TypeVar("T")

#: Where the database is unless the config says otherwise.
DATABASE = Path("data/presswatch.db")
#: How long messages are taken for, and how long the one in hand is held.
LEASE = timedelta(minutes=5)
AT_MOST = timedelta(hours=1)
#: How often a locked database is waited for again, ten seconds each time.
TRIES = 5
#: A lease is extended when this share of it has passed.
EXTEND_AFTER = 1 / 3


class Reject(Exception):
    """Raised by a consumer: this message will never do. It is dead at once."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a program consumes; see `messages`."""

    database: Path
    subscription: str = DEFAULT
    limit: int = 10
    lease: timedelta = LEASE
    at_most: timedelta = AT_MOST
    wait: bool = True

    @classmethod
    def of(
        cls,
        database: str | Path | None,
        config: str | Path | None,
        *,
        subscription: str,
        limit: int,
        lease: str | timedelta,
        at_most: str | timedelta,
        wait: bool,
    ) -> Self:
        """The terms as a program gives them. Raises ValueError or ConfigError."""
        if database is None:
            database = DATABASE if config is None else _named_by(Path(config))
        duration, longest = _duration(lease), _duration(at_most)
        if limit < 1 or duration <= timedelta(0):
            raise ValueError("limit and lease must be more than nothing")
        return cls(Path(database), subscription, limit, duration, longest, wait)


class Fate(Enum):
    """What becomes of a message whose body ended."""

    ACK = "ack"
    FAIL = "fail"
    REJECT = "reject"
    RELEASE = "release"


def fate(error: BaseException | None) -> tuple[Fate, str]:
    """What an exception, or none, in a message's body means; with the reason."""
    if error is None:
        return Fate.ACK, ""
    if isinstance(error, Reject):
        return Fate.REJECT, str(error) or "rejected"
    if isinstance(error, Exception):
        return Fate.FAIL, f"{type(error).__name__}: {error}"
    return Fate.RELEASE, ""  # the program ends: the message is not to blame


@dataclass(slots=True)
class _Hold:
    """A leased message. `begun` is when its body began; None before."""

    leased: Leased
    begun: datetime | None = None


@dataclass(slots=True)
class _Holds:
    """The messages of a consumer that are to be held; two threads use it."""

    by_id: dict[str, _Hold] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, leased: Leased) -> None:
        with self.lock:
            self.by_id[leased.id] = _Hold(leased)

    def begin(self, message_id: str, now: datetime) -> None:
        with self.lock:
            if message_id in self.by_id:
                self.by_id[message_id].begun = now

    def drop(self, message_id: str) -> None:
        with self.lock:
            self.by_id.pop(message_id, None)

    def all(self) -> list[_Hold]:
        with self.lock:
            return list(self.by_id.values())


class Keeper:
    """Extends the leases of a consumer, in a thread with a connection of its own."""

    def __init__(
        self, terms: Terms, holds: _Holds, now: Callable[[], datetime]
    ) -> None:
        self._terms = terms
        self._holds = holds
        self._now = now
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="presswatch-leases", daemon=True
        )

    def start(self) -> None:
        """Begin to extend."""
        self._thread.start()

    def end(self) -> None:
        """Extend no more."""
        self._ended.set()

    def close(self) -> None:
        """Extend no more, and wait until that is so."""
        self.end()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        every = self._terms.lease.total_seconds() * EXTEND_AFTER
        while not self._ended.wait(every):
            try:
                with Store.open(self._terms.database) as store:
                    self.extend(store)
            except StoreError as error:
                # The next round may be in time; if none is, the lease runs out.
                log.warning("leases were not extended: %s", error)

    def extend(self, store: Store) -> None:
        """Extend what is held, in one transaction; let go of what is lost."""
        now = self._now()
        with store.write():
            for hold in self._holds.all():
                if hold.begun is not None and now - hold.begun > self._terms.at_most:
                    continue
                try:
                    store.queue.extend(
                        hold.leased.id,
                        hold.leased.token,
                        self._terms.lease,
                        now,
                        self._terms.subscription,
                    )
                except QueueError as error:
                    self._holds.drop(hold.leased.id)
                    log.warning("%s: %s", hold.leased.id, error)


def _patiently(action: Callable[[], T]) -> T:
    """Do it; where the database stays locked, a few times more than the store does."""
    for _ in range(TRIES):
        try:
            return action()
        except StoreBusy as error:
            log.warning("%s; trying again", error)
    return action()


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


class Consumer:
    """Takes messages and settles them; for the thread that made it."""

    def __init__(self, terms: Terms, now: Callable[[], datetime] = utc_now) -> None:
        self._terms = terms
        self._now = now
        self._store = Store.open(terms.database)
        self._ahead: deque[Leased] = deque()
        self._holds = _Holds()
        self.keeper = Keeper(terms, self._holds, now)
        self.keeper.start()
        # A loop that was never closed must not hold its messages for ever.
        weakref.finalize(self, self.keeper.end)

    def take(self) -> Leased | None:
        """The next message; None when nothing waits."""
        if not self._ahead:
            leased = _patiently(self._lease)
            for each in leased:
                self._holds.put(each)
            self._ahead.extend(leased)
        if not self._ahead:
            return None
        self._holds.begin(self._ahead[0].id, self._now())
        return self._ahead.popleft()

    def _lease(self) -> list[Leased]:
        return self._store.queue.lease(
            self._terms.subscription,
            limit=self._terms.limit,
            duration=self._terms.lease,
            now=self._now(),
        )

    def settle(self, leased: Leased, what: Fate, reason: str = "") -> bool:
        """Say what became of a message; False if it is somebody else's by now."""
        self._holds.drop(leased.id)
        try:
            _patiently(lambda: self._settle(leased, what, reason))
        except StaleLease as error:
            log.warning("%s", error)
            return False
        return True

    def _settle(self, leased: Leased, what: Fate, reason: str) -> None:
        queue, held = self._store.queue, (leased.id, leased.token)
        name, now = self._terms.subscription, self._now()
        if what is Fate.ACK:
            queue.ack(*held, now, name)
        elif what is Fate.RELEASE:
            queue.release(*held, name)
        else:
            permanent = what is Fate.REJECT
            queue.fail(*held, reason, now=now, permanent=permanent, subscription=name)

    def close(self) -> None:
        """Give back what was taken ahead, and the database."""
        self.keeper.close()
        try:
            while self._ahead:
                self.settle(self._ahead.popleft(), Fate.RELEASE)
        finally:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _named_by(config: Path) -> Path:
    try:
        from config import database_path
    except ImportError as error:
        raise StoreError(
            config,
            f"another module called config is in the way ({error})",
            "name the database itself: messages(database=...)",
        ) from error
    return database_path(config)


def _duration(value: str | timedelta) -> timedelta:
    if isinstance(value, timedelta):
        return value
    from config.durations import parse

    try:
        return parse(value)
    except ValueError as error:
        raise ValueError(f"{value!r} {error}") from None
