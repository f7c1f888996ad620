"""The host gate: every request of every kind passes it.

One request in flight a host, the configured gap between the end of one and the
start of the next on the monotonic clock, and no request while a host is on hold
(Retry-After, breaker, its budget used up). Other processes of the same database take
part by the `turnstile`. It holds no connections and knows no URLs: callers name
the host (`pipelines.urls.host`), which is the unit of politeness.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from crawlers import breaker, pace
from crawlers.breaker import Breaker
from crawlers.pace import Pace
from crawlers.turnstile import Turnstile

#: Longest Retry-After that is believed: 88 hours have been seen in the wild.
HOLD_MOST = 24 * 3600.0
#: A request waits out a hold as short as this; before a longer one it gives up, so
#: that it does not sit in memory for hours. Its work stays due in the database.
PATIENCE = 30.0
#: How often it is looked whether another process has given its turn back (seconds).
LOOK_AGAIN = 0.05

ELSEWHERE = "another presswatch process was told to leave it alone"
BUSY = "another presswatch process is asking it"


class HostHeld(Exception):
    """The host is on hold for longer than a request should wait."""

    def __init__(self, host: str, seconds: float, reason: str | None) -> None:
        super().__init__(f"{host} is on hold for {seconds:.0f} s: {reason}")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Closed:
    """A host is not to be asked for so many seconds, and why."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class HostState:
    """What of a host outlives the process. Times are seconds from now, or ago."""

    wait: float = 0.0
    reason: str | None = None
    failures: int = 0
    opened: int = 0
    failing_for: float = 0.0
    stretch: float = 1.0

    @property
    def plain(self) -> bool:
        """Whether there is nothing to remember."""
        return self == HostState()


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0  # monotonic: the gap
    held_until: float = 0.0  # monotonic: Retry-After or breaker
    reason: str | None = None
    breaker: Breaker = field(default_factory=Breaker)
    pace: Pace = field(default_factory=Pace)


class HostGate:
    """One request in flight and the configured gap per host.

    `delay` tells a host's gap in seconds. `clock` is monotonic seconds. `budget`
    tells whether a host has had its requests of the day. `jitter` is in [-1, 1].
    """

    def __init__(
        self,
        delay: Callable[[str], float],
        *,
        clock: Callable[[], float] = time.monotonic,
        budget: Callable[[str], Closed | None] = lambda host: None,
        turnstile: Turnstile | None = None,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._budget = budget
        self._turnstile = turnstile
        self._jitter = jitter or (lambda: random.uniform(-1, 1))  # noqa: S311
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for the host's turn and keeps the host until the block ends.

        Raises HostHeld instead of waiting out a long hold.
        """
        state = self._host(host)
        async with state.lock:
            await self._wait_for(host, state)
            try:
                yield
            finally:
                seconds = self.gap(host)
                state.next_at = self._clock() + seconds
                if self._turnstile is not None:
                    hold = self.held_for(host)
                    self._turnstile.leave(host, gap=seconds, hold=hold)

    async def _wait_for(self, host: str, state: _Host) -> None:
        await self._wait_out(host, state)
        if self._turnstile is None:
            return
        await self._enter(host, self._turnstile)
        try:
            self._learn(host, state, self._turnstile)
            await self._wait_out(host, state)
        except BaseException:
            self._turnstile.withdraw(host)
            raise

    async def _wait_out(self, host: str, state: _Host) -> None:
        while True:
            closed = self._budget(host)
            if closed is not None:
                self.hold(host, closed.seconds, closed.reason)
            wait = self._wait(state)
            if wait <= 0:
                return
            if self.held_for(host) > PATIENCE:
                raise HostHeld(host, self.held_for(host), state.reason)
            await asyncio.sleep(wait)

    async def _enter(self, host: str, turnstile: Turnstile) -> None:
        deadline = self._clock() + PATIENCE
        while not turnstile.enter(host):
            if self._clock() >= deadline:
                raise HostHeld(host, PATIENCE, BUSY)
            await asyncio.sleep(LOOK_AGAIN)

    def _learn(self, host: str, state: _Host, turnstile: Turnstile) -> None:
        """Takes over what other processes learned of the host since our last turn."""
        state.next_at = max(state.next_at, self._clock() + turnstile.gap(host))
        hold = turnstile.hold(host)
        if hold > self.held_for(host) + 1.0:  # not our own, a little later
            self.hold(host, hold, ELSEWHERE)

    def gap(self, host: str) -> float:
        """The seconds between two requests to the host, as it bears them now."""
        return pace.gap(self._delay(host), self._host(host).pace)

    def ready_in(self, host: str) -> float | None:
        """Seconds until a request to the host could start; None while one runs."""
        state = self._host(host)
        return None if state.lock.locked() else max(0.0, self._wait(state))

    def held_for(self, host: str) -> float:
        """Seconds that Retry-After or the breaker still keep the host closed."""
        return max(0.0, self._host(host).held_until - self._clock())

    def reason(self, host: str) -> str | None:
        """Why the host is on hold, in plain words; None when it is not."""
        return self._host(host).reason if self.held_for(host) > 0 else None

    def hold(self, host: str, seconds: float, reason: str) -> None:
        """Closes the host for a time (at most a day); a longer hold stays."""
        state = self._host(host)
        until = self._clock() + min(max(0.0, seconds), HOLD_MOST)
        if until > state.held_until:
            state.held_until, state.reason = until, reason

    def release(self, hosts: Iterable[str]) -> None:
        """Ends the holds of hosts; their gaps stay."""
        for host in hosts:
            state = self._host(host)
            state.held_until, state.reason = 0.0, None

    def held(self, reason: str) -> list[str]:
        """The hosts on hold for a reason that begins so."""
        return [h for h in self._hosts if (self.reason(h) or "").startswith(reason)]

    def pause(self, host: str, seconds: float) -> None:
        """Begins a gap: what another process left of its own."""
        state = self._host(host)
        state.next_at = max(state.next_at, self._clock() + seconds)

    # -- what answers say --------------------------------------------------

    def answered(self, host: str, latency: float | None = None) -> None:
        """Notes that the host works: the breaker forgets, the gap recovers."""
        state = self._host(host)
        state.breaker = breaker.answered(state.breaker, self._clock())
        state.pace = pace.answered(state.pace, latency)

    def refused(self, host: str) -> None:
        """Notes that the host wants fewer requests (429, 503): the gap grows."""
        state = self._host(host)
        state.pace = pace.refused(state.pace)

    def failed(self, host: str) -> float:
        """Counts a failure; returns the seconds the breaker now holds the host."""
        state = self._host(host)
        state.breaker, seconds = breaker.failed(
            state.breaker, self._clock(), self._jitter()
        )
        if seconds:
            self.hold(host, seconds, f"{state.breaker.row} failures in a row")
        return seconds

    # -- across processes --------------------------------------------------

    def remembered(self, host: str) -> HostState:
        """What of the host should outlive this process."""
        state = self._host(host)
        since = state.breaker.since
        return HostState(
            wait=max(0.0, self._wait(state)),
            reason=self.reason(host),
            failures=state.breaker.row,
            opened=state.breaker.opened,
            failing_for=0.0 if since is None else self._clock() - since,
            stretch=state.pace.stretch,
        )

    def recall(self, host: str, known: HostState) -> None:
        """Takes up what a process before this one remembered."""
        state = self._host(host)
        if known.reason is None:
            self.pause(host, known.wait)
        else:
            self.hold(host, known.wait, known.reason)
        failing = known.failures > 0 or known.opened > 0
        since = self._clock() - known.failing_for if failing else None
        state.breaker = Breaker(row=known.failures, opened=known.opened, since=since)
        state.pace = Pace(stretch=max(1.0, known.stretch))

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def _wait(self, state: _Host) -> float:
        return max(state.next_at, state.held_until) - self._clock()
