"""Bytes as a broken server, proxy or editor leaves them: what hostile tests draw."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

#: What turns up where it does not belong.
_PIECES = (
    *(b"<", b">", b"&", b"\0", b"\xff", b"\xe9", b"]]>", b"<![CDATA[", b"<!--", b"-->"),
    *(b"<!DOCTYPE x [", b"<?xml?>", b"&#xD800;", b"&#0;", b"&x;", b'"', b"{", b"[1,"),
    *(b"</p>", b"<table><tr>", b"<p><p>", b"<script>", b"<svg>", b"\r\n\r\n", b"\\u"),
    *(b"\xed\xa0\x80", b"\xfe\xff", b"\xef\xbb\xbf", b"<link>", b"<item>", b"<url>"),
)


@st.composite
def spoiled(draw: st.DrawFn, whole: Sequence[bytes]) -> bytes:
    """One of the bytes, cut, doubled or added to in up to five places."""
    body = draw(st.sampled_from(whole))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(body)))
        end = min(len(body), at + draw(st.integers(0, 400)))
        pieces = b"".join(draw(st.lists(st.sampled_from(_PIECES), max_size=4)))
        often, again = draw(st.sampled_from((1, 1, 1, 40))), draw(st.integers(0, 2))
        tail = b"" if draw(st.integers(0, 9)) == 9 else body[end:]
        body = body[:at] + body[at:end] * again + pieces * often + tail
    return body
