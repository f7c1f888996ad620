"""What a config changes against the one that ran last. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from config.models import Config, Outlet
from crawlers import polling
from pipelines.candidate import Candidate
from service.plan_facts import EXAMPLES, Change, Known, polls_of


def changes(
    config: Config, known: Known, ran: Mapping[str, Outlet]
) -> Iterable[Change]:
    """The differences, outlet by outlet, each with what it means."""
    for key in sorted(set(ran) - set(config.outlets)):
        count = len(ran[key].sources)
        text = f"left the config: {_counted(count, 'source')} no longer polled"
        yield Change(key, f"{text}; what it brought stays")
    for key, outlet in config.outlets.items():
        before = ran.get(key)
        if before is None:
            what = _counted(len(outlet.sources), "source")
            yield Change(key, f"new: {what}, {polls_of([outlet]):.0f} polls a day")
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
    polls = polls_of([before]), polls_of([after])
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
    old, new = judged(before, known), judged(after, known)
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


def judged(outlet: Outlet, known: Known) -> dict[str, str | None]:
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
