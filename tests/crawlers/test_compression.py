"""Content-Encoding: every stream to its end, none past the cap."""

from __future__ import annotations

import contextlib
import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawlers.compression import BodyTooLarge, BrokenBody, decode

TEXT = "".join(f"Sentence number {n} of the story. " for n in range(4000)).encode()
CAP = 10_000_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODECS = [
    pytest.param("gzip", gzip.compress, id="gzip"),
    pytest.param("x-gzip", gzip.compress, id="x-gzip"),
    pytest.param("deflate", zlib.compress, id="zlib"),
    pytest.param("deflate", raw_deflate, id="raw deflate"),
    pytest.param("br", brotli.compress, id="brotli"),
    pytest.param("zstd", zstd.compress, id="zstd"),
]


@pytest.mark.parametrize(("name", "compress"), CODECS)
def test_round_trip(name: str, compress) -> None:
    assert decode(compress(TEXT), [name], CAP) == TEXT


@pytest.mark.parametrize(("name", "compress"), CODECS)
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_stream_cut_short_is_broken_not_shorter(
    name: str, compress, share: float
) -> None:
    body = compress(TEXT)
    cut = min(int(len(body) * share), len(body) - 1)
    with pytest.raises(BrokenBody):
        decode(body[:cut], [name], CAP)


@pytest.mark.parametrize(("name", "compress"), CODECS)
def test_a_bomb_stops_at_the_cap(name: str, compress) -> None:
    with pytest.raises(BodyTooLarge):
        decode(compress(bytes(30_000_000)), [name], 1_000_000)


def test_encodings_are_undone_last_first() -> None:
    body = brotli.compress(gzip.compress(TEXT))
    assert decode(body, ["gzip", "br"], CAP) == TEXT


def test_a_nested_bomb_stops_at_the_cap() -> None:
    body = gzip.compress(gzip.compress(bytes(30_000_000)))
    with pytest.raises(BodyTooLarge):
        decode(body, ["gzip", "gzip"], 1_000_000)


def test_fifty_encodings_are_refused_unread() -> None:
    with pytest.raises(BrokenBody, match="50 content encodings"):
        decode(TEXT, ["gzip"] * 50, CAP)


@pytest.mark.parametrize("name", ["identity", ""])
def test_no_encoding(name: str) -> None:
    assert decode(TEXT, [name], CAP) == TEXT


def test_plain_text_that_is_called_gzip_is_taken_as_it_is() -> None:
    assert decode(TEXT, ["gzip"], CAP) == TEXT


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(BrokenBody, match="'compress'"):
        decode(TEXT, ["compress"], CAP)


def test_an_empty_body_is_empty() -> None:
    assert decode(b"", ["gzip"], CAP) == b""


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_garbage_never_raises_anything_else(body: bytes, name: str) -> None:
    with contextlib.suppress(BrokenBody, BodyTooLarge):
        decode(b"\x1f\x8b" + body if name == "gzip" else body, [name], 10_000)
