"""The config, the budget and what was learnt, put to the policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.models import Config, Polling, outlet
from crawlers import pacing, runtime
from crawlers.cadence import Shown
from crawlers.pacing import Pacer
from crawlers.rhythm import hour_of
from pipelines.store import PollRecord, Store
from pipelines.store.habits import Learnt

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "presswatch.db", create=True) as opened:
        yield opened


def config(budget: int | None = None, **each: dict[str, Any]) -> Config:
    outlets = {
        key: outlet(key, {"sources": [{"feed": f"https://{key}.example/rss"}], **said})
        for key, said in each.items()
    }
    return Config(
        directory=Path("config"), outlets=outlets, polling=Polling(budget=budget)
    )


def teach(store: Store, wanted: Config, items_an_hour: dict[str, float]) -> None:
    """Two weeks of habits for each outlet's source."""
    store.frontier.sync_sources(runtime.sources(wanted.outlets.values()), NOW)
    for source in store.frontier.source_status():
        items = items_an_hour[source.outlet]
        hours = {hour_of(NOW) - n: items for n in range(1, 14 * 24)}
        learnt = Learnt(NOW - 14 * DAY, b"", 30, 0.0, hours)
        store.frontier.record_poll(
            PollRecord(source.id, NOW, 200, "ok", NOW, learnt=learnt, why="because")
        )


def test_without_a_budget_each_auto_source_has_48_polls(store: Store) -> None:
    wanted = config(a={"every": "auto"}, b={"every": "auto"}, c={"every": "1h"})
    teach(store, wanted, {"a": 4.0, "b": 1.0, "c": 1.0})
    allowance = pacing.survey(store, wanted, NOW)
    assert allowance.polls == 96
    polls = {one.outlet: one.polls for one in pacing.forecast(wanted, store, NOW)}
    assert polls["a"] + polls["b"] == pytest.approx(96, rel=0.01)
    assert polls["a"] / polls["b"] == pytest.approx(2, rel=0.05)
    assert polls["c"] == 24


def test_fixed_intervals_and_revisits_take_their_part_first(store: Store) -> None:
    wanted = config(1000, a={"every": "auto"}, c={"every": "15m"})
    teach(store, wanted, {"a": 1.0, "c": 1.0})
    assert pacing.survey(store, wanted, NOW).polls == 1000 - 96


def test_revisits_thin_out_for_a_small_budget(store: Store) -> None:
    wanted = config(200, a={"every": "auto"})
    teach(store, wanted, {"a": 1.0})
    with store.write() as db:
        for hour in range(168):
            db.conn.execute(
                "INSERT INTO outlet_hour VALUES ('a', ?, 1.0)", [hour_of(NOW) - hour]
            )
    allowance = pacing.survey(store, wanted, NOW)
    assert allowance.ratio > pacing.REVISIT_RATIOS[0]
    assert 0 < allowance.polls < 200
    roomy = pacing.survey(store, config(20_000, a={"every": "auto"}), NOW)
    assert roomy.ratio == pacing.REVISIT_RATIOS[0]


def test_a_budget_that_is_used_up_leaves_the_longest_waits(store: Store) -> None:
    wanted = config(1, a={"every": "auto", "between": ["10m", "3h"]})
    teach(store, wanted, {"a": 1.0})
    pacer = Pacer(lambda: wanted, store)
    known = store.frontier.habits(1)
    url = wanted.outlets["a"].sources[0].url
    check = pacer.check(wanted.outlets["a"], url, known, Shown(30), NOW)
    assert check.wait == 3 * HOUR


def test_before_anything_is_known_there_is_a_forecast() -> None:
    wanted = config(a={"every": "auto"}, b={"every": "30m"})
    auto, fixed = pacing.forecast(wanted, None, NOW)
    assert auto.polls == pytest.approx(48, rel=0.01)
    assert auto.why == "auto: nothing is known of it yet"
    assert (fixed.polls, fixed.why) == (48, "every 30m, as configured")


def test_a_reload_makes_a_new_survey(store: Store) -> None:
    wanted = config(100, a={"every": "auto"})
    teach(store, wanted, {"a": 1.0})
    pacer = Pacer(lambda: wanted, store)
    before = pacer.allowance(NOW)
    assert pacer.allowance(NOW) is before
    wanted = config(200, a={"every": "auto"})
    pacer.renew(None)
    assert pacer.allowance(NOW).polls == before.polls + 100


def test_habits_are_kept(store: Store) -> None:
    wanted = config(a={"every": "auto"})
    teach(store, wanted, {"a": 2.0})
    known = store.frontier.habits(1)
    assert known is not None
    assert known.since == NOW - 14 * DAY
    assert sum(known.hours.values()) == 2.0 * (14 * 24 - 1)
    (source,) = store.frontier.source_status()
    assert source.why == "because"
