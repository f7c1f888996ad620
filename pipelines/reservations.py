"""What a page reserves: no copies, no use by machines. Pure.

Robots meta elements and `X-Robots-Tag` (noarchive, noai, noimageai), and the TDM
Reservation Protocol of the W3C's community group: `tdm-reservation` as a meta element
or a header, and `/.well-known/tdmrep.json` for a whole host. Whether any of it is
obeyed is the operator's to say (`respect`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

#: Words of robots meta elements and headers, and the signal each is.
_WORDS: Final = {
    "noarchive": "noarchive",
    "nocache": "noarchive",
    "noai": "noai",
    "noimageai": "noai",
}
#: The robot's name by which rules for one robot are ours, unless configured otherwise.
OURS: Final = "presswatch"
NOARCHIVE, NOAI, TDM = "noarchive", "noai", "tdm"
_ROBOTS: Final = "robots"
#: A rule for one robot in a header: `googlebot: noarchive, noindex`.
_FOR_ONE = re.compile(r"^\s*([a-z][\w-]*)\s*:\s*(.*)$", re.IGNORECASE)
#: Rules that have a value of their own after a colon, and are no robot's name.
_VALUED: Final = frozenset(
    {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
)

Reserved = dict[str, str]  # signal -> where it was said


def of_page(tree: HtmlElement, headers: Mapping[str, str], robot: str = "") -> Reserved:
    """What a page and its headers (names in lower case) reserve, and where.

    `robot` is the product token by which rules for one robot are ours.
    """
    found: Reserved = {}
    for signal, where in (*_headers(headers, robot), *_metas(tree, robot)):
        found.setdefault(signal, where)
    return found


def _headers(headers: Mapping[str, str], robot: str) -> Iterator[tuple[str, str]]:
    for signal in _rules(headers.get("x-robots-tag", ""), robot):
        yield signal, "header X-Robots-Tag"
    if _is_one(headers.get("tdm-reservation")):
        yield TDM, "header tdm-reservation"


def _metas(tree: HtmlElement, robot: str) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        name = (meta.get("name") or "").strip().lower()
        content = meta.get("content") or ""
        if name == _ROBOTS or (robot and name == robot.lower()):
            for signal in _words(content.split(",")):
                yield signal, f"meta {name}"
        elif name == "tdm-reservation" and _is_one(content):
            yield TDM, "meta tdm-reservation"


def _rules(header: str, robot: str) -> Iterator[str]:
    """The signals of an X-Robots-Tag; of rules for one robot, only those for us."""
    ours = True
    for part in header.split(","):
        named = _FOR_ONE.match(part)
        if named and named[1].lower() not in _VALUED:
            ours = bool(robot) and named[1].lower() == robot.lower()
        if ours:
            yield from _words([named[2] if named else part])


def _words(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        signal = _WORDS.get(part.strip().lower())
        if signal is not None:
            yield signal


def _is_one(value: str | None) -> bool:
    return value is not None and value.strip() == "1"


def by_host(document: bytes, url: str) -> bool:
    """Whether a host's tdmrep.json reserves a URL. Junk reserves nothing.

    Its rules are read in order, and the first whose `location` matches counts;
    `*` stands for anything, `$` at the end for the end.
    """
    try:
        rules = json.loads(document)
    except (ValueError, RecursionError):
        return False
    path = urlsplit(url).path or "/"
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, dict) and _matches(rule.get("location"), path):
            return _is_one(str(rule.get("tdm-reservation")))
    return False


def _matches(location: Any, path: str) -> bool:
    if not isinstance(location, str) or len(location) > 2_000:
        return False
    whole = location.endswith("$")
    pieces = location.removesuffix("$").split("*")
    return _in_order(pieces, path, whole=whole)


def _in_order(pieces: list[str], path: str, *, whole: bool) -> bool:
    """Whether the pieces stand in a path in order, the first at its start.

    Without backtracking, so that no pattern takes long.
    """
    first, *others = pieces
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in others[:-1] if whole and others else others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not whole:
        return True
    if not others:
        return at == len(path)
    return len(path) - at >= len(others[-1]) and path.endswith(others[-1])
