"""How much slower a host is asked, by how it answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawlers import pace
from crawlers.pace import Pace


def usual(latency: float, count: int = 200) -> Pace:
    state = Pace()
    for _ in range(count):
        state = pace.answered(state, latency)
    return state


def test_a_host_that_is_well_gets_the_configured_gap() -> None:
    assert pace.gap(2.0, usual(0.3)) == 2.0
    assert pace.gap(0.0, usual(0.3)) == 0.0


def test_refusals_double_the_gap_and_good_answers_take_it_back() -> None:
    state = pace.refused(pace.refused(usual(0.3)))
    assert pace.gap(2.0, state) == 8.0
    gaps = []
    for _ in range(40):
        state = pace.answered(state, 0.3)
        gaps.append(pace.gap(2.0, state))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[5] > 4.0
    assert gaps[-1] == 2.0


def test_refusals_are_felt_where_no_gap_is_configured() -> None:
    assert pace.gap(0.0, pace.refused(Pace())) == pace.LEAST_GAP * pace.BACK_OFF


def test_a_server_that_becomes_slow_gets_a_gap_in_proportion() -> None:
    state = usual(0.5)
    for _ in range(10):
        state = pace.answered(state, 4.0)
    assert 6.0 < pace.gap(2.0, state) < 16.0
    for _ in range(20):
        state = pace.answered(state, 0.5)
    assert pace.gap(2.0, state) == 2.0


def test_slow_from_the_start_is_how_it_is() -> None:
    assert pace.gap(2.0, usual(4.0)) == 2.0


def test_one_slow_page_is_no_trend() -> None:
    assert pace.gap(2.0, pace.answered(usual(0.8), 1.5)) == 2.0


def test_milliseconds_are_no_trouble() -> None:
    state = usual(0.005)
    for _ in range(20):
        state = pace.answered(state, 0.2)
    assert pace.gap(2.0, state) == 2.0


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 300)), max_size=60),
    st.floats(0, 600),
)
def test_the_gap_is_never_shorter_than_configured_nor_without_bound(
    answers: list[float | None], configured: float
) -> None:
    state = Pace()
    for seconds in answers:
        refused = seconds is None
        state = pace.refused(state) if refused else pace.answered(state, seconds)
    assert configured <= pace.gap(configured, state) <= max(configured, pace.MOST_GAP)
