"""Points in time as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.discovery.times import when

TEN = "2026-11-23T10:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Mon, 23 Nov 2026 10:00:00 GMT", TEN, id="RFC 822"),
        pytest.param("Mon,23 Nov 2026 10:00:00 GMT", TEN, id="no blank"),
        pytest.param("23 Nov 2026 10:00:00 GMT", TEN, id="no weekday"),
        pytest.param("Mo, 23 Nov 2026 10:00:00 GMT", TEN, id="foreign weekday"),
        pytest.param("Mon, 23 Nov 26 10:00 UT", TEN, id="two-digit year, no seconds"),
        pytest.param("Mon, 23 November 2026 10:00:00 Z", TEN, id="whole month"),
        pytest.param("Mon, 23-Nov-2026 10:00:00 GMT", TEN, id="hyphens"),
        pytest.param("Пн, 23 ноя 2026 13:00:00 +0300", TEN, id="Russian"),
        pytest.param("lun., 23 nov. 2026 11:00:00 +0100", TEN, id="French"),
        pytest.param("Mon, 23 Nov 2026 10:0:0 GMT", TEN, id="single digits"),
        pytest.param("  mon, 23 NOV 2026\n10:00:00 gmt ", TEN, id="case and blanks"),
        pytest.param("Mon, 23 Nov 2026 11:00:00 +0100", TEN, id="offset"),
        pytest.param("Mon, 23 Nov 2026 02:00:00 -0800 (PST)", TEN, id="comment"),
        pytest.param("Mon, 23 Nov 2026 12:00:00 GMT+2", TEN, id="GMT and offset"),
        pytest.param("Mon, 23 Nov 2026 12:00:00 GMT+02:00", TEN, id="and a colon"),
        pytest.param("Mon, 23 Nov 2026 05:00:00 EST", TEN, id="EST"),
        pytest.param("Mon, 23 Nov 2026 15:30:00 IST", TEN, id="half an hour"),
        pytest.param("Mon, 23 Nov 2026 10:00:00 XYZ", TEN, id="unknown zone"),
        pytest.param("Mon, 23 Nov 2026 10:00:00", TEN, id="no zone"),
        pytest.param("Mon, 23 Nov 2026 10:00:00 +9900", TEN, id="absurd offset"),
        pytest.param("Mon, 23 Nov 2026", "2026-11-23T00:00:00+00:00", id="RFC 822 day"),
        pytest.param("2026-11-23T10:00:00Z", TEN, id="ISO"),
        pytest.param("2026-11-23T10:00Z", TEN, id="ISO without seconds"),
        pytest.param("2026-11-23T10:00:00.123456Z", TEN, id="fraction"),
        pytest.param("2026-11-23T11:00:00+01:00", TEN, id="ISO offset"),
        pytest.param("2026-11-23T11:00:00+0100", TEN, id="ISO offset, no colon"),
        pytest.param("2026-11-23T05:00:00−05:00", TEN, id="minus sign"),
        pytest.param("2026-11-23 10:00:00", TEN, id="blank for T"),
        pytest.param("2026-11-23 10:00:00 +0000 UTC", TEN, id="Go's format"),
        pytest.param("20261123T100000Z", TEN, id="ISO basic"),
        pytest.param("2026-11-23", "2026-11-23T00:00:00+00:00", id="ISO day"),
        pytest.param("2026-11", "2026-11-01T00:00:00+00:00", id="ISO month"),
        pytest.param("1795428000", TEN, id="Unix time"),
        pytest.param("1795428000000", TEN, id="Unix time in milliseconds"),
        pytest.param(
            "Mon, 23 Nov 2026 24:00:00 GMT", "2026-11-24T00:00:00+00:00", id="24:00"
        ),
        pytest.param(
            "Mon, 23 Nov 2026 09:59:60 GMT", "2026-11-23T09:59:59+00:00", id="leap"
        ),
        pytest.param("01 Jan 1970 00:00 GMT", "1970-01-01T00:00:00+00:00", id="1970"),
        pytest.param("01 Jan 99 00:00 GMT", "1999-01-01T00:00:00+00:00", id="1999"),
    ],
)
def test_a_moment_is_read_in_utc(text: str, expected: str) -> None:
    assert when(text) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="empty"),
        pytest.param("yesterday", id="words"),
        pytest.param("23.11.2026", id="ambiguous order"),
        pytest.param("2026", id="year"),
        pytest.param("Mon, 31 Nov 2026 10:00:00 GMT", id="31 November"),
        pytest.param("2026-13-01", id="month 13"),
        pytest.param("2026-11-23T25:00:00Z", id="hour 25, which is not 24"),
        pytest.param("2026-11-23T10:61:00Z", id="minute 61"),
        pytest.param("0000-01-01", id="year 0"),
        pytest.param("9999-12-31T23:00:00-12:00", id="beyond the calendar"),
        pytest.param("0001-01-01T00:00:00+12:00", id="before the calendar"),
        pytest.param("23 de Novembro 2026", id="words between"),
        pytest.param("Mon, 23 Nox 2026 10:00:00 GMT", id="no month"),
        pytest.param("Mon, 23 De 2026 10:00:00 GMT", id="half a month"),
        pytest.param("2026-11-23x", id="text behind the day"),
    ],
)
def test_what_is_no_moment_is_none(text: str | None) -> None:
    assert when(text) is None


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_we_write_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert when(moment.isoformat()) == moment
    assert when(moment.strftime("%Y%m%dT%H%M%SZ")) == moment


@given(st.text(alphabet="0123456789-:T+ZGMTNov ,.", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = when(text)
    assert found is None or found.utcoffset() == UTC.utcoffset(None)
