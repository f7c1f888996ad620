"""What one crawl shares: config, store, writer, gate, guard, robots, workers.

Built by `crawlers.runtime`, found by Scrapy's components at `spider.session`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scrapy.crawler import Crawler

from config.models import Config, Outlet
from crawlers import polling
from crawlers.fetch import Fetcher
from crawlers.gate import HostGate
from crawlers.guard import NetworkGuard
from crawlers.pacing import Pacer
from crawlers.politeness import RobotsKeeper, gap
from crawlers.robots import Verdict
from crawlers.uplink import Uplink
from pipelines import urls
from pipelines.cleaning.rules import rules_of
from pipelines.outcome import Outcome
from pipelines.process import OutletTerms, Times
from pipelines.store import GAP, Store, Writer
from pipelines.workers import WorkerPool


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


@dataclass
class Session:
    """The parts of a crawl. `bind` adds those that need Scrapy's crawler."""

    config: Config
    store: Store
    writer: Writer
    pool: WorkerPool
    guard: NetworkGuard
    now: Callable[[], datetime] = utc_now
    rng: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.gate = HostGate(self.delay)
        self.uplink = Uplink()
        self.pacer = Pacer(lambda: self.config, self.store)
        self._delays: dict[str, float] = {}
        self._crawl_delays: dict[str, Verdict] = {}

    def bind(self, crawler: Crawler) -> None:
        """Connects the session to the engine that fetches for it."""
        self.fetcher = Fetcher(
            crawler, lambda: self.config, self.gate, self.now, self.uplink
        )
        self.robots = RobotsKeeper(
            self.store,
            self.writer,
            self.fetcher.fetch,
            self.now,
            lambda: self.config.user_agent,
        )

    def delay(self, host: str) -> float:
        """The gap in seconds for a host: configured, or its robots.txt's."""
        default = self.config.defaults.delay.total_seconds()
        configured = self._delays.get(host, default)
        return gap(configured, self._crawl_delays.get(host, Verdict(True)))

    def visit(self, host: str, outlet: Outlet) -> None:
        """Notes which outlet's delay holds for a host; the longest of several."""
        seconds = outlet.delay.total_seconds()
        self._delays[host] = max(seconds, self._delays.get(host, 0.0))

    def note_verdict(self, url: str, verdict: Verdict) -> None:
        """Remembers the Crawl-delay that came with a verdict."""
        self._crawl_delays[urls.host(url)] = verdict

    def reload(self, config: Config) -> None:
        """Puts a new config in force."""
        self.config = config
        self._delays.clear()
        self.pacer.renew(None)

    def recall_hosts(self, store: Store) -> None:
        """Takes up the holds and gaps that another process left in `store`."""
        now = self.now()
        for row in store.hosts.resting(now):
            seconds = (row.next_at - now).total_seconds()
            if row.reason == GAP:
                self.gate.pause(row.host, seconds)
            else:
                self.gate.hold(row.host, seconds, row.reason)

    def remember_host(self, store: Store, host: str) -> None:
        """Writes when a host may be asked again, for whoever asks it next."""
        seconds = self.gate.ready_in(host)
        if seconds:
            until = self.now() + timedelta(seconds=seconds)
            store.hosts.put(host, until, self.gate.reason(host) or GAP)

    def jitter(self) -> float:
        """A number in [-1, 1]."""
        return self.rng.uniform(-1, 1)

    def terms(self, key: str) -> OutletTerms | None:
        """What processing needs of an outlet; None when it left the config."""
        outlet = self.config.outlets.get(key)
        return None if outlet is None else outlet_terms(outlet)

    def times(self) -> Times:
        """The clock and the rules for coming back, for the processor."""
        return Times(self.now, self.retry_at, self.revisit_at)

    def retry_at(
        self, outcome: Outcome, failures: int, now: datetime
    ) -> datetime | None:
        return polling.retry_at(outcome, failures, now, self.jitter())

    def revisit_at(
        self, key: str, first_seen: datetime, now: datetime, changed: bool = False
    ) -> datetime | None:
        least = self.least_age(key)
        ratio = self.pacer.allowance(now).ratio
        return polling.revisit_at(first_seen, now, least, ratio=ratio, changed=changed)

    def least_age(self, key: str) -> timedelta | None:
        """The least age at which an outlet's pages are looked at again."""
        outlet = self.config.outlets.get(key)
        return outlet.revisit if outlet is not None else None


def outlet_terms(outlet: Outlet) -> OutletTerms:
    """The part of an outlet's config that processing goes by."""
    return OutletTerms(
        home=outlet.home,
        sources=tuple(source.url for source in outlet.sources),
        language=outlet.language,
        rules=rules_of(outlet.clean),
        duplicates=outlet.duplicates,
        priority=outlet.priority,
        denied=polling.outlet_rules(outlet).denied,
        digest=outlet.digest,
    )
