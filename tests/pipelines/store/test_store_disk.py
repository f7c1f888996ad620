"""The disk under the database: its kind, its room, the reserve, what a crash left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from audit import audit
from newsdesk import MINUTE, NOW, Newsdesk, entry, words
from small_disk import small_disk

from pipelines.store import (
    HostRow,
    Store,
    StoreError,
    Writer,
    disk,
    reserve,
    retention,
    starting,
    times,
)
from pipelines.store.errors import StoreBroken, StoreFull, StoreGone, StoreReadOnly
from pipelines.store.lock import DatabaseLock, Holder
from pipelines.store.starting import Terms

A, B = "https://ferry.example/a", "https://ferry.example/b"

MOUNTS = r"""
22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /srv rw - nfs4 server:/export rw,vers=4.2
31 30 0:27 / /srv/local rw - xfs /dev/vdb rw
32 22 0:28 / /mnt/with\040space rw - cifs //server/share rw
33 22 0:29 / /home/ada/remote rw - fuse.sshfs ada@host: rw
34 22 8:1 / /mnt/usb rw - fuseblk /dev/sda1 rw
35 22 0:30 / /srv2 rw master:1 - tmpfs tmpfs rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/var/lib/presswatch.db", "ext4", False),
        ("/srv/presswatch.db", "nfs4", True),
        ("/srv/local/deep/presswatch.db", "xfs", False),
        ("/mnt/with space/presswatch.db", "cifs", True),
        ("/home/ada/remote/x.db", "fuse.sshfs", True),
        ("/home/ada/x.db", "ext4", False),
        ("/mnt/usb/x.db", "fuseblk", False),
        ("/srv2/x.db", "tmpfs", False),
    ],
)
def test_kinds_of_file_systems(
    tmp_path: Path, path: str, kind: str, network: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert disk.file_system(Path(path), mounts) == kind
    assert disk.is_network(kind) is network


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert disk.file_system(tmp_path, tmp_path / "absent") is None
    assert not disk.is_network(None)
    with pytest.raises(StoreError, match="cannot be looked at"):
        disk.space(tmp_path / "absent")


@pytest.mark.fault("D11")
def test_a_network_file_system_is_refused_unless_it_was_allowed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "file_system", lambda _: "nfs4")
    for network in (None, False):
        with pytest.raises(StoreError, match=r"nfs4.*network: true.*takes the risk"):
            Store.open(path, create=True, network=network)
    assert not path.exists()
    with Store.open(path, create=True, network=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
    Store.open(path).close()  # a consumer goes by what the config said
    with pytest.raises(StoreError, match="nfs4"):
        Store.open(path, network=False)
    monkeypatch.undo()
    Store.open(path, network=False).close()
    monkeypatch.setattr(disk, "file_system", lambda _: "nfs4")
    with pytest.raises(StoreError, match="nfs4"):
        Store.open(path)  # the leave was taken back
    audit(path)


def test_probing(tmp_path: Path) -> None:
    disk.probe(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError, match="cannot be written"):
        disk.probe(tmp_path / "absent")


@pytest.mark.parametrize(
    ("number", "kind"),
    [(28, StoreFull), (122, StoreFull), (30, StoreReadOnly), (13, StoreReadOnly)],
)
def test_what_the_systems_errors_mean(number: int, kind: type[StoreError]) -> None:
    error = disk.unwritable(Path("x"), OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert error.exit_code == 74


# The reserve


def test_room_is_held_and_given_up(path: Path) -> None:
    path.parent.mkdir()
    assert reserve.ensure(path, 100_000)
    assert reserve.path_of(path).stat().st_blocks * 512 >= 100_000
    assert reserve.ensure(path, 50_000)
    assert reserve.held(path) == 50_000
    assert reserve.release(path)
    assert not reserve.release(path)
    assert reserve.ensure(path, 0)
    assert reserve.held(path) == 0


@pytest.mark.fault("Q5", "D2")
def test_messages_are_settled_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as small:
        path = small.path / "presswatch.db"
        with Store.open(path, create=True) as store:
            desk = Newsdesk(store)
            for n in range(20):
                desk.publish(f"{A}{n}", words(f"story{n}"))
            assert reserve.ensure(path, 1_000_000)
        small.fill()
        with Store.open(path) as store:  # even opening takes room: it uses the reserve
            leased = store.queue.lease(limit=5, duration=5 * MINUTE, now=NOW)
            for each in leased[:4]:
                store.queue.ack(each.id, each.token, NOW)
            store.queue.fail(leased[4].id, leased[4].token, "later", now=NOW)
            (stats,) = store.queue.stats(NOW)
            assert (stats.done, stats.delayed, stats.ready) == (4, 1, 15)
        assert reserve.held(path) == 0
        small.free()
        audit(path)


@pytest.mark.fault("Q5")
def test_without_a_reserve_the_consumer_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as small:
        path = small.path / "presswatch.db"
        with Store.open(path, create=True) as store:
            Newsdesk(store).publish(A, words("ferry"))
            (leased,) = store.queue.lease(limit=1, duration=5 * MINUTE, now=NOW)
        small.fill()

        def settle() -> None:
            with Store.open(path) as store:
                store.queue.ack(leased.id, leased.token, NOW)

        with pytest.raises(StoreError) as refusal:
            settle()
        assert refusal.value.exit_code == 74
        small.free()
        settle()  # the lease ran on
        audit(path)


@pytest.mark.fault("Q5")
def test_the_writer_tries_a_consumers_job_again(path: Path) -> None:
    with Store.open(path, create=True) as store:
        store.meta.put("a", "0")
    reserve.ensure(path, 10_000)
    writer = Writer(path)
    writer.start()
    tries = 0

    def full_once(store: Store) -> str:
        nonlocal tries
        tries += 1
        store.meta.put("a", str(tries))
        if tries == 1:
            store.session.db.conn.execute("ROLLBACK")
            raise StoreFull(path, "full", "free some space")
        return "settled"

    assert writer.submit(full_once, vital=True).result(30) == "settled"
    tries = 0
    with pytest.raises(StoreFull):  # the reserve is gone
        writer.submit(full_once, vital=True).result(30)
    assert isinstance(writer.health.trouble, StoreFull)
    writer.close()
    with Store.open(path) as store:
        assert store.meta.get("a") == "2"
    audit(path)


# The file


def test_a_deleted_file_is_noticed(store: Store, path: Path) -> None:
    store.session.check_file()
    path.rename(path.with_name("moved.db"))
    with pytest.raises(StoreGone, match="deleted or replaced"):
        store.session.check_file()


def killed_after(path: Path, statements: str) -> None:
    """Run statements on the locked database in a process that then dies."""
    script = (
        "import os, signal, sys; from datetime import *; from pathlib import Path\n"
        "from newsdesk import *; from pipelines.store import DatabaseLock, Store\n"
        "path = Path(sys.argv[1]); lock = DatabaseLock(path).__enter__()\n"
        "store = Store.open(path, create=True); desk = Newsdesk(store)\n"
        "def beat(at):\n"
        "    store.meta.put('heartbeat', at.isoformat()); lock.note(at)\n"
        f"{statements}\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", script, path], env=environment)
    assert done.returncode == -signal.SIGKILL


def started(path: Path) -> Store:
    with DatabaseLock(path) as lock:
        return starting.start(path, Terms(), lock.left_by)


@pytest.mark.fault("D8")
def test_a_log_that_was_lost_is_told(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        store.meta.put("heartbeat", NOW.isoformat())
    later = "beat(NOW)\ndesk.publish('https://ferry.example/b', words('harbour'))\n"
    killed_after(path, f"{later}\nbeat(NOW + timedelta(hours=1))")
    Path(f"{path}-wal").unlink()
    with started(path) as store:
        (alert,) = store.alerts.list()
        assert len(store.articles.list()) == 1
    assert alert.key == "database-gap"
    assert "-wal file was deleted or damaged" in alert.evidence
    assert caplog.text.count("lacks what was stored after 2026-11-23 07:30:00") == 1
    audit(path)


@pytest.mark.fault("D8")
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_of_a_damaged_log_the_sound_part_counts(path: Path, damage: str) -> None:
    killed_after(path, "desk.publish('https://ferry.example/a', words('ferry'))")
    log = Path(f"{path}-wal")
    content = bytearray(log.read_bytes())
    if damage == "cut":
        del content[-5000:]
    else:
        content[-3000:-2000] = b"\xff" * 1000
    log.write_bytes(content)
    with started(path) as store:
        assert store.damage() == []
    audit(path)


def test_nothing_is_told_when_nothing_is_missing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    killed_after(path, "beat(NOW)")
    with started(path) as store:
        assert store.alerts.list() == ()
    assert "lacks" not in caplog.text
    with DatabaseLock(path) as lock:  # given back properly since
        assert lock.left_by is None


@pytest.mark.fault("D7")
def test_after_a_crash_the_file_is_checked(path: Path) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish(A, words("ferry"))
        store.session.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = store.backup_into(path.parent / "backups", NOW, starting.copies.Keep())
        root = store.session.value(
            "SELECT rootpage FROM sqlite_master WHERE name = 'message'"
        )
    content = bytearray(path.read_bytes())
    content[4096 * (root - 1) : 4096 * root] = b"\xff" * 4096
    path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(StoreBroken, match=f"restore {copy.path}"):
        starting.start(path, Terms(), Holder(1, "presswatch run", NOW))
    assert path.read_bytes() == before
    audit(copy.path)


# Clock


def test_what_waits_moves_with_the_clock(desk: Newsdesk) -> None:
    store = desk.store
    desk.poll([entry(A)], next_at=NOW + 10 * MINUTE)
    desk.publish(B, words("ferry"))
    desk.publish(A, words("harbour"))
    one, two = desk.lease(minutes=5)
    store.queue.fail(two.id, two.token, "later", now=NOW)
    store.hosts.put(HostRow("ferry.example", NOW + MINUTE, "Retry-After"))
    back = timedelta(days=365)
    times.shift(store.session, NOW - back, -back, NOW - back)
    desk.now = NOW - back + 10 * MINUTE
    assert [work.url for work in store.frontier.due_sources(desk.now)]
    assert store.hosts.resting(desk.now) == []
    again = {leased.id for leased in desk.lease()}
    assert one.id in again
    audit(store.path)


# Retention


@pytest.mark.fault("F9")
def test_a_static_feed_brings_no_story_back(desk: Newsdesk) -> None:
    """It still lists what was pruned years ago; nothing of it is new."""
    desk.poll([entry(A)], etag='"1"')
    first = desk.publish(A, words("ferry"))
    for leased in desk.lease():
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    desk.later(days=800)
    assert desk.store.prune_texts(desk.now, desk.now) == 1
    assert desk.store.forget_addresses(desk.now, 0) is not None
    listed = desk.poll([entry(A)], etag='"1"')
    assert (listed.new, listed.changed) == (0, 0)
    again = desk.publish(A, words("ferry"))
    assert (again.outcome, again.queued) == ("unchanged", False)
    assert [message.id for message in desk.store.queue.export()] == [first.msg_id]
    audit(desk.store.path)


def test_addresses_that_nobody_lists_are_forgotten(desk: Newsdesk) -> None:
    from pipelines.outcome import Outcome

    desk.poll([entry(A), entry(B), entry(f"{A}/kept")], etag='"1"')
    ids = {
        row["url"]: row["id"] for row in desk.store.session.rows("SELECT * FROM url")
    }
    for url in (A, B):
        desk.fail(ids[url], Outcome.GONE)
    desk.later(days=300)
    desk.poll(outcome="not_modified", status=304)  # all three are still listed
    desk.store.forget_addresses(desk.now - timedelta(days=200), 0)
    assert len(desk.store.session.rows("SELECT 1 FROM url")) == 3
    desk.poll([entry(B)], etag='"2"')
    desk.later(days=100)
    end = desk.store.forget_addresses(desk.now - timedelta(days=100), 0)
    left = {row["url"] for row in desk.store.session.rows("SELECT url FROM url")}
    assert left == {B, f"{A}/kept"}  # listed, and still due
    assert end is not None
    assert desk.store.forget_addresses(desk.now, end) is None


def test_free_pages_go_back_to_the_disk(desk: Newsdesk) -> None:
    store = desk.store
    store.meta.put("big", "x" * 4_000_000)
    store.meta.put("big", "")
    assert store.session.value("PRAGMA freelist_count") > 500
    while store.tidy():
        pass
    assert store.session.value("PRAGMA freelist_count") < 500
    assert store.damage() == []


def test_a_file_that_gives_nothing_back_ends_it(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PAGES", 0)
    assert desk.store.tidy() == 0
