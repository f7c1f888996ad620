"""Links as people type them."""

from __future__ import annotations

import pytest

from pipelines.urls import UrlError
from service.links import spellings, typed

PLAIN = "https://ferry.example/runs"


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(PLAIN, id="as it is"),
        pytest.param("ferry.example/runs", id="no scheme"),
        pytest.param(" https://FERRY.example/runs?utm_source=x#y ", id="decorated"),
    ],
)
def test_typed_links_become_canonical(link: str) -> None:
    assert typed(link) == PLAIN


def test_spellings_begin_with_what_was_said() -> None:
    assert spellings("http://ferry.example/runs/") == (
        "http://ferry.example/runs/",
        "http://ferry.example/runs",
        "https://ferry.example/runs/",
        "https://ferry.example/runs",
    )


def test_a_query_has_no_slash_to_lose() -> None:
    assert spellings("https://ferry.example/?id=3") == (
        "https://ferry.example/?id=3",
        "http://ferry.example/?id=3",
    )


@pytest.mark.parametrize("link", ["", "mailto://x@y.example", "https://", "a b"])
def test_what_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(UrlError):
        spellings(link)
