"""The machine under the service: its disk, its database file, its clock.

While the database takes no writes the crawl starts nothing; what stands in the way is
told once, tried again every few seconds, and work goes on by itself when it is gone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from config.sizes import readable
from crawlers.session import Session
from pipelines.store import Notice, Store, StoreError, disk, reserve, times
from pipelines.store.errors import StoreBroken, StoreFull, StoreGone, StoreUnreliable
from pipelines.store.health import TROUBLES
from service import clock
from service.clock import ClockWatch, Step
from service.herald import Herald
from service.safekeeping import Place

log = logging.getLogger(__name__)

#: Seconds between two looks.
EVERY: Final = 5.0
#: A disk that fails so many trials in a row, with no quiet minute in between, is not
#: written to any more.
MOST_FAILURES: Final = 3
QUIET: Final = 60.0
#: A write-ahead log of so many bytes has a reader that never ends, or no checkpoint.
LONG_LOG: Final = 256_000_000

TROUBLE, LOW, LOG, CLOCK = "database", "disk", "write-ahead-log", "clock"


class Machine:
    """Looks after the machine for as long as the service runs.

    `give_up` ends the service with an error; `wake` has it look for work at once.
    """

    def __init__(
        self,
        session: Session,
        herald: Herald,
        *,
        give_up: Callable[[StoreError], None],
        wake: Callable[[], None],
    ) -> None:
        self._session = session
        self._herald = herald
        self._give_up = give_up
        self._wake = wake
        self._failures = 0
        self._failed_at = float("-inf")
        self._clock = ClockWatch(session.now)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._session.store.path

    @property
    def clock_is_doubtful(self) -> bool:
        """Whether nothing is to be dropped for its age."""
        return self._clock.doubtful

    async def watch(self) -> None:
        """Looks again and again. By the loop's clock, which is never put back."""
        look = self.begin
        while True:
            try:
                await look()
            except TROUBLES as error:
                self._session.writer.health.note(error)
            except Exception:  # the boundary of one look
                log.exception("looking after the machine met a bug")
            look = self.look
            await asyncio.sleep(EVERY)

    async def begin(self) -> None:
        """Compares the clock with the latest time that the database knows."""
        await self._herald.close(TROUBLE, known=False)
        store, now = self._session.store, self._session.now()
        beat = store.meta.get("heartbeat")
        known = [times.latest(store.session)]
        known += [datetime.fromisoformat(beat)] if beat else []
        before = max((at for at in known if at is not None), default=now)
        if now < before - clock.SMALLEST:
            await self._put_right(Step(before, now))
        elif now > before + clock.DOUBTFUL:
            self._clock.doubt()

    async def look(self) -> None:
        """One look at everything."""
        try:
            self._session.store.session.check_file()
        except StoreGone as error:
            self._end(self._rescued(error))
            return
        await self._look_at_store()
        if self._session.writer.health.trouble is None:
            await self._look_at_clock()
            await self._look_at_disk()
            await self._herald.deliver()

    # -- the database ------------------------------------------------------

    async def _look_at_store(self) -> None:
        health = self._session.writer.health
        if (trouble := health.trouble) is None:
            return
        command = f"presswatch doctor --database {self.path}"
        text = "nothing is fetched: the database cannot be worked with"
        await self._herald.open(Notice(TROUBLE, text, str(trouble), command))
        if isinstance(trouble, StoreBroken):
            self._end(trouble)
            return
        try:
            await self._try_it()
        except StoreError as error:
            self._count(error)
            return
        health.recovered()
        await self._herald.close(TROUBLE)
        self._wake()

    async def _try_it(self) -> None:
        """Does what work needs: room for a page, a write, a read.

        Room that was given up for consumers is no room for pages: it is taken back
        first, or what little is free would be fetched into, again and again.
        """
        self._take_reserve_back()
        await asyncio.to_thread(disk.probe, self.path.parent)
        at = self._session.now().isoformat()
        await self._session.writer.do(lambda store: store.meta.put("tried", at))
        self._session.store.frontier.next_due(self._session.now())

    def _take_reserve_back(self) -> None:
        if not reserve.ensure(self.path, self._session.config.disk.reserve):
            raise StoreFull(
                self.path.parent,
                "there is no room but what consumers need",
                "free some space; work resumes by itself",
            )

    def _count(self, error: StoreError) -> None:
        """A full disk is waited for; one that fails is given up."""
        now = asyncio.get_running_loop().time()
        if not isinstance(error, StoreUnreliable):
            return
        self._failures = self._failures + 1 if now - self._failed_at < QUIET else 1
        self._failed_at = now
        if self._failures >= MOST_FAILURES:
            self._end(error)

    def _end(self, error: StoreError) -> None:
        log.error("giving up: %s", error)
        self._give_up(error)

    def _rescued(self, error: StoreGone) -> StoreError:
        """Copies out what the deleted file held: it is there as long as it is open."""
        place = Place.of(self._session.config)
        try:
            made = self._session.store.backup_into(
                place.directory, self._session.now(), place.keep
            )
        except StoreError as failed:
            words = f"what it held could not be saved ({failed})"
            return StoreGone(error.path, f"{error.cause}; {words}", error.step)
        words = f"all that it held is in {made.path}"
        return StoreGone(error.path, f"{error.cause}; {words}", "presswatch restore")

    # -- the disk ----------------------------------------------------------

    async def _look_at_disk(self) -> None:
        marks = self._session.config.disk
        try:
            free = disk.space(self.path.parent).free
        except StoreError:
            return  # the next write tells more
        low = free < marks.pause_below
        self._session.hold_pages(
            f"{readable(free)} free on the disk (disk.pause_below)" if low else None
        )
        if free >= marks.warn_below:
            await self._herald.close(LOW)
        else:
            await self._herald.open(self._low(free, pausing=low))
        if free >= marks.pause_below + marks.reserve:
            reserve.ensure(self.path, marks.reserve)
        await self._look_at_log()

    def _low(self, free: int, *, pausing: bool) -> Notice:
        mark = readable(self._session.config.disk.pause_below)
        then = "no page is fetched" if pausing else f"below {mark} no page is fetched"
        text = f"the disk of {self.path} is nearly full: {then}"
        return Notice(LOW, text, f"{readable(free)} free", "presswatch doctor")

    async def _look_at_log(self) -> None:
        size = disk.size_of(Path(f"{self.path}-wal"))
        if size < LONG_LOG:
            await self._herald.close(LOG)
            return
        text = f"the write-ahead log of {self.path} grows: a reader does not end"
        command = f"fuser -v {self.path}"
        await self._herald.open(Notice(LOG, text, readable(size), command))

    # -- the clock ---------------------------------------------------------

    async def _look_at_clock(self) -> None:
        if (step := self._clock.step()) is not None:
            await self._put_right(step)

    async def _put_right(self, step: Step) -> None:
        """Moves all that waits for a time along with the clock."""
        now = self._session.now()

        def job(store: Store) -> None:
            times.shift(store.session, step.waiting_after, step.by, now)

        await self._session.writer.do(job)
        await self._herald.open(_stepped(step))
        await self._herald.close(CLOCK)
        self._wake()


def _stepped(step: Step) -> Notice:
    way = "ahead" if step.by > timedelta(0) else "back"
    seconds = abs(round(step.by.total_seconds()))
    text = f"the clock was put {way} by {timedelta(seconds=seconds)}"
    evidence = f"from {step.before:%Y-%m-%d %H:%M:%S} to {step.after:%Y-%m-%d %H:%M:%S}"
    moved = f"{evidence}; due times and leases were moved along"
    return Notice(CLOCK, text, moved, "timedatectl")
