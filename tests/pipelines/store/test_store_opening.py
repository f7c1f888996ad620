"""Files are created, opened, migrated, or refused with a reason."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from newsdesk import NOW, Newsdesk, words
from sqlite_utils import Database

from pipelines.store import Store, StoreBusy, StoreError, schema
from pipelines.store.driver import sqlite3

NEWEST = len(schema.MIGRATIONS)


def run(path: Path, *statements: str) -> None:
    """Change a file behind the store's back."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def made(path: Path) -> Path:
    """A database with an article in it."""
    with Store.open(path, create=True) as store:
        Newsdesk(store).publish("https://ferry.example/a", words("ferry"))
    return path


def test_a_new_file(store: Store, path: Path) -> None:
    assert path.exists()
    assert store.schema_version == len(schema.MIGRATIONS)
    pragmas = {
        name: store.session.value(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "auto_vacuum")
    }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "auto_vacuum": 2,
    }
    assert store.session.value("PRAGMA application_id") == schema.APPLICATION_ID
    assert store.damage() == []


def test_all_tables_are_strict(store: Store) -> None:
    tables = store.session.rows(
        "SELECT name, strict FROM pragma_table_list"
        " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    assert len(tables) > 10
    assert [row["name"] for row in tables if not row["strict"]] == []


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name may say" * 99)


def _another_programs(path: Path) -> None:
    run(path, "CREATE TABLE mail (id)")


def _another_id(path: Path) -> None:
    run(path, "PRAGMA application_id = 77", "CREATE TABLE mail (id)")


def _newer(path: Path) -> None:
    run(made(path), "PRAGMA user_version = 99")


def _a_directory(path: Path) -> None:
    path.mkdir()


def _cut_off(path: Path) -> None:
    made(path)
    path.write_bytes(path.read_bytes()[:5000])


def _empty(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        pytest.param(lambda path: None, "presswatch run", id="absent"),
        pytest.param(_empty, "no Presswatch database", id="empty"),
        pytest.param(_not_a_database, "not an SQLite database", id="no database"),
        pytest.param(_another_programs, "no Presswatch database", id="without id"),
        pytest.param(_another_id, "no Presswatch database", id="another id"),
        pytest.param(_newer, "schema 99, this program knows", id="newer"),
        pytest.param(_a_directory, "is a directory", id="directory"),
        pytest.param(os.mkfifo, "is no regular file", id="a pipe"),
        pytest.param(_cut_off, "corrupt", id="cut off"),
    ],
)
def test_refused_files(
    tmp_path: Path, prepare: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "presswatch.db"
    prepare(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=says) as refusal:
        Store.open(path)
    assert str(path) in str(refusal.value)
    assert refusal.value.exit_code == 74
    assert before == (path.read_bytes() if path.is_file() else None)


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(_not_a_database, id="no database"),
        pytest.param(_another_programs, id="without id"),
        pytest.param(_newer, id="newer"),
        pytest.param(_cut_off, id="cut off"),
    ],
)
def test_creating_never_overwrites(
    tmp_path: Path, prepare: Callable[[Path], None]
) -> None:
    path = tmp_path / "presswatch.db"
    prepare(path)
    with pytest.raises(StoreError):
        Store.open(path, create=True, migrate=True)


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="directory cannot be made"):
        Store.open(tmp_path / "file" / "below" / "presswatch.db", create=True)


def test_an_empty_file_left_by_a_crash_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "presswatch.db"
    path.touch()
    with Store.open(path, create=True) as store:
        assert store.schema_version == len(schema.MIGRATIONS)


def test_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "a b?mode=ro#%20.db"
    with Store.open(path, create=True) as store:
        store.meta.put("a", "b")
    assert path.exists()


def test_read_only(path: Path) -> None:
    made(path)
    with Store.open(path, read_only=True) as store:
        assert len(store.articles.list()) == 1
        with pytest.raises(StoreError, match="may not be written"):
            store.meta.put("a", "b")


def test_flipped_bytes_are_reported_when_they_are_met(path: Path) -> None:
    made(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    path.write_bytes(content)

    def use() -> None:
        with Store.open(path) as store:
            store.articles.list()
            store.queue.stats(NOW)

    with pytest.raises(StoreError, match=r"corrupt.*restore"):
        use()


def test_two_may_create_it_at_once(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from pipelines.store import Store;"
        "Store.open(Path(sys.argv[1]), create=True).close()"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(4)
    ]
    assert [process.wait(60) for process in running] == [0] * 4
    with Store.open(path) as store:
        assert [stats.subscription for stats in store.queue.stats(NOW)] == ["default"]


# Migrations


def add_colour(db: Database) -> None:
    db.conn.execute("ALTER TABLE article ADD COLUMN colour TEXT")


def break_off(db: Database) -> None:
    add_colour(db)
    raise RuntimeError("in the middle")


def orphan_articles(db: Database) -> None:
    db.conn.execute("DELETE FROM url")


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Appends migrations to the program's."""

    def append(*steps: schema.Migration) -> None:
        monkeypatch.setattr(
            "pipelines.store.connection.MIGRATIONS", (*schema.MIGRATIONS, *steps)
        )

    return append


def columns(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    names = [row[1] for row in connection.execute("PRAGMA table_info(article)")]
    connection.close()
    return names


def test_an_older_file_is_migrated_after_a_backup(
    path: Path, second: Callable[..., None]
) -> None:
    made(path)
    second(add_colour)
    with Store.open(path, migrate=True) as store:
        assert store.schema_version == NEWEST + 1
        assert len(store.articles.list()) == 1
    assert "colour" in columns(path)
    backup = path.with_name(f"presswatch.db.schema-{NEWEST}")
    assert "colour" not in columns(backup)


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_a_file_of_an_earlier_program_is_brought_up(
    path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = schema.MIGRATIONS[:version]
    monkeypatch.setattr("pipelines.store.connection.MIGRATIONS", steps)
    Store.open(path, create=True).close()
    run(path, "INSERT INTO meta (key, value) VALUES ('kept', 'yes')")
    monkeypatch.undo()
    with Store.open(path, migrate=True) as store:
        assert store.meta.get("kept") == "yes"
        Newsdesk(store).publish("https://ferry.example/a", words("ferry"))
        assert [row.made_by for row in store.articles.list()] == [None]
        assert store.damage() == []


def test_the_backup_is_a_database(
    path: Path, second: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(path)
    second(add_colour)
    Store.open(path, migrate=True).close()
    monkeypatch.undo()
    with Store.open(path.with_name(f"presswatch.db.schema-{NEWEST}")) as store:
        assert store.damage() == []
        assert len(store.articles.list()) == 1


def test_an_older_file_is_refused_without_leave(
    path: Path, second: Callable[..., None]
) -> None:
    made(path)
    second(add_colour)
    with pytest.raises(
        StoreError, match=rf"schema {NEWEST}, .* needs {NEWEST + 1}.*presswatch migrate"
    ):
        Store.open(path, create=True)
    assert "colour" not in columns(path)


def test_a_new_file_needs_no_backup(path: Path, second: Callable[..., None]) -> None:
    second(add_colour)
    Store.open(path, create=True).close()
    assert "colour" in columns(path)
    assert not list(path.parent.glob("*.schema-*"))


@pytest.mark.parametrize(
    ("step", "error"),
    [
        pytest.param(break_off, RuntimeError, id="fails"),
        pytest.param(orphan_articles, StoreError, id="leaves orphans"),
    ],
)
def test_a_migration_that_fails_changes_nothing(
    path: Path,
    second: Callable[..., None],
    step: schema.Migration,
    error: type[Exception],
) -> None:
    made(path)
    second(step)
    with pytest.raises(error):
        Store.open(path, migrate=True)
    second()
    with Store.open(path) as store:
        assert store.schema_version == NEWEST
        assert len(store.articles.list()) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.store import Store, connection, schema

def die(db):
    db.conn.execute("ALTER TABLE article ADD COLUMN colour TEXT")
    os.kill(os.getpid(), signal.SIGKILL)

def fine(db):
    db.conn.execute("ALTER TABLE article ADD COLUMN shade TEXT")

steps = {"first": (die, fine), "second": (fine, die), "none": (fine, fine)}
connection.MIGRATIONS = (*schema.MIGRATIONS, *steps[sys.argv[2]])
Store.open(Path(sys.argv[1]), migrate=True).close()
"""


@pytest.mark.parametrize(
    ("killed_in", "steps"),
    [pytest.param("first", 0, id="first"), pytest.param("second", 1, id="second")],
)
def test_a_migration_that_is_killed_is_whole_or_not_there(
    path: Path, killed_in: str, steps: int
) -> None:
    made(path)
    command = [sys.executable, "-c", KILLED, str(path), killed_in]
    assert subprocess.run(command, timeout=60).returncode == -9
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST + steps,)
    connection.close()
    assert "colour" not in columns(path)
    assert ("shade" in columns(path)) == (steps == 1)


def test_a_backup_is_not_left_half_made(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.with_name("copy.db.part").write_bytes(b"left by a crash")
    store.backup(target)
    assert not target.with_name("copy.db.part").exists()
    store.meta.put("later", "yes")
    store.backup(target)
    with Store.open(target) as copy:
        assert copy.meta.get("later") == "yes"


def test_a_backup_to_nowhere(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        store.backup(tmp_path / "nowhere" / "copy.db")


# Transactions


def test_an_exception_rolls_back(store: Store) -> None:
    def put_and_fail() -> None:
        with store.write():
            store.meta.put("a", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert store.meta.get("a") is None


def test_an_inner_transaction_rolls_back_alone(store: Store) -> None:
    def put_and_fail() -> None:
        with store.write():
            store.meta.put("inner", "1")
            raise ZeroDivisionError

    with store.write():
        store.meta.put("outer", "1")
        with pytest.raises(ZeroDivisionError):
            put_and_fail()
        store.meta.put("after", "1")
    assert [store.meta.get(key) for key in ("outer", "inner", "after")] == [
        "1",
        None,
        "1",
    ]


def test_a_locked_database_is_waited_for_and_then_given_up(
    store: Store, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.session.patience = 0.05
    with pytest.raises(StoreBusy, match="another program"):
        store.meta.put("a", "1")
    other.execute("ROLLBACK")
    other.close()
    store.meta.put("a", "1")
    assert store.meta.get("a") == "1"


def test_readers_are_not_kept_out_by_a_writer(store: Store, path: Path) -> None:
    with Store.open(path) as other, store.write():
        store.meta.put("a", "1")
        other.session.patience = 0
        assert other.meta.get("a") is None


def test_a_snapshot_does_not_change_underneath(store: Store, path: Path) -> None:
    with Store.open(path) as other:
        with other.snapshot():
            assert other.meta.get("a") is None
            store.meta.put("a", "1")
            assert other.meta.get("a") is None
        assert other.meta.get("a") == "1"


def test_a_full_database_says_so_and_recovers(store: Store) -> None:
    desk = Newsdesk(store)
    used = store.session.value("PRAGMA page_count")
    store.session.rows(f"PRAGMA max_page_count = {used + 8}")
    stored = 0

    def fill() -> None:
        nonlocal stored
        for number in range(1000):
            url = f"https://ferry.example/{number}"
            desk.publish(url, words(f"story {number}", 200))
            stored += 1

    with pytest.raises(StoreError, match=r"full.*free some space"):
        fill()
    (stats,) = store.queue.stats(NOW)
    assert stats.ready == len(store.articles.list(limit=1000)) == stored
    store.session.rows("PRAGMA max_page_count = 1000000")
    desk.publish("https://ferry.example/after", words("after"))
    assert store.damage() == []


def test_bugs_stay_raw(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        store.session.rows("SELECT * FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        db.conn.execute("INSERT INTO delivery (subscription, seq) VALUES ('x', 1)")


def test_the_driver_is_the_one_that_sqlite_utils_picks() -> None:
    from sqlite_utils.utils import sqlite3 as picked

    from pipelines.store import driver

    assert driver.sqlite3 is picked
