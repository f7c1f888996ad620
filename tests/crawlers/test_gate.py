"""The host gate: one in flight, the gap, holds and the breaker, on a fake clock."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawlers import breaker
from crawlers.gate import HOLD_MOST, Closed, HostGate, HostHeld
from crawlers.turnstile import Turnstile


class Clock:
    """Monotonic seconds that only move when told, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("crawlers.gate.asyncio.sleep", made.sleep)
    return made


def gate_with(clock: Clock, delay: float) -> HostGate:
    return HostGate(lambda host: delay, clock=clock, jitter=lambda: 0.0)


async def started_at(gate: HostGate, clock: Clock, host: str, takes: float) -> float:
    async with gate.turn(host):
        start = clock.now
        clock.now += takes
    return start


def test_the_gap_runs_from_the_end_of_a_request_to_the_start_of_the_next(
    clock: Clock,
) -> None:
    async def run() -> list[float]:
        gate = gate_with(clock, 2.0)
        return [await started_at(gate, clock, "a", takes=5.0) for _ in range(3)]

    assert asyncio.run(run()) == [1000.0, 1007.0, 1014.0]


def test_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    async def run() -> list[float]:
        gate = gate_with(clock, 60.0)
        return [await started_at(gate, clock, host, 0.0) for host in "abc"]

    assert asyncio.run(run()) == [1000.0] * 3


def test_only_one_request_a_host_is_in_flight() -> None:
    async def run() -> int:
        gate = HostGate(lambda host: 0.0)
        running = most = 0

        async def work() -> None:
            nonlocal running, most
            async with gate.turn("a"):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1

        await asyncio.gather(*(work() for _ in range(20)))
        return most

    assert asyncio.run(run()) == 1


def test_ready_in_is_none_while_a_request_runs(clock: Clock) -> None:
    async def run() -> tuple[float | None, float | None, float | None]:
        gate = gate_with(clock, 3.0)
        before = gate.ready_in("a")
        async with gate.turn("a"):
            during = gate.ready_in("a")
        return before, during, gate.ready_in("a")

    assert asyncio.run(run()) == (0.0, None, 3.0)


def test_a_gap_follows_a_request_that_failed(clock: Clock) -> None:
    async def run() -> float | None:
        gate = gate_with(clock, 3.0)
        with pytest.raises(RuntimeError):
            async with gate.turn("a"):
                raise RuntimeError
        return gate.ready_in("a")

    assert asyncio.run(run()) == 3.0


def test_a_short_hold_is_waited_out_and_a_long_one_refused(clock: Clock) -> None:
    async def run() -> float:
        gate = gate_with(clock, 0.0)
        gate.hold("a", 10, "Retry-After: 10")
        start = await started_at(gate, clock, "a", takes=0.0)
        gate.hold("a", 3600, "Retry-After: 3600")
        with pytest.raises(HostHeld, match="Retry-After: 3600"):
            await started_at(gate, clock, "a", takes=0.0)
        return start

    assert asyncio.run(run()) == 1010.0


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        pytest.param(-5, 0.0, id="negative is none"),
        pytest.param(90, 90.0, id="as asked"),
        pytest.param(10**9, HOLD_MOST, id="at most a day"),
    ],
)
def test_holds_are_clamped(clock: Clock, asked: float, held: float) -> None:
    gate = gate_with(clock, 0.0)
    gate.hold("a", asked, "asked")
    assert gate.held_for("a") == held


def test_a_longer_hold_is_not_shortened(clock: Clock) -> None:
    gate = gate_with(clock, 0.0)
    gate.hold("a", 600, "long")
    gate.hold("a", 60, "short")
    assert (gate.held_for("a"), gate.reason("a")) == (600.0, "long")


def test_the_breaker_opens_after_failures_in_a_row_and_forgets_on_an_answer(
    clock: Clock,
) -> None:
    gate = gate_with(clock, 0.0)
    holds = []
    for _ in range(breaker.IN_A_ROW):
        holds.append(gate.failed("a"))
        clock.now += breaker.OVER
    assert holds == [0.0] * (breaker.IN_A_ROW - 1) + [breaker.FIRST]
    assert gate.held_for("a") == breaker.FIRST - breaker.OVER
    assert gate.reason("a") == "5 failures in a row"
    gate.answered("a")
    assert gate.failed("a") == 0.0


def test_many_broken_pages_in_a_moment_are_no_host_that_is_down(clock: Clock) -> None:
    gate = gate_with(clock, 0.0)
    assert [gate.failed("a") for _ in range(40)] == [0.0] * 40
    clock.now += breaker.OVER
    assert gate.failed("a") > 0


def test_what_is_known_of_a_host_outlives_the_process(clock: Clock) -> None:
    gate = gate_with(clock, 2.0)
    for _ in range(breaker.IN_A_ROW):
        gate.failed("a")
        clock.now += breaker.OVER
    gate.refused("a")
    after = gate_with(clock, 2.0)
    after.recall("a", gate.remembered("a"))
    assert after.held_for("a") == gate.held_for("a") > 0
    assert after.gap("a") == gate.gap("a") == 4.0
    clock.now += 600
    assert after.failed("a") == 2 * breaker.FIRST  # the probe failed


def test_a_host_of_which_nothing_is_known_need_not_be_remembered(clock: Clock) -> None:
    gate = gate_with(clock, 0.0)
    gate.answered("a", 0.2)
    assert gate.remembered("a").plain


def test_a_server_that_wants_less_gets_a_longer_gap_and_again_a_short_one(
    clock: Clock,
) -> None:
    gate = gate_with(clock, 2.0)
    gate.refused("a")
    gate.refused("a")
    assert gate.gap("a") == 8.0
    for _ in range(40):
        gate.answered("a", 0.1)
    assert gate.gap("a") == 2.0


def test_a_used_up_budget_closes_the_host(clock: Clock) -> None:
    closed = Closed(3 * 3600.0, "its budget of 3 requests a day is used up")
    budgets: dict[str, Closed] = {}
    gate = HostGate(lambda host: 0.0, clock=clock, budget=budgets.get)

    async def run() -> None:
        await started_at(gate, clock, "a", 0.0)
        budgets["a"] = closed
        with pytest.raises(HostHeld, match="its budget of 3"):
            await started_at(gate, clock, "a", 0.0)
        await started_at(gate, clock, "b", 0.0)

    asyncio.run(run())
    assert gate.held("its budget") == ["a"]
    gate.release(["a"])
    assert gate.held_for("a") == 0.0


def test_the_gap_and_holds_of_another_process_count(
    clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "presswatch.db.gate"

    def process() -> HostGate:
        turns = Turnstile(file, clock=clock)
        return HostGate(lambda host: 5.0, clock=clock, turnstile=turns)

    async def run() -> tuple[float, float]:
        one, other = process(), process()
        await started_at(one, clock, "a", takes=1.0)
        second = await started_at(other, clock, "a", takes=0.0)
        clock.now += 60
        async with one.turn("a"):
            one.hold("a", 3600, "HTTP 429, Retry-After: 3600")
        with pytest.raises(HostHeld, match="another presswatch process"):
            await started_at(other, clock, "a", takes=0.0)
        return second, other.held_for("a")

    assert asyncio.run(run()) == (1006.0, 3600.0)
