"""What discovery hands on: article URLs that a source listed, with what it said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """One listed article URL.

    `url` is absolute and canonical (`pipelines.urls.canonical`). Times are aware
    UTC. `text` is the full text a feed carries (`content:encoded`), as HTML.
    Whatever the source did not say is None.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A listed link that cannot become a candidate, and why, in plain words."""

    link: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document of a source lists, newest or topmost first.

    `children` are nested sitemaps still to be fetched. `title` and `language` are
    what the source says of itself; `ttl` is how long it wants to be left alone,
    `further` where it goes on with older entries.
    """

    candidates: tuple[Candidate, ...] = ()
    children: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    title: str | None = None
    language: str | None = None
    ttl: timedelta | None = None
    further: str | None = None
