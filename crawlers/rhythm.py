"""The habits of a source: at which rate it brings new items, by hour of the week.

A level (items a day over four weeks) is shaped by the hour of the day and the day of
the week; each is drawn towards the mean where there is little to go by, so that a
source of which nothing is known has a rhythm, too. Hours are UTC. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

HOUR: Final = timedelta(hours=1)
HOURS_A_WEEK: Final = 168

#: How far the past counts: four of each weekday.
MEMORY: Final = timedelta(days=28)
#: A source of which nothing is known counts as one that brings 8 items a day; half a
#: day of its own past weighs as much.
PRIOR_DAYS: Final = 0.5
PRIOR_ITEMS: Final = 4.0
PRIOR_RATE: Final = PRIOR_ITEMS / PRIOR_DAYS / 24  # items an hour
#: Pseudo-items by which an hour of the day, a day of the week and the last two days
#: are drawn towards the mean.
HOUR_PRIOR: Final = 1.0
DAY_PRIOR: Final = 10.0
TREND_PRIOR: Final = 10.0
TREND_HOURS: Final = 48
TREND_MOST: Final = 2.0
#: Shares of an hour's items that its neighbours would as well have had.
_BLUR: Final = (0.25, 0.5, 0.25)

#: 1970-01-01 was a Thursday; weeks begin on Monday.
_FIRST_HOUR: Final = 3 * 24


@dataclass(frozen=True, slots=True)
class History:
    """Items that were new to a source, counted by the hour.

    `since` is from when on they were counted, `hours` their number by hours since
    1970 (UTC); hours without any need not be there.
    """

    since: datetime
    hours: Mapping[int, float]

    def items(self, now: datetime) -> float:
        """How many there were within the memory."""
        first = hour_of(now - MEMORY)
        return sum(n for hour, n in self.hours.items() if hour >= first)


@dataclass(frozen=True, slots=True)
class Profile:
    """Items an hour for each hour of the week, from Monday 00:00 UTC on."""

    rates: tuple[float, ...]

    @property
    def daily(self) -> float:
        """Items a day, over the week."""
        return sum(self.rates) / 7

    def at(self, when: datetime) -> float:
        """Items an hour at a time."""
        return self.rates[week_hour(hour_of(when))]

    def expected(self, start: datetime, end: datetime) -> float:
        """Items that are to be expected between two times."""
        first, last = start.timestamp() / 3600, end.timestamp() / 3600
        return self._until(last) - self._until(first)

    def _until(self, hours: float) -> float:
        """The integral of the rate from the beginning of 1970's first week on."""
        whole, sums = int(hours // 1), _sums(self.rates)
        weeks, hour = divmod(whole + _FIRST_HOUR, HOURS_A_WEEK)
        part = (hours - whole) * self.rates[hour]
        return weeks * sums[-1] + sums[hour] + part


def hour_of(when: datetime) -> int:
    """Full hours since 1970."""
    return int(when.timestamp() // 3600)


def week_hour(hour: int) -> int:
    """Which hour of the week an hour since 1970 is; 0 is Monday 00:00 UTC."""
    return (hour + _FIRST_HOUR) % HOURS_A_WEEK


def profile(history: History, now: datetime) -> Profile:
    """The habits that a history shows as of `now`."""
    start = max(history.since, now - MEMORY)
    first, last = hour_of(start), max(hour_of(now), hour_of(start))
    counted = _Counted(first, last, _within(history.hours, first, last))
    level = (sum(counted.items.values()) + PRIOR_ITEMS) / (counted.days + PRIOR_DAYS)
    by_hour = counted.by_hour(level / 24)
    by_day = counted.by_day(by_hour)
    trend = counted.trend(by_hour, by_day)
    return Profile(tuple(trend * d * h for d in by_day for h in by_hour))


def _within(hours: Mapping[int, float], first: int, last: int) -> dict[int, float]:
    return {hour: n for hour, n in hours.items() if first <= hour <= last}


@dataclass(frozen=True, slots=True)
class _Counted:
    """The items of the hours from `first` to `last`."""

    first: int
    last: int
    items: Mapping[int, float]

    @property
    def days(self) -> float:
        return (self.last - self.first + 1) / 24

    def by_hour(self, level: float) -> list[float]:
        """Items an hour for each hour of the day, given the mean of all."""
        seen = [0.0] * 24
        for hour, n in self.items.items():
            for shift, share in zip((-1, 0, 1), _BLUR, strict=True):
                seen[(hour + shift) % 24] += share * n
        days = [self._times(hour, 24) for hour in range(24)]
        weight = HOUR_PRIOR / level
        return [
            (n + HOUR_PRIOR) / (d + weight) for n, d in zip(seen, days, strict=True)
        ]

    def by_day(self, by_hour: list[float]) -> list[float]:
        """By how much each day of the week differs from the mean."""
        seen, expected = [DAY_PRIOR] * 7, [DAY_PRIOR] * 7
        for hour, n in self.items.items():
            seen[week_hour(hour) // 24] += n
        for hour in range(HOURS_A_WEEK):
            there = self._times(hour - _FIRST_HOUR, HOURS_A_WEEK)
            expected[hour // 24] += there * by_hour[hour % 24]
        return [n / e for n, e in zip(seen, expected, strict=True)]

    def trend(self, by_hour: list[float], by_day: list[float]) -> float:
        """By how much the last days differ from what was to be expected of them."""
        start = max(self.first, self.last - TREND_HOURS)
        hours = range(start, self.last)
        seen = sum(self.items.get(hour, 0.0) for hour in hours)
        expected = sum(by_day[week_hour(h) // 24] * by_hour[h % 24] for h in hours)
        trend = (seen + TREND_PRIOR) / (expected + TREND_PRIOR)
        return min(TREND_MOST, max(1 / TREND_MOST, trend))

    def _times(self, residue: int, modulus: int) -> int:
        """How many of the hours are congruent to `residue`."""
        below = (self.last - residue) // modulus
        return below - (self.first - 1 - residue) // modulus


def _sums(rates: tuple[float, ...]) -> list[float]:
    return [0.0, *accumulate(rates)]
