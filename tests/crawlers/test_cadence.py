"""When a source is asked next: the root rule, its bounds, and the words for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import cadence
from crawlers.cadence import Bounds, Check, Hints, Pace, Shown, Sight
from crawlers.rhythm import HOURS_A_WEEK, Profile

NOW = datetime(2026, 3, 4, 12, 20, tzinfo=UTC)  # a Wednesday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BOUNDS = Bounds(2 * MINUTE, 6 * HOUR)


def steady(items_an_hour: float) -> Profile:
    return Profile((items_an_hour,) * HOURS_A_WEEK)


def daytime(items_an_hour: float) -> Profile:
    """A newsroom that works from 6 to 22."""
    day = [items_an_hour if 6 <= hour < 22 else 0.01 for hour in range(24)]
    return Profile(tuple(day * 7))


# -- the pace -----------------------------------------------------------------


def test_equal_sources_share_the_budget_equally() -> None:
    sources = [(steady(1.0), BOUNDS)] * 4
    at = cadence.pace(sources, 4 * 24)
    assert at is not None
    check = cadence.next_check(Sight(*sources[0]), at, NOW)
    assert check.wait / HOUR == pytest.approx(1.0, rel=1e-3)
    assert cadence.polls_a_day(*sources[0], at) == pytest.approx(24, rel=1e-3)


def test_four_times_the_items_are_worth_twice_the_polls() -> None:
    busy, quiet = (steady(4.0), BOUNDS), (steady(1.0), BOUNDS)
    at = cadence.pace([busy, quiet], 72)
    assert at is not None
    polls = cadence.polls_a_day(*busy, at), cadence.polls_a_day(*quiet, at)
    assert polls[0] / polls[1] == pytest.approx(2, rel=1e-3)
    assert sum(polls) == pytest.approx(72, rel=1e-3)


def test_nights_are_left_alone() -> None:
    sight = Sight(daytime(2.0), BOUNDS)
    at = cadence.pace([(sight.profile, BOUNDS)], 24)
    assert at is not None
    noon = cadence.next_check(sight, at, NOW)
    midnight = cadence.next_check(sight, at, NOW.replace(hour=0))
    assert noon.wait < HOUR < midnight.wait
    assert midnight.why.startswith("quiet at this hour")


def test_a_quiet_source_waits_no_longer_than_its_share_allows() -> None:
    crowd = [(steady(10.0), BOUNDS)] * 9
    at = cadence.pace([*crowd, (steady(0.01), BOUNDS)], 240)
    assert at is not None
    check = cadence.next_check(Sight(steady(0.01), BOUNDS), at, NOW)
    assert check.wait == 1.7 * HOUR  # docs/polling.md says so


def test_without_sources_there_is_no_pace() -> None:
    assert cadence.pace([], 100) is None


@settings(deadline=None)  # a machine with other work is slow
@given(
    rates=st.lists(st.floats(0, 1e4), min_size=1, max_size=5),
    budget=st.floats(0, 1e6),
)
def test_whatever_the_budget_a_wait_is_within_its_bounds(
    rates: list[float], budget: float
) -> None:
    sources = [(steady(rate), BOUNDS) for rate in rates]
    at = cadence.pace(sources, budget)
    assert at is not None
    for profile, bounds in sources:
        check = cadence.next_check(Sight(profile, bounds), at, NOW)
        assert bounds.least <= check.wait <= bounds.most
        assert check.why
        asked = Sight(profile, bounds, hints=Hints(cached=cadence.DAY))
        assert cadence.next_check(asked, at, NOW).wait <= bounds.most


# -- one decision -------------------------------------------------------------

HOURLY = Pace(1.0, 12 * HOUR)  # a steady item an hour is worth a poll an hour


@pytest.mark.parametrize(
    ("sight", "wait", "why"),
    [
        pytest.param(Sight(steady(1), BOUNDS), HOUR, "1.0 new items", id="its habits"),
        pytest.param(
            Sight(steady(0), BOUNDS), 6 * HOUR, "quiet at this hour", id="quiet"
        ),
        pytest.param(Sight(steady(1e6), BOUNDS), 2 * MINUTE, "`between`", id="busy"),
        pytest.param(
            Sight(steady(1), BOUNDS, Shown(window=1)),
            HOUR / 3,
            "shows 1 entries, and a third",
            id="a narrow window",
        ),
        pytest.param(
            Sight(steady(1), BOUNDS, Shown(30, fresh=0.9)),
            HOUR / 2,
            "90% of what it showed was new",
            id="nearly all was new",
        ),
        pytest.param(
            Sight(steady(1), BOUNDS, Shown(30, fresh=1.0, gap=True)),
            HOUR / 2,
            "nothing in common",
            id="a gap",
        ),
        pytest.param(
            Sight(steady(4), BOUNDS, hints=Hints(ttl=HOUR)),
            HOUR / 2,
            "expected by then",
            id="a ttl that its habits refute",
        ),
        pytest.param(
            Sight(steady(1.5), BOUNDS, hints=Hints(ttl=HOUR)),
            HOUR,
            "the feed asks for 1h",
            id="a ttl that they do not",
        ),
        pytest.param(
            Sight(steady(1.5), BOUNDS, Shown(30, 1.0, gap=True), Hints(ttl=HOUR)),
            HOUR / 2 / 1.5**0.5,
            "nothing in common",
            id="a ttl after a gap",
        ),
        pytest.param(
            Sight(steady(16), BOUNDS, hints=Hints(cached=20 * MINUTE)),
            20 * MINUTE,
            "Cache-Control",
            id="a copy that holds",
        ),
        pytest.param(
            Sight(steady(16), BOUNDS, hints=Hints(cached=timedelta(days=30))),
            HOUR,
            "Cache-Control",
            id="a copy that holds for a month, believed for an hour",
        ),
        pytest.param(
            Sight(steady(16), Bounds(MINUTE, 10 * MINUTE), hints=Hints(HOUR, HOUR)),
            10 * MINUTE,
            "as seldom as `between` allows (10m)",
            id="hints beyond what the operator allows",
        ),
    ],
)
def test_next_check(sight: Sight, wait: timedelta, why: str) -> None:
    check = cadence.next_check(sight, HOURLY, NOW)
    assert check.wait / MINUTE == pytest.approx(wait / MINUTE)
    assert why in check.why


def test_an_operator_s_interval_is_kept() -> None:
    assert cadence.configured(10 * MINUTE) == Check(
        10 * MINUTE, "every 10m, as configured"
    )
    assert cadence.configured(timedelta(0)).wait == cadence.LEAST_INTERVAL
    after_gap = cadence.configured(10 * MINUTE, Shown(10, 1.0, gap=True))
    assert after_gap.wait == 5 * MINUTE
    assert "nothing in common" in after_gap.why


@pytest.mark.parametrize(
    ("every", "failures", "expected"),
    [
        pytest.param(15 * MINUTE, 0, 15 * MINUTE, id="none"),
        pytest.param(15 * MINUTE, 3, 60 * MINUTE, id="longer by one a failure"),
        pytest.param(15 * MINUTE, 0.5, 22.5 * MINUTE, id="half a failure"),
        pytest.param(15 * MINUTE, 10**6, cadence.DAY, id="a day at most"),
        pytest.param(3 * cadence.DAY, 5, 3 * cadence.DAY, id="never under it"),
    ],
)
def test_failures(every: timedelta, failures: float, expected: timedelta) -> None:
    check = cadence.after_failures(Check(every, "as configured"), failures)
    assert check.wait == expected
    assert ("less often" in check.why) == bool(failures)
