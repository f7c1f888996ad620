"""Jobs go on when the wall clock is put back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from service.scheduler import Job, catch_up, make_scheduler

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
