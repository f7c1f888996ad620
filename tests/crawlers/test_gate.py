"""The host gate: one in flight, the gap, holds and the breaker, on a fake clock."""

from __future__ import annotations

import asyncio

import pytest

from crawlers.gate import (
    BREAKER_AFTER,
    BREAKER_FIRST,
    BREAKER_MOST,
    BREAKER_OVER,
    HOLD_MOST,
    HostGate,
    HostHeld,
    breaker_hold,
)


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
    return HostGate(lambda host: delay, clock=clock)


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
    for _ in range(BREAKER_AFTER):
        holds.append(gate.failed("a"))
        clock.now += BREAKER_OVER
    assert holds == [0.0] * (BREAKER_AFTER - 1) + [BREAKER_FIRST]
    assert gate.held_for("a") == BREAKER_FIRST - BREAKER_OVER
    gate.answered("a")
    assert gate.failed("a") == 0.0


def test_many_broken_pages_in_a_moment_are_no_host_that_is_down(clock: Clock) -> None:
    gate = gate_with(clock, 0.0)
    assert [gate.failed("a") for _ in range(40)] == [0.0] * 40
    clock.now += BREAKER_OVER
    assert gate.failed("a") > 0
    assert gate.reason("a") == "41 failures in a row"


def test_the_breaker_grows_to_its_cap_and_never_closes_a_host_for_good() -> None:
    holds = [breaker_hold(n) for n in range(BREAKER_AFTER, BREAKER_AFTER + 40)]
    assert holds == sorted(holds)
    assert holds[1] == 2 * BREAKER_FIRST
    assert holds[-1] == BREAKER_MOST
