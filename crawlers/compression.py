"""Content-Encoding, strictly: a body that ends early is not a shorter body.

Scrapy's own decoder returns what it could read of a truncated stream; stored, that
would be a false revision. Here a stream must reach its end.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli
from backports import zstd

#: RFC 9110 allows a list of encodings; more than this is an attack.
MOST_ENCODINGS = 3
_STEP = 1 << 16


class BrokenBody(ValueError):
    """The stream is cut off or is not what its header says."""


class BodyTooLarge(ValueError):
    """The decoded body passes the cap."""


class _Stream(Protocol):
    def feed(self, data: bytes) -> bytes: ...
    def finished(self) -> bool: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    def feed(self, data: bytes) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, _STEP)

    def finished(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data, output_buffer_limit=_STEP))

    def finished(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor()

    def feed(self, data: bytes) -> bytes:
        return bytes(self._stream.decompress(data, _STEP))

    def finished(self) -> bool:
        return bool(self._stream.eof)


def decode(body: bytes, encodings: list[str], most: int) -> bytes:
    """The body with its encodings undone, last applied first.

    Raises BrokenBody, or BodyTooLarge past `most` bytes of output.
    """
    if len(encodings) > MOST_ENCODINGS:
        raise BrokenBody(f"{len(encodings)} content encodings")
    for encoding in reversed(encodings):
        body = _decode(body, encoding, most)
    return body


def _decode(body: bytes, encoding: str, most: int) -> bytes:
    if encoding in ("identity", "") or not body:
        return body
    if encoding in ("gzip", "x-gzip") and body[:2] != b"\x1f\x8b":
        return body  # a server that says gzip and sends plain text: seen often
    if encoding == "deflate" and not _has_zlib_header(body):
        return _drain(_Zlib(-zlib.MAX_WBITS), body, most)
    stream = _stream(encoding)
    return _drain(stream, body, most)


def _stream(encoding: str) -> _Stream:
    if encoding in ("gzip", "x-gzip"):
        return _Zlib(zlib.MAX_WBITS | 16)
    if encoding == "deflate":
        return _Zlib(zlib.MAX_WBITS)
    if encoding == "br":
        return _Brotli()
    if encoding == "zstd":
        return _Zstd()
    raise BrokenBody(f"unknown content encoding {encoding!r}")


def _has_zlib_header(body: bytes) -> bool:
    # RFC 1950: CM is 8 and the first two bytes are a multiple of 31; servers that
    # send raw deflate (RFC 1951) instead do not have it.
    return body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _drain(stream: _Stream, body: bytes, most: int) -> bytes:
    out = bytearray()
    pending = body
    try:
        while not stream.finished():
            chunk = stream.feed(pending)
            if not chunk and not pending and not stream.finished():
                raise BrokenBody("the compressed body ends early")
            pending = b""
            out += chunk
            if len(out) > most:
                raise BodyTooLarge(f"over {most} bytes when decompressed")
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise BrokenBody(f"the compressed body is broken: {error}") from error
    return bytes(out)
