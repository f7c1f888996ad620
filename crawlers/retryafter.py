"""Retry-After (RFC 9110, section 10.2.3): seconds or an HTTP date."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from `now`; None when the header is absent or junk.

    A date in the past and a negative number both mean 0.
    """
    text = (value or "").strip()
    if not text:
        return None
    if text.lstrip("+-").isdigit():
        return float(max(0, int(text[:12])))
    return _until(text, now)


def _until(text: str, now: datetime) -> float | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
