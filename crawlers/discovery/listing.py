"""A document's entries become one `Listing`: canonical, unique, capped, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from pipelines.candidate import Candidate, Listing, Rejected
from pipelines.urls import UrlError, canonical

#: Of a longer feed only the newest entries are read.
MOST_ENTRIES: Final = 2_000

#: So many refused links are named, the rest is counted.
_MOST_REFUSED: Final = 100

_NO_LINK: Final = "an entry without a link"

#: What is shown of a refused link.
_LONGEST_SHOWN: Final = 300

#: Sorts before every date.
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written, and the address that it is relative to, if it may be."""

    text: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry before its address is known: `links` in order of preference."""

    links: tuple[Link, ...]
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    text: str | None = None


def newest(
    items: Sequence[Item], most: int, date: Callable[[Item], datetime | None]
) -> Sequence[Item]:
    """The `most` newest of `items`, in their order; undated ones count as oldest.

    Among equals those that stand first are taken.
    """
    if len(items) <= most:
        return items
    dates = [date(item) or LONG_AGO for item in items]
    ranked = sorted(range(len(items)), key=dates.__getitem__, reverse=True)
    return [items[index] for index in sorted(ranked[:most])]


def beyond(total: int, most: int, url: str) -> tuple[Rejected, ...]:
    """The note that the document at `url` has more than its `most` newest entries."""
    if total <= most:
        return ()
    return (Rejected(url, f"{total - most:,} entries beside the {most:,} newest"),)


def listing(entries: Iterable[Entry], notes: Iterable[Rejected] = ()) -> Listing:
    """What `entries` come to: every address once, in order, and what was refused."""
    candidates: dict[str, Candidate] = {}
    refused = list(notes)
    for found in map(candidate, entries):
        if isinstance(found, Rejected):
            refused.append(found)
        else:
            candidates.setdefault(found.url, found)
    return Listing(tuple(candidates.values()), rejected=_shortened(refused))


def _shortened(refused: list[Rejected]) -> tuple[Rejected, ...]:
    if len(refused) <= _MOST_REFUSED:
        return tuple(refused)
    rest = Rejected("", f"{len(refused) - _MOST_REFUSED:,} more links refused")
    return (*refused[:_MOST_REFUSED], rest)


def candidate(entry: Entry) -> Candidate | Rejected:
    """The entry under the first of its links that is an address."""
    url = resolved(entry, canonical)
    if isinstance(url, Rejected):
        return url
    return Candidate(
        url,
        entry.title,
        entry.published,
        entry.updated,
        entry.language,
        entry.authors,
        entry.text,
    )


def resolved(
    entry: Entry, spelling: Callable[[str, str | None], str]
) -> str | Rejected:
    """The first of the entry's links that `spelling` accepts."""
    refused = []
    for link in entry.links:
        try:
            return spelling(link.text, link.base)
        except UrlError as error:
            refused.append(Rejected(link.text[:_LONGEST_SHOWN], str(error)))
    return refused[0] if refused else Rejected(entry.title or "", _NO_LINK)
