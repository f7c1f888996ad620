"""A tree becomes blocks: every text once, in order, at the right seams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import walked

from pipelines.cleaning.blocks import Page


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<p>One <b>two</b> three.</p>", ["One two three."], id="inline"),
        pytest.param("<p>One</p>two<p>three</p>", ["One", "two", "three"], id="tails"),
        pytest.param("<p>A<strong></strong> tail</p>", ["A tail"], id="empty inline"),
        pytest.param("<p>A<!-- no --> b</p>", ["A b"], id="comment's tail"),
        pytest.param("<p>A<script>x()</script> b</p>", ["A b"], id="script's tail"),
        pytest.param("one<br>two", ["one two"], id="a single br joins"),
        pytest.param("one.<br>Two", ["one.", "Two"], id="br after a sentence parts"),
        pytest.param("one<br><br>two", ["one", "two"], id="two br part"),
        pytest.param("<li>a</li><li>b</li>", ["a", "b"], id="list items"),
        pytest.param("<table><tr><td>a</td><td>b</td></tr></table>", ["a b"], id="row"),
        pytest.param(
            "<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>",
            ["a", "b"],
            id="cells with blocks",
        ),
        pytest.param("<x-lead>own <i>tags</i></x-lead>", ["own tags"], id="custom tag"),
        pytest.param("<p> \n\t </p>", [], id="blank"),
        pytest.param("<p>a&nbsp;&nbsp;b</p>", ["a b"], id="hard spaces"),
        pytest.param(
            "<p>on<span class='visually-hidden'> (new window)</span> air</p>",
            ["on air", "(new window)"],
            id="hidden words are cut out",
        ),
    ],
)
def test_blocks(body: str, expected: list[str]) -> None:
    assert texts(walked(f"<html><body>{body}</body></html>")) == expected


def test_links_are_measured() -> None:
    (block,) = walked("<p>Read <a href='/x'>this story</a></p>").blocks
    assert (block.before, block.linked, block.links) == ("Read", 10, 1)
    assert block.link_share == pytest.approx(10 / 15)


def test_nodes_know_their_blocks_and_media() -> None:
    page = walked("<body><figure><img><p>a</p></figure><p>b</p></body>")
    figure = next(node for node in page.nodes if node.tag == "figure")
    assert (figure.first, figure.last, figure.media) == (0, 1, 1)
    assert figure.holds(0)
    assert not figure.holds(1)


def test_a_div_in_a_heading_is_a_heading() -> None:
    page = walked("<body><h2><div>Title</div></h2></body>")
    assert page.nodes[page.blocks[0].node].rank == "h2"


TAGS = ("div", "p", "span", "a", "li", "ul", "h2", "figure", "td", "b", "br", "section")


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.booleans()), max_size=40))
def test_every_word_is_in_one_block(shape: list[tuple[str, bool]]) -> None:
    html = "".join(
        f"<{tag}>w{at}w " if opened else f"</{tag}>v{at}v "
        for at, (tag, opened) in enumerate(shape)
    )
    page = walked(f"<html><body>start {html}</body></html>")
    words = [word for text in texts(page) for word in text.split()]
    found = [w for at, _ in enumerate(shape) for w in (f"w{at}w", f"v{at}v")]
    assert sorted(words) == sorted([w for w in found if w in html] + ["start"])
    assert all(node.first <= node.last <= len(page.blocks) for node in page.nodes)
