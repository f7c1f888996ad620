"""How long a consumer's `ack` takes while articles are stored at full speed.

A process of its own acknowledges through the store while a `Writer` here never runs
out of articles. Then `queue ack` is timed from the command line, start to exit.

    python -m benchmarks.queue_latency [--seconds 10]

Prints one JSON line; exits 1 when the 99th percentile misses its target.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.article import Cleaned, Metadata, Paragraph, Reading, Reason, Removed
from pipelines.decide import Submission
from pipelines.store import Fetched, Store, Stored, Writer

TARGET_P99_MS = 100.0
#: Articles on their way at any time; more than a batch holds.
IN_FLIGHT = 64
#: Seconds between two acknowledgements, as of a consumer that does some work.
WORK = 0.01
HOST = "news.example"


def article(number: int) -> Reading:
    """An article of common size: 600 words, twelve removed blocks."""
    lines = (f"Line {n} of article {number}. " + "word " * 50 for n in range(12))
    paragraphs = tuple(Paragraph(line, at) for at, line in enumerate(lines))
    removed = tuple(
        Removed(f"Teaser {n}", Reason.TEASER, 20 + n, "link list") for n in range(12)
    )
    title = f"Article {number}"
    cleaned = Cleaned(title, paragraphs, removed)
    return Reading(cleaned, Metadata(title=title), "en", "1")


def store_one(store: Store, number: int) -> Stored:
    """Everything that is written for one article, from its URL to its message."""
    now = datetime.now(UTC)
    url = f"https://{HOST}/{number}"
    url_id = store.frontier.add_url("news", url, HOST, now)
    page = f"<html><p>{number}" + "<p>Some markup.</p>" * 2000
    fetched = Fetched(url_id, now, url, url, 200, "text/html", {}, page.encode())
    page_id = store.frontier.record_page(url_id, fetched)
    reading = article(number)
    submission = Submission(url_id, page_id, "news", url, False, reading, now)
    return store.articles.submit(submission, now)


def submit(writer: Writer, number: int) -> Future[Stored]:
    """Hand one article to the writer."""
    return writer.submit(lambda store: store_one(store, number))


async def store_until(path: Path, seconds: float, first: int) -> float:
    """Keep the writer busy; articles stored a second."""
    writer = Writer(path)
    writer.start()
    number, begun = first, time.monotonic()
    pending: set[asyncio.Future[Stored]] = set()
    while time.monotonic() < begun + seconds:
        while len(pending) < IN_FLIGHT:
            pending.add(asyncio.wrap_future(submit(writer, number)))
            number += 1
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    rate = (number - first - len(pending)) / (time.monotonic() - begun)
    await asyncio.to_thread(writer.close)
    return rate


def prepare(path: Path, messages: int) -> None:
    """A database with messages for the consumer."""
    with Store.open(path, create=True) as store:
        for chunk in range(0, messages, 50):
            with store.write():
                for number in range(chunk, chunk + 50):
                    store_one(store, number)


def consume(path: Path, seconds: float) -> None:
    """Acknowledge one message after the other; prints the milliseconds of each."""
    took: list[float] = []
    with Store.open(path) as store:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            took.append(_acknowledge_one(store))
            time.sleep(WORK)
    print(json.dumps(took))


def _acknowledge_one(store: Store) -> float:
    now = datetime.now(UTC)
    (leased,) = store.queue.lease(duration=timedelta(hours=1), now=now)
    begun = time.perf_counter()
    store.queue.ack(leased.id, leased.token, now)
    return (time.perf_counter() - begun) * 1000


def time_command(path: Path, runs: int) -> list[float]:
    """Milliseconds of `presswatch queue ack`, from its start to its exit."""
    took = []
    with Store.open(path) as store:
        hour = timedelta(hours=1)
        held = store.queue.lease(limit=runs, duration=hour, now=datetime.now(UTC))
    for leased in held:
        command = [sys.executable, "-m", "service.cli", "queue", "ack"]
        command += [leased.id, leased.token, "--database", str(path)]
        begun = time.perf_counter()
        subprocess.run(command, check=True)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def measure(directory: Path, seconds: float) -> dict[str, Any]:
    """Run both sides at once, then the command."""
    path = directory / "presswatch.db"
    prepare(path, 200)
    side = [sys.executable, "-m", "benchmarks.queue_latency", "--consume", str(path)]
    consumer = subprocess.Popen(
        [*side, "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True
    )
    rate = asyncio.run(store_until(path, seconds + 1, first=1_000_000))
    took = json.loads(consumer.communicate(timeout=60)[0])
    command = time_command(path, runs=10)
    return {
        "acks": len(took),
        "ack_ms_p50": quantile(took, 0.5),
        "ack_ms_p99": quantile(took, 0.99),
        "ack_ms_max": quantile(took, 1.0),
        "articles_per_second": round(rate),
        "command_ms_p50": quantile(command, 0.5),
        "command_ms_max": quantile(command, 1.0),
    }


def main() -> int:
    """Measure, or be the consumer of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--consume", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.consume is not None:
        consume(options.consume, options.seconds)
        return 0
    with tempfile.TemporaryDirectory() as directory:
        result = measure(Path(directory), options.seconds)
    print(json.dumps(result))
    return 0 if result["ack_ms_p99"] < TARGET_P99_MS else 1


if __name__ == "__main__":
    sys.exit(main())
