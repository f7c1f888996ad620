"""What operators say of backups and disk: sizes, times of day, the order of marks."""

from __future__ import annotations

from datetime import UTC, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config import sizes
from config.machine import Backup, Disk


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("7", 7),
        ("16MB", 16_000_000),
        ("1.5 gb", 1_500_000_000),
        ("20kB", 20_000),
        ("1TB", 10**12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert sizes.parse(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1MB", "1PB", "1e9", "much", "2000TB"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match=r"size such as|thousand terabytes"):
        sizes.parse(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_a_spelled_size_is_read_back(size: int) -> None:
    assert sizes.parse(sizes.spell(size)) == size


@pytest.mark.parametrize(
    ("said", "at"),
    [
        pytest.param("03:30", time(3, 30, tzinfo=UTC), id="text"),
        pytest.param(810, time(13, 30, tzinfo=UTC), id="as YAML reads 13:30"),
        pytest.param("0:05", time(0, 5, tzinfo=UTC), id="one digit"),
        pytest.param("never", None, id="never"),
        pytest.param(None, None, id="null"),
    ],
)
def test_times_of_day(said: object, at: time | None) -> None:
    assert Backup.model_validate({"at": said}).at == at


@pytest.mark.parametrize("said", ["24:00", "3", "03:3", "noon", 1440, -1, True, "a:10"])
def test_no_times_of_day(said: object) -> None:
    with pytest.raises(ValidationError, match="not a time of day"):
        Backup.model_validate({"at": said})


@pytest.mark.parametrize(
    ("section", "said", "complaint"),
    [
        (Backup, {"directory": " "}, "not the path of a directory"),
        (Backup, {"keep": {"daily": 0}}, "greater than or equal to 1"),
        (Disk, {"warn_below": "1GB", "pause_below": "2GB"}, "less than pause_below"),
        (Disk, {"reserve": True}, "size such as"),
        (Disk, {"network": "yes"}, "valid boolean"),
    ],
)
def test_refused(
    section: type[Backup | Disk], said: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        section.model_validate(said)


def test_the_home_directory_is_known() -> None:
    found = Backup.model_validate({"directory": "~/copies"}).directory
    assert found == Path.home() / "copies"
