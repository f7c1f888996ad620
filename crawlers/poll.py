"""One poll of one source: fetch it, read what it lists, store that in one go."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.models import Outlet
from crawlers import (
    alarms,
    audit,
    cadence,
    discovery,
    learning,
    lifetime,
    moves,
    polling,
)
from crawlers.cadence import Check, Hints, Shown
from crawlers.fetch import Answer
from crawlers.refusal import Miss, bug
from crawlers.session import Session
from crawlers.tally import Tally
from crawlers.validators import Validators
from crawlers.walk import Walk, Walker, child_key
from pipelines import urls
from pipelines.candidate import Listing
from pipelines.outcome import Outcome
from pipelines.store import PollRecord, PollStored, SourceWork, Store
from pipelines.store.habits import Habits, Learnt
from pipelines.store.sources import Move

log = logging.getLogger(__name__)

#: Outcomes of polls that brought no new listing.
UNCHANGED = frozenset({"not_modified", "same_body"})


@dataclass(slots=True)
class Poll:
    """One poll under way: its source, what was known of that, what was gathered.

    `now` is when it was answered. `audited`: it was asked unconditionally, for the
    sake of an audit; `lie` tells how its validators were found to be wrong. `sites`
    are those that it has moved its articles to, beside the configured ones. `move` is
    where the source itself says it has moved.
    """

    work: SourceWork
    outlet: Outlet
    known: Habits | None
    walk: Walk
    walker: Walker
    now: datetime
    audited: bool = False
    lie: str | None = None
    sites: frozenset[str] = frozenset()
    move: Move | None = None

    @property
    def asked(self) -> Validators:
        """What the source is asked with."""
        free = self.walk.afresh or self.audited or not audit.trusted(self.known)
        return Validators() if free else Validators.stored(self.work)


class Poller:
    """Polls sources over one session."""

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally

    async def poll(self, work: SourceWork, outlet: Outlet) -> None:
        """Polls one source; whatever happens, its next poll is set."""
        poll = self._begin(work, outlet)
        try:
            asked = address(work, poll.now)
            answer = await poll.walker.fetch(asked, poll.asked)
            poll.now = self._session.now()
            record = await self._judge(poll, answer)
            poll.move = _move(work, asked, answer, record)
        except Exception as error:  # the boundary of one source
            log.exception("%s: polling %s met a bug", work.outlet, work.url)
            poll = self._begin(work, outlet)
            record = self._failed(poll, bug(error))
        await self._store(poll, record)

    def _begin(self, work: SourceWork, outlet: Outlet) -> Poll:
        now = self._session.now()
        known = self._session.store.frontier.habits(work.id)
        due = audit.is_due(known, now)
        afresh = self._rules_changed(work, outlet)
        walk = Walk(seen={work.url}, afresh=afresh, audited=due)
        walker = Walker(self._session, work, outlet, walk)
        sites = self._session.store.meta.get(_sites_key(work))
        moved = frozenset(json.loads(sites)) if sites else frozenset()
        return Poll(
            work, outlet, known, walk, walker, now, due, sites=moved, move=work.move
        )

    async def _judge(self, poll: Poll, answer: Answer | Miss) -> PollRecord:
        if isinstance(answer, Miss):
            return self._failed(poll, answer)
        if answer.status == 304 and not poll.asked.conditional:
            words = "answers 304 (not modified) to an unconditional request"
            return self._failed(poll, Miss(Outcome.FAILED, words, 304))
        if answer.status == 304:
            poll.walk.unchanged(Validators.stored(poll.work))
            return self._unchanged(poll, answer, "not_modified")
        validators = Validators.of(answer)
        if validators.body_hash == poll.work.body_hash and not poll.walk.afresh:
            poll.walk.unchanged(Validators.stored(poll.work))
            return self._unchanged(poll, answer, "same_body")
        try:
            listing = await poll.walker.read(poll.work.kind, answer)
        except discovery.NotAListing as error:
            missed = Miss(Outcome.FAILED, str(error), answer.status)
            return self._failed(poll, missed)
        return await self._listed(poll, answer, validators, listing)

    async def _listed(
        self, poll: Poll, answer: Answer, validators: Validators, listing: Listing
    ) -> PollRecord:
        poll.walk.add(listing.candidates)
        await poll.walker.descend(listing.children)
        poll.sites |= _moved_to(poll)
        learnt = self._learn(poll, answer, listing)
        await self._check_honesty(poll, validators, learnt)
        if _is_gap(poll, learnt):
            await self._close_gap(poll, listing)
        if listing.children:
            # A child may change while its index does not: read the index each time.
            validators = Validators()
        record = self._polled(poll, answer, "ok", self._audited(poll, learnt))
        return replace(
            record,
            etag=validators.etag,
            last_modified=validators.last_modified,
            body_hash=validators.body_hash,
            entries=polling.select(poll.walk.found.values(), self._selection(poll)),
        )

    def _selection(self, poll: Poll) -> polling.Selection:
        return polling.Selection(
            outlet=poll.outlet,
            rules=polling.outlet_rules(poll.outlet),
            sites=polling.outlet_sites(poll.outlet) | poll.sites,
            now=poll.now,
            first=poll.work.first,
        )

    # -- what the listing teaches ------------------------------------------

    def _learn(self, poll: Poll, answer: Answer, listing: Listing) -> Learnt:
        look = learning.Look(
            now=poll.now,
            before=poll.work.last_ok,
            candidates=tuple(poll.walk.found.values()),
            complete=not listing.children,
            hints=Hints(listing.ttl, lifetime.cached_for(answer.headers)),
        )
        return learning.learn(poll.known, look)

    async def _check_honesty(
        self, poll: Poll, validators: Validators, learnt: Learnt
    ) -> None:
        """Notes a lie: a changed document under the validators of the last one."""
        before = Validators.stored(poll.work)
        if not (learnt.fresh and before.conditional):
            return
        if audit.stuck(before, validators):
            poll.lie = "its validators (ETag, Last-Modified) stay while it changes"
        elif poll.audited:
            again = await poll.walker.fetch(poll.work.url, before)
            if isinstance(again, Answer) and again.status == 304:
                poll.lie = "it answers 304 to the validators of an older document"

    def _audited(self, poll: Poll, learnt: Learnt) -> Learnt:
        """The same, with the time and the finding of an audit."""
        # Only a document that changed shows whether its validators did.
        proven = poll.audited and learnt.fresh > 0
        distrust = audit.distrust_after(
            poll.known, lied=poll.lie is not None, proven=proven
        )
        at = poll.now if poll.audited else learnt.audited_at
        return replace(learnt, audited_at=at, distrust=distrust)

    async def _close_gap(self, poll: Poll, listing: Listing) -> None:
        """Looks for what rolled out of the listing between two polls.

        First where the feed itself goes on; the outlet's other sources are made due
        when the poll is stored; if none of them works, in the sitemaps of robots.txt.
        """
        known, before = poll.known, poll.work.last_ok
        if known is None or before is None:
            return
        if await poll.walker.page_back(listing.further, known):
            return
        if not self._has_others(poll):
            named = await self._session.robots.sitemaps(poll.work.url, poll.outlet)
            await poll.walker.look_up(named, before, poll.now)

    def _has_others(self, poll: Poll) -> bool:
        """Whether the outlet has another source, and one that works."""
        return any(
            other.outlet == poll.work.outlet
            and other.active
            and other.id != poll.work.id
            and not other.failures
            for other in self._session.store.frontier.source_status()
        )

    def _rules_changed(self, work: SourceWork, outlet: Outlet) -> bool:
        """Whether the last listing was judged by other rules than the outlet's."""
        judged_by = self._session.store.meta.get(_rules_key(work))
        return not work.first and judged_by != _rules_digest(outlet)

    # -- records -----------------------------------------------------------

    def _unchanged(self, poll: Poll, answer: Answer, outcome: str) -> PollRecord:
        learnt = None
        if poll.audited and poll.known is not None and outcome == "same_body":
            learnt = self._audited(poll, learning.unchanged(poll.known))
        return self._polled(poll, answer, outcome, learnt)

    def _polled(
        self, poll: Poll, answer: Answer, outcome: str, learnt: Learnt | None
    ) -> PollRecord:
        known = poll.known
        shown = Shown(known.shown) if known is not None else Shown()
        if learnt is not None:
            known, shown = learning.added(known, learnt), _shown(poll, learnt)
        check = self._check(poll, known, shown)
        record = self._record(poll, outcome, check, answer.status)
        return replace(record, learnt=learnt)

    def _failed(self, poll: Poll, missed: Miss) -> PollRecord:
        failures = poll.work.failures
        if missed.held:  # the source was not asked at all: soon as it may be
            check = Check(timedelta(seconds=missed.held), "its host rests until then")
        else:
            failures += missed.weight
            shown = Shown(poll.known.shown) if poll.known is not None else Shown()
            check = cadence.after_failures(
                self._check(poll, poll.known, shown), failures
            )
        record = self._record(poll, "failed", check, missed.status)
        return replace(record, error=missed.detail, failures=failures)

    def _check(self, poll: Poll, known: Habits | None, shown: Shown) -> Check:
        pacer = self._session.pacer
        return pacer.check(poll.outlet, poll.work.url, known, shown, poll.now)

    def _record(
        self, poll: Poll, outcome: str, check: Check, status: int | None
    ) -> PollRecord:
        """The record of a poll that changes nothing but when the next one is."""
        jitter = self._session.jitter()
        if outcome == "failed":
            jitter = abs(jitter)  # never before a hold has ended
        return PollRecord(
            source_id=poll.work.id,
            at=poll.now,
            status=status,
            outcome=outcome,
            next_at=poll.now + check.wait * (1 + jitter / 10),
            etag=poll.work.etag,
            last_modified=poll.work.last_modified,
            body_hash=poll.work.body_hash,
            revisit_after=poll.outlet.revisit,
            why=check.why,
        )

    async def _store(self, poll: Poll, record: PollRecord) -> None:
        work = poll.work
        stored = await self._session.writer.record_poll(record)
        rules = _rules_digest(poll.outlet) if record.outcome == "ok" else None
        found = self._found(poll, record, stored)

        def job(store: Store) -> None:
            # After the URLs: a validator says that what it stands for is stored.
            for url, validators in poll.walk.children.items():
                read = replace(validators, read_at=record.at)
                store.meta.put(child_key(work, url), read.dumped())
            if rules is not None:
                store.meta.put(_rules_key(work), rules)
            if poll.sites:
                store.meta.put(_sites_key(work), json.dumps(sorted(poll.sites)))
            if found.gap:
                store.frontier.hasten_others(work.id, record.at)
            if poll.move != work.move:
                store.frontier.note_move(work.id, poll.move)
            alarms.settle(store, found)
            self._session.remember_host(store, urls.host(work.url))

        await self._session.write(job)
        self._count(poll, record, stored)
        self._say(work, record, stored.new)

    def _count(self, poll: Poll, record: PollRecord, stored: PollStored) -> None:
        self._tally.polled(record, stored)
        still = poll.walk.still
        if still is not None and self._tally.listed is not None:
            coverage = self._session.store.coverage
            self._tally.listed.update(coverage.still_listed(poll.work.id, still))

    def _found(
        self, poll: Poll, record: PollRecord, stored: PollStored
    ) -> alarms.Found:
        learnt = record.learnt
        return alarms.Found(
            work=poll.work,
            record=record,
            new=stored.new - stored.denied,
            known=poll.known,
            others=len(poll.outlet.sources) - 1,
            gap=learnt is not None and _is_gap(poll, learnt),
            lie=poll.lie,
            moved=_unnamed(poll.sites, poll.outlet),
            move=poll.move,
        )

    def _say(self, work: SourceWork, record: PollRecord, new: int) -> None:
        """One line a poll; of many that fail because we are offline, none."""
        words = record.error or f"{len(record.entries)} listed, {new} new"
        if record.outcome in UNCHANGED:
            words = "lists what it listed"
        level = logging.INFO if record.error is None else logging.WARNING
        if self._session.uplink.down:
            level = logging.DEBUG
        log.log(level, "%s: %s %s: %s", work.outlet, work.url, record.outcome, words)


def address(work: SourceWork, now: datetime) -> str:
    """Where a source is asked: as the config says, or where it has moved for good."""
    moved = work.move is not None and moves.adopted(work.move, now)
    return work.move.to if work.move is not None and moved else work.url


def _move(
    work: SourceWork, asked: str, answer: Answer | Miss, record: PollRecord
) -> Move | None:
    if isinstance(answer, Answer):
        if record.error is not None:  # what is there lists nothing
            return None
        return moves.answered(work.move, asked, answer.url, answer.moved, record.at)
    return moves.failed(work.move, asked, answer.outcome, answer.unreachable)


def _is_gap(poll: Poll, learnt: Learnt) -> bool:
    return learnt.gap_at == poll.now


def _shown(poll: Poll, learnt: Learnt) -> Shown:
    return Shown(learnt.shown, learnt.fresh, _is_gap(poll, learnt))


def _moved_to(poll: Poll) -> frozenset[str]:
    """The sites on which a listing has the headlines that it had elsewhere before.

    The document is one that the operator named; so it may say where its articles are.
    """
    found = learning.moved(poll.known, tuple(poll.walk.found.values()))
    return _unnamed((urls.site(each.url) for each in found), poll.outlet)


def _unnamed(sites: Iterable[str], outlet: Outlet) -> frozenset[str]:
    """Those of the sites that the outlet's config does not name."""
    own = polling.outlet_sites(outlet)
    return frozenset(s for s in sites if not urls.same_site(f"https://{s}/", own))


def _sites_key(work: SourceWork) -> str:
    return f"sites:{work.id}"


def _rules_key(work: SourceWork) -> str:
    return f"rules:{work.id}"


def _rules_digest(outlet: Outlet) -> str:
    """Changes with whatever decides which listed URLs are fetched."""
    told = outlet.articles.model_dump(mode="json")
    text = json.dumps([outlet.home, told], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
