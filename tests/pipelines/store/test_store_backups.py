"""Copies are verified, named by their time, thinned out, and put back whole."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from time import tzset

import pytest
from audit import audit
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import NOW, Newsdesk, words

from pipelines.store import LockHeld, Store, StoreError, backup, disk, restoring
from pipelines.store.copies import Keep, found, is_due, kept
from pipelines.store.driver import sqlite3
from pipelines.store.lock import DatabaseLock

DAY = timedelta(days=1)
A, B = "https://ferry.example/a", "https://ferry.example/b"


# Which stay


def days(count: int) -> list[datetime]:
    return [NOW - n * DAY for n in range(count)]


def test_the_latest_days_and_weeks_stay() -> None:
    staying = kept(days(60), Keep(daily=7, weekly=4))
    ages = sorted((NOW - at).days for at in staying)
    assert ages == [0, 1, 2, 3, 4, 5, 6, 8, 15]  # NOW is a Monday
    assert kept([], Keep()) == frozenset()


def test_the_latest_of_a_day_stays() -> None:
    times = [NOW, NOW + timedelta(hours=3), NOW + timedelta(hours=1)]
    assert kept(times, Keep(1, 0)) == {NOW + timedelta(hours=3)}


@given(
    st.lists(
        st.integers(0, 10 * 365 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
        min_size=1,
    ),
    st.integers(1, 9),
    st.integers(0, 9),
)
def test_never_too_many_and_never_the_latest_dropped(
    times: list[datetime], daily: int, weekly: int
) -> None:
    staying = kept(times, Keep(daily, weekly))
    assert max(times) in staying
    assert len(staying) <= daily + weekly
    assert kept(staying, Keep(daily, weekly)) == staying


# When


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The time zone of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        tzset()
        yield
    tzset()


@pytest.mark.parametrize(
    ("last", "due"),
    [
        pytest.param(None, True, id="none yet"),
        pytest.param(datetime(2026, 11, 22, 3, 30, tzinfo=UTC), True, id="yesterday"),
        pytest.param(datetime(2026, 11, 23, 3, 30, tzinfo=UTC), False, id="today"),
        pytest.param(datetime(2026, 11, 23, 3, 29, tzinfo=UTC), True, id="just before"),
        pytest.param(datetime(2031, 1, 1, tzinfo=UTC), True, id="of a wrong clock"),
    ],
)
@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "Pacific/Apia"], indirect=True
)
@pytest.mark.usefixtures("zone")
def test_when_one_is_due(last: datetime | None, due: bool) -> None:
    assert is_due(last, NOW, time(3, 30, tzinfo=UTC)) is due


@pytest.mark.fault("C3")
@pytest.mark.parametrize("zone", ["Europe/Berlin"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_one_a_day_also_when_the_clocks_change(desk: Newsdesk, tmp_path: Path) -> None:
    now = datetime(2026, 10, 24, tzinfo=UTC)  # summer time ends on the 25th
    made: list[datetime] = []
    while now < datetime(2026, 10, 28, tzinfo=UTC):
        if is_due(made[-1] if made else None, now, time(1, 30, tzinfo=UTC)):
            made.append(desk.store.backup_into(tmp_path, now, Keep()).at)
        now += timedelta(minutes=1)
    assert [at.day for at in made] == [24, 24, 25, 26, 27]  # the first at once
    assert len(found(tmp_path, desk.store.path)) == 4  # the latest of each day
    audit(desk.store.path)


def test_before_the_hour_yesterdays_counts() -> None:
    assert not is_due(NOW - timedelta(hours=8), NOW, time(23, 0, tzinfo=UTC))


# Making them


def test_old_ones_go_when_a_new_one_is_there(desk: Newsdesk, tmp_path: Path) -> None:
    directory = tmp_path / "copies"
    other = directory / "presswatch-letters.db"
    for n in range(12):
        made = desk.store.backup_into(directory, NOW + n * DAY, Keep(3, 1))
        other.touch()
    copies = found(directory, desk.store.path)
    assert copies[0] == made
    assert [copy.at for copy in copies] == [NOW + n * DAY for n in (11, 10, 9)]
    assert other.exists()  # not named as ours
    audit(made.path)


def test_of_several_databases_each_has_its_own(desk: Newsdesk, tmp_path: Path) -> None:
    desk.store.backup_into(tmp_path, NOW, Keep())
    assert found(tmp_path, Path("other.db")) == ()
    assert found(tmp_path / "absent", desk.store.path) == ()


def test_a_copy_is_as_private_as_the_database(desk: Newsdesk, tmp_path: Path) -> None:
    desk.store.path.chmod(0o600)
    made = desk.store.backup_into(tmp_path, NOW, Keep())
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_no_copy_rather_than_a_full_disk(
    desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "space", lambda path: disk.Space(1000, 10**9))
    with pytest.raises(StoreError, match=r"1\.0 kB are free.*backup\.directory"):
        desk.store.backup_into(tmp_path / "copies", NOW, Keep())
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_place_that_cannot_be_made(desk: Newsdesk, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        desk.store.backup_into(tmp_path / "file" / "copies", NOW, Keep())


def test_a_copy_that_lacks_rows_does_not_count(
    desk: Newsdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = desk.store.backup(tmp_path / "copy.db")
    before = good.read_bytes()
    monkeypatch.setattr(backup, "_newest", _promising_more(backup._newest))
    with pytest.raises(StoreError, match="lacks the latest rows"):
        desk.store.backup(good)
    assert good.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def _promising_more(newest):  # type: ignore[no-untyped-def]
    answers = iter([(9, 9)])
    return lambda session: next(answers, None) or newest(session)


@pytest.mark.fault("D12")
def test_under_load(desk: Newsdesk, path: Path, tmp_path: Path) -> None:
    """Writers go on while copies are made, and every copy is one sound state."""
    stop, more = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        with Store.open(path) as store:
            other = Newsdesk(store, NOW + timedelta(hours=1))
            for n in count():
                other.publish(f"https://ferry.example/{n}", words(f"story {n}"))
                more.release()
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    with Store.open(path, read_only=True) as reader:
        for n in range(5):
            at = NOW + n * timedelta(seconds=1)
            made = reader.backup_into(tmp_path, at, Keep(1, 0))
            assert more.acquire(timeout=30)
    stop.set()
    writer.join()
    audit(made.path)
    audit(path)


# Putting them back


@pytest.mark.fault("D13")
def test_after_a_restore_the_same_messages_come_with_the_same_ids(path: Path) -> None:
    with Store.open(path, create=True) as store:
        desk = Newsdesk(store)
        desk.publish(A, words("ferry"))
        copy = store.backup(path.with_name("copy.db"))
        desk.publish(A, words("ferry, later"))
        desk.publish(B, words("harbour"))
        before = [(m.id, m.kind, m.article["text"]) for m in store.queue.export()]
        last = store.queue.last_seq()
    done = restoring.restore(path, copy, NOW)
    with Store.open(path) as store:
        desk = Newsdesk(store, NOW + timedelta(hours=1))
        desk.publish(A, words("ferry"))
        desk.publish(A, words("ferry, later"))
        desk.publish(B, words("harbour"))
        after = list(store.queue.export())
        assert [(m.id, m.kind, m.article["text"]) for m in after] == before
        # Who reads on by number misses nothing: no number is given out twice.
        assert [m.seq > last for m in after] == [False, True, True]
        assert len(list(store.queue.export(last))) == 2
    audit(path)
    assert done.aside is not None
    with Store.open(done.aside) as old:
        assert len(list(old.queue.export())) == 3


def killed_after(path: Path, statements: str) -> None:
    """Run statements on the database in a process that then dies."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from newsdesk import Newsdesk, words; from pipelines.store import Store\n"
        "store = Store.open(Path(sys.argv[1]), create=True)\n"
        f"{statements}\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, env=environment, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_an_old_log_is_not_played_into_the_new_database(path: Path) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        copy = store.backup(path.with_name("copy.db"))
    killed_after(path, f"Newsdesk(store).publish('{B}', words('harbour'))")
    assert Path(f"{path}-wal").stat().st_size > 0
    done = restoring.restore(path, copy, NOW)
    with Store.open(path) as store:
        assert len(store.articles.list()) == 1
    audit(path)
    assert done.aside is not None
    with Store.open(done.aside) as old:  # with its log
        assert len(old.articles.list()) == 2


@pytest.mark.fault("D7")
def test_a_broken_database_is_replaced(path: Path) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        copy = store.backup(path.with_name("copy.db"))
    path.write_bytes(b"nothing that any program could read" * 1000)
    done = restoring.restore(path, copy, NOW)
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"nothing that")
    audit(path)


def test_a_lost_database_is_replaced(path: Path) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        copy = store.backup(path.with_name("copy.db"))
    path.unlink()
    assert restoring.restore(path, copy, NOW).aside is None
    audit(path)


def test_not_under_whoever_has_it_open(path: Path) -> None:
    with Store.open(path, create=True) as store:
        copy = store.backup(path.with_name("copy.db"))
    holding = (
        "import sys; from pathlib import Path; from pipelines.store import Store\n"
        "store = Store.open(Path(sys.argv[1])); print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as consumer:
        assert consumer.stdout is not None
        assert consumer.stdin is not None
        consumer.stdout.readline()
        with pytest.raises(StoreError, match=r"has it open.*stop it first"):
            restoring.restore(path, copy, NOW)
        consumer.stdin.close()
    with DatabaseLock(path), pytest.raises(LockHeld):
        restoring.restore(path, copy, NOW)
    restoring.restore(path, copy, NOW)


@pytest.mark.parametrize("moment", ["_put_aside", "sync", "_unlink_log", "_link"])
def test_an_interrupted_restore_is_ended_by_the_next(
    path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        copy = store.backup(path.with_name("copy.db"))
        Newsdesk(store, NOW + DAY).publish(B, words("harbour"))
    real = getattr(restoring, moment)
    calls = 0

    def break_off(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if moment == "sync" and calls < 3:
            return real(*arguments)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(restoring, moment, break_off)
    with pytest.raises(StoreError, match="run the command again"):
        restoring.restore(path, copy, NOW)
    with pytest.raises(StoreError, match=r"interrupted.*presswatch restore"):
        Store.open(path, create=True)
    monkeypatch.undo()
    restoring.restore(path, copy, NOW)
    with Store.open(path) as store:
        assert [article.url for article in store.articles.list()] == [A]
    audit(path)


def test_a_copy_without_any_message_yet(path: Path) -> None:
    with Store.open(path, create=True) as store:
        copy = store.backup(path.with_name("copy.db"))
    restoring.restore(path, copy, NOW)
    with Store.open(path) as store:
        Newsdesk(store).publish(A, words("ferry"))
        assert store.queue.last_seq() == restoring.SKIPPED + 1


def test_a_copy_is_no_longer_in_the_mode_of_the_log(store: Store, path: Path) -> None:
    """It is one file, to be carried away; it gets its log where it is opened."""
    copy = store.backup(path.with_name("copy.db"))
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


# What is said when one is needed


@pytest.mark.fault("D7")
@pytest.mark.parametrize("broken", [b"no database at all" * 500, None])
def test_a_broken_database_names_the_backup_and_the_command(
    path: Path, broken: bytes | None
) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        made = store.backup_into(path.parent / "backups", NOW, Keep())
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    path.write_bytes(broken or content)
    before = path.read_bytes()

    def use() -> None:
        with Store.open(path, create=True, migrate=True) as store:
            store.articles.list()

    command = f"presswatch restore {made.path} --database {path}"
    with pytest.raises(StoreError, match=re.escape(command)) as refusal:
        use()
    assert refusal.value.exit_code == 74
    assert path.read_bytes() == before
    restoring.restore(path, made.path, NOW)
    audit(path)


def test_a_lost_database_is_not_begun_anew(path: Path) -> None:
    with Store.open(path, create=True) as store:
        made = store.backup_into(path.parent / "backups", NOW, Keep())
    path.unlink()
    with pytest.raises(StoreError, match=re.escape(f"presswatch restore {made.path}")):
        Store.open(path, create=True)
    assert not path.exists()
    (path.parent / "backups").rename(path.parent / "moved away")
    Store.open(path, create=True).close()


def test_copies_elsewhere_count_as_well(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk2"
    with Store.open(path, create=True) as store:
        store.backup_into(elsewhere, NOW, Keep())
    path.unlink()
    with pytest.raises(StoreError, match="there are backups"):
        Store.open(path, create=True, backups=elsewhere)
