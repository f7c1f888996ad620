"""Which URL an article goes by."""

from __future__ import annotations

import pytest

from pipelines.identity import Identity, identify

HOME = "https://www.news.example/"
SOURCES = ("https://www.news.example/world", "https://feeds.news.example/rss")
STORY = "https://www.news.example/world/story-12345"


@pytest.mark.parametrize(
    ("final", "declared", "expected"),
    [
        pytest.param(STORY, None, Identity(STORY, False), id="none declared"),
        pytest.param(STORY, STORY, Identity(STORY, False), id="itself"),
        pytest.param(STORY + "#c", STORY, Identity(STORY, False), id="normalised"),
        pytest.param(
            STORY + "?page=2", STORY, Identity(STORY, True), id="own host: believed"
        ),
        pytest.param(
            STORY,
            "https://news.example/world/story-12345",
            Identity("https://news.example/world/story-12345", True),
            id="www or not is the same host",
        ),
        pytest.param(
            STORY,
            "https://agency.example/story",
            Identity(STORY, False),
            id="another host is evidence, no identity",
        ),
        pytest.param(STORY, HOME, Identity(STORY, False), id="the home page"),
        pytest.param(
            STORY, "https://news.example/", Identity(STORY, False), id="the root"
        ),
        pytest.param(STORY, SOURCES[0], Identity(STORY, False), id="a section"),
    ],
)
def test_identify(final: str, declared: str | None, expected: Identity) -> None:
    assert identify(final, declared, HOME, SOURCES) == expected
