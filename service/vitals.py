"""Whether the service does its work, and whether it should begin anew. Pure.

A process that lives is not a service that works: its writer may hang in the kernel,
its workers in C, its polling on a bug. Each part shows its own sign of life, and the
watchdog hears of us only while all do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from config.sizes import readable

#: Seconds in which the store's writer must have done a job that changes nothing. A
#: transaction of its own takes milliseconds, a backup beside it a few seconds.
WRITER_PATIENCE: Final = 60.0
#: Seconds for which one page may keep a worker beyond its deadline: a new worker may
#: have to start for it, which takes a while on a machine that is short of everything.
WORKER_PATIENCE: Final = 120.0
#: Seconds for which sources may be overdue while not a single poll ends.
POLL_PATIENCE: Final = 600.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What was seen of the parts, in seconds since they last showed life.

    `writer`: since it was asked for something it has not done yet. `worker`: for how
    long the slowest page has kept its worker beyond the deadline. `poll`: since the
    latest poll ended; `overdue` says that sources that may be asked have been due for
    longer than POLL_PATIENCE.
    """

    writer: float = 0.0
    worker: float = 0.0
    poll: float = 0.0
    overdue: bool = False


def stuck(signs: Signs) -> str | None:
    """Which part does not work any more, in plain words; None while all do."""
    if signs.writer > WRITER_PATIENCE:
        return f"the database's writer has done nothing for {signs.writer:.0f} s"
    if signs.worker > WORKER_PATIENCE:
        return f"a worker is {signs.worker:.0f} s past the deadline of its page"
    if signs.overdue and signs.poll > POLL_PATIENCE:
        return f"sources are due, and no poll has ended for {signs.poll:.0f} s"
    return None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """When the process begins anew: bytes of memory, seconds of life. 0: never."""

    memory: int = 0
    age: float = 0.0

    def reached(self, resident: int, age: float) -> str | None:
        """Why the process should end and be started again; None while it need not."""
        if self.memory and resident > self.memory:
            return f"{readable(resident)} of memory, over {readable(self.memory)}"
        if self.age and age > self.age:
            return f"{age / 86400:.1f} days old"
        return None
