"""A document's entries become one `Listing`: canonical, unique, capped, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipelines.candidate import Candidate, Listing, Rejected
from pipelines.urls import UrlError, canonical

#: Of a longer feed only the newest entries are read.
MOST_ENTRIES: Final = 2_000

_NO_LINK: Final = "an entry without a link"

#: What is shown of a refused link.
_LONGEST_SHOWN: Final = 300

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


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


def newest(entries: Sequence[Entry], most: int) -> Sequence[Entry]:
    """The `most` newest of `entries` in their order; undated ones count as oldest.

    Among equals those that stand first are kept.
    """
    if len(entries) <= most:
        return entries
    dates = [entry.updated or entry.published or _LONG_AGO for entry in entries]
    ranked = sorted(range(len(entries)), key=dates.__getitem__, reverse=True)
    return [entries[index] for index in sorted(ranked[:most])]


def listing(
    entries: Sequence[Entry], most: int, url: str, rejected: Iterable[Rejected] = ()
) -> Listing:
    """What the document at `url` lists: at most `most` entries, each address once.

    What is left out is counted in one `Rejected` that names the document.
    """
    candidates: dict[str, Candidate] = {}
    refused = list(rejected)
    for entry in newest(entries, most):
        found = candidate(entry)
        if isinstance(found, Rejected):
            refused.append(found)
        else:
            candidates.setdefault(found.url, found)
    if len(entries) > most:
        words = f"{len(entries) - most:,} entries beside the {most:,} newest"
        refused.append(Rejected(url, words))
    return Listing(tuple(candidates.values()), rejected=tuple(refused))


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
