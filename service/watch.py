"""What the service looks after between polls: heartbeat and alerts."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.store import Notice, Store

#: A text that waited this long has no consumer that keeps up.
QUEUE_PATIENCE = timedelta(hours=6)


def beat(store: Store, now: datetime) -> None:
    """Notes that the service lives; `status` shows it."""
    store.meta.put("heartbeat", now.isoformat())


def look_round(store: Store, now: datetime) -> None:
    """Opens or closes the alerts that the state of the store calls for."""
    for stats in store.queue.stats(now):
        key = f"queue:{stats.subscription}"
        oldest = stats.oldest_ready
        age = now - oldest if oldest else timedelta(0)
        if age > QUEUE_PATIENCE:
            hours = age.total_seconds() / 3600
            text = f"the oldest text of {stats.subscription} waits for {hours:.0f} h"
            evidence = f"{stats.ready} ready, {stats.leased} leased, {stats.dead} dead"
            notice = Notice(key, text, evidence, "presswatch queue stats")
            store.alerts.open(notice, now)
        else:
            store.alerts.close(key, now)
