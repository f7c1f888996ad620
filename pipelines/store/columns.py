"""How values become columns, and columns values again. No SQL here."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.article import Dated, Metadata, Reason, Removed
from pipelines.candidate import Candidate

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware time as microseconds since 1970 in UTC; ValueError if it is naive."""
    if at.tzinfo is None:
        raise ValueError(f"a time without zone: {at!r}")
    return (at - EPOCH) // MICROSECOND


def micros_or_none(at: datetime | None) -> int | None:
    """`micros`, where the time may be missing."""
    return None if at is None else micros(at)


def dated_column(dated: Dated | None) -> int | None:
    """A page's own time, to sort and filter by."""
    return None if dated is None else micros(dated.at)


def moment(value: int) -> datetime:
    """The aware UTC time of a column."""
    return EPOCH + timedelta(microseconds=value)


def moment_or_none(value: int | None) -> datetime | None:
    """`moment`, where the column may be NULL."""
    return None if value is None else moment(value)


def printable(text: str) -> str:
    """Text that SQLite takes: lone surrogates become question marks.

    Error messages quote what servers sent, so they can hold anything.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def printable_or_none(text: str | None) -> str | None:
    """`printable`, where the text may be missing."""
    return None if text is None else printable(text)


def dumped(value: object) -> str:
    """JSON for a column: ASCII, so that any string survives; compact."""
    return json.dumps(value, separators=(",", ":"))


def names_column(names: Collection[str] | None) -> str | None:
    """Names for `json_each`, so that SQL takes any number of them; None: all."""
    return None if names is None else dumped(sorted(names))


def iso(at: datetime | None) -> str | None:
    """ISO 8601, with the offset the value carries."""
    return None if at is None else at.isoformat()


def parsed(text: str | None) -> datetime | None:
    """The time that `iso` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def hints_column(candidate: Candidate) -> str:
    """What a source said of an article, without its URL and without gaps."""
    hints = {
        "title": candidate.title,
        "published": iso(candidate.published),
        "updated": iso(candidate.updated),
        "language": candidate.language,
        "authors": list(candidate.authors) or None,
        "text": candidate.text,
    }
    return dumped({name: value for name, value in hints.items() if value is not None})


def candidate_of(url: str, column: str) -> Candidate:
    """The candidate that `hints_column` was made from."""
    hints: dict[str, Any] = json.loads(column)
    return Candidate(
        url=url,
        title=hints.get("title"),
        published=parsed(hints.get("published")),
        updated=parsed(hints.get("updated")),
        language=hints.get("language"),
        authors=tuple(hints.get("authors", ())),
        text=hints.get("text"),
    )


def metadata_column(metadata: Metadata) -> str:
    """What a page said of itself, with the source of each value."""
    return dumped(
        {
            "title": metadata.title,
            "authors": list(metadata.authors),
            "published": _dated_json(metadata.published),
            "updated": _dated_json(metadata.updated),
            "canonical": metadata.canonical,
            "section": metadata.section,
            "description": metadata.description,
            "site_name": metadata.site_name,
            "declared_language": metadata.declared_language,
            "free": metadata.free,
            "reserved": metadata.reserved,
            "sources": metadata.sources,
        }
    )


def metadata_of(column: str) -> Metadata:
    """The metadata that `metadata_column` was made from."""
    known: dict[str, Any] = json.loads(column)
    known["authors"] = tuple(known["authors"])
    known["published"] = _dated_of(known["published"])
    known["updated"] = _dated_of(known["updated"])
    return Metadata(**known)


def removed_column(removed: tuple[Removed, ...]) -> str:
    """A ledger of removed blocks as one value."""
    return dumped([[r.text, r.reason.value, r.at, r.evidence] for r in removed])


def removed_of(column: str) -> tuple[Removed, ...]:
    """The ledger that `removed_column` was made from."""
    return tuple(
        Removed(text, Reason(reason), at, evidence)
        for text, reason, at, evidence in json.loads(column)
    )


def _dated_json(dated: Dated | None) -> list[str] | None:
    if dated is None:
        return None
    return [dated.at.isoformat(), dated.source, dated.precision]


def _dated_of(value: list[str] | None) -> Dated | None:
    if value is None:
        return None
    return Dated(datetime.fromisoformat(value[0]), value[1], value[2])
