"""Which outlets and sources have been silent for longer than their habits explain.

What is new to an outlet is counted by the hour; its habits (`crawlers.rhythm`) say how
many items were to be expected since the last one. Silence is told when that number is
one that chance would hardly bring about, and longer than any gap of the last weeks.
Only the time that good polls cover counts: a source that fails has an alert of its
own. Pure, but for `gather`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log
from statistics import median
from typing import Final

from crawlers import rhythm
from crawlers.rhythm import History, Profile
from pipelines.store import Notice, Store

KEYS: Final = frozenset({"silent", "frozen"})

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: False alerts that one outlet may raise in a week, if its items come at random.
FALSE_A_WEEK: Final = 0.002
#: No silence is shorter.
LEAST: Final = timedelta(hours=6)
#: Silence is told within a day, or three for outlets with few items, even if chance
#: would bring it about a little more often.
FEW: Final = 4.6  # items a day
SOON: Final = timedelta(hours=22)
LATE: Final = timedelta(hours=67)
#: Fewer missing items than this prove nothing, however regular the outlet.
FEWEST_MISSING: Final = 4.0
#: Below so much past there are no habits: a gap is a silence if it is much longer than
#: any before it.
PAST: Final = timedelta(days=7)
GAP_TIMES: Final = 3
GAP_LEAST: Final = timedelta(hours=72)
#: A source that brings nothing for so long while others of its outlet do is frozen.
FROZEN: Final = timedelta(hours=48)
#: Holidays: what all outlets together bring less than usual is expected of none.
WEATHER_HOURS: Final = 24
FEWEST_OUTLETS: Final = 5
WORST_WEATHER: Final = 0.15
FAIR_WEATHER: Final = 0.8  # an ordinary day, with a few silent among them


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of an outlet, or of one source of it.

    `since` is from when on `hours` counts its new items, by hours since 1970; `until`
    is the latest good poll. `group` is what it shares holidays with (a language).
    """

    outlet: str
    since: datetime
    hours: Mapping[int, float] = field(repr=False)
    until: datetime
    group: str | None = None
    url: str | None = None

    @property
    def last(self) -> datetime:
        """The end of the hour of its latest item; before any, when counting began."""
        if not self.hours:
            return self.since
        ended = datetime.fromtimestamp(3600 * (max(self.hours) + 1), UTC)
        return max(self.since, min(ended, self.until))

    @property
    def gap(self) -> timedelta:
        return self.until - self.last


@dataclass(frozen=True, slots=True)
class Habit:
    """What the silence since `last` is judged by: items missing until it is one."""

    last: datetime
    profile: Profile
    needed: float
    longest: timedelta


def habit(watched: Watched) -> Habit:
    """The habits of an outlet as of its latest item."""
    last = watched.last
    profile = rhythm.profile(History(watched.since, watched.hours), last)
    gaps = list(_gaps(watched, profile))
    weekly = max(1.0, 7 * profile.daily)
    usual = max((lacking for lacking, _ in gaps), default=0.0)
    needed = max(log(weekly / FALSE_A_WEEK), usual)
    patience = SOON if profile.daily >= FEW else LATE
    needed = min(needed, profile.expected(last, last + patience))
    needed = max(FEWEST_MISSING, needed)
    longest = max((length for _, length in gaps), default=timedelta(0))
    return Habit(last, profile, needed, longest)


def _gaps(watched: Watched, profile: Profile) -> Iterator[tuple[float, timedelta]]:
    """The gaps of the last weeks: the items expected in each, and its length."""
    first = rhythm.hour_of(watched.last - rhythm.MEMORY)
    hours = sorted(hour for hour in watched.hours if hour >= first)
    for before, after in pairwise(hours):
        if after - before > 1:
            start = datetime.fromtimestamp(3600 * (before + 1), UTC)
            end = datetime.fromtimestamp(3600 * after, UTC)
            yield profile.expected(start, end), end - start


def missing(watched: Watched, known: Habit, weather: float) -> float | None:
    """How many items are missing, if that is a silence; else None."""
    if watched.gap < LEAST:
        return None
    expected = weather * known.profile.expected(known.last, watched.until)
    if known.last - watched.since < PAST:
        enough = watched.gap >= max(GAP_LEAST, GAP_TIMES * known.longest)
        return expected if enough and expected >= FEWEST_MISSING else None
    return expected if expected >= known.needed else None


def weather(watched: Sequence[Watched], now: datetime) -> dict[str | None, float]:
    """How much of the usual the outlets of each group bring these days, at most 1.

    The median over outlets, so that neither a silent nor a busy one has a say; the
    lower one of the group and of all.
    """
    shares: dict[str | None, list[float]] = {}
    for one in watched:
        shares.setdefault(one.group, []).append(_share(one, now))
    everyone = _median([share for each in shares.values() for share in each])
    return {group: min(everyone, _median(each)) for group, each in shares.items()}


def _share(watched: Watched, now: datetime) -> float:
    """What an outlet brought in the last day, of what it did in the weeks before."""
    end, first = rhythm.hour_of(now), rhythm.hour_of(watched.since)
    hours = range(end - WEATHER_HOURS, end)
    weeks = [back * rhythm.HOURS_A_WEEK for back in range(1, 5)]
    weeks = [back for back in weeks if hours[0] - back >= first]
    if not weeks:
        return 1.0
    before = sum(
        watched.hours.get(hour - back, 0.0) for hour in hours for back in weeks
    )
    seen = sum(watched.hours.get(hour, 0.0) for hour in hours)
    return (seen + 2) / (before / len(weeks) + 2)


def _median(shares: Sequence[float]) -> float:
    if len(shares) < FEWEST_OUTLETS:
        return 1.0
    share = median(shares)
    return 1.0 if share >= FAIR_WEATHER else max(WORST_WEATHER, share)


# -- alerts -------------------------------------------------------------------


def notices(
    outlets: Sequence[Watched],
    sources: Iterable[Watched],
    now: datetime,
    habits: Callable[[Watched], Habit] = habit,
) -> Iterator[Notice]:
    """The alerts that silence calls for, one an outlet.

    `habits` may remember what it gave while `last` is the same.
    """
    suspects = [one for one in outlets if _lacking(one, habits, 1.0) is not None]
    sources = list(sources)
    suspects += [
        one
        for one in sources
        if one.gap >= FROZEN and _lacking(one, habits, 1.0) is not None
    ]
    if not suspects:
        return
    conditions = weather(outlets, now)
    silent = set()
    for one in suspects:  # outlets come before sources
        lacking = _lacking(one, habits, conditions.get(one.group, 1.0))
        if lacking is None or one.outlet in silent:
            continue
        if one.url is None:
            silent.add(one.outlet)
            yield _silent(one, habits(one), lacking)
        else:
            yield _frozen(one, habits(one), lacking)


def _lacking(
    watched: Watched, habits: Callable[[Watched], Habit], conditions: float
) -> float | None:
    if watched.gap < LEAST:
        return None
    return missing(watched, habits(watched), conditions)


def _silent(watched: Watched, known: Habit, lacking: float) -> Notice:
    text = f"{watched.outlet} has been silent for {_hours(watched.gap)}"
    command = f"presswatch try {watched.outlet}"
    return Notice(
        f"silent:{watched.outlet}", text, _evidence(watched, known, lacking), command
    )


def _frozen(watched: Watched, known: Habit, lacking: float) -> Notice:
    text = (
        f"{watched.outlet}: {watched.url} has brought nothing new for"
        f" {_hours(watched.gap)}, while the outlet's other sources have"
    )
    command = f"presswatch try {watched.outlet}"
    key = f"frozen:{watched.outlet}:{watched.url}"
    return Notice(key, text, _evidence(watched, known, lacking), command)


def _evidence(watched: Watched, known: Habit, lacking: float) -> str:
    return (
        f"the last item came by {known.last:%Y-%m-%d %H:%M} UTC; {lacking:.0f} were to"
        f" be expected since then at its usual {known.profile.daily:.0f} a day; its"
        f" longest gap before was {_hours(known.longest)}; polls were good until"
        f" {watched.until:%Y-%m-%d %H:%M} UTC"
    )


def _hours(duration: timedelta) -> str:
    return f"{duration / HOUR:.0f} h"


# -- the database -------------------------------------------------------------


def gather(
    store: Store, languages: Mapping[str, str | None]
) -> tuple[list[Watched], list[Watched]]:
    """The outlets of `languages`, and their sources where there are several.

    Those without a good poll have nothing to be judged by.
    """
    with store.snapshot():
        counted = store.frontier.outlet_hours(datetime.fromtimestamp(0, UTC))
        standing: dict[str, list[Watched]] = {}
        for source in store.frontier.source_status():
            known = store.frontier.habits(source.id) if source.active else None
            if known is None or source.last_ok is None or source.first_ok is None:
                continue
            if source.outlet in languages:
                one = Watched(
                    outlet=source.outlet,
                    since=max(known.since, source.first_ok),
                    hours=known.hours,
                    until=source.last_ok,
                    group=languages[source.outlet],
                    url=source.url,
                )
                standing.setdefault(source.outlet, []).append(one)
    outlets = [
        Watched(
            outlet=key,
            since=min(source.since for source in sources),
            hours=counted.get(key, {}),
            until=max(source.until for source in sources),
            group=languages[key],
        )
        for key, sources in standing.items()
    ]
    several = (sources for sources in standing.values() if len(sources) > 1)
    return outlets, [source for sources in several for source in sources]
