"""What one source of an outlet lists and the others omit, and what would mend it.

`gather` reads the stored listings; the rest is pure. Only what was listed after all
sources had been polled counts, and not the latest, which some may list yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from config.durations import spell
from config.models import Outlet, SourceKind
from crawlers.runtime import longest
from pipelines.outcome import Outcome
from pipelines.store import Store
from pipelines.store.coverage import ListedBy, ListedSource

#: What is compared: the last days.
SPAN: Final = timedelta(days=14)
#: Fewer URLs than this say nothing of a source.
ENOUGH: Final = 20
#: A source that misses this share of what the others list is told of.
MISSES: Final = 0.1
#: Paths are told of from so many URLs on, if so many of them came to nothing.
PATH_ENOUGH: Final = 5
PATH_SHARE: Final = 0.8
EXAMPLES: Final = 3
_NOTHING: Final = frozenset(
    {
        Outcome.NOT_ARTICLE,
        Outcome.THIN,
        Outcome.WRONG_TYPE,
        Outcome.TOO_LARGE,
        Outcome.TOO_COMPLEX,
    }
)


@dataclass(frozen=True, slots=True)
class View:
    """A source beside the others.

    `only` lists it alone, `missed` is what it omits; both are counts, with examples.
    """

    kind: str
    url: str
    listed: int
    only: int
    missed: int
    only_examples: tuple[str, ...]
    missed_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """A weakness, and the line of the outlet's file that would mend it."""

    text: str
    line: str


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """How the sources of an outlet complete each other.

    `compared` URLs were listed from `since` to `until`. `unpolled` sources have not
    been polled with success, and are left out.
    """

    outlet: str
    since: datetime | None
    until: datetime
    compared: int
    views: tuple[View, ...]
    unpolled: tuple[str, ...]
    mendings: tuple[Mending, ...]


def gather(store: Store, outlet: Outlet, now: datetime) -> CrossCheck:
    """Compares what the sources of an outlet have listed lately."""
    with store.snapshot():
        wanted = {(str(one.kind), one.url) for one in outlet.sources}
        sources = [
            one
            for one in store.coverage.sources(outlet.key)
            if (one.kind, one.url) in wanted
        ]
        since, until = window(outlet, sources, now)
        rows = [] if since is None else store.coverage.listed(outlet.key, since, until)
    return check(outlet, sources, rows, since, until)


def window(
    outlet: Outlet, sources: Sequence[ListedSource], now: datetime
) -> tuple[datetime | None, datetime]:
    """From when to when listings can be compared; None: no source was ever polled."""
    slowest = max(longest(outlet, source) for source in outlet.sources)
    until = now - max(2 * slowest, timedelta(hours=1))
    begun = [one.first_ok for one in sources if one.first_ok is not None]
    if not begun:
        return None, until
    # What a source listed on its first poll had piled up before.
    return max(now - SPAN, max(begun) + timedelta(seconds=1)), until


def check(
    outlet: Outlet,
    sources: Sequence[ListedSource],
    rows: Sequence[ListedBy],
    since: datetime | None,
    until: datetime,
) -> CrossCheck:
    """The comparison itself."""
    polled = [one for one in sources if one.first_ok is not None]
    bits = sum({1 << one.bit for one in polled})
    rows = [row for row in rows if row.seen_in & bits]
    views = tuple(_view(one, rows, bits) for one in polled)
    return CrossCheck(
        outlet=outlet.key,
        since=since,
        until=until,
        compared=len(rows),
        views=views,
        unpolled=tuple(one.url for one in sources if one.first_ok is None),
        mendings=(
            *_alone(outlet),
            *_redundant(views),
            *_late(outlet, views, len(rows)),
            *_paths(outlet, polled, rows, bits),
        ),
    )


def _view(source: ListedSource, rows: Sequence[ListedBy], bits: int) -> View:
    own = 1 << source.bit
    only = [row.url for row in rows if row.seen_in & bits == own]
    missed = [row.url for row in rows if not row.seen_in & own]
    return View(
        source.kind,
        source.url,
        listed=sum(bool(row.seen_in & own) for row in rows),
        only=len(only),
        missed=len(missed),
        only_examples=tuple(only[-EXAMPLES:]),
        missed_examples=tuple(missed[-EXAMPLES:]),
    )


def _alone(outlet: Outlet) -> list[Mending]:
    if len(outlet.sources) > 1:
        return []
    words = "it has one source: nothing tells what that omits"
    return [Mending(words, f"presswatch outlets add {outlet.home} --print")]


def _redundant(views: Sequence[View]) -> list[Mending]:
    """Sources whose listings the others have in full: the most costly kind goes."""
    order = [SourceKind.SECTION, SourceKind.SITEMAP, SourceKind.FEED]
    idle = [view for view in views if view.only == 0 and view.listed >= ENOUGH]
    if len(views) < 2 or not idle:
        return []
    # Two may list the same: without the first, the second may be alone with some.
    one = min(idle, key=lambda view: order.index(SourceKind(view.kind)))
    words = (
        f"{one.kind} {one.url}: all {one.listed} that it listed, other sources list"
        " as well; without it, fewer requests bring the same"
    )
    return [Mending(words, f"# - {one.kind}: {one.url}")]


def _late(outlet: Outlet, views: Sequence[View], compared: int) -> list[Mending]:
    """Sources that list what the others omit, and are polled less often than those."""
    if compared < ENOUGH:
        return []
    every = {(str(s.kind), s.url): longest(outlet, s) for s in outlet.sources}
    quickest = min(every.values())
    found: list[Mending] = []
    for view in views:
        slow = every[view.kind, view.url]
        if view.only >= MISSES * compared and slow > quickest:
            words = (
                f"{view.kind} {view.url} alone lists {view.only} of {compared}, and is"
                f" polled every {spell(slow)} only: they come late"
            )
            line = f"- {view.kind}: {view.url}, every: {spell(quickest)}"
            found.append(Mending(words, line))
    return found


def _paths(
    outlet: Outlet,
    sources: Sequence[ListedSource],
    rows: Sequence[ListedBy],
    bits: int,
) -> list[Mending]:
    """Paths that one source alone lists, and that hold no articles."""
    found: list[Mending] = []
    for source in sources:
        own = [row for row in rows if row.seen_in & bits == 1 << source.bit]
        if len(sources) == 1:
            own = list(rows)
        all_of = Counter(_first_segment(row.url) for row in own)
        bad = Counter(_first_segment(r.url) for r in own if r.outcome in _NOTHING)
        for segment, count in bad.most_common():
            if not segment or count < PATH_ENOUGH:
                continue
            if count < PATH_SHARE * all_of[segment]:
                continue
            deny = f'"^/{segment}/"'
            if deny.strip('"') in outlet.articles.deny:
                continue
            words = (
                f"{source.kind} {source.url} lists {all_of[segment]} pages below"
                f" /{segment}/; {count} of them were no articles"
            )
            found.append(Mending(words, f"articles: {{deny: [{deny}]}}"))
    return found


def _first_segment(url: str) -> str:
    first, slash, _ = urlsplit(url).path.lstrip("/").partition("/")
    plain = first.replace("-", "").replace("_", "").isalnum()
    return first if slash and plain and not first.isdigit() else ""


def as_json(found: CrossCheck) -> dict[str, Any]:
    """The comparison for programs."""
    return {
        "outlet": found.outlet,
        "since": None if found.since is None else found.since.isoformat(),
        "until": found.until.isoformat(),
        "compared": found.compared,
        "sources": [
            {
                "kind": view.kind,
                "url": view.url,
                "listed": view.listed,
                "only_here": view.only,
                "omitted": view.missed,
                "only_here_examples": list(view.only_examples),
                "omitted_examples": list(view.missed_examples),
            }
            for view in found.views
        ],
        "unpolled": list(found.unpolled),
        "mend": [{"text": one.text, "line": one.line} for one in found.mendings],
    }
