"""Texts arrive, consumers work, and everything is killed at random.

    python -m benchmarks.chaos --texts 10000 --consumers 4 --kills 100 --seed 1

One process stores articles as the service does; several consume them: they lease a
few, write each delivery down, work, acknowledge, now and then twice, too late, or not
at all but fail. Each of these processes, the one that stores included, is killed with
SIGKILL and started again. When every text is settled the logs are read:

- every text that was reported stored, and every other one, is in the queue and done;
- no two valid leases on one message overlap, and one lease alone settled it;
- every delivery of a text carries the same id, of every other text another one;
- an acknowledgement repeated is accepted, one of a lost lease refused;
- the database is sound.

Prints the counts; exits 1 if one of these does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.queue_latency import submit
from pipelines.store import Store, StoreBusy, Writer
from pipelines.store.deliveries import Deliveries, Leased
from pipelines.store.errors import StaleLease

#: Seconds of a lease: what is killed comes back as soon.
LEASE = 3.0
#: Texts stored in one commit by the storing process, as the service's writer does.
BATCH = 5
#: Seconds after which a run is taken to hang.
PATIENCE = 3600.0


# -- the processes that are killed ---------------------------------------------------


class Log:
    """A file that a killed process has written whole lines to."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def write(self, **said: object) -> None:
        os.write(self._file, json.dumps(said).encode() + b"\n")


def publish(path: Path, log: Path, texts: int) -> None:
    """Store the texts that are not stored yet; report each batch once committed."""
    reports = Log(log)
    first = sum(len(line["stored"]) for line in lines(log))
    writer = Writer(path)
    writer.start()
    for start in range(first, texts, BATCH):
        numbers = range(start, min(start + BATCH, texts))
        stored = [submit(writer, number) for number in numbers]
        reports.write(stored=[one.result().msg_id for one in stored])
    writer.close()


def consume(path: Path, log: Path, seed: int) -> None:
    """Work for ever, at random as consumers are."""
    rng = random.Random(seed)
    report = Log(log)
    with Store.open(path) as store:
        queue = Deliveries(store.session, jitter=lambda: 0.01)
        while True:
            now = datetime.now(UTC)
            duration = timedelta(seconds=LEASE)
            try:
                leased = queue.lease(
                    limit=rng.randint(1, 10), duration=duration, now=now
                )
            except StoreBusy:
                report.write(busy="lease")
                continue
            for message in leased:
                # Written before anything is done, as an effect would be.
                report.write(
                    leased=message.id,
                    token=message.token,
                    url=message.article["url"],
                    attempt=message.attempt,
                    since=now.timestamp(),
                    until=(now + duration).timestamp(),
                )
            for message in leased:
                _work(queue, message, rng, report)
            if not leased:
                time.sleep(0.05)


def _work(queue: Deliveries, message: Leased, rng: random.Random, report: Log) -> None:
    chance = rng.random()
    if chance < 0.01:
        time.sleep(LEASE * 1.1)  # a consumer that was asleep acknowledges too late
    try:
        if chance > 0.99:
            at = datetime.now(UTC)
            queue.fail(message.id, message.token, "chance", now=at)
            report.write(failed=message.id, token=message.token, at=at.timestamp())
            return
        for _ in range(2 if chance > 0.9 else 1):
            at = datetime.now(UTC)
            queue.ack(message.id, message.token, at)
            report.write(acked=message.id, token=message.token, at=at.timestamp())
    except StaleLease:
        report.write(stale=message.id, token=message.token)
    except StoreBusy:  # its lease runs out
        report.write(busy=message.id)


# -- killing them ----------------------------------------------------------------------


@dataclass(slots=True)
class Victim:
    """A process that is started again whenever it was killed."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """See that it runs, unless it has ended by itself."""
        if self.process is None:
            command = [sys.executable, "-m", "benchmarks.chaos", *self.command]
            self.process = subprocess.Popen(command)

    def kill(self) -> bool:
        """Whether there was something to kill."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None
        return True


@dataclass(slots=True)
class Run:
    """One run of the whole thing in a directory."""

    directory: Path
    texts: int
    consumers: int
    kills: int
    seed: int
    killed: Counter[str] = field(default_factory=Counter)

    @property
    def database(self) -> Path:
        return self.directory / "presswatch.db"

    def log(self, name: str) -> Path:
        return self.directory / f"{name}.jsonl"

    def victims(self) -> dict[str, Victim]:
        """The processes by name."""
        path = str(self.database)
        found = {
            "storing": Victim(
                ["publish", path, str(self.log("storing")), str(self.texts)]
            )
        }
        for number in range(self.consumers):
            name = f"consumer {number}"
            seed = str(self.seed * 100 + number)
            found[name] = Victim(["consume", path, str(self.log(name)), seed])
        return found


def torment(run: Run) -> None:
    """Run all processes, kill at random moments, until every text is settled."""
    rng = random.Random(run.seed)
    Store.open(run.database, create=True).close()
    victims = run.victims()
    moments = sorted(rng.randrange(run.texts) for _ in range(run.kills))
    deadline = time.monotonic() + PATIENCE
    try:
        while (done := _settled(run)) < run.texts or moments:
            assert time.monotonic() < deadline, "it hangs"
            for victim in victims.values():
                victim.run()
            # The last moments may pass together with the last texts.
            if moments and (done >= moments[0] or done == run.texts):
                name = rng.choice(sorted(victims))
                if victims[name].kill():
                    moments.pop(0)
                    run.killed[name] += 1
                else:
                    moments[0] += 0 if done == run.texts else 1
            time.sleep(rng.uniform(0.0, 0.1))
    finally:
        for victim in victims.values():
            victim.kill()


def _settled(run: Run) -> int:
    with Store.open(run.database) as store:
        (stats,) = store.queue.stats(datetime.now(UTC))
    return stats.done


# -- reading what happened -------------------------------------------------------------


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a log; of the last one only if it is whole."""
    if path.exists():
        for line in path.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):
                yield json.loads(line)


@dataclass(slots=True)
class Verdict:
    """What a run came to; `wrong` has a line for everything that must not be."""

    killed: Counter[str]
    texts: int = 0
    deliveries: int = 0
    again: int = 0
    acked_twice: int = 0
    stale: int = 0
    failed: int = 0
    busy: int = 0
    wrong: list[str] = field(default_factory=list)


def judge(run: Run) -> Verdict:
    """Read the logs and the database."""
    verdict = Verdict(run.killed)
    consumers = [run.log(f"consumer {number}") for number in range(run.consumers)]
    events = [line for path in consumers for line in lines(path)]
    # None: stored before a kill that came before its report.
    said = (line["stored"] for line in lines(run.log("storing")))
    reported = {message_id for stored in said for message_id in stored if message_id}
    with Store.open(run.database) as store:
        messages = list(store.queue.export())
        undone = {
            row["msg_id"]
            for row in store.session.rows(
                "SELECT msg_id FROM message JOIN delivery USING (seq)"
                " WHERE state <> 'done'"
            )
        }
        verdict.wrong += store.damage()
    ids = {message.id for message in messages}
    verdict.texts = len(ids)
    _count(verdict, events)
    verdict.wrong += [f"lost: {i}" for i in reported - ids]
    verdict.wrong += [f"never settled: {i}" for i in sorted(undone)]
    if len(ids) != run.texts:
        verdict.wrong.append(f"{len(ids)} of {run.texts} texts in the queue")
    verdict.wrong += _wrong_ids(events, ids)
    verdict.wrong += list(_overlaps(events))
    verdict.wrong += list(_settled_by_two(events))
    return verdict


def _count(verdict: Verdict, events: list[dict[str, Any]]) -> None:
    verdict.deliveries = sum("leased" in event for event in events)
    leases = Counter(event["leased"] for event in events if "leased" in event)
    verdict.again = sum(n - 1 for n in leases.values())
    acks = Counter((e["acked"], e["token"]) for e in events if "acked" in e)
    verdict.acked_twice = sum(n > 1 for n in acks.values())
    verdict.stale = sum("stale" in event for event in events)
    verdict.failed = sum("failed" in event for event in events)
    verdict.busy = sum("busy" in event for event in events)


def _wrong_ids(events: list[dict[str, Any]], ids: set[str]) -> list[str]:
    """Texts with two ids, ids of two texts, ids that were never queued."""
    pairs = {(event["url"], event["leased"]) for event in events if "leased" in event}
    by_url = Counter(url for url, _ in pairs)
    by_id = Counter(message_id for _, message_id in pairs)
    return [
        *(f"{n} ids for {url}" for url, n in by_url.items() if n > 1),
        *(f"{n} texts under {i}" for i, n in by_id.items() if n > 1),
        *(f"never queued: {i}" for i in by_id.keys() - ids),
    ]


def _overlaps(events: list[dict[str, Any]]) -> Iterator[str]:
    """Leases that began while another of the same message was valid."""
    settled = {
        event["token"]: event["at"] for event in reversed(events) if "at" in event
    }
    leases: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for event in events:
        if "leased" in event:
            end = min(event["until"], settled.get(event["token"], event["until"]))
            leases[event["leased"]].append((event["since"], end))
    for message_id, spans in leases.items():
        spans.sort()
        for (_, end), (since, _) in pairwise(spans):
            if since < end:
                yield f"two leases at once: {message_id}"


def _settled_by_two(events: list[dict[str, Any]]) -> Iterator[str]:
    tokens: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if "acked" in event:
            tokens[event["acked"]].add(event["token"])
    for message_id, found in tokens.items():
        if len(found) > 1:
            yield f"settled under two tokens: {message_id}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--consumers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        run = Run(Path(name), **vars(options))
        torment(run)
        verdict = judge(run)
    told = {
        "seconds": round(time.monotonic() - started),
        "kills": sum(verdict.killed.values()),
        "of the storing process": verdict.killed["storing"],
        "texts": verdict.texts,
        "deliveries": verdict.deliveries,
        "delivered again": verdict.again,
        "acknowledged twice by one lease": verdict.acked_twice,
        "stale acknowledgements refused": verdict.stale,
        "failed and retried": verdict.failed,
        "gave up waiting for the lock": verdict.busy,
        "wrong": len(verdict.wrong),
    }
    for what, number in told.items():
        print(f"{what:32} {number}")
    print(*verdict.wrong[:20], sep="\n")
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["publish", path, log, texts]:
            publish(Path(path), Path(log), int(texts))
        case ["consume", path, log, seed]:
            consume(Path(path), Path(log), int(seed))
        case _:
            sys.exit(main())
