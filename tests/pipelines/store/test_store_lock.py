"""One fetching process a database; the lock dies with its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.store import DatabaseLock, LockHeld, StoreError

HOLD = """
import sys
from pathlib import Path
from pipelines.store import DatabaseLock
with DatabaseLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)


def test_a_second_holder_is_refused_by_name(path: Path) -> None:
    process = hold(path)
    try:
        with pytest.raises(LockHeld, match=rf"process {process.pid} \(-c ") as refusal:
            DatabaseLock(path).__enter__()
        assert refusal.value.exit_code == 1
    finally:
        end(process)
    with DatabaseLock(path):
        pass


def test_a_killed_holder_leaves_nothing(path: Path) -> None:
    process = hold(path)
    process.kill()
    end(process)
    with DatabaseLock(path) as lock:
        assert str(os.getpid()) in lock.path.read_text()
    assert lock.path.read_text() == ""


def test_within_one_process(path: Path) -> None:
    with (
        DatabaseLock(path),
        pytest.raises(LockHeld, match=str(os.getpid())),
        DatabaseLock(path),
    ):
        pass


def test_two_names_of_one_database(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    (tmp_path / "link.db").symlink_to(path)
    with (
        DatabaseLock(path),
        pytest.raises(LockHeld),
        DatabaseLock(tmp_path / "link.db"),
    ):
        pass


def test_databases_do_not_lock_each_other(tmp_path: Path) -> None:
    with DatabaseLock(tmp_path / "a.db"), DatabaseLock(tmp_path / "b.db"):
        pass


def test_a_holder_that_has_not_written_its_name(path: Path) -> None:
    with DatabaseLock(path) as lock:
        lock.path.write_text("")
        with pytest.raises(LockHeld, match="another process"), DatabaseLock(path):
            pass


def test_a_place_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StoreError, match="cannot be opened"),
        DatabaseLock(tmp_path / "file" / "x.db"),
    ):
        pass
