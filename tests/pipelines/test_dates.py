"""Dates as pages write them, and which of them is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article import Dated
from pipelines.dates import Stated, believable, choose, from_url, parse

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def hours(number: float) -> timezone:
    return timezone(timedelta(hours=number))


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        pytest.param(
            "2026-04-24T19:35:07+02:00",
            "2026-04-24T19:35:07+02:00",
            "second",
            id="ISO 8601",
        ),
        pytest.param(
            "2026-04-24T19:35:07.1234567Z",
            "2026-04-24T19:35:07.123456+00:00",
            "second",
            id="fraction",
        ),
        pytest.param(
            "2026-04-24 19:35 -0330",
            "2026-04-24T19:35:00-03:30",
            "minute",
            id="space and no colon",
        ),
        pytest.param(
            "20260424T193507Z",
            "2026-04-24T19:35:07+00:00",
            "second",
            id="basic format",
        ),
        pytest.param(
            "2026-04-24T19:35:07+02:00[Europe/Berlin]",
            "2026-04-24T19:35:07+02:00",
            "second",
            id="Java's zone",
        ),
        pytest.param(
            "2026/04/24 19:35 JST",
            "2026-04-24T19:35:00+09:00",
            "minute",
            id="zone by name",
        ),
        pytest.param(
            "2026-04-24T24:00:00Z",
            "2026-04-25T00:00:00+00:00",
            "day",
            id="the end of the day",
        ),
        pytest.param("2026-04-24", "2026-04-24T00:00:00", "day", id="a day"),
        pytest.param("20260424", "2026-04-24T00:00:00", "day", id="a compact day"),
        pytest.param("2026-8-5 9:05", "2026-08-05T09:05:00", "minute", id="one digit"),
        pytest.param(
            "Fri, 24 Apr 2026 19:35:07 GMT",
            "2026-04-24T19:35:07+00:00",
            "second",
            id="RFC 822",
        ),
        pytest.param(
            "24 Apr 26 19:35 +0530",
            "2026-04-24T19:35:00+05:30",
            "second",
            id="RFC 822 with a short year",
        ),
        pytest.param(
            "1777052107",
            "2026-04-24T17:35:07+00:00",
            "second",
            id="epoch seconds",
        ),
        pytest.param(
            "1777052107000",
            "2026-04-24T17:35:07+00:00",
            "second",
            id="epoch milliseconds",
        ),
        pytest.param(
            "April 24, 2026 7:35 PM EDT",
            "2026-04-24T19:35:00-04:00",
            "minute",
            id="American",
        ),
        pytest.param(
            "Published on Friday, April 24th, 2026 at 12 am",
            "2026-04-24T00:00:00",
            "day",
            id="midnight in words",
        ),
        pytest.param(
            "24. April 2026, 19.35 Uhr",
            "2026-04-24T19:35:00",
            "minute",
            id="German",
        ),
        pytest.param("24.04.2026", "2026-04-24T00:00:00", "day", id="German numbers"),
        pytest.param(
            "le 1er août 2026 à 9h05",
            "2026-08-01T09:05:00",
            "minute",
            id="French",
        ),
        pytest.param(
            "24 de abril de 2026 às 19h35",
            "2026-04-24T19:35:00",
            "minute",
            id="Portuguese",
        ),
        pytest.param("24 d'abril de 2026", "2026-04-24T00:00:00", "day", id="Catalan"),
        pytest.param(
            "24 kwietnia 2026, 19:35",
            "2026-04-24T19:35:00",
            "minute",
            id="Polish",
        ),
        pytest.param(
            "24 апреля 2026, 19:35",
            "2026-04-24T19:35:00",
            "minute",
            id="Russian",
        ),
        pytest.param(
            "2026. április 24., 19:35",
            "2026-04-24T19:35:00",
            "minute",
            id="Hungarian",
        ),
        pytest.param(
            "24 Nisan 2026 - 19:35",
            "2026-04-24T19:35:00",
            "minute",
            id="Turkish",
        ),
        pytest.param(
            "2026. gada 24. aprīlī", "2026-04-24T00:00:00", "day", id="Latvian"
        ),
        pytest.param("24 tháng 4, 2026", "2026-04-24T00:00:00", "day", id="Vietnamese"),
        pytest.param(
            "24 تشرين الثاني 2026", "2026-11-24T00:00:00", "day", id="two-word month"
        ),
        pytest.param("٢٤ أبريل ٢٠٢٦", "2026-04-24T00:00:00", "day", id="Arabic digits"),
        pytest.param(
            "2026年4月24日 午後7時35分",
            "2026-04-24T19:35:00",
            "minute",
            id="Japanese afternoon",
        ),
        pytest.param(
            "2026년 4월 24일 19:35",
            "2026-04-24T19:35:00",
            "minute",
            id="Korean",
        ),
        pytest.param("24 เมษายน 2569", "2026-04-24T00:00:00", "day", id="Thai era"),
        pytest.param(
            "4/24/2026", "2026-04-24T00:00:00", "day", id="month first, plainly"
        ),
        pytest.param(
            "24/4/2026", "2026-04-24T00:00:00", "day", id="day first, plainly"
        ),
        pytest.param("5/5/2026", "2026-05-05T00:00:00", "day", id="either way"),
    ],
)
def test_dates_are_read(text: str, at: str, precision: str) -> None:
    moment = parse(text)
    assert moment is not None
    assert (moment.at.isoformat(), moment.precision) == (at, precision)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("3 hours ago", id="relative"),
        pytest.param("2026-04-31", id="no such day"),
        pytest.param("2026-13-01", id="no such month"),
        pytest.param("24 Aprilschnee 2026", id="no month"),
        pytest.param("3/4/2026", id="March or April"),
        pytest.param("April 2026", id="a month"),
        pytest.param("12345678901234567890", id="a number"),
        pytest.param("Call 0800 2026 1204 now", id="a telephone"),
        pytest.param("x" * 5000 + " 24 April 2026", id="a text"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("at", "believed"),
    [
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), False, id="zero"),
        pytest.param(datetime(2099, 1, 1, tzinfo=UTC), False, id="far future"),
        pytest.param(NOW + timedelta(hours=25), False, id="after tomorrow"),
        pytest.param(NOW + timedelta(hours=23), True, id="a forgotten zone"),
        pytest.param(datetime(1998, 5, 1, tzinfo=UTC), True, id="an old page"),
    ],
)
def test_only_what_can_be_is_believed(at: datetime, believed: bool) -> None:
    assert believable(at, NOW) is believed


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([], None, id="nothing said"),
        pytest.param(
            [("json-ld", "soon"), ("meta", "")], None, id="nothing understood"
        ),
        pytest.param(
            [("json-ld", "2026-04-24T19:35:00Z"), ("meta", "2026-04-20T08:00:00Z")],
            Dated(datetime(2026, 4, 24, 19, 35, tzinfo=UTC), "json-ld"),
            id="the first wins",
        ),
        pytest.param(
            [("json-ld", "1970-01-01T00:00:00Z"), ("meta", "2026-04-20T08:00:00Z")],
            Dated(datetime(2026, 4, 20, 8, 0, tzinfo=UTC), "meta"),
            id="the first that is believed",
        ),
        pytest.param(
            [("json-ld", "2026-04-24"), ("time", "2026-04-24T19:35:00Z")],
            Dated(datetime(2026, 4, 24, 19, 35, tzinfo=UTC), "time"),
            id="the hour of the same day",
        ),
        pytest.param(
            [("json-ld", "2026-04-24"), ("time", "2026-06-01T19:35:00Z")],
            Dated(datetime(2026, 4, 24, tzinfo=UTC), "json-ld", "day"),
            id="not of another day",
        ),
        pytest.param(
            [("meta", "2026-04-24 19:35:00"), ("time", "2026-04-24T19:35:00+02:00")],
            Dated(datetime(2026, 4, 24, 19, 35, tzinfo=hours(2)), "meta"),
            id="the zone that is used elsewhere",
        ),
        pytest.param(
            [("meta", "2026-04-24 19:35:00")],
            Dated(datetime(2026, 4, 24, 19, 35, tzinfo=UTC), "meta"),
            id="no zone at all",
        ),
    ],
)
def test_one_statement_is_chosen(
    statements: list[tuple[str, str]], expected: Dated | None
) -> None:
    assert (
        choose([Stated(source, text) for source, text in statements], NOW) == expected
    )


@pytest.mark.parametrize(
    ("url", "day"),
    [
        pytest.param("https://a.example/2026/11/23/title", "2026-11-23", id="folders"),
        pytest.param("https://a.example/2026/3/5/title", "2026-03-05", id="one digit"),
        pytest.param(
            "https://a.example/title-20261123.html", "2026-11-23", id="digits"
        ),
        pytest.param("https://a.example/2026-11-23-title", "2026-11-23", id="hyphens"),
        pytest.param("https://a.example/news/81348547", None, id="an id"),
        pytest.param("https://a.example/2026/13/40/", None, id="no such day"),
        pytest.param("https://a.example/x?d=2026/11/23", None, id="in the query"),
        pytest.param("", None, id="no URL"),
    ],
)
def test_urls_tell_the_day(url: str, day: str | None) -> None:
    assert from_url(url) == day


@settings(deadline=None)
@given(st.text(max_size=130))
def test_no_text_breaks_the_reader(text: str) -> None:
    moment = parse(text)
    assert moment is None or moment.precision in ("second", "minute", "day")


@settings(deadline=None)
@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1994-01-02"),
        max_value=datetime.fromisoformat("2026-11-23"),
        timezones=st.just(UTC) | st.builds(hours, st.integers(-12, 14)),
    )
)
def test_what_was_written_is_read_again(at: datetime) -> None:
    moment = parse(at.isoformat())
    assert moment is not None
    assert moment.at == at
