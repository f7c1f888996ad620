"""The queue: leases, settlements, retries, dead letters, subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import MINUTE, NOW, Newsdesk, words

from pipelines.store import Store
from pipelines.store.connection import open_session
from pipelines.store.deliveries import (
    EXPORT_CHUNK,
    LONGEST_DELAY,
    MOST_ATTEMPTS,
    Leased,
    SubscriptionSpec,
    half_to_one_and_a_half,
    retry_delay,
)
from pipelines.store.errors import (
    QueueError,
    StaleLease,
    UnknownMessage,
    UnknownSubscription,
)
from pipelines.store.leases import HISTORY_KEPT

A, B, C = (f"https://ferry.example/{name}" for name in "abc")


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A store whose failed messages wait exactly as long as the rule says."""
    Store.open(path, create=True).close()
    from pipelines.store.opening import Kind, Terms
    from pipelines.store.schema import APPLICATION_ID, MIGRATIONS

    session = open_session(path, Terms(), Kind(APPLICATION_ID, MIGRATIONS))
    with Store(session, jitter=lambda: 1.0) as opened:
        yield opened


def only(leased: list[Leased]) -> Leased:
    (message,) = leased
    return message


def paths(leased: list[Leased]) -> str:
    return "".join(str(message.article["url"])[-1] for message in leased)


def test_an_empty_queue(desk: Newsdesk) -> None:
    assert desk.lease() == []


def test_oldest_first_within_priority(desk: Newsdesk) -> None:
    for url, priority in ((A, 0), (B, 5), (C, 0), (f"{C}/d", 5)):
        desk.publish(url, words(url), priority=priority)
        desk.later(minutes=1)
    assert paths(desk.lease(limit=3)) == "bda"
    assert paths(desk.lease(limit=3)) == "c"


def test_a_leased_message_is_nobody_elses(desk: Newsdesk, path: Path) -> None:
    desk.publish(A, words("ferry"))
    first = only(desk.lease())
    with Store.open(path) as other:
        duration = timedelta(minutes=5)
        assert other.queue.lease(duration=duration, now=desk.now) == []
    assert (first.attempt, first.kind, len(first.token)) == (1, "new", 32)


def test_an_acknowledged_message_never_comes_back(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    leased = only(desk.lease())
    for _ in range(2):  # repeating it is fine
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    desk.later(days=1)
    assert desk.lease() == []


def test_a_lease_that_runs_out_comes_back(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    desk.publish(B, words("harbour"))
    first = desk.lease(limit=1)[0]
    desk.later(minutes=4, seconds=59)
    assert paths(desk.lease(limit=1)) == "b"
    desk.later(seconds=1)
    again = desk.lease(limit=1)[0]
    assert (again.id, again.attempt) == (first.id, 2)
    assert again.token != first.token


def test_a_token_of_an_earlier_lease_is_stale(desk: Newsdesk) -> None:
    queue = desk.store.queue
    desk.publish(A, words("ferry"))
    first = only(desk.lease())
    desk.later(minutes=6)
    second = only(desk.lease())
    with pytest.raises(StaleLease):
        queue.ack(first.id, first.token, desk.now)
    with pytest.raises(StaleLease):
        queue.extend(first.id, first.token, MINUTE, desk.now)
    with pytest.raises(StaleLease):
        queue.fail(first.id, first.token, "x", now=desk.now)
    queue.ack(second.id, second.token, desk.now)
    with pytest.raises(StaleLease):
        queue.ack(first.id, first.token, desk.now)


def test_late_is_fine_while_nobody_else_has_it(desk: Newsdesk) -> None:
    for url in (A, B):
        desk.publish(url, words(url))
    first, second = desk.lease()
    desk.later(minutes=10)
    desk.store.queue.ack(first.id, first.token, desk.now)
    assert paths(desk.lease(limit=1, minutes=1)) == "b"
    desk.later(minutes=2)
    assert second.token != desk.lease()[0].token


def test_a_lease_can_be_extended(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    leased = only(desk.lease(minutes=5))
    desk.later(minutes=4)
    until = desk.store.queue.extend(
        leased.id, leased.token, timedelta(minutes=10), desk.now
    )
    assert until == desk.now + 10 * MINUTE
    desk.later(minutes=9)
    assert desk.lease() == []
    desk.later(minutes=1)
    assert only(desk.lease()).attempt == 2


def test_a_failed_message_comes_again_after_a_growing_delay(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    waits = []
    for attempt in range(1, MOST_ATTEMPTS):
        leased = only(desk.lease())
        assert leased.attempt == attempt
        again = desk.store.queue.fail(leased.id, leased.token, "no", now=desk.now)
        assert again is not None
        waits.append(again - desk.now)
        desk.now = again - timedelta(microseconds=1)
        assert desk.lease() == []
        desk.now = again
    assert waits == [timedelta(seconds=30 * 2**n) for n in range(1, MOST_ATTEMPTS)]
    leased = only(desk.lease())
    assert desk.store.queue.fail(leased.id, leased.token, "no", now=desk.now) is None
    desk.later(days=1)
    assert desk.lease() == []


def test_a_message_that_waited_is_oldest_again(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    leased = only(desk.lease())
    desk.store.queue.fail(leased.id, leased.token, "no", now=desk.now)
    desk.later(minutes=1)
    desk.publish(B, words("harbour"))
    assert paths(desk.lease()) == "ab"


def test_a_message_that_kills_its_consumers_is_dead_in_the_end(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert only(desk.lease(minutes=1)).attempt == attempt
        desk.later(minutes=1)
    assert desk.lease() == []
    (dead,) = desk.store.queue.dead()
    assert (dead.attempts, dead.last_error) == (MOST_ATTEMPTS, "the lease ran out")


def test_a_permanent_failure_is_dead_at_once(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    leased = only(desk.lease())
    desk.store.queue.fail(
        leased.id, leased.token, "cannot \ud800 parse", now=desk.now, permanent=True
    )
    (dead,) = desk.store.queue.dead()
    assert (dead.id, dead.outlet, dead.url) == (leased.id, "ferry", A)
    assert dead.last_error == "cannot ? parse"


def kill(desk: Newsdesk, *urls: str) -> list[str]:
    """Have articles published and their messages die."""
    for url in urls:
        desk.publish(url, words(url))
    dead = desk.lease()
    for leased in dead:
        desk.store.queue.fail(
            leased.id, leased.token, "no", now=desk.now, permanent=True
        )
    return [leased.id for leased in dead]


def test_dead_messages_can_be_redriven(desk: Newsdesk) -> None:
    first, *_ = kill(desk, A, B, C)
    assert desk.store.queue.redrive([first], desk.now) == 1
    again = only(desk.lease())
    assert (again.id, again.attempt) == (first, 1)
    assert desk.store.queue.redrive(None, desk.now) == 2
    assert paths(desk.lease()) == "bc"
    assert desk.store.queue.dead() == []


def test_redriving_what_is_not_dead_changes_nothing(desk: Newsdesk) -> None:
    first, second = kill(desk, A, B)
    desk.publish(C, words(C))
    alive = only(desk.lease())
    with pytest.raises(QueueError, match="is not dead"):
        desk.store.queue.redrive([first, alive.id, second], desk.now)
    assert len(desk.store.queue.dead()) == 2


def test_unknown_messages_and_subscriptions(desk: Newsdesk) -> None:
    queue, now = desk.store.queue, desk.now
    with pytest.raises(UnknownMessage, match="feed"):
        queue.ack("feed", "token", now)
    with pytest.raises(UnknownMessage):
        queue.redrive(["feed"], now)
    for call in (
        lambda: queue.lease("nobody", duration=MINUTE, now=now),
        lambda: queue.ack("feed", "token", now, "nobody"),
        lambda: queue.dead("nobody"),
        lambda: queue.pause("nobody"),
        lambda: list(queue.export(0, "nobody")),
    ):
        with pytest.raises(UnknownSubscription, match=r"'nobody'.*there are: default"):
            call()


def test_a_wrong_token(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    leased = only(desk.lease())
    with pytest.raises(StaleLease):
        desk.store.queue.ack(leased.id, "0" * 32, desk.now)
    assert desk.store.queue.stats(desk.now)[0].leased == 1


def test_pausing(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    desk.store.queue.pause()
    assert desk.lease() == []
    desk.publish(B, words("harbour"))
    desk.store.queue.resume()
    assert paths(desk.lease()) == "ab"


def test_each_subscription_gets_what_is_queued_from_then_on(desk: Newsdesk) -> None:
    queue = desk.store.queue
    desk.publish(A, words("ferry"))
    queue.sync_subscriptions([SubscriptionSpec("archive")], desk.now)
    desk.publish(B, words("harbour"))
    archived = queue.lease("archive", limit=9, duration=MINUTE, now=desk.now)
    assert paths(archived) == "b"
    queue.ack(archived[0].id, archived[0].token, desk.now, "archive")
    assert paths(desk.lease()) == "ab"
    assert [m.article["url"] for m in queue.export(0, "archive")] == [B]


def test_stats(desk: Newsdesk) -> None:
    for n in range(6):
        desk.publish(f"{A}{n}", words(f"story {n}"))
    made = desk.now
    done, failed, dead, expired = desk.lease(limit=4, minutes=10)
    queue = desk.store.queue
    queue.ack(done.id, done.token, desk.now)
    queue.fail(failed.id, failed.token, "x", now=desk.now)
    queue.fail(dead.id, dead.token, "x", now=desk.now, permanent=True)
    (now,) = queue.stats(desk.now)
    assert (now.ready, now.delayed, now.leased, now.done, now.dead) == (2, 1, 1, 1, 1)
    assert now.oldest_ready == made
    desk.later(minutes=10)  # the lease is over, and so is the delay
    (later,) = queue.stats(desk.now)
    assert (later.ready, later.delayed, later.leased) == (4, 0, 0)
    assert expired.id


def test_export_goes_on_where_it_ended(desk: Newsdesk) -> None:
    count = EXPORT_CHUNK + 3
    with desk.store.write():
        for n in range(count):
            desk.publish(f"{A}{n}", words(f"story {n}"))
    leased = only(desk.lease(limit=1))
    messages = list(desk.store.queue.export())
    assert [m.seq for m in messages] == sorted({m.seq for m in messages})
    assert len(messages) == count
    assert (messages[0].id, messages[0].attempt) == (leased.id, 1)
    assert messages[0].article == leased.article
    assert len(list(desk.store.queue.export(messages[-3].seq))) == 2
    assert desk.store.queue.last_seq() == messages[-1].seq


def test_a_message_is_queued_once(desk: Newsdesk) -> None:
    from pipelines.store.deliveries import Message

    stored = desk.publish(A, words("ferry"))
    again = Message(
        msg_id=stored.msg_id or "",
        kind="new",
        article_id=stored.article_id or 0,
        revision=1,
        supersedes=None,
        priority=0,
        text_hash=None,
        body="{}",
    )
    assert desk.store.queue.add(again, desk.now) is False
    assert len(desk.lease()) == 1


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [
        pytest.param(1, 1.0, 60, id="first"),
        pytest.param(3, 0.5, 120, id="jitter"),
        pytest.param(60, 1.0, LONGEST_DELAY.total_seconds(), id="cap"),
    ],
)
def test_retry_delay(attempts: int, jitter: float, seconds: float) -> None:
    assert retry_delay(attempts, jitter) == timedelta(seconds=seconds)


def test_jitter_stays_in_its_bounds() -> None:
    drawn = [half_to_one_and_a_half() for _ in range(200)]
    assert 0.5 <= min(drawn) < 0.8
    assert 1.2 < max(drawn) <= 1.5


def test_clocks_that_go_back_do_not_free_leases(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    desk.lease()
    desk.now = NOW - timedelta(hours=1)
    assert desk.lease() == []


def test_a_dead_message_tells_its_whole_history(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    queued = desk.now
    first = only(desk.lease(minutes=5))
    desk.later(minutes=6)
    only(desk.lease(minutes=5))
    desk.later(minutes=2)
    held = desk.store.session.value("SELECT token FROM delivery")
    again = desk.store.queue.fail(first.id, held, "no such model", now=desk.now)
    assert again is not None
    desk.now = again
    third = only(desk.lease())
    desk.store.queue.fail(
        third.id, third.token, "not a text", now=desk.now, permanent=True
    )
    (dead,) = desk.store.queue.dead()
    assert dead.queued_at == queued
    assert [(e.attempt, e.how, e.reason) for e in dead.history] == [
        (1, "expired", "the lease ran out"),
        (2, "failed", "no such model"),
        (3, "failed", "not a text"),
    ]
    spans = [(e.leased_at, e.ended_at) for e in dead.history]
    assert spans[0] == (queued, queued + 5 * MINUTE)
    assert spans[1] == (queued + 6 * MINUTE, queued + 8 * MINUTE)
    assert spans[2] == (again, again)


def test_a_history_survives_a_redrive_and_stays_bounded(desk: Newsdesk) -> None:
    desk.publish(A, words("ferry"))
    for n in range(HISTORY_KEPT):
        leased = only(desk.lease())
        desk.store.queue.fail(
            leased.id, leased.token, f"no {n}", now=desk.now, permanent=True
        )
        (dead,) = desk.store.queue.dead()
        desk.store.queue.redrive(None, desk.now)
    assert len(dead.history) == HISTORY_KEPT
    assert [ending.how for ending in dead.history[-3:]] == [
        "failed",
        "redriven",
        "failed",
    ]
    assert dead.history[-1].reason == f"no {HISTORY_KEPT - 1}"
