"""The values that operators choose among: their types, how they are read and judged.

What each means stands with it: docs/config.md and the messages are made from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
)

from config import durations, languages
from config.fields import Duration, read_duration, read_timedelta, spelled
from config.problems import Unfit, shown


class Auto(StrEnum):
    """In place of an interval: it follows from what the source does."""

    AUTO = "auto"


def _interval(value: object) -> object:
    return Auto.AUTO if value == Auto.AUTO else read_duration(value)


def _spelled_interval(value: timedelta | Auto) -> str:
    return value.value if isinstance(value, Auto) else durations.spell(value)


def _between(value: object) -> tuple[timedelta, timedelta]:
    hint = "write e.g. [2m, 6h]"
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Unfit("must be the shortest and the longest interval", hint)
    least, most = (read_duration(one) for one in value)
    if not (isinstance(least, timedelta) and isinstance(most, timedelta)):
        raise Unfit("must hold two durations", hint)
    if not timedelta(0) < least <= most:
        raise Unfit("must begin with the shorter of two intervals", hint)
    return least, most


def _or_never(value: object) -> object:
    return None if value == "never" else value


@dataclass(frozen=True, slots=True)
class OnAdd:
    """What becomes of the articles that a source lists when it is first polled.

    `count` belongs to latest, `age` to since; None otherwise.
    """

    kind: Literal["all", "latest", "since", "skip"] = "all"
    count: int | None = None
    age: timedelta | None = None

    def __str__(self) -> str:
        if self.kind == "latest":
            return f"latest {self.count}"
        if self.kind == "since" and self.age is not None:
            return f"since {durations.spell(self.age)}"
        return self.kind


def _on_add(value: object) -> object:
    if isinstance(value, OnAdd):
        return value
    words = value.split() if isinstance(value, str) else []
    match words:
        case ["all"]:
            return OnAdd("all")
        case ["skip"]:
            return OnAdd("skip")
        case ["latest", number] if number.isascii() and number.isdigit():
            return OnAdd("latest", count=min(int(number[:9]), 1_000_000))
        case ["since", age]:
            return OnAdd("since", age=read_timedelta(age))
    hint = "write all, skip, latest 20 or since 24h"
    raise Unfit(f"{shown(value)} is not a choice here", hint)


Every = Annotated[
    timedelta | Auto,
    BeforeValidator(_interval),
    PlainSerializer(_spelled_interval, return_type=str, when_used="json"),
    Field(
        description="How often a source is polled; auto: as its own past makes it"
        " worth, within `between` and polling.budget.",
    ),
]
Between = Annotated[
    tuple[Duration, Duration],
    BeforeValidator(_between),
    Field(
        description="The shortest and the longest interval of a source with"
        " `every: auto`.",
    ),
]
Delay = Annotated[
    Duration,
    Field(description="Least time between two requests to one host."),
]
RequestsPerDay = Annotated[
    Annotated[StrictInt, Field(ge=1)] | None,
    Field(
        description="Most requests to one host in a day (UTC), whatever for; null: no"
        " limit. When they are used up, the host's work waits for the next day, and an"
        " alert says so. Of outlets that share a host, the least counts.",
    ),
]
Language = Annotated[
    Annotated[str, AfterValidator(languages.check_language)] | None,
    Field(
        description="Language the outlet mostly writes in (ISO 639-1, or zh-cn, zh-tw):"
        " a prior for language detection, not a verdict.",
    ),
]
Priority = Annotated[
    StrictInt,
    Field(
        ge=-1_000,
        le=1_000,
        description="Order in the queue: texts of a higher priority are handed out"
        " first.",
    ),
]
Revision = Literal["cosmetic", "correction", "material", "headline-only", "rewritten"]
Duplicates = Annotated[
    Literal["once", "each outlet", "all"],
    Field(
        description="What becomes of a text that is already known from elsewhere:"
        " queued once only, once for each outlet, or every time.",
    ),
]
Revisions = Annotated[
    tuple[Revision, ...],
    Field(
        description="Which revisions of an article are queued: correction (a few words,"
        " or a notice says so), material, headline-only, rewritten, cosmetic (no words"
        " of the article changed). All are stored.",
    ),
]
MostRevisions = Annotated[
    StrictInt,
    Field(
        ge=1,
        le=1_000,
        description="Revisions of one article in 24 hours; further changes of such a"
        " page wait, and an alert says so.",
    ),
]
OnAddRule = Annotated[
    OnAdd,
    BeforeValidator(_on_add),
    PlainSerializer(str, return_type=str, when_used="json"),
    Field(
        description="Which listed articles are fetched when a source is polled for the"
        " first time: all, `latest N`, `since DURATION` (by their date) or skip (only"
        " what is listed later).",
    ),
]
Revisit = Annotated[
    Annotated[
        timedelta | None,
        BeforeValidator(lambda value: value if value is None else read_duration(value)),
        BeforeValidator(_or_never),
        PlainSerializer(spelled, return_type=str, when_used="json"),
    ],
    Field(
        description="Least age at which a page is looked at again for changes; never:"
        " each page is read once.",
    ),
]
Robots = Annotated[
    StrictBool,
    Field(
        description="Whether robots.txt is obeyed. Switch it off only where the outlet"
        " has agreed to that."
    ),
]


Respect = Annotated[
    tuple[Literal["noarchive", "noai", "tdm"], ...],
    Field(
        description="Which reservations of a page are obeyed: noarchive, noai (robots"
        " meta elements, X-Robots-Tag), tdm (TDM reservation protocol). Such a page"
        " ends as denied, and nothing of it is kept. All are recorded with articles.",
    ),
]
