"""How much slower than configured a host is asked: a pure function of its answers.

Two signs slow us down. A server that says 429 or 503 doubles the gap; each answer
after that takes back a part of it, so that it takes some thirty good answers to be
as fast as before. A server that gets slower than it usually is gets a gap in the
same proportion, and loses it again as it recovers. Latencies are smoothed by
exponentially weighted moving averages: one quick to follow, one slow, which knows
what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

#: How much of each new latency goes into the average of now, and of what is usual.
QUICK: Final = 0.3
SLOW: Final = 0.02
#: A server is slow from this many times its usual latency on, if that is at least
#: so many seconds: from 20 to 60 ms is no trouble of the server's.
TIMES: Final = 2.0
LEAST_SLOW: Final = 1.0
#: By how much a refusal stretches the gap, and what each good answer leaves of it.
BACK_OFF: Final = 2.0
RECOVER: Final = 0.93
#: The gap is never stretched beyond this many times, nor beyond so many seconds
#: (the operator's own gap may be longer).
MOST_TIMES: Final = 16.0
MOST_GAP: Final = 120.0
#: Where no gap is configured, this many seconds are what is stretched.
LEAST_GAP: Final = 0.25


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host bears us. Latencies in seconds, None before the first answer."""

    stretch: float = 1.0
    latency: float | None = None
    usual: float | None = None

    @property
    def times(self) -> float:
        """How many times its gap the host gets; 1 when all is well."""
        return max(self.stretch, self._slowness)

    @property
    def _slowness(self) -> float:
        if self.latency is None or self.usual is None or self.latency < LEAST_SLOW:
            return 1.0
        ratio = self.latency / max(self.usual, 0.001)
        return min(MOST_TIMES, ratio) if ratio >= TIMES else 1.0


def refused(pace: Pace) -> Pace:
    """The host said that it is too much (429, 503)."""
    return replace(pace, stretch=min(MOST_TIMES, pace.stretch * BACK_OFF))


def answered(pace: Pace, seconds: float | None = None) -> Pace:
    """The host answered, its first byte after so many seconds."""
    stretch = max(1.0, pace.stretch * RECOVER)
    if seconds is None:
        return replace(pace, stretch=stretch)
    return Pace(
        stretch,
        _average(pace.latency, seconds, QUICK),
        _average(pace.usual, seconds, SLOW),
    )


def gap(configured: float, pace: Pace) -> float:
    """The seconds between the end of one request and the start of the next."""
    times = pace.times
    if times <= 1.0:
        return configured
    return max(configured, min(MOST_GAP, max(configured, LEAST_GAP) * times))


def _average(before: float | None, now: float, weight: float) -> float:
    return now if before is None else before + weight * (now - before)
