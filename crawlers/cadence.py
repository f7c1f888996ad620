"""When a source is asked next: a pure policy over what its own past shows.

With `every: auto` a source is polled when it can be expected to have enough to show.
Items come at a rate that depends on the hour of the week (`crawlers.rhythm`); the next
check follows when the integral of the rate's square root reaches a threshold that is
the same for all sources and makes their requests meet the budget (`pace`). For rates
that change slowly this is the schedule of least mean delay: an item waits for half an
interval f, and minimising the sum of rate * f for a given sum of 1 / f makes 1 / f
proportional to the root of the rate (Cho & Garcia-Molina, TODS 2003; Sia, Cho & Cho,
TKDE 2007, for rates that change by the hour). An upper bound keeps the quietest source
from paying for the others.

`benchmarks/polling.py` drives these functions over traces of real feeds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from config import durations
from crawlers.rhythm import Profile, hour_of, week_hour

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
_HOUR: Final = timedelta(hours=1)

#: No habit makes a source wait longer than so many mean intervals of the budget: of
#: 12 polls a day each on average, the quietest has 7 and waits 3.4 hours (5 hours by
#: the root rule alone, and without end for one that never brings anything); of 48, 51
#: minutes.
LONGEST: Final = 1.7
#: A listing is fetched anew before more than this share of it is expected to be new.
WINDOW_SHARE: Final = 1 / 3
#: From this share of new entries on, the interval is halved at once.
CROWDED: Final = 0.8
#: What outlets say of their own rhythm is believed up to an hour: many say a day and
#: publish every ten minutes.
HINT_MOST: Final = timedelta(hours=1)
#: So many items expected within the time that a hint asks for refute it.
HINT_REFUTED: Final = 2.0
#: `every: 0s` means as often as may be, not a busy loop.
LEAST_INTERVAL: Final = timedelta(seconds=1)
#: After a gap the interval is this much shorter until polls overlap well again.
GAP_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Bounds:
    """The interval of an `auto` source lies between these."""

    least: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """What all `auto` sources share: how much makes a poll worth its request.

    `threshold` is in roots of (items an hour), times hours. No source waits longer
    than `longest` if its own bounds allow.
    """

    threshold: float
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Shown:
    """What the latest listing told. `fresh` is the share that was new to the source.

    `window` is the number of entries that it shows at a time. `gap`: it had nothing
    in common with the one before.
    """

    window: int = 0
    fresh: float = 0.0
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Hints:
    """What the outlet asks for: `ttl` in the feed (`ttl`, `sy:`), `cached` by HTTP."""

    ttl: timedelta | None = None
    cached: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """How long to wait, and why, in words that end a sentence."""

    wait: timedelta
    why: str


def pace(
    sources: Iterable[tuple[Profile, Bounds]], requests_a_day: float
) -> Pace | None:
    """The pace at which sources together ask so often; None without any source.

    Where the bounds leave no choice it is the nearest that they allow.
    """
    known = [(_roots(profile), bounds) for profile, bounds in sources]
    if not known:
        return None
    mean = DAY * len(known) / max(requests_a_day, 1e-6)
    longest = min(WEEK, max(LEAST_INTERVAL, LONGEST * mean))
    rows = [(roots, *_limits(bounds, longest)) for roots, bounds in known]
    low, high = 1e-6, 1e6
    for _ in range(40):
        middle = sqrt(low * high)
        if sum(_polls(row, middle) for row in rows) > requests_a_day * 7:
            low = middle
        else:
            high = middle
    return Pace(high, longest)


def root_rule(rate: float, polls: float) -> float:
    """The threshold at which a source of a steady rate is polled so often a day."""
    return sqrt(rate) * 24 / polls


def _roots(profile: Profile) -> tuple[float, ...]:
    return tuple(sqrt(rate) for rate in profile.rates)


def _limits(bounds: Bounds, longest: timedelta) -> tuple[float, float]:
    """The fewest and the most polls an hour."""
    most = max(bounds.least, min(bounds.most, longest))
    return _HOUR / most, _HOUR / max(bounds.least, LEAST_INTERVAL)


def _polls(row: tuple[tuple[float, ...], float, float], threshold: float) -> float:
    """How often a source is polled in a week at a threshold."""
    roots, fewest, most = row
    return sum(min(most, max(fewest, root / threshold)) for root in roots)


def polls_a_day(profile: Profile, bounds: Bounds, at: Pace) -> float:
    """How often a source is polled on an average day of a week."""
    return _polls((_roots(profile), *_limits(bounds, at.longest)), at.threshold) / 7


@dataclass(frozen=True, slots=True)
class Sight:
    """What the next check of an `auto` source follows from."""

    profile: Profile
    bounds: Bounds
    shown: Shown = Shown()
    hints: Hints = Hints()


def next_check(sight: Sight, at: Pace, now: datetime) -> Check:
    """When a source that has just answered is asked again.

    Weaker reasons first; each may only move what the ones before it said.
    """
    longest = max(sight.bounds.least, min(sight.bounds.most, at.longest))
    check = _by_habit(sight.profile, at.threshold, longest, now)
    check = _before_overrun(check, sight, now)
    check = _shortened(check, sight.shown)
    return _within(sight.bounds, _after_hints(check, sight, now))


def _within(bounds: Bounds, check: Check) -> Check:
    """The same, within what the operator allows: that is the last word."""
    if check.wait < bounds.least:
        words = f"busy: as often as `between` allows ({_spell(bounds.least)})"
        return Check(max(bounds.least, LEAST_INTERVAL), words)
    if check.wait > bounds.most:
        words = f"as seldom as `between` allows ({_spell(bounds.most)})"
        return Check(max(bounds.most, LEAST_INTERVAL), words)
    return check


def _by_habit(
    profile: Profile, threshold: float, longest: timedelta, now: datetime
) -> Check:
    wait = _until_worth(profile, threshold, longest, now)
    items = profile.expected(now, now + wait)
    if wait < longest:
        words = f"{_count(items)} expected by then, going by its habits at this hour"
        return Check(wait, words)
    return Check(longest, f"quiet at this hour ({_count(items)} expected by then)")


def _until_worth(
    profile: Profile, threshold: float, longest: timedelta, now: datetime
) -> timedelta:
    """How long until the integral of the rate's root reaches `threshold`."""
    hour, hours = hour_of(now), 0.0
    step = 1 - now.timestamp() % 3600 / 3600  # what is left of this hour
    most = longest / _HOUR
    while hours < most:
        root = sqrt(profile.rates[week_hour(hour)])
        if root * step >= threshold:
            return min(longest, (hours + threshold / root) * _HOUR)
        threshold -= root * step
        hours, step, hour = hours + step, 1.0, hour + 1
    return longest


def _before_overrun(check: Check, sight: Sight, now: datetime) -> Check:
    """The same, or sooner: before a listing can have rolled over unseen."""
    room = sight.shown.window * WINDOW_SHARE
    expected = sight.profile.expected(now, now + check.wait)
    if not room or expected <= room:
        return check
    words = f"it shows {sight.shown.window} entries, and a third will be new by then"
    return Check(check.wait * (room / expected), words)


def _shortened(check: Check, shown: Shown) -> Check:
    """Half the wait after a listing that may have left something out."""
    if shown.gap:
        words = "its last listing had nothing in common with the one before: sooner"
    elif shown.fresh >= CROWDED and shown.window:
        words = f"{shown.fresh:.0%} of what it showed was new: sooner than usual"
    else:
        return check
    return Check(check.wait * GAP_SHARE, words)


def _after_hints(check: Check, sight: Sight, now: datetime) -> Check:
    """The same, or later: when the outlet asks for it and its habits do not refute it.

    What HTTP says of the copy's lifetime holds in any case: asking within it may only
    bring the same copy.
    """
    cached = min(HINT_MOST, sight.hints.cached or timedelta(0))
    ttl = min(HINT_MOST, sight.hints.ttl or timedelta(0))
    refuted = sight.profile.expected(now, now + ttl) >= HINT_REFUTED
    hurry = sight.shown.gap or sight.shown.fresh >= CROWDED
    if ttl > max(check.wait, cached) and not refuted and not hurry:
        return Check(ttl, f"the feed asks for {_spell(ttl)} between polls")
    if cached > check.wait:
        words = f"its answer says that it holds for {_spell(cached)} (Cache-Control)"
        return Check(cached, words)
    return check


def after_failures(check: Check, failures: float) -> Check:
    """The wait of a failing source: longer by itself times its failures in a row.

    They are weighed (`refusal.Miss.weight`). Linear, at most a day, never given up:
    feeds come back from what looks like death.
    """
    if not failures:
        return check
    wait = max(check.wait, min(DAY, check.wait * (1 + failures)))
    words = f"it fails (weight {failures:g}): asked less often until it answers"
    return Check(wait, words)


def configured(every: timedelta, shown: Shown = Shown()) -> Check:
    """The wait of a source whose interval the operator set; only a gap shortens it."""
    wait = max(every, LEAST_INTERVAL)
    if shown.gap:
        return _shortened(Check(wait, ""), shown)
    return Check(wait, f"every {_spell(every)}, as configured")


def _count(items: float) -> str:
    if items >= 9.5:
        return f"{items:.0f} new items"
    return f"{items:.1f} new items"


def _spell(duration: timedelta) -> str:
    return durations.spell(timedelta(seconds=round(duration.total_seconds())))
