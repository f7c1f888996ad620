"""Cuts the power at random moments of storing and acknowledging, and looks at the disk.

    python -m benchmarks.power_cuts --cuts 500 --seed 1

A process stores articles (raw page, article, message in their transactions), leases and
acknowledges, and reports each commit. A shim between it and the kernel
(`power_cuts.c`, built with gcc, loaded with LD_PRELOAD) writes down every write,
truncation and sync of its files. From that the disk is made as it may look after a cut
at any moment: of each file what was synced, and of what was written since nothing, the
first part, some of it at random, or all, the last write torn; a new or removed file is
there or not unless its directory was synced.

Of each such disk the database is opened. It must be sound, hold everything that was
reported before the cut, hold no message without its article or the other way round, and
every raw page. Exits 1 otherwise. `--synchronous NORMAL` shows that losses are seen.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.queue_latency import store_one
from pipelines.store import Store, StoreError
from pipelines.store.pages import file_name

SHIM = Path(__file__).with_suffix(".c")
HEAD = struct.Struct("<cHQI")
DATABASE = "presswatch.db"
REPORTS = "reported"
#: A torn write ends at the border of a sector.
SECTOR = 512


# -- the process whose power is cut ----------------------------------------------------


def work(directory: Path, seed: int, articles: int, synchronous: str) -> None:
    """Store and consume; report each commit by a line in REPORTS."""
    rng = random.Random(seed)
    reports = os.open(directory / REPORTS, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    with Store.open(directory / DATABASE, create=True) as store:
        pages = store.pages._for_writing(file_name(datetime.now(UTC)))
        for session in (store.session, pages):
            session.db.conn.execute(f"PRAGMA synchronous = {synchronous}")
            # As often as it would be in hours of life.
            session.db.conn.execute("PRAGMA wal_autocheckpoint = 60")
        number = 0
        while number < articles:
            count = min(rng.choice((1, 1, 3)), articles - number)
            with store.write():
                stored = [store_one(store, number + n).msg_id for n in range(count)]
            _report(reports, stored=stored)
            number += count
            if rng.random() < 0.5:
                _consume(store, reports)


def _consume(store: Store, reports: int) -> None:
    now = datetime.now(UTC)
    for message in store.queue.lease(limit=2, duration=timedelta(hours=1), now=now):
        store.queue.ack(message.id, message.token, now)
        _report(reports, acked=[message.id])


def _report(file: int, **said: object) -> None:
    os.write(file, json.dumps(said).encode() + b"\n")


def traced(directory: Path, seed: int, articles: int, synchronous: str) -> Path:
    """Run the process under the shim; the file that tells what it did."""
    shim, trace = directory / "power_cuts.so", directory / "trace"
    gcc = ["gcc", "-O2", "-shared", "-fPIC", "-o", str(shim), str(SHIM), "-ldl"]
    subprocess.run(gcc, check=True)
    disk = directory / "disk"
    disk.mkdir()
    command = [sys.executable, "-m", "benchmarks.power_cuts", "work", str(disk)]
    command += [str(seed), str(articles), synchronous]
    environment = {
        **os.environ,
        "LD_PRELOAD": str(shim),
        "POWER_CUTS_DIR": str(disk),
        "POWER_CUTS_TRACE": str(trace),
    }
    subprocess.run(command, check=True, env=environment)
    return trace


# -- the disk, as it may look ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a file."""

    kind: str
    path: Path
    offset: int
    data: bytes


def steps(trace: Path) -> Iterator[Step]:
    """What was done, in order."""
    with trace.open("rb") as file:
        while head := file.read(HEAD.size):
            kind, named, offset, size = HEAD.unpack(head)
            path = Path(os.fsdecode(file.read(named)))
            yield Step(kind.decode(), path, offset, file.read(size))


@dataclass(slots=True)
class File:
    """A file: what is safely on the disk, and what was done since.

    `named`: its name is safely in the directory. `removed`: it was taken out of it.
    """

    safe: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)
    named: bool = False
    removed: bool = False

    def sync(self) -> None:
        """All of it is safe now."""
        for step in self.since:
            _apply(self.safe, step)
        self.since.clear()
        # Of a new file, file systems write the name along with the content.
        self.named = True

    def after_a_cut(self, rng: random.Random) -> bytes | None:
        """What may be found; None: no such file."""
        if (self.removed or not self.named) and rng.random() < 0.5:
            return None
        found = bytearray(self.safe)
        kept = _survivors(self.since, rng)
        for number, step in enumerate(kept):
            torn = number == len(kept) - 1 and step.kind == "w" and rng.random() < 0.5
            _apply(found, _torn(step, rng) if torn else step)
        return bytes(found)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "t":
        del content[step.offset :]
        content.extend(bytes(step.offset - len(content)))
        return
    content.extend(bytes(max(0, step.offset - len(content))))
    content[step.offset : step.offset + len(step.data)] = step.data


def _survivors(since: list[Step], rng: random.Random) -> list[Step]:
    match rng.choice(("none", "first", "some", "all")):
        case "none":
            return []
        case "first":
            return since[: rng.randint(0, len(since))]
        case "some":
            return [step for step in since if rng.random() < 0.5]
        case _:
            return since


def _torn(step: Step, rng: random.Random) -> Step:
    sectors = rng.randint(0, len(step.data) // SECTOR)
    return Step(step.kind, step.path, step.offset, step.data[: sectors * SECTOR])


@dataclass(slots=True)
class Disk:
    """All files of the directory, and what was reported so far."""

    files: dict[str, File] = field(default_factory=dict)
    reports: bytes = b""

    def do(self, step: Step) -> None:
        """Follow one step."""
        name = step.path.name
        if step.kind == "s" and name not in self.files:
            self._sync_names()
        elif name == REPORTS:
            self.reports += step.data
        elif step.kind == "s":
            self.files[name].sync()
        elif step.kind == "u":
            self.files[name].removed = True
        elif step.kind == "r":
            self.files[Path(os.fsdecode(step.data)).name] = self.files.pop(name)
        else:
            self._write(name, step)

    def _write(self, name: str, step: Step) -> None:
        if name not in self.files or self.files[name].removed:
            self.files[name] = File()
        self.files[name].since.append(step)

    def _sync_names(self) -> None:
        self.files = {n: f for n, f in self.files.items() if not f.removed}
        for file in self.files.values():
            file.named = True

    def reported(self) -> dict[str, set[str]]:
        """What the process had said it had done."""
        said: dict[str, set[str]] = {"stored": set(), "acked": set()}
        for line in self.reports.splitlines():
            for what, ids in json.loads(line).items():
                said[what].update(ids)
        return said

    def cut(self, directory: Path, rng: random.Random) -> None:
        """Write the files as they may be found."""
        for name, file in self.files.items():
            found = file.after_a_cut(rng)
            if found is not None:
                (directory / name).write_bytes(found)


# -- looking at it ---------------------------------------------------------------------


@dataclass(slots=True)
class Verdict:
    """What the cuts came to. `lost` counts reported commits that were not there."""

    cuts: int = 0
    reported: int = 0
    lost: int = 0
    damaged: int = 0
    out_of_step: int = 0
    pages_missing: int = 0

    @property
    def sound(self) -> bool:
        """Whether everything was as it must be."""
        return not (self.lost or self.damaged or self.out_of_step or self.pages_missing)


def look(directory: Path, said: dict[str, set[str]], verdict: Verdict) -> None:
    """Open what a cut left, as the next start does."""
    verdict.cuts += 1
    verdict.reported += sum(map(len, said.values()))
    try:
        _look(directory, said, verdict)
    except StoreError:  # it cannot be read at all
        verdict.damaged += 1
        verdict.lost += sum(map(len, said.values()))


def _look(directory: Path, said: dict[str, set[str]], verdict: Verdict) -> None:
    with Store.open(directory / DATABASE, create=True) as store:
        verdict.damaged += bool(store.damage())
        states = {
            row["msg_id"]: row["state"]
            for row in store.session.rows(
                "SELECT msg_id, state FROM message JOIN delivery USING (seq)"
            )
        }
        done = {message_id for message_id, state in states.items() if state == "done"}
        verdict.lost += len(said["stored"] - states.keys()) + len(said["acked"] - done)
        articles = store.session.value("SELECT count(*) FROM revision")
        verdict.out_of_step += articles != len(states)
        for row in store.session.rows("SELECT id FROM page"):
            verdict.pages_missing += not _has_body(store, row["id"])


def _has_body(store: Store, page_id: int) -> bool:
    try:
        return bool(store.frontier.page_body(page_id))
    except StoreError:
        return False


def cut_at_random(directory: Path, trace: Path, cuts: int, seed: int) -> Verdict:
    """Cut the power so many times, each time at another moment of the same work."""
    rng = random.Random(seed)
    count = sum(1 for _ in steps(trace))
    first = next(n for n, s in enumerate(steps(trace)) if s.path.name == REPORTS)
    moments = sorted(rng.randrange(first, count) for _ in range(cuts))
    disk, verdict = Disk(), Verdict()
    for number, step in enumerate(steps(trace)):
        disk.do(step)
        while moments and moments[0] == number:
            moments.pop(0)
            left = directory / "left"
            left.mkdir()
            disk.cut(left, rng)
            look(left, disk.reported(), verdict)
            shutil.rmtree(left)
    return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", default="FULL")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        trace = traced(directory, options.seed, options.articles, options.synchronous)
        verdict = cut_at_random(directory, trace, options.cuts, options.seed)
    print(f"{verdict.cuts} cuts in {time.monotonic() - started:.0f} s")
    print(f"reported commits looked for  {verdict.reported}")
    print(f"of these lost                {verdict.lost}")
    print(f"databases damaged            {verdict.damaged}")
    print(f"article and queue apart      {verdict.out_of_step}")
    print(f"raw pages missing            {verdict.pages_missing}")
    return 0 if verdict.sound else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["work", directory, seed, articles, synchronous]:
            work(Path(directory), int(seed), int(articles), synchronous)
        case _:
            sys.exit(main())
