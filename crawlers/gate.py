"""The host gate: every request of every kind passes it.

One request in flight a host, the configured gap between the end of one and the
start of the next on the monotonic clock, and no request while a host is on hold
(Retry-After, breaker). It holds no connections and knows no URLs: callers name
the host (`pipelines.urls.host`), which is the unit of politeness.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

#: Consecutive failures (no answer, 5xx) after which a host is left alone, and over
#: how many seconds at least: a handful of broken pages is not a host that is down.
BREAKER_AFTER = 5
BREAKER_OVER = 60.0
BREAKER_FIRST = 5 * 60.0  # seconds
BREAKER_MOST = 6 * 3600.0
#: Longest Retry-After that is believed: 88 hours have been seen in the wild.
HOLD_MOST = 24 * 3600.0
#: A request waits out a hold as short as this; before a longer one it gives up, so
#: that it does not sit in memory for hours. Its work stays due in the database.
PATIENCE = 30.0


class HostHeld(Exception):
    """The host is on hold for longer than a request should wait."""

    def __init__(self, host: str, seconds: float, reason: str | None) -> None:
        super().__init__(f"{host} is on hold for {seconds:.0f} s: {reason}")
        self.seconds = seconds


def breaker_hold(failures: int) -> float:
    """Seconds to leave a host alone after so many failures in a row; 0 = none."""
    if failures < BREAKER_AFTER:
        return 0.0
    doublings = min(failures - BREAKER_AFTER, 20)
    return float(min(BREAKER_MOST, BREAKER_FIRST * 2**doublings))


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0  # monotonic: the gap
    held_until: float = 0.0  # monotonic: Retry-After or breaker
    reason: str | None = None
    failures: int = 0
    failing_since: float = 0.0  # monotonic


class HostGate:
    """One request in flight and the configured gap per host.

    `delay` tells a host's gap in seconds. `clock` is monotonic seconds.
    """

    def __init__(
        self,
        delay: Callable[[str], float],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for the host's turn and keeps the host until the block ends.

        Raises HostHeld instead of waiting out a long hold.
        """
        state = self._host(host)
        async with state.lock:
            while (wait := self._wait(state)) > 0:
                if self.held_for(host) > PATIENCE:
                    raise HostHeld(host, self.held_for(host), state.reason)
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                state.next_at = self._clock() + self._delay(host)

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

    def pause(self, host: str, seconds: float) -> None:
        """Begins a gap: what another process left of its own."""
        state = self._host(host)
        state.next_at = max(state.next_at, self._clock() + seconds)

    def answered(self, host: str) -> None:
        """Notes that the host works: the breaker forgets."""
        self._host(host).failures = 0

    def failed(self, host: str) -> float:
        """Counts a failure; returns the seconds the breaker now holds the host."""
        state = self._host(host)
        if state.failures == 0:
            state.failing_since = self._clock()
        state.failures += 1
        if self._clock() - state.failing_since < BREAKER_OVER:
            return 0.0
        seconds = breaker_hold(state.failures)
        if seconds:
            self.hold(host, seconds, f"{state.failures} failures in a row")
        return seconds

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def _wait(self, state: _Host) -> float:
        return max(state.next_at, state.held_until) - self._clock()
