"""The two rules that keep the packages apart: one direction, one door a library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: A package may import only itself and what stands to its left.
LAYERS = ("config", "pipelines", "crawlers", "service")

#: The only place, a module or a package, that imports a library.
DOORS = {
    "trafilatura": "pipelines/cleaning/extract.py",
    "langdetect": "pipelines/language.py",
    "apscheduler": "service/scheduler.py",
    "jinja2": "service/console/rendering.py",
    "redis": "service/push/stream.py",
    "uvicorn": "service/api/server.py",
    "sqlite_utils": "pipelines/store/",
    "sqlite3": "pipelines/store/",
    "pysqlite3": "pipelines/store/",
}

MODULES = sorted(
    path.relative_to(ROOT) for layer in LAYERS for path in (ROOT / layer).rglob("*.py")
)


def imported(source: str) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def against_the_direction(module: str, source: str) -> set[str]:
    """The packages that this module must not import, but does."""
    layer = module.partition("/")[0]
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    return set(imported(source)) & set(LAYERS) - set(allowed)


def past_the_door(module: str, source: str) -> set[str]:
    """The libraries that this module imports although it is not their door."""
    return {
        library
        for library in set(imported(source)) & DOORS.keys()
        if not module.startswith(DOORS[library])
    }


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_one_way(module: Path) -> None:
    wrong = against_the_direction(module.as_posix(), (ROOT / module).read_text())
    assert not wrong, f"{module} must not import {wrong}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_libraries_have_one_door(module: Path) -> None:
    wrong = past_the_door(module.as_posix(), (ROOT / module).read_text())
    assert not wrong, f"{wrong} may only be imported by {[DOORS[lib] for lib in wrong]}"


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        pytest.param("pipelines/x.py", "from service import y", {"service"}, id="up"),
        pytest.param("config/x.py", "import pipelines.y", {"pipelines"}, id="dotted"),
        pytest.param(
            "crawlers/x.py", "def f():\n    import service", {"service"}, id="in a body"
        ),
        pytest.param("service/x.py", "import config, crawlers", set(), id="down"),
        pytest.param("pipelines/x.py", "from . import service", set(), id="relative"),
    ],
)
def test_the_direction_is_seen(module: str, source: str, wrong: set[str]) -> None:
    assert against_the_direction(module, source) == wrong


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        pytest.param("service/x.py", "import sqlite3", {"sqlite3"}, id="no door"),
        pytest.param("pipelines/store/x.py", "import sqlite3", set(), id="a package"),
        pytest.param("pipelines/language.py", "import langdetect", set(), id="module"),
        pytest.param(
            "pipelines/x.py",
            "from trafilatura.core import y",
            {"trafilatura"},
            id="sub",
        ),
    ],
)
def test_a_second_door_is_seen(module: str, source: str, wrong: set[str]) -> None:
    assert past_the_door(module, source) == wrong
