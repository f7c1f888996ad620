"""What `plan` goes by, and what it tells: its values. No SQL, no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from config.models import Outlet
from crawlers import robots
from crawlers.pacing import Forecast
from crawlers.runtime import longest
from pipelines.store.requests import RequestSum

#: URLs shown with a finding.
EXAMPLES: Final = 3
DAY: Final = 86_400.0


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


def per_day(outlet: Outlet, source: Any) -> float:
    """How often a source is polled a day; with `every: auto`, at least so often."""
    return DAY / max(1.0, longest(outlet, source).total_seconds())


def polls_of(outlets: Iterable[Outlet]) -> float:
    return sum(per_day(outlet, s) for outlet in outlets for s in outlet.sources)
