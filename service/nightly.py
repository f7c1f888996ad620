"""What the service does by the hour and by the night: backups, retention."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from crawlers.session import Session
from pipelines.store import Notice, StoreError, copies
from service import safekeeping
from service.herald import Herald
from service.safekeeping import OVERDUE, Place

log = logging.getLogger(__name__)

BACKUP: Final = "backup"
#: Seconds until a backup that failed is tried again.
AGAIN: Final = 900.0
#: Seconds of a minute in which words are put in their places.
ARRANGING: Final = 20.0
#: Stretches of URLs looked at in an hour: some 200,000 URLs.
STRETCHES: Final = 40


class Nightly:
    """Backups and retention, in steps that keep nobody waiting."""

    def __init__(
        self, session: Session, herald: Herald, doubtful: Callable[[], bool]
    ) -> None:
        self._session = session
        self._herald = herald
        self._doubtful = doubtful
        self._not_before = 0.0
        self._began = session.now()
        self._after = 0  # the URL that was looked at last

    async def backup(self) -> None:
        """Makes a backup if one is due; tells when there is none for too long."""
        place, now = Place.of(self._session.config), self._session.now()
        at = self._session.config.backup.at
        if at is None:
            return
        made = await asyncio.to_thread(_latest, place)
        if copies.is_due(made, now, at) and time.monotonic() >= self._not_before:
            await self._make(place, now)
        elif now - (made or self._began) > OVERDUE:
            await self._tell(f"the latest is from {made}" if made else "there is none")

    async def _make(self, place: Place, now: datetime) -> None:
        try:
            done = await asyncio.to_thread(safekeeping.make, place, now)
        except StoreError as error:
            self._not_before = time.monotonic() + AGAIN
            await self._tell(str(error))
            return
        log.info("backup made: %s", done.path)
        await self._herald.close(BACKUP, known=False)

    async def _tell(self, evidence: str) -> None:
        text = "the nightly backup is not made"
        await self._herald.open(Notice(BACKUP, text, evidence, "presswatch backup"))

    async def arrange(self) -> None:
        """Puts the words of texts where they are found soonest: for a while.

        Those of texts that were stored before there was an index, and those of the
        latest texts to the others.
        """
        if self._doubtful():
            return
        do, until = self._session.writer.do, time.monotonic() + ARRANGING
        since = self._session.now() - self._session.config.retention.copies
        while time.monotonic() < until and (
            await do(lambda store: store.catch_up_words(since) or store.merge_words())
        ):
            pass

    async def prune(self) -> None:
        """Takes out what retention no longer wants, in short transactions.

        Not while the clock may be wrong: what is gone is gone.
        """
        if self._doubtful():
            log.warning("the clock has jumped: nothing is dropped for a day")
            return
        now, keep = self._session.now(), self._session.config.retention
        do = self._session.writer.do
        await do(lambda store: store.prune_pages(now - keep.pages))
        while await do(lambda store: store.prune_texts(now - keep.texts, now)):
            pass
        while await do(lambda store: store.prune_words(now - keep.copies, now)):
            pass
        while await do(lambda store: store.requests.prune(now - keep.requests)):
            pass
        await self._forget_addresses(now - keep.addresses)
        while await do(lambda store: store.tidy()):
            pass

    async def _forget_addresses(self, than: datetime) -> None:
        """Goes on where it was an hour ago, and in time from the beginning."""
        for _ in range(STRETCHES):
            after = self._after
            end = await self._session.writer.do(
                lambda store, after=after: store.forget_addresses(than, after)  # type: ignore[misc]
            )
            self._after = end or 0
            if end is None:
                return


def _latest(place: Place) -> datetime | None:
    """When the latest copy was made; one from the future counts for nothing."""
    return next((copy.at for copy in place.copies()), None)
