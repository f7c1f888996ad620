"""Bytes that are no text are told from text in any encoding."""

from __future__ import annotations

import hashlib
import zlib

import pytest

from pipelines.sniffing import foreign

NOISE = hashlib.shake_128(b"noise").digest(5000)
TEXTS = {
    "utf-8": "Die Fähre fuhr am Dienstag später ab, weil der Wind zunahm. " * 9,
    "cp1251": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "koi8-r": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "cp932": "フェリーは火曜日、強風のため遅れて出港した。" * 20,
    "iso2022_jp": "フェリーは火曜日、強風のため遅れて出港した。" * 20,
    "gb18030": "渡轮星期二因大风推迟出发。" * 20,
    "utf-16": "Паром отошёл во вторник позже из-за сильного ветра. " * 9,
    "utf-16-le": "The ferry left late on Tuesday as the wind rose. " * 9,
    "utf-16-be": "The ferry left late on Tuesday as the wind rose. " * 9,
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_text_is_no_binary_data(encoding: str) -> None:
    text = TEXTS[encoding]
    assert foreign(text.encode(encoding)) is None
    assert foreign(f"<html><p>{text}</p></html>".encode(encoding)) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00a\x01b\x02", id="a short text with damage"),
        pytest.param(b"<p>A \x01stray\x02 control\x03</p>" * 3, id="stray controls"),
        pytest.param(b"PK is what players call him. " * 9, id="a word like a mark"),
    ],
)
def test_damaged_text_stays_text(body: bytes) -> None:
    assert foreign(body) is None


@pytest.mark.parametrize(
    ("body", "word"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG", id="jpeg"),
        pytest.param(b"\x00\x00\x00\x20ftypisom", "MP4", id="mp4"),
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00", "ZIP", id="zip"),
        pytest.param(NOISE, "binary", id="random bytes"),
        pytest.param(bytes(5000), "binary", id="zeros"),
        pytest.param(zlib.compress(NOISE), "binary", id="deflated"),
    ],
)
def test_what_is_no_text_is_named(body: bytes, word: str) -> None:
    assert word in (foreign(body) or "")
