"""Messages for programs in Python: leased, held while they are worked on, settled.

`from presswatch import messages, messages_async` gives what is here. A program that
dies loses nothing: its leases run out, and what it had not settled comes again.
"""

from __future__ import annotations

import logging
import signal
import threading
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TypedDict, TypeVar, cast

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
#: Seconds between two looks at an empty queue.
LOOK_EVERY = 0.5
#: How often a locked database is waited for again, ten seconds each time.
TRIES = 5
#: A lease is extended when this share of it has passed.
EXTEND_AFTER = 1 / 3

#: What ends a loop over messages.
SIGNALS = (signal.SIGTERM, signal.SIGINT)

LEFT = "the loop over the messages was left at this one (an exception, or `break`)"


class AlsoAt(TypedDict):
    """Another place where an article's very text stands."""

    outlet: str
    url: str
    seen_at: str


class Article(TypedDict):
    """What an outlet published, as it was when the message was queued.

    Times are ISO 8601; `text` has one paragraph a line and is empty in a withdrawal;
    `revision` counts from one; `also_at` is as of the lease.
    """

    url: str
    outlet: str
    title: str | None
    authors: list[str]
    published: str | None
    language: str
    text: str
    revision: int
    also_at: list[AlsoAt]


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


class Delivered:
    """What a message says; `settled` as soon as it is said what became of it."""

    def __init__(self, leased: Leased) -> None:
        self._leased = leased
        self.settled = False

    @property
    def id(self) -> str:
        """The same at every delivery; store it with the effect."""
        return self._leased.id

    @property
    def attempt(self) -> int:
        """How often it was delivered, this time included."""
        return self._leased.attempt

    @property
    def kind(self) -> str:
        """`new`, `revision`, `withdrawal` or `copy`."""
        return self._leased.kind

    @property
    def supersedes(self) -> str | None:
        """The id of the message that this one replaces."""
        return self._leased.supersedes

    @property
    def article(self) -> Article:
        """What was published."""
        return cast("Article", self._leased.article)


class Message(Delivered):
    """A message that is this program's until it is settled.

    `with message:` settles it: acknowledged at the end, failed on an exception, which
    is logged and goes no further. Without, the next turn of the loop acknowledges it.
    """

    def __init__(self, consumer: Consumer, leased: Leased) -> None:
        super().__init__(leased)
        self._consumer = consumer

    def ack(self) -> None:
        """It is done with; a second call does nothing."""
        self._settle(Fate.ACK)

    def fail(self, reason: str, *, permanent: bool = False) -> None:
        """Give it back: it comes again after a growing delay, or is dead at once."""
        self._settle(Fate.REJECT if permanent else Fate.FAIL, reason)

    def release(self) -> None:
        """Give it back as if it had never been leased."""
        self._settle(Fate.RELEASE)

    def _settle(self, what: Fate, reason: str = "") -> None:
        if not self.settled:
            self.settled = True
            self._consumer.settle(self._leased, what, reason)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        what, reason = fate(error)
        if what is Fate.FAIL:
            log.error("%s failed: %s", self.id, reason, exc_info=error)
        self._settle(what, reason)
        return isinstance(error, Exception)


def messages(
    database: str | Path | None = None,
    *,
    config: str | Path | None = None,
    subscription: str = DEFAULT,
    limit: int = 10,
    lease: str | timedelta = LEASE,
    at_most: str | timedelta = AT_MOST,
    wait: bool = True,
) -> Generator[Message, None, None]:
    """The messages of a subscription, one after the other, for ever.

        for message in messages():
            with message:
                print(message.article["title"])

    They are taken `limit` at a time for `lease`, and held for as long as the body
    runs, `at_most` so long. SIGTERM and SIGINT end the loop after the body that runs;
    a second one ends the program. What was taken and not begun is given back. With
    `wait=False` the loop ends when nothing is waiting.

    `database` is the file; without, the one that the directory `config` names, or
    DATABASE. Raises StoreError when there is none or it cannot be used, and for an
    unknown subscription.
    """
    terms = Terms.of(
        database,
        config,
        subscription=subscription,
        limit=limit,
        lease=lease,
        at_most=at_most,
        wait=wait,
    )
    with stopping() as stop, Consumer(terms) as consumer:
        while not stop.is_set():
            leased = consumer.take()
            if leased is not None:
                yield from _handed_out(Message(consumer, leased))
            elif not terms.wait:
                return
            else:
                stop.wait(LOOK_EVERY)


def _handed_out(message: Message) -> Iterator[Message]:
    try:
        yield message
    except GeneratorExit:
        message.fail(LEFT)
        raise
    message.ack()


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


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that the first SIGTERM or SIGINT sets; the second does its usual work.

    A handler of the program's own is called as well. In a thread other than the main
    one signals cannot be handled: the event is never set then.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, usual in before.items():
            signal.signal(number, usual)

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()
        restore()
        usual = before[signal.Signals(number)]
        if callable(usual) and usual is not signal.default_int_handler:
            usual(number, frame)

    for number in SIGNALS:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        restore()
