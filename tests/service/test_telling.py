"""Words for people and JSON for programs: blocks in place, times, safe lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Dated, Metadata, Reason, Removed
from service import telling
from service.telling import Block

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def removed(*places: int) -> list[Removed]:
    return [Removed(f"gone {at}", Reason.CAPTION, at, "a caption") for at in places]


def told(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        pytest.param("a\nb", (), ["a", "b"], id="nothing removed"),
        pytest.param("a\nb", (1,), ["a", "gone 1", "b"], id="between"),
        pytest.param("a", (0, 2), ["gone 0", "a", "gone 2"], id="around"),
        pytest.param("", (0, 1), ["gone 0", "gone 1"], id="nothing kept"),
        pytest.param("", (), [], id="nothing at all"),
        pytest.param("a\u2028b", (0,), ["gone 0", "a\u2028b"], id="one line only"),
    ],
)
def test_removed_blocks_stand_in_their_places(
    text: str, places: tuple[int, ...], expected: list[str]
) -> None:
    assert told(telling.blocks(text, removed(*places))) == expected


@given(st.lists(st.booleans(), max_size=30))
def test_a_page_without_gaps_is_put_together_again(page: list[bool]) -> None:
    places = [at for at, kept in enumerate(page) if not kept]
    lines = [f"kept {at}" for at, kept in enumerate(page) if kept]
    blocks = telling.blocks("\n".join(lines), removed(*places))
    assert [block.at for block in blocks] == list(range(len(page)))
    assert [block.reason is None for block in blocks] == page


def test_menus_are_gathered_for_people_and_the_rest_is_not() -> None:
    menu = [Block(at, f"item {at}", Reason.CHROME, "a menu") for at in range(3)]
    other = Block(3, "foot", Reason.CHROME, "a footer")
    captions = [Block(at, f"photo {at}", Reason.CAPTION, "a caption") for at in (4, 5)]
    kept = [Block(6, "text"), Block(7, "more text")]
    gathered = telling.gathered([*menu, other, *captions, *kept])
    assert told(gathered) == [
        "item 0 | item 1 | item 2",
        "foot",
        "photo 4",
        "photo 5",
        "text",
        "more text",
    ]


def test_a_long_menu_is_cut() -> None:
    menu = [Block(at, "x" * 100, Reason.CHROME, "a menu") for at in range(30)]
    (one,) = telling.gathered(menu)
    assert len(one.text) == 160
    assert one.text.endswith("...")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param(None, "never", id="never"),
        pytest.param(NOW, "0 s ago", id="now"),
        pytest.param(NOW - timedelta(seconds=59), "59 s ago", id="seconds"),
        pytest.param(NOW - timedelta(minutes=61), "1 h ago", id="hours"),
        pytest.param(NOW - timedelta(days=400), "400 d ago", id="days"),
        pytest.param(NOW + timedelta(minutes=13, seconds=5), "in 13 min", id="to come"),
    ],
)
def test_times_are_told_by_their_distance(at: datetime | None, words: str) -> None:
    assert telling.ago(at, NOW) == words


def test_stamps_are_utc() -> None:
    here = timezone(timedelta(hours=5, minutes=30))
    assert telling.stamp(NOW.astimezone(here)) == "2026-11-23 07:30"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (2_345_678, "2.3 MB")],
)
def test_sizes_are_told_in_units(count: int, words: str) -> None:
    assert telling.size(count) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a\r\n b\t\tc", "a b c", id="one line"),
        pytest.param("\x1b]0;owned\x07x", "]0;ownedx", id="escape sequences"),
        pytest.param("a\x9b31mb", "a31mb", id="C1 escape"),
        pytest.param("a\u202eb\u2066c", "abc", id="turned text"),
        pytest.param("می\u200cروم", "می\u200cروم", id="joiners are spelling"),
    ],
)
def test_lines_are_fit_for_a_terminal(text: str, line: str) -> None:
    assert telling.line(text) == line


@given(st.text(), st.integers(3, 50))
def test_lines_are_never_too_long_nor_dangerous(text: str, most: int) -> None:
    line = telling.line(text, most)
    assert len(line) <= most
    assert not any(ord(character) < 32 for character in line)


def test_metadata_lines_name_their_sources() -> None:
    about = Metadata(
        title="Ferry",
        published=Dated(NOW, "url", "day"),
        sources={"title": "og:title"},
    )
    assert telling.metadata_lines(about, "und") == [
        "title      Ferry  (og:title)",
        "published  2026-11-23T07:30:00+00:00  (url, to the day)",
        "language   und  (undeclared)",
    ]
