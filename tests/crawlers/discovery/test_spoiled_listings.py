"""Listings that were damaged on the way: read as far as they go, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import spoiled

from crawlers import discovery

HERE = Path(__file__).parent
WHOLE = {
    kind: [path.read_bytes() for path in sorted((HERE / folder).iterdir())]
    for kind, folder in (
        ("feed", "documents"),
        ("sitemap", "documents"),
        ("section", "sections"),
    )
}
TYPES = (None, "text/html", "application/xml; charset=cp1251", "application/json")


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data(), said=st.sampled_from(TYPES))
@settings(max_examples=60, deadline=None)
def test_no_damage_is_a_crash(
    kind: discovery.SourceKind, data: st.DataObject, said: str | None
) -> None:
    body = data.draw(spoiled(WHOLE[kind]))
    url = "https://www.courier.example/news/"
    sites = frozenset({"courier.example"})
    try:
        found = discovery.read(kind, body, url, said, sites=sites)
    except discovery.NotAListing:
        return
    for candidate in found.candidates:
        assert candidate.url.startswith(("http://", "https://"))
        for text in (candidate.title, *candidate.authors, candidate.url):
            (text or "").encode()  # no lone surrogates
    assert all(rejected.reason for rejected in found.rejected)
