"""Opens everything a crawl needs, in order, and closes it again.

Shared by the service, `once`, `try` and `scrapy crawl`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from config import load
from config.choices import Auto
from config.models import Config, Outlet, Source
from crawlers import guard
from crawlers.guard import Allowed, NetworkGuard, server
from crawlers.ledger import Errand
from crawlers.session import Session, utc_now
from crawlers.turnstile import Turnstile
from pipelines import urls
from pipelines.store import (
    DatabaseLock,
    SourceSpec,
    Store,
    StoreError,
    SubscriptionSpec,
    Writer,
    starting,
)
from pipelines.workers import WorkerPool

log = logging.getLogger(__name__)

T = TypeVar("T")

#: The name under which the store keeps the outlets that ran last.
RAN = "config"
#: A page that takes longer than this to clean is too complex (wall seconds).
CLEAN_DEADLINE = 20.0
#: Memory of one worker: a page may not take the machine down.
WORKER_MEMORY = 1_500_000_000


class UnknownOutletError(Exception):
    """An outlet was named that the config does not have."""

    exit_code = 2


def load_config(directory: str) -> Config:
    """The operator's config; ConfigError lists everything that is wrong with it."""
    return load(Path(directory))


def chosen(config: Config, keys: Iterable[str]) -> frozenset[str] | None:
    """The outlets named, or None for all. Raises UnknownOutletError."""
    wanted = frozenset(key.strip() for key in keys if key.strip())
    unknown = sorted(wanted - set(config.outlets))
    if unknown:
        known = ", ".join(sorted(config.outlets))
        raise UnknownOutletError(f"no outlet {unknown[0]!r}; the config has: {known}")
    return wanted or None


@contextmanager
def open_session(
    config: Config, *, errand: Errand | None = None, beside: Beside | None = None
) -> Iterator[Session]:
    """Locks and opens the database, starts writer and workers, installs the guard.

    `errand`: what all requests are for, if for one thing.
    """
    install_reactor()
    urls.site("https://example.org/")  # reads its list while there are descriptors
    reactor: Any = importlib.import_module("twisted.internet.reactor")
    with ExitStack() as stack:
        lock = stack.enter_context(DatabaseLock(config.database))
        store = starting.start(config.database, place(config), lock.left_by)
        stack.callback(store.close)
        writer = Writer(config.database)
        writer.start()
        stack.callback(writer.close)
        pool = WorkerPool(
            count=os.cpu_count() or 1,
            deadline=CLEAN_DEADLINE,
            memory_bytes=WORKER_MEMORY,
        )
        stack.callback(pool.close)
        put_in_force(store, config, utc_now())
        installed = guard.install(reactor)
        admit(installed, config)
        session = Session(
            config,
            store,
            writer,
            pool,
            installed,
            turnstile=_turnstile(beside.path if beside else config.database, stack),
            errand=errand,
            books=beside.store if beside else None,
            note_beat=lock.note,
        )
        stack.callback(flush, session)
        yield session


@dataclass(frozen=True, slots=True)
class Beside:
    """The operator's database, beside which a session with one of its own runs.

    Its processes take turns at the hosts with the session, and its ledger counts.
    `store` None: there is none yet.
    """

    path: Path
    store: Store | None


def flush(session: Session) -> None:
    """Writes down the requests that nothing else has taken along."""
    lines = session.ledger.take()
    try:
        session.writer.submit(lambda store: store.requests.add(lines)).result()
    except StoreError as error:  # the crawl has said so already, and ends
        log.warning("%d requests are missing from the ledger: %s", len(lines), error)
    session.ledger.written(lines)


def _turnstile(database: Path, stack: ExitStack) -> Turnstile | None:
    """Turns with other processes; None, and a warning, where that cannot be."""
    if not database.parent.is_dir():
        return None  # nobody else has worked here yet
    path = database.with_name(f"{database.name}.gate")
    try:
        turnstile = Turnstile(path)
    except OSError as error:
        words = "%s: %s; requests of other presswatch processes are not waited for"
        log.warning(words, path, error.strerror or error)
        return None
    stack.callback(turnstile.close)
    return turnstile


def admit(network: NetworkGuard, config: Config) -> None:
    """Tells the guard what the config lets it through."""
    network.allowed = allowed(config)
    network.proxies = frozenset(map(server, _proxies(config)))


def place(config: Config) -> starting.Terms:
    """What the config says of the database's place."""
    return starting.Terms(
        backups=config.backup.directory,
        network=config.disk.network,
        reserve=config.disk.reserve,
        pause_below=config.disk.pause_below,
    )


def allowed(config: Config) -> tuple[Allowed, ...]:
    """network.allow_private, read."""
    return tuple(Allowed.parse(text) for text in config.network.allow_private)


def _proxies(config: Config) -> set[str]:
    said = {outlet.request.proxy for outlet in config.outlets.values()}
    return {url for url in said | {config.network.proxy} if url is not None}


def put_in_force(store: Store, config: Config, now: datetime) -> None:
    """Makes sources and subscriptions those of a config, and remembers it for `plan`.

    What is secret in it stays out of the database.
    """
    secret = {"request": {"headers", "auth", "proxy"}}
    outlets = {
        key: outlet.model_dump(mode="json", exclude=secret)
        for key, outlet in config.outlets.items()
    }
    with store.write():
        store.frontier.sync_sources(sources(config.outlets.values()), now)
        store.queue.sync_subscriptions(subscriptions(config), now)
        store.meta.put(RAN, json.dumps(outlets))


def sources(outlets: Iterable[Outlet]) -> list[SourceSpec]:
    """The sources of outlets as the store knows them."""
    return [
        SourceSpec(outlet.key, str(source.kind), source.url, longest(outlet, source))
        for outlet in outlets
        for source in outlet.sources
    ]


def subscriptions(config: Config) -> list[SubscriptionSpec]:
    """The subscriptions of a config as the store knows them."""
    return [
        SubscriptionSpec(name, said.terms(), said.start)
        for name, said in config.queue.subscriptions.items()
    ]


def longest(outlet: Outlet, source: Source) -> timedelta:
    """How long a source may wait at most while it does not fail."""
    every = outlet.interval(source)
    return outlet.bounds(source)[1] if isinstance(every, Auto) else every


def install_reactor() -> None:
    """Makes Twisted's reactor run on asyncio; a second call does nothing."""
    from scrapy.utils.reactor import install_reactor as install
    from scrapy.utils.reactor import is_reactor_installed

    if not is_reactor_installed():
        asyncio.set_event_loop(asyncio.new_event_loop())
        install("twisted.internet.asyncioreactor.AsyncioSelectorReactor")


def run_async(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine on the reactor until it ends; its result or exception."""
    install_reactor()
    reactor: Any = importlib.import_module("twisted.internet.reactor")
    results: list[asyncio.Task[T]] = []

    def begin() -> None:
        task = asyncio.get_event_loop().create_task(main())
        task.add_done_callback(lambda _: reactor.stop())
        results.append(task)

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    return results[0].result()
