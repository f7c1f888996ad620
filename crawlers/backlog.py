"""Slows the fetching of pages down while consumers are far behind.

Sources are polled on, so that every URL is known and due: nothing is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from pipelines.store.deliveries import Stats

log = logging.getLogger(__name__)

#: Seconds between two looks at how many messages wait.
LOOK_EVERY = 10.0
#: Seconds between two pages while too many wait: enough to notice that it is over.
SLOW = 10.0


def overfull(found: Iterable[Stats], most: int | None) -> tuple[Stats, ...]:
    """The subscriptions of the config in which more than `most` messages wait."""
    if most is None:
        return ()
    return tuple(
        stats for stats in found if stats.retired_at is None and stats.waiting > most
    )


class Backlog:
    """Says when the next page may be fetched; times are seconds that only grow."""

    def __init__(self, look: Callable[[], tuple[Stats, ...]]) -> None:
        self._look = look
        self._looked = float("-inf")
        self._fetched = float("-inf")
        self.pressing = False

    def lets_through(self, now: float) -> bool:
        """Whether a page may be fetched; one at a time while too many wait."""
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            self._tell(self._look())
        return not self.pressing or now - self._fetched >= SLOW

    def note_fetch(self, now: float) -> None:
        """A page is being fetched."""
        self._fetched = now

    def _tell(self, found: tuple[Stats, ...]) -> None:
        if bool(found) == self.pressing:
            return
        self.pressing = bool(found)
        if found:
            names = ", ".join(f"{s.waiting} wait in {s.subscription}" for s in found)
            log.warning("pages are fetched slowly: %s (queue.most_waiting)", names)
        else:
            log.info("consumers have caught up; pages are fetched as usual")
