"""When a host is left alone, and for how long."""

from __future__ import annotations

import pytest

from crawlers import breaker
from crawlers.breaker import Breaker


def after(answers: str, *, every: float) -> tuple[Breaker, list[float]]:
    """The breaker after answers, "f" failed and "." good, so many seconds apart."""
    state, holds = Breaker(), []
    for number, answer in enumerate(answers):
        if answer == ".":
            state = breaker.answered(state, number * every)
        else:
            state, held = breaker.failed(state, number * every, 0.0)
            holds.append(held)
    return state, holds


@pytest.mark.parametrize(
    ("answers", "opens"),
    [
        pytest.param("ffff", False, id="four in a row"),
        pytest.param("fffff", True, id="five in a row"),
        pytest.param("ffff.ffff", False, id="an answer between"),
        pytest.param("f." * 9 + "f", False, id="half of nineteen"),
        pytest.param(".f" * 10, True, id="half of twenty"),
        pytest.param("..f" * 20, False, id="a third"),
    ],
)
def test_opens(answers: str, opens: bool) -> None:
    _, holds = after(answers, every=30.0)
    assert (max(holds) > 0) is opens


@pytest.mark.parametrize("answers", ["f" * 50, ".f" * 25])
def test_failures_of_one_moment_do_not_open_it(answers: str) -> None:
    _, holds = after(answers, every=0.5)
    assert max(holds) == 0


def test_each_failed_probe_doubles_the_hold_up_to_the_cap() -> None:
    _, holds = after("f" * 16, every=60.0)
    assert holds[4:8] == [300.0, 600.0, 1200.0, 2400.0]
    assert holds[-1] == breaker.MOST


def test_a_probe_that_is_answered_closes_it() -> None:
    state, _ = after("fffffff.", every=60.0)
    assert state == Breaker()


def test_a_month_of_failures_makes_it_a_day() -> None:
    assert breaker.hold(20, breaker.LONG - 1) == breaker.MOST
    assert breaker.hold(20, breaker.LONG) == breaker.MOST_AFTER_LONG


def test_holds_of_hosts_that_failed_together_differ() -> None:
    state, _ = after("ffff", every=60.0)
    held = {breaker.failed(state, 240.0, jitter)[1] for jitter in (-1.0, 0.0, 1.0)}
    assert held == {240.0, 300.0, 360.0}
