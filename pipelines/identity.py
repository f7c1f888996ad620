"""Which URL an article goes by. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines import urls


@dataclass(frozen=True, slots=True)
class Identity:
    """The article's URL. `alias` says that the page was served under another one."""

    url: str
    alias: bool


def identify(
    final_url: str, declared: str | None, home: str, sources: Collection[str]
) -> Identity:
    """The normalised final URL, or rel=canonical where it can be believed.

    It is believed only on the outlet's own host, and never when it names the home
    page, a source or the root: some sites point every page there.
    """
    final = _canonical(final_url)
    if declared is None or declared == final:
        return Identity(final, alias=False)
    own = {_bare(final), _bare(home)}
    if _bare(declared) not in own or _is_front(declared, home, sources):
        return Identity(final, alias=False)
    return Identity(declared, alias=True)


def _canonical(url: str) -> str:
    try:
        return urls.canonical(url)
    except urls.UrlError:
        return url


def _bare(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _is_front(url: str, home: str, sources: Collection[str]) -> bool:
    fronts = {front.rstrip("/") for front in (home, *sources)}
    parts = urlsplit(url)
    return url.rstrip("/") in fronts or (parts.path in ("", "/") and not parts.query)
