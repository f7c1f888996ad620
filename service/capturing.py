"""A page becomes a test of its outlet: taken, cleaned and kept beside the config.

From the network, as politely as the service asks, or from the stored raw pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.models import Config, Outlet
from pipelines.article import Reading
from pipelines.candidate import Candidate
from pipelines.store import PageMissing, Store
from pipelines.store.stories import Story
from pipelines.workers import Failure, WorkerPool
from service import captured
from service.captured import Captured
from service.links import spellings

if TYPE_CHECKING:
    from service import trying


class CaptureError(Exception):
    """There is no page to keep; says why, and what to do."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a page was kept, and what it gives."""

    directory: Path
    page: Captured
    reading: Reading


def from_database(store: Store, config: Config, url: str, outlet: str | None) -> Kept:
    """The stored raw page of `url`, in any spelling, and what it gives today.

    Writes nothing yet. Raises CaptureError and `urls.UrlError`.
    """
    story = _story(store, config, url, outlet)
    if story.page is None:
        raise CaptureError(f"{url}: no page of it is stored; leave --from-database out")
    try:
        body = store.frontier.page_body(story.page.page_id)
    except PageMissing as error:
        raise CaptureError(str(error)) from error
    page = Captured(
        outlet=story.url.outlet,
        url=story.url.url,
        final_url=story.page.final_url,
        content_type=story.page.content_type,
        fetched_at=story.page.at,
        hints=story.url.candidate,
        body=body,
    )
    return _kept(config, page)


def from_network(config: Config, url: str, outlet: Outlet) -> Kept:
    """The page of a canonical URL as it is online, and what it gives.

    Writes nothing yet. Raises CaptureError, and KeyboardInterrupt when stopped.
    """
    from service import trying

    trials: list[trying.Trial] = []
    now = datetime.now(UTC)
    ending = trying.dry_run(config, trying.Goal(outlet, url), trials.append)
    if ending.stopped:
        raise KeyboardInterrupt
    (trial,) = trials
    if not isinstance(trial, trying.PageTrial) or trial.answer is None:
        raise CaptureError(f"{url}: {_why(trial)}")
    page = Captured(
        outlet=outlet.key,
        url=url,
        final_url=trial.answer.url,
        content_type=trial.answer.content_type,
        fetched_at=now,
        hints=Candidate(url),
        body=trial.answer.body,
    )
    return _kept(config, page)


def _why(trial: trying.Trial) -> str:
    outcome = getattr(trial, "outcome", "no page")
    return f"{outcome}: {getattr(trial, 'detail', None) or 'there was no page'}"


def _story(store: Store, config: Config, url: str, outlet: str | None) -> Story:
    for spelling in spellings(url):
        for story in store.articles.story(spelling):
            if outlet in (None, story.url.outlet):
                return _watched(config, story)
    of = "" if outlet is None else f" of {outlet}"
    raise CaptureError(f"{url}: no such page{of} is stored; leave --from-database out")


def _watched(config: Config, story: Story) -> Story:
    if story.url.outlet not in config.outlets:
        words = f"its outlet {story.url.outlet} is no longer in {config.directory}"
        raise CaptureError(f"{story.url.url}: {words}")
    return story


def _kept(config: Config, page: Captured) -> Kept:
    source = captured.source(page, config.outlets[page.outlet])
    with WorkerPool(1, deadline=captured.DEADLINE) as pool:
        read = pool.read(source)
    if isinstance(read, Failure):
        raise CaptureError(f"{page.url}: {read.outcome}: {read.detail}")
    return Kept(captured.directory_of(config, page), page, read)
