"""Dry runs over the network: what would be listed, and what a page would become.

The real parts do the work, beside the service (`service.asking`). Of the operator's
database the memory of URLs is read as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from config.models import Config, Outlet
from crawlers import polling, reserved
from crawlers.crawl import Finished
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.parts import Collector
from crawlers.poll import Poller
from crawlers.refusal import Miss
from crawlers.session import Session, outlet_terms
from crawlers.tally import Tally
from pipelines import urls
from pipelines.article import Reading
from pipelines.candidate import Candidate
from pipelines.identity import identify
from pipelines.outcome import Outcome
from pipelines.reading import PageInput
from pipelines.store import SourceWork, Store
from pipelines.store.overview import ListedUrl
from pipelines.store.sources import GOOD, PollRow
from pipelines.workers import Failure
from service.asking import aside, finish


@dataclass(frozen=True, slots=True)
class Goal:
    """What is tried: the sources and one article of `outlet`, or a page.

    The outlet of a page is the one whose rules it would go by, if there is one.
    """

    outlet: Outlet | None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A URL that a source lists; `known` says that the database has it already."""

    listed: ListedUrl
    known: bool

    @property
    def url(self) -> str:
        """Its canonical URL."""
        return self.listed.candidate.url

    @property
    def at(self) -> datetime | None:
        """When the source says the article is from."""
        return self.listed.candidate.published or self.listed.candidate.updated


@dataclass(frozen=True, slots=True)
class SourceTrial:
    """How polling one source went, and what it lists: the newest first."""

    outlet: str
    kind: str
    url: str
    poll: PollRow
    found: tuple[Found, ...]

    @property
    def failed(self) -> bool:
        """Whether the source could not be polled."""
        return self.poll.outcome not in GOOD

    @property
    def wanted(self) -> tuple[Found, ...]:
        """What would be fetched, now or before."""
        return tuple(found for found in self.found if found.listed.outcome is None)

    @property
    def refused(self) -> tuple[Found, ...]:
        """What would not, by some rule."""
        return tuple(found for found in self.found if found.listed.outcome is not None)


@dataclass(frozen=True, slots=True)
class PageTrial:
    """What became of one page.

    `rule` says why a crawl would not have fetched it. `identity` is the URL that its
    article would go by. `reading` is None when there was nothing to read.
    """

    url: str
    outlet: str | None
    rule: str | None
    outcome: Outcome
    detail: str | None = None
    answer: Answer | None = None
    identity: str | None = None
    status: int | None = None
    reading: Reading | None = None

    @property
    def failed(self) -> bool:
        """Whether the page is no article that would be stored."""
        return self.outcome is not Outcome.NEW


Trial = SourceTrial | PageTrial
Tell = Callable[[Trial], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a dry run ended. A stopped one leaves requests hanging in the reactor."""

    failed: bool
    stopped: bool


class Past:
    """What the operator's database knows; nothing, if there is none."""

    def __init__(self, store: Store | None) -> None:
        self._store = store

    def hold_hosts(self, session: Session) -> None:
        """Closes the hosts that asked to be left alone, or that keep failing."""
        if self._store is not None:
            session.recall_hosts(self._store)

    def is_new(self, work: SourceWork) -> bool:
        """Whether the source was never polled with success, so that on_add counts."""
        if self._store is None:
            return True
        identity = (work.outlet, work.kind, work.url)
        return not any(
            (source.outlet, source.kind, source.url) == identity and source.last_ok
            for source in self._store.frontier.source_status()
        )

    def known(self, outlet: str, listed: list[ListedUrl]) -> frozenset[str]:
        """The URLs that were listed before."""
        if self._store is None:
            return frozenset()
        found = (one.candidate.url for one in listed)
        return self._store.overview.known(outlet, found)


class DryRun:
    """Stands where the spider expects a crawl. `tell` hears of each trial at once."""

    def __init__(self, session: Session, goal: Goal, past: Past, tell: Tell) -> None:
        self._session = session
        self._goal = goal
        self._past = past
        self._tell = tell
        self._poller = Poller(session, Tally())
        self._collector = Collector(session)
        self.stopped = False
        self.failed = False
        self.error: Exception | None = None

    def stop(self) -> None:
        """Has the run end without waiting for what it asked for."""
        self.stopped = True

    async def run(self) -> AsyncIterator[Finished]:
        """Makes the trials. Nothing is finished by them: there are no items."""
        try:
            self._past.hold_hosts(self._session)
            await self._trials()
        except Exception as error:  # Scrapy would log it and call the run a success
            self.error = error
        finished: tuple[Finished, ...] = ()
        for none_of_them in finished:
            yield none_of_them

    async def _trials(self) -> None:
        outlet, page = self._goal.outlet, self._goal.page
        if page is not None:
            await self._try_page(Candidate(page), outlet)
        elif outlet is not None:
            newest = await self._try_sources(outlet)
            if newest is not None and not self.stopped:
                await self._try_page(newest.listed.candidate, outlet)

    async def _try_sources(self, outlet: Outlet) -> Found | None:
        """Polls every source; the newest article that would be fetched."""
        wanted: list[Found] = []
        due = self._session.store.frontier.due_sources(
            self._session.now(), outlets={outlet.key}, everything=True
        )
        for work in due:
            if not self.stopped:
                trial = await self._try_source(work, outlet)
                self._told(trial)
                wanted.extend(trial.wanted)
        return min(wanted, key=_newest_first, default=None)

    async def _try_source(self, work: SourceWork, outlet: Outlet) -> SourceTrial:
        self._session.visit(urls.host(work.url), outlet)
        work = replace(work, first=self._past.is_new(work))
        await self._poller.poll(work, outlet)
        store = self._session.store
        listed = store.overview.listed_by(work.id)
        known = self._past.known(outlet.key, listed)
        found = [Found(one, one.candidate.url in known) for one in listed]
        found.sort(key=_newest_first)
        poll, *_ = store.frontier.polls(work.id)
        return SourceTrial(outlet.key, work.kind, work.url, poll, tuple(found))

    async def _try_page(self, candidate: Candidate, outlet: Outlet | None) -> None:
        if outlet is not None:
            self._session.visit(urls.host(candidate.url), outlet)
        sites = None if outlet is None else polling.outlet_sites(outlet)
        order = Order(candidate.url, Purpose.PAGE, outlet, sites=sites)
        answer = await self._fetch(order)
        trial = PageTrial(
            url=candidate.url,
            outlet=None if outlet is None else outlet.key,
            rule=_rule(candidate.url, outlet),
            outcome=Outcome.NEW,
            status=answer.status,
        )
        if isinstance(answer, Answer):
            trial = await self._read(replace(trial, answer=answer), candidate, outlet)
        else:
            trial = replace(trial, outcome=answer.outcome, detail=answer.detail)
        self._told(trial)

    async def _fetch(self, order: Order) -> Answer | Miss:
        """The page and its further ones, unless it reserves what is respected."""
        refused = await self._session.reservations.refusal(order.url, order.outlet)
        if refused is not None:
            return refused
        answer = await self._session.fetcher.fetch(order)
        if isinstance(answer, Miss):
            return answer
        respect = () if order.outlet is None else order.outlet.respect
        user_agent = self._session.config.user_agent
        refused = await reserved.refusal(answer, respect, user_agent)
        return refused or await self._collector.complete(answer, order)

    async def _read(
        self, trial: PageTrial, candidate: Candidate, outlet: Outlet | None
    ) -> PageTrial:
        answer = trial.answer
        if answer is None:
            return trial
        now = self._session.now()
        terms = None if outlet is None else outlet_terms(outlet)
        page = PageInput(
            body=answer.body,
            content_type=answer.content_type,
            url=answer.url,
            hints=candidate,
            outlet_language=None if terms is None else terms.language,
            rules=None if terms is None else terms.rules.in_force(now),
            fetched_at=now,
            headers=answer.headers,
        )
        read = await self._session.pool.read_async(page)
        if isinstance(read, Failure):
            return replace(trial, outcome=read.outcome, detail=read.detail)
        return replace(
            trial,
            outcome=read.cleaned.outcome or Outcome.NEW,
            detail=read.cleaned.detail,
            identity=_identity(answer.url, read, outlet),
            reading=read,
        )

    def _told(self, trial: Trial) -> None:
        self.failed = self.failed or trial.failed
        self._tell(trial)


_OLDEST: Final = float("-inf")


def _newest_first(found: Found) -> float:
    at = found.at
    return -(at.timestamp() if at is not None else _OLDEST)


def _rule(url: str, outlet: Outlet | None) -> str | None:
    """Why the outlet's rules would leave the URL out."""
    if outlet is None:
        return None
    rules = polling.outlet_rules(outlet)
    return rules.denied(url)


def _identity(final_url: str, reading: Reading, outlet: Outlet | None) -> str:
    declared = reading.metadata.canonical
    home = final_url if outlet is None else outlet.home
    sources = [] if outlet is None else [source.url for source in outlet.sources]
    return identify(final_url, declared, home, sources).url


def outlet_of(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """The outlet whose article a URL would be: by its site, rules and host."""
    own = [
        outlet
        for outlet in outlets.values()
        if urls.same_site(url, polling.outlet_sites(outlet))
    ]
    return min(own, key=lambda outlet: _distance(url, outlet), default=None)


def _distance(url: str, outlet: Outlet) -> tuple[bool, bool]:
    hosts = {urls.host(outlet.home), *(urls.host(s.url) for s in outlet.sources)}
    return _rule(url, outlet) is not None, urls.host(url) not in hosts


def dry_run(config: Config, goal: Goal, tell: Tell) -> Ending:
    """Makes the trials of a goal. All it leaves behind is in the ledger of requests."""
    with aside(config, Errand.TRY) as opened:
        run = DryRun(opened.session, goal, Past(opened.store), tell)
        ended = finish(opened.session, run)
    if run.error is not None:
        raise run.error
    return Ending(run.failed, stopped=not ended)
