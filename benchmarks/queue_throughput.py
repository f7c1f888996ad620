"""How many messages a second the queue takes in and hands out, beside two others.

    python -m pip install persist-queue huey    # in an environment beside the project
    python -m benchmarks.queue_throughput [--messages 1000] [--rounds 3]
    python -m benchmarks.queue_throughput --waiting 10000 100000 1000000 10000000

All are set to lose nothing to a power cut: write-ahead log, `synchronous=FULL` (the
default of persist-queue's connections, `fsync=True` of huey). One process, one thread,
bodies of 4 KB, the systems taking turns in each round; the median round counts. "One at
a time" is one message a call, leased and settled; "fifty at a time" is what ours offers
beyond that: the others have no call for several. huey forgets a task as it hands it
out: there is nothing to acknowledge, and a consumer that dies loses it.

`--waiting` measures leases and acknowledgements while so many messages wait.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from pipelines.store import Store
from pipelines.store.deliveries import Message

TEXT = "The ferry to Grey Island runs again after eleven months in the yard. " * 58
HOUR = timedelta(hours=1)
#: What `queue ack -` and the service's writer put into one commit.
TOGETHER = 50
#: Leases with their acknowledgements timed at each number of waiting messages.
SAMPLES = 200


def body(number: int) -> str:
    """The article of a message."""
    article = {
        "url": f"https://news.example/{number}",
        "outlet": "news",
        "title": f"Article {number}",
        "authors": [],
        "published": None,
        "language": "en",
        "text": TEXT,
        "revision": 1,
    }
    return json.dumps(article)


class Queue(Protocol):
    """A queue under test."""

    def put(self, numbers: range) -> None:
        """Take these messages in, durably."""

    def work(self, count: int) -> None:
        """Hand out so many, and settle each, durably."""

    def close(self) -> None:
        """Give the file back."""


class Ours:
    """Presswatch, `together` messages a call and a commit."""

    def __init__(self, directory: Path, together: int = 1) -> None:
        self._together = together
        self._store = Store.open(directory / "presswatch.db", create=True)

    def put(self, numbers: range) -> None:
        now = datetime.now(UTC)
        for start in range(numbers.start, numbers.stop, self._together):
            with self._store.write():
                for number in range(start, min(start + self._together, numbers.stop)):
                    message = Message(
                        f"{number:032x}", "new", None, 1, None, 0, None, body(number)
                    )
                    self._store.queue.add(message, now)

    def work(self, count: int) -> None:
        queue = self._store.queue
        while count > 0:
            now = datetime.now(UTC)
            leased = queue.lease(limit=self._together, duration=HOUR, now=now)
            count -= len(leased)
            with self._store.write():
                for message in leased:
                    queue.ack(message.id, message.token, now)

    def close(self) -> None:
        self._store.close()


class PersistQueue:
    """persist-queue's SQLiteAckQueue, as its README sets it up."""

    def __init__(self, directory: Path) -> None:
        import persistqueue

        self._queue = persistqueue.SQLiteAckQueue(str(directory), multithreading=True)

    def put(self, numbers: range) -> None:
        for number in numbers:
            self._queue.put(body(number))

    def work(self, count: int) -> None:
        for _ in range(count):
            self._queue.ack(self._queue.get())

    def close(self) -> None:
        self._queue.close()


class Huey:
    """huey's SQLite storage, as SqliteHuey uses it."""

    def __init__(self, directory: Path) -> None:
        from huey import SqliteHuey

        huey = SqliteHuey(filename=str(directory / "huey.db"), fsync=True)
        self._storage = huey.storage

    def put(self, numbers: range) -> None:
        for number in numbers:
            self._storage.enqueue(body(number).encode())

    def work(self, count: int) -> None:
        for _ in range(count):
            self._storage.dequeue()

    def close(self) -> None:
        self._storage.close()


def systems() -> dict[str, Callable[[Path], Queue]]:
    """Ours, and those of the others that are installed."""
    found: dict[str, Callable[[Path], Queue]] = {
        "Presswatch, one at a time": Ours,
        "Presswatch, fifty at a time": lambda path: Ours(path, TOGETHER),
    }
    if find_spec("persistqueue"):
        found["persist-queue SQLiteAckQueue"] = PersistQueue
    if find_spec("huey"):
        found["huey SqliteStorage"] = Huey
    return found


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second; CPU milliseconds a message, which other work disturbs less."""

    put: float
    work: float
    put_cpu: float
    work_cpu: float


def measure(make: Callable[[Path], Queue], messages: int) -> Rates:
    """One round of one system, in a fresh file."""
    with tempfile.TemporaryDirectory() as name, closing(make(Path(name))) as queue:
        put, put_cpu = _timed_once(lambda: queue.put(range(messages)))
        work, work_cpu = _timed_once(lambda: queue.work(messages))
    milliseconds = 1000 / messages
    return Rates(
        messages / put,
        messages / work,
        put_cpu * milliseconds,
        work_cpu * milliseconds,
    )


def _timed_once(action: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of the CPU."""
    begun, used = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - begun, time.process_time() - used


def compare(messages: int, rounds: int) -> None:
    """Print the median of the rounds for each system."""
    found: dict[str, list[Rates]] = {}
    for _ in range(rounds):
        for name, make in systems().items():
            found.setdefault(name, []).append(measure(make, messages))
    columns = ("enqueued/s", "settled/s", "CPU ms to enqueue", "CPU ms to settle")
    print(f"{'':32}" + "".join(f"{column:>20}" for column in columns))
    for name, rates in found.items():
        put, work, *cpu = (
            statistics.median(getattr(rate, field.name) for rate in rates)
            for field in fields(Rates)
        )
        told = f"{put:20.0f}{work:20.0f}" + "".join(f"{ms:20.2f}" for ms in cpu)
        print(f"{name:32}{told}", flush=True)


def fill(store: Store, numbers: range) -> None:
    """Have messages wait: rows as `add` makes them, many at a time.

    What counts the rows one by one is taken out meanwhile, and told the number.
    """
    body = json.dumps({"url": "u", "outlet": "news", "title": None, "text": "x"})
    trigger = store.session.value(
        "SELECT sql FROM sqlite_master WHERE name = 'delivery_added'"
    )
    execute = store.session.db.conn.execute
    execute("DROP TRIGGER delivery_added")
    for start in range(numbers.start, numbers.stop, 100_000):
        part = [start, min(start + 100_000, numbers.stop)]
        with store.write():
            execute(_MESSAGES, [*part, body])
            execute(_DELIVERIES, part)
    execute(trigger)
    execute("UPDATE subscription SET queued = queued + ?", [len(numbers)])


#: Rows for the numbers after ?1 up to ?2.
_MESSAGES = """
WITH RECURSIVE numbers (n) AS
    (SELECT ?1 + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
INSERT INTO message (seq, msg_id, kind, revision, made_at, body)
    SELECT n, printf('%032x', n), 'new', 1, 1000000, ?3 FROM numbers
"""
_DELIVERIES = """
WITH RECURSIVE numbers (n) AS
    (SELECT ?1 + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
INSERT INTO delivery (subscription, seq, state, priority, available_at)
    SELECT 'default', n, 'ready', n % 3, 1000000 FROM numbers
"""


def waiting(counts: list[int]) -> None:
    """Print how long a lease and an acknowledgement take while so many wait."""
    print(f"{'waiting':>12}{'lease ms':>12}{'ack ms':>12}{'stats ms':>12}")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "presswatch.db"
        filled = 0
        for count in sorted(counts):
            with Store.open(path, create=True) as store:
                for setting in ("synchronous = OFF", "cache_size = -400000"):
                    store.session.db.conn.execute(f"PRAGMA {setting}")
                fill(store, range(filled, count))
                filled = count
                store.session.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with Store.open(path) as store:
                times = list(_timed(store))
            lease, ack, stats = (statistics.median(t) for t in zip(*times, strict=True))
            print(f"{count:12}{lease:12.2f}{ack:12.2f}{stats:12.2f}", flush=True)


def _timed(store: Store) -> Iterator[tuple[float, float, float]]:
    """Milliseconds of a lease, of an acknowledgement, of the counts."""
    for _ in range(SAMPLES):
        now = datetime.now(UTC)
        begun = time.perf_counter()
        (leased,) = store.queue.lease(duration=HOUR, now=now)
        took = time.perf_counter()
        store.queue.ack(leased.id, leased.token, now)
        acked = time.perf_counter()
        store.queue.stats(now)
        ended = time.perf_counter()
        yield (took - begun) * 1000, (acked - took) * 1000, (ended - acked) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--waiting", type=int, nargs="+", metavar="N")
    options = parser.parse_args()
    if options.waiting:
        waiting(options.waiting)
    else:
        compare(options.messages, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
