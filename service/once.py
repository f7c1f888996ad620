"""One pass over the sources, put together and reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from config import load
from config.models import Config
from crawlers import runtime
from crawlers.crawl import Crawl, Scope
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines.store import starting
from service import crawling, progress

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OnceResult:
    """What a pass did. `left_running` says that requests had to be left hanging."""

    summary: dict[str, object]
    text: str
    exit_code: int
    left_running: bool = False


def run_once(
    directory: Path, database: Path | None, outlets: tuple[str, ...]
) -> OnceResult:
    """Opens everything, makes one pass, closes everything."""
    config = with_database(load(directory), database)
    scope = Scope(outlets=runtime.chosen(config, outlets))
    with runtime.open_session(config) as session:
        starting.check_room(config.database, config.disk.pause_below)
        work = Crawl(session, scope, Tally())
        ended = runtime.run_async(lambda: _pass(session, work))
        if work.refusal is not None:
            raise work.refusal
    if work.stopped:
        log.warning("ended by a signal before all was done; the rest stays due")
    code = 1 if work.tally.failed_sources or work.stopped else 0
    return OnceResult(work.tally.summary(), report(work.tally), code, not ended)


def with_database(config: Config, database: Path | None) -> Config:
    """The config with `--database` in force."""
    if database is None:
        return config
    return config.model_copy(update={"database": database})


async def _pass(session: Session, work: Crawl) -> bool:
    def stop() -> None:
        log.warning(
            "ending: %d in flight may take %d s; a second signal ends at once",
            work.in_flight,
            crawling.PATIENCE,
        )
        work.stop()

    with crawling.handling(crawling.Signals(stop)):
        async with progress.shown(work):
            return await crawling.crawl(session, work)


def report(tally: Tally) -> str:
    """A pass in a few readable lines."""
    good = tally.sources - tally.failed_sources
    polled = f"{good} of {tally.sources} sources polled"
    listed = f"{len(tally.listed or ())} URLs listed, {tally.new_urls} of them new"
    pages = f"{tally.fetched} pages fetched, {tally.articles} articles stored"
    lines = [f"{polled}, {listed}", f"{pages}, {tally.queued} queued"]
    if tally.outcomes:
        parts = (f"{name} {n}" for name, n in tally.outcomes.most_common())
        lines.append("outcomes: " + ", ".join(parts))
    if not tally.sources:
        lines.append("nothing to poll: `presswatch outlets add URL` finds sources")
    elif tally.sources == tally.unreachable:
        lines.append("no host answered: is this machine online? See `presswatch demo`")
    elif tally.failed_sources:
        lines.append("some sources failed: the log and `presswatch status` say why")
    if tally.queued:
        lines.append("take them with: presswatch queue lease --limit 10")
    return "\n".join(lines)
