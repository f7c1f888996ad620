"""What feeds, sitemaps and section pages list: bytes become candidates. Pure."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from crawlers.discovery import feed, jsonfeed, section, sitemap
from crawlers.discovery.body import NotAListing, text_of
from crawlers.discovery.markup import parse as parse_markup
from pipelines.candidate import Listing

__all__ = ["NotAListing", "read"]


def read(
    kind: str,
    body: bytes,
    url: str,
    content_type: str | None,
    *,
    sites: Collection[str] = (),
) -> Listing:
    """What the source of `kind` (feed, sitemap or section) at `url` lists.

    Whatever the kind, feeds and sitemaps are taken where they turn up: some outlets
    serve RSS under the address of a sitemap. Section pages list links to `sites` only
    (as `pipelines.urls.site` names them; the page's own if none is given). Raises
    `NotAListing`.
    """
    if kind != "section":
        return _feed_or_sitemap(body, url, content_type)
    try:
        return section.parse(body, url, content_type, sites=sites)
    except NotAListing:
        with suppress(NotAListing):
            return _feed_or_sitemap(body, url, content_type)
        raise


def _feed_or_sitemap(body: bytes, url: str, content_type: str | None) -> Listing:
    """What a feed or a sitemap lists, whichever it is."""
    text = text_of(body, content_type)
    if text.startswith(("{", "[")):
        return jsonfeed.read(text, url)
    if sitemap.is_plain(text):
        return sitemap.read_plain(text, url)
    tree = parse_markup(text, url)
    return sitemap.read(tree, url) if tree.is_sitemap else feed.read(tree, url)
