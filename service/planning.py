"""What a config asks of the outlets' hosts, before it goes live.

`gather` reads the database: what was asked lately, robots.txt as it was last read, the
URLs that sources listed, and the config that ran last. The rest is pure. Asks nothing
of the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from config.models import Config, Outlet
from crawlers import pacing, polling, robots
from crawlers.pacing import Forecast
from crawlers.politeness import MOST_CRAWL_DELAY
from crawlers.runtime import RAN, longest
from pipelines import urls
from pipelines.candidate import Candidate
from pipelines.store import Store
from pipelines.store.requests import RequestSum

#: What was asked in the last days is what is expected; the URLs listed in them are
#: judged by the rules.
LATELY: Final = timedelta(days=7)
MOST_URLS: Final = 5_000
EXAMPLES: Final = 3
DAY: Final = 86_400.0
#: Purposes that follow from the intervals, and those that no config asks for.
_POLLS: Final = frozenset({"feed", "sitemap", "section"})
_BY_HAND: Final = frozenset({"try", "add", "robots"})


@dataclass(frozen=True, slots=True)
class HostPlan:
    """One host. `polls` and `pages` are requests a day; the gap is in seconds.

    `polls` follows from the intervals, `pages` from the last days (None: no host of
    that name was asked yet). `budget` None: none. `robots` says how its robots.txt
    stands, in words.
    """

    host: str
    outlets: tuple[str, ...]
    polls: float
    pages: float | None
    gap: float
    budget: int | None
    robots: str

    @property
    def requests(self) -> float:
        """Requests a day, as far as can be told."""
        return self.polls + (self.pages or 0.0)

    @property
    def busy(self) -> float:
        """The share of the day that these requests and their gaps take, at least."""
        return self.requests * self.gap / DAY


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that robots.txt does not want as the config does."""

    outlet: str
    text: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to what ran last, and what it means."""

    outlet: str
    text: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the config on disk will do. `before` None: nothing ran yet.

    `sources` says how often each is polled, and why.
    `moved` are sources that redirect for good, with the line to write instead.
    """

    hosts: tuple[HostPlan, ...]
    sources: tuple[Forecast, ...]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]
    before: float | None
    moved: tuple[Conflict, ...] = ()

    @property
    def requests(self) -> float:
        """Requests a day to all hosts."""
        return sum(host.requests for host in self.hosts)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database tells a plan: see `gather`."""

    now: datetime
    sums: Sequence[RequestSum] = ()
    robots: Mapping[str, robots.RobotsAnswer] = field(default_factory=dict)
    listed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ran: Mapping[str, Outlet] | None = None
    forecast: Sequence[Forecast] = ()
    moved: Sequence[tuple[str, str]] = ()

    def polls(self, outlet: Outlet, source: Any) -> float:
        """How often a source is polled a day, by what is known of it."""
        found = (f for f in self.forecast if f.outlet == outlet.key)
        of_it = (f.polls for f in found if f.url == source.url)
        return next(of_it, per_day(outlet, source))


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
    before = None if known.ran is None else _polls_of(known.ran.values())
    return Plan(
        hosts=_hosts(config, known),
        sources=tuple(known.forecast),
        conflicts=tuple(
            conflict
            for outlet in config.outlets.values()
            for conflict in _conflicts(outlet, config.user_agent, known)
        ),
        changes=() if known.ran is None else tuple(_changes(config, known, known.ran)),
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


def per_day(outlet: Outlet, source: Any) -> float:
    """How often a source is polled a day; with `every: auto`, at least so often."""
    return DAY / max(1.0, longest(outlet, source).total_seconds())


def _polls_of(outlets: Iterable[Outlet]) -> float:
    return sum(per_day(outlet, s) for outlet in outlets for s in outlet.sources)


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
    wanted = [url for url, why in _judged(outlet, known).items() if why is None]
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


# -- changes -------------------------------------------------------------------


def _changes(
    config: Config, known: Known, ran: Mapping[str, Outlet]
) -> Iterable[Change]:
    for key in sorted(set(ran) - set(config.outlets)):
        count = len(ran[key].sources)
        text = f"left the config: {_counted(count, 'source')} no longer polled"
        yield Change(key, f"{text}; what it brought stays")
    for key, outlet in config.outlets.items():
        before = ran.get(key)
        if before is None:
            what = _counted(len(outlet.sources), "source")
            yield Change(key, f"new: {what}, {_polls_of([outlet]):.0f} polls a day")
        elif before != outlet:
            yield from _changed(before, outlet, known)


def _changed(before: Outlet, after: Outlet, known: Known) -> Iterable[Change]:
    key = after.key
    old = {(s.kind, s.url) for s in before.sources}
    new = {(s.kind, s.url) for s in after.sources}
    for kind, url in sorted(new - old):
        yield Change(key, f"new source: {kind} {url}")
    for kind, url in sorted(old - new):
        yield Change(key, f"no longer polled: {kind} {url}")
    polls = _polls_of([before]), _polls_of([after])
    if polls[0] != polls[1]:
        yield Change(key, f"polls a day: {polls[0]:.0f} -> {polls[1]:.0f}")
    yield from _other_keys(before, after)
    yield from _other_urls(before, after, known)


def _other_keys(before: Outlet, after: Outlet) -> Iterable[Change]:
    hidden = {"sources", "key", "request"}
    old = before.model_dump(mode="json", exclude=hidden)
    new = after.model_dump(mode="json", exclude=hidden)
    for name in sorted(new):
        if old.get(name) != new[name]:
            words = f"{name}: {_shown(old.get(name))} -> {_shown(new[name])}"
            yield Change(after.key, words)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _other_urls(before: Outlet, after: Outlet, known: Known) -> Iterable[Change]:
    """Listed URLs that the rules judge otherwise than before."""
    old, new = _judged(before, known), _judged(after, known)
    newly = [url for url in new if new[url] is None and old[url] is not None]
    no_more = [url for url in new if new[url] is not None and old[url] is None]
    count = len(new)
    if newly:
        text = f"{len(newly)} of {count} listed URLs would newly be fetched"
        yield Change(after.key, text, tuple(newly[-EXAMPLES:]))
    if no_more:
        text = f"{len(no_more)} of {count} listed URLs would newly be denied"
        told = (f"{url} ({new[url]})" for url in no_more[-EXAMPLES:])
        yield Change(after.key, text, tuple(told))


def _judged(outlet: Outlet, known: Known) -> dict[str, str | None]:
    """Why the rules deny each URL that was listed lately; None: they do not."""
    how = polling.Selection(
        outlet=outlet,
        rules=polling.outlet_rules(outlet),
        sites=polling.outlet_sites(outlet),
        now=known.now,
        first=False,
    )
    candidates = (Candidate(url) for url in known.listed.get(outlet.key, ()))
    return {
        one.candidate.url: None if one.outcome is None else one.detail
        for one in polling.select(candidates, how)
    }


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


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
