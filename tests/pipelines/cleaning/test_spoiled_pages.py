"""Pages that were damaged on the way: cleaned as far as they go, never a crash."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import spoiled

from pipelines.reading import PageInput, read_page

WHOLE = [
    path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "pages").glob("*/page.html"))
]
TYPES = (None, "text/html", "text/html; charset=shift_jis", "application/xhtml+xml")


@given(body=spoiled(WHOLE), said=st.sampled_from(TYPES))
@settings(max_examples=50, deadline=None)
def test_no_damage_is_a_crash(body: bytes, said: str | None) -> None:
    found = read_page(PageInput(body, url="https://a.example/x", content_type=said))
    cleaned = found.cleaned
    text = cleaned.text
    text.encode()  # no lone surrogates
    assert "\0" not in text
    assert cleaned.outcome is None or cleaned.detail
    places = [each.at for each in (*cleaned.paragraphs, *cleaned.removed)]
    assert len(places) == len(set(places))
