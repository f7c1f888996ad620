"""What a listing teaches, compared with the one before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from crawlers import learning
from crawlers.learning import Look
from crawlers.rhythm import hour_of
from pipelines.candidate import Candidate
from pipelines.store.habits import Habits

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=1)


def stories(
    numbers: Iterable[int], host: str = "news.example", dated: bool = False
) -> list[Candidate]:
    return [
        Candidate(
            f"https://{host}/story-{n}",
            title=f"The council decided matter number {n}",
            published=BEFORE + timedelta(minutes=n) if dated else None,
        )
        for n in numbers
    ]


def known(candidates: list[Candidate]) -> Habits:
    first = learning.learn(None, Look(BEFORE, None, candidates))
    return learning.added(None, first)


def look(candidates: list[Candidate], complete: bool = True) -> Look:
    return Look(NOW, BEFORE, candidates, complete)


def test_a_first_listing_shows_a_rhythm_by_its_dates() -> None:
    dates = [NOW - timedelta(hours=h) for h in (1, 1, 30, 24 * 60)]
    candidates = [
        Candidate(f"https://news.example/{n}", published=at)
        for n, at in enumerate(dates)
    ]
    learnt = learning.learn(None, Look(NOW, None, candidates))
    assert learnt.since == NOW - timedelta(hours=30)
    assert learnt.hours == {hour_of(dates[0]): 2.0, hour_of(dates[2]): 1.0}
    assert (learnt.shown, learnt.fresh, learnt.habitual) == (4, 0.0, False)


def test_new_entries_are_counted_when_they_say_they_came() -> None:
    before = known(stories(range(10)))
    learnt = learning.learn(before, look(stories(range(2, 12), dated=True)))
    assert learnt.fresh == 0.2
    assert learnt.hours == {hour_of(BEFORE + timedelta(minutes=10)): 2.0}
    assert learnt.gap_at is None


def test_undated_ones_are_spread_over_the_time_since_the_last_poll() -> None:
    learnt = learning.learn(known(stories(range(10))), look(stories(range(2, 12))))
    assert sum(learnt.hours.values()) == 2
    assert set(learnt.hours) == {hour_of(BEFORE), hour_of(NOW)}


def test_nothing_in_common_is_a_gap() -> None:
    learnt = learning.learn(known(stories(range(10))), look(stories(range(20, 30))))
    assert (learnt.gap_at, learnt.fresh) == (NOW, 1.0)


@pytest.mark.parametrize(
    ("candidates", "complete", "what"),
    [
        pytest.param(stories([0, *range(20, 29)]), True, "gap", id="one was pinned"),
        pytest.param(stories([0, 1, *range(20, 28)]), True, "none", id="two known"),
        pytest.param(stories(range(20, 22)), True, "none", id="too few to tell"),
        pytest.param([], True, "none", id="empty"),
        pytest.param(stories(range(20, 30)), False, "none", id="part of a sitemap"),
        pytest.param(
            stories(range(10), host="www.elsewhere.example"),
            True,
            "none",
            id="the same headlines on another host",
        ),
    ],
)
def test_what_is_a_gap(candidates: list[Candidate], complete: bool, what: str) -> None:
    learnt = learning.learn(known(stories(range(10))), look(candidates, complete))
    assert (learnt.gap_at == NOW) == (what == "gap")


def test_a_move_to_another_host_looks_like_no_flood() -> None:
    moved = stories(range(2, 12), host="www.elsewhere.example")
    learnt = learning.learn(known(stories(range(10))), look(moved))
    assert sum(learnt.hours.values()) == 2


def test_what_leaves_a_page_for_a_while_is_not_new_when_it_is_back() -> None:
    before = known(stories(range(10)))
    without = learning.learn(before, look(stories(range(1, 11))))
    back = learning.learn(learning.added(before, without), look(stories(range(11))))
    assert back.fresh == 0


def test_what_stands_before_the_known() -> None:
    before = known(stories(range(10)))
    page = stories([22, 21, 9, 8, 40])
    assert learning.until_known(before, page) == page[:2]
    assert learning.until_known(before, stories([9])) == []


def test_large_listings_are_compared_by_their_newest() -> None:
    old = [
        Candidate(f"https://news.example/{n}", published=NOW - timedelta(hours=n))
        for n in range(5_000)
    ]
    learnt = learning.learn(
        known(old), look([Candidate("https://news.example/x"), *old])
    )
    assert learnt.shown == 5_001
    assert learnt.fresh <= 1 / learning.MOST_COMPARED
    assert len(learnt.entries) <= learning.MOST_REMEMBERED * 16


def test_a_listing_that_moved_is_told_by_its_headlines() -> None:
    before = known(stories(range(10)))
    elsewhere = stories(range(10), host="elsewhere.example")
    new = stories(range(20, 25), host="elsewhere.example")
    assert learning.moved(before, [*elsewhere, *new]) == elsewhere
    assert learning.moved(before, [*elsewhere[:4], *new]) == []
    assert learning.moved(before, stories(range(10))) == []
    assert learning.moved(None, elsewhere) == []


def test_a_part_of_a_sitemap_is_not_taken_for_all_of_it() -> None:
    learnt = learning.learn(known(stories(range(10))), look([], complete=False))
    assert (learnt.shown, learnt.fresh) == (10, 0.0)
    assert learning.learn(known(stories(range(10))), look([])).shown == 0
