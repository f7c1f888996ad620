"""The service among its peers: service manager, watchdog, memory, descriptors.

Looks every few seconds whether all parts work (vitals.py says what that means) and
tells the service manager so. What is stuck is logged once. A process that has grown
past its ceiling is stopped as by SIGTERM and ends with the code that asks for a
restart; nothing is lost by it, for nothing is kept in memory alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from config.models import Config
from config.sizes import readable
from crawlers.crawl import Crawl
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines import urls
from pipelines.store import StoreError
from service.notify import Manager
from service.vitals import POLL_PATIENCE, Ceiling, Signs, stuck

log = logging.getLogger(__name__)

#: The exit code that asks for a restart (EX_TEMPFAIL of sysexits.h).
RESTART: Final = 75
#: Seconds between two looks; less where the watchdog is impatient.
EVERY: Final = 10.0
#: File descriptors that the service should be able to open: two for each request in
#: flight, and the database's.
DESCRIPTORS: Final = 4096


class Life:
    """Watches over one run of the service. `stop` ends it, as SIGTERM does."""

    def __init__(
        self,
        session: Session,
        work: Crawl,
        tally: Tally,
        stop: Callable[[], None],
        *,
        manager: Manager | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._work, self._tally = session, work, tally
        self._stop = stop
        self.manager = manager or Manager.of(os.environ)
        self._clock = clock
        self._born = clock()
        self._ceiling = ceiling(session.config)
        self._first_size = 0
        self._asked: tuple[float, Future[Any]] | None = None
        self._polled = (tally.sources, clock())
        self._told: str | None = None
        self.exit_code = 0

    async def watch(self) -> None:
        """Looks for ever; to be cancelled."""
        self._first_size = resident()
        if self._ceiling.memory and self._first_size > self._ceiling.memory:
            log.warning(
                "process.memory is less than what the service begins with (%s): "
                "it is not kept to",
                readable(self._first_size),
            )
            self._ceiling = Ceiling(0, self._ceiling.age)
        patience = self.manager.patience
        every = EVERY if patience is None else min(EVERY, patience / 3)
        while True:
            self.look()
            await asyncio.sleep(every)

    def look(self) -> None:
        """One look: tells the manager, and stops what has grown too old or too big."""
        reason = stuck(self.signs())
        if reason is None:
            self.manager.alive(self.status())
        else:
            self.manager.unwell(reason)
        if reason != self._told:
            self._told = reason
            log.error("%s", reason) if reason else log.info("all parts work again")
        self._begin_anew()

    def status(self) -> str:
        """What `systemctl status` shows."""
        return f"{self._work.in_flight} in flight, {self._tally.queued} texts queued"

    def signs(self) -> Signs:
        """What is to be seen of the parts now."""
        now = self._clock()
        if self._tally.sources != self._polled[0]:
            self._polled = (self._tally.sources, now)
        return Signs(
            writer=self._writer(now),
            worker=self._session.pool.late(),
            poll=now - self._polled[1],
            overdue=self._overdue(),
        )

    def _writer(self, now: float) -> float:
        """Seconds for which a job that does nothing has waited in the writer."""
        if self._asked is None or self._asked[1].done():
            try:
                job = self._session.writer.submit(lambda store: None)
            except StoreError:  # closed: we are on our way out
                return 0.0
            job.add_done_callback(lambda done: done.exception())
            self._asked = (now, job)
        return now - self._asked[0]

    def _overdue(self) -> bool:
        """Whether sources that could be polled have been due for long."""
        if self._session.uplink.down:
            return False
        since = self._session.now() - timedelta(seconds=POLL_PATIENCE)
        try:
            due = self._session.store.frontier.due_sources(since)
        except StoreError:  # the machine's trouble, which is told by itself
            return False
        held = self._session.gate.held_for
        return any(held(urls.host(source.url)) <= 0 for source in due)

    def _begin_anew(self) -> None:
        if self.exit_code:
            return
        reason = self._ceiling.reached(resident(), self._clock() - self._born)
        if reason is not None:
            log.warning("begins anew: %s (process in the config)", reason)
            self.exit_code = RESTART
            self._stop()


def ceiling(config: Config) -> Ceiling:
    """The limits that the config sets."""
    return Ceiling(config.process.memory, config.process.age.total_seconds())


def resident() -> int:
    """Bytes of memory that this process holds; 0 where it cannot be told."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def raise_descriptors() -> None:
    """Lets the process open as many files as it needs and may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < DESCRIPTORS:
        log.warning(
            "at most %d files may be open (ulimit -Hn): requests fail beyond that",
            wanted,
        )
