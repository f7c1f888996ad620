"""When each source is due next: the config and what was learnt, put to the policy.

Keeps the pace that all `auto` sources share. `survey` reads what that follows from;
it is made anew once an hour (`service.running`) or when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.choices import Auto
from config.models import Config, Outlet, Source, fixed_requests
from crawlers import cadence, polling, rhythm
from crawlers.cadence import Bounds, Check, Hints, Pace, Shown, Sight
from crawlers.rhythm import History
from pipelines.store import Store
from pipelines.store.habits import Habits

#: What an `auto` source may ask for a day where the config sets no budget.
POLLS_A_DAY: Final = 48.0
#: The most of a budget that goes to further looks at articles.
REVISIT_SHARE: Final = 0.25
#: How much older a page must be at each further look, the first that the budget allows.
REVISIT_RATIOS: Final = (4.0, 8.0, 16.0, 64.0)
#: Where no source is `auto`, or none is known: a poll in half an hour.
_ANY: Final = Pace(
    cadence.root_rule(rhythm.PRIOR_RATE, POLLS_A_DAY), timedelta(hours=1)
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the budget comes to. `polls` a day are left to all `auto` sources together.

    `ratio` is by how much older a page must be at each further look.
    """

    pace: Pace
    polls: float
    ratio: float = REVISIT_RATIOS[0]


def survey(store: Store, config: Config, now: datetime) -> Allowance:
    """What the budget comes to, going by everything that was learnt."""
    budget = config.polling.budget
    known = list(_auto_sources(store, config, now))
    ratio, looks = REVISIT_RATIOS[0], 0.0
    if budget is not None:
        new = _articles_a_day(store, config, now)
        ratio, looks = _revisits(new, config, budget * REVISIT_SHARE)
    polls = _polls_left(config, len(known), looks)
    return Allowance(cadence.pace(known, polls) or _ANY, polls, ratio)


def _polls_left(config: Config, auto: int, looks: float) -> float:
    """The polls a day that `auto` sources share."""
    budget = config.polling.budget
    if budget is None:
        return POLLS_A_DAY * auto
    return max(0.0, budget - fixed_requests(config) - looks)


def _auto_sources(
    store: Store, config: Config, now: datetime
) -> Iterator[tuple[rhythm.Profile, Bounds]]:
    ids = {(s.outlet, s.url): s.id for s in store.frontier.source_status() if s.active}
    for outlet, source in auto_sources(config):
        number = ids.get((outlet.key, source.url))
        known = None if number is None else store.frontier.habits(number)
        yield habitual(known, now), Bounds(*outlet.bounds(source))


def auto_sources(config: Config) -> Iterator[tuple[Outlet, Source]]:
    """The sources whose interval follows from what they do."""
    for outlet in config.outlets.values():
        for source in outlet.sources:
            if isinstance(outlet.interval(source), Auto):
                yield outlet, source


def habitual(known: Habits | None, now: datetime) -> rhythm.Profile:
    """The rhythm of a source, whatever is known of it."""
    history = History(now, {}) if known is None else History(known.since, known.hours)
    return rhythm.profile(history, now)


def _articles_a_day(store: Store, config: Config, now: datetime) -> dict[str, float]:
    """New URLs a day of each outlet, over the last week."""
    week = timedelta(weeks=1)
    counted = store.frontier.outlet_hours(now - week)
    return {key: sum(counted.get(key, {}).values()) / 7 for key in config.outlets}


def _revisits(
    new: Mapping[str, float], config: Config, most: float
) -> tuple[float, float]:
    """How thin further looks have to be, and how many a day those come to."""
    for ratio in REVISIT_RATIOS:
        looks = sum(
            new[outlet.key] * polling.looks(outlet.revisit, ratio)
            for outlet in config.outlets.values()
        )
        if looks <= most:
            break
    return ratio, looks


@dataclass(frozen=True, slots=True)
class Forecast:
    """How often a source will be polled on an average day, and why."""

    outlet: str
    url: str
    polls: float
    why: str


def forecast(config: Config, store: Store | None, now: datetime) -> list[Forecast]:
    """How often each source of a config will be polled, by what is known today.

    Without a store every `auto` source counts as one of which nothing is known.
    """
    known = {} if store is None else _known(store)
    rows = [
        (outlet, source, known.get((outlet.key, source.url)))
        for outlet in config.outlets.values()
        for source in outlet.sources
    ]
    if store is not None:
        pace = survey(store, config, now).pace
    else:
        auto = [
            (habitual(None, now), Bounds(*outlet.bounds(source)))
            for outlet, source, _ in rows
            if isinstance(outlet.interval(source), Auto)
        ]
        pace = cadence.pace(auto, _polls_left(config, len(auto), 0.0)) or _ANY
    return [_forecast(*row, pace, now) for row in rows]


def _known(store: Store) -> dict[tuple[str, str], Habits | None]:
    return {
        (source.outlet, source.url): store.frontier.habits(source.id)
        for source in store.frontier.source_status()
    }


def _forecast(
    outlet: Outlet, source: Source, known: Habits | None, pace: Pace, now: datetime
) -> Forecast:
    every = outlet.interval(source)
    if not isinstance(every, Auto):
        check = cadence.configured(every)
        return Forecast(outlet.key, source.url, cadence.DAY / check.wait, check.why)
    profile = habitual(known, now)
    polls = cadence.polls_a_day(profile, Bounds(*outlet.bounds(source)), pace)
    why = f"auto: about {profile.daily:.0f} new items a day to be expected"
    if known is None:
        why = "auto: nothing is known of it yet"
    return Forecast(outlet.key, source.url, polls, why)


class Pacer:
    """Says when a source is asked next, and why."""

    def __init__(self, config: Callable[[], Config], store: Store) -> None:
        self._config = config
        self._store = store
        self._allowance: Allowance | None = None

    def renew(self, allowance: Allowance | None) -> None:
        """Puts a new survey in force; None: one is made when it is asked for."""
        self._allowance = allowance

    def allowance(self, now: datetime) -> Allowance:
        """What the budget comes to."""
        if self._allowance is None:
            self._allowance = survey(self._store, self._config(), now)
        return self._allowance

    def check(
        self,
        outlet: Outlet,
        url: str,
        known: Habits | None,
        shown: Shown,
        now: datetime,
    ) -> Check:
        """How long a source that has just answered, or failed, is left alone."""
        source = next((each for each in outlet.sources if each.url == url), None)
        every = outlet.every if source is None else outlet.interval(source)
        if not isinstance(every, Auto):
            return cadence.configured(every, shown)
        between = outlet.between if source is None else outlet.bounds(source)
        hints = Hints() if known is None else Hints(known.ttl, known.cached)
        sight = Sight(habitual(known, now), Bounds(*between), shown, hints)
        return cadence.next_check(sight, self.allowance(now).pace, now)
