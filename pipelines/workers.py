"""Reads pages in processes of their own, so that no page can hurt the service.

Extraction is more than linear in a page's size, calls into C and can hang or run
out of memory. Each worker is forked from a server that has everything loaded, takes
one page at a time over a pipe, and is killed and replaced when the page's deadline
passes. Workers hold no state between pages, ignore the terminal's signals and end
when their pipe does, whatever happened to the parent.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import math
import multiprocessing
import queue
import resource
import signal
import threading
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Final, TypeVar, cast

from pipelines.article import Reading
from pipelines.outcome import Outcome
from pipelines.reading import Input, Look, Seen

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: A worker is replaced after this many pages, before leaks in C code add up.
_PAGES_PER_WORKER: Final = 2000

#: A worker that is not up by then never will be (the fork server loads for about
#: two seconds on one slow core).
_START_DEADLINE: Final = 60.0

#: Jobs handed out ahead of the one whose turn it is, per worker: enough to keep
#: all busy behind one slow page, few enough to hold in memory.
_LOOK_AHEAD: Final = 8

_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that gave no reading: TOO_COMPLEX or FAILED, and why."""

    outcome: Outcome
    detail: str


_CLOSED: Final = Failure(Outcome.FAILED, "stopped before the page was read")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take: wall seconds, and bytes on top of the worker's own."""

    deadline: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker says of a page. `bug` is a traceback; `last` ends the worker."""

    result: object
    bug: str | None = None
    last: bool = False


class _Died(Exception):
    """The worker ended without an answer."""


class WorkerPool:
    """`count` workers. Thread-safe; a page beyond the workers waits for its turn."""

    def __init__(
        self,
        count: int,
        deadline: float = 20.0,
        memory_bytes: int = 1 << 30,
        job: str = "pipelines.reading:read",
    ) -> None:
        """`job` names the function that each worker applies to what it is sent."""
        limits = Limits(deadline, memory_bytes)
        self.count = count
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._workers = [_Worker(job, limits) for _ in range(count)]
        for worker in self._workers:
            self._idle.put(worker)
        # At exit, too: the interpreter would wait for workers that ignore SIGTERM.
        self._finalize = weakref.finalize(self, _close, self._workers)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, page: Input) -> Reading | Failure:
        """The page's reading, or why there is none; within the deadline, always."""
        return cast("Reading | Failure", self._ask(page))

    async def look_async(self, page: Look) -> Seen | Failure:
        """Where the article on a page goes on, without blocking the event loop."""
        loop = asyncio.get_running_loop()
        seen = await loop.run_in_executor(self._threads, self._ask, page)
        return cast("Seen | Failure", seen)

    async def read_async(self, page: Input) -> Reading | Failure:
        """`read` without blocking the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self.read, page)

    def _ask(self, page: object) -> object:
        worker = self._idle.get()
        try:
            return worker.ask(page)
        finally:
            self._idle.put(worker)

    def late(self) -> float:
        """Seconds for which a page has kept its worker beyond the deadline; mostly 0.

        A page in work takes its deadline at most, and the start of a new worker.
        """
        return max((worker.late() for worker in self._workers), default=0.0)

    def map_ordered(
        self, jobs: Iterable[T], load: Callable[[T], Input | Failure]
    ) -> Iterator[tuple[T, Reading | Failure]]:
        """Each job with its result, in the order of `jobs`, all workers busy meanwhile.

        `load` makes the page of a job, in a thread; jobs are taken a bounded number
        ahead, so that no more pages than that are in memory.
        """
        waiting: deque[tuple[T, Future[Reading | Failure]]] = deque()
        for job in jobs:
            waiting.append((job, self._threads.submit(self._load_and_read, load, job)))
            if len(waiting) >= _LOOK_AHEAD * self.count:
                first, result = waiting.popleft()
                yield first, result.result()
        for first, result in waiting:
            yield first, result.result()

    def _load_and_read(
        self, load: Callable[[T], Input | Failure], job: T
    ) -> Reading | Failure:
        page = load(job)
        return page if isinstance(page, Failure) else self.read(page)

    def close(self) -> None:
        """Ends the workers; pages still being read end as FAILED."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._finalize()


def _close(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.close()


class _Worker:
    """One process at a time, replaced when it dies, hangs or has served long."""

    def __init__(self, job: str, limits: Limits) -> None:
        self._job = job
        self._limits = limits
        self._pages = 0
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None
        self._asking = threading.Lock()
        self._since: float | None = None  # monotonic; None while idle
        self._closed = False

    def ask(self, page: object) -> object:
        """The answer to one page: the job's result, or a Failure."""
        with self._asking:
            self._since = time.monotonic()
            try:
                pipe = self._send(page)
                return _CLOSED if pipe is None else self._answer(pipe, page)
            except (_Died, OSError, EOFError) as error:
                return Failure(Outcome.FAILED, f"no worker could be started: {error}")
            finally:
                self._since = None

    def late(self) -> float:
        """Seconds that the page in work has taken beyond its deadline."""
        since = self._since
        if since is None:
            return 0.0
        return max(0.0, time.monotonic() - since - self._limits.deadline)

    def close(self) -> None:
        """Ends the process for good: by its pipe, or by force if it is busy."""
        self._closed = True
        if self._asking.acquire(blocking=False):
            self._end()
            self._asking.release()
        elif (process := self._process) is not None:
            process.kill()  # whoever is asking finds the pipe's end, and tidies up

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(0.2)
            if process.exitcode is None:
                process.kill()
                process.join()
            process.close()

    def _send(self, page: object) -> Connection | None:
        """Hands the page to a living worker, None once closed.

        A worker that died idle is replaced, once.
        """
        try:
            return self._handed(page)
        except (_Died, OSError, EOFError):
            self._replace()
            return self._handed(page)

    def _handed(self, page: object) -> Connection | None:
        pipe, process = self._ready(), self._process
        if pipe is None or process is None:
            return None
        # A page is larger than what a pipe holds: one that is not read (a worker that
        # was stopped, or swaps) would block us for ever.
        timer = threading.Timer(self._limits.deadline, process.kill)
        timer.daemon = True
        timer.start()
        try:
            pipe.send(page)
        finally:
            timer.cancel()
        return pipe

    def _answer(self, pipe: Connection, page: object) -> object:
        if not pipe.poll(self._limits.deadline):
            self._replace()
            detail = f"not read within {self._limits.deadline:g} s"
            return Failure(Outcome.TOO_COMPLEX, detail + _suspect(page))
        try:
            answer = cast("_Answer", pipe.recv())
        except (EOFError, OSError):
            return self._post_mortem()
        if answer.bug is not None:
            url = getattr(page, "url", None)
            logger.error("bug in reading a page url=%s\n%s", url, answer.bug)
        if answer.last or self._pages >= _PAGES_PER_WORKER:
            self._replace()
        return answer.result

    def _ready(self) -> Connection | None:
        if self._pipe is None and not self._closed:
            self._start()
        pipe = self._pipe
        if pipe is not None and self._pages == 0 and not _greeted(pipe):
            raise _Died("it ended before it was ready")
        self._pages += 1
        return pipe

    def _start(self) -> None:
        _CONTEXT.set_forkserver_preload(["pipelines.preloaded"])
        self._pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_serve, args=(theirs, self._job, self._limits), daemon=True
        )
        self._process.start()
        theirs.close()  # else the worker's end would outlive the worker
        self._pages = 0

    def _replace(self) -> None:
        """Kills the process and has the next one start while others work."""
        if self._process is not None:
            self._process.kill()
        self._end()
        if not self._closed:
            with suppress(OSError, EOFError):  # the next page says so, if it lasts
                self._start()

    def _post_mortem(self) -> Failure:
        process = self._process
        if process is not None:
            process.join(1.0)
        code = process.exitcode if process is not None else None
        self._replace()
        if self._closed:
            return _CLOSED
        if code == -signal.SIGXCPU:
            detail = f"took more than {_cpu_seconds(self._limits)} s of CPU"
            return Failure(Outcome.TOO_COMPLEX, detail)
        return Failure(Outcome.FAILED, f"the worker died: {_cause(code)}")


def _suspect(page: object) -> str:
    """What of the operator's may be to blame for a page that took too long."""
    rules = getattr(page, "rules", None)
    if rules is None or not (rules.remove or rules.keep):
        return ""
    return "; clean.remove or clean.keep of its outlet may be slow"


def _greeted(pipe: Connection) -> bool:
    """Whether the new worker says that it is up."""
    try:
        return pipe.poll(_START_DEADLINE) and bool(pipe.recv())
    except (EOFError, OSError):
        return False


def _cause(code: int | None) -> str:
    if code is None:
        return "no exit code"
    if code < 0:
        return f"{signal.Signals(-code).name} (out of memory, or a crash in C code)"
    return f"exit code {code}"


def _cpu_seconds(limits: Limits) -> int:
    return math.ceil(limits.deadline) + 1


# What follows runs in the worker.


def _serve(pipe: Connection, job: str, limits: Limits) -> None:
    """Answers pages until the pipe ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.getLogger().addHandler(logging.NullHandler())  # no library chatter
    read = _by_name(job)
    _limit_memory(limits)
    with suppress(EOFError, OSError):  # the parent has closed the pipe, or is gone
        pipe.send(True)
        while True:
            page = pipe.recv()
            _limit_cpu(limits)
            answer = _answer(read, page)
            pipe.send(answer)
            if answer.last:
                return


def _answer(read: Callable[[object], object], page: object) -> _Answer:
    try:
        return _Answer(read(page))
    except MemoryError:
        detail = "needs more memory than a page may take"
        return _Answer(Failure(Outcome.TOO_COMPLEX, detail), last=True)
    except RecursionError:
        detail = "is nested too deeply"
        return _Answer(Failure(Outcome.TOO_COMPLEX, detail))
    except Exception as error:  # the boundary of one page
        detail = f"bug: {type(error).__name__}: {error}"
        return _Answer(Failure(Outcome.FAILED, detail), bug=traceback.format_exc())


def _by_name(job: str) -> Callable[[object], object]:
    module, _, name = job.partition(":")
    return cast(
        "Callable[[object], object]", getattr(importlib.import_module(module), name)
    )


def _limit_memory(limits: Limits) -> None:
    """Caps the address space at what is mapped now and the page's allowance."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if not statm.exists():  # not Linux, where RLIMIT_AS means little anyway
        return
    mapped = int(statm.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + limits.memory_bytes, hard))


def _limit_cpu(limits: Limits) -> None:
    """Gives the page its CPU seconds, counted from what the process has used.

    The parent's deadline is the first guard; this one holds when the parent is gone.
    """
    allowed = math.ceil(time.process_time()) + _cpu_seconds(limits)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
