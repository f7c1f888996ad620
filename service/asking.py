"""Asking the network beside the service: for dry runs, captures and new outlets.

The real parts do the work (gate, guard, robots, workers), over a database in a
temporary directory that is thrown away. Of the operator's database the holds on
hosts and robots.txt are read; what was asked of whom is entered into its ledger, and
who wants to be left alone is remembered there.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from scrapy.crawler import AsyncCrawlerRunner

from config.models import Config
from crawlers import runtime
from crawlers.crawl import Finished
from crawlers.ledger import Errand
from crawlers.session import Session
from crawlers.spiders.news import NewsSpider
from pipelines.store import Store, StoreError
from service import crawling

log = logging.getLogger(__name__)

#: Seconds between two looks whether the run was stopped.
LOOK_EVERY: Final = 0.2


class Run(Protocol):
    """What stands where the spider expects a crawl."""

    stopped: bool

    def stop(self) -> None:
        """Has the run end without waiting for what it asked for."""

    def run(self) -> AsyncIterator[Finished]:
        """Does its work."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A session of one's own, and the operator's store, if there is one yet."""

    session: Session
    store: Store | None


@contextmanager
def aside(config: Config, errand: Errand) -> Iterator[Aside]:
    """Opens a session beside the operator's database; enters what it asked at the end.

    All requests are for `errand`.
    """
    with ExitStack() as stack:
        store = _operators_store(config.database, stack)
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        trial = config.model_copy(update={"database": Path(directory, "trial.db")})
        beside = runtime.Beside(config.database, store)
        opened = runtime.open_session(trial, errand=errand, beside=beside)
        session = stack.enter_context(opened)
        if store is not None:
            stack.callback(_settle, session, config.database)
        yield Aside(session, store)


def _operators_store(path: Path, stack: ExitStack) -> Store | None:
    if not path.exists():
        return None
    return stack.enter_context(Store.open(path, read_only=True))


def _settle(session: Session, path: Path) -> None:
    """Enters into the operator's database what was asked, and who wants to rest."""
    runtime.flush(session)
    lines = session.store.requests.lines()
    try:
        with Store.open(path) as store, store.write():
            store.requests.add(lines)
            for host in {line.host for line in lines}:
                session.remember_host(store, host)
    except StoreError as error:
        words = "%d requests are missing from the ledger of %s: %s"
        log.warning(words, len(lines), path, error)


def finish(session: Session, run: Run) -> bool:
    """Does a run on the reactor; False when it was stopped, at once.

    Nothing can be lost by that: what it knows is in memory.
    """
    return runtime.run_async(lambda: _finish(session, run))


async def _finish(session: Session, run: Run) -> bool:
    runner = AsyncCrawlerRunner(crawling.settings())
    with crawling.handling(crawling.Signals(stop=run.stop)):
        running = runner.crawl(NewsSpider, session=session, crawl=run)
        while not running.done():
            await asyncio.wait([running], timeout=LOOK_EVERY)
            if run.stopped:
                return False
    running.result()
    return True
