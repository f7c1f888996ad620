"""As `service.consuming`, for programs on asyncio.

The database is used in one thread beside the loop, so that the loop never waits for a
lock or a disk.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pipelines.store.leases import Leased
from pipelines.store.subscriptions import DEFAULT
from service.consuming import LEFT, LOOK_EVERY, SIGNALS, Delivered
from service.holding import AT_MOST, LEASE, Consumer, Fate, Terms, fate

log = logging.getLogger("presswatch.messages")

T = TypeVar("T")
Run = Callable[..., asyncio.Future[Any]]


class AsyncMessage(Delivered):
    """As `Message`: `async with message:`, and its methods are awaited."""

    def __init__(self, consumer: Consumer, leased: Leased, run: Run) -> None:
        super().__init__(leased)
        self._consumer = consumer
        self._run = run

    async def ack(self) -> None:
        """It is done with; a second call does nothing."""
        await self._settle(Fate.ACK)

    async def fail(self, reason: str, *, permanent: bool = False) -> None:
        """Give it back: it comes again after a growing delay, or is dead at once."""
        await self._settle(Fate.REJECT if permanent else Fate.FAIL, reason)

    async def release(self) -> None:
        """Give it back as if it had never been leased."""
        await self._settle(Fate.RELEASE)

    async def _settle(self, what: Fate, reason: str = "") -> None:
        if not self.settled:
            self.settled = True
            # Whoever is cancelled meanwhile has settled it all the same.
            await asyncio.shield(
                self._run(self._consumer.settle, self._leased, what, reason)
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        what, reason = fate(error)
        if what is Fate.FAIL:
            log.error("%s failed: %s", self.id, reason, exc_info=error)
        await self._settle(what, reason)
        return isinstance(error, Exception)


async def messages_async(
    database: str | Path | None = None,
    *,
    config: str | Path | None = None,
    subscription: str = DEFAULT,
    limit: int = 10,
    lease: str | timedelta = LEASE,
    at_most: str | timedelta = AT_MOST,
    wait: bool = True,
) -> AsyncGenerator[AsyncMessage, None]:
    """As `messages`, with `async for` and `async with`.

    A loop that is left by `break` or an exception gives its messages back when Python
    closes it, soon after; `contextlib.aclosing` does so at once.
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
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "presswatch-queue") as thread, _stopping(loop) as stop:
        run = partial(loop.run_in_executor, thread)
        consumer = await run(Consumer, terms)
        try:
            while not stop.is_set():
                leased = await run(consumer.take)
                if leased is None:
                    if not terms.wait:
                        return
                    await _pause(stop)
                    continue
                message = AsyncMessage(consumer, leased, run)
                try:
                    yield message
                except GeneratorExit:
                    await message.fail(LEFT)
                    raise
                await message.ack()
        finally:
            await asyncio.shield(run(consumer.close))


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LOOK_EVERY)
    except TimeoutError:
        return


@contextmanager
def _stopping(loop: asyncio.AbstractEventLoop) -> Iterator[asyncio.Event]:
    """An event that the first SIGTERM or SIGINT sets; a second does its usual work."""
    stop = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, usual in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, usual)

    def handle() -> None:
        restore()
        stop.set()

    for number in SIGNALS:
        loop.add_signal_handler(number, handle)
    try:
        yield stop
    finally:
        restore()
