"""Jobs go on when the wall clock is put back, and beside one that does not end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.events import (
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    JobEvent,
)

from service.scheduler import Job, _Late, catch_up, make_scheduler

HOUR = timedelta(hours=1)


def test_after_a_step_back_every_job_runs_at_once() -> None:
    done: list[str] = []

    async def run() -> None:
        ran = asyncio.Event()

        async def work() -> None:
            done.append("work")
            ran.set()

        scheduler = make_scheduler((Job("work", HOUR, work),))
        scheduler.start()
        (job,) = scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + 2 * HOUR)  # as seen from before
        catch_up(scheduler)
        await asyncio.wait_for(ran.wait(), 30)
        (job,) = scheduler.get_jobs()
        assert timedelta(0) < job.next_run_time - datetime.now(UTC) <= HOUR
        scheduler.shutdown(wait=False)

    asyncio.run(run())
    assert done == ["work"]


def test_a_job_that_is_late_is_told_once_until_it_has_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    late = _Late(lambda *_: None)
    for name in ("work", "work", "other", "work"):
        late.skipped(JobEvent(EVENT_JOB_MAX_INSTANCES, name, "default"))
    assert [message.split()[1] for message in caplog.messages] == ["work", "other"]
    late.ended(JobEvent(EVENT_JOB_EXECUTED, "work", "default"))
    late.skipped(JobEvent(EVENT_JOB_MAX_INSTANCES, "work", "default"))
    assert len(caplog.messages) == 3


def test_a_job_that_does_not_end_is_stuck_after_an_hour() -> None:
    told: list[tuple[str, bool]] = []
    clock = iter([0.0, 60.0, 3599.0, 3600.0, 7200.0, 0.0])
    late = _Late(lambda name, stuck: told.append((name, stuck)), lambda: next(clock))
    again = JobEvent(EVENT_JOB_MAX_INSTANCES, "work", "default")
    for count in (0, 0, 0, 1, 1):
        late.skipped(again)
        assert told == [("work", True)] * count
    done = JobEvent(EVENT_JOB_EXECUTED, "work", "default")
    late.ended(done)
    late.ended(done)
    assert told == [("work", True), ("work", False)]
    late.skipped(again)  # the next one is new
    assert len(told) == 2


def test_a_job_that_fails_is_told_with_where(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        ran = asyncio.Event()

        async def work() -> None:
            ran.set()
            raise ValueError("a slip")

        scheduler = make_scheduler((Job("work", HOUR, work),))
        scheduler.start()
        catch_up(scheduler)
        await asyncio.wait_for(ran.wait(), 30)
        await asyncio.sleep(0.2)
        scheduler.shutdown(wait=False)

    asyncio.run(run())
    (record,) = [each for each in caplog.records if each.name == "service.scheduler"]
    assert record.getMessage() == "job work failed"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "a slip"
