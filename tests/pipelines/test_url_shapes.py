"""In what two spellings of an address differ."""

from __future__ import annotations

import pytest

from pipelines.url_shapes import Shape, between

URL = "https://www.news.example/World/story-1?id=7&ed=int"


@pytest.mark.parametrize(
    ("other", "shape"),
    [
        ("http://www.news.example/World/story-1?id=7&ed=int", "scheme"),
        ("https://news.example/World/story-1?id=7&ed=int", "www"),
        ("https://www.news.example/World/story-1/?id=7&ed=int", "slash"),
        ("https://www.news.example/world/story-1?id=7&ed=int", "case"),
        ("https://www.news.example/World/Story-1?id=7&ed=int", "case"),
        ("https://www.news.example/World/story-1?id=7", "parameter ed"),
        ("https://www.news.example/World/story-1?id=7&ed=us", None),
        ("https://www.news.example/World/story-1?id=8&ed=us", None),
        ("https://www.news.example/World/story-2?id=7&ed=int", None),
        ("http://news.example/World/story-1?id=7&ed=int", None),
        (URL, None),
    ],
)
def test_between(other: str, shape: str | None) -> None:
    assert between(URL, other) == shape
    assert between(other, URL) == shape


@pytest.mark.parametrize(
    ("same", "different", "learnt"),
    [(2, 0, False), (3, 0, True), (30, 2, False), (40, 2, True)],
)
def test_what_is_learnt(same: int, different: int, learnt: bool) -> None:
    assert Shape("slash", same, different, URL).is_learnt is learnt
