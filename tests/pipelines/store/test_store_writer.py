"""The writing thread: group commit, failures apart, the lock left free."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from newsdesk import NOW, Newsdesk, entry, words

from pipelines.store import PollRecord, Store, StoreBusy, StoreError, Writer
from pipelines.store.driver import sqlite3
from pipelines.store.listing import CHUNK


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    running = Writer(store.path)
    running.start()
    yield running
    running.close()


def put(key: str) -> Callable[[Store], str]:
    def job(store: Store) -> str:
        store.meta.put(key, "1")
        return key

    return job


def fail(store: Store) -> None:
    store.meta.put("failed", "1")
    raise ZeroDivisionError


class Held:
    """A job that holds the batch open until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()

    def __call__(self, store: Store) -> None:
        self.begun.set()
        assert self.go.wait(30)


def test_a_job_is_committed_when_its_result_is_there(
    writer: Writer, store: Store
) -> None:
    assert asyncio.run(writer.do(put("a"))) == "a"
    assert store.meta.get("a") == "1"


def test_jobs_that_arrive_together_share_a_commit(writer: Writer, store: Store) -> None:
    held = Held()
    first = writer.submit(held)
    assert held.begun.wait(30)
    others = [writer.submit(put(str(n))) for n in range(5)]
    assert store.meta.get("0") is None
    assert not first.done()
    held.go.set()
    assert [other.result(30) for other in others] == ["0", "1", "2", "3", "4"]
    assert all(store.meta.get(str(n)) for n in range(5))


def test_a_job_that_fails_hurts_nobody_else(writer: Writer, store: Store) -> None:
    held = Held()
    writer.submit(held)
    before, broken, after = (writer.submit(job) for job in (put("b"), fail, put("a")))
    held.go.set()
    assert (before.result(30), after.result(30)) == ("b", "a")
    with pytest.raises(ZeroDivisionError):
        broken.result(30)
    assert store.meta.get("failed") is None
    assert (store.meta.get("b"), store.meta.get("a")) == ("1", "1")


def test_a_lock_that_stays_taken_fails_the_jobs_and_not_the_writer(
    writer: Writer, store: Store
) -> None:
    def impatient(store: Store) -> None:
        store.session.patience = 0.05

    writer.submit(impatient).result(30)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    jobs = [writer.submit(put(str(n))) for n in range(3)]
    for job in jobs:
        with pytest.raises(StoreBusy):
            job.result(30)
    other.execute("ROLLBACK")
    other.close()
    assert writer.submit(put("after")).result(30) == "after"
    assert store.meta.get("0") is None


def test_a_full_disk_fails_the_job_and_not_the_writer(
    writer: Writer, store: Store
) -> None:
    def limit(pages: int) -> Callable[[Store], None]:
        def job(store: Store) -> None:
            used = store.session.value("PRAGMA page_count")
            store.session.rows(f"PRAGMA max_page_count = {used + pages}")

        return job

    def fill(store: Store) -> None:
        store.meta.put("big", "x" * 10_000_000)

    writer.submit(limit(10)).result(30)
    with pytest.raises(StoreError, match="full"):
        writer.submit(fill).result(30)
    writer.submit(limit(100_000)).result(30)
    writer.submit(fill).result(30)
    assert store.meta.get("big") is not None


def test_a_batch_that_sqlite_rolls_back_fails_as_a_whole(
    writer: Writer, store: Store
) -> None:
    def give_up(store: Store) -> None:
        store.session.db.conn.execute("ROLLBACK")
        raise StoreError(store.path, "the disk is full", "free some space")

    held = Held()
    writer.submit(held)
    before, broken = writer.submit(put("before")), writer.submit(give_up)
    held.go.set()
    for job in (before, broken):
        with pytest.raises(StoreError, match="disk is full"):
            job.result(30)
    assert store.meta.get("before") is None
    assert writer.submit(put("after")).result(30) == "after"


def test_closing_finishes_what_was_handed_in(store: Store) -> None:
    writer = Writer(store.path)
    writer.start()
    jobs = [writer.submit(put(str(n))) for n in range(50)]
    writer.close()
    assert all(job.done() for job in jobs)
    assert store.meta.get("49") == "1"
    with pytest.raises(StoreError, match="closed"):
        writer.submit(put("late"))
    writer.close()


def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "absent.db")
    with pytest.raises(StoreError, match="there is no Presswatch database"):
        writer.start()
    writer.close()


def test_a_cancelled_job_is_left_out(writer: Writer, store: Store) -> None:
    held = Held()
    writer.submit(held)
    assert held.begun.wait(30)
    job: Future[str] = writer.submit(put("cancelled"))
    assert job.cancel()
    held.go.set()
    writer.submit(put("after")).result(30)
    assert store.meta.get("cancelled") is None


def test_a_caller_that_goes_away_leaves_the_writer_running(
    writer: Writer, store: Store
) -> None:
    held = Held()

    async def go_away() -> None:
        task = asyncio.create_task(writer.do(held))
        await asyncio.to_thread(held.begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(go_away())
    held.go.set()
    assert writer.submit(put("after")).result(30) == "after"


def test_the_lock_is_left_free_between_batches(writer: Writer, store: Store) -> None:
    """Somebody outside gets the lock while jobs never cease to come."""
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            writer.submit(put("flood"))
            stop.wait(0.0005)

    flooding = threading.Thread(target=flood)
    flooding.start()
    try:
        for n in range(20):
            store.meta.put("outside", str(n))  # StoreBusy after ten seconds
    finally:
        stop.set()
        flooding.join()
    assert store.meta.get("outside") == "19"


def test_polls_of_any_size(writer: Writer, desk: Newsdesk) -> None:
    entries = tuple(entry(f"https://ferry.example/{n}") for n in range(CHUNK * 2 + 1))
    record = PollRecord(
        desk.source.id, NOW, 200, "ok", NOW, etag='"1"', entries=entries
    )
    stored = asyncio.run(writer.record_poll(record))
    assert (stored.listed, stored.new) == (len(entries), len(entries))
    assert desk.due(limit=9999) == [e.candidate.url for e in entries]
    (source,) = desk.store.frontier.due_sources(NOW)
    assert source.etag == '"1"'


def test_articles_through_the_writer(writer: Writer, desk: Newsdesk) -> None:
    async def publish() -> None:
        await asyncio.gather(
            *(
                writer.do(
                    lambda store, n=n: Newsdesk(store).publish(  # type: ignore[misc]
                        f"https://ferry.example/{n}", words(f"story {n}")
                    )
                )
                for n in range(30)
            )
        )

    asyncio.run(publish())
    (stats,) = desk.store.queue.stats(NOW)
    assert stats.ready == len(desk.store.articles.list()) == 30
    assert desk.store.damage() == []
