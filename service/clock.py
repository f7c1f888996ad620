"""The wall clock watched: by how much somebody has put it forward or back.

Due times and leases are wall times, since they outlive the process. The steady clock
says how much time has really passed (suspended or not); what the wall clock says
beyond that is a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Less is the work of a time daemon, or a slow machine.
SMALLEST: Final = timedelta(seconds=30)
#: After a step forward of more, or a standstill as long, old texts are not dropped
#: for a day: the clock may be wrong, and what is gone is gone.
DOUBTFUL: Final = timedelta(days=3)
WAIT: Final = timedelta(days=1)


def steady() -> float:
    """Seconds that also pass while the machine is suspended, where the system can."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the clock, from a time to another one at the same moment."""

    before: datetime
    after: datetime

    @property
    def by(self) -> timedelta:
        """How far; negative: back."""
        return self.after - self.before

    @property
    def waiting_after(self) -> datetime:
        """Whatever was to come later than this is still to come."""
        return min(self.before, self.after)


class ClockWatch:
    """Compares the wall clock with the steady one each time it is asked."""

    def __init__(
        self, now: Callable[[], datetime], tick: Callable[[], float] = steady
    ) -> None:
        self._now, self._tick = now, tick
        self._wall, self._steady = now(), tick()
        self._doubtful_until = 0.0

    def step(self) -> Step | None:
        """The step since it was asked last, if there was one."""
        wall, passed = self._now(), self._tick()
        expected = self._wall + timedelta(seconds=passed - self._steady)
        self._wall, self._steady = wall, passed
        found = Step(expected, wall)
        if abs(found.by) < SMALLEST:
            return None
        if found.by > DOUBTFUL:
            self.doubt()
        return found

    def doubt(self) -> None:
        """Do not trust the clock with what cannot be undone, for a day."""
        self._doubtful_until = self._tick() + WAIT.total_seconds()

    @property
    def doubtful(self) -> bool:
        """Whether it may be far ahead."""
        return self._tick() < self._doubtful_until
