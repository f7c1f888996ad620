"""`doctor`: what it finds, how bad it calls it, and what it advises."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from audit import audit
from click.testing import CliRunner
from newsstand import fill

from pipelines.store import Store, copies, disk
from service import doctor
from service.cli import main
from service.doctor import Finding, Level, examine

NOW = datetime.now(UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config with a filled database and a backup of this hour."""
    directory = tmp_path / "config"
    (directory / "outlets").mkdir(parents=True)
    database = tmp_path / "data" / "presswatch.db"
    (directory / "presswatch.yaml").write_text(
        f"database: {database}\ndisk: {{warn_below: 2kB, pause_below: 1kB}}\n"
    )
    (directory / "outlets" / "ferry.yaml").write_text(
        "sources: [{feed: 'https://ferry.example/rss'}]\n"
    )
    fill(database)
    with Store.open(database) as store:
        store.backup_into(database.parent / "backups", NOW, copies.Keep())
    return directory


def database_of(config: Path) -> Path:
    return config.parent / "data" / "presswatch.db"


def found(config: Path, check: str) -> Finding:
    """The worst finding of a check."""
    order = [Level.OK, Level.WARN, Level.BAD]
    mine = [one for one in examine(config, None, NOW) if one.check == check]
    return max(mine, key=lambda one: order.index(one.level))


def test_all_is_well(config: Path) -> None:
    result = CliRunner().invoke(main, ["doctor", "--config", str(config), "--json"])
    findings = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    bad = [one for one in findings if one["level"] == "bad"]
    assert bad == []
    checks = {one["check"] for one in findings}
    assert checks >= {
        *("config", "program", "sqlite", "descriptors", "file system", "disk"),
        *("permissions", "process", "database", "clock", "log", "backups"),
    }


def test_what_people_read(config: Path) -> None:
    (config / "outlets" / "ferry.yaml").write_text("sources: [{fed: x}]\n")
    result = CliRunner().invoke(main, ["doctor", "--config", str(config)])
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("bad")]
    assert "ferry.yaml:1" in line
    assert f"presswatch check --config {config}" in result.stdout
    assert "articles, " in result.stdout  # the database is looked at all the same


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 40, 1), Level.WARN), ((3, 51, 2), Level.WARN), ((3, 51, 3), Level.OK)],
)
def test_a_word_on_sqlite(
    config: Path,
    version: tuple[int, ...],
    level: Level,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", version)
    finding = found(config, "sqlite")
    assert finding.level is level
    if level is Level.WARN:
        assert "before 3.51.3" in finding.text
        assert "pysqlite3" in str(finding.step)


@pytest.mark.parametrize(
    ("free", "level"), [(10**9, Level.OK), (1500, Level.WARN), (500, Level.BAD)]
)
def test_room(
    config: Path, free: int, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "space", lambda path: disk.Space(free, 10**12))
    assert found(config, "disk").level is level


def test_a_network_file_system(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "file_system", lambda path: "nfs4")
    finding = found(config, "file system")
    assert (finding.level, "nfs4" in finding.text) == (Level.BAD, True)


@pytest.mark.fault("D7")
def test_a_broken_database(config: Path) -> None:
    database = database_of(config)
    sound = database.read_bytes()
    content = bytearray(sound)
    content[4096 * 8 : 4096 * 12] = b"\xff" * 4096 * 4
    database.write_bytes(content)
    finding = found(config, "database")
    assert finding.level is Level.BAD
    assert "presswatch restore" in f"{finding.text} {finding.step}"
    database.write_bytes(b"nothing of the kind" * 1000)
    finding = found(config, "database")
    assert (finding.level, "restore" in finding.text) == (Level.BAD, True)
    database.write_bytes(sound)
    audit(database)


def test_a_lost_database(config: Path) -> None:
    database_of(config).unlink()
    finding = found(config, "database")
    assert (finding.level, finding.step) == (Level.BAD, "presswatch restore")


def test_a_broken_promise(config: Path) -> None:
    with Store.open(database_of(config)) as store, store.write() as db:
        db.conn.execute("DELETE FROM message")
    finding = found(config, "database")
    assert finding.level is Level.BAD
    assert "texts to be handed on without a message" in finding.text


def test_a_service_that_hangs(config: Path) -> None:
    script = (
        "import sys; from datetime import *; from pathlib import Path\n"
        "from pipelines.store import DatabaseLock, Store\n"
        "with DatabaseLock(Path(sys.argv[1])), Store.open(Path(sys.argv[1])) as s:\n"
        "    s.meta.put('heartbeat', datetime.now(UTC).isoformat())\n"
        "    print('beating', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(database_of(config))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()
        late = datetime.now(UTC) + timedelta(minutes=5)
        texts = [one.text for one in examine(config, None, late) if one.level == "bad"]
        process.send_signal(signal.SIGKILL)
    assert any("it hangs" in text for text in texts)


def test_the_clock_is_behind(config: Path) -> None:
    findings = examine(config, None, NOW - timedelta(days=30))
    (clock,) = [one for one in findings if one.check == "clock"]
    assert clock.level is Level.WARN


def test_backups_that_are_old_or_absent(config: Path) -> None:
    late = NOW + timedelta(days=2)
    (backups,) = [one for one in examine(config, None, late) if one.check == "backups"]
    assert backups.level is Level.BAD
    for path in (config.parent / "data" / "backups").iterdir():
        path.unlink()
    assert found(config, "backups").level is Level.WARN


def test_files_of_several_users(config: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root gives files away")
    lock = Path(f"{database_of(config)}.lock")
    lock.touch()
    os.chown(lock, 4711, 4711)
    finding = found(config, "permissions")
    assert (finding.level, "several users" in finding.text) == (Level.WARN, True)


def test_before_the_first_start(tmp_path: Path) -> None:
    findings = examine(tmp_path / "absent", tmp_path / "new" / "x.db", NOW)
    assert {one.level for one in findings} <= {Level.OK, Level.WARN}


@pytest.mark.parametrize("name", [".", "data"])
def test_a_directory_is_no_database(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    *_, last = examine(tmp_path / "absent", tmp_path / name, NOW)
    assert (last.check, last.level) == ("database", Level.BAD)
    assert last.text.endswith("is a directory")


def test_a_place_that_cannot_be_looked_at_is_a_finding(tmp_path: Path) -> None:
    """A name that no file system takes; as where a directory may not be searched."""
    findings = examine(tmp_path / "absent", tmp_path / ("x" * 300), NOW)
    bad = {one.check: one.text for one in findings if one.level is Level.BAD}
    assert "database" in bad
    assert bad["database"].endswith("File name too long")
