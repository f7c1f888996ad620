"""The table of commands: what it lists, how fast it starts, how errors end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from newsstand import fill

from service import cli
from service.cli import COMMANDS, main
from service.cli.reference import commands, reference

ROOT = Path(__file__).parents[3]
ALL = [(context.command_path, command) for context, command in commands(main)]


class Mendable(Exception):
    """As ConfigError and StoreError are: for operators, with an exit code."""

    exit_code = 74


@click.command("raise")
@click.argument("kind")
def raise_(kind: str) -> None:
    """Raise what it is told to."""
    errors: dict[str, BaseException] = {
        "mendable": Mendable("data/presswatch.db: disk full; make room"),
        "usage": click.UsageError("no such outlet"),
        "interrupt": KeyboardInterrupt(),
        "bug": ValueError("a bug"),
    }
    raise errors[kind]


@pytest.fixture(scope="module")
def newsstand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("newsstand") / "presswatch.db"
    fill(path)
    return path


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "raise", f"{__name__}:raise_")


def test_only_commands_that_exist_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "later", "service.cli.not_written_yet:later")
    listed = CliRunner().invoke(main, ["--help"]).output
    assert "clean" in listed
    assert "later" not in listed
    result = CliRunner().invoke(main, ["later"])
    assert result.exit_code == 2
    assert "No such command 'later'" in result.output


def test_the_overview_has_every_command_once_and_in_one_line() -> None:
    told = [name for section in cli.SECTIONS.values() for name in section]
    assert sorted(told) == sorted(COMMANDS)
    lines = CliRunner().invoke(main, ["--help"]).output.splitlines()
    for section in cli.SECTIONS.values():
        for name, words in section.items():
            assert [line.split() for line in lines].count([name, *words.split()]) == 1


def test_the_version_is_printed() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.output.startswith("presswatch ")
    assert result.exit_code == 0


@pytest.mark.usefixtures("raising")
@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        pytest.param(
            "mendable", 74, "presswatch: data/presswatch.db: disk full", id="operator's"
        ),
        pytest.param("usage", 2, "Error: no such outlet", id="usage"),
        pytest.param("interrupt", 130, "", id="Ctrl-C"),
    ],
)
def test_errors_end_as_documented(kind: str, code: int, message: str) -> None:
    result = CliRunner().invoke(main, ["raise", kind])
    assert result.exit_code == code
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("raising")
def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ValueError, match="a bug"):
        CliRunner().invoke(main, ["raise", "bug"], catch_exceptions=False)


def test_a_closed_pipe_is_no_error() -> None:
    program = f"{sys.executable} -m service.cli.reference | head -c 1"
    ended = subprocess.run(
        ["sh", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("#", "")


@pytest.mark.parametrize("words", ["--help", "outlets --config config"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_results_that_cannot_be_written_are_an_error(
    words: str, unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "service.cli", *words.split()],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    told = "presswatch: standard output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (74, told)


@pytest.mark.parametrize(
    ("words", "code"),
    [("clean - - --json", 1), ("relate --batch - --json", 0), ("queue ack -", 0)],
)
def test_a_closed_input_is_an_empty_one(newsstand: Path, words: str, code: int) -> None:
    command = f"{sys.executable} -m service.cli {words} --database {newsstand} <&-"
    ended = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (code, "")
    assert ended.stdout.count('"error": "-: is empty"') == 2 * code


@pytest.mark.parametrize("command", ["--help", "queue"])
def test_starting_loads_nothing_heavy(command: str) -> None:
    program = (
        "import sys; from service.cli import main\n"
        f"main([{command!r}, '--help'], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    loaded = {name.split(".")[0] for name in ended.stderr.split()}
    heavy = {"scrapy", "twisted", "trafilatura", "langdetect", "lxml", "pydantic"}
    assert not loaded & heavy


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["onc"], 2, "Did you mean 'once'?", id="a misspelt command"),
        pytest.param(["queue", "leese"], 2, "No such command 'leese'", id="nested"),
        pytest.param(
            ["queue", "stats", "--subscription", "\udcff"],
            2,
            "is not UTF-8",
            id="bytes",
        ),
        pytest.param(["queue", "remove", "\udcff"], 2, "is not UTF-8", id="a name"),
        pytest.param(["requests", "--host", "\udcff"], 2, "is not UTF-8", id="a host"),
        pytest.param(["outlets", "memory", "\udcff"], 2, "is not UTF-8", id="a key"),
        pytest.param(["forget", "\udcff"], 2, "is not UTF-8", id="an outlet"),
        pytest.param(["queue", "export", "--since", "9" * 30], 0, "", id="far away"),
        pytest.param(["requests", "--days", "9" * 30], 0, "", id="many days"),
        pytest.param(["articles", "--limit", "9" * 30], 0, "", id="many articles"),
        pytest.param(
            ["outlets", "memory", "ferry", "--revoke", "9" * 30], 2, "no block", id="id"
        ),
        pytest.param(
            ["backup", "--to", "/proc/nowhere/x"], 74, "/proc/nowhere", id="no place"
        ),
    ],
)
def test_odd_words_are_answered(
    newsstand: Path, words: list[str], code: int, says: str
) -> None:
    result = CliRunner().invoke(main, [*words, "--database", str(newsstand)])
    assert result.exit_code == code, result.output
    assert says in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_place_that_cannot_be_written_is_named() -> None:
    result = CliRunner().invoke(main, ["init", "/proc/nowhere"])
    assert (result.exit_code, result.stdout) == (74, "")
    assert "/proc/nowhere" in result.stderr
    assert "check the path" in result.stderr


def test_every_entry_of_the_table_is_a_command() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        assert isinstance(main.get_command(context, name), click.Command)
    assert main.get_command(context, "no such command") is None


@pytest.mark.parametrize("command", [c for _, c in ALL], ids=[path for path, _ in ALL])
def test_every_command_explains_itself(command: click.Command) -> None:
    words = command.help or ""
    assert words.strip(), "no help"
    if not isinstance(command, click.Group):
        assert "Example" in words, "no example"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.name} has no help"


@pytest.mark.parametrize("command", [c for _, c in ALL], ids=[path for path, _ in ALL])
def test_every_command_takes_the_common_options(command: click.Command) -> None:
    if isinstance(command, click.Group) and not command.invoke_without_command:
        return
    taken = {name for parameter in command.params for name in parameter.opts}
    assert {"--config", "--database", "--json"} <= taken


def test_the_reference_is_current() -> None:
    page = ROOT / "docs" / "cli.md"
    assert page.read_text(encoding="utf-8") == reference(), "run `make docs`"


def test_the_reference_has_every_command() -> None:
    page = reference()
    for path, _ in ALL:
        assert f"# {path}\n" in page


def test_the_module_is_the_table() -> None:
    assert isinstance(cli.main, cli.Commands)
