"""Finds where a new outlet lists its articles, politely, and drafts its file.

Asks at most `MOST_ASKED` times, through the gate, the guard and robots.txt: the page
that was named, what it announces and what robots.txt names; common places only where
neither tells.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from config import addresses
from config.models import Config, SourceKind
from config.outlet_file import Draft, key_of, problems, slug
from config.problems import Unfit
from crawlers import discovery
from crawlers.crawl import Finished
from crawlers.discovery import leads
from crawlers.discovery.leads import Lead, Page
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.refusal import Miss
from crawlers.session import Session
from pipelines import urls
from pipelines.candidate import Listing
from pipelines.outcome import Outcome
from service import drafting
from service.asking import aside, finish
from service.drafting import Chosen, Found

#: Requests beside robots.txt; a guest looks around, but not into every room.
MOST_ASKED: Final = 20
#: Of these, for one kind of lead, so that none uses up all.
MOST_FEEDS: Final = 8
MOST_SITEMAPS: Final = 5
#: Sitemaps looked into that an index names.
MOST_CHILDREN: Final = 2
GIVEN: Final = "the address given"


class NothingFound(Exception):
    """There is no file to write; says why, and what to do."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Added:
    """The draft of an outlet's file, and every source that was looked at."""

    draft: Draft
    chosen: tuple[Chosen, ...]
    asked: int


class Seeker:
    """Stands where the spider expects a crawl; `tell` hears of each source at once."""

    def __init__(
        self, session: Session, url: str, tell: Callable[[Found], None]
    ) -> None:
        self._session = session
        self._url = url
        self._tell = tell
        self.found: list[Found] = []
        self.home = ""
        self.site = ""
        self.page = Page(None, None, ())
        self.asked = 0
        self.stopped = False
        self.error: Exception | None = None

    def stop(self) -> None:
        """Has the run end without waiting for what it asked for."""
        self.stopped = True

    async def run(self) -> AsyncIterator[Finished]:
        """Looks around. Nothing is finished by it: there are no items."""
        try:
            await self._look()
        except Exception as error:  # Scrapy would log it and call the run a success
            self.error = error
        finished: tuple[Finished, ...] = ()
        for none_of_them in finished:
            yield none_of_them

    async def _look(self) -> None:
        first = await self._ask(self._url)
        if isinstance(first, Miss):
            raise NothingFound(f"{self._url}: {first.outcome}: {first.detail}")
        self.site = urls.site(first.url)
        self.home = addresses.origin(first.url)
        given = Lead(SourceKind.FEED, first.url, GIVEN)
        listing = _listing(given, first)
        if isinstance(listing, Listing) and _is_source(listing):
            await self._keep(given, listing)
            home = await self._ask(self.home)
            if isinstance(home, Answer):
                await self._read_page(home)
        else:
            await self._read_page(first)
        await self._follow()

    async def _read_page(self, answer: Answer) -> None:
        self.page = leads.of_page(answer.body, answer.content_type, answer.url)
        lead = Lead(SourceKind.SECTION, answer.url, "the page itself")
        listing = _listing(lead, answer, self.site)
        if isinstance(listing, Listing):
            self._note(drafting.found(lead, listing, self.site))
        else:
            self._note(Found(lead, problem=listing))

    async def _follow(self) -> None:
        announced = [x for x in self.page.leads if x.found == leads.HEAD]
        linked = [x for x in self.page.leads if x.found != leads.HEAD]
        if not await self._try_all(announced, MOST_FEEDS):
            await self._try_all(linked, MOST_FEEDS)
        if not self._good(SourceKind.FEED):
            common = leads.common(self.home, SourceKind.FEED)
            await self._try_all(common, until_good=True)
        named = leads.of_robots(await self._sitemaps(), self.home)
        await self._try_all(named, MOST_SITEMAPS)
        if not named:
            common = leads.common(self.home, SourceKind.SITEMAP)
            await self._try_all(common, until_good=True)

    async def _sitemaps(self) -> tuple[str, ...]:
        return await self._session.robots.sitemaps(self.home, None)

    async def _try_all(
        self, some: Iterable[Lead], most: int = MOST_ASKED, *, until_good: bool = False
    ) -> bool:
        """Asks leads in order; whether one of them lists articles of the outlet."""
        good = False
        known = {one.lead.url for one in self.found}
        for lead in [lead for lead in some if lead.url not in known][:most]:
            if self.stopped or (good and until_good):
                break
            good = await self._try(lead) or good
        return good

    async def _try(self, lead: Lead) -> bool:
        answer = await self._ask(lead.url)
        if isinstance(answer, Miss):
            self._note(Found(lead, problem=f"{answer.outcome}: {answer.detail}"))
            return False
        listing = _listing(lead, answer)
        if isinstance(listing, str):
            self._note(Found(lead, problem=listing))
            return False
        return await self._keep(lead, listing)

    async def _keep(self, lead: Lead, listing: Listing) -> bool:
        """Notes what a lead lists; of an index of sitemaps, what its children do."""
        if listing.children and not listing.candidates:
            return await self._children(lead, listing)
        one = drafting.found(lead, listing, self.site)
        self._note(one)
        return one.problem is None

    async def _children(self, lead: Lead, listing: Listing) -> bool:
        children = sorted(listing.children, key=leads.promise)[:MOST_CHILDREN]
        words = f"in the index {lead.url}"
        below = [Lead(SourceKind.SITEMAP, url, words) for url in children]
        return await self._try_all(below)

    def _note(self, one: Found) -> None:
        self.found.append(one)
        self._tell(one)

    def _good(self, kind: SourceKind) -> bool:
        good = (one for one in self.found if one.problem is None)
        return any(one.lead.kind is kind for one in good)

    async def _ask(self, url: str) -> Answer | Miss:
        if self.asked >= MOST_ASKED:
            return Miss(Outcome.DENIED, f"not asked: {MOST_ASKED} requests are enough")
        self.asked += 1
        order = Order(url, Purpose.SOURCE, errand=Errand.ADD)
        return await self._session.fetcher.fetch(order)


def _listing(lead: Lead, answer: Answer, site: str | None = None) -> Listing | str:
    """What an answer lists, or why it lists nothing."""
    sites = () if site is None else (site,)
    try:
        return discovery.read(
            lead.kind.value, answer.body, answer.url, answer.content_type, sites=sites
        )
    except discovery.NotAListing as error:
        return str(error)


def _is_source(listing: Listing) -> bool:
    return bool(listing.candidates or listing.children)


def look_for(
    config: Config,
    url: str,
    key: str | None,
    now: datetime,
    tell: Callable[[Found], None],
) -> Added:
    """Looks for the sources of the outlet at `url` and drafts its file.

    Raises NothingFound, Unfit for an address that is none, and KeyboardInterrupt
    when stopped.
    """
    addresses.check_url(url)
    with aside(config, Errand.ADD) as opened:
        if opened.store is not None:
            opened.session.recall_hosts(opened.store)
        seeker = Seeker(opened.session, url, tell)
        ended = finish(opened.session, seeker)
    if seeker.error is not None:
        raise seeker.error
    if not ended:
        raise KeyboardInterrupt
    return _added(config, seeker, key, now)


def _added(config: Config, seeker: Seeker, key: str | None, now: datetime) -> Added:
    watched = {urls.site(one.home): one for one in config.outlets.values()}
    sources = {
        addresses.identity(source.url): one.key
        for one in config.outlets.values()
        for source in one.sources
    }
    chosen = drafting.choose(seeker.found, now, sources)
    if not any(one.taken for one in chosen):
        tried = "; ".join(f"{one.found.lead.url}: {one.why}" for one in chosen[:5])
        words = f"{seeker.home}: nothing lists its articles ({tried or 'no leads'})"
        raise NothingFound(f"{words}; name a feed, sitemap or section page of it")
    made = key or key_of(urls.host(seeker.home), config.outlets)
    name = _free_name(seeker.page.name or urls.host(seeker.home), made, config)
    draft = drafting.draft(made, name, seeker.home, seeker.page.language, chosen, now)
    other = watched.get(seeker.site)
    if other is not None:
        note = f"{other.key} watches this site, too: mind what both of them list."
        draft = replace(draft, notes=(*draft.notes, note))
    wrong = problems(draft)
    if wrong:
        raise NothingFound(f"{seeker.home}: its file would be refused: {wrong[0]}")
    return Added(draft, chosen, seeker.asked)


def _free_name(name: str, key: str, config: Config) -> str:
    """A name that no other outlet has: two of one name are an error of the config."""
    taken = {_spelt(one.name) for one in config.outlets.values()}
    return f"{name} ({key})" if _spelt(name) in taken else name


def _spelt(name: str) -> str:
    return " ".join(name.casefold().split())


def checked_key(key: str) -> str:
    """A key that an operator gave; raises Unfit."""
    if key != slug(key) and key.replace("_", "-") != slug(key):
        raise Unfit(f"{key!r} is no key", f"write e.g. {slug(key) or 'tag24'}")
    return key
