"""The habits of a source, by hour of the week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import rhythm
from crawlers.rhythm import History

NOW = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


def weeks(count: int, items: dict[int, float]) -> History:
    """So many weeks up to NOW, each with the items of some hours of the week."""
    first = rhythm.hour_of(NOW) - count * rhythm.HOURS_A_WEEK
    hours = {
        first + week * rhythm.HOURS_A_WEEK + hour: n
        for week in range(count)
        for hour, n in items.items()
    }
    return History(NOW - count * 7 * DAY, hours)


def test_hours_of_the_week_begin_on_monday() -> None:
    assert rhythm.week_hour(rhythm.hour_of(NOW)) == 0
    assert rhythm.week_hour(rhythm.hour_of(NOW - timedelta(seconds=1))) == 167


def test_a_source_of_which_nothing_is_known() -> None:
    found = rhythm.profile(History(NOW, {}), NOW)
    assert 7 < found.daily < 8.1
    assert max(found.rates) < 1.5 * min(found.rates)


def test_the_level_is_learnt() -> None:
    every_hour = weeks(4, dict.fromkeys(range(168), 2.0))
    found = rhythm.profile(every_hour, NOW)
    assert found.daily == pytest.approx(48, rel=0.05)
    assert found.at(NOW) == pytest.approx(2, rel=0.1)


def test_nights_and_weekends_are_learnt() -> None:
    working = {d * 24 + h: 3.0 for d in range(5) for h in range(8, 18)}
    found = rhythm.profile(weeks(4, working), NOW)
    monday_noon, monday_night = NOW + timedelta(hours=12), NOW + timedelta(hours=2)
    saturday_noon = monday_noon + 5 * DAY
    assert found.at(monday_noon) > 1.9
    assert found.at(monday_night) < 0.2
    assert found.at(saturday_noon) < found.at(monday_noon) / 4


def test_old_habits_are_forgotten() -> None:
    long_ago = {rhythm.hour_of(NOW) - 24 * 60: 1000.0}
    found = rhythm.profile(History(NOW - 90 * DAY, long_ago), NOW)
    assert found.daily < 1


def test_the_last_days_move_the_level() -> None:
    steady = weeks(4, dict.fromkeys(range(168), 2.0))
    holidays = {
        hour: n
        for hour, n in steady.hours.items()
        if hour < rhythm.hour_of(NOW - 2 * DAY)
    }
    silent = rhythm.profile(History(steady.since, holidays), NOW)
    assert silent.daily < 0.6 * rhythm.profile(steady, NOW).daily


@given(start=st.floats(0, 400), length=st.floats(0, 400), hour=st.integers(0, 167))
def test_what_is_expected_adds_up(start: float, length: float, hour: int) -> None:
    rates = [0.5] * 168
    rates[hour] = 7.0
    found = rhythm.Profile(tuple(rates))
    begin = NOW + timedelta(hours=start)
    middle, end = (begin + timedelta(hours=length * x) for x in (0.4, 1))
    parts = found.expected(begin, middle) + found.expected(middle, end)
    assert parts == pytest.approx(found.expected(begin, end), abs=1e-4)
    week = timedelta(weeks=1)
    assert found.expected(begin, begin + week) == pytest.approx(90.5, abs=1e-3)


@given(
    st.dictionaries(st.integers(-2000, 100), st.floats(0, 1e5), max_size=50),
    st.integers(0, 100),
)
def test_any_history_has_a_rhythm(items: dict[int, float], days: int) -> None:
    hours = {rhythm.hour_of(NOW) + hour: n for hour, n in items.items()}
    found = rhythm.profile(History(NOW - days * DAY, hours), NOW)
    assert len(found.rates) == 168
    assert all(0 < rate < 1e9 for rate in found.rates)
