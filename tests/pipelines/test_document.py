"""Whatever a server sends becomes one tree with one body."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipelines.document import Document, parse, printable


def read(body: bytes | str) -> Document:
    return parse(body.encode() if isinstance(body, str) else body, None, None)


def text(body: bytes | str) -> str:
    return " ".join(read(body).tree.text_content().split())


def outline(body: str) -> str:
    return etree.tostring(read(body).tree, encoding="unicode")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b" \n\t ", id="white space"),
        pytest.param(b"<!-- only a comment -->", id="a comment"),
        pytest.param(b"<!DOCTYPE html>", id="a doctype"),
        pytest.param(b"\x00\x00\x00", id="zero bytes"),
        pytest.param(b"\xef\xbb\xbf", id="a byte order mark"),
        pytest.param(b"<?xml version='1.0' encoding='utf-8'?>", id="a prologue"),
    ],
)
def test_pages_of_nothing_are_empty_trees(body: bytes) -> None:
    tree = read(body).tree
    assert tree.tag == "html"
    assert not tree.text_content().strip()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("a\x00b <p>c\x01d\x1b", "ab cd", id="control characters"),
        pytest.param("<p>one\x0btwo\x0cthree", "one two three", id="line breaks"),
        pytest.param("<p>don&#146;t &#128;5", "don’t €5", id="windows-1252 references"),
        pytest.param("<p>don\x92t", "don’t", id="windows-1252 as C1 controls"),
        pytest.param("<p>a\ufffe\ufdd0b", "ab", id="non-characters"),
        pytest.param("<p>a\u200db", "a\u200db", id="joiners stay"),
        pytest.param(
            '<?xml version="1.0" encoding="iso-8859-1"?>'
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>für</p></body></html>',
            "für",
            id="XHTML",
        ),
        pytest.param("plain text", "plain text", id="no markup"),
        pytest.param("<p>a<br/>b<?php echo 1 ?>", "ab", id="instructions"),
    ],
)
def test_text_survives(body: str, expected: str) -> None:
    assert text(body) == expected


def test_a_lone_surrogate_is_no_text() -> None:
    assert "\ud800" not in text("<p>a&#xD800;b</p>")
    assert printable("a\ud800b") == "ab"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "<html><title>T</title><article><p>a</p></article></html>",
            "<html><head><title>T</title></head>"
            "<body><article><p>a</p></article></body></html>",
            id="article taken for the head's",
        ),
        pytest.param(
            "<title>T</title><main>a</main>b<p>c",
            "<html><head><title>T</title></head>"
            "<body><main>a</main>b<p>c</p></body></html>",
            id="text between",
        ),
        pytest.param(
            "<html><head></head><body>a</body><p>b</p></html>",
            "<html><head/><body>a<p>b</p></body></html>",
            id="behind the body",
        ),
        pytest.param(
            "<head><script>x</script><meta name=a></head><p>b",
            '<html><head><script>x</script><meta name="a"/></head>'
            "<body><p>b</p></body></html>",
            id="the head's own stays",
        ),
        pytest.param(
            "<html><frameset><frame></frameset></html>",
            "<html><frameset><frame/></frameset></html>",
            id="frames",
        ),
    ],
)
def test_there_is_one_body_in_order(body: str, expected: str) -> None:
    assert outline(body) == expected


@pytest.mark.parametrize("depth", [300, 3_000, 30_000])
@pytest.mark.parametrize("tag", ["div", "b", "center", "custom-element"])
def test_no_text_is_lost_in_the_depth(tag: str, depth: int) -> None:
    opened, closed = f"<{tag}>" * depth, f"</{tag}>" * depth
    body = f"<p>first </p>{opened}<p>deep </p>{closed}<p>last"
    assert text(body).split() == ["first", "deep", "last"]


def test_elements_left_open_by_the_thousand_lose_nothing() -> None:
    lines = "".join(f"<div><font>line{number} " for number in range(5_000))
    assert text(lines).split() == [f"line{number}" for number in range(5_000)]


def test_the_document_knows_where_it_came_from() -> None:
    document = parse("<p>ä".encode("latin-1"), None, "https://example.org/a")
    assert (document.url, document.encoding) == ("https://example.org/a", "cp1252")
    assert document.html == "<p>ä"


@settings(deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))
)
def test_any_bytes_become_a_tree(body: bytes) -> None:
    tree = read(body).tree
    assert tree.tag == "html"
    found = tree.text_content()
    assert printable(found) == found
