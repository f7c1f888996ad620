"""Runs a crawl for the service's commands: one pass, or until told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from crawlers.crawl import Crawl
from crawlers.session import Session
from crawlers.spiders.news import NewsSpider

log = logging.getLogger(__name__)

#: After SIGTERM, requests in flight may take this long to end (seconds). Then the
#: process leaves: what they would have brought is still due in the database.
PATIENCE = 20.0

#: Every so many rounds of Python's garbage collector look at everything (10 by itself).
_ROUNDS: Final = 2


def settings() -> Settings:
    """Scrapy's settings of the project, wherever the program was started."""
    made = Settings()
    made.setmodule("crawlers.settings", priority="project")
    return made


async def crawl(session: Session, work: Crawl) -> bool:
    """Runs a crawl to its end; False when it was left with requests in flight.

    The crawl is never cancelled: a cancelled one leaves sockets open and looks
    finished.
    """
    runner = AsyncCrawlerRunner(settings())
    running = runner.crawl(NewsSpider, session=session, crawl=work)
    with collecting_often():
        while not running.done():
            await asyncio.wait([running], timeout=0.2)
            if work.overdue(PATIENCE):
                log.warning("left %d requests in flight; they stay due", work.in_flight)
                return False
    running.result()
    return True


@contextmanager
def collecting_often() -> Iterator[None]:
    """Looks for garbage often, and only among what has been made since.

    A failed download leaves cycles (an exception, its frames, its headers), and a full
    collection looks at all that was ever imported: a tenth of a second in which the
    event loop stands still, so Python puts it off while megabytes pile up. What is
    there at the start stays for good; set aside, a collection takes milliseconds.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*before[:2], _ROUNDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@dataclass(slots=True)
class Signals:
    """What the process does on SIGTERM, SIGINT and SIGHUP."""

    stop: Callable[[], None]
    reload: Callable[[], None] | None = None


@contextmanager
def handling(signals: Signals) -> Iterator[None]:
    """Handles signals on the running loop; a second SIGTERM or SIGINT ends at once."""
    loop = asyncio.get_running_loop()
    asked = False

    def stop(number: int) -> None:
        nonlocal asked
        if asked:
            # At once means at once: threads of downloads would hold up an exit.
            os._exit(128 + number)
        asked = True
        signals.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    if signals.reload is not None:
        loop.add_signal_handler(signal.SIGHUP, signals.reload)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
