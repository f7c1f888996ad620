"""The long-lived crawl: takes due work from the database until told to stop.

Polls go before articles; one request a host is in flight; what a task learned is
committed before its host takes the next one, so that an end at any moment loses
nothing. Nothing is ever cancelled: stopping means starting nothing more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any

from config.models import Outlet
from crawlers.backlog import Backlog, overfull
from crawlers.poll import Poller
from crawlers.session import Session
from crawlers.tally import Tally
from crawlers.visit import Visitor
from pipelines import urls
from pipelines.process import Processor
from pipelines.store import SourceWork, Stored, StoreError, WaitingPage
from pipelines.store.deliveries import Stats
from pipelines.store.health import TROUBLES

log = logging.getLogger(__name__)

#: Requests in flight over all hosts: enough that slow hosts do not hold others up.
MOST_IN_FLIGHT = 200
#: The list of hosts with due URLs is read anew at most this often (seconds).
HOSTS_FRESH_FOR = 0.25
#: Seconds for which a host rests when what it gave could not be stored.
REST = 60.0
SHORT_REST = 5.0
#: Nothing to do: look again after this long at the latest (seconds).
IDLE = 2.0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which work a crawl takes: `forever`, or one pass; all outlets, or some."""

    forever: bool = False
    outlets: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A page that was processed: what it was and what became of it."""

    page: WaitingPage
    stored: Stored


class Crawl:
    """Runs polls, visits and processing over one session."""

    def __init__(self, session: Session, scope: Scope, tally: Tally) -> None:
        self._session = session
        self._scope = scope
        self.tally = tally
        self._poller = Poller(session, tally)
        self._visitor = Visitor(session, tally)
        self._processor = Processor(
            session.store,
            session.writer,
            session.pool,
            session.terms,
            session.times(),
            self._on_stored,
        )
        self._polls: deque[SourceWork] = deque()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._finished: deque[Finished] = deque()
        self._wake = asyncio.Event()
        self._hosts: list[str] = []
        self._hosts_read = float("-inf")
        self._backlog = Backlog(self._overfull)
        self._stopped_at: float | None = None
        self._refusal: BaseException | None = None

    # -- from outside ------------------------------------------------------

    def wake(self) -> None:
        """Looks for due work now: the scheduler's tick."""
        self._hosts_read = float("-inf")
        self._wake.set()

    def stop(self) -> None:
        """Starts nothing more; `run` ends when what is in flight has ended."""
        self._stopped_at = self._stopped_at or time.monotonic()
        self._wake.set()

    def overdue(self, patience: float) -> bool:
        """Whether more than `patience` seconds have passed since it was stopped."""
        since = self._stopped_at
        return since is not None and time.monotonic() - since > patience

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped_at is not None

    @property
    def in_flight(self) -> int:
        """Requests and pages in work."""
        return len(self._tasks) + self._processor.busy

    @property
    def refusal(self) -> BaseException | None:
        """The error for which the store took something not: ends one pass."""
        return self._refusal or self._processor.refusal

    async def run(self) -> AsyncIterator[Finished]:
        """Works until stopped, or until nothing is due (one pass)."""
        await self._begin()
        while not self._done():
            self._wake.clear()
            self._start_work()
            while self._finished:
                yield self._finished.popleft()
            if not self._done():
                await self._pause()
        while self._finished:
            yield self._finished.popleft()

    # -- the loop ----------------------------------------------------------

    async def _begin(self) -> None:
        self._session.recall_hosts(self._session.store)
        if not self._scope.forever:
            self._polls.extend(self._due_sources(everything=True))

    def _due_sources(self, *, everything: bool = False) -> list[SourceWork]:
        return self._session.store.frontier.due_sources(
            self._session.now(), outlets=self._scope.outlets, everything=everything
        )

    def _start_work(self) -> None:
        if self.stopped or (self.refusal and not self._scope.forever):
            return
        health = self._session.writer.health
        if self._scope.forever and health.trouble is not None:
            return  # what would be learned could not be stored
        try:
            self._start_polls()
            if self._session.pages_held is None:
                self._start_visits()
            self._processor.fill()
        except StoreError as error:
            if not self._scope.forever:
                raise
            health.note(error)

    def _start_polls(self) -> None:
        if self._scope.forever:
            self._polls = deque(self._due_sources())
        waiting: deque[SourceWork] = deque()
        for work in self._polls:
            if not self._start_poll(work):
                waiting.append(work)
        self._polls = waiting

    def _start_poll(self, work: SourceWork) -> bool:
        host = urls.host(work.url)
        outlet = self._session.config.outlets.get(work.outlet)
        if outlet is None:
            return True
        if not self._scope.forever and self._session.gate.held_for(host) > 0:
            reason = self._session.gate.reason(host)
            log.warning("%s: %s not polled: %s", work.outlet, work.url, reason)
            self.tally.sources += 1
            self.tally.failed_sources += 1
            return True
        if not self._free(host):
            return False
        self._start(host, outlet, self._poller.poll(work, outlet))
        return True

    def _start_visits(self) -> None:
        now = asyncio.get_running_loop().time()
        for host in self._due_hosts():
            if not self._backlog.lets_through(now) or self._spares_visits():
                return
            if self._free(host):
                self._backlog.note_fetch(now)
                self._start_visit(host)

    def _spares_visits(self) -> bool:
        """One pass does not wait for consumers: what is due stays so for the next."""
        return self._backlog.pressing and not self._scope.forever

    def _overfull(self) -> tuple[Stats, ...]:
        stats = self._session.store.queue.stats(self._session.now())
        return overfull(stats, self._session.config.queue.most_waiting)

    def _due_hosts(self) -> list[str]:
        loop_time = asyncio.get_running_loop().time()
        if loop_time - self._hosts_read >= HOSTS_FRESH_FOR:
            self._hosts_read = loop_time
            self._hosts = self._session.store.frontier.due_hosts(self._session.now())
        return self._hosts

    def _start_visit(self, host: str) -> None:
        due = self._session.store.frontier.due_urls(
            self._session.now(), host=host, limit=1, outlets=self._scope.outlets
        )
        for work in due:
            outlet = self._session.config.outlets.get(work.outlet)
            if outlet is None:
                self._start_quietly(host, self._visitor.abandon(work))
            else:
                self._start(host, outlet, self._visitor.visit(work, outlet))
        if not due:
            self._hosts = [other for other in self._hosts if other != host]

    def _free(self, host: str) -> bool:
        room = len(self._tasks) < MOST_IN_FLIGHT
        return (
            room and host not in self._tasks and not self._session.gate.ready_in(host)
        )

    def _start(
        self, host: str, outlet: Outlet, work: Coroutine[Any, Any, None]
    ) -> None:
        self._session.visit(host, outlet)
        self._start_quietly(host, work)

    def _start_quietly(self, host: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks[host] = task
        task.add_done_callback(lambda done: self._ended(host, done))

    def _ended(self, host: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(host, None)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # Not in the database, so the same work is still due: keep it from spinning.
            level, rest = self._weight_of(error)
            log.log(level, "%s: what was learned could not be stored: %s", host, error)
            self._session.gate.hold(host, rest, f"an error of ours: {error}")
            self._refusal = error

    def _weight_of(self, error: BaseException) -> tuple[int, float]:
        """How loud to be, and how long the host rests.

        The service tells of a database in trouble once, and goes on when it is over.
        """
        if self._scope.forever and isinstance(error, TROUBLES):
            return logging.DEBUG, SHORT_REST
        return logging.ERROR, REST

    def _on_stored(self, page: WaitingPage, stored: Stored) -> None:
        self.tally.stored(stored)
        self._finished.append(Finished(page, stored))
        words = f" ({stored.detail})" if stored.detail else ""
        log.info("%s: %s %s%s", page.outlet, stored.outcome, page.url, words)
        self._wake.set()

    async def _pause(self) -> None:
        waits = [self._session.gate.ready_in(host) for host in self._waiting_hosts()]
        soonest = min((wait for wait in waits if wait), default=IDLE)
        try:
            await asyncio.wait_for(self._wake.wait(), min(soonest, IDLE))
        except TimeoutError:
            return

    def _waiting_hosts(self) -> set[str]:
        return {urls.host(work.url) for work in self._polls} | set(self._hosts)

    def _done(self) -> bool:
        if self._tasks or self._processor.busy:
            return False
        if self.stopped or (self.refusal and not self._scope.forever):
            return True
        return not self._scope.forever and not self._work_left()

    def _work_left(self) -> bool:
        if self._polls or self._session.store.frontier.waiting_pages(1):
            return True
        if self._spares_visits():
            return False
        now = self._session.now()
        return any(
            self._session.gate.held_for(host) <= 0
            and self._session.store.frontier.due_urls(
                now, host=host, limit=1, outlets=self._scope.outlets
            )
            for host in self._session.store.frontier.due_hosts(now)
        )
