"""Alerts, hosts, robots.txt, single values."""

from __future__ import annotations

from datetime import timedelta

from newsdesk import MINUTE, NOW

from pipelines.store import HostRow, Notice, RobotsRow, Store

QUIET = Notice("outlet-quiet:ferry", "ferry is quiet", "3 days", "presswatch status")


def test_an_alert_opens_once(store: Store) -> None:
    assert store.alerts.open(QUIET, NOW) is True
    assert store.alerts.open(QUIET, NOW + MINUTE) is False
    (alert,) = store.alerts.list()
    assert (alert.opened_at, alert.last_seen) == (NOW, NOW + MINUTE)
    assert (alert.text, alert.command) == ("ferry is quiet", "presswatch status")


def test_an_alert_that_comes_back_is_another(store: Store) -> None:
    store.alerts.open(QUIET, NOW)
    assert store.alerts.close(QUIET.key, NOW + MINUTE) is True
    assert store.alerts.close(QUIET.key, NOW + MINUTE) is False
    assert store.alerts.list() == ()
    assert store.alerts.open(QUIET, NOW + 2 * MINUTE) is True
    latest, first = store.alerts.list(open_only=False)
    assert (latest.closed_at, first.closed_at) == (None, NOW + MINUTE)


def test_hosts(store: Store) -> None:
    assert store.hosts.get("ferry.example") is None
    store.hosts.put(HostRow("ferry.example", NOW + MINUTE, "Retry-After", 2.5))
    known = HostRow("ferry.example", NOW + MINUTE, "Retry-After", 2.5)
    assert store.hosts.get("ferry.example") == known
    store.hosts.put(HostRow("pier.example", NOW + timedelta(seconds=1), "gap"))
    held = store.hosts.held(NOW)
    assert [row.host for row in held] == ["pier.example", "ferry.example"]
    assert store.hosts.held(NOW + MINUTE) == []


def test_robots(store: Store) -> None:
    origin = "https://ferry.example"
    assert store.hosts.robots(origin) is None
    for answer in (
        RobotsRow(200, b"User-agent: *\nDisallow: /\xff", NOW),
        RobotsRow(None, b"", NOW + MINUTE),
    ):
        store.hosts.put_robots(origin, answer)
        assert store.hosts.robots(origin) == answer


def test_meta(store: Store) -> None:
    assert store.meta.get("heartbeat") is None
    store.meta.put("heartbeat", "1")
    store.meta.put("heartbeat", "2")
    assert store.meta.get("heartbeat") == "2"
