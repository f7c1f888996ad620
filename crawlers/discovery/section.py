"""Article links of a section page."""

from __future__ import annotations

from collections.abc import Collection

from crawlers.discovery.body import NotAListing
from pipelines.candidate import Listing


def parse(
    body: bytes, url: str, content_type: str | None, *, sites: Collection[str]
) -> Listing:
    """Not there yet."""
    raise NotAListing("section pages cannot be read yet")
