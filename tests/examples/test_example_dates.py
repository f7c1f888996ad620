"""examples/dates.py: what it reads, and that being killed changes nothing of it."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from queued import article

from pipelines.store import Store
from pipelines.store.deliveries import Message

EXAMPLE = Path(__file__).parents[2] / "examples" / "dates.py"
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def add(store: Store, name: str, text: str, **said: object) -> None:
    about = {**article(str(said.get("of", name)), text), "published": NOW.isoformat()}
    about |= {key: value for key, value in said.items() if key in about}
    kind, before = str(said.get("kind", "new")), said.get("supersedes")
    supersedes = None if before is None else str(before)
    message = Message(name, kind, None, 1, supersedes, 0, None, json.dumps(about))
    store.queue.add(message, NOW)


def command(database: Path, facts: Path, *more: str) -> list[str]:
    return [sys.executable, str(EXAMPLE), str(database), str(facts), *more]


def mentions(facts: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(facts) as connection:
        rows = connection.execute("SELECT url, day FROM mention ORDER BY url, day")
        found = [(url.rpartition("/")[2], day) for url, day in rows]
    connection.close()
    return found


def test_what_it_reads(tmp_path: Path) -> None:
    database, facts = tmp_path / "presswatch.db", tmp_path / "days.db"
    with Store.open(database, create=True) as store:
        add(
            store,
            "a",
            "It had 12 cars in 1998, and 4 and 9 more. It runs on 3 May 2026.",
        )
        add(
            store,
            "b",
            "Seit dem 12. Juni kostet sie 2,4 Euro, nach 21 Jahren.",
            language="de",
        )
        add(store, "c", "No day at all, not even Monday.")
        add(store, "d", "Tlhingan: 3 May 2026.", language="xx")
        add(store, "a2", "It runs on 4 May 2026.", of="a", revision=2, kind="revision")
        add(store, "a0", "It runs on 1 May 2026.", of="a", revision=1, kind="revision")
    subprocess.run(command(database, facts, "--once"), check=True, timeout=100)
    assert mentions(facts) == [("a", "2026-05-04"), ("b", "2026-06-12")]


def test_killed_and_started_again_it_has_each_effect_once(tmp_path: Path) -> None:
    database, facts = tmp_path / "presswatch.db", tmp_path / "days.db"
    expected = []
    with Store.open(database, create=True) as store, store.write():
        for n in range(1, 13):
            add(store, f"{n:02}", f"Once on {n} May 2026, and on {n} June 2026.")
            expected += [(f"{n:02}", f"2026-05-{n:02}"), (f"{n:02}", f"2026-06-{n:02}")]
    rng = random.Random(5)  # noqa: S311
    lease = ("--lease", "1")
    for least in (0, 6):
        process = subprocess.Popen(command(database, facts, *lease))
        _wait_for_effects(process, facts, rng.randint(1, 4) + least)
        process.kill()
        assert process.wait() == -9
    deadline = time.monotonic() + 100
    time.sleep(1.1)  # what the killed ones held comes back
    while _unsettled(database) and time.monotonic() < deadline:
        once = command(database, facts, "--once", *lease)
        subprocess.run(once, check=True, timeout=100)
    assert mentions(facts) == expected


def _wait_for_effects(process: subprocess.Popen[bytes], facts: Path, n: int) -> None:
    while process.poll() is None:
        try:
            if len(mentions(facts)) >= n:
                return
        except sqlite3.OperationalError:
            pass  # no table yet
        time.sleep(0.01)


def _unsettled(database: Path) -> int:
    with Store.open(database) as store:
        return store.queue.stats(datetime.now(UTC))[0].waiting
