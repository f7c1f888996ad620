"""Points in time as pages, feeds and URLs write them, made aware and checked.

ISO 8601 in its many shapes, RFC 822 and 850, seconds and milliseconds since 1970, and
written-out dates in the languages of the outlets. A time without a zone takes the one
that the page uses elsewhere, else UTC. What cannot be an article's date (before the
web, after tomorrow) is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from itertools import islice
from typing import Final

from pipelines.article import Dated
from pipelines.months import MONTHS

#: The first news sites are of 1994; earlier dates are 1970's zero and its kin.
_EARLIEST: Final = datetime(1994, 1, 1, tzinfo=UTC)
#: Clocks differ and zones are forgotten, but by no more than a day.
_LATEST: Final = timedelta(days=1)

#: Longer strings are no dates, and patterns need not be run on them.
_LONGEST: Final = 120
#: Pages state their dates in a dozen places; hostile ones in a million.
_MOST_STATEMENTS: Final = 100

#: Zone names in news, in hours. CST, IST and the like are read as their largest
#: users mean them.
_ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1,
    "mez": 1, "cest": 2, "mesz": 2, "sast": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3,
    "gst": 4, "pkt": 5, "ist": 5.5, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "myt": 8,
    "pht": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "brt": -3, "art": -3, "ast": -4, "edt": -4, "est": -5, "cdt": -5, "et": -5,
    "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "pt": -8,
}  # fmt: skip

_ISO = re.compile(
    r"(?P<year>\d{4})(?P<dash>[-/.]?)(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})"
    r"(?:(?:\s*[Tt,]\s*|\s+)(?P<hour>\d{1,2}):?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?(?P<rest>.*)",
    re.DOTALL,
)
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\b([A-Za-z]{1,4})\b")
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-][A-Za-z]{3}[\s-]\d{2,4}\s+\d{1,2}:\d\d"
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")

_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]*(?:(?:de|d')\s*)?"
    r"(?P<name>[^\W\d_]{2,}(?: ال[^\W\d_]+)?)\.?[,\s-]*(?:(?:de|del)\s+)?"
    r"(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    r"(?!\d)",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\.?\s+(?:m\.\s+)?(?P<name>[^\W\d_]{3,})\.?\s+"
    r"(?P<day>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_LATVIAN = re.compile(
    r"(?P<year>\d{4})\. gada (?P<day>\d{1,2})\. (?P<name>[^\W\d_]{3,})", re.IGNORECASE
)
_VIETNAMESE = re.compile(
    r"(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}),? (?:năm )?(?P<year>\d{4})",
    re.IGNORECASE,
)
_CJK = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
)
_NUMERIC = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?P<mark>[./-])\s?(?P<month>\d{1,2})(?P=mark)\s?"
    r"(?P<year>\d{4})(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])\s?[:h時시点時][\s]?(?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d))?(?:\s*(?P<half>[ap])\.?m\b)?"
    r"|(?<![\d.])(?P<hour2>[01]?\d|2[0-3])\.(?P<minute2>[0-5]\d)(?=\s*(?:uhr|kl|$))"
    r"|(?<!\d)(?P<hour3>1[0-2]|[1-9])\s*(?P<half3>[ap])\.?m\b",
    re.IGNORECASE,
)
_AFTERNOON = re.compile("午後|下午|오후")

_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)([/_-]?)(?P<month>0?[1-9]|1[0-2])\2"
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as written: aware if the zone was written too."""

    at: datetime
    precision: str  # second, minute or day

    @property
    def zoned(self) -> bool:
        return self.at.tzinfo is not None


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement of a date: where (a source of `Dated`), and the text."""

    source: str
    text: str


def choose(statements: Iterable[Stated], now: datetime) -> Dated | None:
    """The first believable date of `statements`, which come best first.

    A finer statement of the same day wins over a bare day.
    """
    tried = islice(statements, _MOST_STATEMENTS)
    read = [(s, m) for s in tried if (m := parse(s.text)) is not None]
    zone = next((m.at.tzinfo for _, m in read if m.zoned), None)
    dated = [Dated(_aware(m.at, zone), s.source, m.precision) for s, m in read]
    dated = [date for date in dated if believable(date.at, now)]
    if not dated:
        return None
    return _finer(dated[0], dated[1:])


def parse(text: str) -> Moment | None:
    """The date that `text` states, or None. Never raises."""
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    for read in (_epoch, _iso, _rfc822, _written):
        try:
            moment = read(text)
        except (ValueError, OverflowError):  # the 31st of June, hour 24, year 0
            continue
        if moment is not None:
            return moment
    return None


def from_url(url: str) -> str | None:
    """The day in a URL's path as ISO 8601 (`/2026/11/23/`, `20261123`), or None."""
    found = _URL_DATE.search(url.partition("?")[0].partition("://")[2])
    if found is None:
        return None
    return f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"


def believable(at: datetime, now: datetime) -> bool:
    """Whether an article fetched at `now` can be of that date."""
    return _EARLIEST <= at <= now + _LATEST


def _finer(date: Dated, others: list[Dated]) -> Dated:
    """`date`, or the first of `others` that gives the hour of the same day."""
    if date.precision != "day":
        return date
    for other in others:
        if other.precision != "day" and abs(other.at - date.at) < timedelta(hours=36):
            return other
    return date


def _aware(at: datetime, zone: tzinfo | None) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=zone or UTC)


def _epoch(text: str) -> Moment | None:
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    return Moment(datetime.fromtimestamp(int(found[1]), UTC), "second")


def _iso(text: str) -> Moment | None:
    found = _ISO.match(text)
    if found is None or (not found["dash"] and len(found["month"] + found["day"]) < 4):
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if found["hour"] is None:
        return _with_clock(datetime(year, month, day), found["rest"])  # noqa: DTZ001
    micros = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    clock = [int(found[part] or 0) for part in ("hour", "minute", "second")]
    extra = timedelta(days=clock[0] == 24)  # ISO 8601's end of the day
    at = datetime(year, month, day)  # noqa: DTZ001 (its zone comes below)
    at = at.replace(hour=clock[0] % 24, minute=clock[1], second=clock[2]) + extra
    at = at.replace(microsecond=micros)
    precision = "minute" if found["second"] is None else "second"
    return _moment(at.replace(tzinfo=_zone(found["rest"])), precision)


def _rfc822(text: str) -> Moment | None:
    parts = parsedate_tz(text) if _RFC822.match(text) else None
    if parts is None:
        return None
    offset = parts[9]
    zone = None if offset is None else timezone(timedelta(seconds=offset))
    return _moment(datetime(*parts[:6], tzinfo=zone), "second")


def _written(text: str) -> Moment | None:
    """A date in words or in local numbers, with the time that stands beside it."""
    for pattern, read in _WRITTEN:
        for found in pattern.finditer(text):
            day = read(found)
            if day is not None:
                rest = text[: found.start()] + " " + text[found.end() :]
                return _with_clock(day, rest)
    return None


def _named(found: re.Match[str]) -> datetime | None:
    month = MONTHS.get(found["name"].lower())
    return _day(found["year"], month, found["day"])


def _numbered(found: re.Match[str]) -> datetime | None:
    return _day(found["year"], int(found["month"]), found["day"])


def _local(found: re.Match[str]) -> datetime | None:
    """Day and month in the order the numbers allow; 3/4/2026 says nothing."""
    day, month = int(found["day"]), int(found["month"])
    if month > 12 and found["mark"] == "/":
        day, month = month, day
    elif found["mark"] == "/" and day <= 12 and day != month:
        return None
    return _day(found["year"], month, str(day))


def _day(year: str, month: int | None, day: str) -> datetime | None:
    if month is None:
        return None
    number = int(year)
    # Thai pages count from the Buddha's death.
    number -= 543 if 2500 < number < 2700 else 0
    return datetime(number, month, int(day))  # noqa: DTZ001 (its zone comes later)


_WRITTEN: Final[
    tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], datetime | None]], ...]
] = (
    (_CJK, _numbered),
    (_VIETNAMESE, _numbered),
    (_LATVIAN, _named),
    (_DAY_FIRST, _named),
    (_MONTH_FIRST, _named),
    (_YEAR_FIRST, _named),
    (_NUMERIC, _local),
)


def _with_clock(day: datetime, rest: str) -> Moment:
    found = _CLOCK.search(rest)
    if found is None:
        return Moment(day, "day")
    hour = int(found["hour"] or found["hour2"] or found["hour3"])
    half = (found["half"] or found["half3"] or "").lower()
    if half or _AFTERNOON.search(rest):
        hour = hour % 12 + 12 * (half != "a")
    minute = int(found["minute"] or found["minute2"] or 0)
    second = int(found["second"] or 0)
    at = day.replace(hour=hour, minute=minute, second=second)
    zone = _zone(rest[found.end() :])
    return _moment(at.replace(tzinfo=zone), "second" if found["second"] else "minute")


def _moment(at: datetime, precision: str) -> Moment:
    """Midnight sharp is what programs write when they know the day only."""
    midnight = (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
    return Moment(at, "day" if midnight else precision)


def _zone(rest: str) -> tzinfo | None:
    """The zone that is written behind a time, or None."""
    offset = _OFFSET.search(rest)
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    for name in _ZONE_NAME.findall(rest):
        hours = _ZONES.get(name.lower())
        if hours is not None:
            return timezone(timedelta(hours=hours))
    return None
