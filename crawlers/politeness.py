"""Keeps robots.txt per host: asked at most daily, remembered in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from config.models import Outlet
from crawlers import robots
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.refusal import Miss, Refused
from pipelines.store import RobotsRow, Store

#: A Crawl-delay above this would stop the outlet in effect; it is cut to this.
MOST_CRAWL_DELAY = 60.0

Fetch = Callable[[Order], Awaitable[Answer | Miss]]
Write = Callable[[Callable[[Store], None]], Awaitable[None]]


class RobotsKeeper:
    """Answers whether a URL may be fetched, asking its host when need be."""

    def __init__(
        self,
        stores: Sequence[Store],
        write: Write,
        fetch: Fetch,
        now: Callable[[], datetime],
        user_agent: Callable[[], str],
    ) -> None:
        self._stores = stores
        self._write = write
        self._fetch = fetch
        self._now = now
        self._user_agent = user_agent
        self._known: dict[str, robots.RobotsAnswer] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def verdict(self, url: str, outlet: Outlet | None) -> robots.Verdict:
        """Whether the URL may be fetched, by its host's robots.txt (RFC 9309).

        It is asked for the way `outlet` is (proxy, certificates, time-out). Raises
        Refused where the host gave no answer at all and none is remembered.
        """
        origin = _origin(url)
        async with self._asking.setdefault(origin, asyncio.Lock()):
            answer = self._recall(origin)
            if answer is None or not answer.fresh(self._now()):
                answer = await self._ask(origin, answer, outlet)
        return robots.judge(answer, url, self._user_agent())

    async def sitemaps(self, url: str, outlet: Outlet | None) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of a URL's host names."""
        await self.verdict(url, outlet)
        answer = self._recall(_origin(url))
        return () if answer is None else robots.sitemaps(answer)

    def _recall(self, origin: str) -> robots.RobotsAnswer | None:
        if origin not in self._known:
            rows = (store.hosts.robots(origin) for store in self._stores)
            known = [row for row in rows if row is not None]
            if known:
                row = max(known, key=lambda row: row.fetched_at)
                self._known[origin] = robots.RobotsAnswer(
                    row.status, row.body, row.fetched_at
                )
        return self._known.get(origin)

    async def _ask(
        self, origin: str, old: robots.RobotsAnswer | None, outlet: Outlet | None
    ) -> robots.RobotsAnswer:
        order = Order(f"{origin}/robots.txt", Purpose.ROBOTS, outlet, Errand.ROBOTS)
        got = await self._fetch(order)
        new = _answer(got, self._now())
        if isinstance(got, Miss) and got.status is None and old is None:
            # Down, unresolvable, private or on hold: that is the page's own fate,
            # and says more than "robots".
            raise Refused(got.outcome, f"robots.txt: {got.detail}", held=got.held)
        answer = self._known[origin] = robots.merge(old, new)
        if answer is new:
            row = RobotsRow(new.status, new.body, new.fetched_at)
            await self._write(lambda store: store.hosts.put_robots(origin, row))
        return answer


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _answer(got: Answer | Miss, now: datetime) -> robots.RobotsAnswer:
    body = got.body[: robots.MOST_BYTES] if isinstance(got, Answer) else b""
    return robots.RobotsAnswer(got.status, body, now)


def gap(configured: float, verdict: robots.Verdict) -> float:
    """The gap in seconds: the operator's, or the file's Crawl-delay if longer."""
    return max(configured, min(verdict.crawl_delay or 0.0, MOST_CRAWL_DELAY))
