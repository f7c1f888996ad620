"""Alerts for outlets and sources that have fallen silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.silence import simulate
from crawlers.rhythm import hour_of
from pipelines.candidate import Candidate
from pipelines.store import Listed, PollRecord, SourceSpec, Store
from pipelines.store.habits import Learnt
from service import silence, watch
from service.silence import Watched

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def watched(
    silent_hours: int,
    *,
    every: int = 1,
    key: str = "courier",
    url: str | None = None,
    days: int = 28,
    until: datetime = NOW,
) -> Watched:
    """An outlet that brought an item every so many hours until it fell silent."""
    last = hour_of(NOW) - 1 - silent_hours
    hours = dict.fromkeys(range(last, last - days * 24, -every), 1.0)
    return Watched(key, NOW - days * DAY, hours, until, "en", url)


def kinds(outlets: list[Watched], sources: list[Watched] | None = None) -> list[str]:
    return [notice.key for notice in silence.notices(outlets, sources or [], NOW)]


@pytest.mark.parametrize(
    ("one", "silent"),
    [
        pytest.param(watched(0), False, id="news this hour"),
        pytest.param(watched(5), False, id="under six hours"),
        pytest.param(watched(20), True, id="a busy outlet for most of a day"),
        pytest.param(watched(20, every=8), False, id="a quiet outlet for that long"),
        pytest.param(watched(80, every=8), True, id="a quiet outlet for three days"),
        pytest.param(
            watched(20, until=NOW - 18 * HOUR), False, id="it was we who did not ask"
        ),
        pytest.param(watched(20, days=2), False, id="hardly any past"),
        pytest.param(watched(90, days=5), True, id="little past, and a long silence"),
    ],
)
def test_silence(one: Watched, silent: bool) -> None:
    assert kinds([one]) == (["silent:courier"] if silent else [])


def test_nights_are_no_silence() -> None:
    day = {
        hour
        for hour in range(hour_of(NOW) - 28 * 24, hour_of(NOW))
        if 12 <= hour % 24 < 22
    }
    one = Watched("courier", NOW - 28 * DAY, dict.fromkeys(day, 2.0), NOW, "en")
    assert one.gap == 14 * HOUR
    assert kinds([one]) == []


def test_a_holiday_of_all_is_nobody_s_silence() -> None:
    outlets = [watched(20, key=f"outlet-{n}") for n in range(10)]
    assert kinds(outlets) == []
    others = [watched(0, key=f"outlet-{n}") for n in range(9)]
    assert kinds([watched(20), *others]) == ["silent:courier"]


def test_a_source_that_stands_still_while_others_move_is_frozen() -> None:
    feed, section = "https://a.example/rss", "https://a.example/news"
    sources = [watched(50, url=feed), watched(0, url=section)]
    assert kinds([watched(0)], sources) == [f"frozen:courier:{feed}"]
    assert kinds([watched(0)], [watched(40, url=feed)]) == []


def test_an_outlet_that_is_silent_has_one_alert() -> None:
    sources = [watched(50, url="https://a.example/1"), watched(50, url="b")]
    assert kinds([watched(50)], sources) == ["silent:courier"]


def test_evidence_is_told_in_figures() -> None:
    (notice,) = silence.notices([watched(20)], [], NOW)
    assert notice.text == "courier has been silent for 20 h"
    assert "were to be expected since then at its usual 2" in notice.evidence
    assert notice.command == "presswatch try courier"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "presswatch.db", create=True) as opened:
        yield opened


def test_what_the_database_holds_opens_and_closes_the_alert(store: Store) -> None:
    specs = [SourceSpec("courier", "feed", "https://a.example/rss", None)]
    begin = NOW - 20 * DAY
    store.frontier.sync_sources(specs, begin)
    for number in range(20 * 6 - 6):  # an item every four hours, until a day ago
        _poll(store, begin + number * 4 * HOUR, number)
    _poll(store, NOW, None)
    outlets, sources = silence.gather(store, {"courier": "en"})
    assert (len(outlets), sources) == (1, [])
    assert outlets[0].until == NOW
    assert 23 * HOUR <= outlets[0].gap <= 28 * HOUR
    later = NOW + 2 * DAY
    _poll(store, later, None)
    _look(store, later)
    assert [alert.key for alert in store.alerts.list()] == ["silent:courier"]
    _poll(store, later + HOUR, 10_000)
    _look(store, later + HOUR)
    assert store.alerts.list() == ()


def _poll(store: Store, at: datetime, number: int | None) -> None:
    """A good poll; with a number, one that lists an item of that name."""
    hours, entries = {}, []
    if number is not None:
        hours[hour_of(at)] = 1.0
        entries = [Listed(Candidate(f"https://a.example/{number}"), "a.example")]
    learnt = Learnt(NOW - 20 * DAY, b"", 10, 0.1, hours)
    outcome = "not_modified" if number is None else "ok"
    record = PollRecord(1, at, 200, outcome, at, entries=tuple(entries))
    if number is not None:
        record = replace(record, learnt=learnt)
    store.frontier.record_poll(record)


def _look(store: Store, now: datetime) -> None:
    outlets, sources = silence.gather(store, {"courier": "en"})
    watch.settle(store, silence.notices(outlets, sources, now), silence.KEYS, now)


def test_sixty_days_of_forty_outlets() -> None:
    """With nights, weekends, holidays; a quarter of the outlets falls silent."""
    figures = simulate(seed=2)
    assert len(figures.busy) + len(figures.few) == 10
    assert figures.within() == (1.0, 1.0)
    assert figures.false_per_100 <= 1
