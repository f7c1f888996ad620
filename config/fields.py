"""Kinds of values that several sections of the config hold, judged when made."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from config import addresses, durations
from config.problems import Unfit, shown

KEY_FORM = r"[a-z0-9][a-z0-9_-]*"


def read_duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit("must be a duration", "write e.g. 90s, 15m, 2h or 7d")
    return read_timedelta(str(value))


def read_timedelta(text: str) -> timedelta:
    try:
        return durations.parse(text)
    except ValueError as error:
        raise Unfit(f"{shown(text)} {error}") from None


def filled(text: str) -> str:
    if not text.strip():
        raise Unfit("is empty")
    if not text.isprintable():
        raise Unfit("holds a line break or control character")
    return text


def _header_text(text: str) -> str:
    if not filled(text).isascii():
        raise Unfit("holds letters beyond ASCII", "HTTP headers cannot")
    return text


def spelled(value: timedelta | None) -> str:
    return "never" if value is None else durations.spell(value)


Text = Annotated[str, AfterValidator(filled)]
Url = Annotated[str, AfterValidator(addresses.check_url)]
Proxy = Annotated[str, AfterValidator(addresses.check_proxy)]
HeaderText = Annotated[str, AfterValidator(_header_text)]
Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(spelled, return_type=str, when_used="json"),
]
Name = Annotated[str, Field(pattern=f"^{KEY_FORM}$")]
