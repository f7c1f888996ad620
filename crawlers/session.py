"""What one crawl shares: config, store, writer, gate, guard, robots, workers.

Built by `crawlers.runtime`, found by Scrapy's components at `spider.session`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from scrapy.crawler import Crawler

from config.models import Config, Outlet
from crawlers import polling
from crawlers.fetch import Fetcher
from crawlers.gate import Closed, HostGate, HostState
from crawlers.guard import NetworkGuard
from crawlers.ledger import Errand, Ledger
from crawlers.pacing import Pacer
from crawlers.politeness import RobotsKeeper, gap
from crawlers.reserved import HostReservations
from crawlers.robots import Verdict
from crawlers.turnstile import Turnstile
from crawlers.uplink import Uplink
from pipelines import urls
from pipelines.cleaning.rules import rules_of
from pipelines.outcome import Outcome
from pipelines.process import OutletTerms, Times
from pipelines.store import GAP, HostRow, Notice, Store, Writer
from pipelines.workers import WorkerPool

T = TypeVar("T")

#: How the reason of a host begins that has had its requests of the day.
BUDGET = "its budget"
_BUDGET_ALERT = "budget:"


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
    turnstile: Turnstile | None = None
    errand: Errand | None = None  # what all requests are for, if for one thing
    books: Store | None = None  # whose ledger and robots.txt count as well
    note_beat: Callable[[datetime], None] = lambda _: None

    def __post_init__(self) -> None:
        self.gate = HostGate(
            self.delay,
            budget=self._budget_of,
            turnstile=self.turnstile,
            jitter=self.jitter,
        )
        self.ledger = Ledger()
        self.uplink = Uplink()
        self.pacer = Pacer(lambda: self.config, self.store)
        self._budgets: dict[str, int] = {}
        self._remembered: set[str] = set()
        self._spent_out: set[str] = set()
        #: Why no page is fetched at the moment, though sources are polled.
        self.pages_held: str | None = None
        self._delays: dict[str, float] = {}
        self._crawl_delays: dict[str, Verdict] = {}

    def hold_pages(self, reason: str | None) -> None:
        """Has no more pages fetched for that reason; None: has them fetched again."""
        self.pages_held = reason

    def bind(self, crawler: Crawler) -> None:
        """Connects the session to the engine that fetches for it."""
        self.fetcher = Fetcher(
            crawler,
            lambda: self.config,
            self.gate,
            self.now,
            self.uplink,
            self.errand,
        )
        self.reservations = HostReservations(
            self.store, self.write, self.fetcher.fetch, self.now
        )
        self.robots = RobotsKeeper(
            self._all_books,
            self.write,
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
        """Notes which outlet's terms hold for a host; the stricter of several."""
        seconds = outlet.delay.total_seconds()
        self._delays[host] = max(seconds, self._delays.get(host, 0.0))
        if outlet.requests_per_day is not None:
            most = outlet.requests_per_day
            self._budgets[host] = min(most, self._budgets.get(host, most))

    @property
    def _all_books(self) -> tuple[Store, ...]:
        return (self.store,) if self.books is None else (self.store, self.books)

    def _budget_of(self, host: str) -> Closed | None:
        """Closed until midnight (UTC), if the host has had its requests of today."""
        most = self._budgets.get(host)
        if most is None:
            return None
        now = self.now()
        today = now.date()
        spent = self.ledger.unwritten(host, today)
        spent += sum(store.requests.spent(host, today) for store in self._all_books)
        if spent < most:
            return None
        words = f"{BUDGET} of {most} requests a day is used up (requests_per_day)"
        return Closed((tomorrow(now) - now).total_seconds(), words)

    def note_verdict(self, url: str, verdict: Verdict) -> None:
        """Remembers the Crawl-delay that came with a verdict."""
        self._crawl_delays[urls.host(url)] = verdict

    def reload(self, config: Config) -> None:
        """Puts a new config in force."""
        self.config = config
        self._delays.clear()
        self.pacer.renew(None)
        self._budgets.clear()
        self.gate.release(self.gate.held(BUDGET))  # judged anew by what holds now

    async def write(self, job: Callable[[Store], T]) -> T:
        """Has the writer do a job, and enter what was asked of hosts beside it."""
        lines = self.ledger.take()

        def both(store: Store) -> T:
            store.requests.add(lines)
            return job(store)

        try:
            result = await self.writer.do(both)
        except BaseException:
            self.ledger.put_back(lines)
            raise
        self.ledger.written(lines)
        return result

    def recall_hosts(self, store: Store) -> None:
        """Takes up the holds, gaps and failures that a process before us left."""
        now = self.now()
        for row in store.hosts.hurt(now):
            self._remembered.add(row.host)
            since = row.failing_since
            waits = row.next_at > now and not row.reason.startswith(BUDGET)
            state = HostState(
                wait=(row.next_at - now).total_seconds() if waits else 0.0,
                reason=None if row.reason == GAP or not waits else row.reason,
                failures=int(row.failures),
                opened=row.opened,
                failing_for=(now - since).total_seconds() if since else 0.0,
                stretch=row.pace,
            )
            self.gate.recall(row.host, state)
        for alert in store.alerts.list():
            if alert.key.startswith(_BUDGET_ALERT):
                self._spent_out.add(alert.key.removeprefix(_BUDGET_ALERT))

    def remember_host(self, store: Store, host: str) -> None:
        """Writes when a host may be asked again, for whoever asks it next."""
        state = self.gate.remembered(host)
        self._tell_budget(store, host, state)
        if state.plain and host not in self._remembered:
            return
        self._remembered.add(host)
        now = self.now()
        failing = state.failures > 0 or state.opened > 0
        store.hosts.put(
            HostRow(
                host,
                now + timedelta(seconds=state.wait),
                state.reason or GAP,
                failures=state.failures,
                opened=state.opened,
                failing_since=(
                    now - timedelta(seconds=state.failing_for) if failing else None
                ),
                pace=state.stretch,
            )
        )

    def _tell_budget(self, store: Store, host: str, state: HostState) -> None:
        """One alert while the host has had its requests of the day."""
        key = f"{_BUDGET_ALERT}{host}"
        if state.reason is not None and state.reason.startswith(BUDGET):
            self._spent_out.add(host)
            text = f"{host} gets no more requests today; its work stays due"
            command = f"presswatch requests --host {host}"
            store.alerts.open(Notice(key, text, state.reason, command), self.now())
        elif host in self._spent_out:
            self._spent_out.discard(host)
            store.alerts.close(key, self.now())

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


def tomorrow(now: datetime) -> datetime:
    """The next midnight in UTC, when the days of budgets begin."""
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)


def outlet_terms(outlet: Outlet) -> OutletTerms:
    """The part of an outlet's config that processing goes by."""
    return OutletTerms(
        home=outlet.home,
        sources=tuple(source.url for source in outlet.sources),
        language=outlet.language,
        rules=rules_of(outlet.clean),
        duplicates=outlet.duplicates,
        revisions=frozenset(outlet.revisions),
        most_revisions=outlet.most_revisions,
        priority=outlet.priority,
        denied=polling.outlet_rules(outlet).denied,
        digest=outlet.digest,
    )
