"""What a feed says of itself beside its entries: how often to ask, where it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from crawlers.discovery.markup import Element, name
from pipelines.urls import UrlError, absolute

#: RSS 1.0's syndication module.
_PERIODS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
#: RFC 5005: the rest of a feed in pages, or in archives. The first that is there.
_FURTHER: Final = ("next", "prev-archive")
_MOST_MINUTES: Final = 366 * 24 * 60


def ttl(channel: Element) -> timedelta | None:
    """How long the feed wants to be left alone: RSS's `ttl`, or `sy:updatePeriod`."""
    minutes = _number(_said(channel, "ttl"))
    if minutes:
        return timedelta(minutes=min(minutes, _MOST_MINUTES))
    period = _PERIODS.get((_said(channel, "module:updateperiod") or "").lower())
    times = _number(_said(channel, "module:updatefrequency")) or 1
    return None if period is None else period / times


def further(channel: Element, url: str) -> str | None:
    """Where the feed goes on with older entries, if it says so."""
    links = {each.get("rel"): each for each in channel if name(each) == "link"}
    found = (links[rel] for rel in _FURTHER if rel in links)
    return next(filter(None, (_address(each, url) for each in found)), None)


def _address(link: Element, url: str) -> str | None:
    return address(link.get("href"), link.base or url)


def address(text: str | None, base: str) -> str | None:
    """An address that a feed gives, made absolute; None if it is none."""
    try:
        return absolute(text.strip(), base) if text else None
    except UrlError:
        return None


def _said(channel: Element, wanted: str) -> str | None:
    return next(_texts(channel, wanted), None)


def _texts(channel: Element, wanted: str) -> Iterator[str]:
    for child in channel:
        if name(child) == wanted and child.text:
            yield child.text.strip()


def _number(text: str | None) -> int | None:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else None
