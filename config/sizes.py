"""Amounts of bytes as operators write them: `500MB`, `2GB`, `0`."""

from __future__ import annotations

import re

from config.problems import Unfit, shown

KB, MB, GB, TB = (1000**n for n in (1, 2, 3, 4))
UNITS = {"": 1, "B": 1, "KB": KB, "MB": MB, "GB": GB, "TB": TB}
#: A thousand terabytes: more is a slip of the keyboard.
MOST = 1000 * TB

_FORM = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?) ?([KMGT]?B|)", re.IGNORECASE)


def parse(text: str) -> int:
    """The bytes that `text` names: a number and a decimal unit, such as `1.5GB`.

    Raises ValueError, in words for the operator.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError("is not a size such as 500MB or 2GB")
    number, unit = match.groups()
    size = round(float(number) * UNITS[unit.upper()])
    if size > MOST:
        raise ValueError("is more than a thousand terabytes")
    return size


def spell(size: int) -> str:
    """The shortest text that `parse` reads back as `size` bytes (not negative)."""
    for unit, factor in reversed(UNITS.items()):
        if size and factor > 1 and size % factor == 0:
            return f"{size // factor}{unit}"
    return str(size)


def readable(size: int) -> str:
    """About so many bytes, for people."""
    if size < KB:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 1000:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"


def check_size(value: object) -> int:
    """The bytes that a config's value means; raises Unfit."""
    if isinstance(value, bool):
        raise Unfit(f"{shown(value)} is not a size such as 500MB or 2GB")
    try:
        return parse(str(value))
    except ValueError as error:
        raise Unfit(f"{shown(value)} {error}") from None
