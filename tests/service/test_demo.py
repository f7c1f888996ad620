"""The demo as a newcomer runs it: what it tells, how it ends, what it leaves."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from program import PROGRAM, records
from service.demo.client import Site
from service.demo.newsroom import OUTLETS, Outlet
from service.demo.program import Program
from service.demo.scenes import Clock, Curtain, Paper, Scenes, ShowError, Stage
from service.demo.show import EACH

pytestmark = pytest.mark.slow

#: Seconds after which a demo that does not end fails its test.
DEADLINE = 90
#: What was promised for Ctrl-C, in seconds, on a machine that is not busy.
PROMISED = 5


@dataclass(frozen=True)
class Shown:
    """A demo that has ended."""

    code: int
    text: str
    errors: str
    temporary: Path
    kept: Path

    @property
    def words(self) -> str:
        """Everything as one line, so that no line break is in the way."""
        return " ".join(self.text.split())


def surroundings(temporary: Path) -> dict[str, str]:
    temporary.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(temporary), "COLUMNS": "80"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The whole demo on a pipe, its files kept."""
    place = tmp_path_factory.mktemp("shown")
    done = subprocess.run(
        [PROGRAM, "demo", "--until-told", "--keep", place / "kept"],
        capture_output=True,
        encoding="utf-8",
        env=surroundings(place / "tmp"),
        timeout=DEADLINE,
    )
    return Shown(
        done.returncode, done.stdout, done.stderr, place / "tmp", place / "kept"
    )


def test_it_is_told_to_the_end(shown: Shown) -> None:
    assert (shown.code, shown.errors) == (0, ""), shown.text


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_every_newspaper_is_named_with_its_address(
    shown: Shown, outlet: Outlet
) -> None:
    address = re.escape(outlet.name) + r"\s+http://127\.0\.0\.1:\d+/$"
    assert re.search(address, shown.text, re.MULTILINE)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_its_articles_arrive_with_what_was_removed(
    shown: Shown, outlet: Outlet
) -> None:
    arrival = rf"^  {outlet.key} +{outlet.language} +\S.*\n    \d+ paragraphs kept;"
    found = re.findall(arrival + r" removed: \d+ ", shown.text, re.MULTILINE)
    assert len(found) >= 6


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("caption", id="a caption"),
        pytest.param("(teaser|related)", id="a teaser"),
        pytest.param("newsletter", id="a newsletter box"),
    ],
)
def test_an_article_is_shown_with_removed_parts_in_place(
    shown: Shown, reason: str
) -> None:
    assert re.search(rf"^- \[{reason}\] .+\n    \(.+\)$", shown.text, re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("this text is also carried by", id="the copy"),
        pytest.param("Old customs house to open its tower", id="the new article"),
        pytest.param("revision 2 of an article seen before", id="the revision"),
        pytest.param("+ The clinic on Tanner's Hill", id="what was added"),
        pytest.param("- A digger cut a cable", id="what was removed"),
        pytest.param("28 articles in", id="the figures"),
        pytest.param("1 done, 27 wait", id="the queue"),
        pytest.param("at most 1 at a time", id="politeness"),
    ],
)
def test_it_tells_of(shown: Shown, words: str) -> None:
    assert words in shown.words


def test_the_message_is_one_of_the_queue(shown: Shown) -> None:
    told = re.search(r"^  \{\n.*?^  \}$", shown.text, re.MULTILINE | re.DOTALL)
    assert told is not None
    message = json.loads(told[0])
    queued = records("queue", "export", "--since", 0, "--config", shown.kept)
    [same] = [one for one in queued if one["id"] == message["id"]]
    assert same["article"]["url"] == message["article"]["url"]
    assert same["article"]["text"].startswith(message["article"]["text"][:-3])
    assert same["attempt"] == 1


def test_kept_files_can_be_looked_into(shown: Shown) -> None:
    assert f"presswatch articles --config {shown.kept}" in shown.words
    assert len(records("articles", "--config", shown.kept, "--json")) == 28


def test_a_pipe_gets_plain_lines_of_80_columns(shown: Shown) -> None:
    assert "\x1b" not in shown.text
    long = [one for one in shown.text.splitlines() if len(one) > 80]
    assert [
        one for one in long if "://" not in one and str(shown.kept) not in one
    ] == []
    assert [one for one in shown.text.splitlines() if one != one.rstrip()] == []


def test_nobody_is_left_behind(shown: Shown) -> None:
    assert running_with(shown.kept) == []
    assert list(shown.temporary.iterdir()) == []
    for address in re.findall(r"http://127\.0\.0\.1:\d+", shown.text):
        assert not answers(address), address


# Ending


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo without an end whose program has begun to watch."""
    with subprocess.Popen(
        [PROGRAM, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=surroundings(tmp_path),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("number", "awaited"),
    [
        pytest.param(signal.SIGINT, "newspapers", id="Ctrl-C at the start"),
        pytest.param(signal.SIGINT, "kept;", id="Ctrl-C in the middle"),
        pytest.param(signal.SIGTERM, "kept;", id="SIGTERM"),
        pytest.param(signal.SIGHUP, "kept;", id="a closed terminal"),
    ],
)
def test_it_ends_when_told(
    begun: subprocess.Popen[str], tmp_path: Path, number: int, awaited: str
) -> None:
    assert begun.stdout is not None
    seen = next(line for line in begun.stdout if awaited in line)
    begun.send_signal(number)
    rest, errors = begun.communicate(timeout=2 * PROMISED)
    assert (begun.returncode, errors) == (0, "")
    assert seen
    assert "Everything has ended, and no file is left" in " ".join(rest.split())
    assert list(tmp_path.iterdir()) == []
    assert running_with(tmp_path) == []


def test_it_ends_after_a_set_time(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "demo", "--for", "1s", "--json"],
        capture_output=True,
        encoding="utf-8",
        env=surroundings(tmp_path),
        timeout=DEADLINE,
    )
    assert done.returncode == 0
    assert "small newspapers on this machine" in done.stderr
    (figures,) = map(json.loads, done.stdout.splitlines())
    assert {"articles", "revisions", "queued", "requests"} <= set(figures)
    assert list(tmp_path.iterdir()) == []


def test_the_program_ends_with_a_demo_that_was_killed(
    site: Site, tmp_path: Path
) -> None:
    config = site.config(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "service.demo.leash", "run", "--config", config],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert "watching 4 outlets" in process.stderr.readline()
        process.communicate(timeout=DEADLINE)  # closes its standard input


# What can go wrong


def test_an_occupied_directory_is_not_written_to(tmp_path: Path) -> None:
    tmp_path.joinpath("presswatch.yaml").write_text("user_agent: mine\n")
    done = subprocess.run(
        [PROGRAM, "demo", "--keep", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert f"--keep {tmp_path} is not empty; name a new directory" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["presswatch.yaml"]


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("")
    done = subprocess.run(
        [PROGRAM, "demo", "--keep", tmp_path / "file" / "below"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert f"--keep {tmp_path}/file/below: Not a directory" in done.stderr


def test_what_the_program_complains_of_is_shown(site: Site, tmp_path: Path) -> None:
    config = site.config(tmp_path, each=EACH, nonsense=1)
    written = io.StringIO()
    scenes = Scenes(Paper(Console(file=written, width=80)), Clock(threading.Event()))
    with Program(config) as program, pytest.raises(ShowError, match="with code 2"):
        scenes.perform(Stage(site, program, tmp_path / "none.db", ""), until_told=True)
    assert "nonsense" in written.getvalue()


def test_the_clock_ends_the_show() -> None:
    stop = threading.Event()
    clock = Clock(stop, timedelta(days=1))
    clock.wait(0)
    stop.set()
    with pytest.raises(Curtain):
        clock.wait(1)
    with pytest.raises(Curtain):
        Clock(threading.Event(), timedelta(0)).wait(0)


def running_with(place: Path) -> list[str]:
    """The processes that have the place in their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has just ended
        if str(place) in command:
            found.append(command)
    return found


def answers(address: str) -> bool:
    """Whether anybody listens there."""
    parts = urlsplit(address)
    with socket.socket() as client:
        return client.connect_ex((parts.hostname, parts.port)) == 0
