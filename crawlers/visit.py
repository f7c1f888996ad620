"""One visit to one article page: fetched and kept raw, or ended under a name."""

from __future__ import annotations

import logging
from datetime import datetime

from config.models import Outlet
from crawlers import polling, reserved
from crawlers.discovery.rules import compile_rules
from crawlers.fetch import Answer, Order, Purpose
from crawlers.ledger import Errand
from crawlers.parts import Collector
from crawlers.refusal import Miss, bug
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines import urls
from pipelines.outcome import Outcome
from pipelines.store import Attempt, Fetched, Store, UrlWork

log = logging.getLogger(__name__)


class Visitor:
    """Visits article pages over one session.

    What a visit learned is committed before it returns, together with when the host
    may be asked again.
    """

    def __init__(self, session: Session, tally: Tally) -> None:
        self._session = session
        self._tally = tally
        self._collector = Collector(session)

    async def visit(self, work: UrlWork, outlet: Outlet) -> None:
        """Fetches one due page; its URL ends under a name, or waits for its host."""
        denied = polling.outlet_rules(outlet).denied(work.url)
        if denied is not None:
            await self._end(work, Miss(Outcome.DENIED, denied))
            return
        answer = await self._page(work, outlet)
        if isinstance(answer, Answer):
            await self._keep(work, answer)
        elif answer.held:
            await self._session.write(
                lambda store: self._session.remember_host(store, work.host)
            )
        else:
            await self._end(work, answer)

    async def _page(self, work: UrlWork, outlet: Outlet) -> Answer | Miss:
        sites = polling.outlet_sites(outlet)
        errand = Errand.ARTICLE if work.article_id is None else Errand.REVISIT
        order = Order(work.url, Purpose.PAGE, outlet, errand, sites=sites)
        try:
            refused = await self._session.reservations.refusal(work.url, outlet)
            if refused is not None:
                return refused
            answer = await self._session.fetcher.fetch(order)
            landed = _landed(answer, work.url, outlet)
            if isinstance(landed, Miss):
                return landed
            user_agent = self._session.config.user_agent
            refused = await reserved.refusal(landed, outlet.respect, user_agent)
            if refused is not None:
                return refused
            return await self._collector.complete(landed, order)
        except Exception as error:  # the boundary of one page
            log.exception("%s: fetching %s met a bug", work.outlet, work.url)
            return bug(error)

    async def _keep(self, work: UrlWork, answer: Answer) -> None:
        self._tally.fetched += 1
        fetched = Fetched(
            url_id=work.id,
            at=self._session.now(),
            requested_url=work.url,
            final_url=answer.url,
            status=answer.status,
            content_type=answer.content_type,
            headers=answer.headers,
            body=answer.body,
        )

        def job(store: Store) -> None:
            store.frontier.record_page(work.id, fetched)
            self._session.remember_host(store, work.host)

        await self._session.write(job)

    async def _end(self, work: UrlWork, missed: Miss) -> None:
        now = self._session.now()
        outcome = missed.outcome
        if missed.status is not None:
            self._tally.fetched += 1
        attempt = Attempt(
            url_id=work.id,
            at=now,
            outcome=outcome,
            detail=missed.detail,
            status=missed.status,
            next_at=self._next_at(work, outcome, now),
        )

        def job(store: Store) -> None:
            store.frontier.record_attempt(attempt)
            self._session.remember_host(store, work.host)

        await self._session.write(job)
        self._tally.ended(outcome)
        log.info("%s: %s %s (%s)", work.outlet, outcome, work.url, missed.detail)

    def _next_at(
        self, work: UrlWork, outcome: Outcome, now: datetime
    ) -> datetime | None:
        """When a URL that ended so is tried again."""
        failures = work.failures + 1
        if outcome is Outcome.GONE and work.article_id is not None and failures == 1:
            return polling.second_look_at(now, self._session.jitter())
        return self._session.retry_at(outcome, failures, now)

    async def abandon(self, work: UrlWork) -> None:
        """Ends a URL whose outlet left the config."""
        words = "the outlet is no longer in the config"
        await self._end(work, Miss(Outcome.DENIED, words))


def _landed(answer: Answer | Miss, asked: str, outlet: Outlet) -> Answer | Miss:
    """The answer, unless redirects led where the outlet has no articles.

    `articles.allow` is not asked: it is written for the links that sources give,
    which may be short forms.
    """
    if isinstance(answer, Miss) or answer.url == asked:
        return answer
    url = urls.canonical(answer.url)
    if polling.is_front(url, outlet):
        words = f"redirects to {url}, the home page or a source"
        return Miss(Outcome.NOT_ARTICLE, words, answer.status)
    denied = compile_rules((), outlet.articles.deny).denied(url)
    if denied is not None:
        return Miss(Outcome.DENIED, f"redirects to {url}, {denied}", answer.status)
    return answer
