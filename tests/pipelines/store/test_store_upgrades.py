"""Databases that earlier programs made are brought up, with all that is in them.

`frozen/schema-N.sql` is the dump of a database that the program of schema N filled:
articles, a revision, a copy, messages in three states, a waiting page, an alert. A
new schema that reached users gets its own, and none is ever changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from audit import audit
from newsdesk import NOW, Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.store import LockHeld, Store, schema
from pipelines.store.driver import sqlite3
from pipelines.store.lock import DatabaseLock
from pipelines.store.upgrading import upgrade

FROZEN = sorted((Path(__file__).parent / "frozen").glob("*.sql"))
NEWEST = len(schema.MIGRATIONS)
OLDEST = FROZEN[0]


def thawed(dump: Path, path: Path) -> Path:
    """The database of a dump, in the mode in which the program left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(found)


def shape(store: Store) -> Iterator[tuple[str, ...]]:
    """Every column of every table, and every index."""
    for row in store.session.rows(
        'SELECT t.name, c.name AS column, c.type, c."notnull", c.pk'
        " FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c"
        " WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'"
    ):
        yield tuple(row)
    for row in store.session.rows(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
    ):
        yield tuple(row)


def test_every_schema_that_users_have_is_frozen() -> None:
    assert {version_of(dump) for dump in FROZEN} >= {1, 2, 3}


def version_of(dump: Path) -> int:
    return int(dump.stem.split("-")[1])


@pytest.mark.fault("D10")
@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_a_database_of_an_earlier_program(dump: Path, path: Path) -> None:
    thawed(dump, path)
    done = upgrade(path)
    assert (done.before, done.after) == (version_of(dump), NEWEST)
    assert done.backup is not None
    assert version(done.backup) == version_of(dump)
    with Store.open(path) as store:
        assert {(a.outlet, a.title, a.revision) for a in store.articles.list()} == {
            ("ferry", "Ferry runs again", 2),
            ("ferry", "Harbour closed", 1),
            ("hills", "Ferry runs again", 1),
        }
        (stats,) = store.queue.stats(NOW)
        assert (stats.done, stats.delayed, stats.ready) == (1, 1, 1)
        assert [alert.key for alert in store.alerts.list()] == ["queue:default"]
    audit(path)


@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_it_has_the_shape_of_a_new_one(dump: Path, path: Path, tmp_path: Path) -> None:
    with (
        Store.open(thawed(dump, path), migrate=True) as upgraded,
        Store.open(tmp_path / "new.db", create=True) as new,
    ):
        assert set(shape(upgraded)) == set(shape(new))


@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_work_goes_on_in_it(dump: Path, path: Path) -> None:
    with Store.open(thawed(dump, path), migrate=True) as store:
        ids = {message.id for message in store.queue.export()}
        desk = Newsdesk(store, NOW + timedelta(hours=2))
        texts = {a.url: a.text for a in store.articles.list()}
        a, b = "https://ferry.example/a", "https://ferry.example/b"
        assert desk.publish(a, texts[a]).outcome is Outcome.UNCHANGED
        copied = desk.publish("https://ferry.example/e", texts[b])
        assert copied.outcome is Outcome.DUPLICATE
        desk.publish("https://ferry.example/f", words("bridge"))
        assert len({message.id for message in store.queue.export()} - ids) == 1
        for leased in desk.lease():
            store.queue.ack(leased.id, leased.token, desk.now)
        desk.later(days=1)
        assert store.prune_texts(desk.now, desk.now) > 0
    audit(path)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.store import Store, connection, schema

step = int(sys.argv[2])

def die(db):
    schema.MIGRATIONS[step](db)
    os.kill(os.getpid(), signal.SIGKILL)

steps = list(schema.MIGRATIONS)
steps[step] = die
connection.MIGRATIONS = tuple(steps)
Store.open(Path(sys.argv[1]), migrate=True).close()
"""


@pytest.mark.fault("D10")
@pytest.mark.parametrize("step", range(version_of(OLDEST), NEWEST))
def test_each_step_killed_once(path: Path, step: int) -> None:
    thawed(OLDEST, path)
    command = [sys.executable, "-c", KILLED, str(path), str(step)]
    assert subprocess.run(command, timeout=60).returncode == -9
    assert version(path) == step  # the steps before are whole, this one is not there
    assert upgrade(path).before == step
    first = path.with_name(f"{path.name}.schema-{version_of(OLDEST)}")
    assert version(first) == version_of(OLDEST)
    audit(path)


def test_the_newest_is_left_alone(path: Path) -> None:
    Store.open(path, create=True).close()
    done = upgrade(path)
    assert (done.before, done.after, done.backup) == (NEWEST, NEWEST, None)


def test_not_while_somebody_fetches(path: Path) -> None:
    thawed(OLDEST, path)
    with DatabaseLock(path), pytest.raises(LockHeld, match="is fetching"):
        upgrade(path)
    assert version(path) == version_of(OLDEST)


def test_the_copy_of_before_can_be_put_back(path: Path) -> None:
    done = upgrade(thawed(OLDEST, path))
    assert done.backup is not None
    shutil.copy(done.backup, path)
    assert upgrade(path).before == version_of(OLDEST)
    audit(path)
