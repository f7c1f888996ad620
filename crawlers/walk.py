"""What one poll reads beside its source: nested sitemaps, further pages of a feed.

A `Walk` gathers candidates; the walkers fetch over one session. A document that
cannot be read spoils none of the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from config.models import Outlet
from crawlers import audit, discovery, learning, polling
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.refusal import Miss
from crawlers.session import Session
from crawlers.validators import Validators
from pipelines.candidate import Candidate, Listing
from pipelines.store import SourceWork
from pipelines.store.habits import Habits

log = logging.getLogger(__name__)

#: Nested sitemaps: depth and number per poll (an index may name itself).
MOST_DEPTH = 3
MOST_CHILDREN = 50
#: Further pages of a feed that are read to close a gap.
MOST_PAGES = 10
#: Sitemaps that robots.txt names and that are read to close a gap.
MOST_SITEMAPS = 5
#: Bodies above this are parsed off the event loop.
PARSE_ASIDE = 64 * 1024


@dataclass(slots=True)
class Walk:
    """A source's listing and those of the documents it names, as far as read.

    `children` holds the validators of nested sitemaps that were read anew; `still`
    is when the oldest of those that had not changed was read. `afresh`: what is
    unchanged is read all the same, for the outlet's rules have changed; `audited`:
    nothing is asked conditionally, to see whether it really is unchanged.
    """

    found: dict[str, Candidate] = field(default_factory=dict)
    children: dict[str, Validators] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    still: datetime | None = None
    afresh: bool = False
    audited: bool = False

    def add(self, candidates: Collection[Candidate]) -> int:
        """Takes up candidates; returns how many were not there yet."""
        before = len(self.found)
        for candidate in candidates:
            self.found.setdefault(candidate.url, candidate)
        return len(self.found) - before

    def unchanged(self, validators: Validators) -> None:
        """Notes a document that lists what it listed when it was read last."""
        if validators.read_at is not None:
            self.still = min(self.still or validators.read_at, validators.read_at)

    def unseen(self, links: tuple[str, ...]) -> list[str]:
        """Those of the links that were not walked yet, as far as there is room."""
        fresh = [link for link in dict.fromkeys(links) if link not in self.seen]
        fresh = fresh[: max(0, MOST_CHILDREN - len(self.seen))]
        self.seen.update(fresh)
        return fresh


class Walker:
    """Fetches and reads documents for the polls of one source."""

    def __init__(
        self, session: Session, work: SourceWork, outlet: Outlet, walk: Walk
    ) -> None:
        self._session = session
        self._work = work
        self._outlet = outlet
        self._walk = walk

    async def fetch(
        self, url: str, known: Validators, kind: str | None = None
    ) -> Answer | Miss:
        """Asks for a document, conditionally if validators are known.

        `kind`: what it is, if not what the source is.
        """
        order = Order(
            url,
            Purpose.SOURCE,
            self._outlet,
            Errand(kind or self._work.kind),
            etag=known.etag,
            last_modified=known.last_modified,
        )
        return await self._session.fetcher.fetch(order)

    async def read(self, kind: str, answer: Answer) -> Listing:
        """What a document lists. Raises `discovery.NotAListing`."""
        arguments = (kind, answer.body, answer.url, answer.content_type)
        sites = polling.outlet_sites(self._outlet)
        if len(answer.body) < PARSE_ASIDE:
            return discovery.read(*arguments, sites=sites)
        return await asyncio.to_thread(discovery.read, *arguments, sites=sites)

    async def descend(self, children: tuple[str, ...]) -> None:
        """Reads the nested sitemaps that have changed."""
        for _ in range(MOST_DEPTH):
            below: list[str] = []
            for child in self._walk.unseen(children):
                listing = await self._child(child)
                self._walk.add(listing.candidates)
                below.extend(listing.children)
            children = tuple(below)

    async def _child(self, url: str) -> Listing:
        stored = self._session.store.meta.get(child_key(self._work, url))
        known = Validators() if self._walk.afresh else Validators.loaded(stored)
        answer = await self.fetch(url, known, "sitemap")
        if isinstance(answer, Miss):
            # Asked again next time.
            self._skipped("nested sitemap", url, answer.detail)
            return Listing()
        validators = Validators.of(answer)
        if answer.status == 304 or validators.body_hash == known.body_hash:
            self._walk.unchanged(known)
            return Listing()
        listing = await self._listing("nested sitemap", "sitemap", answer)
        if listing is None:
            return Listing()
        if known.conditional and audit.stuck(known, validators):
            self._skipped("nested sitemap", url, "changes under the same validators")
            validators = Validators(body_hash=validators.body_hash)
        if not listing.children:
            self._walk.children[url] = validators
        return listing

    async def _listing(self, what: str, kind: str, answer: Answer) -> Listing | None:
        try:
            return await self.read(kind, answer)
        except discovery.NotAListing as error:
            self._skipped(what, answer.url, str(error))
            return None

    def _skipped(self, what: str, url: str, why: str) -> None:
        log.warning("%s: %s %s: %s", self._work.outlet, what, url, why)

    # -- closing a gap -------------------------------------------------------

    async def page_back(self, further: str | None, known: Habits) -> bool:
        """Reads a feed's further pages until one reaches back to what was known.

        Of that page only what stands before the known is taken. Returns whether it
        was reached.
        """
        for _ in range(MOST_PAGES):
            if further is None or further in self._walk.seen:
                return False
            self._walk.seen.add(further)
            answer = await self.fetch(further, Validators())
            if isinstance(answer, Miss):
                self._skipped("further page", further, answer.detail)
                return False
            listing = await self._listing("further page", self._work.kind, answer)
            if listing is None:
                return False
            unknown = learning.until_known(known, listing.candidates)
            self._walk.add(unknown)
            if len(unknown) < len(listing.candidates):
                return True
            further = listing.further
        return False

    async def look_up(
        self, sitemaps: tuple[str, ...], start: datetime, end: datetime
    ) -> None:
        """Reads sitemaps for what was published within a window, and is of the kind
        that the source lists."""
        like = polling.Kind.of(self._walk.found.values())
        for _ in range(MOST_DEPTH):
            below: list[str] = []
            for url in self._walk.unseen(sitemaps)[:MOST_SITEMAPS]:
                answer = await self.fetch(url, Validators(), "sitemap")
                if isinstance(answer, Miss):
                    self._skipped("sitemap", url, answer.detail)
                    continue
                listing = await self._listing("sitemap", "sitemap", answer)
                if listing is not None:
                    dated = polling.published_within(listing.candidates, start, end)
                    self._walk.add([each for each in dated if like.fits(each)])
                    below.extend(listing.children)
            sitemaps = tuple(below)


def child_key(work: SourceWork, url: str) -> str:
    """Under which name the validators of a nested sitemap are kept."""
    return f"sitemap:{work.id}:{url}"
