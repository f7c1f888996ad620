"""`presswatch queue`, as other programs call it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines.article import Cleaned, Metadata, Paragraph, Reading
from pipelines.decide import Submission
from pipelines.store import Fetched, Store, SubscriptionSpec
from service.cli import main
from service.cli.queue import _arriving

HOST = "ferry.example"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "presswatch.db"


def publish(path: Path, *names: str) -> None:
    """Have articles in the database, their messages queued."""
    with Store.open(path, create=True) as store:
        for name in names:
            _publish(store, f"https://{HOST}/{name}", f"Ferry {name} “läuft” 🚢")


def _publish(store: Store, url: str, text: str) -> None:
    now = datetime.now(UTC)
    url_id = store.frontier.add_url("ferry", url, HOST, now)
    page_id = store.frontier.record_page(
        url_id, Fetched(url_id, now, url, url, 200, "text/html", {}, b"<p>")
    )
    cleaned = Cleaned("Ferry", (Paragraph(text, 0),), ())
    reading = Reading(cleaned, Metadata(), "de", "1")
    submission = Submission(url_id, page_id, "ferry", url, False, reading, now)
    store.articles.submit(submission, now)


class Cli:
    """Calls commands on one database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *words: str, stdin: str | None = None) -> Result:
        command = ["queue", *words, "--database", str(self.path)]
        return CliRunner().invoke(main, command, input=stdin)

    def lines(self, *words: str) -> list[dict[str, Any]]:
        """What a command that succeeds prints."""
        result = self(*words)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.isascii()
        return [json.loads(line) for line in result.stdout.splitlines()]

    def one(self, *words: str) -> dict[str, Any]:
        """The one line that a command prints."""
        (line,) = self.lines(*words)
        return line


@pytest.fixture
def cli(path: Path) -> Cli:
    publish(path, "a", "b", "c")
    return Cli(path)


def test_lease_work_ack(cli: Cli) -> None:
    message = cli.one("lease")
    assert list(message)[:4] == ["id", "token", "attempt", "kind"]
    assert (message["attempt"], message["kind"]) == (1, "new")
    assert message["article"] == {
        "url": f"https://{HOST}/a",
        "outlet": "ferry",
        "title": "Ferry",
        "authors": [],
        "published": None,
        "language": "de",
        "text": "Ferry a “läuft” 🚢",
        "partial": False,
        "text_from": "page",
        "revision": 1,
        "also_at": [],
    }
    for _ in range(2):
        assert cli.lines("ack", message["id"], message["token"]) == []
    assert cli.one("stats", "--json")["done"] == 1


def test_nothing_waiting_prints_nothing(path: Path) -> None:
    publish(path)
    result = Cli(path)("lease")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert path.exists()


def test_limit_and_subscription(cli: Cli) -> None:
    leased = cli.lines(
        "lease", "--limit", "2", "--for", "90s", "--subscription", "default", "--json"
    )
    assert [m["article"]["url"][-1] for m in leased] == ["a", "b"]
    assert len(cli.lines("lease", "--limit", "9")) == 1


def test_a_lease_of_no_length_is_over_at_once(cli: Cli) -> None:
    first = cli.one("lease", "--for", "0s")
    second = cli.one("lease")
    assert (second["id"], second["attempt"]) == (first["id"], 2)
    assert cli("ack", first["id"], first["token"]).exit_code == 1
    assert cli("ack", second["id"], second["token"]).exit_code == 0


def test_ack_from_standard_input(cli: Cli) -> None:
    leased = cli("lease", "--limit", "3").stdout
    result = cli("ack", "-", stdin=leased)
    assert (result.exit_code, result.output) == (0, "")
    again = cli("ack", "-", "--json", stdin=leased + "\nnonsense\n")
    ids = [json.loads(line)["id"] for line in leased.splitlines()]
    told = [json.loads(line) for line in again.stdout.splitlines()]
    assert told == [{"id": each, "state": "done"} for each in ids]
    assert (again.exit_code, again.stderr.count("line 5: ")) == (1, 1)
    assert cli.one("stats", "--json")["done"] == 3


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param("no json", "no JSON: Expecting value at column 1", id="no JSON"),
        pytest.param('{"id": "x"', "no JSON: Expecting ','", id="cut off"),
        pytest.param('{"id": "x"}', 'there is no "token"', id="no token"),
        pytest.param('{"token": "x"}', 'there is no "id"', id="no id"),
        pytest.param('{"id": "x", "token": "y"}', "no message 'x'", id="unknown"),
        pytest.param(
            r'{"id": "\ud800", "token": "y"}', "no message '\\ud800'", id="surrogate"
        ),
        pytest.param('{"id": 1, "token": 2}', '"id" must be a string, not 1', id="int"),
        pytest.param("[1]", 'not an object {"id", "token"}', id="a list"),
        pytest.param("9" * 5000, "no JSON that can be read", id="a long number"),
        pytest.param("[" * 100_000, "no JSON that can be read", id="deep"),
        pytest.param("\x00\udcff", "not UTF-8 (byte 2)", id="garbage"),
    ],
)
def test_bad_lines_are_named_and_the_others_settled(
    cli: Cli, bad: str, says: str
) -> None:
    first, second, _ = cli("lease", "--limit", "3").stdout.splitlines()
    stdin = f"\ufeff{first}\n{bad}\n{second}"
    runner_input = stdin.encode("utf-8", "surrogateescape")
    command = ["queue", "ack", "-", "--database", str(cli.path)]
    result = CliRunner().invoke(main, command, input=runner_input)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("standard input, line 2: ")
    assert says in result.stderr
    assert "Error" not in result.stderr
    assert cli.one("stats", "--json")["done"] == 2


def test_lines_are_settled_as_they_arrive() -> None:
    class Pipe(io.RawIOBase):
        """Gives what was written, write by write."""

        def __init__(self, *writes: bytes) -> None:
            self.writes = list(writes)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            chunk = self.writes.pop(0) if self.writes else b""
            buffer[: len(chunk)] = chunk
            return len(chunk)

    stream = io.BufferedReader(Pipe(b"one\ntw", b"o\nthree\nfo", b"ur"))
    assert list(_arriving(stream)) == [[b"one"], [b"two", b"three"], [b"four"]]


def test_fail_dead_redrive(cli: Cli) -> None:
    message = cli.one("lease")
    held = (message["id"], message["token"])
    failed = cli("fail", *held, "--reason", "no model")
    assert failed.exit_code == 0
    assert failed.stderr.startswith("comes again at 20")
    other = cli.one("lease")
    state = cli.one(
        "fail",
        other["id"],
        other["token"],
        "--reason",
        "bad",
        "--permanent",
        "--json",
    )
    assert state == {"id": other["id"], "state": "dead", "available_at": None}
    dead = cli.one("dead", "--json")
    assert (dead["id"], dead["last_error"]) == (other["id"], "bad")
    assert other["id"] in cli("dead").stdout
    assert cli("redrive").exit_code == 2
    assert cli.one("redrive", other["id"], "--json") == {"redriven": 1}
    assert cli.lines("dead") == []
    assert cli("redrive", other["id"]).exit_code == 1


def test_extend(cli: Cli) -> None:
    message = cli.one("lease", "--for", "0s")
    held = (message["id"], message["token"])
    assert cli("extend", *held, "--for", "1h").stderr.startswith("held until 20")
    assert len(cli.lines("lease", "--limit", "9")) == 2
    assert "lease_until" in cli.one("extend", *held, "--for", "1h", "--json")


def test_pause_and_resume(cli: Cli) -> None:
    assert cli("pause").exit_code == 0
    paused = cli("lease")
    assert (paused.exit_code, paused.stdout) == (0, "")
    assert "paused" in paused.stderr
    assert cli.one("stats", "--json")["paused"] is True
    assert cli.one("resume", "--json") == {"subscription": "default", "paused": False}
    assert len(cli.lines("lease")) == 1


def test_export(cli: Cli) -> None:
    messages = cli.lines("export")
    assert [m["article"]["url"][-1] for m in messages] == ["a", "b", "c"]
    assert "token" not in messages[0]
    leased = cli.one("lease")
    assert {**leased, "token": None} == {
        **{k: v for k, v in messages[0].items() if k not in ("seq", "queued_at")},
        "attempt": 1,
        "token": None,
    }
    rest = cli.lines("export", "--since", str(messages[0]["seq"]), "--json")
    assert rest == messages[1:]
    assert cli.lines("export", "--since", str(rest[-1]["seq"])) == []


def test_stats_for_people(cli: Cli) -> None:
    cli("lease")
    cli("pause")
    head, row = cli("stats").stdout.splitlines()
    columns = ["subscription", "ready", "delayed", "leased", "dead", "done"]
    assert head.split()[:6] == columns
    assert row.split()[:6] == ["default", "2", "0", "1", "0", "0"]
    assert row.endswith("s ago  paused")
    assert cli("stats", "--subscription", "nobody").exit_code == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["ack", "aa", "bb"], 1, "no message 'aa'", id="unknown message"),
        pytest.param(["ack", "aa"], 2, "TOKEN", id="no token"),
        pytest.param(
            ["lease", "--subscription", "x"], 2, "no subscription 'x'", id="unknown"
        ),
        pytest.param(["ack", "\udcff", "bb"], 1, "no message", id="no UTF-8"),
        pytest.param(["lease", "--for", "5"], 2, "has no unit", id="no unit"),
        pytest.param(["lease", "--for", "-5m"], 2, "--for", id="negative"),
        pytest.param(["lease", "--limit", "0"], 2, "--limit", id="none"),
        pytest.param(["fail", "aa", "bb"], 2, "--reason", id="no reason"),
        pytest.param(["redrive", "--all", "aa"], 2, "--all", id="some and all"),
        pytest.param(["export", "--since", "x"], 2, "--since", id="no number"),
    ],
)
def test_mistakes_are_named(cli: Cli, words: list[str], code: int, says: str) -> None:
    result = cli(*words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_stale_token_exits_1(cli: Cli) -> None:
    message = cli.one("lease")
    result = cli("ack", message["id"], "0" * 32)
    assert result.exit_code == 1
    assert "lease it again" in result.stderr


@pytest.mark.parametrize("words", ["stats", "dead", "export", "tail", "remove x"])
def test_what_looks_refuses_an_absent_database(tmp_path: Path, words: str) -> None:
    absent = Cli(tmp_path / "absent" / "typo.db")
    result = absent(*words.split())
    assert (result.exit_code, result.stdout) == (74, "")
    assert f"{absent.path}: there is no Presswatch database" in result.stderr
    assert "presswatch run" in result.stderr
    assert not absent.path.parent.exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("lease", 0, id="lease"),
        pytest.param("ack x y", 1, id="ack"),
        pytest.param("ack -", 0, id="ack of no lines"),
        pytest.param("fail x y --reason z", 1, id="fail"),
        pytest.param("extend x y --for 1m", 1, id="extend"),
        pytest.param("redrive --all", 0, id="redrive"),
        pytest.param("pause", 0, id="pause"),
        pytest.param("resume", 0, id="resume"),
    ],
)
def test_a_consumer_that_comes_first_makes_the_database_and_says_so(
    tmp_path: Path, words: str, code: int
) -> None:
    absent = Cli(tmp_path / "absent" / "first.db")
    told = f"presswatch: {absent.path}: an empty database was made"
    result = absent(*words.split())
    assert result.exit_code == code
    assert result.stderr.startswith(told)
    again = absent(*words.split())
    assert again.exit_code == code
    assert told not in again.stderr


def test_the_database_of_the_config(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    path = tmp_path / "named.db"
    (config / "presswatch.yaml").write_text(f"database: {path}\n")
    publish(path, "a")
    lease = ["queue", "lease", "--config", str(config)]
    assert len(CliRunner().invoke(main, lease).stdout.splitlines()) == 1
    lost = ["queue", "lease", "--config", str(tmp_path / "lost")]
    assert CliRunner().invoke(main, lost).exit_code == 2


def test_end_to_end_in_processes_of_their_own(cli: Cli) -> None:
    program = [sys.executable, "-m", "service.cli", "queue"]
    where = ["--database", str(cli.path)]
    leased = subprocess.run(
        [*program, "lease", "--limit", "2", *where], capture_output=True, timeout=60
    )
    assert (leased.returncode, leased.stderr) == (0, b"")
    settled = subprocess.run(
        [*program, "ack", "-", *where],
        input=leased.stdout,
        capture_output=True,
        timeout=60,
    )
    assert (settled.returncode, settled.stdout, settled.stderr) == (0, b"", b"")
    assert cli.one("stats", "--json")["done"] == 2


def test_it_starts_without_what_it_does_not_use() -> None:
    heavy = ("scrapy", "trafilatura", "pydantic", "asyncio", "lxml", "tldextract")
    heavy += ("sqlite_utils", "regex", "pipelines.similarity.relating")
    script = (
        "import sys, service.cli.queue;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert printed.stdout == "[]\n"


def test_tail_prints_what_comes(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = iter(("d", "e"))

    def publish_or_stop(_: float) -> None:
        name = next(pauses, None)
        if name is None:
            raise KeyboardInterrupt
        publish(cli.path, name)

    monkeypatch.setattr("service.cli.queue_reading.time.sleep", publish_or_stop)
    result = cli("tail")
    assert result.exit_code == 130
    urls = [json.loads(line)["article"]["url"] for line in result.stdout.splitlines()]
    assert [url[-1] for url in urls] == ["d", "e"]


def test_tail_begins_where_it_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.queue_reading.time.sleep", stop)
    monkeypatch.setattr("service.cli.queue_reading.TAIL_CHUNK", 1)
    for words, letters in (
        (["-n", "2"], "bc"),
        (["--last", "9"], "abc"),
        (["--since", "1"], "bc"),
        ([], ""),
    ):
        printed = cli("tail", *words).stdout.splitlines()
        assert "".join(json.loads(m)["article"]["url"][-1] for m in printed) == letters


def test_tail_waits_for_a_database_that_is_away(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = cli.path.with_name("away.db")
    steps = iter(("take", "wait", "give", "stop"))

    def step(_: float) -> None:
        match next(steps):
            case "take":
                cli.path.rename(away)
            case "give":
                away.rename(cli.path)
                publish(cli.path, "d")
            case "stop":
                raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.queue_reading.time.sleep", step)
    result = cli("tail", "-n", "1")
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    assert [message["article"]["url"][-1] for message in printed] == ["c", "d"]
    assert result.stderr.count("waiting") == 1


def test_a_closed_pipe_is_no_error(cli: Cli) -> None:
    command = f"{sys.executable} -m service.cli queue export --database {cli.path}"
    piped = subprocess.run(
        ["bash", "-c", f"{command} | true"], capture_output=True, timeout=60
    )
    assert (piped.stdout, piped.stderr) == (b"", b"")


def test_dead_messages_for_people_and_programs(cli: Cli) -> None:
    message = cli.one("lease")
    held = (message["id"], message["token"])
    cli("fail", *held, "--reason", "no model", "--permanent")
    (letter,) = cli.lines("dead", "--json")
    (ending,) = letter["history"]
    assert (ending["attempt"], ending["how"], ending["reason"]) == (
        1,
        "failed",
        "no model",
    )
    assert letter["queued_at"] <= ending["leased_at"] <= ending["ended_at"]
    first, second = cli("dead").stdout.splitlines()
    assert first.startswith(message["id"])
    assert second.endswith("attempt 1 failed: no model")


def test_remove(cli: Cli) -> None:
    in_use = cli("remove", "default")
    assert in_use.exit_code == 1
    assert "queue.subscriptions" in in_use.stderr
    with Store.open(cli.path) as store:
        now = datetime.now(UTC)
        store.queue.sync_subscriptions(
            [SubscriptionSpec("old", "{}", "beginning")], now
        )
        store.queue.sync_subscriptions([], now)
    assert len(cli.lines("lease", "--subscription", "old", "--limit", "9")) == 3
    assert cli.one("remove", "old", "--json") == {"subscription": "old", "unsettled": 3}
    assert cli("stats", "--subscription", "old").exit_code == 2
