"""Just enough HTTP/1.1 (RFC 9112) to be a newspaper's server, and to be a bad one.

Written on asyncio streams because faults need each byte under control. One request
after another on a connection, bodies with Content-Length, no request trailers.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

_ABSOLUTE = re.compile(r"https?://[^/?]*", re.IGNORECASE)
_HEAD_LIMIT = 256 * 1024
_GZIP_FROM = 500  # bytes; below, compressing costs more than it saves


class BadRequest(Exception):
    """What came in is not a request this server understands."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are lower case, `target` is path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def keeps_alive(self) -> bool:
        """False if the client closes after this request."""
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it is meant; a fault may still garble its bytes."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def having(self, **headers: str) -> Response:
        """The same with further headers; `content_type` stands for Content-Type."""
        named = {
            name.replace("_", "-").title(): value for name, value in headers.items()
        }
        return replace(self, headers={**self.headers, **named})


def text_response(text: str, content_type: str, charset: str = "utf-8") -> Response:
    """A 200 in a charset; what it cannot say becomes a character reference."""
    body = text.encode(charset, "xmlcharrefreplace")
    return Response(200, {"Content-Type": f"{content_type}; charset={charset}"}, body)


def html_response(text: str, charset: str = "utf-8") -> Response:
    """A 200 of a page."""
    return text_response(text, "text/html", charset)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequest("request head over 256 KiB") from error
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    try:
        method, target, _ = first.split(" ")
    except ValueError as error:
        raise BadRequest(f"not a request line: {first[:80]!r}") from error
    if match := _ABSOLUTE.match(target):  # as proxies are asked; RFC 9112, 3.2.2
        target = target[match.end() :] or "/"
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


def compressed(request: Request, response: Response) -> Response:
    """The response gzipped, if the client accepts it and it is worth it."""
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    done = "Content-Encoding" in response.headers or len(response.body) < _GZIP_FROM
    if done or not accepts:
        return response
    squeezed = replace(response, body=gzip.compress(response.body, 6, mtime=0))
    return squeezed.having(content_encoding="gzip", vary="Accept-Encoding")


def head_bytes(response: Response, length: int | None) -> bytes:
    """Status line and headers, with a Content-Length unless `length` is None."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def response_bytes(request: Request, response: Response) -> bytes:
    """All bytes of a response; a HEAD and a 304 have no body."""
    if response.status == HTTPStatus.NOT_MODIFIED:
        return head_bytes(response, None)
    head = head_bytes(response, len(response.body))
    return head if request.method == "HEAD" else head + response.body


def reset(writer: asyncio.StreamWriter) -> None:
    """Tear the connection down with a RST instead of a FIN."""
    handle = writer.get_extra_info("socket")
    if handle is not None:
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def start_server(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tls: ssl.SSLContext | None = None,
) -> asyncio.Server:
    """Listen on a free port of 127.0.0.1."""
    return await asyncio.start_server(
        handler, "127.0.0.1", 0, limit=_HEAD_LIMIT, ssl=tls
    )
