"""What docs/operations.md and its unit for systemd say is what the program does."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from service import crawling, vitals
from service.life import DESCRIPTORS, RESTART

DOCS = Path(__file__).parents[1] / "docs"
UNIT = DOCS / "presswatch.service"


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(UNIT.read_text(encoding="utf-8"))
    return read


def test_the_unit_fits_the_program(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["ExecStart"].split()[1:] == ["run", "--config", "/etc/presswatch"]
    assert int(service["TimeoutStopSec"].removesuffix("s")) > crawling.PATIENCE
    assert int(service["LimitNOFILE"]) >= DESCRIPTORS
    assert service["Restart"] == "always"
    # What is not mended by a restart is not restarted; what asks for one is.
    assert service["RestartPreventExitStatus"].split() == ["2", "74"]
    assert str(RESTART) not in service["RestartPreventExitStatus"].split()


def test_the_unit_may_set_limits(unit: configparser.ConfigParser) -> None:
    # Workers set RLIMIT_AS and RLIMIT_CPU: a filter without it would end them.
    assert "@resources" not in unit["Service"]["SystemCallFilter"].removeprefix("~")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(
        UNIT.read_text().replace("/opt/presswatch/bin/presswatch", "/bin/true")
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True
    )
    assert "Unknown" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        f"within {vitals.WRITER_PATIENCE:.0f} s",
        f"worker {vitals.WORKER_PATIENCE:.0f} s beyond its deadline",
        f"within {vitals.POLL_PATIENCE / 60:.0f} minutes",
        f"in flight has {crawling.PATIENCE:.0f} s",
        f"{DESCRIPTORS:,}",
    ],
)
def test_the_figures_are_those_of_the_program(words: str) -> None:
    assert words in (DOCS / "operations.md").read_text(encoding="utf-8")
