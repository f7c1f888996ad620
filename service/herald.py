"""Alerts that are told although the database takes none at the moment."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.store import Notice, Store, StoreError, Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Word:
    """What is to be stored: an alert to open, or one to close."""

    key: str
    at: datetime
    notice: Notice | None = None

    def store(self, store: Store) -> None:
        if self.notice is None:
            store.alerts.close(self.key, self.at)
        else:
            store.alerts.open(self.notice, self.at)


class Herald:
    """Opens and closes alerts; each is logged once, and stored when that is possible.

    Until then it is kept in memory, so that after a full disk one can read when it
    was full.
    """

    def __init__(self, writer: Writer, now: Callable[[], datetime]) -> None:
        self._writer = writer
        self._now = now
        self._open: dict[str, str] = {}
        self._pending: deque[_Word] = deque(maxlen=1000)
        self._delivering = asyncio.Lock()

    async def open(self, notice: Notice) -> None:
        """Tell of something, unless it was told and is not over."""
        if notice.key in self._open:
            return
        self._open[notice.key] = notice.text
        log.error("%s (%s); %s", notice.text, notice.evidence, notice.command)
        self._pending.append(_Word(notice.key, self._now(), notice))
        await self.deliver()

    async def close(self, key: str, *, known: bool = True) -> None:
        """Say that it is over. `known` False: it may be open from an earlier run."""
        told = self._open.pop(key, None)
        if told is None and known:
            return
        if told is not None:
            log.warning("over: %s", told)
        self._pending.append(_Word(key, self._now()))
        await self.deliver()

    async def deliver(self) -> None:
        """Store what is still to be stored, in order, while the database takes it."""
        async with self._delivering:
            while self._pending and self._writer.health.trouble is None:
                try:
                    await self._writer.do(self._pending[0].store)
                except StoreError:
                    return  # `Writer.health` knows, and it is tried again
                self._pending.popleft()
