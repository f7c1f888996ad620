"""Several answers as one raw page, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.bundle import BadBundle, Part, is_bundle, pack, unpack

PAGE = Part("https://a.example/1", "text/html; charset=utf-8", b"<p>One</p>")

parts = st.lists(
    st.builds(
        Part,
        url=st.from_regex(r"https://a\.example/[a-z0-9]{0,9}", fullmatch=True),
        content_type=st.sampled_from([None, "text/html", "text/html; charset=x"]),
        body=st.binary(max_size=60) | st.just(b"\r\n--presswatch-0--\r\n\r\n"),
        whole=st.booleans(),
        missing=st.sampled_from([None, "failed, HTTP 503: überlastet"]),
    ),
    min_size=1,
    max_size=5,
)


@given(parts)
def test_what_goes_in_comes_out(given: list[Part]) -> None:
    body, content_type = pack(given)
    assert is_bundle(content_type)
    assert unpack(body, content_type) == tuple(given)
    assert pack(given) == (body, content_type)  # so that equal pages are kept once


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/html", "multipart/related; boundary=abc", "text/html; boundary=x"],
)
def test_what_servers_send_is_no_bundle(content_type: str | None) -> None:
    assert not is_bundle(content_type)


@pytest.mark.parametrize("cut", [0, 10, 40, 90])
def test_a_cut_bundle_is_said_to_be_one(cut: int) -> None:
    body, content_type = pack([PAGE])
    with pytest.raises(BadBundle):
        unpack(body[:cut], content_type)


def test_a_header_cannot_be_smuggled_in() -> None:
    body, content_type = pack([Part("https://a.example/\r\nX-Evil: 1", None, b"")])
    (part,) = unpack(body, content_type)
    assert part.url == "https://a.example/ X-Evil: 1"
