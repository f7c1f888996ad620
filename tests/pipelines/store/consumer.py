"""A process that consumes a queue until it is empty, and may be killed at any time.

Run as `python consumer.py DATABASE LOG`. It appends each message's id to the log
before it acknowledges it, as a consumer with an effect does, and says so in between.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.store import Store
from pipelines.store.errors import StaleLease

LEASE = timedelta(seconds=3)


def main(path: Path, log: Path) -> None:
    """Lease, work, acknowledge, three at a time."""
    with Store.open(path) as store, log.open("a") as effects:
        while True:
            now = datetime.now(UTC)
            leased = store.queue.lease(limit=3, duration=LEASE, now=now)
            if not leased and not _anything_left(store):
                return
            if not leased:
                time.sleep(0.05)  # others hold what is left
            for message in leased:
                effects.write(f"{message.id} {message.token} {os.getpid()}\n")
                effects.flush()
                _say("taken")
                try:
                    store.queue.ack(message.id, message.token, datetime.now(UTC))
                except StaleLease:
                    _say("stale")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _anything_left(store: Store) -> bool:
    (stats,) = store.queue.stats(datetime.now(UTC))
    return bool(stats.ready or stats.leased)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
