"""What becomes of leased messages at a destination: the values between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pipelines.store import Store
from pipelines.store.deliveries import Leased


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that the destination has had and did not take."""

    message: Leased
    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The destination itself is at fault: there is no use in trying the next message.

    `wait`: seconds it asked for. `gone`: it wants no more at all.
    """

    reason: str
    wait: float = 0.0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a batch went. What is in neither list was not tried, and costs nothing.

    `note` is done in the transaction that acknowledges: both or neither.
    """

    taken: Sequence[Leased] = ()
    failed: Sequence[Failed] = ()
    trouble: Trouble | None = None
    note: Callable[[Store], None] | None = None


class Sink(Protocol):
    """A destination. `batch`: how many messages it is given at a time.

    `lease`: longer than it takes for them. A service that was killed has its messages
    back when that is over.
    """

    batch: int
    lease: timedelta

    async def open(self) -> None:
        """Make ready, before the first message."""

    async def deliver(self, messages: Sequence[Leased]) -> Delivered:
        """Deliver what can be; raises nothing but bugs."""

    async def idle(self) -> Delivered | None:
        """What is to be done while nothing comes; a `note` to keep, if any."""

    async def close(self) -> None:
        """Give back what is held."""
