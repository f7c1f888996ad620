"""The machine under the service: each trouble is told once, and over by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from audit import audit

from config.machine import Backup, Disk
from config.models import Settings
from pipelines.store import (
    Alert,
    PollRecord,
    SourceSpec,
    Store,
    StoreError,
    Writer,
    disk,
    reserve,
    restoring,
)
from pipelines.store.driver import sqlite3
from pipelines.store.errors import StoreBroken, StoreGone, StoreUnreliable
from pipelines.store.session import Session
from service import clock, machine, nightly, safekeeping
from service.clock import ClockWatch
from service.herald import Herald
from service.machine import Machine
from service.nightly import Nightly

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLENTY = disk.Space(10**12, 10**12)


@dataclass
class Plant:
    """A session's store and writer, a clock to be put, and what the machine asked."""

    store: Store
    writer: Writer
    config: Settings
    now_: datetime = NOW
    passed: float = 0.0
    given_up: list[StoreError] = field(default_factory=list)
    pages_held: str | None = None
    woken: int = 0

    def __post_init__(self) -> None:
        self.herald = Herald(self.writer, self.now)
        self.machine = Machine(
            self,  # type: ignore[arg-type]
            self.herald,
            give_up=self.given_up.append,
            wake=self.wake,
        )
        self.machine._clock = ClockWatch(self.now, lambda: self.passed)
        self.nightly = Nightly(
            self,  # type: ignore[arg-type]
            self.herald,
            lambda: self.machine.clock_is_doubtful,
        )

    def now(self) -> datetime:
        return self.now_

    def wake(self) -> None:
        self.woken += 1

    def hold_pages(self, reason: str | None) -> None:
        self.pages_held = reason

    def later(self, by: timedelta) -> None:
        """Let time pass."""
        self.now_ += by
        self.passed += by.total_seconds()

    def do(self, *steps: Callable[[], Awaitable[Any]]) -> None:
        """Run steps on one loop."""

        async def run() -> None:
            for step in steps:
                await step()

        asyncio.run(run())

    def look(self, times: int = 1) -> None:
        self.do(*[self.machine.look] * times)

    def fail_to_write(self) -> StoreError:
        with pytest.raises(StoreError) as error:
            self.writer.submit(lambda store: store.meta.put("a", "x" * 10**6)).result(
                30
            )
        return error.value

    def alerts(self, **which: bool) -> dict[str, Alert]:
        with Store.open(self.store.path, read_only=True) as store:
            return {alert.key: alert for alert in store.alerts.list(**which)}


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    monkeypatch.setattr(disk, "space", lambda path: PLENTY)
    path = tmp_path / "presswatch.db"
    store = Store.open(path, create=True)
    writer = Writer(path)
    writer.start()
    yield Plant(store, writer, Settings(database=path, disk=Disk(reserve=1000)))
    writer.close()
    store.close()


def full(session: Session) -> None:
    session.db.conn.execute("PRAGMA max_page_count = 1")
    try:
        session.db.conn.execute("CREATE TABLE too_much AS SELECT zeroblob(9999999)")
    finally:
        session.db.conn.execute("PRAGMA max_page_count = 9999999")


def read_only(session: Session) -> None:
    connection = sqlite3.connect(f"{session.path.as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("CREATE TABLE too_much (x)")
    finally:
        connection.close()


@pytest.mark.fault("D2", "D11")
@pytest.mark.parametrize(
    ("commit", "cause"), [(full, "is full"), (read_only, "may not be written")]
)
def test_what_cannot_be_written_is_told_once_and_ends_by_itself(
    plant: Plant,
    commit: Callable[[Session], None],
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Session, "_commit", commit)
        assert cause in str(plant.fail_to_write())
        assert plant.writer.health.trouble is not None  # now nothing is fetched
        plant.look(3)
    assert plant.alerts() == {}  # kept in memory: it cannot be stored
    plant.later(HOUR)
    plant.look()
    assert plant.writer.health.trouble is None
    assert plant.woken == 1
    alert = plant.alerts(open_only=False)["database"]
    assert (alert.opened_at, alert.closed_at) == (NOW, NOW + HOUR)
    assert cause in alert.evidence
    assert caplog.text.count("nothing is fetched: the database cannot") == 2  # and over
    assert plant.given_up == []
    audit(plant.store.path)


def test_work_does_not_go_on_while_a_trial_fails(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small write may pass where a page would not."""
    no_space = OSError(28, "No space left on device")
    error = disk.unwritable(plant.store.path, no_space)
    plant.writer.health.note(error)
    monkeypatch.setattr(disk, "probe", raising(error))
    plant.look(2)
    assert plant.writer.health.trouble is not None
    assert plant.woken == 0


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.fault("D5")
def test_a_lock_that_is_kept_for_minutes(plant: Plant) -> None:
    def impatient(store: Store) -> None:
        store.session.patience = 0.05

    plant.writer.submit(impatient).result(30)
    other = sqlite3.connect(plant.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "kept it locked" in str(plant.fail_to_write())
    plant.look(2)
    assert plant.writer.health.trouble is not None
    with Store.open(plant.store.path) as consumer:
        consumer.session.patience = 0.05
        with pytest.raises(StoreError, match="try again later"):
            consumer.meta.put("a", "b")
    other.execute("ROLLBACK")
    other.close()
    plant.look()
    assert plant.writer.health.trouble is None
    assert plant.given_up == []
    audit(plant.store.path)


@pytest.mark.fault("D4")
def test_a_disk_that_keeps_failing_is_given_up(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = StoreUnreliable(plant.store.path, "I/O error", "check the disk")
    plant.writer.health.note(error)
    monkeypatch.setattr(disk, "probe", raising(error))
    plant.look(machine.MOST_FAILURES - 1)
    assert plant.given_up == []
    plant.look()
    assert plant.given_up == [error]
    assert error.exit_code == 74
    audit(plant.store.path)


@pytest.mark.fault("D4")
def test_one_that_failed_once_is_used_on(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = StoreUnreliable(plant.store.path, "I/O error", "check the disk")
    plant.writer.health.note(error)
    plant.look()
    assert plant.writer.health.trouble is None
    assert plant.given_up == []
    assert plant.alerts(open_only=False)["database"].closed_at is not None
    audit(plant.store.path)


@pytest.mark.fault("D7")
def test_a_file_that_turns_out_broken_ends_the_service(plant: Plant) -> None:
    error = StoreBroken(plant.store.path, "corrupt", "presswatch restore X")
    plant.writer.health.note(error)
    plant.look()
    assert plant.given_up == [error]
    audit(plant.store.path)


def test_a_file_that_is_deleted_is_rescued(plant: Plant) -> None:
    """SQLite would go on for months, writing into nothing."""
    path = plant.store.path
    plant.writer.submit(lambda store: store.meta.put("kept", "yes")).result(30)
    for side in ("", "-wal", "-shm"):
        Path(f"{path}{side}").unlink()
    plant.look()
    (error,) = plant.given_up
    assert isinstance(error, StoreGone)
    assert "all that it held is in" in str(error)
    assert "presswatch restore" in str(error)
    with pytest.raises(StoreError, match="there are backups of it"):
        Store.open(path, create=True)
    place = safekeeping.Place.of(plant.config)
    restoring.restore(path, place.copies()[0].path, NOW)
    with Store.open(path) as store:
        assert store.meta.get("kept") == "yes"


# Room


@pytest.mark.fault("D3", "Q4")
def test_before_the_disk_is_full(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    free = 10**12
    monkeypatch.setattr(disk, "space", lambda path: disk.Space(free, 10**12))
    plant.look()
    assert reserve.held(plant.store.path) == 1000
    assert (plant.alerts(), plant.pages_held) == ({}, None)
    free = 1_900_000_000
    plant.look(2)
    assert "below 500.0 MB no page is fetched" in plant.alerts()["disk"].text
    assert plant.pages_held is None
    free = 400_000_000
    plant.look(2)
    assert plant.pages_held is not None
    assert "disk.pause_below" in plant.pages_held
    free = 10**12
    plant.look()
    assert (plant.alerts(), plant.pages_held) == ({}, None)
    assert caplog.text.count("is nearly full") == 2  # once, and that it is over
    audit(plant.store.path)


@pytest.mark.fault("D6")
def test_a_reader_that_never_ends(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LONG_LOG", 400_000)
    reader = sqlite3.connect(plant.store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM url").fetchone()
    for n in range(20):
        plant.writer.submit(
            lambda store, n=n: store.meta.put(f"k{n}", "x" * 30_000)  # type: ignore[misc]
        ).result(30)
    plant.look()
    alert = plant.alerts()["write-ahead-log"]
    assert "a reader does not end" in alert.text
    assert alert.command.startswith("fuser")
    reader.execute("ROLLBACK")
    reader.close()
    audit(plant.store.path)


# Clock


def source_due(plant: Plant, at: datetime) -> None:
    """One source, polled now and due again at that time."""

    def job(store: Store) -> None:
        spec = SourceSpec("ferry", "feed", "https://ferry.example/feed")
        store.frontier.sync_sources([spec], plant.now())
        (work,) = store.frontier.due_sources(plant.now(), everything=True)
        store.frontier.record_poll(PollRecord(work.id, plant.now(), 200, "ok", at))

    plant.writer.submit(job).result(30)


def is_due(plant: Plant) -> bool:
    return bool(plant.store.frontier.due_sources(plant.now()))


@pytest.mark.fault("C1", "C2")
@pytest.mark.parametrize(
    "step",
    [-HOUR, timedelta(days=-365), timedelta(days=1), timedelta(days=365)],
    ids=["back an hour", "back a year", "ahead a day", "ahead a year"],
)
def test_a_step_of_the_clock_changes_no_waiting(plant: Plant, step: timedelta) -> None:
    source_due(plant, NOW + timedelta(minutes=10))
    plant.later(timedelta(minutes=5))
    plant.look()
    plant.now_ += step
    plant.look()
    assert plant.woken == 1
    assert not is_due(plant)
    plant.later(timedelta(minutes=5))
    assert is_due(plant)
    (alert,) = plant.alerts(open_only=False).values()
    assert ("ahead" if step > timedelta(0) else "back") in alert.text
    audit(plant.store.path)


@pytest.mark.fault("C1")
def test_a_clock_that_was_ahead_before_the_start(plant: Plant) -> None:
    plant.now_ = NOW + timedelta(days=365)
    source_due(plant, plant.now() + timedelta(minutes=10))
    plant.now_ = NOW
    plant.do(plant.machine.begin)
    plant.later(timedelta(minutes=11))
    assert is_due(plant)
    audit(plant.store.path)


def test_nothing_is_dropped_by_a_clock_that_may_be_wrong(plant: Plant) -> None:
    dropped: list[str] = []
    plant.config = plant.config.model_copy()
    plant.look()
    plant.now_ += timedelta(days=3650)
    plant.look()
    assert plant.machine.clock_is_doubtful
    plant.writer.do = lambda *_: dropped.append("something")  # type: ignore[assignment]
    plant.do(plant.nightly.prune, plant.nightly.arrange)
    assert dropped == []
    plant.passed += clock.WAIT.total_seconds() + 1
    assert not plant.machine.clock_is_doubtful


def test_small_corrections_are_none() -> None:
    wall, passed = NOW, 100.0
    watch = ClockWatch(lambda: wall, lambda: passed)
    wall, passed = NOW + HOUR, 100.0 + 3600 - 20
    assert watch.step() is None
    assert abs(clock.steady() - clock.steady()) < 60


# Nights


def test_words_are_put_in_their_places(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = ["catch up", "catch up", "merge", "merge"]

    def step(name: str) -> Callable[[object], bool]:
        return lambda *_: left[:1] == [name] and left.pop(0) == name

    monkeypatch.setattr(Store, "catch_up_words", step("catch up"))
    monkeypatch.setattr(Store, "merge_words", step("merge"))
    plant.do(plant.nightly.arrange)
    assert left == []


@pytest.mark.fault("C3", "D12")
def test_every_night_a_backup(plant: Plant) -> None:
    place = safekeeping.Place.of(plant.config)
    plant.do(plant.nightly.backup, plant.nightly.backup)
    for _ in range(47):
        plant.later(HOUR)
        plant.do(plant.nightly.backup)
    made = [copy.at for copy in place.copies()]
    # At once, and then at half past three each night.
    assert made == [NOW + 44 * HOUR, NOW + 20 * HOUR, NOW]
    audit(place.copies()[0].path)


def test_a_backup_that_fails_is_told_and_tried_again(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "space", lambda path: disk.Space(10, 10**12))
    plant.do(plant.nightly.backup, plant.nightly.backup)
    assert "are free" in plant.alerts()["backup"].evidence
    monkeypatch.setattr(nightly.time, "monotonic", lambda: 10**9)
    monkeypatch.setattr(disk, "space", lambda path: PLENTY)
    plant.do(plant.nightly.backup)
    assert plant.alerts() == {}


def test_without_a_backup_for_too_long(plant: Plant) -> None:
    never = Backup.model_validate({"at": "never"})
    plant.config = plant.config.model_copy(update={"backup": never})
    plant.later(timedelta(days=9))
    plant.do(plant.nightly.backup)
    assert plant.alerts() == {}  # as the operator wants it
    plant.config = plant.config.model_copy(update={"backup": Backup()})
    plant.nightly._not_before = float("inf")
    plant.do(plant.nightly.backup)
    assert plant.alerts()["backup"].evidence == "there is none"


def test_what_is_told_is_told_once(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    notice = machine.Notice("key", "something is wrong", "since today", "look")

    async def tell() -> None:
        await plant.herald.open(notice)
        await plant.herald.open(notice)
        await plant.herald.close("another")
        await plant.herald.close("key")

    plant.do(tell)
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert set(plant.alerts(open_only=False)) == {"key"}
