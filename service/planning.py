"""What a config asks of the outlets' hosts, before it goes live.

`gather` reads the database: what was asked lately, robots.txt as it was last read, the
URLs that sources listed, and the config that ran last. The rest is pure. Asks nothing
of the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from config.models import Config, Outlet
from crawlers import pacing, robots
from crawlers.politeness import MOST_CRAWL_DELAY
from crawlers.runtime import RAN
from pipelines import urls
from pipelines.store import Store
from pipelines.store.requests import RequestSum
from service.plan_changes import changes, judged
from service.plan_facts import (
    EXAMPLES,
    Change,
    Conflict,
    HostPlan,
    Known,
    Plan,
    polls_of,
)

#: What was asked in the last days is what is expected; the URLs listed in them are
#: judged by the rules.
LATELY: Final = timedelta(days=7)
MOST_URLS: Final = 5_000
#: Purposes that follow from the intervals, and those that no config asks for.
_POLLS: Final = frozenset({"feed", "sitemap", "section"})
_BY_HAND: Final = frozenset({"try", "add", "robots"})


def gather(store: Store | None, config: Config, now: datetime) -> Plan:
    """What a config means, by what the database knows; it may be there yet or not."""
    if store is None:
        return plan(config, Known(now, forecast=pacing.forecast(config, None, now)))
    return plan(config, _known(store, config, now))


def _known(store: Store, config: Config, now: datetime) -> Known:
    with store.snapshot():
        listed = {
            key: store.coverage.recent(key, now - LATELY, MOST_URLS)
            for key in config.outlets
        }
        origins = {
            _origin(url)
            for outlet in config.outlets.values()
            for url in (*(s.url for s in outlet.sources), *listed[outlet.key])
        }
        rows = {origin: store.hosts.robots(origin) for origin in origins}
        return Known(
            now,
            sums=store.requests.sums((now - LATELY).date()),
            robots={
                origin: robots.RobotsAnswer(row.status, row.body, row.fetched_at)
                for origin, row in rows.items()
                if row is not None
            },
            listed=listed,
            ran=_ran(store.meta.get(RAN)),
            forecast=pacing.forecast(config, store, now),
            moved=[
                (alert.key.split(":")[1], f"{alert.text}: {alert.evidence}")
                for alert in store.alerts.list()
                if alert.key.startswith("relocated:")
            ],
        )


def _ran(text: str | None) -> dict[str, Outlet] | None:
    """The outlets that ran last; None if none did, or another version wrote them."""
    if text is None:
        return None
    try:
        return {
            key: Outlet.model_validate(said) for key, said in json.loads(text).items()
        }
    except (ValueError, ValidationError):
        return None


def plan(config: Config, known: Known) -> Plan:
    """The plan itself."""
    before = None if known.ran is None else polls_of(known.ran.values())
    return Plan(
        hosts=_hosts(config, known),
        sources=tuple(known.forecast),
        conflicts=tuple(
            conflict
            for outlet in config.outlets.values()
            for conflict in _conflicts(outlet, config.user_agent, known)
        ),
        changes=() if known.ran is None else tuple(changes(config, known, known.ran)),
        before=before,
        moved=tuple(Conflict(key, text) for key, text in known.moved),
    )


# -- hosts ---------------------------------------------------------------------


def _hosts(config: Config, known: Known) -> tuple[HostPlan, ...]:
    outlets: dict[str, list[Outlet]] = {}
    polls: dict[str, float] = {}
    for outlet in config.outlets.values():
        for source in outlet.sources:
            host = urls.host(source.url)
            polls[host] = polls.get(host, 0.0) + known.polls(outlet, source)
            outlets.setdefault(host, []).append(outlet)
        for url in known.listed.get(outlet.key, ()):
            outlets.setdefault(urls.host(url), []).append(outlet)
    pages = _pages_per_day(known.sums, known.now)
    made = [
        _host(host, of, polls.get(host, 0.0), pages.get(host), config, known)
        for host, of in outlets.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.requests, one.host)))


def _pages_per_day(sums: Sequence[RequestSum], now: datetime) -> dict[str, float]:
    """Requests for pages a day by host. Today is left out unless it is all there is."""
    whole = [one for one in sums if one.day < now.date()] or list(sums)
    days: dict[str, set[Any]] = {}
    counts: dict[str, int] = {}
    for one in whole:
        days.setdefault(one.host, set()).add(one.day)
        if one.purpose not in _POLLS | _BY_HAND:
            counts[one.host] = counts.get(one.host, 0) + one.requests
    return {host: counts.get(host, 0) / len(found) for host, found in days.items()}


def _host(
    host: str,
    outlets: Sequence[Outlet],
    polls: float,
    pages: float | None,
    config: Config,
    known: Known,
) -> HostPlan:
    answers = [a for origin, a in known.robots.items() if urls.host(origin) == host]
    wanted = max(outlet.delay.total_seconds() for outlet in outlets)
    delays = (_crawl_delay(answer, config.user_agent) for answer in answers)
    budgets = [o.requests_per_day for o in outlets if o.requests_per_day is not None]
    return HostPlan(
        host=host,
        outlets=tuple(sorted({outlet.key for outlet in outlets})),
        polls=polls,
        pages=pages,
        gap=max([wanted, *delays]),
        budget=min(budgets, default=None),
        robots=_robots_words(answers, outlets, known.now),
    )


def _crawl_delay(answer: robots.RobotsAnswer, user_agent: str) -> float:
    verdict = robots.judge(answer, "http://host.invalid/", user_agent)
    return min(verdict.crawl_delay or 0.0, MOST_CRAWL_DELAY)


def _robots_words(
    answers: Sequence[robots.RobotsAnswer], outlets: Sequence[Outlet], now: datetime
) -> str:
    if not any(outlet.robots for outlet in outlets):
        return "not obeyed (robots: false)"
    if not answers:
        return "not asked yet"
    latest = max(answers, key=lambda answer: answer.fetched_at)
    if latest.reachable:
        hours = (now - latest.fetched_at).total_seconds() / 3600
        none = "" if latest.status == 200 else f", HTTP {latest.status}: allows all"
        return f"read {hours:.0f} h ago{none}"
    what = "no answer" if latest.status is None else f"HTTP {latest.status}"
    return f"unreachable ({what}): nothing is fetched"


# -- robots.txt ----------------------------------------------------------------


def _conflicts(outlet: Outlet, user_agent: str, known: Known) -> Iterable[Conflict]:
    yield from _slower(outlet, user_agent, known)
    refused = [
        source.url
        for source in outlet.sources
        if _disallowed(source.url, user_agent, known)
    ]
    fate = "not polled" if outlet.robots else "polled all the same (robots: false)"
    for url in refused:
        yield Conflict(outlet.key, f"robots.txt disallows the source {url}: {fate}")
    wanted = [url for url, why in judged(outlet, known).items() if why is None]
    kept_out = [url for url in wanted if _disallowed(url, user_agent, known)]
    if kept_out:
        fate = (
            "not fetched" if outlet.robots else "fetched all the same (robots: false)"
        )
        yield Conflict(
            outlet.key,
            f"robots.txt disallows {len(kept_out)} of {len(wanted)} articles listed"
            f" in the last {LATELY.days} days: {fate}",
            tuple(kept_out[-EXAMPLES:]),
        )


def _slower(outlet: Outlet, user_agent: str, known: Known) -> Iterable[Conflict]:
    """A Crawl-delay above the operator's delay holds; one is told how long."""
    for origin in sorted({_origin(source.url) for source in outlet.sources}):
        answer = known.robots.get(origin)
        if answer is None or not outlet.robots:
            continue
        seconds = _crawl_delay(answer, user_agent)
        if seconds > outlet.delay.total_seconds():
            text = f"{urls.host(origin)} wants {seconds:g} s between two requests"
            yield Conflict(outlet.key, f"{text} (Crawl-delay), more than delay says")


def _disallowed(url: str, user_agent: str, known: Known) -> bool:
    answer = known.robots.get(_origin(url))
    if answer is None or not answer.reachable:
        return False
    return not robots.judge(answer, url, user_agent).allowed


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def as_json(made: Plan) -> dict[str, Any]:
    """The plan for programs."""
    return {
        "requests_per_day": round(made.requests, 1),
        "sources": [
            {
                "outlet": one.outlet,
                "url": one.url,
                "polls_per_day": round(one.polls, 1),
                "why": one.why,
            }
            for one in made.sources
        ],
        "hosts": [
            {
                "host": host.host,
                "outlets": list(host.outlets),
                "polls_per_day": round(host.polls, 1),
                "pages_per_day": None if host.pages is None else round(host.pages, 1),
                "requests_per_day": round(host.requests, 1),
                "gap_seconds": host.gap,
                "busy": round(host.busy, 4),
                "budget": host.budget,
                "robots": host.robots,
            }
            for host in made.hosts
        ],
        "conflicts": [_told(one) for one in made.conflicts],
        "changes": [_told(one) for one in made.changes],
        "moved": [_told(one) for one in made.moved],
        "ran_before": made.before is not None,
    }


def _told(one: Conflict | Change) -> dict[str, Any]:
    return {"outlet": one.outlet, "text": one.text, "examples": list(one.examples)}
