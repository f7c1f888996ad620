"""`from presswatch import messages`: taken, held, settled, stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from queued import database, queue, stats

from pipelines.store import Store
from presswatch import Reject, StoreError, messages
from service.holding import Consumer, Fate, Keeper, Terms, fate

DOCUMENT = (Path(__file__).parents[2] / "docs" / "queue.md").read_text(encoding="utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return database(tmp_path / "presswatch.db", "a", "b", "c")


def test_a_loop_settles_what_it_has_worked_on(path: Path) -> None:
    seen = [message.article["url"][-1] for message in messages(path, wait=False)]
    assert seen == ["a", "b", "c"]
    assert (stats(path).done, stats(path).waiting) == (3, 0)


def test_what_a_message_says(path: Path) -> None:
    for message in messages(path, wait=False):
        assert (message.id, message.attempt, message.kind) == ("a", 1, "new")
        assert message.supersedes is None
        assert message.article["title"] == "Ferry a"
        assert message.article["also_at"] == []
        break


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(ValueError("no such model"), "delayed", id="an error"),
        pytest.param(Reject("no text"), "dead", id="rejected"),
        pytest.param(None, "done", id="none"),
    ],
)
def test_an_exception_settles_its_message_and_the_loop_goes_on(
    path: Path, error: Exception | None, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen = []
    for message in messages(path, wait=False):
        with message:
            seen.append(message.id)
            if message.id == "b" and error is not None:
                raise error
    assert seen == ["a", "b", "c"]
    found = stats(path)
    counts = {"done": found.done, "delayed": found.delayed, "dead": found.dead}
    assert counts == {"done": 2, "delayed": 0, "dead": 0} | {
        state: 1 + 2 * (state == "done")
    }
    assert ("no such model" in caplog.text) == (state == "delayed")


def test_the_reason_is_kept(path: Path) -> None:
    for message in messages(path, wait=False):
        with message:
            raise Reject("in a language we do not read")
    with Store.open(path) as store:
        reasons = {letter.last_error for letter in store.queue.dead()}
    assert reasons == {"in a language we do not read"}


def test_a_loop_that_is_left_gives_its_message_back(path: Path) -> None:
    def work() -> None:
        for _ in messages(path, wait=False):
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        work()
    # The one in hand has failed; those taken ahead were never begun.
    assert (stats(path).delayed, stats(path).ready) == (1, 2)
    attempts = [message.attempt for message in messages(path, wait=False)]
    assert attempts == [1, 1]


def test_settled_by_hand(path: Path) -> None:
    for message in messages(path, wait=False):
        if message.id == "a":
            message.fail("later")
        elif message.id == "b":
            message.fail("never", permanent=True)
            message.ack()  # too late: it is settled
        else:
            message.ack()
            break
    found = stats(path)
    assert (found.delayed, found.dead, found.done) == (1, 1, 1)


def test_a_message_that_was_lost_is_no_error(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for message in messages(path, wait=False, limit=1, lease=timedelta(seconds=30)):
        if message.id == "a" and message.attempt == 1:
            with Store.open(path) as store:  # as if the lease had run out long ago
                store.session.db.execute(
                    "UPDATE delivery SET token = 'another''s' WHERE state = 'leased'"
                )
    assert "does not hold message a" in caplog.text
    assert stats(path).done == 2


def test_no_database_to_use(tmp_path: Path) -> None:
    (tmp_path / "file.db").write_text("no database")
    with pytest.raises(StoreError, match="not an SQLite database"):
        next(messages(tmp_path / "file.db"))
    with pytest.raises(StoreError, match="no subscription 'berlin'"):
        next(messages(database(tmp_path / "new.db"), subscription="berlin"))
    with pytest.raises(StoreError, match="no Presswatch database"):
        next(messages(tmp_path / "absent.db"))


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        pytest.param({"lease": "5"}, "has no unit", id="no unit"),
        pytest.param({"lease": "0s"}, "more than nothing", id="no time"),
        pytest.param({"limit": 0}, "more than nothing", id="none"),
    ],
)
def test_terms_that_make_no_sense(
    path: Path, terms: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        next(messages(path, **terms))  # type: ignore[arg-type]


def test_the_database_of_the_config(path: Path, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.yaml").write_text(f"database: {path}\n")
    assert len(list(messages(config=tmp_path / "config", wait=False))) == 3


def test_what_an_exception_means() -> None:
    assert fate(None) == (Fate.ACK, "")
    assert fate(KeyError("x")) == (Fate.FAIL, "KeyError: 'x'")
    assert fate(Reject()) == (Fate.REJECT, "rejected")
    assert fate(SystemExit(1))[0] is Fate.RELEASE


class Clock:
    """A clock to set."""

    def __init__(self) -> None:
        from datetime import UTC, datetime

        self.now = datetime.now(UTC)

    def __call__(self):  # type: ignore[no-untyped-def]
        return self.now


def test_leases_are_extended_while_the_body_runs(path: Path) -> None:
    clock = Clock()
    terms = Terms(path, limit=2, lease=timedelta(minutes=5))
    with Consumer(terms, clock) as consumer, Store.open(path) as other:
        in_hand = consumer.take()
        assert in_hand is not None
        for _ in range(3):
            clock.now += timedelta(minutes=4)
            consumer.keeper.extend(other)
        (left,) = other.queue.lease(limit=9, duration=terms.lease, now=clock.now)
        assert left.id == "c"
        assert consumer.settle(in_hand, Fate.ACK)


def test_a_body_that_never_ends_is_not_held_for_ever(path: Path) -> None:
    clock = Clock()
    terms = Terms(path, limit=1, at_most=timedelta(minutes=8))
    with Consumer(terms, clock) as consumer, Store.open(path) as other:
        in_hand = consumer.take()
        for _ in range(4):
            clock.now += timedelta(minutes=4)
            consumer.keeper.extend(other)
        again = other.queue.lease(duration=terms.lease, now=clock.now)
        assert [(m.id, m.attempt) for m in again] == [("a", 2)]
        assert in_hand is not None
        assert not consumer.settle(in_hand, Fate.ACK)


def test_the_thread_extends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extended = threading.Event()
    monkeypatch.setattr(Keeper, "extend", lambda self, store: extended.set())
    for _ in messages(path, wait=False, limit=1, lease="30ms"):
        assert extended.wait(30)
        break


STOPPED = """
import sys, time
from presswatch import messages

for message in messages(sys.argv[1], limit=2):
    with message:
        print(message.id, flush=True)
        sys.stdin.readline()
        print("worked", flush=True)
print("ended", flush=True)
"""

STOPPED_ASYNC = """
import asyncio, sys
from presswatch import messages_async

async def main():
    async for message in messages_async(sys.argv[1], limit=2):
        async with message:
            print(message.id, flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            print("worked", flush=True)
    print("ended", flush=True)

asyncio.run(main())
"""


def started(code: str, path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "a\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "code", [pytest.param(STOPPED, id="sync"), pytest.param(STOPPED_ASYNC, id="async")]
)
def test_a_signal_ends_the_loop_after_the_body(
    path: Path, code: str, number: signal.Signals
) -> None:
    process = started(code, path)
    process.send_signal(number)
    time.sleep(0.2)  # it arrives while the body waits for its line
    rest, _ = process.communicate("\n", timeout=60)
    assert (rest, process.returncode) == ("worked\nended\n", 0)
    # The other one was taken ahead: given back as if never taken.
    assert (stats(path).done, stats(path).ready, stats(path).leased) == (1, 2, 0)
    assert [message.attempt for message in messages(path, wait=False)] == [1, 1]


def test_a_second_signal_ends_the_program(path: Path) -> None:
    process = started(STOPPED, path)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert process.wait(60) == -signal.SIGTERM
    process.communicate()
    assert stats(path).leased == 2


def test_an_idle_loop_ends_at_once(tmp_path: Path) -> None:
    path = database(tmp_path / "presswatch.db", "a")
    process = started(STOPPED, path)
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout is not None
    assert process.stdout.readline() == "worked\n"
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    assert (rest, process.returncode) == ("ended\n", 0)


def test_the_programs_own_handlers_come_back(path: Path) -> None:
    called = []
    before = signal.signal(signal.SIGTERM, lambda *_: called.append("own"))
    try:
        for _ in messages(path):
            os.kill(os.getpid(), signal.SIGTERM)
        assert called == ["own"]
        os.kill(os.getpid(), signal.SIGTERM)
        assert called == ["own", "own"]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_in_a_thread_of_its_own(path: Path) -> None:
    seen: list[str] = []

    def work() -> None:
        seen.extend(message.id for message in messages(path, wait=False))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert seen == ["a", "b", "c"]


def test_it_waits_for_what_comes(path: Path) -> None:
    seen = []
    with Store.open(path) as store:
        for message in messages(path):
            seen.append(message.id)
            if message.id == "c":
                queue(store, ["d"])
            if message.id == "d":
                message.ack()
                break
    assert seen == ["a", "b", "c", "d"]


def test_it_starts_without_what_it_does_not_use() -> None:
    heavy = ("scrapy", "trafilatura", "pydantic", "lxml", "twisted", "langdetect")
    script = (
        "import sys; from presswatch import messages;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (printed.stdout, printed.stderr) == ("[]\n", "")


def of_document(words: str) -> str:
    """The example of docs/queue.md that has these words."""
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    (found,) = [block for block in blocks if words in block]
    return found


@pytest.mark.parametrize("words", ["import messages\n", "import messages_async"])
def test_the_example_of_the_document(path: Path, words: str) -> None:
    assert path.name == "presswatch.db"
    directory = path.parent / "run"
    directory.mkdir()
    (directory / "config").mkdir()  # which is no module of ours
    (directory / "data").symlink_to(path.parent)
    code = of_document(words)
    assert len([line for line in code.splitlines() if line.strip()]) <= 14
    code = re.sub(r"messages(_async)?\(\)", r"messages\1(wait=False)", code)
    for _ in range(2):  # the second finds nothing, and changes nothing
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=directory, timeout=60, check=True
        )
        assert done.returncode == 0
    import sqlite3

    facts = sqlite3.connect(directory / "facts.db")
    assert facts.execute("SELECT count(*) FROM fact").fetchone() == (3,)
    facts.close()
    assert stats(path).done == 3


def test_a_consumer_that_is_forgotten_holds_nothing(path: Path) -> None:
    consumer = Consumer(Terms(path))
    keeper = consumer.keeper
    consumer.take()
    del consumer
    assert keeper._ended.is_set()
    assert stats(path).leased == 3


def test_a_restored_backup_has_no_second_effect(path: Path) -> None:
    import shutil
    import sqlite3

    facts = sqlite3.connect(path.parent / "facts.db")
    facts.execute("CREATE TABLE fact (message TEXT PRIMARY KEY)")

    def consume() -> int:
        delivered = 0
        for message in messages(path, wait=False):
            with message, facts:
                delivered += 1
                facts.execute("INSERT OR IGNORE INTO fact VALUES (?)", [message.id])
        return delivered

    backup = path.with_name("backup.db")
    with Store.open(path) as store:
        store.backup(backup)
    assert consume() == 3
    for file in path.parent.glob("presswatch.db*"):
        file.unlink()
    shutil.copy(backup, path)
    with Store.open(path) as store:
        queue(store, ["a", "d"])  # found again, and new
    assert consume() == 4
    assert facts.execute("SELECT count(*) FROM fact").fetchone() == (4,)
    facts.close()


def test_a_database_that_stays_locked_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.store.session.PATIENCE", 0.0)
    with Store.open(path) as other:
        lock = other.write()
        lock.__enter__()
        tries = iter(range(9))

        def let_go(*_: object) -> None:
            if next(tries) == 2:
                lock.__exit__(None, None, None)

        monkeypatch.setattr("service.holding.log.warning", let_go)
        assert len(list(messages(path, wait=False))) == 3
    assert next(tries) >= 3
