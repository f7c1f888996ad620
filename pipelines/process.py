"""The loop between fetching and the queue: stored raw pages -> workers -> store step.

It takes waiting pages from the database, never from memory, so that a page that was
stored before a crash is processed after it. Extraction runs in worker processes;
what they return is submitted in one transaction per article.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.article import Reading
from pipelines.cleaning import CleanRules
from pipelines.decide import EVERY_CHANGE
from pipelines.identity import identify
from pipelines.outcome import Outcome
from pipelines.reading import PageInput
from pipelines.store import (
    PageMissing,
    Store,
    Stored,
    StoreError,
    Submission,
    WaitingPage,
    Writer,
)
from pipelines.store.health import TROUBLES
from pipelines.versions import made_by
from pipelines.workers import Failure, WorkerPool

log = logging.getLogger(__name__)

#: A page that was begun this often and never finished takes the program down with
#: it: it is given up. Pages are read in processes of their own, so that it is rarely
#: the page's fault: somebody pulled the plug while it was in work.
MOST_TRIES = 10
#: Pages in work per worker: one being read, one on its way in or out.
AHEAD = 2
#: Seconds until the store is tried again after it refused.
REST = 5.0


@dataclass(frozen=True, slots=True)
class OutletTerms:
    """What processing needs to know of an outlet's config; `digest` stands for it."""

    home: str
    sources: tuple[str, ...]
    language: str | None
    rules: CleanRules
    duplicates: str
    priority: int
    denied: Callable[[str], str | None]  # why the rules leave a URL out
    digest: str | None = None
    revisions: frozenset[str] = EVERY_CHANGE
    most_revisions: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """The clock, and the rules for coming back to a URL.

    `revisit_at` is told the outlet, when the URL was first seen, the time, and
    whether its text has just changed.
    """

    now: Callable[[], datetime]
    retry_at: Callable[[Outcome, int, datetime], datetime | None]
    revisit_at: Callable[[str, datetime, datetime, bool], datetime | None]


class Processor:
    """Keeps the workers fed. `on_stored` hears of every page that was finished."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        pool: WorkerPool,
        terms: Callable[[str], OutletTerms | None],
        times: Times,
        on_stored: Callable[[WaitingPage, Stored], None],
    ) -> None:
        self._store = store
        self._writer = writer
        self._pool = pool
        self._terms = terms
        self._times = times
        self._on_stored = on_stored
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._begun: set[int] = set()
        self._rests_until = 0.0
        self._told = False  # that the database is in trouble
        self.refusal: BaseException | None = None  # the store's latest, for one pass

    @property
    def busy(self) -> int:
        """How many pages are being processed."""
        return len(self._tasks)

    def fill(self) -> None:
        """Starts as many waiting pages as the workers can take."""
        room = self._pool.count * AHEAD - len(self._tasks)
        if room <= 0 or time.monotonic() < self._rests_until:
            return
        waiting = self._store.frontier.waiting_pages(len(self._tasks) + room)
        fresh = [page for page in waiting if page.page_id not in self._tasks]
        for page in fresh[:room]:
            self._start(page)

    def _start(self, page: WaitingPage) -> None:
        task = asyncio.create_task(self._finish(page))
        self._tasks[page.page_id] = task
        task.add_done_callback(lambda done: self._ended(page.page_id, done))

    def _ended(self, page_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.pop(page_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # A full or locked database: the page stays waiting in it.
            known = isinstance(error, TROUBLES) and self._told
            self._told = isinstance(error, TROUBLES)
            level = logging.DEBUG if known else logging.ERROR
            log.log(level, "page %s could not be stored: %s", page_id, error)
            self._rests_until = time.monotonic() + REST
            self.refusal = error

    async def _finish(self, page: WaitingPage) -> None:
        try:
            stored = await self._process(page)
        except StoreError:
            raise
        except Exception as error:  # the boundary of one page
            log.exception("%s: processing %s met a bug", page.outlet, page.url)
            words = f"an error of Presswatch: {type(error).__name__}: {error}"
            stored = await self._reject(page, Outcome.FAILED, words)
        self._begun.discard(page.page_id)
        self._told = False
        self._on_stored(page, stored)

    async def _process(self, page: WaitingPage) -> Stored:
        terms = self._terms(page.outlet)
        if terms is None:
            return await self._reject(
                page, Outcome.DENIED, "the outlet is no longer in the config"
            )
        if page.tries >= MOST_TRIES and page.page_id not in self._begun:
            words = f"the program died {page.tries} times while cleaning this page"
            return await self._reject(page, Outcome.TOO_COMPLEX, words)
        await self._begin(page)
        try:
            source = self._input(page, terms)
        except PageMissing as error:
            return await self._reject(page, Outcome.INCOMPLETE, str(error))
        read = await self._pool.read_async(source)
        if isinstance(read, Failure):
            return await self._reject(page, read.outcome, read.detail)
        return await self._settle(page, terms, read)

    async def _begin(self, page: WaitingPage) -> None:
        """Counts the try, once a process: a full disk is no fault of the page."""
        if page.page_id not in self._begun:
            await self._writer.do(lambda store: store.frontier.count_try(page.page_id))
            self._begun.add(page.page_id)

    def _input(self, page: WaitingPage, terms: OutletTerms) -> PageInput:
        return PageInput(
            body=self._store.frontier.page_body(page.page_id),
            content_type=page.content_type,
            url=page.final_url,
            hints=page.candidate,
            outlet_language=terms.language,
            rules=terms.rules.in_force(page.fetched_at),
            fetched_at=page.fetched_at,
            headers=self._store.frontier.page_headers(page.page_id),
        )

    async def _settle(
        self, page: WaitingPage, terms: OutletTerms, reading: Reading
    ) -> Stored:
        cleaned = reading.cleaned
        if cleaned.outcome is not None:
            detail = cleaned.detail or "no article text"
            return await self._reject(page, cleaned.outcome, detail, reading)
        submission = self._submission(page, terms, reading)
        now = self._times.now()
        foreseen = self._store.articles.foresee(submission, now)
        return await self._writer.do(
            lambda store: store.articles.submit(submission, now, foreseen)
        )

    def _submission(
        self, page: WaitingPage, terms: OutletTerms, reading: Reading
    ) -> Submission:
        declared = reading.metadata.canonical
        if declared is not None and terms.denied(declared):
            declared = None  # it would carry the article past the outlet's rules
        served = page.final_url
        if reading.from_feed:
            # A wall may have led elsewhere, or have named itself.
            served = page.url
            declared = declared if declared == page.url else None
        identity = identify(served, declared, terms.home, terms.sources)
        now = self._times.now()
        return Submission(
            url_id=page.url_id,
            page_id=page.page_id,
            outlet=page.outlet,
            url=identity.url,
            alias=identity.alias,
            reading=reading,
            fetched_at=page.fetched_at,
            duplicates=terms.duplicates,
            revisions=terms.revisions,
            most_revisions=terms.most_revisions,
            priority=terms.priority,
            revisit_at=self._revisit_at(page, now, changed=False),
            revisit_changed_at=self._revisit_at(page, now, changed=True),
            hints=page.candidate,
            retry_at=self._times.retry_at(Outcome.WALL, page.failures + 1, now),
            made_by=made_by(
                reading, terms.rules.in_force(page.fetched_at), terms.digest
            ),
        )

    def _revisit_at(
        self, page: WaitingPage, now: datetime, *, changed: bool
    ) -> datetime | None:
        seen = page.discovered_at
        return self._times.revisit_at(page.outlet, seen, now, changed)

    async def _reject(
        self,
        page: WaitingPage,
        outcome: Outcome,
        detail: str,
        reading: Reading | None = None,
    ) -> Stored:
        now = self._times.now()
        next_at = self._times.retry_at(outcome, page.failures + 1, now)
        return await self._writer.do(
            lambda store: store.articles.reject(
                page, outcome, detail, reading=reading, now=now, next_at=next_at
            )
        )
