"""What attributes say: whole words, states apart, ids of paragraphs not read."""

from __future__ import annotations

import pytest
from lxml import html

from pipelines.article import Reason
from pipelines.cleaning.marks import mark, spell


def said(tag: str, **attributes: str) -> tuple[Reason, bool] | None:
    names = {key.replace("_", "-").strip("-"): v for key, v in attributes.items()}
    found = mark(html.Element(tag, names))
    return found and (found.reason, found.sure)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            {"class_": "ArticleRelatedBox"}, (Reason.RELATED, True), id="camel"
        ),
        pytest.param({"class_": "c-related__x7"}, (Reason.RELATED, True), id="BEM"),
        pytest.param({"id": "disqus_thread"}, (Reason.COMMENTS, True), id="id"),
        pytest.param(
            {"class_": "newsletter-box"}, (Reason.NEWSLETTER, True), id="letter"
        ),
        pytest.param({"class_": "share bar"}, (Reason.SHARE, True), id="share"),
        pytest.param(
            {"class_": "wp-caption-text"}, (Reason.CAPTION, True), id="caption"
        ),
        pytest.param({"data_testid": "byline"}, (Reason.AUTHOR, True), id="test id"),
        pytest.param({"class_": "teaser"}, (Reason.TEASER, False), id="only a hint"),
        pytest.param({"class_": "sr-only"}, (Reason.CHROME, True), id="screen readers"),
        pytest.param({"hidden": ""}, (Reason.CHROME, True), id="hidden"),
        pytest.param(
            {"style": "color:red; display : none"}, (Reason.CHROME, True), id="style"
        ),
        pytest.param({"class_": "hidden"}, (Reason.CHROME, True), id="class hidden"),
        pytest.param({"class_": "hidden md:block"}, None, id="hidden on telephones"),
        pytest.param({"class_": "has-comments"}, None, id="a state is no name"),
        pytest.param({"class_": "unrelated adrift"}, None, id="parts of words"),
        pytest.param({"id": "block-n1AuAdJl"}, None, id="random id"),
        pytest.param({"class_": "article-text"}, None, id="nothing known"),
    ],
)
def test_marks(
    attributes: dict[str, str], expected: tuple[Reason, bool] | None
) -> None:
    assert said("div", **attributes) == expected


def test_the_id_of_a_paragraph_is_an_anchor() -> None:
    assert said("h2", id="related") is None
    assert said("div", id="related") == (Reason.RELATED, True)


def test_a_standfirst_is_known_beside_other_words() -> None:
    found = mark(html.Element("p", {"class": "teaser lead"}))
    assert found
    assert found.standfirst


def test_the_whole_page_has_no_mark() -> None:
    assert said("body", class_="has-sidebar newsletter") is None


def test_words_stand_between_hyphens() -> None:
    assert spell("storyTeaser_item with-image") == "-story-teaser-item-"
