"""YAML as values with lines; what is wrong in its form is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import tree

FILE = Path("x.yaml")


def parsed(text: str) -> tree.Tree:
    return tree.parse(text.encode(), FILE)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("a: 1\nb: [x, null]", {"a": 1, "b": ["x", None]}, id="plain"),
        pytest.param("a: no\non: yes", {"a": False, "on": True}, id="keys stay text"),
        pytest.param("1843: x\n~: y", {"1843": "x", "~": "y"}, id="odd keys too"),
        pytest.param("a: '5'\nb: 5m", {"a": "5", "b": "5m"}, id="quoted, with unit"),
        pytest.param("a: 2026-99-99", {"a": "2026-99-99"}, id="dates stay text"),
        pytest.param("a: 0x_", {"a": "0x_"}, id="a number that is none"),
        pytest.param("a: 1.5\nb: !!str 5", {"a": 1.5, "b": "5"}, id="float, tag"),
        pytest.param("a: ", {"a": None}, id="no value"),
        pytest.param("a: |\n  x\n  y\n", {"a": "x\ny\n"}, id="block"),
        pytest.param("\ufeffa: 1", {"a": 1}, id="byte order mark"),
        pytest.param("---\na: 1\n...\n", {"a": 1}, id="document marks"),
        pytest.param("- x", ["x"], id="a list"),
        pytest.param("", None, id="empty"),
        pytest.param("# nothing\n", None, id="comments only"),
    ],
)
def test_values(text: str, values: object) -> None:
    found = parsed(text)
    assert found.values == values
    assert found.problems == ()


def test_places_say_line_and_spelling() -> None:
    found = parsed("a: no\nb:\n  - x\n  - c: 012\n")
    assert found.places[("a",)] == tree.Place(1, "no")
    assert found.places[("b", 1, "c")] == tree.Place(4, "012")
    assert found.place(("b", 1, "gone", 7)).line == 4
    assert found.place(("gone",)).line == 1


@pytest.mark.parametrize(
    ("data", "line", "cause"),
    [
        pytest.param(b"a: [1\nb: 2\n", 2, "not valid YAML", id="open bracket"),
        pytest.param(b"a: 1\n\tb: 2\n", 2, "not with a tab", id="tab"),
        pytest.param(b"a: 1\nb: @x\n", 2, "in quotes", id="reserved character"),
        pytest.param(b"\na: b: c\n", 2, "in quotes", id="colon in a value"),
        pytest.param(b"a: 'x\n", 2, "not valid YAML", id="open quote"),
        pytest.param(b"a: 1\nb: \xff\n", 2, "not UTF-8: byte 0xff", id="Latin-1"),
        pytest.param("a: ö".encode("utf-16"), 1, "not UTF-8", id="UTF-16"),
        pytest.param(b"a: 1\nb: \x01\n", 2, "YAML forbids", id="control character"),
        pytest.param(b"a: 1\n---\nb: 2\n", 2, "second document", id="two documents"),
        pytest.param(b"a: 1\nb: *a\n", 2, "aliases", id="alias"),
        pytest.param(b"a: &a [*a]\n", 1, "aliases", id="alias to itself"),
        pytest.param(b"a: 1\nb: !x y\n", 2, 'tag "!x"', id="tag"),
        pytest.param(b"a: !!python/name:os.system\n", 1, "tag", id="Python tag"),
        pytest.param(b"a: 1\n? [b]\n: c\n", 2, "plain text", id="a list as key"),
        pytest.param(b"[" * 100_000, 1, "nested too deeply", id="brackets"),
        pytest.param(b"{a: " * 50_000, 1, "nested too deeply", id="braces"),
        pytest.param(b"%YAML 9.9\n---\na: 1", 1, "not valid YAML", id="YAML 9.9"),
        pytest.param(b"#" * (tree.LARGEST + 1), None, "larger than", id="huge"),
    ],
)
def test_broken_files(data: bytes, line: int | None, cause: str) -> None:
    found = tree.parse(data, FILE)
    (problem,) = found.problems
    assert found.values is None
    assert problem.line == line
    assert cause in str(problem)


def test_a_key_given_twice_is_a_problem() -> None:
    found = parsed("a: {x: 1}\nb: 2\na: {x: 3}\n")
    (problem,) = found.problems
    assert (problem.line, problem.key) == (3, "a")
    assert "first on line 1" in problem.message
    assert found.values == {"a": {"x": 3}, "b": 2}


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (problem,) = tree.read(tmp_path).problems
    assert "unreadable: Is a directory" in str(problem)
    (problem,) = tree.read(tmp_path / "gone.yaml").problems
    assert "unreadable: No such file" in str(problem)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_a_problem(data: bytes) -> None:
    found = tree.parse(data, FILE)
    assert found.values is None or not [p for p in found.problems if p.key is None]


MARKS = ["a", "no", "1", "~", ": ", "? ", "- ", ",", "[", "]", "{", "}", "'", '"', "|"]
BLANKS = ["\n", "  ", "\t", "---\n", "#", "&x ", "*x", "!y ", "<<", "%", "@", ">"]
PIECES = st.sampled_from(MARKS) | st.sampled_from(BLANKS)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_yaml_like_text_gives_a_tree_or_a_problem(text: str) -> None:
    found = parsed(text)
    for problem in found.problems:
        assert problem.line is not None
        assert 1 <= problem.line <= len(text.splitlines()) + 1
