"""The service: a crawl for ever, ticked by the scheduler, reloaded by SIGHUP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from config import ConfigError, load
from config.models import Config
from crawlers import pacing, runtime
from crawlers.crawl import Crawl, Scope
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines.store import Notice, Store, StoreError
from pipelines.store.health import TROUBLES
from service import crawling, entry, scheduler, silence, watch
from service.entry import Entry
from service.herald import Herald
from service.life import Life, raise_descriptors
from service.machine import Machine
from service.nightly import Nightly
from service.once import with_database
from service.push import pushing
from service.push.pushing import Plan, Pushing
from service.scheduler import Job, catch_up, make_scheduler
from service.telling import span

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=10)
LOOK_ROUND = timedelta(minutes=1)
UPKEEP = timedelta(hours=1)
PACE = timedelta(hours=1)
LISTEN = timedelta(minutes=15)

OFFLINE = (
    "no outlet can be reached: is this machine online? It keeps trying; "
    "`presswatch demo` shows Presswatch without the internet"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `left_running` says that requests had to be left hanging."""

    exit_code: int
    left_running: bool = False


def run_service(directory: Path, database: Path | None) -> Ended:
    """Runs until SIGTERM, or until it is time to begin anew (exit code 75)."""
    raise_descriptors()
    config = with_database(load(directory), database)
    # Before anything is opened: a secret may be missing.
    entry.tokens_of(config)
    pushes = pushing.plans(config)
    with runtime.open_session(config) as session, entry.opened(session) as door:
        service = Service(session, directory, database, door, pushes)
        log.info(greeting(config, door.address))
        ended = runtime.run_async(service.run)
    return Ended(service.life.exit_code, not ended)


def greeting(config: Config, console: str | None = None) -> str:
    """What is being watched, and where to look at it, in one line."""
    where = "" if console is None else f"; console: {console}"
    sources = sum(len(outlet.sources) for outlet in config.outlets.values())
    return (
        f"watching {len(config.outlets)} outlets ({sources} sources) into "
        f"{config.database}; Ctrl-C or SIGTERM ends, SIGHUP reloads "
        f"{config.directory}{where}"
    )


class Service:
    """One process: crawl, scheduler, signals."""

    def __init__(
        self,
        session: Session,
        directory: Path,
        database: Path | None,
        door: Entry,
        pushes: Mapping[str, Plan],
    ) -> None:
        self._entry = door
        self._pushes = pushes
        self._pushing = Pushing(session, door.desk)
        self._session = session
        self._directory = directory
        self._database = database
        self._tally = Tally(listed=None)
        self._work = Crawl(session, Scope(forever=True), self._tally)
        self._told_offline = False
        self._background: set[asyncio.Task[None]] = set()
        self._failure: StoreError | None = None
        self._herald = Herald(session.writer, session.now)
        self._machine = Machine(
            session, self._herald, give_up=self._give_up, wake=self._wake
        )
        self._nightly = Nightly(
            session, self._herald, lambda: self._machine.clock_is_doubtful
        )
        self.life = Life(session, self._work, self._tally, self.stop)

    async def run(self) -> bool:
        """Works until told to stop."""
        jobs = self._scheduler = make_scheduler(self._jobs(), self._job_stuck)
        signals = crawling.Signals(stop=self.stop, reload=self._reload_soon)
        with crawling.handling(signals):
            jobs.start()
            watching = [
                asyncio.create_task(watch())
                for watch in (self._machine.watch, self.life.watch)
            ]
            await self._when_well(self._begin)()
            self._entry.start()
            self._pushing.start(self._pushes)
            self.life.manager.ready(greeting(self._session.config))
            try:
                ended = await crawling.crawl(self._session, self._work)
            finally:
                jobs.shutdown(wait=False)
                for task in watching:
                    task.cancel()
                await self._pushing.stop()
                await self._entry.stop()
        if self._failure is not None:
            raise self._failure
        return ended

    def stop(self) -> None:
        """Ends the service: nothing new is started, what runs may end."""
        log.info("stopping; %d in flight", self._work.in_flight)
        self.life.manager.stopping(f"stopping; {self._work.in_flight} in flight")
        self._work.stop()
        self._pushing.hurry()
        self._entry.hurry()

    def _wake(self) -> None:
        """Has everything looked at now: after a trouble, or a step of the clock."""
        self._work.wake()
        catch_up(self._scheduler)

    def _give_up(self, error: StoreError) -> None:
        """Ends the service with an error: nothing can be stored any more."""
        self._failure = error
        self.stop()

    def _jobs(self) -> tuple[Job, ...]:
        return (
            Job("tick", TICK, self._tick),
            Job("heartbeat", HEARTBEAT, self._when_well(self._beat)),
            Job("look round", LOOK_ROUND, self._when_well(self._look_round)),
            Job("backup", LOOK_ROUND, self._when_well(self._nightly.backup)),
            Job("words", LOOK_ROUND, self._when_well(self._nightly.arrange)),
            Job("upkeep", UPKEEP, self._when_well(self._nightly.prune)),
            Job("pace", PACE, self._when_well(self._renew_pace)),
            Job("listen", LISTEN, self._when_well(self._listen)),
        )

    def _when_well(
        self, action: Callable[[], Awaitable[None]]
    ) -> Callable[[], Awaitable[None]]:
        """The action, left out while the database is in trouble."""

        async def checked() -> None:
            if self._session.writer.health.trouble is None:
                with suppress(*TROUBLES):  # told by `Machine`, once
                    await action()

        return checked

    async def _tick(self) -> None:
        self._work.wake()
        down = self._session.uplink.down or offline(self._tally, self._session.config)
        if down != self._told_offline:
            self._told_offline = down
            await self._tell_offline(down)

    async def _tell_offline(self, down: bool) -> None:
        if down:
            evidence = "several host names do not resolve, and no host answers"
            notice = Notice("offline", OFFLINE, evidence, "presswatch status")
            await self._herald.open(notice)
        else:
            await self._herald.close("offline")

    async def _begin(self) -> None:
        """The first sign of life; jobs that were stuck in an earlier run are gone."""
        now = self._session.now()
        await self._session.writer.do(
            lambda store: store.alerts.close_unseen("job:", now, now)
        )
        await self._beat()

    def _job_stuck(self, name: str, stuck: bool) -> None:
        telling = self._tell_stuck(name) if stuck else self._herald.close(f"job:{name}")
        self._in_background(telling)

    async def _tell_stuck(self, name: str) -> None:
        text = f"the job {name!r} does not end; what it does is not done meanwhile"
        evidence = f"it has been due again for {span(scheduler.STUCK_AFTER)}"
        command = "systemctl restart presswatch (nothing is lost), and read the log"
        await self._herald.open(Notice(f"job:{name}", text, evidence, command))

    async def _beat(self) -> None:
        now = self._session.now()
        await self._session.writer.do(lambda store: watch.beat(store, now))
        self._session.note_beat(now)

    async def _look_round(self) -> None:
        now = self._session.now()
        most = self._session.config.queue.most_waiting
        await self._session.writer.do(lambda store: watch.look_round(store, now, most))
        while await self._session.writer.do(lambda store: store.queue.fill()):
            pass

    async def _renew_pace(self) -> None:
        """Shares the budget anew; a second's work for hundreds of sources."""
        config, now = self._session.config, self._session.now()
        path = self._session.store.path

        def look() -> pacing.Allowance:
            with Store.open(path, read_only=True) as store:
                return pacing.survey(store, config, now)

        allowance = await asyncio.to_thread(look)
        if config is self._session.config:
            self._session.pacer.renew(allowance)

    async def _listen(self) -> None:
        """Looks for outlets that have fallen silent."""
        now, path = self._session.now(), self._session.store.path
        outlets = self._session.config.outlets
        languages = {key: outlet.language for key, outlet in outlets.items()}

        def look() -> list[Notice]:
            with Store.open(path, read_only=True) as store:
                watched, sources = silence.gather(store, languages)
            return list(silence.notices(watched, sources, now))

        due = await asyncio.to_thread(look)
        await self._session.writer.do(
            lambda store: watch.settle(store, due, silence.KEYS, now)
        )

    # -- reload ------------------------------------------------------------

    def _reload_soon(self) -> None:
        self._in_background(self.reload())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def reload(self) -> None:
        """Reads the config again: all of it takes force, or none and an alert opens."""
        self.life.manager.reloading()
        try:
            await self._read_again()
        finally:
            self.life.manager.ready(greeting(self._session.config))

    async def _read_again(self) -> None:
        try:
            config = with_database(load(self._directory), self._database)
            runtime.allowed(config)
            tokens, pushes = entry.tokens_of(config), pushing.plans(config)
        except ConfigError as error:
            await self._refuse(error)
            return
        await self._accept(self._staying(config))
        self._entry.reload(config.console, tokens)
        self._pushing.start(pushes)

    def _staying(self, config: Config) -> Config:
        """The config with the database that is open: it changes with a new start."""
        database = self._session.config.database
        if config.database != database:
            words = "database: %s takes force at the next start; %s stays until then"
            log.warning(words, config.database, database)
        return with_database(config, database)

    async def _refuse(self, error: ConfigError) -> None:
        log.error("config refused, the last good one stays in force:\n%s", error)
        now = self._session.now()
        text = f"the config in {self._directory} was refused; the last good one runs"
        command = f"presswatch check --config {self._directory}"
        notice = Notice("config", text, str(error), command)
        await self._session.writer.do(lambda store: store.alerts.open(notice, now))

    async def _accept(self, config: Config) -> None:
        now = self._session.now()

        def job(store: Store) -> None:
            runtime.put_in_force(store, config, now)
            store.alerts.close("config", now)

        await self._session.writer.do(job)
        self._session.reload(config)
        runtime.admit(self._session.guard, config)
        self._work.wake()
        log.info("config reloaded: %s", greeting(config))


def offline(tally: Tally, config: Config) -> bool:
    """Whether every source was asked and not one host answered."""
    sources = sum(len(outlet.sources) for outlet in config.outlets.values())
    return 0 < sources <= tally.sources == tally.unreachable
