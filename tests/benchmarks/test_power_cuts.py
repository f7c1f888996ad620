"""Fifty power cuts of benchmarks/power_cuts.py, and that losses would be seen."""

from __future__ import annotations

import platform
import random
import shutil
from pathlib import Path

import pytest
from audit import audit

from benchmarks.power_cuts import DATABASE, Disk, Step, cut_at_random, traced

needs_gcc = pytest.mark.skipif(
    platform.system() != "Linux" or shutil.which("gcc") is None,
    reason="the shim between the program and the kernel is built with gcc",
)


@needs_gcc
@pytest.mark.slow
@pytest.mark.fault("D1")
def test_nothing_that_was_reported_is_lost(tmp_path: Path) -> None:
    trace = traced(tmp_path, seed=3, articles=25, synchronous="FULL")
    verdict = cut_at_random(tmp_path, trace, cuts=50, seed=3)
    assert verdict.cuts == 50
    assert verdict.reported > 500
    assert verdict.sound, verdict
    audit(tmp_path / "disk" / DATABASE)


@needs_gcc
@pytest.mark.slow
def test_a_loss_is_seen(tmp_path: Path) -> None:
    trace = traced(tmp_path, seed=3, articles=15, synchronous="OFF")
    assert cut_at_random(tmp_path, trace, cuts=20, seed=3).lost > 0


def step(kind: str, name: str = "f", offset: int = 0, data: bytes = b"") -> Step:
    return Step(kind, Path("/disk") / name, offset, data)


def outcomes(*done: Step) -> set[bytes | None]:
    """Everything that a file may be after these steps and a cut."""
    found = set()
    for seed in range(200):
        disk = Disk()
        for each in done:
            disk.do(each)
        file, rng = disk.files.get("f"), random.Random(seed)  # noqa: S311
        found.add(None if file is None else file.after_a_cut(rng))
    return found


def test_what_a_cut_may_leave() -> None:
    write, sync = step("w", data=b"old"), step("s")
    assert outcomes(write, sync) == {b"old"}
    assert outcomes(write, sync, step("w", data=b"new")) == {b"old", b"new"}
    assert outcomes(write, sync, step("t", offset=1)) == {b"old", b"o"}
    assert outcomes(write, sync, step("u")) == {b"old", None}
    assert outcomes(write, sync, step("u"), step("s", "disk")) == {None}


def test_a_write_may_be_torn_and_leave_a_gap() -> None:
    far = step("w", offset=512, data=b"x" * 1024)
    found = outcomes(step("w", data=b"a"), step("s"), far)
    assert b"a" + bytes(511) + b"x" * 512 in found
    assert b"a" + bytes(511) + b"x" * 1024 in found
    assert b"a" in found
