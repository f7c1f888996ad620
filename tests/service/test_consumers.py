"""The alerts about consumers: opened once, closed when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from queued import queue

from pipelines.store import Store, SubscriptionSpec
from pipelines.store.deliveries import Stats
from service.consumers import notices
from service.watch import look_round

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUIET = Stats("berlin", False, 0, 0, 0, 5, 0, None, added_at=NOW - 99 * HOUR)
WAITING = replace(QUIET, ready=3, oldest_ready=NOW - 7 * HOUR)


@pytest.mark.parametrize(
    ("stats", "key", "says"),
    [
        pytest.param(QUIET, None, "", id="nothing waits"),
        pytest.param(WAITING, "unread:berlin", "nobody reads", id="never read"),
        pytest.param(
            replace(WAITING, read_at=NOW - 8 * HOUR),
            "unread:berlin",
            "3 texts waiting",
            id="read before",
        ),
        pytest.param(
            replace(WAITING, paused=True), "unread:berlin", "is paused", id="paused"
        ),
        pytest.param(
            replace(WAITING, read_at=NOW - HOUR),
            "queue:berlin",
            "falls behind: the oldest text waits for 7 h",
            id="behind",
        ),
        pytest.param(
            replace(WAITING, oldest_ready=NOW - 5 * HOUR), None, "", id="not for long"
        ),
        pytest.param(
            replace(WAITING, added_at=NOW - HOUR), None, "", id="new, with old texts"
        ),
        pytest.param(
            replace(QUIET, dead=1), "dead:berlin", "1 text of berlin was", id="dead"
        ),
        pytest.param(
            replace(QUIET, retired_at=NOW),
            "retired:berlin",
            "no longer in the config; it keeps 0 texts",
            id="retired",
        ),
        pytest.param(
            replace(QUIET, strained="(x+x+)+y"),
            "filter:berlin",
            "takes too long",
            id="strained",
        ),
    ],
)
def test_what_calls_for_an_alert(stats: Stats, key: str | None, says: str) -> None:
    found = list(notices([stats], NOW))
    assert [notice.key for notice in found] == ([key] if key else [])
    assert all(says in notice.text and "berlin" in notice.command for notice in found)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "presswatch.db", create=True) as opened:
        yield opened


def keys(store: Store, now: datetime) -> list[str]:
    look_round(store, now)
    return [alert.key for alert in store.alerts.list()]


def test_unread_until_it_is_read(store: Store) -> None:
    queue(store, ["a"], NOW)
    assert keys(store, NOW + 6 * HOUR) == []
    later = NOW + 7 * HOUR
    assert keys(store, later) == keys(store, later) == ["unread:default"]
    (leased,) = store.queue.lease(duration=HOUR, now=later)
    assert keys(store, later) == []
    store.queue.fail(leased.id, leased.token, "no", now=later, permanent=True)
    assert keys(store, later) == ["dead:default"]
    store.queue.redrive(None, later)
    assert keys(store, later) == ["queue:default"]


def test_an_alert_goes_with_its_subscription(store: Store) -> None:
    store.queue.sync_subscriptions([SubscriptionSpec("berlin")], NOW)
    store.queue.sync_subscriptions([], NOW)
    assert keys(store, NOW) == ["retired:berlin"]
    store.queue.remove("berlin")
    assert keys(store, NOW) == []
    assert len(store.alerts.list(open_only=False)) == 1


def test_too_many_waiting(store: Store) -> None:
    queue(store, ["a", "b", "c"], NOW)
    look_round(store, NOW, most_waiting=2)
    (alert,) = store.alerts.list()
    assert alert.key == "overfull:default"
    assert "3 texts wait in default, more than 2" in alert.text
    (leased,) = store.queue.lease(duration=HOUR, now=NOW)
    store.queue.ack(leased.id, leased.token, NOW)
    look_round(store, NOW, most_waiting=2)
    assert store.alerts.list() == ()
