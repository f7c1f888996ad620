"""What the service looks after between polls: heartbeat and alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from pipelines.store import Notice, Store
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
    settle(store, consumers.notices(stats, now, most_waiting), consumers.KEYS, now)


def settle(
    store: Store, due: Iterable[Notice], kinds: Collection[str], now: datetime
) -> None:
    """Opens the alerts that are due, and closes all others of these kinds."""
    by_key = {notice.key: notice for notice in due}
    for notice in by_key.values():
        store.alerts.open(notice, now)
    for alert in store.alerts.list():
        kind, _, _ = alert.key.partition(":")
        if kind in kinds and alert.key not in by_key:
            store.alerts.close(alert.key, now)
