"""OPML, the format in which feed readers exchange their feeds: read and written. Pure.

Read leniently, as readers write it: outlines nested in folders to any depth, `text`
or `title`, `xmlUrl` in any case. Written as OPML 2.0 (opml.org/spec2.opml).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from lxml import etree

#: No subscription list is larger; a file of this size is something else.
MOST_BYTES: Final = 20 * 1024 * 1024


class OpmlError(ValueError):
    """The file is no OPML; `line` says where that shows."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One feed: its address as written, its name and site, the folders it is in.

    `line` is where it stands in the file.
    """

    feed: str
    title: str | None
    home: str | None
    folders: tuple[str, ...]
    line: int


def parse(body: bytes) -> list[Entry]:
    """The feeds of a file in its order. Raises OpmlError."""
    if len(body) > MOST_BYTES:
        raise OpmlError(f"is larger than {MOST_BYTES >> 20} MB")
    if not body.strip():
        raise OpmlError("is empty")
    root = _root(body)
    if root is None or _name(root) != "opml":
        found = "nothing" if root is None else f"<{_name(root)}>"
        line = None if root is None else root.sourceline
        raise OpmlError(f"is no OPML: it begins with {found}, not <opml>", line)
    return list(_entries(root))


def _root(body: bytes) -> Any:
    # No entities and nothing from outside: these files are passed around.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0] if error.position else None
        raise OpmlError(f"is no XML: {error.msg}", line) from error


def _entries(root: Any) -> Iterator[Entry]:
    """Walks the outlines without recursion: a file may nest them ten thousand deep."""
    folders: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if _name(element) != "outline":
            continue
        said = {str(k).lower(): str(v).strip() for k, v in element.attrib.items()}
        if event == "end":
            if not said.get("xmlurl"):
                folders.pop()
            continue
        name = said.get("text") or said.get("title") or None
        if not said.get("xmlurl"):
            folders.append(name or "")
            continue
        yield Entry(
            feed=_web(said["xmlurl"]),
            title=said.get("title") or name,
            home=said.get("htmlurl") or None,
            folders=tuple(folder for folder in folders if folder),
            line=element.sourceline or 0,
        )


def _web(url: str) -> str:
    """A URL as it is asked for: `feed:` only says which program is to open it."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() != "feed":
        return url
    return f"http:{rest}" if rest.startswith("//") else rest


def _name(element: Any) -> str:
    tag = element.tag
    return etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be written; `name` is its outlet's."""

    name: str
    url: str
    home: str


def write(feeds: Iterable[Feed], title: str, at: datetime) -> bytes:
    """An OPML 2.0 document of the feeds, as readers import it."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(at)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=feed.name,
            title=feed.name,
            xmlUrl=feed.url,
            htmlUrl=feed.home,
        )
    return bytes(
        etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    )
