"""No page, however bad, hurts more than itself."""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from pipelines import workers
from pipelines.article import Reading
from pipelines.outcome import Outcome
from pipelines.reading import Input, PageInput, TextInput
from pipelines.workers import Failure, WorkerPool

HERE = Path(__file__).parent
JOB = "worker_jobs:perform"

#: Long for anything that is to answer, so that a busy machine breaks no test.
PATIENT = 60.0
#: Short for what never answers.
BRIEF = 0.5


def deed(name: str, argument: object = None) -> Input:
    return cast("Input", (name, argument))


def ask(pool: WorkerPool, name: str, argument: object = None) -> Any:
    return pool.read(deed(name, argument))


@pytest.fixture(scope="module")
def patient() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=PATIENT, memory_bytes=256 << 20, job=JOB) as pool:
        yield pool


@pytest.fixture(scope="module")
def brief() -> Iterator[WorkerPool]:
    with WorkerPool(1, deadline=BRIEF, job=JOB) as pool:
        yield pool


def wait_for_end(pid: int) -> bool:
    """Whether the process ends, waiting for it as long as it may fairly take."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 20)[0])
    finally:
        os.close(process)


def test_a_worker_answers_many_pages_in_one_process(patient: WorkerPool) -> None:
    assert ask(patient, "echo", "text") == "text"
    assert ask(patient, "pid") == ask(patient, "pid") != os.getpid()


@pytest.mark.parametrize("name", ["hang", "burn"])
def test_a_page_is_given_up_at_its_deadline(brief: WorkerPool, name: str) -> None:
    before = ask(brief, "pid")
    failure = ask(brief, name)
    assert failure == Failure(Outcome.TOO_COMPLEX, "not read within 0.5 s")
    assert ask(brief, "pid") != before
    assert wait_for_end(before)


@pytest.mark.parametrize(
    ("name", "argument", "outcome", "detail"),
    [
        pytest.param(
            "allocate",
            1 << 30,
            Outcome.TOO_COMPLEX,
            "needs more memory than a page may take",
            id="out of memory",
        ),
        pytest.param(
            "dive", 0, Outcome.TOO_COMPLEX, "is nested too deeply", id="recursion"
        ),
        pytest.param(
            "die",
            signal.SIGXCPU,
            Outcome.TOO_COMPLEX,
            "took more than 61 s of CPU",
            id="out of CPU time",
        ),
        pytest.param(
            "die",
            signal.SIGKILL,
            Outcome.FAILED,
            "the worker died: SIGKILL (out of memory, or a crash in C code)",
            id="killed by the kernel",
        ),
        pytest.param(
            "die",
            signal.SIGSEGV,
            Outcome.FAILED,
            "the worker died: SIGSEGV (out of memory, or a crash in C code)",
            id="crash",
        ),
        pytest.param(
            "leave", 3, Outcome.FAILED, "the worker died: exit code 3", id="exit"
        ),
    ],
)
def test_a_dead_worker_fails_its_page_only(
    patient: WorkerPool, name: str, argument: object, outcome: Outcome, detail: str
) -> None:
    assert ask(patient, name, argument) == Failure(outcome, detail)
    assert ask(patient, "echo", "the next page") == "the next page"


def test_an_exception_is_a_bug_and_logged(
    patient: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    before = ask(patient, "pid")
    with caplog.at_level(logging.ERROR, logger="pipelines.workers"):
        failure = ask(patient, "fail", "no such block")
    assert failure == Failure(Outcome.FAILED, "bug: ValueError: no such block")
    assert "worker_jobs.py" in caplog.text
    assert ask(patient, "pid") == before, "a bug is no reason to start anew"


def test_memory_that_a_page_may_take_is_there(patient: WorkerPool) -> None:
    assert ask(patient, "allocate", 128 << 20) == 128 << 20


def test_a_worker_that_died_idle_is_replaced_without_a_failure(
    patient: WorkerPool,
) -> None:
    pid = ask(patient, "pid")
    os.kill(pid, signal.SIGKILL)
    assert wait_for_end(pid)
    assert ask(patient, "echo", "page") == "page"


def test_a_worker_that_cannot_start_fails_its_pages() -> None:
    with WorkerPool(1, deadline=PATIENT, job="no_such_module:job") as pool:
        failure = ask(pool, "echo")
    assert failure == Failure(
        Outcome.FAILED, "no worker could be started: it ended before it was ready"
    )


def test_workers_ignore_the_signals_that_stop_the_service(patient: WorkerPool) -> None:
    assert ask(patient, "interrupt") == "unmoved"


def test_each_page_gets_cpu_time_of_its_own(patient: WorkerPool) -> None:
    limit = ask(patient, "cpu seconds")
    assert PATIENT < limit <= PATIENT + 30


def test_a_worker_is_replaced_after_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PAGES_PER_WORKER", 2)
    with WorkerPool(1, deadline=PATIENT, job=JOB) as pool:
        pids = [ask(pool, "pid") for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_results_come_in_the_order_of_the_jobs() -> None:
    released = threading.Event()

    def load(number: int) -> Input | Failure:
        if number == 0:
            assert released.wait(PATIENT)  # the first is the last to be ready
        if number == 5:
            released.set()
        return deed("echo", number)

    with WorkerPool(2, deadline=PATIENT, job=JOB) as pool:
        results = list(pool.map_ordered(range(20), load))
    assert results == [(number, number) for number in range(20)]


def test_a_job_that_cannot_be_loaded_keeps_its_place() -> None:
    missing = Failure(Outcome.FAILED, "no such file")

    def load(number: int) -> Input | Failure:
        return missing if number == 1 else deed("echo", number)

    with WorkerPool(1, deadline=PATIENT, job=JOB) as pool:
        results = [result for _, result in pool.map_ordered(range(3), load)]
    assert results == [0, missing, 2]


def test_jobs_are_taken_a_bounded_number_ahead() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with WorkerPool(1, deadline=PATIENT, job=JOB) as pool:
        results = pool.map_ordered(jobs(), lambda number: deed("echo", number))
        next(results)
        assert len(taken) <= 8
        cast("Any", results).close()


def test_reading_does_not_block_the_event_loop() -> None:
    async def together() -> list[object]:
        with WorkerPool(2, deadline=PATIENT, job=JOB) as pool:
            asks = [pool.read_async(deed("echo", number)) for number in range(6)]
            return list(await asyncio.gather(*asks))

    assert asyncio.run(together()) == list(range(6))


def test_closing_fails_the_page_at_hand_and_ends_its_worker() -> None:
    pool = WorkerPool(1, deadline=PATIENT, job=JOB)
    pid = ask(pool, "pid")
    failures: list[object] = []
    busy = threading.Thread(target=lambda: failures.append(ask(pool, "hang")))
    busy.start()
    pool.close()
    busy.join(PATIENT)
    stopped = Failure(Outcome.FAILED, "stopped before the page was read")
    assert failures == [stopped]
    assert wait_for_end(pid)
    assert ask(pool, "echo") == stopped


def test_a_pool_that_nobody_closed_lets_the_program_end() -> None:
    ended = run(
        f"pool = WorkerPool(1, job={JOB!r}); print(pool.read(('pid', None)))", code=0
    )
    assert wait_for_end(ended)


def test_workers_end_with_their_parent_however_it_ends() -> None:
    ended = run(
        f"pool = WorkerPool(1, job={JOB!r})\n"
        "print(pool.read(('pid', None)), flush=True); os._exit(9)",
        code=9,
    )
    assert wait_for_end(ended)


def run(program: str, *, code: int) -> int:
    """The number that a program of the lines given prints before it ends."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import os; from pipelines.workers import WorkerPool\n{program}",
        ],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENT,
    )
    assert ended.returncode == code
    return int(ended.stdout)


def test_the_pool_reads_pages_and_texts() -> None:
    words = (
        "The council met on Tuesday and agreed on a plan for the old harbour. "
        "Work is to begin in spring, when the ferries move to their new pier, and "
        "will take at least two years. Shops on the quay may stay open all the time."
    )
    page = f"<html><title>Plan</title><article><p>{words}</p></article></html>"
    with WorkerPool(1, deadline=PATIENT) as pool:
        readings = [
            pool.read(PageInput(page.encode())),
            pool.read(TextInput(words)),
        ]
    assert all(isinstance(reading, Reading) for reading in readings)
    assert [cast("Reading", reading).language for reading in readings] == ["en", "en"]
