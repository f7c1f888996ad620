"""One thread that writes, many jobs a commit.

Commits cost a disk sync each (`synchronous=FULL`); jobs that arrive together share
one. Between batches the write lock is left free for a moment, or consumers that
acknowledge from outside would starve beside a busy crawl.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from pipelines.store import reserve
from pipelines.store.connection import Store
from pipelines.store.errors import StoreError, StoreFull
from pipelines.store.health import Health
from pipelines.store.sources import PollRecord, PollStored

#: The write lock is held for as long as jobs keep coming, but not longer than this
#: (plus the job that was begun).
BATCH_SECONDS = 0.025
#: Then it is left free for this long when more jobs are waiting: two tries of
#: somebody else (`session.RETRY`).
GAP_SECONDS = 0.005

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job:
    action: Callable[[Store], Any]
    future: Future[Any]
    vital: bool = False


@dataclass(frozen=True, slots=True)
class _Result:
    job: _Job
    value: Any = None
    error: Exception | None = None

    def announce(self) -> None:
        if self.error is not None:
            self.job.future.set_exception(self.error)
        else:
            self.job.future.set_result(self.value)


class Writer:
    """The writing thread of a database. Its connection is its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.health = Health()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._opened: Future[None] = Future()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="store-writer")

    def start(self) -> None:
        """Open the database; StoreError if it cannot be."""
        self._thread.start()
        self._opened.result()

    async def do(self, action: Callable[[Store], T], *, vital: bool = False) -> T:
        """Run `action` with the writing store; return once it is committed.

        Raises what the action raised (the other jobs of its batch are not hurt), or
        StoreError when nothing could be written: nothing of the action is stored
        then, and the writer goes on with the next. A `vital` one, a consumer's, may use
        the reserve when the disk is full.
        """
        import asyncio  # not at the top: `queue ack` does without, and starts faster

        return await asyncio.wrap_future(self.submit(action, vital=vital))

    def submit(self, action: Callable[[Store], T], *, vital: bool = False) -> Future[T]:
        """As `do`, for callers without an event loop."""
        if self._closing:
            raise StoreError(self._path, "the writer is closed", "this is a bug")
        job = _Job(action, Future(), vital)
        self._jobs.put(job)
        return job.future

    async def record_poll(self, record: PollRecord) -> PollStored:
        """Store a poll of any size without keeping others from writing for long.

        As `Frontier.record_poll`, but each part goes into its own batch.
        """
        stored = PollStored(0, 0, 0, ())
        first, last = await self.do(lambda store: store.frontier.split_poll(record))
        for part in first:
            stored += await self.do(
                lambda store, part=part: store.frontier.record_entries(record, part)  # type: ignore[misc]
            )
        return await self.do(
            lambda store: store.frontier.finish_poll(record, last, stored)
        )

    def close(self) -> None:
        """Finish all jobs handed in before, and end the thread."""
        if not self._closing:
            self._closing = True
            self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # In the thread

    def _run(self) -> None:
        try:
            store = Store.open(self._path)
        except Exception as error:  # handed to `start`
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        with store:
            while (job := self._jobs.get()) is not None:
                if not self._batch(store, job):
                    return
                if not self._jobs.empty():
                    time.sleep(GAP_SECONDS)

    def _batch(self, store: Store, first: _Job) -> bool:
        """Commit a batch that begins with `first`; False when it was the last."""
        results: list[_Result] = []
        try:
            with store.write():
                more = self._fill(store, first, results)
        except StoreError as error:
            return self._fail(store, results, first, error)
        for result in results:
            self.health.note(result.error)
            result.announce()
        return more

    def _fill(self, store: Store, first: _Job, results: list[_Result]) -> bool:
        deadline = time.monotonic() + BATCH_SECONDS
        job: _Job | None = first
        while job is not None:
            if job.future.set_running_or_notify_cancel():
                results.append(_Result(job))
                results[-1] = _perform(store, job)
            if time.monotonic() >= deadline:
                return True
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return True
        return False

    def _fail(
        self, store: Store, results: list[_Result], first: _Job, error: StoreError
    ) -> bool:
        """Fail the batch and, as they would fare no better, all waiting jobs.

        Otherwise each of a hundred jobs would wait out a lock of its own. But on a
        full disk those of consumers are tried once more, with the reserve given up.
        """
        self.health.note(error)
        if not results and first.future.set_running_or_notify_cancel():
            results.append(_Result(first))
        more = True
        while more:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            more = job is not None
            if job is not None and job.future.set_running_or_notify_cancel():
                results.append(_Result(job))
        vital = [result.job for result in results if result.job.vital]
        if not (isinstance(error, StoreFull) and vital and reserve.release(self._path)):
            vital = []
        for result in results:
            if result.job not in vital:
                result.job.future.set_exception(error)
        for job in vital:
            self._alone(store, job)
        return more

    def _alone(self, store: Store, job: _Job) -> None:
        try:
            with store.write():
                result = _perform(store, job)
        except StoreError as error:
            result = _Result(job, error=error)
        result.announce()


def _perform(store: Store, job: _Job) -> _Result:
    """Run a job in a savepoint of its own. StoreError: the batch is lost."""
    try:
        with store.write():
            return _Result(job, value=job.action(store))
    except StoreError as error:
        if not store.session.writing:
            raise  # SQLite has rolled the whole batch back
        return _Result(job, error=error)
    except Exception as error:  # the job's own, for its caller
        return _Result(job, error=error)
