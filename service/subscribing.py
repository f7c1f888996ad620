"""Outlets out of a feed reader's OPML file, and back into one. No network.

Feeds of one site become one outlet with several sources. What is watched already, or
stands in the file twice, is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from config import addresses
from config.models import Config, SourceKind
from config.outlet_file import Draft, SourceLine, free, key_of, problems
from config.problems import Unfit
from crawlers.discovery import opml
from pipelines import urls

#: Hosts that serve the feeds of others: of whom, only `htmlUrl` can say.
LENDERS = frozenset({"feedburner.com", "feedproxy.google.com", "feeds.feedburner.com"})


class OpmlRefused(Exception):
    """The file cannot be read as OPML; names file and line."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Left:
    """An entry of the file that was not taken, and why. `wrong`: it is no good."""

    line: int
    feed: str
    why: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """What an OPML file would add to a config."""

    drafts: tuple[Draft, ...]
    left: tuple[Left, ...]


@dataclass(slots=True)
class _Outlet:
    site: str
    home: str
    entries: list[opml.Entry] = field(default_factory=list)
    guessed: bool = False


def read(file: Path) -> list[opml.Entry]:
    """The feeds of an OPML file. Raises OpmlRefused."""
    try:
        return opml.parse(file.read_bytes())
    except OSError as error:
        raise OpmlRefused(f"{file}: {error.strerror or error}") from error
    except opml.OpmlError as error:
        place = f"{file}:{error.line}" if error.line else str(file)
        hint = "export the subscriptions of your feed reader as OPML"
        raise OpmlRefused(f"{place}: {error}; {hint}") from error


def take(entries: Iterable[opml.Entry], config: Config, name: str) -> Import:
    """What the entries of the file `name` add to a config."""
    watched = {
        addresses.identity(source.url): outlet.key
        for outlet in config.outlets.values()
        for source in outlet.sources
    }
    sites = {urls.site(one.home): one.key for one in config.outlets.values()}
    left: list[Left] = []
    found: dict[str, _Outlet] = {}
    seen: dict[str, int] = {}
    for entry in entries:
        why = _refused(entry, watched, seen)
        if why is not None:
            left.append(why)
            continue
        seen[addresses.identity(entry.feed)] = entry.line
        outlet = _outlet_of(entry)
        if outlet.site in sites:
            line = f"- feed: {entry.feed}"
            words = f"{sites[outlet.site]} watches its site; add `{line}` to its file"
            left.append(Left(entry.line, entry.feed, words))
            continue
        found.setdefault(outlet.site, outlet).entries.append(entry)
    drafts, unfit = _drafts(found.values(), config, name)
    return Import(drafts, (*left, *unfit))


def _refused(
    entry: opml.Entry, watched: dict[str, str], seen: dict[str, int]
) -> Left | None:
    try:
        addresses.check_url(entry.feed)
    except Unfit as error:
        return Left(entry.line, entry.feed, str(error), wrong=True)
    identity = addresses.identity(entry.feed)
    if identity in watched:
        words = f"{watched[identity]} watches it already"
        return Left(entry.line, entry.feed, words)
    if identity in seen:
        words = f"stands in line {seen[identity]} already"
        return Left(entry.line, entry.feed, words)
    return None


def _outlet_of(entry: opml.Entry) -> _Outlet:
    home = _home(entry.home)
    if home is not None:
        return _Outlet(urls.site(home), home)
    site = urls.site(entry.feed)
    lent = site in LENDERS or urls.host(entry.feed) in LENDERS
    # A lender has the feeds of many: each stands for itself.
    own = entry.feed if lent else site
    return _Outlet(own, addresses.origin(entry.feed), guessed=lent)


def _home(said: str | None) -> str | None:
    if said is None:
        return None
    try:
        return addresses.check_url(said)
    except Unfit:
        return None  # the feed's own site will do


def _drafts(
    outlets: Iterable[_Outlet], config: Config, name: str
) -> tuple[tuple[Draft, ...], list[Left]]:
    taken = set(config.outlets)
    drafts: list[Draft] = []
    unfit: list[Left] = []
    for outlet in outlets:
        draft = _draft(outlet, taken, name)
        wrong = problems(draft)
        if wrong:
            first = outlet.entries[0]
            unfit.append(Left(first.line, first.feed, str(wrong[0]), wrong=True))
            continue
        taken.add(draft.key)
        drafts.append(draft)
    return tuple(drafts), unfit


def _draft(outlet: _Outlet, taken: set[str], name: str) -> Draft:
    first = outlet.entries[0]
    notes = [f"Imported from {name}, line {first.line}."]
    if first.folders:
        notes.append(f"Folder: {' / '.join(first.folders)}")
    if outlet.guessed:
        notes.append("The file does not say whose feed it is: put its site into home,")
        notes.append("or its articles are taken for somebody else's.")
    host = urls.host(outlet.home if not outlet.guessed else first.feed)
    return Draft(
        key=free(key_of(host), taken),
        name=_name(outlet.entries) or urls.host(outlet.home),
        home=outlet.home,
        sources=tuple(
            SourceLine(SourceKind.FEED, entry.feed, _beside(entry, outlet.entries))
            for entry in outlet.entries
        ),
        notes=tuple(notes),
    )


def _name(entries: Sequence[opml.Entry]) -> str | None:
    """The shortest title: of "Courier", "Courier - World", the one for all."""
    titles = [" ".join(one.title.split()) for one in entries if one.title]
    return min((t for t in titles if t.isprintable()), key=len, default=None)


def _beside(entry: opml.Entry, entries: Sequence[opml.Entry]) -> str | None:
    return entry.title if len(entries) > 1 else None


def export(config: Config, at: datetime) -> tuple[bytes, int]:
    """The config's feeds as OPML, and how many other sources no reader can take."""
    feeds: list[opml.Feed] = []
    others = 0
    for outlet in config.outlets.values():
        for source in outlet.sources:
            if source.kind is SourceKind.FEED:
                feeds.append(opml.Feed(outlet.name, source.url, outlet.home))
            else:
                others += 1
    return opml.write(feeds, "Presswatch", at), others
