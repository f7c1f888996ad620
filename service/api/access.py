"""Who may come in: by token, by name, and not by way of another site. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from config.console import Console, is_loopback
from service.api.problems import Problem

#: Methods that change nothing (RFC 9110, 9.2.1).
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: What programs call; people's pages are everything else.
API = "/v1/"


@dataclass(frozen=True, slots=True)
class Access:
    """What a request has to show. `digests` are of the tokens; none: no token is asked.

    `hosts` are the names that the service answers to, None for any.
    """

    digests: tuple[bytes, ...] = ()
    hosts: frozenset[str] | None = None

    @classmethod
    def of(cls, console: Console, tokens: tuple[str, ...]) -> Access:
        """The rules for a config and the tokens it names.

        With tokens any name will do: a page of another site knows none of them.
        """
        if tokens:
            return cls(tuple(_digest(token.encode()) for token in tokens))
        return cls((), frozenset(console.hosts))

    def refuse(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> Problem | None:
        """Why a request may not come in, if so. Header names are lower case."""
        return (
            self._by_host(headers)
            or self._by_token(method, path, headers)
            or _by_origin(method, headers)
        )

    def _by_host(self, headers: Mapping[str, str]) -> Problem | None:
        if self.hosts is None:
            return None
        host = hostname(headers.get("host", ""))
        if is_loopback(host) or host in self.hosts:
            return None
        step = "ask for localhost, or add the name to console.hosts"
        return Problem("wrong-host", f"this is not {host[:100] or 'nameless'}", step)

    def _by_token(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> Problem | None:
        if not self.digests:
            return None
        basic = not path.startswith(API) and method in SAFE
        token = _token(headers.get("authorization", ""), basic=basic)
        if token is not None and self._knows(token):
            return None
        scheme = "Basic" if basic and not _wants_json(headers) else "Bearer"
        challenge = {"WWW-Authenticate": f'{scheme} realm="Presswatch"'}
        words = "there is no token in the request" if token is None else "unknown token"
        step = "send Authorization: Bearer TOKEN"
        return Problem("no-token", words, step, headers=challenge)

    def _knows(self, token: bytes) -> bool:
        """Whether it is one of the tokens, in a time that says nothing about them."""
        digest = _digest(token)
        known = [hmac.compare_digest(digest, each) for each in self.digests]
        return any(known)


def hostname(host: str) -> str:
    """The name in a Host header, without its port and brackets, in lower case."""
    name, _, port = host.rpartition(":")
    bare = name if name and port.isdigit() else host
    return bare.strip("[]").rstrip(".").lower()


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _token(authorization: str, *, basic: bool) -> bytes | None:
    """The token in the header; as the password of a browser's dialogue, if `basic`.

    Browsers send the password along by themselves, also when another site makes
    them: so never for what changes something.
    """
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("latin-1", "replace")
    if basic and scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return None
    return None


def _wants_json(headers: Mapping[str, str]) -> bool:
    return "html" not in headers.get("accept", "")


def _by_origin(method: str, headers: Mapping[str, str]) -> Problem | None:
    """Browsers say where a page's request comes from; no program sends these."""
    if method in SAFE:
        return None
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site", "same-origin")
    own = headers.get("host", "")
    foreign = origin is not None and origin.partition("://")[2] != own
    if not foreign and site in ("same-origin", "none"):
        return None
    return Problem("cross-site", f"this comes from {(origin or site)[:100]}")
