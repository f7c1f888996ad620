"""How an outlet does, in a word. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from service.standing import OutletStanding

#: A poll that is late by this much is not going to come soon.
LATE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Health:
    """A level for the eye, a word for the reader, and why."""

    level: Literal["good", "bad", "idle"]
    word: str
    why: str = ""


def health(outlet: OutletStanding, now: datetime) -> Health:
    """How it does, by its sources alone; alerts are told beside it."""
    if not outlet.sources:
        return Health("idle", "left the config", "it is no longer polled")
    failing = len(outlet.failing)
    if failing == len(outlet.sources):
        return Health("bad", "fails", outlet.failing[0].last_error or "")
    if failing:
        why = outlet.failing[0].last_error or ""
        return Health("bad", f"{failing} of {len(outlet.sources)} sources fail", why)
    if outlet.last_ok is None:
        return Health("idle", "not polled yet")
    if outlet.next_poll is not None and now - outlet.next_poll > LATE:
        return Health("idle", "not polled", "its poll is overdue: is it running?")
    return Health("good", "fine")
