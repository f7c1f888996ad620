"""Durations as operators write them: `90s`, `15m`, `2h`, `7d`."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}

#: A hundred years: longer is a slip of the keyboard, and dates would overflow.
LONGEST = timedelta(days=36_525)

# Thirteen digits are a hundred years in milliseconds.
_FORM = re.compile(r"([0-9]{1,13}(?:\.[0-9]{1,6})?)(ms|s|m|h|d|w)")


def parse(text: str) -> timedelta:
    """The duration that `text` names: a number and one unit, such as `1.5h`.

    Raises ValueError, in words for the operator.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(_why_not(text.strip()))
    number, unit = match.groups()
    if float(number) * UNITS[unit].total_seconds() > LONGEST.total_seconds():
        raise ValueError("is longer than a hundred years")
    return float(number) * UNITS[unit]


def spell(duration: timedelta) -> str:
    """The shortest text that `parse` reads back as `duration` (not negative)."""
    if not duration:
        return "0s"
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(duration, UNITS[unit])
        if not rest:
            return f"{count}{unit}"
    return f"{duration.total_seconds():.6f}s"


def _why_not(text: str) -> str:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return f"has no unit: {text}s, {text}m, {text}h or {text}d?"
    if text.startswith("-"):
        return "cannot be negative"
    return "is not a duration such as 90s, 15m, 2h or 7d"
