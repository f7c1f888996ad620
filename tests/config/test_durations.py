"""Durations: what operators write, and back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config import durations


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        pytest.param("0s", timedelta(0), id="nothing"),
        pytest.param("90s", timedelta(seconds=90), id="seconds"),
        pytest.param("15m", timedelta(minutes=15), id="minutes"),
        pytest.param("2h", timedelta(hours=2), id="hours"),
        pytest.param("7d", timedelta(days=7), id="days"),
        pytest.param("1w", timedelta(days=7), id="weeks"),
        pytest.param("250ms", timedelta(milliseconds=250), id="milliseconds"),
        pytest.param("0.5s", timedelta(milliseconds=500), id="half a second"),
        pytest.param(" 5m ", timedelta(minutes=5), id="blanks around"),
    ],
)
def test_parse_reads(text: str, duration: timedelta) -> None:
    assert durations.parse(text) == duration


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param("15", "has no unit: 15s, 15m", id="no unit"),
        pytest.param("-5m", "cannot be negative", id="negative"),
        pytest.param("", "is not a duration", id="empty"),
        pytest.param("5 minutes", "is not a duration", id="words"),
        pytest.param("5M", "is not a duration", id="capital M might be months"),
        pytest.param("1h30m", "is not a duration", id="two units"),
        pytest.param("٥m", "is not a duration", id="digits of another script"),
        pytest.param("36526d", "longer than a hundred years", id="too long"),
        pytest.param("999999999999w", "longer than a hundred", id="would overflow"),
        pytest.param("1" * 5_000 + "s", "is not a duration", id="endless digits"),
    ],
)
def test_parse_refuses(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        durations.parse(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(0), "0s", id="nothing"),
        pytest.param(timedelta(seconds=60), "1m", id="the largest unit that fits"),
        pytest.param(timedelta(seconds=90), "90s", id="one unit only"),
        pytest.param(timedelta(days=180), "180d", id="days, not weeks"),
        pytest.param(timedelta(milliseconds=1500), "1500ms", id="milliseconds"),
        pytest.param(timedelta(microseconds=1), "0.000001s", id="less than that"),
    ],
)
def test_spell(duration: timedelta, text: str) -> None:
    assert durations.spell(duration) == text


@given(st.timedeltas(min_value=timedelta(0), max_value=durations.LONGEST))
@example(durations.LONGEST - timedelta(milliseconds=1))
@example(durations.LONGEST - timedelta(microseconds=1))
def test_what_is_spelled_reads_back(duration: timedelta) -> None:
    assert durations.parse(durations.spell(duration)) == duration


@given(st.text(max_size=12))
def test_parse_raises_nothing_but_value_error(text: str) -> None:
    with suppress(ValueError):
        assert durations.parse(text) >= timedelta(0)
