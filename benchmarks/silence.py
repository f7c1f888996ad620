"""Alerts for silent outlets: how soon they come, how often for nothing.

    python -m benchmarks.silence [--seeds 5] [--outlets 40] [--days 60] [--json]

Simulates outlets by the hour: from 2 to 200 items a day, nights, weekends, holidays
that all outlets of a language share, bursts; from items at random (Poisson) to those
of a newsroom with a plan. A quarter of them fall silent at a random hour after the
first 30 days. `service.silence`, the code that ships, is asked every two hours, with
the clock of the simulation.

Printed are, for outlets with at least five items a day and for those with fewer, how
many silences there were and were told within a day (three days for the latter), and
the longest delay; and the false alerts in 100 outlet-weeks. Nothing depends on the
machine.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cos, exp, log, pi
from typing import Final

from service import silence
from service.silence import Habit, Watched

START: Final = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday; Christmas is within
HOUR: Final = timedelta(hours=1)
LANGUAGES: Final = ("de", "en", "fr")
#: Silences begin after so many days, and end so many before the end.
LEARNT: Final = 30
LEFT: Final = 5
FEW: Final = 5.0  # items a day
STEP: Final = 2  # hours between two looks


@dataclass(slots=True)
class Outlet:
    """One simulated outlet: its items by the hour, and when it falls silent."""

    key: str
    language: str
    daily: float
    hours: dict[int, int]
    silent_from: int | None = None
    told_at: int | None = None
    false_alerts: int = 0


@dataclass(slots=True)
class Figures:
    """What came of it. Delays in hours, by the true number of items a day."""

    busy: list[int | None] = field(default_factory=list)
    few: list[int | None] = field(default_factory=list)
    false_alerts: int = 0
    outlet_weeks: float = 0.0

    @property
    def false_per_100(self) -> float:
        return 100 * self.false_alerts / self.outlet_weeks

    def within(self) -> tuple[float, float]:
        """The shares told within 24 hours, and 72 for outlets with few items."""
        return _share(self.busy, 24), _share(self.few, 72)

    def add(self, other: Figures) -> None:
        self.busy += other.busy
        self.few += other.few
        self.false_alerts += other.false_alerts
        self.outlet_weeks += other.outlet_weeks


def _share(delays: Sequence[int | None], most: int) -> float:
    good = sum(delay is not None and delay <= most for delay in delays)
    return good / len(delays) if delays else 1.0


def simulate(seed: int, count: int = 40, days: int = 60) -> Figures:
    """One run of so many outlets over so many days."""
    rng = random.Random(seed)
    holidays = {language: _holidays(rng, days) for language in LANGUAGES}
    outlets = [_outlet(rng, number, days, holidays) for number in range(count)]
    for outlet in rng.sample(outlets, count // 4):
        outlet.silent_from = rng.randrange(LEARNT * 24, (days - LEFT) * 24)
    _watch(outlets, days)
    figures = Figures(outlet_weeks=count * days / 7)
    for outlet in outlets:
        figures.false_alerts += outlet.false_alerts
        if outlet.silent_from is not None:
            told, group = outlet.told_at, figures.few
            if outlet.daily >= FEW:
                group = figures.busy
            group.append(None if told is None else told - outlet.silent_from)
    return figures


def _holidays(rng: random.Random, days: int) -> set[int]:
    """Christmas, and a few days of a country's own."""
    return {53, 54} | set(rng.sample(range(days), 3))


def _outlet(
    rng: random.Random, number: int, days: int, holidays: dict[str, set[int]]
) -> Outlet:
    language = LANGUAGES[number % len(LANGUAGES)]
    daily = exp(rng.uniform(log(2), log(200)))
    rates = _rates(rng, daily, days, holidays[language])
    regular = rng.choice((1, 2, 4))  # items a plan gathers: 1 is none
    first = int(START.timestamp() // 3600)
    hours: dict[int, int] = {}
    owed = rng.gammavariate(regular, 1 / regular)
    for hour, rate in enumerate(rates):
        owed -= rate
        while owed <= 0:
            hours[first + hour] = hours.get(first + hour, 0) + 1
            owed += rng.gammavariate(regular, 1 / regular)
    return Outlet(f"outlet-{number}", language, daily, hours)


def _rates(
    rng: random.Random, daily: float, days: int, holidays: set[int]
) -> list[float]:
    zone, swing = rng.uniform(0, 24), rng.uniform(0.5, 0.95)
    weekend, holiday = rng.uniform(0.3, 1.0), rng.uniform(0.2, 0.6)
    mean = (5 + 2 * weekend) / 7
    rates = []
    for hour in range(days * 24):
        day = hour // 24
        rate = daily / 24 / mean * (1 + swing * cos(2 * pi * (hour - zone) / 24))
        rate *= weekend if day % 7 >= 5 else 1.0
        rate *= holiday if day in holidays else 1.0
        rate *= 3.0 if rng.random() < 0.01 else 1.0
        rates.append(rate)
    return rates


def _watch(outlets: Sequence[Outlet], days: int) -> None:
    """Looks at the outlets every two hours, and notes when alerts open."""
    first = int(START.timestamp() // 3600)
    known: dict[tuple[str, datetime], Habit] = {}

    def habits(one: Watched) -> Habit:
        key = (one.outlet, one.last)
        if key not in known:
            known[key] = silence.habit(one)
        return known[key]

    seen: dict[str, dict[int, float]] = {outlet.key: {} for outlet in outlets}
    open_alerts: set[str] = set()
    for hour in range(STEP, days * 24, STEP):
        now = START + hour * HOUR
        for outlet in outlets:
            _observe(outlet, seen[outlet.key], first, hour)
        watched = [
            Watched(one.key, START, seen[one.key], now, one.language) for one in outlets
        ]
        due = {
            n.key.partition(":")[2] for n in silence.notices(watched, [], now, habits)
        }
        for outlet in outlets:
            if outlet.key in due - open_alerts:
                _note(outlet, hour)
        open_alerts = due


def _observe(outlet: Outlet, seen: dict[int, float], first: int, hour: int) -> None:
    """The items of the last hours, unless the outlet is silent by now."""
    for each in range(hour - STEP, hour):
        silent = outlet.silent_from is not None and each >= outlet.silent_from
        if not silent and first + each in outlet.hours:
            seen[first + each] = float(outlet.hours[first + each])


def _note(outlet: Outlet, hour: int) -> None:
    if outlet.silent_from is None or hour < outlet.silent_from:
        outlet.false_alerts += 1
    elif outlet.told_at is None:
        outlet.told_at = hour


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--outlets", type=int, default=40)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args(arguments)
    total = Figures()
    for seed in range(told.seeds):
        total.add(simulate(seed, told.outlets, told.days))
    print(json.dumps(as_json(total)) if told.json else _table(total))


def as_json(figures: Figures) -> dict[str, object]:
    """The figures for programs."""
    busy, few = figures.within()
    return {
        "busy": len(figures.busy),
        "busy_within_24h": busy,
        "few": len(figures.few),
        "few_within_72h": few,
        "delays_busy": figures.busy,
        "delays_few": figures.few,
        "false_alerts": figures.false_alerts,
        "outlet_weeks": round(figures.outlet_weeks),
        "false_per_100_outlet_weeks": figures.false_per_100,
    }


def _table(figures: Figures) -> str:
    busy, few = figures.within()
    rows = [
        ("five items a day or more", figures.busy, busy, 24),
        ("fewer than five", figures.few, few, 72),
    ]
    lines = [
        f"{name:25} {len(delays):3} silences, {share:4.0%} told within {most} h,"
        f" the last after {_latest(delays)}"
        for name, delays, share, most in rows
    ]
    lines.append(
        f"{figures.false_alerts} false alerts in {figures.outlet_weeks:.0f}"
        f" outlet-weeks ({figures.false_per_100:.2f} in 100)"
    )
    return "\n".join(lines)


def _latest(delays: Sequence[int | None]) -> str:
    if None in delays:
        return "the end"
    return f"{max((d for d in delays if d is not None), default=0)} h"


if __name__ == "__main__":
    main(sys.argv[1:])
