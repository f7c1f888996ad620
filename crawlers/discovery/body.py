"""The text of a listing's bytes, unpacked and decoded, or the reason why there is none.

A `.xml.gz` that a server sends as a plain file is unpacked here, by its first bytes;
what HTTP packed, the downloader has unpacked already.
"""

from __future__ import annotations

import zlib
from typing import Final

from pipelines.charset import decode
from pipelines.document import printable

#: The limit of sitemaps.org for an unpacked sitemap, and more than any feed.
LARGEST: Final = 50_000_000

_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS


class NotAListing(ValueError):
    """A body that lists nothing because of what it is; says in plain words what."""


def text_of(body: bytes, content_type: str | None, largest: int = LARGEST) -> str:
    """`body` as text without control characters and without white space around it.

    Raises `NotAListing` for an empty body, one that is or unpacks to more than
    `largest` bytes, and one whose compressed data is cut off or damaged.
    """
    if body.startswith(_GZIP_MAGIC):
        body = _unpacked(body, largest)
    if len(body) > largest:
        raise NotAListing(f"larger than {largest // 1_000_000} MB")
    text = printable(decode(body, content_type)[0]).strip("\ufeff \t\r\n")
    if not text:
        raise NotAListing("empty")
    return text


def _unpacked(body: bytes, largest: int) -> bytes:
    """The gzip members in `body`, one after the other (RFC 1952)."""
    unpacked = bytearray()
    while body.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            unpacked += member.decompress(body, largest + 1 - len(unpacked))
        except zlib.error as error:
            raise NotAListing("damaged gzip data") from error
        if len(unpacked) > largest:
            raise NotAListing(f"unpacks to more than {largest // 1_000_000} MB")
        if not member.eof:
            raise NotAListing("incomplete: the gzip data ends early")
        body = member.unused_data
    return bytes(unpacked)
