"""The alerts that a single poll opens or closes, with their evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from crawlers import moves, pacing
from pipelines.outcome import Outcome
from pipelines.store import Notice, PollRecord, SourceWork, Store
from pipelines.store.habits import Habits
from pipelines.store.sources import GOOD, Move

#: Failures in a row of this weight raise an alert: two answers that say no, three
#: time-outs or 5xx, six names that do not resolve.
ALERT_AFTER: Final = 1.5
#: So many new URLs in one poll, and so many times what was to be expected, are a burst.
BURST: Final = 50
BURST_TIMES: Final = 5
#: A listing that had so many entries is not empty for want of news.
EMPTIED: Final = 5
#: So many entries off the outlet's site, and at least half of all, are a move.
MOVED: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A stored poll, and what it showed. `known` is what was known before it.

    `new` URLs were not turned away by a rule; `others` is the number of the outlet's
    other sources; `lie` tells how its validators were found to be wrong; `moved` are
    sites that its articles have moved to and that the config does not name.
    """

    work: SourceWork
    record: PollRecord
    new: int
    known: Habits | None
    others: int
    gap: bool
    lie: str | None
    moved: frozenset[str] = frozenset()
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an alert is called for: `notice` None closes the one of that key."""

    key: str
    notice: Notice | None


def settle(store: Store, found: Found) -> None:
    """Opens and closes the alerts of one poll, in the caller's transaction."""
    for finding in findings(found):
        if finding.notice is None:
            store.alerts.close(finding.key, found.record.at)
        else:
            store.alerts.open(finding.notice, found.record.at)


def findings(found: Found) -> Iterator[Finding]:
    """What a poll says of each kind of alert that it can say something of. Pure."""
    if found.record.error is not None:
        if found.record.failures >= ALERT_AFTER:
            yield _failing(found)
        return
    yield Finding(_key("source", found), None)
    if found.record.outcome not in GOOD:
        return
    yield _gap(found)
    yield _relocated(found)
    if found.record.learnt is not None:
        yield from _lying(found)
        yield _moved(found)
        yield _burst(found)
        yield from _empty(found)


def _key(kind: str, found: Found) -> str:
    return f"{kind}:{found.work.outlet}:{found.work.url}"


def _try(found: Found) -> str:
    return f"presswatch try {found.work.outlet}"


def _failing(found: Found) -> Finding:
    work, record = found.work, found.record
    text = f"{work.outlet}: {work.url} fails time and again"
    key = _key("source", found)
    return Finding(key, Notice(key, text, record.error or "", _try(found)))


def _gap(found: Found) -> Finding:
    key = _key("gap", found)
    if not found.gap:
        return Finding(key, None)
    before = found.work.last_ok
    since = "" if before is None else f" of {_span(found.record.at - before)} before"
    learnt = found.record.learnt
    shown = learnt.shown if learnt is not None else 0
    beyond = len(found.record.entries) - shown
    text = (
        f"{found.work.outlet}: {found.work.url} has rolled over between two polls;"
        " articles may have been missed"
    )
    evidence = (
        f"none of its {shown} entries was listed by the poll{since};"
        f" {beyond} more found beyond it, {found.others} other sources asked at once;"
        f" next poll sooner: {found.record.why}"
    )
    return Finding(key, Notice(key, text, evidence, _try(found)))


def _lying(found: Found) -> Iterator[Finding]:
    key, learnt = _key("lying-304", found), found.record.learnt
    if found.lie is not None:
        text = (
            f"{found.work.outlet}: {found.work.url} says that it is unchanged when it"
            " is not; it is asked unconditionally from now on"
        )
        yield Finding(key, Notice(key, text, found.lie, _try(found)))
    elif learnt is not None and not learnt.distrust:
        yield Finding(key, None)


def _relocated(found: Found) -> Finding:
    """A source that redirects for good is asked there; the config is to follow."""
    key, move, work = _key("relocated", found), found.move, found.work
    if move is None or not moves.adopted(move, found.record.at):
        return Finding(key, None)
    text = (
        f"{work.outlet}: {work.url} has moved for good to {move.to}, and is asked there"
    )
    evidence = (
        f"{move.polls} good polls since {move.since:%Y-%m-%d %H:%M} led there; write"
        f" `- {work.kind}: {move.to}` in its place"
    )
    command = f"presswatch show --effective {work.outlet}"
    return Finding(key, Notice(key, text, evidence, command))


def _moved(found: Found) -> Finding:
    key, entries = _key("moved", found), found.record.entries
    command = f"presswatch show --effective {found.work.outlet}"
    if found.moved:
        sites = ", ".join(sorted(found.moved))
        text = f"{found.work.outlet}: {found.work.url} has moved to {sites}; followed"
        evidence = (
            "it lists headlines there that it listed elsewhere before; if that is"
            f" right, add articles: {{sites: [{sites}]}} to the outlet"
        )
        return Finding(key, Notice(key, text, evidence, command))
    said = [e.detail or "" for e in entries if e.outcome is Outcome.DENIED]
    off = [detail for detail in said if detail.startswith("off the outlet's site")]
    if len(off) < MOVED or len(off) * 2 < len(entries):
        return Finding(key, None)
    text = f"{found.work.outlet}: {found.work.url} lists articles of another site"
    evidence = f"{len(off)} of {len(entries)} entries are not fetched: {off[0]}"
    return Finding(key, Notice(key, text, evidence, command))


def _burst(found: Found) -> Finding:
    key, before = _key("burst", found), found.work.last_ok
    if found.known is None or before is None or found.gap:
        return Finding(key, None)
    profile = pacing.habitual(found.known, found.record.at)
    expected = profile.expected(before, found.record.at)
    if found.new <= max(BURST, BURST_TIMES * expected):
        return Finding(key, None)
    text = f"{found.work.outlet}: {found.work.url} lists {found.new} new URLs at once"
    evidence = (
        f"{expected:.1f} were to be expected in {_span(found.record.at - before)};"
        " a relaunch, or links that are no articles (articles.allow, articles.deny)"
    )
    command = f"presswatch articles --outlet {found.work.outlet}"
    return Finding(key, Notice(key, text, evidence, command))


def _empty(found: Found) -> Iterator[Finding]:
    key, learnt, known = _key("empty", found), found.record.learnt, found.known
    if learnt is None or known is None:
        return
    if learnt.shown:
        yield Finding(key, None)
    elif known.shown >= EMPTIED:
        text = f"{found.work.outlet}: {found.work.url} lists nothing any more"
        evidence = f"it answered well; the poll before listed {known.shown} entries"
        yield Finding(key, Notice(key, text, evidence, _try(found)))


def _span(duration: timedelta) -> str:
    minutes = duration / timedelta(minutes=1)
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
