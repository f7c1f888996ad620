"""The further pages of an article, fetched like its first: one article, one raw page.

Which links lead on is read in a worker (`pipelines.paging`). Every request takes the
way of all others: guard, robots.txt, the host's gate. The walk only goes from page n
to page n + 1 on the article's own host, never to a URL or a body twice, and is
bounded; what it cannot get is noted in the bundle, so that no text is cut silently.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from crawlers.discovery.rules import Rules, compile_rules
from crawlers.fetch import Answer, Order
from crawlers.session import Session
from pipelines import urls
from pipelines.bundle import Part, pack
from pipelines.cleaning import CleanRules
from pipelines.cleaning.rules import rules_of
from pipelines.fingerprint import coverage
from pipelines.paging import Step, may_go_on
from pipelines.reading import Look, Seen
from pipelines.workers import Failure

log = logging.getLogger(__name__)

#: An article of more pages is kept as a part of one. The longest lists have thirty.
MOST_PAGES: Final = 40
#: All pages of an article together, in bytes.
MOST_BYTES: Final = 20 * 1024 * 1024
#: A page that shows everything holds this share of what the first page shows.
_HOLDS: Final = 0.7


@dataclass(frozen=True, slots=True)
class _Terms:
    """How the first page was asked for, and its outlet's rules: those for cleaning,
    and those by which a URL is left out (`denied` says why)."""

    order: Order
    rules: CleanRules
    denied: Callable[[str], str | None]


class Collector:
    """Fetches what belongs to an article beside its first page."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def complete(self, first: Answer, order: Order) -> Answer:
        """The answer to `order` with the article's further pages; most have none.

        Where a page shows the whole article, that one is taken.
        """
        if not may_go_on(first.body, first.url):
            return first
        terms = self._terms(order)
        seen = await self._look(_look(first, first, terms))
        if seen.onward.whole is not None:
            whole = await self._whole(seen.onward.whole, first, seen.text, terms)
            if whole is not None:
                return _bundled(first, [whole])
        if seen.onward.following is None:
            return first
        parts = await self._walk(seen.onward.following, first, terms)
        return _bundled(first, parts) if parts else first

    def _terms(self, order: Order) -> _Terms:
        outlet = order.outlet
        if outlet is None:
            return _Terms(order, CleanRules(), Rules().denied)
        rules = rules_of(outlet.clean).in_force(self._session.now())
        return _Terms(order, rules, compile_rules((), outlet.articles.deny).denied)

    async def _whole(
        self, url: str, first: Answer, text: str, terms: _Terms
    ) -> Part | None:
        """The page that shows the whole article, if it is one and shows more."""
        answer = await self._ask(url, terms)
        if isinstance(answer, Part):
            return None
        seen = await self._look(replace(_look(answer, first, terms), whole=True))
        if len(seen.text) > len(text) and coverage(text, seen.text) >= _HOLDS:
            return replace(_part(answer), whole=True)
        return None

    async def _walk(self, step: Step, first: Answer, terms: _Terms) -> list[Part]:
        """The pages after the first, in order; the last may be one that is missing."""
        parts: list[Part] = []
        been, bodies = {_key(first.url)}, {first.body}
        following: Step | None = step
        while following is not None:
            if missing := _beyond(following, first, parts):
                return [*parts, missing]
            answer = await self._ask(following.url, terms)
            if isinstance(answer, Part):
                return [*parts, answer]
            if _key(answer.url) in been or answer.body in bodies:
                break  # it leads back: that was the last page
            been |= {_key(answer.url), _key(following.url)}
            bodies.add(answer.body)
            parts.append(_part(answer))
            ask = replace(_look(answer, first, terms), counted=following.counted)
            following = (await self._look(ask)).onward.following
        return parts

    async def _ask(self, url: str, terms: _Terms) -> Answer | Part:
        """The page at `url`, or a part that says why it is missing."""
        denied = terms.denied(urls.canonical(url))
        if denied is not None:
            return Part(url, None, b"", missing=denied)
        answer = await self._session.fetcher.fetch(replace(terms.order, url=url))
        if isinstance(answer, Answer):
            return answer
        log.info("a further page is missing: %s (%s)", url, answer.detail)
        return Part(url, None, b"", missing=f"{answer.outcome}, {answer.detail}")

    async def _look(self, question: Look) -> Seen:
        seen = await self._session.pool.look_async(question)
        if isinstance(seen, Failure):
            # The reading that follows meets the same page, and names what is wrong.
            log.info("%s: not looked at for more: %s", question.url, seen.detail)
            return Seen.nothing()
        return seen


def _look(answer: Answer, first: Answer, terms: _Terms) -> Look:
    return Look(
        body=answer.body,
        content_type=answer.content_type,
        url=answer.url,
        first=first.url,
        rules=terms.rules,
    )


def _beyond(step: Step, first: Answer, parts: list[Part]) -> Part | None:
    """A page that is not asked for any more, and why."""
    if len(parts) + 1 >= MOST_PAGES:
        words = f"the article has more than {MOST_PAGES} pages"
        return Part(step.url, None, b"", missing=words)
    size = len(first.body) + sum(len(part.body) for part in parts)
    if size > MOST_BYTES:
        words = f"the pages before have over {MOST_BYTES >> 20} MB"
        return Part(step.url, None, b"", missing=words)
    return None


def _bundled(first: Answer, parts: list[Part]) -> Answer:
    body, content_type = pack([_part(first), *parts])
    headers = {**first.headers, "content-type": content_type}
    return replace(first, body=body, headers=headers)


def _part(answer: Answer) -> Part:
    return Part(answer.url, answer.content_type, answer.body)


def _key(url: str) -> bytes:
    try:
        return urls.key(urls.canonical(url))
    except urls.UrlError:
        return url.encode()
