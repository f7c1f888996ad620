"""Long polling: whoever waits for a message costs a future, not a thread.

One task looks into the database for all of them, as long as anybody waits: messages
come from the crawl, from delays that end, leases that run out, and other processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

#: Seconds between two looks.
LOOK: Final = 0.25


class Waiting:
    """Those who wait, by subscription. `ready` says which of these have a message."""

    def __init__(
        self, ready: Callable[[frozenset[str]], Awaitable[frozenset[str]]]
    ) -> None:
        self._ready = ready
        self._waiters: dict[str, list[asyncio.Future[bool]]] = {}
        self._looker: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def subscriptions(self) -> frozenset[str]:
        """Those that somebody waits for."""
        return frozenset(self._waiters)

    async def until_ready(self, subscription: str, seconds: float) -> bool:
        """Waits until there may be a message; False when the time is over."""
        if self._closed or seconds <= 0:
            return False
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(subscription, []).append(waiter)
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError:
            return False
        finally:
            self._forget(subscription, waiter)

    def close(self) -> None:
        """Sends everybody home."""
        self._closed = True
        for waiters in self._waiters.values():
            for waiter in waiters:
                _tell(waiter, False)
        if self._looker is not None:
            self._looker.cancel()

    def _forget(self, subscription: str, waiter: asyncio.Future[bool]) -> None:
        waiters = self._waiters.get(subscription, [])
        if waiter in waiters:
            waiters.remove(waiter)
        if not waiters:
            self._waiters.pop(subscription, None)

    async def _look(self) -> None:
        while self._waiters:
            await asyncio.sleep(LOOK)
            try:
                ready = await self._ready(frozenset(self._waiters))
            except Exception as error:  # those who wait get it, each as its own
                self._fail(error)
                return
            for subscription in ready & self._waiters.keys():
                # The one who came first; the next look tells the next one.
                _tell(self._waiters[subscription][0], True)

    def _fail(self, error: Exception) -> None:
        for waiters in self._waiters.values():
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_exception(error)


def _tell(waiter: asyncio.Future[bool], ready: bool) -> None:
    if not waiter.done():
        waiter.set_result(ready)
