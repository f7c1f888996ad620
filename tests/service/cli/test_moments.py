"""Points in time as operators write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.cli.moments import moment

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2h", NOW - timedelta(hours=2), id="so long ago"),
        pytest.param("0s", NOW, id="now"),
        pytest.param("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC), id="a day"),
        pytest.param(
            "2026-11-01T12:30", datetime(2026, 11, 1, 12, 30, tzinfo=UTC), id="a time"
        ),
        pytest.param(
            "2026-11-01T12:30+02:00",
            datetime(2026, 11, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))),
            id="a time with its zone",
        ),
    ],
)
def test_moments_are_read(text: str, at: datetime) -> None:
    assert moment(text, NOW) == at


@pytest.mark.parametrize("text", ["", "noon", "-2h", "2026-13-01", "15", "99999w"])
def test_other_words_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"nor a date such as 2026-11-01"):
        moment(text, NOW)
