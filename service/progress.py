"""A line on the terminal that says how far a pass has come."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from rich.console import Console
from rich.status import Status

from crawlers.crawl import Crawl

EVERY = 0.2  # seconds


def words(work: Crawl) -> str:
    """The state of a pass in one line."""
    tally = work.tally
    return (
        f"{tally.sources} sources polled, {tally.new_urls} new URLs, "
        f"{tally.fetched} pages fetched, {tally.articles} articles stored, "
        f"{tally.queued} queued"
    )


@contextlib.asynccontextmanager
async def shown(work: Crawl) -> AsyncIterator[None]:
    """Shows progress on standard error while the block runs, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    with Status("starting ...", console=Console(stderr=True)) as status:
        updating = asyncio.create_task(_update(status, work))
        try:
            yield
        finally:
            updating.cancel()


async def _update(status: Status, work: Crawl) -> None:
    while True:
        status.update(words(work))
        await asyncio.sleep(EVERY)
