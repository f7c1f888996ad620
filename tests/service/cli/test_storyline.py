"""`presswatch story` on a real database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from newsstand import COPY, STORY, fill

from service.cli import forget as forgetting_command
from service.cli import main


@pytest.fixture
def path(tmp_path: Path) -> Path:
    fill(tmp_path / "presswatch.db")
    return tmp_path / "presswatch.db"


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--database", str(path)])


def test_a_story_by_any_of_its_names(path: Path) -> None:
    by_url = json.loads(run(path, "story", STORY, "--json").stdout)
    assert [one["url"] for one in by_url["carriers"]] == [STORY, COPY]
    first, copy = by_url["carriers"]
    assert (first["lag"], first["of"], first["coverage"]) == (0, None, None)
    assert (copy["of"], copy["cut"], copy["extended"]) == (STORY, False, False)
    assert by_url["story"] == first["id"]
    assert by_url["best"]["text"].startswith("The ferry to Grey Island")
    assert by_url["related"] == []

    exported = run(path, "queue", "export").stdout.splitlines()
    messages = [json.loads(line) for line in exported]
    message = next(m for m in messages if m["article"]["url"] == STORY)
    for name in (COPY, str(copy["id"]), message["id"]):
        assert json.loads(run(path, "story", name, "--json").stdout) == by_url


def test_a_story_for_people(path: Path) -> None:
    told = run(path, "story", COPY, "--text").stdout
    assert "leads the story" in told
    assert f"whole: 100% of it is in {STORY}, 100% of that in it" in told
    assert "best       ferry" in told
    assert "The ferry to Grey Island runs again" in told


@pytest.mark.parametrize("name", ["99999", "0" * 32, "https://ferry.example/nothing"])
def test_an_unknown_story(path: Path, name: str) -> None:
    result = run(path, "story", name)
    assert result.exit_code == 1
    assert "there is no article" in result.stderr


def test_forgetting_asks_whoever_is_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(forgetting_command, "_somebody_there", lambda: True)
        asked = CliRunner().invoke(
            main, ["forget", STORY, "--database", str(path)], input="n\n"
        )
    assert (asked.exit_code, "for good?" in asked.stderr) == (1, True)
    assert json.loads(run(path, "story", STORY, "--json").stdout)["best"]["text"]
    done = json.loads(run(path, "forget", STORY, "--json").stdout)
    assert done["articles"] == 1  # a program is not asked


def test_forgetting(path: Path) -> None:
    done = json.loads(run(path, "forget", STORY, "--yes", "--json").stdout)
    assert (done["urls"], done["articles"]) == (1, 1)
    told = json.loads(run(path, "explain", STORY, "--json").stdout)
    assert (told["outcome"], told["article"]["text"]) == ("denied", "")
    gone = run(path, "story", STORY)
    assert (gone.exit_code, "there is no article" in gone.stderr) == (1, True)
    heir = json.loads(run(path, "story", COPY, "--json").stdout)
    assert [one["url"] for one in heir["carriers"]] == [COPY]
    outlet = run(path, "forget", "hills", "--yes")
    assert outlet.stdout.startswith("1 URLs forgotten: 1 articles")
    assert "as long as the config has hills" in outlet.stderr
    assert run(path, "forget", "https://ferry.example/none", "--yes").exit_code == 1
