"""Consumers far behind slow the fetching down; nothing is dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from queued import queue

from crawlers.backlog import LOOK_EVERY, SLOW, Backlog, overfull
from pipelines.store import Store
from pipelines.store.deliveries import Stats
from program import once, records
from service.demo.client import Site

FULL = Stats("berlin", False, 5, 2, 1, 9, 3, None)


@pytest.mark.parametrize(
    ("stats", "most", "found"),
    [
        pytest.param(FULL, None, False, id="no mark"),
        pytest.param(FULL, 8, False, id="as many"),
        pytest.param(FULL, 7, True, id="more"),
        pytest.param(
            Stats("new", False, 0, 0, 0, 0, 0, None, to_offer=9),
            8,
            False,
            id="yet to be asked whether it wants them",
        ),
        pytest.param(
            Stats("old", False, 9, 0, 0, 0, 0, None, retired_at=datetime.now(UTC)),
            8,
            False,
            id="left the config",
        ),
    ],
)
def test_what_is_too_much(stats: Stats, most: int | None, found: bool) -> None:
    assert bool(overfull([stats], most)) is found


def test_pages_are_fetched_slowly_until_it_is_over() -> None:
    seen: list[tuple[Stats, ...]] = [(), (FULL,), (FULL,), ()]
    backlog = Backlog(lambda: seen.pop(0))
    assert backlog.lets_through(0.0)
    assert backlog.lets_through(LOOK_EVERY - 1)  # no second look yet
    assert backlog.lets_through(LOOK_EVERY)  # too many wait: the first of the slow ones
    backlog.note_fetch(LOOK_EVERY)
    assert not backlog.lets_through(LOOK_EVERY + 1)
    assert not backlog.lets_through(LOOK_EVERY + SLOW - 1)
    assert backlog.lets_through(LOOK_EVERY + SLOW)
    backlog.note_fetch(LOOK_EVERY + SLOW)
    assert backlog.lets_through(LOOK_EVERY + SLOW + LOOK_EVERY)
    assert not backlog.pressing


def test_a_pass_leaves_the_pages_for_later(site: Site, tmp_path: Path) -> None:
    config = site.config(tmp_path / "config", outlets=["talbote"], sources=["feed"])
    settings = config / "presswatch.yaml"
    said = settings.read_text()
    settings.write_text(f"{said}\nqueue: {{most_waiting: 2}}\n")
    database = config / "data" / "presswatch.db"
    with Store.open(database, create=True) as store:
        queue(store, ["x", "y", "z"])
    summary = once(config)
    assert summary["listed"] > 0
    assert (summary["fetched"], summary["queued"]) == (0, 0)
    for message in records("queue", "lease", "--limit", 9, "--config", config):
        with Store.open(database) as store:
            store.queue.ack(message["id"], message["token"], datetime.now(UTC))
    assert once(config)["queued"] == summary["listed"]
