"""What the service looks after between polls: heartbeat and alerts."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.store import Store
from service import consumers


def beat(store: Store, now: datetime) -> None:
    """Notes that the service lives; `status` shows it."""
    store.meta.put("heartbeat", now.isoformat())


#: A page that was not found to change too often for so long has calmed down.
CALM = timedelta(days=1)


def look_round(store: Store, now: datetime, most_waiting: int | None = None) -> None:
    """Opens or closes the alerts that the state of the queue calls for.

    Closes those of pages that changed too often and do so no more.
    """
    store.alerts.close_unseen("flapping:", now - CALM, now)
    stats = store.queue.stats(now)
    found = consumers.notices(stats, now, most_waiting)
    due = {notice.key: notice for notice in found}
    for notice in due.values():
        store.alerts.open(notice, now)
    for alert in store.alerts.list():
        kind, _, _ = alert.key.partition(":")
        if kind in consumers.KEYS and alert.key not in due:
            store.alerts.close(alert.key, now)
