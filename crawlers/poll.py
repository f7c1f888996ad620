"""One poll of one source: fetch it, read what it lists, store that in one go."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

from config.models import Outlet
from crawlers import discovery, polling
from crawlers.fetch import Answer, Order, Purpose
from crawlers.refusal import Miss, bug
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines import urls
from pipelines.candidate import Candidate, Listing
from pipelines.outcome import Outcome
from pipelines.store import Notice, PollRecord, SourceWork, Store

log = logging.getLogger(__name__)

#: Nested sitemaps: depth and number per poll (an index may name itself).
MOST_DEPTH = 3
MOST_CHILDREN = 50
#: Bodies above this are parsed off the event loop.
PARSE_ASIDE = 64 * 1024
#: A source that fails this often in a row raises an alert.
ALERT_AFTER = 3


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a document is recognised as unchanged."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None

    @classmethod
    def of(cls, answer: Answer) -> Validators:
        return cls(
            answer.headers.get("etag"),
            answer.headers.get("last-modified"),
            hashlib.blake2b(answer.body, digest_size=16).digest(),
        )

    def dumped(self) -> str:
        digest = self.body_hash.hex() if self.body_hash else None
        return json.dumps([self.etag, self.last_modified, digest])

    @classmethod
    def loaded(cls, text: str | None) -> Validators:
        if text is None:
            return cls()
        etag, last_modified, digest = json.loads(text)
        return cls(etag, last_modified, bytes.fromhex(digest) if digest else None)


@dataclass(slots=True)
class Walk:
    """A source's listing and those of the sitemaps it names, as far as read.

    `children` holds the validators of nested sitemaps that were read anew. `afresh`:
    what is unchanged is read all the same, for the outlet's rules have changed.
    """

    found: dict[str, Candidate] = field(default_factory=dict)
    children: dict[str, Validators] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    afresh: bool = False

    def add(self, listing: Listing) -> None:
        for candidate in listing.candidates:
            self.found.setdefault(candidate.url, candidate)

    def unseen(self, links: tuple[str, ...]) -> list[str]:
        fresh = [link for link in dict.fromkeys(links) if link not in self.seen]
        fresh = fresh[: max(0, MOST_CHILDREN - len(self.seen))]
        self.seen.update(fresh)
        return fresh


class Poller:
    """Polls sources over one session."""

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally

    async def poll(self, work: SourceWork, outlet: Outlet) -> None:
        """Polls one source; whatever happens, its next poll is set."""
        walk = Walk(seen={work.url}, afresh=self._rules_changed(work, outlet))
        known = Validators(work.etag, work.last_modified, work.body_hash)
        try:
            answer = await self._fetch(work.url, outlet, _asked(known, walk))
            record = await self._judge(work, outlet, answer, walk)
        except Exception as error:  # the boundary of one source
            log.exception("%s: polling %s met a bug", work.outlet, work.url)
            record, walk = self._failed(work, outlet, bug(error)), Walk()
        await self._store(work, outlet, record, walk)

    async def _fetch(
        self, url: str, outlet: Outlet, known: Validators
    ) -> Answer | Miss:
        order = Order(
            url,
            Purpose.SOURCE,
            outlet,
            etag=known.etag,
            last_modified=known.last_modified,
        )
        return await self._session.fetcher.fetch(order)

    async def _judge(
        self, work: SourceWork, outlet: Outlet, answer: Answer | Miss, walk: Walk
    ) -> PollRecord:
        if isinstance(answer, Miss):
            return self._failed(work, outlet, answer)
        if answer.status == 304:
            return self._polled(work, outlet, answer, "not_modified")
        validators = Validators.of(answer)
        if validators.body_hash == work.body_hash and not walk.afresh:
            return self._polled(work, outlet, answer, "same_body")
        try:
            listing = await _read(work.kind, answer, outlet)
        except discovery.NotAListing as error:
            missed = Miss(Outcome.FAILED, str(error), answer.status)
            return self._failed(work, outlet, missed)
        walk.add(listing)
        await self._descend(work, outlet, listing.children, walk)
        if listing.children:
            # A child may change while its index does not: read the index each time.
            validators = Validators()
        record = self._polled(work, outlet, answer, "ok")
        return replace(
            record,
            etag=validators.etag,
            last_modified=validators.last_modified,
            body_hash=validators.body_hash,
            entries=polling.select(walk.found.values(), self._selection(work, outlet)),
        )

    def _selection(self, work: SourceWork, outlet: Outlet) -> polling.Selection:
        return polling.Selection(
            outlet=outlet,
            rules=polling.outlet_rules(outlet),
            sites=polling.outlet_sites(outlet),
            now=self._session.now(),
            first=work.first,
        )

    async def _descend(
        self, work: SourceWork, outlet: Outlet, children: tuple[str, ...], walk: Walk
    ) -> None:
        for _ in range(MOST_DEPTH):
            below: list[str] = []
            for child in walk.unseen(children):
                listing = await self._child(work, outlet, child, walk)
                walk.add(listing)
                below.extend(listing.children)
            children = tuple(below)

    async def _child(
        self, work: SourceWork, outlet: Outlet, url: str, walk: Walk
    ) -> Listing:
        stored = self._session.store.meta.get(_child_key(work, url))
        known = _asked(Validators.loaded(stored), walk)
        answer = await self._fetch(url, outlet, known)
        if isinstance(answer, Miss):
            # One bad child does not spoil the others; it is asked again next time.
            log.warning("%s: nested sitemap %s: %s", work.outlet, url, answer.detail)
            return Listing()
        validators = Validators.of(answer)
        if answer.status == 304 or validators.body_hash == known.body_hash:
            return Listing()
        try:
            listing = await _read("sitemap", answer, outlet)
        except discovery.NotAListing as error:
            log.warning("%s: nested sitemap %s: %s", work.outlet, url, error)
            return Listing()
        if not listing.children:
            walk.children[url] = validators
        return listing

    def _rules_changed(self, work: SourceWork, outlet: Outlet) -> bool:
        """Whether the last listing was judged by other rules than the outlet's."""
        judged_by = self._session.store.meta.get(_rules_key(work))
        return not work.first and judged_by != _rules_digest(outlet)

    # -- records -----------------------------------------------------------

    def _polled(
        self, work: SourceWork, outlet: Outlet, answer: Answer, outcome: str
    ) -> PollRecord:
        now = self._session.now()
        every = interval(work, outlet)
        return PollRecord(
            source_id=work.id,
            at=now,
            status=answer.status,
            outcome=outcome,
            next_at=polling.next_poll(every, 0, now, self._session.jitter()),
            etag=work.etag,
            last_modified=work.last_modified,
            body_hash=work.body_hash,
            revisit_after=outlet.revisit,
        )

    def _failed(self, work: SourceWork, outlet: Outlet, missed: Miss) -> PollRecord:
        now, jitter = self._session.now(), self._session.jitter()
        if missed.held:  # the source was not asked at all: soon as it may be
            failures, wait = work.failures, timedelta(seconds=missed.held)
            next_at = now + wait * (1 + abs(jitter) / 10)
        else:
            failures, every = work.failures + 1, interval(work, outlet)
            next_at = polling.next_poll(every, failures, now, jitter)
        return PollRecord(
            source_id=work.id,
            at=now,
            status=missed.status,
            outcome="failed",
            error=missed.detail,
            next_at=next_at,
            failures=failures,
            etag=work.etag,
            last_modified=work.last_modified,
            body_hash=work.body_hash,
            revisit_after=outlet.revisit,
        )

    async def _store(
        self, work: SourceWork, outlet: Outlet, record: PollRecord, walk: Walk
    ) -> None:
        stored = await self._session.writer.record_poll(record)
        rules = _rules_digest(outlet) if record.outcome == "ok" else None

        def job(store: Store) -> None:
            # After the URLs: a validator says that what it stands for is stored.
            for url, validators in walk.children.items():
                store.meta.put(_child_key(work, url), validators.dumped())
            if rules is not None:
                store.meta.put(_rules_key(work), rules)
            _alert(store, work, record)
            self._session.remember_host(store, urls.host(work.url))

        await self._session.writer.do(job)
        self._tally.polled(record, stored)
        self._say(work, record, stored.new)

    def _say(self, work: SourceWork, record: PollRecord, new: int) -> None:
        """One line a poll; of many that fail because we are offline, none."""
        words = record.error or f"{len(record.entries)} listed, {new} new"
        level = logging.INFO if record.error is None else logging.WARNING
        if self._session.uplink.down:
            level = logging.DEBUG
        log.log(level, "%s: %s %s: %s", work.outlet, work.url, record.outcome, words)


def interval(work: SourceWork, outlet: Outlet) -> timedelta:
    """How often a source is polled: its own interval, else its outlet's."""
    own = (source for source in outlet.sources if source.url == work.url)
    return next((outlet.interval(source) for source in own), outlet.every)


def _asked(known: Validators, walk: Walk) -> Validators:
    return Validators() if walk.afresh else known


def _rules_key(work: SourceWork) -> str:
    return f"rules:{work.id}"


def _rules_digest(outlet: Outlet) -> str:
    """Changes with whatever decides which listed URLs are fetched."""
    told = outlet.articles.model_dump(mode="json")
    text = json.dumps([outlet.home, told], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _child_key(work: SourceWork, url: str) -> str:
    return f"sitemap:{work.id}:{url}"


async def _read(kind: str, answer: Answer, outlet: Outlet) -> Listing:
    arguments = (kind, answer.body, answer.url, answer.content_type)
    sites = polling.outlet_sites(outlet)
    if len(answer.body) < PARSE_ASIDE:
        return discovery.read(*arguments, sites=sites)
    return await asyncio.to_thread(discovery.read, *arguments, sites=sites)


def _alert(store: Store, work: SourceWork, record: PollRecord) -> None:
    key = f"source:{work.outlet}:{work.url}"
    if record.error is None:
        store.alerts.close(key, record.at)
    elif record.failures >= ALERT_AFTER:
        text = f"{work.outlet}: {work.url} fails, {record.failures:g} times in a row"
        command = f"presswatch try {work.outlet}"
        store.alerts.open(Notice(key, text, record.error, command), record.at)
