"""Moves a subscription's messages to its destination until told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from pipelines.store import Notice, Store
from pipelines.store.deliveries import Leased
from pipelines.store.errors import QueueError, StoreError
from service.api.desk import Desk
from service.push.delivery import Delivered, Sink, Trouble

log = logging.getLogger(__name__)

#: Seconds between two looks for what is to be done while nothing comes.
IDLE: Final = 5.0
#: Seconds after the first trouble, then twice as long each time, up to the longest.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0
#: The longest that a destination may ask us to wait.
LONGEST_ASKED: Final = 3600.0
#: An alert opens when so many tries in a row met trouble.
PATIENCE: Final = 3


def pause_after(troubles: int, asked: float, jitter: float) -> float:
    """Seconds to wait after the n-th trouble in a row; `jitter` is a factor."""
    own = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(troubles - 1, 20))) * jitter
    return max(own, min(asked, LONGEST_ASKED))


class Pump:
    """One subscription's way to one destination."""

    def __init__(self, name: str, place: str, sink: Sink, desk: Desk) -> None:
        self.name = name
        self.place = place
        self._sink = sink
        self._desk = desk
        self._troubles = 0
        self._stopping = asyncio.Event()
        self._rng = random.Random()  # noqa: S311 - spreads tries, guards nothing

    def stop(self) -> None:
        """End after the batch that is under way."""
        self._stopping.set()

    async def run(self) -> None:
        """Works until `stop`. Errors of the database are waited out."""
        try:
            await self._sink.open()
            while not self._stopping.is_set():
                try:
                    await self._turn()
                except StoreError as error:
                    log.warning("push %s: %s", self.name, error)
                    await self._rest(FIRST_PAUSE * 10)
                except Exception:  # a bug: what it held comes again
                    log.exception("push %s: a bug, on the way to %s", *self._names)
                    await self._rest(LONGEST_PAUSE)
        finally:
            await self._sink.close()

    async def _turn(self) -> None:
        leased = await self._desk.write(self._lease)
        if not leased:
            await self._wait()
            return
        done = await self._sink.deliver(leased)
        await self._desk.write(lambda store: self._settle(store, leased, done))
        if done.trouble is not None:
            await self._suffer(done.trouble)
        elif self._troubles:
            await self._recover()

    def _lease(self, store: Store) -> list[Leased]:
        return store.queue.lease(
            self.name,
            limit=self._sink.batch,
            duration=self._sink.lease,
            now=self._desk.now(),
        )

    async def _wait(self) -> None:
        """Until there is something to do, or a moment has passed."""
        idle = await self._sink.idle()
        if idle is not None and idle.note is not None:
            await self._desk.write(idle.note)
        waiting = asyncio.ensure_future(self._desk.waiting.until_ready(self.name, IDLE))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, stopping):
            task.cancel()
        await asyncio.gather(waiting, stopping, return_exceptions=True)

    def _settle(self, store: Store, leased: Sequence[Leased], done: Delivered) -> None:
        """All of it in one transaction: what is noted is what is acknowledged."""
        now = self._desk.now()
        # What is noted has to be acknowledged, all of it; without a note, a message
        # whose lease ran out comes again by itself.
        forgiven = () if done.note is not None else (QueueError,)
        for message in done.taken:
            with suppress(*forgiven):
                store.queue.ack(message.id, message.token, now, self.name)
        if done.note is not None:
            done.note(store)
        for one in done.failed:
            with suppress(QueueError):  # its lease ran out: it comes again anyway
                store.queue.fail(
                    one.message.id,
                    one.message.token,
                    one.reason,
                    now=now,
                    subscription=self.name,
                )
        tried = {message.id for message in done.taken}
        tried |= {one.message.id for one in done.failed}
        for message in leased:
            if message.id not in tried:
                with suppress(QueueError):
                    store.queue.release(message.id, message.token, self.name)

    async def _suffer(self, trouble: Trouble) -> None:
        self._troubles += 1
        if trouble.gone:
            await self._give_up(trouble)
            return
        if self._troubles == PATIENCE:
            words = f"{self.place} takes nothing: {trouble.reason}"
            log.warning("push %s: %s; it is tried again", self.name, words)
            await self._alert(words, "every text waits in the queue; it is tried again")
        await self._rest(
            pause_after(self._troubles, trouble.wait, self._rng.uniform(0.5, 1.5))
        )

    async def _give_up(self, trouble: Trouble) -> None:
        """Pauses the subscription: its texts wait until the operator has looked."""
        words = f"{self.place} wants no more: {trouble.reason}"
        log.error("push %s: %s; the subscription is paused", self.name, words)
        await self._desk.write(lambda store: store.queue.pause(self.name))
        step = "the subscription is paused; its texts wait"
        command = f"presswatch queue resume --subscription {self.name}"
        await self._alert(words, step, command)

    async def _alert(
        self, text: str, evidence: str, command: str = "presswatch queue stats"
    ) -> None:
        notice = Notice(self._key, f"push {self.name}: {text}", evidence, command)
        now = self._desk.now()
        await self._desk.write(lambda store: store.alerts.open(notice, now))

    async def _recover(self) -> None:
        self._troubles = 0
        now = self._desk.now()
        if await self._desk.write(lambda store: store.alerts.close(self._key, now)):
            log.info("push %s: %s takes texts again", self.name, self.place)

    @property
    def _names(self) -> tuple[str, str]:
        return self.name, self.place

    @property
    def _key(self) -> str:
        return f"push:{self.name}"

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
