"""Points in time as feeds and sitemaps write them.

Reads RFC 822 and 2822 with the zones and the sloppiness of real feeds and with months
in many languages, W3C and ISO 8601 dates, and Unix time. Judges nothing: 1970 and 2099
are read like any other year.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.months import MONTHS

_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"

#: Hours east of UTC: RFC 822's zones and those that newsrooms write. IST, BST and CST
#: are taken as India's, Britain's and America's.
_ZONES: Final = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1,
    "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3, "ist": 5.5,
    "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "art": -3, "ast": -4,
    "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7,
    "pst": -8,
}  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2}|(?<=:)\d)"
    r"(?::?(?P<second>\d{2}|(?<=:)\d)(?:[.,]\d+)?)?"
)
_ZONE = (
    r"(?:(?:gmt|utc)?(?P<sign>[-+−])(?P<zone_hour>\d{1,2}):?(?P<zone_minute>\d{2})?"
    r"|(?P<zone>[a-z]{1,4}))"
)
_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})(?:-?(?P<day>\d{2}))?"
    rf"(?:[t ]+{_CLOCK}\s*(?:{_ZONE})?)?(?=$|[\s(,])"
)
_RFC_822 = re.compile(
    r"(?:[^\d\s,]+(?:,\s*|\s+))?(?P<day>\d{1,2})(?:\s+|-)"
    r"(?P<name>[^\W\d_]+)\.?,?(?:\s+|-)"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:,?\s+{_CLOCK}\s*(?:{_ZONE})?)?",
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")


def when(text: str | None) -> datetime | None:
    """The moment that `text` names, in UTC; None if it names none.

    Without a zone UTC is taken, without a clock midnight.
    """
    folded = " ".join((text or "")[:100].lower().split())
    if _EPOCH.fullmatch(folded):
        return _since_epoch(folded)
    found = _ISO.match(folded) or _RFC_822.match(folded)
    if found is None:
        return None
    try:
        return _moment(found.groupdict())
    except (ValueError, OverflowError):  # 30 February, hour 25, year 0
        return None


def _since_epoch(digits: str) -> datetime:
    whole = digits.partition(".")[0]
    return datetime.fromtimestamp(int(whole[:10]), UTC)


def _moment(parts: dict[str, str | None]) -> datetime:
    local = datetime(
        _year(parts["year"] or ""),
        _month(parts),
        int(parts["day"] or 1),
        0 if parts["hour"] == "24" else int(parts["hour"] or 0),
        int(parts["minute"] or 0),
        min(int(parts["second"] or 0), 59),  # leap seconds
        tzinfo=UTC,
    )
    if parts["hour"] == "24":
        local += timedelta(days=1)
    return local - _offset(parts)


def _year(digits: str) -> int:
    """RFC 2822 section 4.3: two digits up to 49 are of this century."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("name"):
        return _named(name)
    return int(parts["month"] or 1)


def _named(name: str) -> int:
    """A month by its English name, however short or long, or by another language's."""
    found = MONTHS.get(name)
    if found is not None:
        return found
    at = _MONTHS.find(name[:3])
    if at % 3 or len(name) < 3:
        raise ValueError(name)
    return at // 3 + 1


def _offset(parts: dict[str, str | None]) -> timedelta:
    """What local time is ahead of UTC; an unknown zone counts as UTC (RFC 2822)."""
    if parts["sign"] is None:
        return timedelta(hours=_ZONES.get(parts["zone"] or "z", 0))
    ahead = timedelta(
        hours=int(parts["zone_hour"] or 0), minutes=int(parts["zone_minute"] or 0)
    )
    if ahead > timedelta(hours=18):
        return timedelta()
    return ahead if parts["sign"] == "+" else -ahead
