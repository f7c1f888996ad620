"""What bytes are that claim to be a page or a text but are neither.

Servers send PDFs and pictures as text/html, and people save them as .html. Follows
the signatures of the WHATWG MIME Sniffing standard, section 6; its rule for other
binary data (section 7.2) is too strict for pages with a stray control character. Its
sniffing of feeds (section 7.3) is widened to what else outlets list articles in.
"""

from __future__ import annotations

import json
import re
from typing import Final

_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"%!PS-Adobe-", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"ID3\x03", "an MP3 recording"),
    (b"ID3\x04", "an MP3 recording"),
    (b"OggS\x00", "an Ogg recording"),
    (b"\x1a\x45\xdf\xa3", "a WebM video"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b\x08", "gzipped more than once"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
#: `ftyp` of MP4 and its kin stands behind the box's length.
_BOX: Final = b"ftyp"

_LOOKED_AT: Final = 4096
#: The standard's binary data bytes. Text in any encoding of the web but UTF-16 and
#: UTF-32 has next to none; of random bytes they are a tenth.
_BINARY: Final = bytes(
    byte for byte in range(0x20) if byte not in b"\t\n\x0b\x0c\r\x0e\x0f\x1b"
)
_MOST_BINARY: Final = 1 / 50
_FEW: Final = 32
#: What may stand before the first element of XML.
_PROLOGUE: Final = re.compile(
    rb"(?:\xef\xbb\xbf|\s|<\?[^>]*\?>|<!--.{0,3000}?-->|<!DOCTYPE[^>\[]*>)*", re.DOTALL
)
_ROOT: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?([A-Za-z]{2,20})[\s>]")
_LISTS: Final = {
    b"rss": "a feed",
    b"feed": "a feed",
    b"rdf": "a feed",
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"opml": "a list of feeds",
}
#: How browsers save the XML that they show.
_SHOWN: Final = b"webkit-xml-viewer-source-xml"
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]")
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def foreign(body: bytes) -> str | None:
    """What `body` is, in plain words, if that is no text; None if it may be one."""
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            return name
    if body[4:8] == _BOX:
        return "a video (MP4)"
    head = body[:_LOOKED_AT]
    return "binary data" if _is_binary(head) else _list(head) or _json(body)


def _list(head: bytes) -> str | None:
    """What lists articles and is none: a feed or a sitemap, as XML."""
    if _is_wide(head):
        head = head.lstrip(b"\xff\xfe").replace(b"\0", b"")  # its tags are ASCII
    if _SHOWN in head:
        return "XML as a browser shows it"
    root = _ROOT.match(head, _end_of_prologue(head))
    return _LISTS.get(root[1].lower()) if root else None


def _end_of_prologue(head: bytes) -> int:
    found = _PROLOGUE.match(head)
    return found.end() if found else 0


def _json(body: bytes) -> str | None:
    if not _JSON.match(body):
        return None
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return None
    return "JSON"


def _is_binary(head: bytes) -> bool:
    if _is_wide(head):
        return False
    strange = len(head) - len(head.translate(None, _BINARY))
    return strange > max(_FEW, len(head) * _MOST_BINARY)


def _is_wide(head: bytes) -> bool:
    """Whether it is UTF-16 or UTF-32: by its mark, or every other byte is NUL."""
    if head.startswith(_WIDE_MARKS):
        return True
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return max(even, odd) > half * 0.7 and min(even, odd) < half * 0.6
