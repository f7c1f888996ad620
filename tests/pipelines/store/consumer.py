"""A process that consumes a queue until it is empty, or hangs to be killed.

Run as `python consumer.py DATABASE LOG [HANG]`. It appends each message's id to the
log before it acknowledges it, as a consumer with an effect does. Between the two, at
the HANG-th message, it says so and does nothing more.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.store import Store
from pipelines.store.errors import StaleLease

LEASE = timedelta(seconds=3)


def main(path: Path, log: Path, hang: int) -> None:
    """Lease, work, acknowledge, three at a time."""
    taken = 0
    with Store.open(path) as store, log.open("a") as effects:
        while True:
            leased = store.queue.lease(limit=3, duration=LEASE, now=datetime.now(UTC))
            if not leased and not _anything_left(store):
                return
            if not leased:
                time.sleep(0.05)  # others hold what is left
            for message in leased:
                effects.write(f"{message.id} {message.token}\n")
                effects.flush()
                taken += 1
                if taken == hang:
                    _hang()
                try:
                    store.queue.ack(message.id, message.token, datetime.now(UTC))
                except StaleLease:  # this machine is slow today
                    effects.write(f"{message.id} {message.token} stale\n")


def _hang() -> None:
    sys.stdout.write("hanging\n")
    sys.stdout.flush()
    sys.stdin.read()


def _anything_left(store: Store) -> bool:
    (stats,) = store.queue.stats(datetime.now(UTC))
    return bool(stats.ready or stats.leased)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
