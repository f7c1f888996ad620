"""A pump is a consumer: what was taken is done, the rest waits, trouble is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pumped import Clock, Scripted, add, filled, run, stats

from pipelines.store import Store
from service.push import pump
from service.push.delivery import Delivered, Failed, Trouble
from service.push.pump import pause_after


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "presswatch.db"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "FIRST_PAUSE", 0.001)


def alerts(path: Path, *, open_only: bool = True) -> list[str]:
    with Store.open(path) as store:
        return [alert.text for alert in store.alerts.list(open_only=open_only)]


def test_everything_is_delivered_in_order(path: Path) -> None:
    ids = filled(path, 5)
    sink = Scripted()
    run(path, lambda _: sink, Clock(), lambda queue: queue.done == 5)
    assert [one for batch in sink.batches for one in batch] == ids
    assert sink.closed


def test_what_is_refused_comes_again_later(path: Path) -> None:
    first, second = filled(path, 2)
    clock = Clock()
    sink = Scripted(
        lambda held: Delivered([held[1]], [Failed(held[0], "HTTP 400: no title")])
    )
    run(path, lambda _: sink, clock, lambda queue: queue.done == 1)
    assert stats(path).delayed == 1
    clock.later(minutes=5)
    run(path, lambda _: sink, clock, lambda queue: queue.done == 2)
    assert sink.batches == [[first, second], [first]]


def test_trouble_costs_no_attempt_and_is_told_once(path: Path) -> None:
    ids = filled(path, 2)
    down = Trouble("connection refused")
    sink = Scripted(*[lambda held: Delivered(trouble=down)] * 12)
    run(path, lambda _: sink, Clock(), lambda queue: queue.done == 2)
    assert sink.batches == [ids] * 13  # more than a message has attempts
    assert alerts(path) == []
    (told,) = alerts(path, open_only=False)
    assert told == "push default: test place takes nothing: connection refused"
    with Store.open(path) as store:
        assert {message.attempt for message in store.queue.export()} == {1}


def test_a_receiver_that_wants_no_more_pauses_the_subscription(path: Path) -> None:
    filled(path, 3)
    gone = Trouble("HTTP 410", gone=True)
    sink = Scripted(lambda held: Delivered([held[0]], trouble=gone))
    run(path, lambda _: sink, Clock(), lambda queue: queue.paused)
    assert len(sink.batches) == 1
    found = stats(path)
    assert (found.done, found.ready, found.leased) == (1, 2, 0)
    assert alerts(path) == ["push default: test place wants no more: HTTP 410"]
    with Store.open(path) as store:
        (alert,) = store.alerts.list()
        assert alert.command == "presswatch queue resume --subscription default"
        store.queue.resume()
    run(path, lambda _: sink, Clock(), lambda queue: queue.done == 3)


def test_what_is_noted_is_acknowledged_or_neither(path: Path) -> None:
    """Somebody else settles a message of the batch: nothing of it is noted."""
    filled(path, 2)

    def steal(held):  # type: ignore[no-untyped-def]
        with Store.open(path) as store:
            store.queue.release(held[0].id, held[0].token)
        return Delivered(held, note=lambda store: store.meta.put("noted", "yes"))

    sink = Scripted(*[steal] * 50)
    run(path, lambda _: sink, Clock(), lambda _: len(sink.batches) > 1)
    with Store.open(path) as store:
        assert store.meta.get("noted") is None
    assert stats(path).done == 0


def test_what_comes_later_is_delivered_too(path: Path) -> None:
    filled(path, 1)
    sink = Scripted()
    more = iter([1])

    def until(queue):  # type: ignore[no-untyped-def]
        if queue.done == 1 and next(more, None):
            with Store.open(path) as store:
                add(store, [7])
        return queue.done == 2

    run(path, lambda _: sink, Clock(), until)
    assert len(sink.batches) == 2


@pytest.mark.parametrize(
    ("troubles", "asked", "seconds"),
    [(1, 0, 1), (2, 0, 2), (5, 0, 16), (99, 0, 300), (1, 30, 30), (1, 10**9, 3600)],
)
def test_how_long_it_rests(
    monkeypatch: pytest.MonkeyPatch, troubles: int, asked: float, seconds: float
) -> None:
    monkeypatch.setattr(pump, "FIRST_PAUSE", 1.0)
    assert pause_after(troubles, asked, 1.0) == seconds
