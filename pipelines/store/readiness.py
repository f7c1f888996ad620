"""Whether a lease would find something, without taking it."""

from __future__ import annotations

from datetime import datetime

from pipelines.store.columns import micros
from pipelines.store.session import Session


def any_ready(session: Session, subscription: str, now: datetime) -> bool:
    """Whether a message is ready, or will be as soon as somebody leases."""
    found = session.value(
        "SELECT NOT paused AND (fill_to IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM delivery WHERE subscription = ?1"
        "  AND state = 'ready')"
        " OR EXISTS (SELECT 1 FROM delivery WHERE subscription = ?1"
        "  AND state = 'delayed' AND available_at <= ?2)"
        " OR EXISTS (SELECT 1 FROM delivery WHERE subscription = ?1"
        "  AND state = 'leased' AND lease_until <= ?2))"
        " FROM subscription WHERE name = ?1",
        [subscription, micros(now)],
    )
    return bool(found)
