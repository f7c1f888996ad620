"""Whether the database can be worked with, as its users last found it."""

from __future__ import annotations

from pipelines.store.errors import (
    StoreBroken,
    StoreBusy,
    StoreFull,
    StoreGone,
    StoreReadOnly,
    StoreUnreliable,
)

#: Errors that are no matter of one job: the next would meet them as well.
TROUBLES = (
    StoreBroken,
    StoreBusy,
    StoreFull,
    StoreGone,
    StoreReadOnly,
    StoreUnreliable,
)


class Health:
    """What is wrong with the database, until somebody has found it well again.

    Set by whoever meets an error, from any thread; taken back only by `recovered`,
    since a small write may pass where the next large one fails again.
    """

    def __init__(self) -> None:
        self.trouble: Exception | None = None

    def note(self, error: BaseException | None) -> bool:
        """Take note of an error if it is such; True if all was well before."""
        if not isinstance(error, TROUBLES):
            return False
        first, self.trouble = self.trouble is None, error
        return first

    def recovered(self) -> None:
        """Say that the database was tried and works."""
        self.trouble = None
