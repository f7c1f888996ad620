"""`backup`, `restore` and `migrate` as an operator uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from audit import audit
from click.testing import CliRunner, Result
from newsstand import STORY, fill

from pipelines.store import Store, copies, schema
from pipelines.store.lock import DatabaseLock
from program import once
from service.cli import main
from service.demo.client import Site

FROZEN = Path(__file__).parents[2] / "pipelines" / "store" / "frozen"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "presswatch.db"
    fill(path)
    return path


def presswatch(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def told(*words: object) -> list[dict[str, object]]:
    result = presswatch(*words, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def stories(database: Path) -> set[str]:
    with Store.open(database, read_only=True) as store:
        return {article.url for article in store.articles.list()}


def test_a_copy_and_back(database: Path) -> None:
    (made,) = told("backup", "--database", database)
    assert Path(str(made["file"])).parent == database.parent / "backups"
    assert made["bytes"] == Path(str(made["file"])).stat().st_size
    assert told("backup", "--list", "--database", database) == [made]
    before = stories(database)
    database.write_bytes(b"gone")
    (restored,) = told("restore", "--database", database)
    assert restored["backup"] == made["file"]
    assert (restored["articles"], restored["messages"]) == (2, 2)
    assert Path(str(restored["aside"])).read_bytes() == b"gone"
    assert stories(database) == before
    audit(database)


def test_what_people_read(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "stick" / "copy.db"
    target.parent.mkdir()
    listed = presswatch("backup", "--list", "--database", database)
    assert "no backups in" in listed.output
    made = presswatch("backup", "--to", target, "--database", database)
    assert made.output.startswith(f"{target} (")
    restored = presswatch("restore", target, "--database", database)
    assert restored.exit_code == 0
    assert "2 articles, 2 messages, the last from 20" in restored.output
    assert "the old database is" in restored.output
    assert stories(database) >= {STORY}


def test_the_config_says_where_and_how_many(database: Path, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.yaml").write_text(
        f"database: {database}\n"
        f"backup: {{directory: {tmp_path / 'disk2'}, keep: {{daily: 1, weekly: 0}}}}\n"
    )
    config = ("--config", tmp_path / "config")
    older = copies.path_for(
        tmp_path / "disk2", database, datetime(2026, 1, 1, tzinfo=UTC)
    )
    older.parent.mkdir()
    shutil.copy(database, older)
    (made,) = told("backup", *config)
    assert [path.name for path in (tmp_path / "disk2").iterdir()] == [
        Path(str(made["file"])).name
    ]
    assert told("restore", *config)[0]["backup"] == made["file"]


def test_a_damaged_backup_is_passed_over(database: Path) -> None:
    (made,) = told("backup", "--database", database)
    newer = copies.path_for(
        database.parent / "backups", database, datetime(2036, 1, 1, tzinfo=UTC)
    )
    damaged = bytearray(Path(str(made["file"])).read_bytes())
    damaged[4096 * 5 : 4096 * 20] = b"\xff" * (4096 * 15)
    newer.write_bytes(damaged)
    result = presswatch("restore", "--database", database)
    assert result.exit_code == 0, result.output
    assert f"passed over: {newer}" in result.stderr
    assert str(made["file"]) in result.stdout
    named = presswatch("restore", newer, "--database", database)
    assert named.exit_code == 74
    assert "take another backup" in named.stderr or "corrupt" in named.stderr
    audit(database)


@contextmanager
def fetching(database: Path) -> Iterator[None]:
    with DatabaseLock(database):
        yield


def test_no_restore_while_the_service_runs(database: Path) -> None:
    told("backup", "--database", database)
    with fetching(database):
        result = presswatch("restore", "--database", database)
    assert result.exit_code == 1
    assert "is fetching into this database" in result.stderr


def test_the_newest_schema_is_nothing_to_migrate(database: Path) -> None:
    with fetching(database):
        result = presswatch("migrate", "--database", database)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output.startswith(f"nothing to do: {database} has schema ")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(("restore",), "holds no sound backup", id="none"),
        pytest.param(("restore", "absent.db"), "there is no such file", id="absent"),
        pytest.param(("restore", __file__), "not an SQLite database", id="no database"),
        pytest.param(("backup", "--to", "/dev/null/x"), "null", id="no directory"),
    ],
)
def test_refused(database: Path, words: tuple[str, ...], complaint: str) -> None:
    before = database.read_bytes()
    result = presswatch(*words, "--database", database)
    assert result.exit_code == 74, result.output
    assert complaint in result.stderr
    assert database.read_bytes() == before


def test_migrate(tmp_path: Path) -> None:
    from sqlite_utils import Database

    path = tmp_path / "presswatch.db"
    old = Database(path)
    old.executescript((FROZEN / "schema-1.sql").read_text(encoding="utf-8"))
    old.close()
    consumer = presswatch("queue", "stats", "--database", path)
    assert consumer.exit_code == 74
    assert "presswatch migrate" in consumer.stderr
    newest = len(schema.MIGRATIONS)
    with fetching(path):
        refused = presswatch("migrate", "--database", path)
    assert refused.exit_code == 1
    assert "is fetching into this database" in refused.stderr
    result = presswatch("migrate", "--database", path)
    assert f"was brought from schema 1 to {newest}" in result.output
    assert f"{path}.schema-1" in result.output
    again = presswatch("migrate", "--database", path)
    assert f"has schema {newest}, which is the newest" in again.output
    assert told("migrate", "--database", path) == [
        {"database": str(path), "from": newest, "to": newest, "backup": None}
    ]
    audit(path)


@pytest.mark.fault("D13", "F9")
@pytest.mark.slow
def test_an_older_backup_and_another_pass(fresh_site: Site, tmp_path: Path) -> None:
    """What was found since is found again, with the ids that consumers know."""
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    database = tmp_path / "data" / "presswatch.db"
    once(config)
    told("backup", "--config", config)
    fresh_site.publish("courier", generate=3)
    once(config)
    with Store.open(database) as store:
        before = {m.id: m.article["text"] for m in store.queue.export()}
    told("restore", "--config", config)
    with Store.open(database) as store:
        assert len(list(store.queue.export())) == len(before) - 3
    once(config)
    with Store.open(database) as store:
        assert {m.id: m.article["text"] for m in store.queue.export()} == before
    listed = [str(article["url"]) for article in fresh_site.truth("courier")]
    audit(database, listed=listed, finished=True)
