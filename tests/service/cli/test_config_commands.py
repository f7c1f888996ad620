"""`check`, `outlets` and `show`, as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import sample_directory
from service.cli import main

SAMPLE = str(sample_directory())


def presswatch(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/a.yaml").write_text("sources:\n  - fed: x\nlanguage: no\n")
    (tmp_path / "presswatch.yaml").write_text("every: 5m\n")
    return tmp_path


def test_check_sums_up_a_valid_config() -> None:
    result = presswatch("check", "--config", SAMPLE)
    assert result.exit_code == 0
    assert f"{SAMPLE} is valid." in result.stdout
    assert "18 feed, 5 sitemap, 2 section" in result.stdout
    assert "user_agent: still has the example contact" in result.stderr


def test_check_as_json() -> None:
    result = presswatch("check", "--config", SAMPLE, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["valid"]
    assert found["problems"] == []
    assert found["sources"] == {"feed": 18, "sitemap": 5, "section": 2}
    assert found["languages"]["en"] == 8
    assert [warning["key"] for warning in found["warnings"]] == ["user_agent"]


def test_check_lists_every_problem(broken: Path) -> None:
    result = presswatch("check", "--config", str(broken))
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second, third, last = result.stderr.splitlines()
    assert first.startswith(f"{broken}/presswatch.yaml:1: every: unknown key; did")
    assert second.startswith(f"{broken}/outlets/a.yaml:2: sources[0].fed: unknown key")
    assert third.endswith('YAML reads no as false, not as text; write "no"')
    assert last == "3 problems"


def test_check_lists_every_problem_as_json(broken: Path) -> None:
    result = presswatch("check", "--config", str(broken), "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert not found["valid"]
    assert found["problems"][1] == {
        "file": f"{broken}/outlets/a.yaml",
        "line": 2,
        "key": "sources[0].fed",
        "message": "unknown key",
        "hint": 'did you mean "feed"?',
    }


def test_check_of_a_directory_that_is_not_there(tmp_path: Path) -> None:
    result = presswatch("check", "--config", str(tmp_path / "gone"))
    assert result.exit_code == 2
    assert "no such directory" in result.stderr
    assert "1 problem\n" in result.stderr


def test_outlets() -> None:
    result = presswatch("outlets", "--config", SAMPLE)
    assert result.exit_code == 0
    assert "tag24  TAG24 NEWS (en) https://www.tag24.com/" in result.stdout
    assert "  section  every 1h    https://www.tag24.com/world" in result.stdout


def test_options_before_a_command_of_outlets_are_its_own(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.db")
    shared = ["--config", SAMPLE, "--database", absent, "--json"]
    for words in (["outlets", *shared, "check"], ["outlets", "check", *shared]):
        result = presswatch(*words)
        assert result.exit_code == 74
        assert f"{absent}: there is no Presswatch database" in result.stderr


def test_outlets_as_json() -> None:
    result = presswatch("outlets", "--config", SAMPLE, "--json")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    found = {one["key"]: one for one in map(json.loads, result.stdout.splitlines())}
    assert found["el-pais"]["name"] == "El País"
    assert found["tag24"]["every"] == "10m"
    assert found["tag24"]["sources"][1] == {
        "kind": "sitemap",
        "url": "https://www.tag24.com/sitemap/myfresh/world",
        "every": "30m",
    }


@pytest.mark.parametrize("command", [["outlets"], ["show", "--effective", "a"]])
def test_a_broken_config_is_no_traceback(broken: Path, command: list[str]) -> None:
    result = presswatch(*command, "--config", str(broken))
    assert result.exit_code == 2
    assert "sources[0].fed: unknown key" in result.stderr
    assert "Traceback" not in result.stderr


def test_show_names_the_line_of_each_value() -> None:
    result = presswatch("show", "--effective", "tag24", "--config", SAMPLE)
    assert result.exit_code == 0
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert f"10m  # {SAMPLE}/outlets/tag24.yaml:" in lines["every"]
    assert lines["clean.min_characters"].endswith("null  # built-in")


def test_show_as_json() -> None:
    result = presswatch("show", "--effective", "bbc", "--config", SAMPLE, "--json")
    found = {one["key"]: one for one in map(json.loads, result.stdout.splitlines())}
    assert found["delay"]["value"] == "2s"
    assert found["delay"]["origin"].startswith(f"{SAMPLE}/presswatch.yaml:")
    assert found["articles.sites"]["value"] == ["bbc.co.uk"]


@pytest.mark.parametrize(
    ("key", "hint"), [("tag2", "did you mean tag24?"), ("zzz", "`presswatch outlets`")]
)
def test_show_of_an_unknown_outlet(key: str, hint: str) -> None:
    result = presswatch("show", "--effective", key, "--config", SAMPLE)
    assert result.exit_code == 2
    assert f"has no outlet {key!r}" in result.stderr
    assert hint in result.stderr
