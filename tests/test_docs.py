"""The documents speak of what is there: modules, pages and scripts by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PACKAGES = ("config", "pipelines", "crawlers", "service")


def named_modules(text: str) -> Iterator[tuple[str, str]]:
    """The folder and the name of each module in the tables of architecture.md."""
    folder = ""
    for line in text.splitlines():
        if heading := re.match(r"### (\w+)/|\| ([\w/]+)/ \|", line):
            folder = heading[1] or heading[2]
        elif line.startswith("| `"):
            cell, told = line.split(" | ", 1)
            inner = re.findall(r"`([\w/]+)/`", cell)
            yield from ((folder, name) for name in re.findall(r"`([\w/]+\.\w+)`", cell))
            within = f"{folder}/{inner[0]}" if inner else folder
            yield from ((within, name) for name in re.findall(r"`(\w+\.py)`", told))


def test_every_named_module_is_there() -> None:
    named = list(named_modules(ARCHITECTURE.read_text(encoding="utf-8")))
    assert len(named) > 100
    absent = [f"{a}/{name}" for a, name in named if not (ROOT / a / name).exists()]
    assert not absent


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_is_named(package: str) -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    folders = {path.parent.name for path in (ROOT / package).rglob("*.py")}
    absent = [name for name in folders if f"{name}/" not in text]
    assert not absent


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", text):
        if "://" not in link:
            assert (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_benchmarks_can_be_run(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"-m benchmarks\.([a-z_]+)", text):
        assert (ROOT / "benchmarks" / f"{name}.py").exists(), name


def test_every_benchmark_is_told() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z_]+)", text, flags=re.MULTILINE))
    known = {
        "feeds",
        "kills",
        "spellings",
        "queue_latency",
        "metadata",
        "cleaning",
        "flat_training",
    }
    assert known | {"spellings"} <= told


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("| `a.py`, `b.py` | x |", [("p", "a.py"), ("p", "b.py")], id="2"),
        pytest.param("| `in/` | over `c.py` |", [("p/in", "c.py")], id="in it"),
        pytest.param(
            "| `a.py` | over `c.py` |", [("p", "a.py"), ("p", "c.py")], id="b"
        ),
        pytest.param("prose on `gone.py`", [], id="prose"),
    ],
)
def test_named_modules(line: str, found: list[tuple[str, str]]) -> None:
    assert list(named_modules(f"### p/ — a package\n{line}")) == found
