"""Subscriptions: where each begins, what it gets, what becomes of it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from newsdesk import MINUTE, NOW, Newsdesk, words

from pipelines.store import SubscriptionSpec, offering
from pipelines.store.deliveries import Stats
from pipelines.store.errors import QueueError, UnknownSubscription

A, B, C, D = (f"https://ferry.example/{name}" for name in "abcd")


def spec(name: str = "archive", start: object = "now", **said: object):  # type: ignore[no-untyped-def]
    return SubscriptionSpec(name, json.dumps(said), start)  # type: ignore[arg-type]


def sync(desk: Newsdesk, *specs: SubscriptionSpec) -> None:
    desk.store.queue.sync_subscriptions(specs, desk.now)


def publish(desk: Newsdesk, *urls: str, **terms: object) -> None:
    for url in urls:
        desk.publish(url, words(url), **terms)  # type: ignore[arg-type]
        desk.later(minutes=1)


def got(desk: Newsdesk, name: str = "archive", limit: int = 100) -> str:
    """The last letters of the URLs that a subscription gets now."""
    leased = desk.store.queue.lease(name, limit=limit, duration=MINUTE, now=desk.now)
    for message in leased:
        desk.store.queue.ack(message.id, message.token, desk.now, name)
    return "".join(str(message.article["url"])[-1] for message in leased)


def stats(desk: Newsdesk, name: str = "archive") -> Stats:
    (found,) = [s for s in desk.store.queue.stats(desk.now) if s.subscription == name]
    return found


@pytest.mark.parametrize(
    ("start", "letters"),
    [
        pytest.param("now", "c", id="now"),
        pytest.param("beginning", "abc", id="beginning"),
        pytest.param(NOW.date(), "bc", id="a date"),
        pytest.param(NOW.date() - timedelta(days=9), "abc", id="long ago"),
        pytest.param(NOW.date() + timedelta(days=9), "", id="to come"),
    ],
)
def test_where_a_new_one_begins(desk: Newsdesk, start: object, letters: str) -> None:
    desk.now = NOW - timedelta(days=1)
    publish(desk, A)
    desk.now = NOW
    publish(desk, B)
    sync(desk, spec(start=start))
    publish(desk, C)
    assert got(desk) == letters
    assert got(desk, "default") == "abc"
    assert stats(desk).to_offer == 0


def test_a_later_start_changes_nothing(desk: Newsdesk) -> None:
    publish(desk, A)
    sync(desk, spec(start="now"))
    sync(desk, spec(start="beginning"))
    assert got(desk) == ""


def test_the_log_is_offered_in_small_steps(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "FILL_CHUNK", 2)
    publish(desk, A, B, C, D, f"{D}/e")
    sync(desk, spec(start="beginning"))
    assert stats(desk).to_offer == 5
    assert desk.store.queue.fill()
    assert (stats(desk).to_offer, stats(desk).ready) == (3, 2)
    assert desk.store.queue.fill()
    assert not desk.store.queue.fill()
    assert (stats(desk).to_offer, stats(desk).ready) == (0, 5)


def test_a_lease_looks_through_the_log_until_it_finds_something(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "FILL_CHUNK", 1)
    publish(desk, A, B, C)
    desk.publish(D, "Something of the harbour. " * 9)
    sync(desk, spec(start="beginning", match={"any": ["harbour"]}))
    assert got(desk) == "d"
    assert got(desk) == ""


def test_each_gets_what_it_wants(desk: Newsdesk) -> None:
    sync(
        desk,
        spec("upland", outlets=["upland"]),
        spec("long", min_characters=len(words("harbour"))),
        spec("harbour", match={"any": ["harbour"]}),
    )
    publish(desk, A)
    publish(desk, B, outlet="upland")
    desk.publish(C, words("harbour"))
    desk.publish(D, words("port"))
    assert got(desk, "upland") == "b"
    assert got(desk, "long") == "abc"
    assert got(desk, "harbour") == "c"
    assert got(desk, "default") == "abcd"


def test_a_revision_goes_where_the_article_went(desk: Newsdesk) -> None:
    sync(desk, spec("harbour", match={"any": ["harbour"]}))
    desk.publish(A, words("harbour"))
    publish(desk, B)
    desk.publish(A, words("port"))
    desk.publish(B, words("island"))
    assert got(desk, "harbour") == "aa"
    desk.publish(B, words("harbour") + " Again.")
    assert got(desk, "harbour") == "b"


def test_a_changed_filter_holds_from_then_on(desk: Newsdesk) -> None:
    sync(desk, spec(outlets=["ferry"]))
    publish(desk, A)
    sync(desk, spec(outlets=["upland"]))
    publish(desk, B)
    publish(desk, C, outlet="upland")
    assert got(desk) == "ac"


def test_an_expression_that_explodes_is_noted_and_loses_nothing(
    desk: Newsdesk,
) -> None:
    sync(desk, spec(match={"any": [{"regex": "(x+x+)+y"}]}))
    desk.publish(A, "x" * 5000)
    assert stats(desk).strained == "(x+x+)+y"
    assert got(desk) == "a"
    sync(desk, spec(match={"any": ["x"]}))
    assert stats(desk).strained is None


def test_one_that_leaves_the_config_keeps_what_it_has(desk: Newsdesk) -> None:
    sync(desk, spec())
    publish(desk, A)
    sync(desk)
    publish(desk, B)
    assert stats(desk).retired_at is not None
    assert got(desk) == "a"


def test_one_that_comes_back_is_offered_what_it_missed(desk: Newsdesk) -> None:
    sync(desk, spec())
    publish(desk, A)
    sync(desk)
    publish(desk, B)
    sync(desk, spec())
    assert stats(desk).retired_at is None
    publish(desk, C)
    assert got(desk) == "abc"
    assert stats(desk).done == 3


def test_one_that_leaves_before_it_was_offered_everything(desk: Newsdesk) -> None:
    publish(desk, A)
    sync(desk, spec(start="beginning"))
    publish(desk, B)
    sync(desk)
    publish(desk, C)
    sync(desk, spec(start="beginning"))
    assert got(desk) == "abc"


def test_default_never_leaves(desk: Newsdesk) -> None:
    sync(desk)
    publish(desk, A)
    assert got(desk, "default") == "a"


def test_removing(desk: Newsdesk) -> None:
    sync(desk, spec())
    publish(desk, A, B)
    got(desk, limit=1)
    with pytest.raises(QueueError, match=r"in use.*queue\.subscriptions"):
        desk.store.queue.remove("archive")
    sync(desk)
    assert desk.store.queue.remove("archive") == 1
    with pytest.raises(UnknownSubscription):
        desk.store.queue.remove("archive")
    assert got(desk, "default") == "ab"
    assert desk.store.damage() == []


def test_retention_leaves_what_is_yet_to_be_offered(desk: Newsdesk) -> None:
    publish(desk, A)
    got(desk, "default")
    desk.later(days=9)
    sync(desk, spec(start="beginning"))
    assert desk.store.prune_texts(desk.now, desk.now) == 0
    assert got(desk) == "a"
    assert desk.store.prune_texts(desk.now, desk.now) == 1


def test_what_is_past_retention_is_not_offered(desk: Newsdesk) -> None:
    publish(desk, A, B)
    got(desk, "default", limit=1)
    desk.later(days=9)
    desk.store.prune_texts(desk.now, desk.now)
    sync(desk, spec(start="beginning"))
    assert got(desk) == "b"


def test_a_lease_is_a_sign_of_life(desk: Newsdesk) -> None:
    assert stats(desk, "default").read_at is None
    got(desk, "default")
    first = desk.now
    desk.later(seconds=59)
    got(desk, "default")
    assert stats(desk, "default").read_at == first
    desk.later(seconds=1)
    got(desk, "default")
    assert stats(desk, "default").read_at == desk.now


def counted(desk: Newsdesk) -> dict[str, tuple[int, int]]:
    rows = desk.store.session.rows(
        "SELECT s.name, count(d.seq), count(d.seq) FILTER (WHERE d.state = 'done')"
        " FROM subscription s LEFT JOIN delivery d ON d.subscription = s.name"
        " GROUP BY s.name"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def test_the_counters_are_the_counts(desk: Newsdesk) -> None:
    sync(desk, spec(), spec("other", start="beginning"))
    publish(desk, A, B, C)
    queue = desk.store.queue
    first, second, third = queue.lease(limit=3, duration=MINUTE, now=desk.now)
    queue.ack(first.id, first.token, desk.now)
    queue.ack(first.id, first.token, desk.now)
    queue.fail(second.id, second.token, "no", now=desk.now)
    queue.fail(third.id, third.token, "no", now=desk.now, permanent=True)
    got(desk, "other", limit=2)
    rows = desk.store.session.rows("SELECT name, queued, done FROM subscription")
    assert {row[0]: (row[1], row[2]) for row in rows} == counted(desk)
    assert counted(desk)["default"] == (3, 1)


@pytest.mark.parametrize("index", ["delivery_ready", "delivery_delayed"])
def test_a_lease_reads_an_index_of_what_waits(desk: Newsdesk, index: str) -> None:
    state = index.removeprefix("delivery_")
    order = "priority DESC, seq" if state == "ready" else "available_at"
    plan = desk.store.session.rows(
        "EXPLAIN QUERY PLAN SELECT seq FROM delivery"  # noqa: S608
        " WHERE subscription = 'default'"
        f" AND state = '{state}' ORDER BY {order} LIMIT 1"
    )
    assert [row["detail"] for row in plan if index in row["detail"]]
    assert not [row for row in plan if "TEMP B-TREE" in row["detail"]]


def test_a_date_is_found_among_many(desk: Newsdesk) -> None:
    desk.now = NOW - timedelta(days=5)
    for n in range(10):
        desk.publish(f"{A}/{n}", words(f"story {n}"))
        desk.later(hours=12)
    sync(desk, spec(start=date(2026, 11, 20)))
    since = sum(
        1
        for message in desk.store.queue.export()
        if message.made_at.date() >= date(2026, 11, 20)
    )
    assert 0 < since < 10
    assert len(got(desk)) == since
