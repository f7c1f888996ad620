"""The only door to APScheduler: a few jobs that tick; due times live in the database.

APScheduler's defaults lose work silently (a job late by a second is dropped), so
lateness is forgiven, repeats are folded into one, and what it would drop is logged.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
    JobExecutionEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

#: A job that has been due again and again for so long, and has not ended, is stuck. A
#: backup of a large database takes minutes.
STUCK_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again."""

    name: str
    every: timedelta
    action: Callable[[], Awaitable[None]]


def make_scheduler(
    jobs: tuple[Job, ...], stuck: Callable[[str, bool], None] = lambda *_: None
) -> AsyncIOScheduler:
    """A scheduler over the running asyncio loop, with the jobs, not yet started.

    `stuck` is called with the name of a job that does not end, and True; with False
    once it has ended after all.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job in jobs:
        scheduler.add_job(
            job.action,
            "interval",
            seconds=job.every.total_seconds(),
            id=job.name,
            name=job.name,
        )
    late = _Late(stuck)
    scheduler.add_listener(late.skipped, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    scheduler.add_listener(late.ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    return scheduler


def catch_up(scheduler: AsyncIOScheduler) -> None:
    """Have every job run now, and from now on as often as it should.

    The scheduler goes by the wall clock: put back by an hour, it would do nothing for
    that hour.
    """
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


class _Late:
    """Tells of a job that is due while it still runs: once, until it has ended."""

    def __init__(
        self,
        stuck: Callable[[str, bool], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stuck = stuck
        self._clock = clock
        self._since: dict[str, float] = {}
        self._told: set[str] = set()

    def skipped(self, event: JobEvent) -> None:
        name, now = event.job_id, self._clock()
        if name not in self._since:
            words = (
                "job %s still runs when it is due again; it begins anew once it ends"
            )
            log.warning(words, name)
        since = self._since.setdefault(name, now)
        if name not in self._told and now - since >= STUCK_AFTER.total_seconds():
            self._told.add(name)
            self._stuck(name, True)

    def ended(self, event: JobEvent) -> None:
        self._since.pop(event.job_id, None)
        if event.job_id in self._told:
            self._told.discard(event.job_id)
            self._stuck(event.job_id, False)


def _failed(event: JobExecutionEvent) -> None:
    if not isinstance(event.exception, asyncio.CancelledError):  # the service ends
        log.error("job %s failed", event.job_id, exc_info=event.exception)
