"""How long a consumer's `ack` takes while articles are stored at full speed.

    python -m benchmarks.queue_latency [--seconds 10]
    python -m benchmarks.queue_latency --once [--articles 300]

Without `--once`, a process of its own acknowledges through the store while a `Writer`
here never runs out of articles; then `queue ack` is timed from the command line, start
to exit. That is harder than life: nothing is fetched or cleaned between two writes.

With `--once`, `presswatch once` works through the demo's newspapers, each with so many
generated articles, and what it queues is acknowledged from here: in one pass through
the store, in another by the command.

Prints a JSON line a measurement; exits 1 when the 99th percentile of `ack` through
the store misses its target.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.article import Cleaned, Metadata, Paragraph, Reading, Reason, Removed
from pipelines.decide import Submission
from pipelines.store import Fetched, Store, Stored, Writer
from pipelines.store.deliveries import Leased
from service.demo.client import Site

TARGET_P99_MS = 100.0
#: Articles on their way at any time; more than a batch holds.
IN_FLIGHT = 64
#: Seconds between two acknowledgements, as of a consumer that does some work.
WORK = 0.01
HOST = "news.example"
HOUR = timedelta(hours=1)
#: Articles draw from these, so that they have no more in common than news have.
WORDS = [f"word{n}" for n in range(5000)]


def article(number: int) -> Reading:
    """An article of common size: 600 words of its own, twelve removed blocks."""
    rng = random.Random(number)
    lines = (" ".join(rng.choices(WORDS, k=50)) + "." for _ in range(12))
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
    (leased,) = store.queue.lease(duration=HOUR, now=datetime.now(UTC))
    return _ack(store, leased)


def _ack(store: Store, leased: Leased) -> float:
    begun = time.perf_counter()
    store.queue.ack(leased.id, leased.token, datetime.now(UTC))
    return (time.perf_counter() - begun) * 1000


def time_command(path: Path, runs: int) -> list[float]:
    """Milliseconds of `presswatch queue ack`, from its start to its exit."""
    with Store.open(path) as store:
        held = store.queue.lease(limit=runs, duration=HOUR, now=datetime.now(UTC))
    return [_run_ack(path, leased) for leased in held]


def _run_ack(path: Path, leased: Leased) -> float:
    command = [sys.executable, "-m", "service.cli", "queue", "ack"]
    command += [leased.id, leased.token, "--database", str(path)]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return (time.perf_counter() - begun) * 1000


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def measure(directory: Path, seconds: float) -> dict[str, Any]:
    """Beside a busy `Writer`: through the store, then the command by itself."""
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
        "beside": "a writer",
        **_summary(took),
        "articles_per_second": round(rate),
        "command_ms_p50": quantile(command, 0.5),
        "command_ms_max": quantile(command, 1.0),
    }


def measure_once(site: Site, directory: Path, *, command: bool) -> dict[str, Any]:
    """Beside `presswatch once` over `site`: through the store, or by the command."""
    config = site.config(directory, sources=["sitemap"])
    path = directory / "data" / "presswatch.db"
    with Store.open(path, create=True) as store:
        begun = time.monotonic()
        took = acknowledge_beside(_once(config), store, path if command else None)
        seconds = time.monotonic() - begun
        stored = store.queue.last_seq()
    return {
        "beside": "once",
        "by": "the command" if command else "the store",
        **_summary(took),
        "articles_per_second": round(stored / seconds),
    }


def _once(config: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "service.cli", "once", "--config", str(config)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet)


def acknowledge_beside(
    pass_: subprocess.Popen[bytes], store: Store, command_on: Path | None
) -> list[float]:
    """Milliseconds of each acknowledgement until the pass has ended."""
    took = []
    while pass_.poll() is None:
        for leased in store.queue.lease(duration=HOUR, now=datetime.now(UTC)):
            if command_on is None:
                took.append(_ack(store, leased))
            else:
                took.append(_run_ack(command_on, leased))
        time.sleep(WORK)
    if pass_.returncode:
        raise SystemExit(f"the pass ended with {pass_.returncode}")
    return took


def _summary(took: list[float]) -> dict[str, Any]:
    return {
        "acks": len(took),
        "ack_ms_p50": quantile(took, 0.5),
        "ack_ms_p99": quantile(took, 0.99),
        "ack_ms_max": quantile(took, 1.0),
    }


def _beside_once(articles: int) -> Iterator[dict[str, Any]]:
    for command in (False, True):
        with (
            tempfile.TemporaryDirectory() as name,
            Site.start(generate=articles) as site,
        ):
            yield measure_once(site, Path(name), command=command)


def _beside_writer(seconds: float) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as directory:
        yield measure(Path(directory), seconds)


def main() -> int:
    """Measure, or be the consumer of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--consume", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.consume is not None:
        consume(options.consume, options.seconds)
        return 0
    if options.once:
        results = _beside_once(options.articles)
    else:
        results = _beside_writer(options.seconds)
    missed = False
    for result in results:
        print(json.dumps(result), flush=True)
        by_command = result.get("by") == "the command"
        missed |= not by_command and result["ack_ms_p99"] >= TARGET_P99_MS
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
