"""Stored pages read once more: what would today's cleaner, rules and memory make?

Pages are read in worker processes on all cores. Nothing is locked but for the moment
in which a text is stored, so that the service may run meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from config.models import Config, Outlet
from pipelines.article import Reading
from pipelines.cleaning import CleanRules
from pipelines.cleaning.rules import rules_of
from pipelines.decide import Submission
from pipelines.outcome import Outcome
from pipelines.reading import Input, PageInput
from pipelines.store import Store, Stored
from pipelines.store.replays import Replay
from pipelines.store.stories import ArticleRow
from pipelines.versions import made_by
from pipelines.workers import Failure, WorkerPool
from service import differences
from service.differences import Difference

#: As long as the service gives a page, in seconds.
DEADLINE: Final = 20.0


class Verdict(StrEnum):
    """What became of a stored page."""

    SAME = "same"  # the same title, text and facts
    DIFFERS = "differs"
    NO_ARTICLE = "no_article"  # today it would be none: its text stays as it is
    MISSING = "missing"  # the page is no longer kept
    UNWATCHED = "unwatched"  # its outlet has left the config
    FAILED = "failed"  # it could not be read
    OVERTAKEN = "overtaken"  # a later revision was stored while it was read


@dataclass(frozen=True, slots=True)
class Wish:
    """Which articles: of `outlet`, stored since then; what is to be done with them.

    `tell`: consumers get what was stored as a revision.
    """

    outlet: str | None = None
    since: datetime | None = None
    store: bool = False
    tell: bool = False


@dataclass(frozen=True, slots=True)
class Recleaned:
    """An article and what its page gives today; `stored` if that was stored."""

    article: ArticleRow
    verdict: Verdict
    detail: str | None = None
    differences: tuple[Difference, ...] = ()
    made_by: str | None = None
    stored: Stored | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """A stored page, and by which rules of which outlet it is to be read."""

    replay: Replay
    outlet: Outlet | None
    rules: CleanRules
    source: Input | None


def reclean(
    store: Store, config: Config, wish: Wish, now: datetime
) -> Iterator[Recleaned]:
    """Every article that was wished for, latest stored first."""
    with WorkerPool(len(os.sched_getaffinity(0)), deadline=DEADLINE) as pool:
        replays = store.replays.each(outlet=wish.outlet, since=wish.since)
        jobs = (_job(replay, config) for replay in replays)
        for job, result in pool.map_ordered(jobs, _source):
            yield _judged(store, job, result, (wish, now))


def _job(replay: Replay, config: Config) -> _Job:
    article = replay.article
    outlet = config.outlets.get(article.outlet)
    if outlet is None or replay.body is None:
        return _Job(replay, outlet, CleanRules(), None)
    rules = rules_of(outlet.clean).in_force(article.fetched_at)
    page = PageInput(
        body=replay.body,
        content_type=replay.content_type,
        url=replay.final_url,
        hints=replay.candidate,
        outlet_language=outlet.language,
        rules=rules,
        fetched_at=article.fetched_at,
    )
    return _Job(replay, outlet, rules, page)


def _source(job: _Job) -> Input | Failure:
    # A job without a page is judged before its failure is looked at.
    return job.source or Failure(Outcome.INCOMPLETE, "there is no page to read")


def _judged(
    store: Store, job: _Job, result: Reading | Failure, terms: tuple[Wish, datetime]
) -> Recleaned:
    article = job.replay.article
    if job.outlet is None:
        detail = "the outlet is no longer in the config"
        return Recleaned(article, Verdict.UNWATCHED, detail)
    if job.source is None:
        detail = "the raw page is no longer kept"
        return Recleaned(article, Verdict.MISSING, detail)
    if isinstance(result, Failure):
        detail = f"{result.outcome}: {result.detail}"
        return Recleaned(article, Verdict.FAILED, detail)
    wish, now = terms
    submission = _submission(store, job, result, now)
    recleaned = _compared(article, submission)
    if recleaned.verdict is Verdict.DIFFERS and wish.store:
        return _stored(store, recleaned, submission, terms)
    return recleaned


def _submission(store: Store, job: _Job, reading: Reading, now: datetime) -> Submission:
    article, outlet = job.replay.article, job.outlet
    submission = Submission(
        url_id=job.replay.url_id,
        page_id=job.replay.page_id,
        outlet=article.outlet,
        url=article.url,
        alias=False,
        reading=reading,
        fetched_at=article.fetched_at,
        priority=0 if outlet is None else outlet.priority,
        hints=job.replay.candidate,
        made_by=made_by(reading, job.rules, None if outlet is None else outlet.digest),
    )
    # What the outlet's memory knows by now is taken out as well.
    return replace(submission, reading=store.memory.reread(submission, now))


def _compared(article: ArticleRow, submission: Submission) -> Recleaned:
    reading, made = submission.reading, submission.made_by
    if reading.cleaned.outcome is not None or not reading.cleaned.text:
        detail = reading.cleaned.detail or "no text is left"
        outcome = reading.cleaned.outcome or Outcome.THIN
        unread = outcome is Outcome.TOO_COMPLEX  # it says nothing of the page
        verdict = Verdict.FAILED if unread else Verdict.NO_ARTICLE
        return Recleaned(article, verdict, f"{outcome}: {detail}", made_by=made)
    found = differences.compare(
        differences.of_article(article), differences.of_reading(reading)
    )
    verdict = Verdict.DIFFERS if found else Verdict.SAME
    return Recleaned(article, verdict, None, found, made)


def _stored(
    store: Store,
    recleaned: Recleaned,
    submission: Submission,
    terms: tuple[Wish, datetime],
) -> Recleaned:
    wish, now = terms
    article = recleaned.article
    stored = store.articles.amend(submission, article.revision, now, tell=wish.tell)
    if stored is None:
        detail = "a later revision was stored meanwhile"
        return Recleaned(article, Verdict.OVERTAKEN, detail)
    return replace(recleaned, stored=stored)


def as_json(recleaned: Recleaned) -> dict[str, Any]:
    """An article that was cleaned again, for programs."""
    article, stored = recleaned.article, recleaned.stored
    return {
        "id": article.id,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "revision": article.revision,
        "verdict": recleaned.verdict,
        "detail": recleaned.detail,
        "differs": differences.as_json(recleaned.differences),
        "made_by": article.made_by,
        "made_by_now": recleaned.made_by,
        "stored": None if stored is None else stored.revision,
        "queued": stored is not None and stored.queued,
    }
