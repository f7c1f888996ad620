"""Databases that earlier programs made are brought up, with all that is in them.

`frozen/schema-N.sql` is the dump of a database that the program of schema N filled:
articles, a revision, a copy, messages in three states, a waiting page, an alert. A
new schema that reached users gets its own, and none is ever changed.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from audit import audit
from newsdesk import NOW, Newsdesk, words
from sqlite_utils import Database

from pipelines.outcome import Outcome
from pipelines.store import (
    LockHeld,
    Store,
    StoreError,
    catching_up,
    connection,
    schema,
)
from pipelines.store.driver import sqlite3
from pipelines.store.lock import DatabaseLock
from pipelines.store.upgrading import upgrade

FROZEN = sorted(
    (Path(__file__).parent / "frozen").glob("*.sql"),
    key=lambda dump: (int(dump.stem.split("-")[1]), dump.stem),
)
NEWEST = len(schema.MIGRATIONS)
OLDEST = next(dump for dump in FROZEN if dump.stem == "schema-1-first")


def thawed(dump: Path, path: Path) -> Path:
    """The database of a dump, in the mode in which the program left it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path)
    file.execute("PRAGMA auto_vacuum = INCREMENTAL")
    file.executescript(dump.read_text(encoding="utf-8"))
    file.execute("PRAGMA journal_mode = WAL")
    file.close()
    return path


def version(path: Path) -> int:
    file = sqlite3.connect(path)
    (found,) = file.execute("PRAGMA user_version").fetchone()
    file.close()
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
    assert {version_of(dump) for dump in FROZEN} >= set(range(1, 13))


def version_of(dump: Path) -> int:
    return int(dump.stem.split("-")[1])


@pytest.mark.fault("D10")
@pytest.mark.parametrize("dump", FROZEN, ids=lambda dump: dump.stem)
def test_a_database_of_an_earlier_program(dump: Path, path: Path) -> None:
    thawed(dump, path)
    done = upgrade(path)
    assert (done.before, done.after) == (version_of(dump), NEWEST)
    if done.before < NEWEST:
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


OLD = [dump for dump in FROZEN if version_of(dump) < 5]


@pytest.mark.parametrize("dump", OLD, ids=lambda dump: dump.stem)
def test_copies_of_its_texts_are_known_in_the_end(dump: Path, path: Path) -> None:
    """Programs up to schema 4 kept no words."""
    with Store.open(thawed(dump, path), migrate=True) as store:
        desk = Newsdesk(store, NOW + timedelta(hours=2))
        texts = {a.url: a.text for a in store.articles.list()}
        while store.catch_up_words(desk.now - timedelta(days=60)):
            pass
        assert store.session.value("SELECT count(*) FROM sketch") == len(texts) + 1
        cut = " ".join(texts["https://ferry.example/b"].split()[:30])
        copy = desk.publish("https://pier.example/b", cut, outlet="pier")
        assert copy.outcome is Outcome.DUPLICATE
        article = store.articles.get(copy.article_id or 0)
        assert article is not None
        assert article.story == 2  # whose copy in the hills is of that story too
        desk.publish("https://pier.example/c", words("bridge"), outlet="pier")
        assert not store.catch_up_words(desk.now - timedelta(days=60))
    audit(path)


def test_old_texts_are_left_out_and_a_kill_costs_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = OLD[-1]
    monkeypatch.setattr(catching_up, "STRETCH", 3)
    monkeypatch.setattr(catching_up, "TEXTS", 2)
    with Store.open(thawed(dump, path), migrate=True) as store:
        while store.catch_up_words(NOW + timedelta(days=1)):
            pass
        assert store.session.value("SELECT count(*) FROM sketch") == 0
    path.unlink()
    with Store.open(thawed(dump, path), migrate=True) as store:
        with suppress(ZeroDivisionError), store.write():
            assert store.catch_up_words(NOW - timedelta(days=60))
            raise ZeroDivisionError
        counts = [store.session.value("SELECT count(*) FROM sketch")]
        while store.catch_up_words(NOW - timedelta(days=60)):
            counts.append(store.session.value("SELECT count(*) FROM sketch"))
        assert counts == [0, 2, 4]


def killed_in(step: int, path: Path) -> int:
    """Bring the file up in a process that dies at the end of a step; how it ended."""
    child = os.fork()
    if child == 0:
        steps = list(schema.MIGRATIONS)

        def die(db: Database) -> None:
            schema.MIGRATIONS[step](db)
            os.kill(os.getpid(), signal.SIGKILL)

        steps[step] = die
        connection.MIGRATIONS = tuple(steps)
        try:
            Store.open(path, migrate=True)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.fault("D10")
@pytest.mark.parametrize("step", range(version_of(OLDEST), NEWEST))
def test_each_step_killed_once(path: Path, step: int) -> None:
    thawed(OLDEST, path)
    assert killed_in(step, path) == -signal.SIGKILL
    assert version(path) == step  # the steps before are whole, this one is not there
    assert upgrade(path).before == step
    first = path.with_name(f"{path.name}.schema-{version_of(OLDEST)}")
    assert version(first) == version_of(OLDEST)
    audit(path)


def test_the_newest_is_left_alone(path: Path) -> None:
    Store.open(path, create=True).close()
    done = upgrade(path)
    assert (done.before, done.after, done.backup) == (NEWEST, NEWEST, None)


@pytest.mark.fault("D9")
def test_a_newer_schema_is_refused_with_both_numbers(path: Path) -> None:
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish("https://ferry.example/a", words("ferry"))
    set_version(path, NEWEST + 1)
    before = path.read_bytes()
    told = rf"database schema {NEWEST + 1}, this program knows {NEWEST}"
    for terms in ({}, {"create": True, "migrate": True}, {"older": True}):
        with pytest.raises(StoreError, match=told) as refusal:
            Store.open(path, **terms)
        assert refusal.value.exit_code == 74
    assert path.read_bytes() == before
    set_version(path, NEWEST)
    audit(path)


def set_version(path: Path, number: int) -> None:
    file = sqlite3.connect(path)
    file.execute(f"PRAGMA user_version = {number}")
    file.close()


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
