"""`articles`, `status`, `alerts`, `explain` on a real database, without a network."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from newsstand import COPY, FERRY_TEXT, LOST, NOW, STORY, WALLED, Newsstand, fill

from pipelines.store import DatabaseLock, Store
from service.cli import main


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "presswatch.db")
    return tmp_path / "presswatch.db"


class Cli:
    """Calls commands on one database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--database", str(self.path)])

    def text(self, *words: str) -> str:
        """What a command that succeeds prints for people."""
        result = self(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def lines(self, *words: str) -> list[dict[str, Any]]:
        """What a command that succeeds prints for programs."""
        text = self.text(*words, "--json")
        assert text.isascii()
        return [json.loads(line) for line in text.splitlines()]

    def one(self, *words: str) -> dict[str, Any]:
        """The one line it prints."""
        (line,) = self.lines(*words)
        return line


@pytest.fixture
def cli(path: Path) -> Cli:
    return Cli(path)


# articles


def test_articles_are_told_with_their_texts_latest_first(cli: Cli) -> None:
    story, copy = cli.lines("articles")
    assert (story["url"], story["revision"]) == (STORY, 2)
    assert story["outcome"] == "revision"
    assert story["text"].splitlines() == [*FERRY_TEXT, "It sails at noon."]
    assert (story["title"], story["authors"]) == ("Ferry runs", ["Ada Nord"])
    assert story["published"] == (NOW - timedelta(hours=2)).isoformat()
    assert story["first_seen"] == (NOW - timedelta(hours=3)).isoformat()
    assert (story["language"], story["outlet"]) == ("en", "ferry")
    assert story["copy_of"] is None
    assert (copy["url"], copy["outcome"]) == (COPY, "duplicate")
    assert copy["copy_of"]["url"] == STORY


def test_articles_for_people_say_what_each_is(cli: Cli) -> None:
    text = cli.text("articles")
    assert f"{STORY}  [revision 2]" in text
    assert f"{COPY}  [copy of ferry {STORY}]" in text
    assert FERRY_TEXT[0] not in text
    assert FERRY_TEXT[0] in cli.text("articles", "--text")


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        pytest.param(["--outlet", "hills"], [COPY], id="of one outlet"),
        pytest.param(["--limit", "1"], [STORY], id="the latest one"),
        pytest.param(["--since", "90m"], [STORY], id="stored since so long ago"),
        pytest.param(["--since", "2020-01-01"], [STORY, COPY], id="since a date"),
        pytest.param(["--since", "2999-01-01"], [], id="since a date to come"),
    ],
)
def test_articles_are_narrowed_down(
    cli: Cli, words: list[str], urls: list[str]
) -> None:
    assert [line["url"] for line in cli.lines("articles", *words)] == urls


def test_people_get_twenty_articles_and_programs_all(cli: Cli, path: Path) -> None:
    with Store.open(path) as store:
        stand = Newsstand(store)
        for n in range(25):
            stand.publish("ferry", f"https://ferry.example/{n}", (f"Story {n}.",))
    assert cli.text("articles").count("https://ferry.example/") == 20
    assert len(cli.lines("articles")) == 27
    assert len(cli.lines("articles", "--limit", "3")) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ["--outlet", "fery"], "no outlet 'fery'; it has: ferry, hills", id="outlet"
        ),
        pytest.param(["--since", "noon"], "nor a date such as 2026-11-01", id="since"),
        pytest.param(["--limit", "0"], "--limit", id="limit"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    cli: Cli, words: list[str], said: str
) -> None:
    result = cli("articles", *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_a_title_cannot_rewrite_the_screen(cli: Cli, path: Path) -> None:
    with Store.open(path) as store:
        title = "Fer\x1b[2Jry\x07 \u202egnorw\nin two lines"
        Newsstand(store).publish("ferry", f"{STORY}/x", ("A text.",), title)
    text = cli.text("articles", "--limit", "1")
    assert "Fer[2Jry gnorw in two lines" in text
    assert "\x1b" not in text


# alerts


def test_open_alerts_come_with_evidence_and_a_command(cli: Cli) -> None:
    alert = cli.one("alerts")
    assert alert["text"] == "hills: its feed fails"
    assert (alert["evidence"], alert["command"]) == ("HTTP 500", "presswatch try hills")
    assert alert["since"] == (NOW - timedelta(hours=1)).isoformat()
    assert alert["closed"] is None
    text = cli.text("alerts")
    assert "hills: its feed fails" in text
    assert "look closer: presswatch try hills" in text


def test_closed_alerts_are_shown_on_request(cli: Cli, path: Path) -> None:
    with Store.open(path) as store:
        store.alerts.close("source:hills", NOW)
    assert cli.lines("alerts") == []
    assert cli.text("alerts") == "no alerts\n"
    assert cli.one("alerts", "--all")["closed"] == NOW.isoformat()
    assert "closed" in cli.text("alerts", "--all")


# status


def test_status_counts_what_each_outlet_brought(cli: Cli) -> None:
    status = cli.one("status")
    ferry, hills = status["outlets"]
    assert (ferry["outlet"], ferry["articles"], ferry["articles_24h"]) == (
        "ferry",
        1,
        1,
    )
    assert ferry["last_ok"] == (NOW - timedelta(hours=3)).isoformat()
    assert ferry["failing"] == 0
    assert sum(ferry["urls"].values()) == 3
    assert hills["failing"] == 1
    (source,) = hills["sources"]
    assert (source["error"], source["failures"]) == ("HTTP 500: no page", 3)
    assert source["last_ok"] is None


def test_status_tells_of_queue_alerts_and_database(cli: Cli, path: Path) -> None:
    status = cli.one("status")
    (queue,) = status["queue"]
    assert (queue["subscription"], queue["ready"], queue["dead"]) == ("default", 2, 0)
    assert queue["oldest_ready_seconds"] >= 3 * 3600 - 1
    assert [alert["key"] for alert in status["alerts"]] == ["source:hills"]
    assert status["ok"] is False
    assert status["database"]["file"] == str(path)
    assert status["database"]["bytes"] >= path.stat().st_size > 0
    assert status["database"]["pages_bytes"] > 0


def test_status_is_ok_without_alerts(cli: Cli, path: Path) -> None:
    with Store.open(path) as store:
        store.alerts.close("source:hills", NOW)
    assert cli.one("status")["ok"] is True


def test_status_for_people_names_what_fails(cli: Cli) -> None:
    text = cli.text("status")
    assert "nothing is fetching" in text
    assert "feed https://hills.example/rss fails: HTTP 500: no page" in text
    assert "(new)" in text
    assert "2 ready" in text
    assert "1 open:" in text


def test_status_names_the_process_that_fetches(cli: Cli, path: Path) -> None:
    with DatabaseLock(path):
        status = cli.one("status")
        assert status["process"]["pid"] == os.getpid()
        assert f"process {os.getpid()} since" in cli.text("status")
    assert (status["running"], status["hangs"]) == (True, False)
    assert cli.one("status")["running"] is False


def test_a_killed_process_is_not_running(cli: Cli, path: Path) -> None:
    with DatabaseLock(path) as lock:
        name = lock.path.read_text()
    lock.path.write_text(name)  # what a killed one leaves behind
    assert cli.one("status")["running"] is False


def test_looking_does_not_keep_anybody_from_starting(cli: Cli, path: Path) -> None:
    with DatabaseLock(path) as lock:
        name = lock.path.read_text()
    lock.path.write_text(name)
    cli.one("status")
    with lock.path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if it were kept


def test_a_service_that_stopped_beating_hangs(cli: Cli, path: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with DatabaseLock(path) as lock, Store.open(path) as store:
        holder = json.loads(lock.path.read_text())
        lock.path.write_text(json.dumps(holder | {"since": long_ago.isoformat()}))
        store.meta.put("heartbeat", (long_ago + timedelta(minutes=1)).isoformat())
        status = cli.one("status")
        assert (status["running"], status["hangs"], status["ok"]) == (True, True, False)
        assert "it hangs" in cli.text("status")


# explain


def test_explain_tells_the_whole_story(cli: Cli) -> None:
    story = cli.one("explain", STORY)
    assert (story["outlet"], story["state"], story["known"]) == ("ferry", "done", True)
    assert story["listed"]["source"]["url"] == "https://ferry.example/rss"
    assert story["listed"]["first"] == (NOW - timedelta(hours=3)).isoformat()
    assert [a["outcome"] for a in story["attempts"]] == ["new", "revision"]
    first, second = story["revisions"]
    assert first["text"].splitlines() == list(FERRY_TEXT)
    assert first["published"]["source"] == "json-ld"
    assert (first["language"], first["declared_language"]) == ("en", "en-GB")
    assert (second["relation"], second["cleaner_version"]) == ("revision", "7")
    assert [carrier["url"] for carrier in story["also_at"]] == [COPY]
    assert [message["kind"] for message in story["messages"]] == ["new", "revision"]
    (delivery,) = story["messages"][0]["deliveries"]
    assert (delivery["subscription"], delivery["state"]) == ("default", "ready")


def test_explain_shows_what_was_removed_in_its_place(cli: Cli) -> None:
    blocks = cli.one("explain", STORY)["blocks"]
    assert [(block["at"], block["kept"]) for block in blocks] == [
        (0, True),
        (1, False),
        (2, True),
        (3, False),
        (4, True),
        (5, True),
    ]
    assert blocks[1] == {
        "at": 1,
        "kept": False,
        "reason": "caption",
        "evidence": "a figcaption",
        "text": "The ferry. Photo: Ada",
    }


def test_explain_for_people_marks_kept_and_removed(cli: Cli) -> None:
    lines = cli.text("explain", STORY).splitlines()
    start = lines.index("Text: 4 blocks kept, 2 removed")
    assert lines[start + 1 : start + 7] == [
        f"  {FERRY_TEXT[0]}",
        "- [caption] The ferry. Photo: Ada  (a figcaption)",
        f"  {FERRY_TEXT[1]}",
        "- [related] Read also: harbours  (a list of links)",
        f"  {FERRY_TEXT[2]}",
        "  It sails at noon.",
    ]
    text = "\n".join(lines)
    assert f"also at    hills {COPY}" in text
    assert "authors    Ada Nord  (json-ld)" in text
    assert "language   en  (declared en-GB)" in text
    assert "default: ready, 0 attempts" in text


def test_on_a_terminal_what_was_removed_is_red(path: Path) -> None:
    words = ["explain", STORY, "--database", str(path)]
    lines = CliRunner().invoke(main, words, color=True).stdout.splitlines()
    (removed,) = [line for line in lines if "The ferry. Photo: Ada" in line]
    assert removed.startswith("\x1b[31m- [caption] ")
    assert f"  {FERRY_TEXT[1]}\x1b[0m" in lines  # no colour, and an end to any


def test_explain_says_whose_copy_an_article_is(cli: Cli) -> None:
    story = cli.one("explain", COPY)
    assert story["copy_of"]["url"] == STORY
    assert story["also_at"] == []
    assert story["article"]["outcome"] == "duplicate"
    assert story["messages"] == []
    assert f"copy of    ferry {STORY}" in cli.text("explain", COPY)


def test_explain_shows_a_page_that_gave_no_article(cli: Cli) -> None:
    story = cli.one("explain", WALLED)
    assert story["article"] is None
    assert (story["outcome"], story["rejection"]["outcome"]) == ("wall", "wall")
    assert story["rejection"]["blocks"][1]["reason"] == "caption"
    text = cli.text("explain", WALLED)
    assert "Latest page: wall, a login stands before the text" in text
    assert "  Only the first sentence is free." in text


def test_explain_shows_attempts_that_brought_no_page(cli: Cli) -> None:
    story = cli.one("explain", LOST)
    assert story["page"] is None
    assert story["attempts"][0]["status"] == 404
    assert "gone        HTTP 404: not found" in cli.text("explain", LOST)


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(f"{STORY}?utm_source=rss&fbclid=x#top", id="tracked"),
        pytest.param(
            STORY.replace("https:", "HTTP:").replace("ferry.", "Ferry."), id="http"
        ),
        pytest.param(f"{STORY}/", id="trailing slash"),
        pytest.param(STORY.removeprefix("https://"), id="no scheme"),
        pytest.param(f"  {STORY}\n", id="blanks of a paste"),
    ],
)
def test_explain_knows_any_spelling(cli: Cli, link: str) -> None:
    assert cli.one("explain", link)["url"] == STORY


def test_an_unknown_url_is_said_to_be_unknown(cli: Cli) -> None:
    result = cli("explain", f"{STORY}-not", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "url": f"{STORY}-not",
        "known": False,
        "hint": f"presswatch try {STORY}-not",
    }
    assert "no source has listed it" in result.stderr
    assert cli("explain", f"{STORY}-not").stdout == ""


def test_explain_refuses_what_is_no_url(cli: Cli) -> None:
    result = cli("explain", "mailto://ada@ferry.example")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_looking_uses_no_network(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no network is to be used")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert cli.one("explain", STORY)["known"]
    assert cli.lines("articles")
    assert cli.one("status")["outlets"]
    assert cli.lines("alerts")


# the database


@pytest.mark.parametrize(
    "words",
    [["articles"], ["status"], ["alerts"], ["explain", STORY]],
    ids=lambda words: str(words[0]),
)
def test_a_missing_database_is_named_and_not_made(
    tmp_path: Path, words: list[str]
) -> None:
    missing = tmp_path / "none.db"
    result = Cli(missing)(*words)
    assert result.exit_code == 74
    assert str(missing) in result.stderr
    assert "presswatch once" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_nothing(cli: Cli, path: Path) -> None:
    before = path.read_bytes()
    for words in (["articles"], ["status"], ["alerts"], ["explain", STORY]):
        cli.text(*words)
    assert path.read_bytes() == before


def test_an_empty_database_is_told_of(tmp_path: Path) -> None:
    Store.open(tmp_path / "new.db", create=True).close()
    cli = Cli(tmp_path / "new.db")
    assert cli.lines("articles") == []
    status = cli.one("status")
    assert (status["ok"], status["outlets"]) == (True, [])
    assert "nothing is fetching" in cli.text("status")
