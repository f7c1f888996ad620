"""Many hosts on loopback: names under .test, sources of one site, a crawl in-process.

What `soak` and `isolation` stand on. Names end in `.test` (RFC 6761) and lead to
127.0.0.1; those under `.hang.test` never resolve. Nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config import load
from crawlers import runtime
from crawlers.crawl import Crawl, Scope
from crawlers.session import Session
from crawlers.tally import Tally
from service import crawling
from service.demo.client import Site
from service.life import resident

#: Seconds between two measurements of the event loop.
_NAP = 0.01


@dataclass(frozen=True, slots=True)
class Measure:
    """What the process holds: bytes of memory, open descriptors, threads."""

    polls: int
    resident: int
    descriptors: int
    threads: int

    @classmethod
    def now(cls, polls: int) -> Measure:
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        return cls(polls, resident(), descriptors, threading.active_count())


def add_source(config: Path, key: str, url: str, **said: Any) -> None:
    """One outlet with one feed; polled as often as can be, no article twice a day."""
    told = {
        "sources": [{"feed": url}],
        "every": "1s",
        "delay": "0s",
        "robots": False,
        "request": {"timeout": "3s"},
        **said,
    }
    path = config / "outlets" / f"{key}.yaml"
    path.write_text(yaml.safe_dump(told), encoding="utf-8")


def port_of(site: Site, outlet: str = "courier") -> str:
    return site.outlets[outlet].rpartition(":")[2]


def name_server() -> Callable[..., list[Any]]:
    """A getaddrinfo that knows no name beyond this machine."""
    released = threading.Event()

    def answer(name: str, *_: Any) -> list[Any]:
        if name.endswith(".hang.test"):
            released.wait(120)
        if not name.endswith(".test"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    return answer


@dataclass(slots=True)
class World:
    """A crawl that runs, and what it counts."""

    session: Session
    work: Crawl
    tally: Tally


def crawl(
    directory: Path, drive: Callable[[World], Awaitable[None]], seconds: float
) -> None:
    """Runs the service's crawl over a config until `drive` ends, or for `seconds`."""
    config = load(directory)
    with runtime.open_session(config) as session:
        session.guard.resolver._ask = name_server()
        tally = Tally()
        world = World(session, Crawl(session, Scope(forever=True), tally), tally)

        async def both() -> None:
            running = asyncio.create_task(crawling.crawl(session, world.work))
            try:
                await asyncio.wait_for(drive(world), seconds)
            finally:
                world.work.stop()
                await running

        runtime.run_async(both)


async def ticking(world: World) -> None:
    """The scheduler's tick, for ever."""
    while True:
        await asyncio.sleep(0.25)
        world.work.wake()


@dataclass(frozen=True, slots=True)
class Stall:
    """Seconds that a task waited, and how much of them this process worked.

    The rest is the machine's: others had the processor.
    """

    waited: float
    worked: float


@dataclass(slots=True)
class Stalls:
    """How long the event loop kept a task waiting that wanted to run."""

    each: list[Stall]

    @classmethod
    def none(cls) -> Stalls:
        return cls([])

    async def watch(self) -> None:
        """Measures for ever."""
        while True:
            began, used = time.monotonic(), time.process_time()
            await asyncio.sleep(_NAP)
            waited = time.monotonic() - began - _NAP
            self.each.append(Stall(waited, min(waited, time.process_time() - used)))

    def waited(self, quantile: float) -> float:
        """The wait that so many do not exceed."""
        return quantile_of([stall.waited for stall in self.each], quantile)

    @property
    def longest(self) -> float:
        """The longest wait."""
        return self.waited(1)

    @property
    def most_work(self) -> float:
        """The most that this process worked during one wait."""
        return quantile_of([stall.worked for stall in self.each], 1)


def quantile_of(values: list[float], quantile: float) -> float:
    """The value that so many of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return (
        ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] if ordered else 0
    )
