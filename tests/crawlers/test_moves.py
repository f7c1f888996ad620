"""When a moved source is asked at its new address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.moves import STABLE_POLLS, adopted, answered, failed
from pipelines.outcome import Outcome
from pipelines.store.sources import Move

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, NEW, THIRD = (
    "https://a.example/rss",
    "https://a.example/feed",
    "https://b.example/",
)
HOUR = timedelta(hours=1)


def polled(finals: list[str], every: timedelta, moved: bool = True) -> Move | None:
    known = None
    for number, final in enumerate(finals):
        known = answered(known, OLD, final, moved, NOW + number * every)
    return known


def test_three_polls_over_a_day_are_believed() -> None:
    move = polled([NEW] * STABLE_POLLS, 12 * HOUR)
    assert move == Move(NEW, 3, NOW)
    assert adopted(move, NOW + 24 * HOUR)


@pytest.mark.parametrize(
    ("finals", "every"),
    [
        pytest.param([NEW, NEW], 24 * HOUR, id="two polls"),
        pytest.param([NEW] * 30, HOUR / 2, id="half a day"),
        pytest.param([NEW, NEW, OLD, NEW, NEW], 12 * HOUR, id="back between"),
        pytest.param([NEW, NEW, THIRD, NEW], 12 * HOUR, id="elsewhere between"),
    ],
)
def test_less_is_not(finals: list[str], every: timedelta) -> None:
    move = polled(finals, every)
    at = NOW + (len(finals) - 1) * every
    assert move is not None
    assert not adopted(move, at)


def test_a_redirect_for_now_moves_nothing() -> None:
    assert polled([NEW] * 9, 12 * HOUR, moved=False) is None


def test_an_adopted_address_stays_while_it_answers() -> None:
    move = Move(NEW, 3, NOW)
    assert answered(move, NEW, NEW, False, NOW + 48 * HOUR) == Move(NEW, 4, NOW)
    assert failed(move, NEW, Outcome.FAILED, unreachable=False) == move


@pytest.mark.parametrize(
    ("outcome", "unreachable"),
    [(Outcome.GONE, False), (Outcome.DENIED, False), (Outcome.FAILED, True)],
)
def test_a_lost_one_gives_way_to_the_config(
    outcome: Outcome, unreachable: bool
) -> None:
    move = Move(NEW, 3, NOW)
    assert failed(move, NEW, outcome, unreachable) is None
    assert failed(move, OLD, outcome, unreachable) == move


def test_an_adopted_address_that_moves_on_starts_anew() -> None:
    move = answered(Move(NEW, 3, NOW), NEW, THIRD, True, NOW + 48 * HOUR)
    assert move == Move(THIRD, 1, NOW + 48 * HOUR)
