"""Backs a database up while it is written to, and puts the backup back.

    python -m benchmarks.backups --megabytes 1000

A thread commits one small row after the other, as the service does, first alone and
then while the copy is made, verified and made durable. Printed: how long copy and
restore take, and the longest that a commit took in both halves. Exit code 1 if the
copy is not sound, or lacks a row that was committed before it was begun.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from config.sizes import readable
from pipelines.store import Store, restoring
from pipelines.store.copies import Keep

ROW = 16_000  # bytes
ALONE = 5.0  # seconds


@dataclass
class Commits:
    """How long each commit took, in seconds, by the phase it was made in."""

    path: Path
    phase: str = "alone"
    took: dict[str, list[float]] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with Store.open(self.path) as store:
            number = 0
            while not self.ended.is_set():
                number += 1
                began = time.perf_counter()
                store.meta.put("number", str(number))
                took = time.perf_counter() - began
                self.took.setdefault(self.phase, []).append(took)
                time.sleep(0.002)

    def told(self, phase: str) -> str:
        took = sorted(self.took.get(phase, [0.0]))
        p99, most = took[int(len(took) * 0.99)] * 1000, took[-1] * 1000
        return f"{len(took)} commits, p99 {p99:.0f} ms, most {most:.0f} ms"


def fill(path: Path, megabytes: int) -> None:
    """A database of about that size."""
    with Store.open(path, create=True) as store:
        for first in range(0, megabytes * 1_000_000, ROW * 100):
            with store.write() as db:
                db.conn.executemany(
                    "INSERT INTO meta (key, value) VALUES (?, ?)",
                    [(f"{first}:{n}", os.urandom(ROW // 2).hex()) for n in range(100)],
                )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "presswatch.db"
        fill(path, options.megabytes)
        commits = Commits(path)
        thread = threading.Thread(target=commits.run)
        thread.start()
        time.sleep(ALONE)
        commits.phase = "beside"
        with Store.open(path, read_only=True) as store:
            before = int(store.meta.get("number") or 0)
            began = time.perf_counter()
            made = store.backup_into(Path(name) / "copies", datetime.now(UTC), Keep())
            copying = time.perf_counter() - began
        commits.ended.set()
        thread.join()
        began = time.perf_counter()
        restoring.restore(path, made.path, datetime.now(UTC))
        putting_back = time.perf_counter() - began
        with Store.open(path) as store:
            kept = int(store.meta.get("number") or 0) >= before
            sound = kept and store.damage() == []
    print(f"a copy of {readable(made.size)}: {copying:.1f} s, verified and synced")
    print(f"put back: {putting_back:.1f} s")
    print(f"writer alone:  {commits.told('alone')}")
    print(f"beside a copy: {commits.told('beside')}")
    print("sound" if sound else "NOT SOUND")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
