"""Retry-After in all its spellings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers import retryafter

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="absent"),
        pytest.param("", None, id="empty"),
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 120 ", 120.0, id="spaces"),
        pytest.param("0", 0.0, id="zero"),
        pytest.param("-30", 0.0, id="negative"),
        pytest.param("1000000000", 1e9, id="absurd, clamped by the gate"),
        pytest.param("9" * 400, 999999999999.0, id="hundreds of digits"),
        pytest.param("Sun, 01 Mar 2026 12:10:00 GMT", 600.0, id="HTTP date"),
        pytest.param("Sun, 01 Mar 2026 11:10:00 GMT", 0.0, id="a date in the past"),
        pytest.param("Sun, 01 Mar 2026 13:10:00 +0100", 600.0, id="with a zone"),
        pytest.param("soon", None, id="junk"),
        pytest.param("Sun, 99 Mar 2026", None, id="broken date"),
    ],
)
def test_seconds(value: str | None, expected: float | None) -> None:
    assert retryafter.seconds(value, NOW) == expected
