"""Whether a page may be asked for and kept, by what is reserved and respected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from config.models import Outlet
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.refusal import Miss
from crawlers.robots import product_token
from pipelines import reservations
from pipelines.document import parse
from pipelines.outcome import Outcome
from pipelines.store import Store

#: Where a host says what it reserves (TDM reservation protocol), and for how long an
#: answer stands; one that failed is tried again sooner.
PATH: Final = "/.well-known/tdmrep.json"
FRESH_FOR: Final = timedelta(hours=24)
FAILED_FOR: Final = timedelta(minutes=30)

Fetch = Callable[[Order], Awaitable[Answer | Miss]]
Write = Callable[[Callable[[Store], None]], Awaitable[None]]


class HostReservations:
    """Keeps what hosts reserve as a whole; asked only where that is respected."""

    def __init__(
        self, store: Store, write: Write, fetch: Fetch, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._write = write
        self._fetch = fetch
        self._now = now
        self._asking: dict[str, asyncio.Lock] = {}

    async def refusal(self, url: str, outlet: Outlet | None) -> Miss | None:
        """The outcome of a URL that its host reserves; None: it may be asked for."""
        if outlet is None or reservations.TDM not in outlet.respect:
            return None
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(origin, asyncio.Lock()):
            document = await self._document(origin, outlet)
        if not reservations.by_host(document, url):
            return None
        words = f"reserved by the outlet: {reservations.TDM} ({PATH}; respect)"
        return Miss(Outcome.DENIED, words)

    async def _document(self, origin: str, outlet: Outlet) -> bytes:
        key, now = f"tdmrep:{origin}", self._now()
        said = self._store.meta.get(key)
        until, text = json.loads(said) if said is not None else (None, "")
        if until is not None and now < datetime.fromisoformat(until):
            return str(text).encode()
        order = Order(f"{origin}{PATH}", Purpose.ROBOTS, outlet, Errand.RESERVATION)
        answer = await self._fetch(order)
        if isinstance(answer, Answer):
            text = answer.body.decode("utf-8", "replace")
        elif answer.outcome is Outcome.GONE:
            text = ""
        failed = isinstance(answer, Miss) and answer.outcome is not Outcome.GONE
        until = (now + (FAILED_FOR if failed else FRESH_FOR)).isoformat()
        value = json.dumps([until, text])
        await self._write(lambda store: store.meta.put(key, value))
        return str(text).encode()


async def refusal(
    answer: Answer, respect: Collection[str], user_agent: str
) -> Miss | None:
    """The outcome of a page that reserves what is respected; None: it may be kept.

    Asked before anything of the page is stored. It is parsed off the event loop.
    """
    if not respect:
        return None
    return await asyncio.to_thread(_refusal, answer, respect, user_agent)


def _refusal(answer: Answer, respect: Collection[str], user_agent: str) -> Miss | None:
    tree = parse(answer.body, answer.content_type, answer.url).tree
    robot = product_token(user_agent)
    found = reservations.of_page(tree, answer.headers, robot)
    for signal, where in found.items():
        if signal in respect:
            words = f"reserved by the outlet: {signal} ({where}; respect)"
            return Miss(Outcome.DENIED, words, answer.status)
    return None
