"""How long an answer holds by its own headers (RFC 9111, 4.2.1). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER: Final = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)\b", re.IGNORECASE)


def cached_for(headers: Mapping[str, str]) -> timedelta | None:
    """For how long from now on an answer holds; None if it does not say.

    Header names are lower case. `max-age` wins over `Expires`, which counts from the
    server's own `Date`; the time that the copy was on its way (`Age`) is taken off.
    """
    control = headers.get("cache-control", "")
    if _NEVER.search(control):
        return None
    told = _MAX_AGE.search(control)
    lifetime = timedelta(seconds=int(told[1])) if told else _until_expiry(headers)
    if lifetime is None:
        return None
    left = lifetime - _age(headers)
    return left if left > timedelta(0) else None


def _age(headers: Mapping[str, str]) -> timedelta:
    told = headers.get("age", "").strip()
    seconds = int(told[:9]) if told.isascii() and told.isdigit() else 0
    return timedelta(seconds=seconds)


def _until_expiry(headers: Mapping[str, str]) -> timedelta | None:
    expires, sent = _date(headers.get("expires")), _date(headers.get("date"))
    return None if expires is None or sent is None else expires - sent


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:  # "0" and "-1" mean that it has expired
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
