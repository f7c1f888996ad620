"""A database of two outlets, and the API over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsstand import fill
from served import Served


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "presswatch.db"
    fill(path)
    return path


@pytest.fixture
def api(database: Path) -> Iterator[Served]:
    with Served(database) as served:
        yield served
