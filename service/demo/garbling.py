"""Faults that break HTTP itself: bytes missing, late, endless or never sent.

Each takes the `Wire` of one connection and writes what it wants; the connection is
closed afterwards. A client that gives up ends them, as does `_ENOUGH`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.demo.web import (
    Request,
    Response,
    head_bytes,
    html_response,
    reset,
    response_bytes,
)

_ENOUGH = 1024 * 1024 * 1024  # bytes; nobody should take more from a stranger
_CHUNK = b"<p>The tide came in, and then it came in again.</p>\n" * 1000


@dataclass(frozen=True, slots=True)
class Wire:
    """One connection, the request on it, and the response it would have got."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    request: Request
    response: Response
    args: Mapping[str, Any] = field(default_factory=dict)

    async def send(self, data: bytes) -> None:
        """Write, and wait until the client has taken most of it."""
        self.writer.write(data)
        await self.writer.drain()

    async def client_gone(self) -> None:
        """Wait until the client closes its side."""
        while await self.reader.read(65536):
            pass

    @property
    def whole(self) -> bytes:
        """All bytes of the right response."""
        return response_bytes(self.request, self.response)


async def drop(wire: Wire) -> None:
    """`after` (0) bytes: a RST."""
    after: int = wire.args.get("after", 0)
    if after:
        await wire.send(wire.whole[:after])
        await asyncio.sleep(0.05)  # a RST overtakes bytes that are still on their way
    reset(wire.writer)


async def close(wire: Wire) -> None:
    """`after` (0) bytes: an orderly end in the wrong place."""
    await wire.send(wire.whole[: wire.args.get("after", 0)])


async def hang(wire: Wire) -> None:
    """`after` (0) bytes: silence until the client gives up."""
    await wire.send(wire.whole[: wire.args.get("after", 0)])
    await wire.client_gone()


async def drip(wire: Wire) -> None:
    """`rate` (10) bytes a second of the body, the head at once."""
    head = len(wire.whole) - len(wire.response.body)
    await wire.send(wire.whole[:head])
    await _dripped(wire, wire.whole[head:])


async def slow_headers(wire: Wire) -> None:
    """`rate` (10) bytes a second from the first byte on."""
    await _dripped(wire, wire.whole)


async def _dripped(wire: Wire, data: bytes) -> None:
    rate: float = wire.args.get("rate", 10)
    step = max(1, int(rate / 10))
    for start in range(0, len(data), step):
        await wire.send(data[start : start + step])
        await asyncio.sleep(step / rate)


async def short(wire: Wire) -> None:
    """`share` (0.5) of the body that Content-Length promises."""
    head = len(wire.whole) - len(wire.response.body)
    kept = int(len(wire.response.body) * wire.args.get("share", 0.5))
    await wire.send(wire.whole[: head + kept])


async def lying_length(wire: Wire) -> None:
    """`length` (100): a Content-Length that has nothing to do with the body."""
    head = head_bytes(wire.response, wire.args.get("length", 100))
    await wire.send(head + wire.response.body)


async def endless(wire: Wire) -> None:
    """`type` ("text/html"), `length` (none): a body without an end."""
    kind = wire.args.get("type", "text/html")
    head = Response(200, {"Content-Type": kind, "Connection": "close"})
    await wire.send(head_bytes(head, wire.args.get("length")))
    await _flooded(wire, _CHUNK)


async def header_flood(wire: Wire) -> None:
    """`bytes` (2) of each: headers without an end."""
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    line = b"X-Tide: " + b"i" * wire.args.get("bytes", 2) + b"\r\n"
    await _flooded(wire, line * (48_000 // len(line)))


async def header_line(wire: Wire) -> None:
    """`bytes` (1 MB): one header line that is too long."""
    size: int = wire.args.get("bytes", 1024 * 1024)
    await wire.send(b"HTTP/1.1 200 OK\r\nX-Tide: " + b"i" * size + b"\r\n")
    await wire.send(b"Content-Type: text/html\r\nContent-Length: 2\r\n\r\nok")


async def endless_1xx(wire: Wire) -> None:
    """Interim responses without an end."""
    await _flooded(wire, b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2000)


async def _flooded(wire: Wire, chunk: bytes) -> None:
    for _ in range(_ENOUGH // len(chunk)):
        await wire.send(chunk)


async def bad_chunk(wire: Wire) -> None:
    """Chunked coding that ends in the middle of a chunk."""
    head = html_response("").having(transfer_encoding="chunked")
    size = f"{len(wire.response.body):x}\r\n".encode()
    half = wire.response.body[: len(wire.response.body) // 2]
    await wire.send(head_bytes(head, None) + size + half)


async def garbage(wire: Wire) -> None:
    """`text` ("SSH-2.0-OpenSSH_9.6"): another protocol altogether."""
    text: str = wire.args.get("text", "SSH-2.0-OpenSSH_9.6\r\n")
    await wire.send(text.encode())


KINDS: Mapping[str, Callable[[Wire], Awaitable[None]]] = {
    kind.__name__: kind
    for kind in (
        drop,
        close,
        hang,
        drip,
        slow_headers,
        short,
        lying_length,
        endless,
        header_flood,
        header_line,
        endless_1xx,
        bad_chunk,
        garbage,
    )
}
