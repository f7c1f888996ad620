"""Turns at hosts between processes, with real processes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawlers.turnstile import MOST_HOLD, Turnstile

#: Takes the turn, says so, and keeps it until its standard input ends.
KEEPER = """
import sys
from pathlib import Path
from crawlers.turnstile import Turnstile
turns = Turnstile(Path(sys.argv[1]))
print(turns.enter("a.example"), flush=True)
sys.stdin.read()
"""


def keeper(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_one_process_at_a_time_has_a_host(tmp_path: Path) -> None:
    turns = Turnstile(tmp_path / "gate")
    with keeper(tmp_path / "gate") as other:
        assert not turns.enter("a.example")
        assert turns.enter("b.example")
        other.kill()  # the kernel gives its turn back
    assert turns.enter("a.example")
    turns.close()


def test_times_are_left_for_whoever_comes_next(tmp_path: Path) -> None:
    clock = [1000.0]
    turns = Turnstile(tmp_path / "gate", clock=lambda: clock[0])
    assert (turns.gap("a.example"), turns.hold("a.example")) == (0.0, 0.0)
    assert turns.enter("a.example")
    turns.leave("a.example", gap=5.0, hold=3600.0)
    other = Turnstile(tmp_path / "gate", clock=lambda: clock[0])
    assert (other.gap("a.example"), other.hold("a.example")) == (5.0, 3600.0)
    clock[0] += 10
    assert (other.gap("a.example"), other.hold("a.example")) == (0.0, 3590.0)
    assert other.hold("b.example") == 0.0


def test_a_clock_that_was_set_back_closes_no_host_for_ever(tmp_path: Path) -> None:
    clock = [1e9]
    turns = Turnstile(tmp_path / "gate", clock=lambda: clock[0])
    turns.leave("a.example", gap=5.0, hold=3600.0)
    clock[0] -= 2 * MOST_HOLD
    assert (turns.gap("a.example"), turns.hold("a.example")) == (0.0, 0.0)


def test_on_a_full_disk_the_turn_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom the gap cannot be told must not ask; this process knows it by itself."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    turns = Turnstile(tmp_path / "gate")
    assert turns.enter("a.example")
    monkeypatch.setattr(os, "pwrite", full)
    turns.leave("a.example", gap=5.0, hold=0.0)
    script = KEEPER.replace("sys.stdin.read()", "")
    command = [sys.executable, "-c", script, str(tmp_path / "gate")]
    assert subprocess.run(command, capture_output=True).stdout == b"False\n"
    turns.close()
