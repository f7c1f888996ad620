"""Words are remembered for a time, wordings for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.store import merging, postings, sweeping

A, B, C, D = (f"https://ferry.example/{name}" for name in "abcd")
WIRE = [words(f"wire {n}", 12) for n in range(10)]
KEEP = timedelta(days=60)


def sweep(desk: Newsdesk) -> int:
    """A whole pass; how many steps it took."""
    steps = 1
    while desk.store.prune_words(desk.now - KEEP, desk.now):
        steps += 1
    return steps


def count(desk: Newsdesk, table: str) -> int:
    query = f"SELECT count(*) FROM {table}"  # noqa: S608 - our own
    return int(desk.store.session.value(query))


def test_old_words_go_in_small_steps(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "CHUNK", 20)
    monkeypatch.setattr(sweeping, "SKETCHES", 3)
    monkeypatch.setattr(postings, "SWEPT", 20)
    monkeypatch.setattr(merging, "TOGETHER", 6)
    for n in range(10):
        desk.publish(f"{A}/{n}", words(f"old {n}", 30))
        if n == 6:
            desk.store.merge_words()
    assert count(desk, "posting") > 0  # and others are in the small table
    desk.later(days=61)
    desk.publish(B, "\n".join(WIRE))
    kept = count(desk, "fresh_posting WHERE sketch = 11")
    assert count(desk, "fresh_posting") > kept > 0
    assert sweep(desk) > 5
    assert (count(desk, "posting"), count(desk, "fresh_posting")) == (0, kept)
    assert count(desk, "sketch") == 1
    assert count(desk, "outlet_line") == len(WIRE)
    # Once a day.
    assert sweep(desk) == 1
    desk.later(days=61)
    assert sweep(desk) > 1
    assert count(desk, "fresh_posting") == count(desk, "sketch") == 0


def test_what_is_recognised_after_the_words_are_gone(desk: Newsdesk) -> None:
    first = desk.publish(A, "\n".join(WIRE))
    desk.later(days=59)
    sweep(desk)
    assert desk.publish(B, "\n".join(WIRE[:6]), outlet="pier").outcome is (
        Outcome.DUPLICATE
    )
    desk.later(days=62)
    sweep(desk)
    assert desk.publish(C, "\n".join(WIRE[:8]), outlet="quay").outcome is Outcome.NEW
    again = desk.publish(D, "\n".join(WIRE), outlet="dock", duplicates="all")
    assert (again.outcome, again.text_of) == (Outcome.DUPLICATE, first.article_id)
    (story,) = desk.store.articles.story(D)
    assert story.url.detail == (
        f"carries the text of ferry {A}, first seen on 2026-11-23"
    )
    *_, message = desk.store.queue.export()
    assert message.kind == "copy"
    assert message.article["first_seen"] == "2026-11-23T07:30:00+00:00"


def test_words_outlive_the_text(desk: Newsdesk) -> None:
    """Retention may take texts out long before their words."""
    first = desk.publish(A, "\n".join(WIRE))
    for leased in desk.lease():
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    desk.later(days=10)
    assert desk.store.prune_texts(desk.now, desk.now) == 1
    lead = words("lead", 6)
    copy = desk.publish(B, "\n".join([lead, *WIRE]), outlet="pier")
    assert (copy.outcome, copy.text_of) == (Outcome.DUPLICATE, first.article_id)
    cut = desk.publish(C, "\n".join(WIRE[:3]), outlet="quay")
    assert cut.text_of != first.article_id
    assert desk.publish(D, words("other"), outlet="quay").outcome is Outcome.NEW


def test_tombstones_stay(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    desk.publish(B, words("harbour"))
    store = desk.store
    store.forgetting.forget(store.forgetting.of_url(A), desk.now)
    with store.write() as db:
        db.conn.execute("DELETE FROM url")
    assert [row["url"] for row in store.session.rows("SELECT url FROM url")] == [A]
