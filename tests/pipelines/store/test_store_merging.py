"""The prints of the latest texts are moved in small steps, and found all the while."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from newsdesk import Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.store import Store, merging, postings
from pipelines.store.meta import Meta

SITE = "https://ferry.example"
WIRE = [words(f"wire {n}", 12) for n in range(10)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "TOGETHER", 4)
    monkeypatch.setattr(postings, "MOVED", 10)


def publish(desk: Newsdesk, *numbers: int) -> None:
    for number in numbers:
        desk.publish(f"{SITE}/{number}", words(f"topic {number}"))


def rows(store: Store, table: str) -> list[tuple[int, int]]:
    query = f"SELECT print, sketch FROM {table}"  # noqa: S608 - our own
    return [(row[0], row[1]) for row in store.session.rows(query)]


def every(store: Store) -> list[tuple[int, int]]:
    return sorted(rows(store, "posting") + rows(store, "fresh_posting"))


def test_a_pass_begins_with_enough_texts_and_goes_to_its_end(desk: Newsdesk) -> None:
    store = desk.store
    publish(desk, 1, 2, 3)
    assert not store.merge_words()
    assert rows(store, "posting") == []
    publish(desk, 4)
    before = every(store)
    assert store.merge_words()
    assert rows(store, "posting")
    assert rows(store, "fresh_posting")
    publish(desk, 5)  # while it is on its way
    while store.merge_words():
        assert before == [one for one in every(store) if one[1] <= 4]
    assert set(rows(store, "posting")) >= set(before)
    publish(desk, 6, 7)
    assert not store.merge_words()
    publish(desk, 8)
    assert store.merge_words()


def test_copies_are_known_at_every_step(desk: Newsdesk) -> None:
    first = desk.publish(f"{SITE}/wire", "\n".join(WIRE))
    publish(desk, 1, 2, 3)
    steps = 0
    while desk.store.merge_words():
        text = "\n".join([words(f"local {steps}", 8), *WIRE[2:]])
        copy = desk.publish(f"{SITE}/{steps}", text, outlet=f"pier{steps}")
        assert copy.outcome is Outcome.DUPLICATE
        article = desk.store.articles.get(copy.article_id or 0)
        assert article is not None
        assert article.story == first.article_id
        steps += 1
    assert steps > 3


def test_what_is_forgotten_halfway_is_in_no_table(desk: Newsdesk) -> None:
    store = desk.store
    publish(desk, 1, 2, 3, 4)
    assert store.merge_words()
    for number in (1, 2, 3, 4):
        urls = store.forgetting.of_url(f"{SITE}/{number}")
        store.forgetting.forget(urls, desk.now)
    assert every(store) == []
    assert store.merge_words()
    assert not store.merge_words()


def killed_in_step(path: Path, number: int) -> int:
    """Merge in a process that dies in the middle of a step; how it ended."""
    child = os.fork()
    if child == 0:
        try:
            with Store.open(path) as store:
                for _ in range(number):
                    store.merge_words()
                Meta.put = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
                store.merge_words()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def test_a_kill_at_any_step_loses_nothing(desk: Newsdesk, path: Path) -> None:
    publish(desk, 1, 2, 3, 4)
    before = every(desk.store)
    for step in range(4):
        assert killed_in_step(path, min(step, 1)) == -signal.SIGKILL
        assert every(desk.store) == before
    assert rows(desk.store, "posting")
    while desk.store.merge_words():
        pass
    assert rows(desk.store, "posting") == before
