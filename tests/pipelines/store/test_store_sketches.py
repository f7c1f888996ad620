"""What the memory of wordings keeps, and what it does not keep twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.similarity.relating import relate, sketched
from pipelines.similarity.texts import Found, Text
from pipelines.store import scratch
from pipelines.store.scratch import Scratch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(seed: str, words: int = 60, **origin: object) -> Text:
    body = " ".join(f"{seed}{n}" for n in range(words))
    about = {"outlet": "ferry", "url_key": None, "seen_at": NOON} | origin
    return Text(text=body, **about)  # type: ignore[arg-type]


@pytest.fixture
def memory() -> Iterator[Scratch]:
    kept = Scratch()
    yield kept
    kept.close()


def test_a_story_posts_a_print_once(memory: Scratch) -> None:
    for outlet in ("ferry", "pier", "quay"):
        relate(told("wire", outlet=outlet), memory)
    prints = sketched(told("wire"), memory).prints
    assert {(one.id, one.story) for one in memory.posted(prints)} == {(1, 1)}
    assert sorted(one.print for one in memory.posted(prints)) == sorted(prints)


def test_an_extended_copy_posts_what_is_its_own(memory: Scratch) -> None:
    first, own = told("wire"), told("own", 20)
    relate(first, memory)
    longer = Text("pier", None, NOON, f"{first.text}\n{own.text}")
    assert relate(longer, memory)[1].story == 1
    posted = memory.posted(sketched(longer, memory).prints)
    assert {one.id for one in posted} == {1, 2}
    assert len({one.print for one in posted}) == len(posted)


def test_texts_by_url_and_wording(memory: Scratch) -> None:
    relate(told("old", url_key=5), memory)
    relate(told("new", url_key=5), memory)
    latest = memory.at_url(5)
    assert latest is not None
    assert (latest.id, latest.story, latest.outlet) == (2, 1, "ferry")
    assert memory.worded(sketched(told("new"), memory)) == Found(2, 1)
    assert memory.at_url(6) is None
    assert memory.worded(sketched(told("other"), memory)) is None


def test_texts_come_back_as_they_were_kept(
    memory: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "READY", 1)
    for seed in ("first", "second", "third"):
        relate(told(seed, seen_at=NOON - timedelta(days=20_000)), memory)
    (first,) = memory.carried([1])
    sketch = sketched(told("first"), memory)
    assert first.wording.words == sketch.own.words
    assert first.exact == sketch.exact
    assert first.seen_at == NOON - timedelta(days=20_000)


@pytest.mark.parametrize(
    ("days", "repeated"),
    [
        pytest.param((0, 1, 2), True, id="three stories"),
        pytest.param((0, 1), False, id="two"),
        pytest.param((0, 30, 31), False, id="the first one was long ago"),
        pytest.param((0, 1, 2, 90), True, id="known lines stay known"),
    ],
)
def test_lines_of_an_outlet(
    memory: Scratch, days: tuple[int, ...], repeated: bool
) -> None:
    for day in days:
        own = told(f"story{day}w").text
        at = NOON + timedelta(days=day)
        relate(Text("ferry", None, at, f"{own}\nSign up for news"), memory)
    lines = sketched(Text("ferry", None, NOON, "Sign up for news"), memory).lines
    assert memory.repeated("ferry", lines) == (set(lines) if repeated else set())
    assert memory.repeated("pier", lines) == set()


def test_members_of_a_story(memory: Scratch) -> None:
    for seed, outlet in (("wire", "a"), ("other", "a"), ("wire", "b"), ("wire", "c")):
        relate(told(seed, outlet=outlet), memory)
    assert memory.members(1, 10) == [1, 3, 4]
    assert memory.members(1, 2) == [1, 3]
    assert memory.members(2, 10) == [2]


def test_the_size_counts_the_index_alone(memory: Scratch) -> None:
    empty = memory.size()
    for n in range(100):
        relate(told(f"seed{n}w", 200), memory)
    assert 100 * 100 < memory.size() - empty < 100 * 1200
