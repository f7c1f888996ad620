"""How stored values are told: as JSON for programs, in words for people.

Pure; prints nothing. Times are UTC: as ISO 8601 in JSON, to the minute in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from typing import Any, Final

from config import sizes
from pipelines.article import Dated, Metadata, Reason, Removed
from pipelines.outcome import Outcome
from pipelines.store.stories import ArticleRow

#: How much of gathered page furniture people are shown.
_FURNITURE: Final = 160

#: What must not reach a terminal: control characters, which can rewrite the screen,
#: and marks that turn the direction of the text behind them.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_UNITS: Final = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page: kept in the text if `reason` is None, else removed."""

    at: int
    text: str
    reason: Reason | None = None
    evidence: str | None = None


def blocks(text: str, removed: Iterable[Removed]) -> list[Block]:
    """A text with what was removed from it in its place.

    Blocks are numbered without gaps, and a text has one kept block a line: its lines
    are the numbers that no removed block has.
    """
    gone = [Block(r.at, r.text, r.reason, r.evidence) for r in removed]
    taken = {block.at for block in gone}
    lines = text.split("\n") if text else []
    free = (at for at in count() if at not in taken)
    kept = [Block(at, line) for line, at in zip(lines, free, strict=False)]
    return sorted([*kept, *gone], key=lambda block: block.at)


def iso(at: datetime | None) -> str | None:
    """A time for programs."""
    return None if at is None else at.isoformat()


def stamp(at: datetime) -> str:
    """A time for people: the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def span(duration: timedelta) -> str:
    """A duration for people, in its largest whole unit."""
    for unit, name in _UNITS:
        if duration >= unit:
            return f"{duration // unit} {name}"
    return "0 s"


def ago(at: datetime | None, now: datetime) -> str:
    """How far a time is from now, in words."""
    if at is None:
        return "never"
    return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"


def size(count_of_bytes: int) -> str:
    """So many bytes, for people."""
    return sizes.readable(count_of_bytes)


def line(text: str, most: int | None = None) -> str:
    """Text from outside on one line, fit for a terminal; `most` cuts it."""
    flat = _UNSAFE.sub("", " ".join(text.split()))
    if most is None or len(flat) <= most:
        return flat
    return flat[: most - 3] + "..."


def block_line(block: Block) -> str:
    """A block for people: two spaces before what was kept, a mark before the rest."""
    if block.reason is None:
        return f"  {line(block.text)}"
    return f"- [{block.reason}] {line(block.text)}"


def gathered(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks with neighbouring page furniture of one evidence as one.

    For people: a menu is forty blocks, and none of them is of interest.
    """
    told: list[Block] = []
    for _, run in groupby(blocks, key=_kind):
        first, *others = run
        if first.reason is Reason.CHROME and others:
            texts = " | ".join(line(block.text) for block in (first, *others))
            told.append(replace(first, text=line(texts, _FURNITURE)))
        else:
            told += [first, *others]
    return told


def _kind(block: Block) -> tuple[Reason | None, str | None]:
    return block.reason, block.evidence


def block_json(block: Block) -> dict[str, Any]:
    """A block for programs."""
    told: dict[str, Any] = {"at": block.at, "kept": block.reason is None}
    if block.reason is not None:
        told |= {"reason": block.reason, "evidence": block.evidence}
    return told | {"text": block.text}


def outcome(row: ArticleRow) -> Outcome:
    """What the article's latest text was when it was stored."""
    if row.story != row.id:
        return Outcome.DUPLICATE
    return Outcome.NEW if row.revision == 1 else Outcome.REVISION


def article_json(row: ArticleRow, copy_of: ArticleRow | None) -> dict[str, Any]:
    """An article in its latest revision. `copy_of` told the same text first."""
    return {
        "id": row.id,
        "url": row.url,
        "outlet": row.outlet,
        "title": row.title,
        "authors": list(row.authors),
        "published": iso(row.published),
        "updated": iso(row.metadata.updated.at if row.metadata.updated else None),
        "language": row.language,
        "section": row.section,
        "text": row.text,
        "revision": row.revision,
        "outcome": outcome(row),
        "copy_of": None if copy_of is None else carrier_json(copy_of),
        "first_seen": iso(row.first_seen),
        "fetched": iso(row.fetched_at),
        "stored": iso(row.stored_at),
        "made_by": row.made_by,
        "cosmetic": row.cosmetic,
    }


def carrier_json(row: ArticleRow) -> dict[str, Any]:
    """Where else a text is."""
    return {
        "id": row.id,
        "outlet": row.outlet,
        "url": row.url,
        "first_seen": iso(row.first_seen),
    }


def dated_json(dated: Dated | None) -> dict[str, Any] | None:
    """A page's own time, who said it and how exactly."""
    if dated is None:
        return None
    return {
        "at": iso(dated.at),
        "source": dated.source,
        "precision": dated.precision,
    }


def metadata_json(about: Metadata) -> dict[str, Any]:
    """What a page says of itself, and where it says so."""
    return {
        "title": about.title,
        "authors": list(about.authors),
        "published": dated_json(about.published),
        "updated": dated_json(about.updated),
        "canonical": about.canonical,
        "section": about.section,
        "description": about.description,
        "site_name": about.site_name,
        "declared_language": about.declared_language,
        "free": about.free,
        "reserved": dict(about.reserved),
        "sources": dict(about.sources),
    }


def metadata_lines(about: Metadata, language: str) -> list[str]:
    """The same for people: one fact a line, with its source; what is missing is not."""
    declared = about.declared_language
    facts = [
        ("title", about.title, about.sources.get("title")),
        ("authors", ", ".join(about.authors) or None, about.sources.get("authors")),
        ("published", *_dated(about.published)),
        ("updated", *_dated(about.updated)),
        ("language", language, f"declared {declared}" if declared else "undeclared"),
        ("section", about.section, about.sources.get("section")),
        ("canonical", about.canonical, "declared"),
        ("text", about.sources.get("text"), None),
        ("reserved", ", ".join(about.reserved) or None, _places(about.reserved)),
    ]
    return [
        f"{name:<10} {line(value)}" + (f"  ({line(source)})" if source else "")
        for name, value, source in facts
        if value is not None
    ]


def _places(reserved: Mapping[str, str]) -> str | None:
    return ", ".join(dict.fromkeys(reserved.values())) or None


def _dated(dated: Dated | None) -> tuple[str | None, str | None]:
    if dated is None:
        return None, None
    return dated.at.isoformat(), f"{dated.source}, to the {dated.precision}"
