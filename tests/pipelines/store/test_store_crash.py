"""What is left after kill -9, of writers and of consumers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsdesk import Newsdesk, words

from pipelines.store import Store

HERE = Path(__file__).parent
KILLS = 10
MESSAGES = 150
CONSUMERS_KILLED = 8


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(HERE.parents[2])},
    )


def kill_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill a process once it has said so much; all that it said."""
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    assert process.returncode == -9
    return said


def publish_until_killed(path: Path, first: int, reports: int) -> list[int]:
    """What the publisher said it had committed before it was killed."""
    said = kill_after(start("publisher.py", path, first), reports)
    return [int(line) for line in said if line.endswith("\n")]


def orphans(store: Store) -> list[int]:
    """Revisions to be announced without a message, or messages without one."""
    rows = store.session.rows(
        "SELECT r.article_id FROM revision r LEFT JOIN message m"
        " ON m.article_id = r.article_id AND m.revision = r.n"
        " WHERE (m.seq IS NULL) <> (r.relation = 'same')"
        " UNION ALL SELECT m.article_id FROM message m LEFT JOIN revision r"
        " ON m.article_id = r.article_id AND m.revision = r.n WHERE r.id IS NULL"
        " UNION ALL SELECT m.article_id FROM message m LEFT JOIN delivery d"
        " ON d.seq = m.seq WHERE d.seq IS NULL"
        " UNION ALL SELECT id FROM url WHERE state <> 'done' OR article_id IS NULL"
    )
    return [row[0] for row in rows]


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_reported(path: Path) -> None:
    Store.open(path, create=True).close()
    rng = random.Random(20261123)  # noqa: S311 - picks instants, guards nothing
    reported: set[int] = set()
    for _ in range(KILLS):
        first = max(reported, default=0) + 100
        reported.update(publish_until_killed(path, first, rng.randint(1, 40)))
        with Store.open(path) as store:
            stored = {
                int(row["url"].rpartition("/")[2])
                for row in store.session.rows("SELECT url FROM article")
            }
            assert reported <= stored
            assert orphans(store) == []
    with Store.open(path) as store:
        assert store.damage() == []
        assert store.frontier.waiting_pages(1) == []
        for row in store.session.rows("SELECT max(id) AS id FROM page"):
            assert store.frontier.page_body(row["id"]) == b"<p>page</p>"
    assert len(reported) > KILLS


@pytest.mark.slow
def test_consumers_that_are_killed_lose_no_message(path: Path, tmp_path: Path) -> None:
    with Store.open(path, create=True) as store, store.write():
        desk = Newsdesk(store)
        for n in range(MESSAGES):
            desk.publish(f"https://ferry.example/{n}", words(f"story {n}"))
    rng = random.Random(20261123)  # noqa: S311 - picks instants, guards nothing
    logs = [tmp_path / f"{n}.log" for n in range(3)]
    for _ in range(CONSUMERS_KILLED // 2):
        # Each hangs between its effect and its acknowledgement, which is repeated.
        hung = [start("consumer.py", path, log, rng.randint(1, 6)) for log in logs[:2]]
        for process in hung:
            assert kill_after(process, lines=1) == ["hanging\n"]
    running = [start("consumer.py", path, log, 0) for log in logs]
    for process in running:
        process.communicate(timeout=90)
        assert process.returncode == 0
    _check_effects(path, [line for log in logs for line in _lines(log)])


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def _check_effects(path: Path, lines: list[str]) -> None:
    effects = [line.split() for line in lines if not line.endswith("stale")]
    stale = len(lines) - len(effects)
    with Store.open(path) as store:
        (stats,) = store.queue.stats(datetime.now(UTC))
        ids = {message.id for message in store.queue.export()}
        tokens = store.session.rows("SELECT done_token FROM delivery")
    assert (stats.done, stats.ready, stats.leased) == (MESSAGES, 0, 0)
    assert {effect[0] for effect in effects} == ids  # each at least once
    # Each was settled once; besides, only what was cut off was done again.
    assert len(effects) == MESSAGES + CONSUMERS_KILLED + stale
    assert {row["done_token"] for row in tokens} <= {effect[1] for effect in effects}
