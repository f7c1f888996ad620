"""Addresses that differ in spelling alone, and may lead to one page. Pure.

Only the server knows whether `http`, `www.`, a trailing slash, capitals or a parameter
matter. What an outlet has shown by giving the same text again and again is learnt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

#: Pages that were the same under two spellings, from which on a shape is learnt, and
#: how many of them outweigh one that was another page.
ENOUGH: Final = 3
OUTWEIGH: Final = 20

SCHEME: Final = "scheme"
WWW: Final = "www"
SLASH: Final = "slash"
CASE: Final = "case"
PARAMETER: Final = "parameter "


@dataclass(frozen=True, slots=True)
class Shape:
    """What two spellings differ in, and what came of it.

    `name` is scheme, www, slash, case or `parameter NAME`. `example` is an address that
    gave the `same` text as another one, or last a `different` one.
    """

    name: str
    same: int
    different: int
    example: str

    @property
    def is_learnt(self) -> bool:
        """Whether addresses of the outlet that differ in that are one."""
        return self.same >= max(ENOUGH, OUTWEIGH * self.different)


def spellings(url: str) -> Iterator[tuple[str, str]]:
    """(shape, URL): every other spelling, by the one thing that differs."""
    parts = urlsplit(url)
    yield SCHEME, _with(parts, scheme="http" if parts.scheme == "https" else "https")
    bare = parts.netloc.removeprefix("www.")
    yield WWW, _with(parts, netloc=bare if bare != parts.netloc else f"www.{bare}")
    if parts.path != "/":
        slashed = parts.path.endswith("/")
        path = parts.path.rstrip("/") if slashed else f"{parts.path}/"
        yield SLASH, _with(parts, path=path)
    if parts.path != parts.path.lower():
        yield CASE, _with(parts, path=parts.path.lower())
    pieces = parts.query.split("&") if parts.query else []
    for at, piece in enumerate(pieces):
        rest = "&".join(pieces[:at] + pieces[at + 1 :])
        yield f"{PARAMETER}{piece.partition('=')[0]}", _with(parts, query=rest)


def between(url: str, other: str) -> str | None:
    """The one thing in which two addresses differ; None if it is more, or nothing."""
    if url == other:
        return None
    for one, that in ((url, other), (other, url)):
        for shape, spelt in spellings(one):
            if spelt == that:
                return shape
    return CASE if url.lower() == other.lower() else None


def _with(parts: SplitResult, **changed: str) -> str:
    return parts._replace(**changed).geturl()
