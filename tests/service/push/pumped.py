"""A pump run to the end of its queue, over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsstand import FERRY, Newsstand

from pipelines.store import SourceSpec, Store, Writer
from pipelines.store.deliveries import Leased, Stats
from service.api.desk import Desk
from service.api.readers import Readers
from service.push.delivery import Delivered, Sink
from service.push.pump import Pump

NOW = datetime.now(UTC).replace(microsecond=0)
PATIENCE = 60.0


class Clock:
    """A clock to be moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def filled(path: Path, count: int) -> list[str]:
    """A database with so many messages; their ids, oldest first."""
    with Store.open(path, create=True) as store:
        spec = SourceSpec("ferry", "feed", f"{FERRY}/rss")
        store.frontier.sync_sources([spec], NOW)
        add(store, range(count))
        return [message.id for message in store.queue.export()]


def add(store: Store, numbers: Sequence[int] | range) -> None:
    """Queues more messages."""
    stand = Newsstand(store, NOW)
    for n in numbers:
        text = (f"Ferry number {n} runs again.", f"It is the {n}th of its name.")
        stand.publish("ferry", f"{FERRY}/{n}", text, f"Ferry {n}")


def stats(path: Path, now: datetime = NOW) -> Stats:
    """How the messages stand."""
    with Store.open(path) as store:
        (found,) = store.queue.stats(now)
        return found


def run(
    path: Path,
    make: Callable[[Desk], Sink],
    clock: Clock,
    until: Callable[[Stats], bool],
) -> None:
    """Runs a pump until the queue is as wanted; AssertionError if it never is."""

    async def main() -> None:
        writer = Writer(path)
        writer.start()
        desk = Desk(Readers(path), writer, clock)
        pump = Pump("default", "test place", make(desk), desk)
        task = asyncio.create_task(pump.run())
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    (found,) = await desk.read(lambda store: store.queue.stats(clock()))
                    if until(found):
                        break
                    assert not task.done(), task
                    await asyncio.sleep(0.02)
        finally:
            pump.stop()
            await task
            desk.close()
            writer.close()

    asyncio.run(main())


class Scripted:
    """A destination that does as it is told, one answer a batch, then takes all."""

    batch = 2
    lease = timedelta(minutes=1)

    def __init__(self, *script: Callable[[Sequence[Leased]], Delivered]) -> None:
        self._script = list(script)
        self.batches: list[list[str]] = []
        self.closed = False

    async def open(self) -> None:
        """Nothing."""

    async def deliver(self, messages: Sequence[Leased]) -> Delivered:
        self.batches.append([message.id for message in messages])
        if self._script:
            return self._script.pop(0)(messages)
        return Delivered(messages)

    async def idle(self) -> Delivered | None:
        return None

    async def close(self) -> None:
        self.closed = True
