"""Whatever command meets a broken database or disk ends with 74 and one message."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from audit import audit
from click.testing import CliRunner
from newsstand import STORY, fill

from pipelines.store import Store, copies
from pipelines.store.driver import sqlite3
from program import run
from service import cli
from service.cli import main

#: Every command that opens the database and needs no network.
COMMANDS = [
    "status",
    "articles",
    "alerts",
    f"explain {STORY}",
    f"story {STORY}",
    "outlets memory ferry",
    "reclean --dry-run --since 7d",
    "queue lease",
    "queue ack 0123 4567",
    "queue fail 0123 4567 --reason none",
    "queue extend 0123 4567 --for 5m",
    "queue stats",
    "queue dead",
    "queue redrive --all",
    "queue pause",
    "queue resume",
    "queue export",
    "backup",
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "outlets").mkdir()
    database = tmp_path / "presswatch.db"
    (tmp_path / "presswatch.yaml").write_text(f"database: {database}\n")
    (tmp_path / "outlets" / "ferry.yaml").write_text(
        "sources: [{feed: 'https://ferry.example/rss'}]\n"
    )
    fill(database)
    return tmp_path


def broken(database: Path) -> None:
    """The pages of every table are lost; the header and the schema are sound."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 0")
    damaged = [row[0] for row in roots]
    connection.close()
    content = bytearray(database.read_bytes())
    for page in [root for root in damaged if 1 < root <= pages]:
        content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    database.write_bytes(content)


def nonsense(database: Path) -> None:
    database.write_bytes(b"not what it was" * 1000)


@pytest.mark.fault("D7")
@pytest.mark.parametrize("damage", [broken, nonsense])
def test_a_corrupt_database(config: Path, damage) -> None:  # type: ignore[no-untyped-def]
    database = config / "presswatch.db"
    with Store.open(database) as store:
        at = store.articles.list()[0].first_seen
        made = store.backup_into(config / "backups", at, copies.Keep())
    sound = database.read_bytes()
    damage(database)
    for command in COMMANDS:
        words = [*command.split(), "--config", str(config)]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 74, (command, result.output, result.exception)
        assert f"presswatch restore {made.path}" in result.stderr, command
    run("once", "--config", config, code=74)
    assert database.read_bytes() != sound
    for side in ("-wal", "-shm"):
        Path(f"{database}{side}").unlink(missing_ok=True)
    restored = CliRunner().invoke(main, ["restore", "--config", str(config)])
    assert restored.exit_code == 0, restored.output
    audit(database)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
def test_a_disk_that_fails_while_a_command_writes(
    config: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr("service.cli.status.looked_at", fail)
    result = CliRunner().invoke(cli.main, ["status", "--config", str(config)])
    assert result.exit_code == 74
    assert os.strerror(number) in result.stderr
    assert "Traceback" not in result.output


def test_other_errors_of_the_system_stay_bugs(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr("service.cli.status.looked_at", fail)
    result = CliRunner().invoke(cli.main, ["status", "--config", str(config)])
    assert isinstance(result.exception, OSError)
