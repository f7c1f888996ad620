"""`presswatch relate` as other programs call it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from newsstand import COPY, FERRY_TEXT, STORY, fill

from service.cli import main
from service.relating import url_id

KEYS = {"id", "relation", "of", "story", "coverage", "coverage_of"}


def words(seed: str, count: int = 90) -> str:
    rng = random.Random(seed)  # noqa: S311 - text, no secret
    return " ".join("".join(rng.choices("abdegiklmnorstu", k=6)) for _ in range(count))


def line(id_: Any, text: Any, outlet: str | None = "ferry", **more: Any) -> str:
    seen_at = "2026-03-02T12:00:00+00:00"
    told = {"id": id_, "outlet": outlet, "url": None, "seen_at": seen_at, "title": None}
    return json.dumps(told | {"text": text} | more)


def related(*lines: str, options: tuple[str, ...] = ("--json",)) -> Result:
    return CliRunner().invoke(
        main,
        ["relate", "--batch", "-", *options],
        input="\n".join(lines).encode(),
        catch_exceptions=False,
    )


def told(*lines: str) -> list[dict[str, Any]]:
    result = related(*lines)
    assert result.exit_code == 0, result.stderr
    return [json.loads(one) for one in result.stdout.splitlines()]


def test_every_line_has_its_result() -> None:
    wire, other = words("wire"), words("other")
    found = told(
        line("a", wire),
        line(2, f"{words('lead', 12)}\n{wire}", "pier"),
        line("é", other),
    )
    assert [set(one) for one in found] == [KEYS] * 3
    assert found[0] == {
        "id": "a",
        "relation": "new",
        "of": None,
        "story": "a",
        "coverage": 0.0,
        "coverage_of": 0.0,
    }
    assert (found[1]["id"], found[1]["relation"]) == (2, "same")
    assert (found[1]["of"], found[1]["story"]) == ("a", "a")
    assert found[1]["coverage"] == pytest.approx(90 / 102, abs=0.001)
    assert found[1]["coverage_of"] == 1.0
    assert (found[2]["relation"], found[2]["story"]) == ("new", "é")


def test_output_is_ascii() -> None:
    assert related(line("é", words("x"))).stdout.isascii()


def test_urls_are_compared_in_their_canonical_form() -> None:
    url = "https://ferry.example/a"
    old, new = words("old"), words("new")
    found = told(
        line(1, old, url=url),
        line(2, old, url=f"{url}?utm_source=x"),
        line(3, new, url=f"{url}#top"),
        line(4, new, url=""),
    )
    relations = [(one["relation"], one["of"], one["story"]) for one in found]
    assert relations == [
        ("new", None, 1),
        ("same", 1, 1),
        ("revision", 2, 1),
        ("same", 3, 1),
    ]


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        pytest.param("{", "line 2: no JSON", id="no JSON"),
        pytest.param("[" * 100_000, "line 2: no JSON", id="nested too deeply"),
        pytest.param("[1]", "line 2: not an object", id="no object"),
        pytest.param('{"text": "x"}', "line 2: id must be", id="no id"),
        pytest.param('{"id": [], "text": "x"}', "line 2: id must be", id="odd id"),
        pytest.param('{"id": 1}', "line 2: there is no text", id="no text"),
        pytest.param(line(1, 5), "line 2: text must be", id="text is a number"),
        pytest.param(line(1, "x", url=5), "line 2: url must be", id="odd url"),
        pytest.param(
            line(1, "x", seen_at="today"), "line 2: seen_at is no", id="odd time"
        ),
    ],
)
def test_a_broken_line_is_named_and_the_others_related(broken: str, cause: str) -> None:
    wire = words("wire")
    result = related(line("a", wire), broken, "", line("b", wire, "pier"))
    found = [json.loads(one) for one in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert cause in result.stderr
    assert "Traceback" not in result.stderr
    assert [one["relation"] for one in found] == ["new", None, "same"]
    assert cause in found[1]["error"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_lone_surrogates_are_taken(options: tuple[str, ...]) -> None:
    torn = '"a\\ud800"'
    odd = f'{{"id": {torn}, "outlet": {torn}, "url": {torn}, "text": {torn}}}'
    assert related(odd, odd, options=options).exit_code == 0


def test_for_a_reader() -> None:
    wire = words("wire")
    result = related(line("a", wire), line("b", wire, "pier"), options=())
    assert result.stdout.splitlines() == [
        "a  new",
        "b  same  of a  story a  100% of it, 100% of the other",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no batch"),
        pytest.param(["--batch", "missing.jsonl"], id="no such file"),
    ],
)
def test_usage(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, ["relate", *arguments])
    assert result.exit_code == 2


def test_an_absent_database_is_an_error(tmp_path: Path) -> None:
    database = tmp_path / "none.db"
    result = related(line(1, "x"), options=("--database", str(database)))
    assert result.exit_code == 74
    assert str(database) in result.stderr
    assert not database.exists()


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        pytest.param("http://a.example/x", "https://a.example/x", True, id="scheme"),
        pytest.param("https://a.example/x", "https://a.example/y", False, id="path"),
        pytest.param("no url", " no url ", True, id="what is no URL"),
    ],
)
def test_url_ids(url: str, other: str, same: bool) -> None:
    assert (url_id(url) == url_id(other)) is same
    assert url_id("") is url_id(" ") is url_id(None) is None


def test_the_texts_of_a_database_come_before(tmp_path: Path) -> None:
    database = tmp_path / "presswatch.db"
    fill(database)
    before = database.read_bytes()
    result = related(
        line("a", "\n".join(FERRY_TEXT), "pier"),
        line("b", words("other"), url=STORY),
        options=("--json", "--database", str(database)),
    )
    found = [json.loads(one) for one in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert found[0]["relation"] == "same"
    assert found[0]["of"] in (STORY, COPY)
    assert (found[1]["relation"], found[1]["of"]) == ("revision", STORY)
    assert database.read_bytes() == before
