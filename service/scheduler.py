"""The only door to APScheduler: a few jobs that tick; due times live in the database.

APScheduler's defaults lose work silently (a job late by a second is dropped), so
lateness is forgiven, repeats are folded into one, and what it would drop is logged.
"""

from __future__ import annotations

import asyncio
import logging
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


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again."""

    name: str
    every: timedelta
    action: Callable[[], Awaitable[None]]


def make_scheduler(jobs: tuple[Job, ...]) -> AsyncIOScheduler:
    """A scheduler over the running asyncio loop, with the jobs, not yet started."""
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
    late = _Late()
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

    def __init__(self) -> None:
        self._told: set[str] = set()

    def skipped(self, event: JobEvent) -> None:
        if event.job_id not in self._told:
            self._told.add(event.job_id)
            words = (
                "job %s still runs when it is due again; it begins anew once it ends"
            )
            log.warning(words, event.job_id)

    def ended(self, event: JobEvent) -> None:
        self._told.discard(event.job_id)


def _failed(event: JobExecutionEvent) -> None:
    if not isinstance(event.exception, asyncio.CancelledError):  # the service ends
        log.error("job %s failed", event.job_id, exc_info=event.exception)
