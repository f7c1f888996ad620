"""`presswatch outlets memory`, on a real database, without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from newsstand import FERRY, Newsstand

from pipelines.store import SourceSpec, Store
from service.cli import main

PROMOTION = "Sign up to the morning letter and have the news of the day by seven."
TOPICS = ("ferry", "council", "bakery", "wolf", "museum")


def body(topic: str) -> tuple[str, ...]:
    return (
        f"The {topic}keeper has closed the {topic} for the {topic}month.",
        f"Many {topic}lovers came by {topic}bus to see what a {topic}master does.",
        f"Nothing like {topic}work was ever seen; {topic}lovers praise the {topic}.",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in which a promotion stood in five articles and went from two."""
    path = tmp_path / "presswatch.db"
    with Store.open(path, create=True) as store:
        stand = Newsstand(store)
        store.frontier.sync_sources(
            [SourceSpec("ferry", "feed", f"{FERRY}/feed")], stand.now
        )
        for topic in TOPICS:
            text = (*body(topic), PROMOTION)
            stand.publish("ferry", f"{FERRY}/{topic}", text, f"About the {topic}")
    return path


def memory(path: Path, *words: str) -> Result:
    command = ["outlets", "memory", *words, "--database", str(path)]
    return CliRunner().invoke(main, [*command, "--config", str(path.parent)])


def blocks(path: Path, *words: str) -> list[dict[str, Any]]:
    result = memory(path, "ferry", *words, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_recurs_is_shown(path: Path) -> None:
    (block,) = blocks(path)
    assert (block["outlet"], block["text"]) == ("ferry", PROMOTION)
    assert (block["stories"], block["removals"], block["state"]) == (5, 2, "removed")
    shown = memory(path, "ferry").stdout
    assert "removed  in 5 stories since " in shown
    assert "taken out 2 times" in shown
    assert PROMOTION in shown


def test_it_can_be_revoked_and_restored(path: Path) -> None:
    number = str(blocks(path)[0]["id"])
    for _ in range(2):  # said twice, it means the same
        (block,) = blocks(path, "--revoke", number)
        assert (block["state"], block["revoked_at"] is not None) == ("revoked", True)
    (block,) = blocks(path, "--restore", number)
    assert (block["state"], block["revoked_at"]) == ("removed", None)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("hills",), 2, "there is no outlet 'hills'", id="no outlet"),
        pytest.param((), 2, "Missing argument 'KEY'", id="no key"),
        pytest.param(
            ("ferry", "--revoke", "9999"), 2, "has no block 9999", id="no block"
        ),
        pytest.param(
            ("ferry", "--revoke", "1", "--restore", "1"), 2, "exclude", id="both"
        ),
    ],
)
def test_mistakes_are_told(
    path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    result = memory(path, *words)
    assert result.exit_code == code
    assert said in result.stderr


def test_an_outlet_without_memory(path: Path) -> None:
    with Store.open(path) as store:
        Newsstand(store).fetch("hills", "https://hills.example/a")
    assert "nothing recurs in the articles of hills" in memory(path, "hills").stdout
    assert memory(path, "hills", "--json").stdout == ""
