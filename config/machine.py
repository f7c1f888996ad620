"""What operators say of the machine: nightly copies, room on the disk, memory."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, time, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    model_validator,
)

from config import sizes
from config.fields import Duration
from config.problems import Unfit, shown


def _clock_time(value: object) -> object:
    """A time of day in UTC, as `03:30`; YAML reads an unquoted 13:30 as 810."""
    if value is None or value == "never":
        return None
    if isinstance(value, time):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1440:
        return time(value // 60, value % 60, tzinfo=UTC)
    hours, colon, minutes = str(value).strip().partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
        with suppress(ValueError):
            return time(int(hours), int(minutes), tzinfo=UTC)
    raise Unfit(f"{shown(value)} is not a time of day", 'write e.g. "03:30", in UTC')


def _directory(value: object) -> object:
    if value is None or isinstance(value, Path):
        return value
    if isinstance(value, str) and value.strip() and value.isprintable():
        return Path(value).expanduser()
    raise Unfit(f"{shown(value)} is not the path of a directory")


def _clock_text(value: time | None) -> str:
    return "never" if value is None else f"{value:%H:%M}"


Size = Annotated[
    int,
    BeforeValidator(sizes.check_size),
    PlainSerializer(sizes.spell, return_type=str, when_used="json"),
]
ClockTime = Annotated[
    time | None,
    BeforeValidator(_clock_time),
    PlainSerializer(_clock_text, return_type=str, when_used="json"),
]


class Keep(BaseModel, frozen=True, extra="forbid"):
    """Which backups stay."""

    daily: Annotated[StrictInt, Field(ge=1, le=1000)] = Field(
        7, description="Of so many days the latest backup is kept."
    )
    weekly: Annotated[StrictInt, Field(ge=0, le=1000)] = Field(
        4, description="Of so many weeks the latest backup is kept."
    )


class Backup(BaseModel, frozen=True, extra="forbid"):
    """The nightly copies of the database."""

    directory: Annotated[Path | None, BeforeValidator(_directory)] = Field(
        None,
        description="Where they go. Default: `backups` beside the database. Another"
        " disk survives what this one does not.",
    )
    at: ClockTime = Field(
        time(3, 30, tzinfo=UTC),
        description="When the service makes one, HH:MM in UTC, or `never`. One that"
        " was missed is made up for.",
    )
    keep: Keep = Field(Keep(), description="Which of them stay.")


class Disk(BaseModel, frozen=True, extra="forbid"):
    """How much room the database's disk must have."""

    warn_below: Size = Field(
        2 * sizes.GB, description="With less free space an alert opens."
    )
    pause_below: Size = Field(
        500 * sizes.MB,
        description="With less free space no page is fetched; sources are polled on,"
        " so that no article is missed.",
    )
    reserve: Size = Field(
        16 * sizes.MB,
        description="Held in a file beside the database and given up when the disk is"
        " full, so that consumers can still acknowledge. 0: nothing is held.",
    )
    network: StrictBool = Field(
        False,
        description="Allow a database on a network file system. SQLite's locks and"
        " write-ahead log do not work reliably there: it can be corrupted.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn_below < self.pause_below:
            raise Unfit("warn_below is less than pause_below", "warn before the pause")
        return self


class Process(BaseModel, frozen=True, extra="forbid"):
    """When the service begins anew: it ends with exit code 75, to be started again."""

    memory: Size = Field(
        1 * sizes.GB,
        description="Beyond so much memory, workers not counted. 0: never. systemd and"
        " container managers start it again; nothing is lost by it.",
    )
    age: Duration = Field(timedelta(0), description="After so long. 0s: never.")
