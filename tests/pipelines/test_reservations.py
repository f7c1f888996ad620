"""What pages reserve, and where they say so."""

from __future__ import annotations

import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reservations import by_host, of_page


def page(head: str = "") -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(f"<html><head>{head}</head><body><p>x</p>")


@pytest.mark.parametrize(
    ("head", "reserved"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param(
            '<meta name="robots" content="index, NoArchive">',
            {"noarchive": "meta robots"},
            id="noarchive",
        ),
        pytest.param(
            '<meta name="Robots" content="noai,noimageai">',
            {"noai": "meta robots"},
            id="noai",
        ),
        pytest.param(
            '<meta name="googlebot" content="noarchive">', {}, id="another robot's"
        ),
        pytest.param(
            '<meta name="presswatch" content="noarchive">',
            {"noarchive": "meta presswatch"},
            id="ours by name",
        ),
        pytest.param(
            '<meta name="tdm-reservation" content="1">',
            {"tdm": "meta tdm-reservation"},
            id="tdm",
        ),
        pytest.param('<meta name="tdm-reservation" content="0">', {}, id="tdm free"),
        pytest.param('<meta content="noarchive"><meta name="robots">', {}, id="junk"),
    ],
)
def test_what_a_page_says(head: str, reserved: dict[str, str]) -> None:
    assert of_page(page(head), {}, "presswatch") == reserved


@pytest.mark.parametrize(
    ("headers", "signals"),
    [
        pytest.param({"x-robots-tag": "noarchive"}, {"noarchive"}, id="for all"),
        pytest.param({"x-robots-tag": "noindex, noai"}, {"noai"}, id="in a list"),
        pytest.param({"x-robots-tag": "bingbot: noarchive, noai"}, set(), id="bing's"),
        pytest.param(
            {"x-robots-tag": "bingbot: noai, presswatch: noarchive"},
            {"noarchive"},
            id="ours behind bing's",
        ),
        pytest.param(
            {"x-robots-tag": "max-snippet: 20, noarchive"},
            {"noarchive"},
            id="behind a value",
        ),
        pytest.param({"tdm-reservation": " 1 "}, {"tdm"}, id="tdm"),
        pytest.param({"tdm-reservation": "yes"}, set(), id="tdm junk"),
    ],
)
def test_what_headers_say(headers: dict[str, str], signals: set[str]) -> None:
    assert set(of_page(page(), headers, "presswatch")) == signals


@pytest.mark.parametrize(
    ("location", "path", "reserved"),
    [
        ("/", "/a/b", True),
        ("/news/", "/sport/a", False),
        ("/news/*.html", "/news/x/a.html?x", True),
        ("/*.html$", "/a.htm", False),
        ("/*.html$", "/a.html", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/ab*b$", "/ab", False),
        (7, "/a", False),
    ],
)
def test_what_a_host_says(location: object, path: str, reserved: bool) -> None:
    rules = [{"location": location, "tdm-reservation": 1}]
    url = f"https://news.example{path}"
    assert by_host(json.dumps(rules).encode(), url) is reserved


def test_the_first_rule_that_matches_counts() -> None:
    rules = [
        {"location": "/free/", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1},
    ]
    body = json.dumps(rules).encode()
    assert not by_host(body, "https://news.example/free/a")
    assert by_host(body, "https://news.example/a")


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_junk_reserves_nothing(body: bytes) -> None:
    assert not by_host(body, "https://news.example/a")
