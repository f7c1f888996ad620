"""Messages for programs in Python: a loop that takes, holds, settles and stops.

`from presswatch import messages, messages_async` gives what is here. A program that
dies loses nothing: its leases run out, and what it had not settled comes again.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TypedDict, cast

from pipelines.store.leases import Leased
from pipelines.store.subscriptions import DEFAULT
from service.holding import AT_MOST, LEASE, Consumer, Fate, Terms, fate

log = logging.getLogger("presswatch.messages")

#: Seconds between two looks at an empty queue.
LOOK_EVERY = 0.5
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
