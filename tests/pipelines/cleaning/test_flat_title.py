"""A flattened text's title is taken by evidence, or not at all."""

from __future__ import annotations

import pytest

from pipelines.cleaning.flat_title import find_title
from pipelines.cleaning.lines import judge

BODY = (
    "The council of Harrow Bay voted on Thursday to pay for the town's last ferry.",
    "Some 300 people use the ferry every day to reach the hospital on the other side.",
)
TITLE = "Council of Harrow Bay votes to keep its ferry"


def title_of(*lines: str) -> str | None:
    at = find_title(lines, [judge(line) for line in lines])
    return None if at is None else lines[at]


@pytest.mark.parametrize(
    "above",
    [
        pytest.param((), id="first line"),
        pytest.param(("Regions",), id="under a section"),
        pytest.param(("Share", "Copy link", "Regions"), id="under a share bar"),
        pytest.param(("By Ann Lee", "7 May 2025"), id="under by-line and date"),
        pytest.param((f"HomeNewsRegions{TITLE}",), id="under glued breadcrumbs"),
    ],
)
def test_the_title_is_found(above: tuple[str, ...]) -> None:
    assert title_of(*above, TITLE, *BODY) == TITLE


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Who will pay for the last ferry of Harrow Bay?", id="question"),
        pytest.param("“The ferry must stay”: Harrow Bay decides", id="quote and colon"),
        pytest.param("Harrow Bay keeps its ferry ...", id="trails off"),
    ],
)
def test_titles_of_every_shape_are_found(title: str) -> None:
    assert title_of(title, *BODY) == title


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(BODY, id="only paragraphs"),
        pytest.param((TITLE,), id="nothing follows"),
        pytest.param(("Harrow Bay", *BODY), id="only a place"),
        pytest.param(("Golden autumn in the vineyards of Alsace", *BODY), id="foreign"),
        pytest.param((f"{TITLE}.", *BODY), id="a sentence"),
        pytest.param((f"{TITLE}:", *BODY), id="leads on by a colon"),
        pytest.param((BODY[0], TITLE, BODY[1]), id="crosshead under a paragraph"),
        pytest.param((TITLE, BODY[0], TITLE, BODY[1], TITLE, *BODY), id="a refrain"),
    ],
)
def test_without_evidence_there_is_no_title(lines: tuple[str, ...]) -> None:
    assert title_of(*lines) is None


def test_a_title_shown_again_needs_no_common_words() -> None:
    line = "Golden autumn in the vineyards of Alsace"
    assert title_of(line, *BODY, f"Share: {line}") == line
