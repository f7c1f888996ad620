"""What a page declares of its article."""

from __future__ import annotations

import pytest
from markup import HEADLINE, article, document

from pipelines.article import Metadata
from pipelines.cleaning.declared import Declared, read_declared

LD = (
    '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", '
    '"headline": "Pier to be rebuilt", "alternativeHeadline": "Council votes for it", '
    '"author": [{"name": "Ann Lee"}], "isAccessibleForFree": "False", '
    '"image": {"@type": "ImageObject", "caption": "The pier at dawn"}, '
    '"liveBlogUpdate": [{"@type": "BlogPosting", "headline": "An entry"}]}]}</script>'
)


def declared(head: str, metadata: Metadata | None = None) -> Declared:
    return read_declared(document(article("", head)).tree, metadata)


def test_json_ld() -> None:
    said = declared(LD)
    assert said.titles[0] == "Pier to be rebuilt"
    assert "An entry" not in said.titles
    assert said.summaries == ("Council votes for it",)
    assert said.captions == ("The pier at dawn",)
    assert said.authors == ("Ann Lee",)
    assert said.article
    assert said.free is False


def test_meta_and_title() -> None:
    said = declared(
        "<meta property='og:title' content='Pier voted for'>"
        "<meta name='description' content='All about it'>"
        "<meta property='og:type' content='article'>"
    )
    assert "Pier voted for" in said.titles
    assert HEADLINE in said.titles
    assert "Pier Gazette" not in said.titles
    assert said.summaries == ("All about it",)
    assert said.article


def test_metadata_comes_first() -> None:
    about = Metadata(
        title="From the feed", description="In short", authors=("Bo",), free=True
    )
    said = declared(LD, about)
    assert (said.titles[0], said.summaries[0]) == ("From the feed", "In short")
    assert said.authors == ("Bo", "Ann Lee")
    assert said.free is True


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(
            "<script type='application/ld+json'>{broken</script>", id="broken"
        ),
        pytest.param(
            "<script type='application/ld+json'>[1, null]</script>", id="no nodes"
        ),
        pytest.param("<meta property='og:title'>", id="empty meta"),
        pytest.param("", id="nothing"),
    ],
)
def test_bad_data_says_nothing(head: str) -> None:
    said = declared(head)
    assert not said.article
    assert said.authors == said.captions == said.summaries == ()
