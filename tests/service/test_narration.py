"""What the demo says: counted, placed and wrapped as promised."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from pipelines.article import Metadata, Reason, Removed
from pipelines.store.deliveries import Leased
from pipelines.store.stories import ArticleRow
from service.demo import narration
from service.demo.narration import Sight, Totals
from service.telling import Block

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ROW = ArticleRow(
    id=1,
    outlet="courier",
    url="http://127.0.0.1:4711/news/1",
    first_seen=NOW,
    revision=1,
    title="Night market moves into the old rope works",
    authors=(),
    published=None,
    language="en",
    section=None,
    text="The stalls get a roof.\nThe neighbours were asked.",
    metadata=Metadata(),
    fetched_at=NOW,
    stored_at=NOW,
    story=1,
)
OTHER = replace(ROW, id=2, outlet="upland", url="http://127.0.0.1:4712/1")


def gone(at: int, reason: Reason, text: str = "away", why: str = "markup") -> Removed:
    return Removed(text, reason, at, why)


MENU = gone(0, Reason.CHROME, "Menu")
TEASER = (
    gone(2, Reason.TEASER, "Harbour"),
    gone(3, Reason.TEASER, "Towns agree on dredging"),
)
FOOTER = gone(5, Reason.CHROME, "Imprint")
PAGE = Sight(ROW, (MENU, *TEASER, FOOTER))


def plain(lines: list[Text]) -> str:
    return "\n".join(line.plain for line in lines)


@pytest.mark.parametrize(
    ("removed", "told"),
    [
        pytest.param((), "2 paragraphs kept; removed: -", id="nothing"),
        pytest.param((MENU,), "2 paragraphs kept; removed: 1 other", id="frame"),
        pytest.param(
            (gone(0, Reason.CAPTION), *TEASER, gone(5, Reason.CAPTION)),
            "2 paragraphs kept; removed: 1 teaser, 2 captions",
            id="blocks removed together count once",
        ),
        pytest.param(
            (*TEASER, gone(4, Reason.TEASER, why="a link")),
            "2 paragraphs kept; removed: 2 teasers",
            id="other evidence, another part",
        ),
        pytest.param(
            tuple(
                gone(at, reason)
                for at, reason in enumerate(
                    (Reason.PROMO, Reason.CAPTION, Reason.RELATED, Reason.TEASER)
                )
            ),
            "2 paragraphs kept; removed: 1 teaser, 1 related, 1 caption, 1 other",
            id="the most telling are named",
        ),
    ],
)
def test_an_arrival_counts(removed: tuple[Removed, ...], told: str) -> None:
    assert plain(narration.arrival(Sight(ROW, removed), 80)).splitlines() == [
        "  courier  en  Night market moves into the old rope works",
        f"    {told}",
    ]


def test_a_copy_is_marked() -> None:
    told = plain(narration.arrival(replace(PAGE, original=OTHER), 80))
    assert "copy: this text is also carried by upland, which had it first" in told


def test_a_revision_is_marked_with_what_changed() -> None:
    after = replace(
        ROW, revision=2, text="The stalls get a roof.\nNobody was asked.\nRain fell."
    )
    told = plain(narration.arrival(Sight(after, (), before=ROW), 80))
    assert told.splitlines()[2:] == [
        "    revision 2 of an article seen before:",
        "    - The neighbours were asked.",
        "    + Nobody was asked.",
        "    + Rain fell.",
    ]


def test_an_article_in_full_has_removed_parts_in_their_place() -> None:
    assert plain(narration.in_full(PAGE, 80)).splitlines() == [
        "  Night market moves into the old rope works",
        "  http://127.0.0.1:4711/news/1",
        "",
        "- above the text: 1 chrome",
        "  The stalls get a roof.",
        "- [teaser] Towns agree on dredging (+1)",
        "    (markup)",
        "  The neighbours were asked.",
        "- below the text: 1 chrome",
    ]


def test_a_picture_on_top_is_shown_and_not_counted_as_frame() -> None:
    told = plain(narration.in_full(Sight(ROW, (gone(0, Reason.CAPTION),)), 80))
    assert "- [caption] away" in told
    assert "above the text" not in told


def test_styles_tell_what_stays_from_what_goes() -> None:
    styles = {one.plain.strip(): one.style for one in narration.in_full(PAGE, 80)}
    assert styles["- [teaser] Towns agree on dredging (+1)"] == "red"
    assert styles["The stalls get a roof."] == ""


def test_the_article_to_show_has_the_most_kinds_of_junk() -> None:
    plain_one = Sight(ROW, (MENU,))
    copy = replace(PAGE, original=OTHER)
    foreign = Sight(replace(ROW, language="de"), PAGE.removed)
    assert narration.best([foreign, copy, plain_one, PAGE]) is PAGE
    assert narration.best([foreign, plain_one]) is plain_one
    assert narration.best([]) is None


def test_a_message_stays_json() -> None:
    article: dict[str, object] = {"title": None, "text": "A\nlong text. " * 40}
    told = narration.message(Leased("id", "token", 1, "new", None, article), 80)
    shown = json.loads(plain(told))
    assert shown["id"] == "id"
    assert shown["article"]["text"].startswith("A long text.")
    assert max(len(one.plain) for one in told) <= 80


def test_the_figures() -> None:
    told = plain(narration.totals(Totals(21, 28, 1, 1, 28, 237, 122, 1), 80))
    assert "28 articles in 21 seconds" in told
    assert "copies 1, revisions 1" in told
    assert "237 requests, 122 answered 'not modified'" in told


@pytest.mark.parametrize(
    ("kept", "told", "not_told"),
    [
        pytest.param(None, "no file is left", "--config", id="nothing kept"),
        pytest.param(
            Path("/a/b"),
            "presswatch articles --config /a/b",
            "no file is left",
            id="kept",
        ),
    ],
)
def test_the_farewell(kept: Path | None, told: str, not_told: str) -> None:
    words = plain(narration.farewell(kept, 80))
    assert told in words
    assert not_told not in words


words = st.text(max_size=300)
ledger = st.lists(st.tuples(words, st.sampled_from(Reason), words), max_size=8)


@given(words, words, ledger, st.integers(40, 100))
def test_any_article_fits_the_screen_and_cannot_rewrite_it(
    title: str, text: str, ledger: list[tuple[str, Reason, str]], width: int
) -> None:
    removed = [Removed(one, why, at, how) for at, (one, why, how) in enumerate(ledger)]
    sight = Sight(replace(ROW, title=title, text=text), tuple(removed), before=ROW)
    lines = [*narration.arrival(sight, width), *narration.in_full(sight, width)]
    for one in lines:
        assert len(one.plain) <= width
        assert not any(ord(letter) < 32 or letter == "\x9b" for letter in one.plain)


@given(st.lists(st.tuples(st.sampled_from(Reason), words), max_size=12))
def test_parts_lose_no_block(page: list[tuple[Reason, str]]) -> None:
    blocks = [Block(at, "text", reason, why) for at, (reason, why) in enumerate(page)]
    blocks.append(Block(len(page), "kept"))
    found = narration.parts(blocks)
    assert sum(part.size for part in found) == len(blocks)
    assert found[-1].reason is None
