"""What a revision changed, and how much that matters."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.revising import Change, Version, compare

LEAD = "The ferry to Grey Island runs again after eleven months in the yard."
ENGINE = "Its new engine was built in the town and paid for by 412 people of the isle."
CAPTAIN = "Nobody believed in it, said the captain, least of all the engine itself."
MAYOR = "The mayor wants a second ship by spring, and the council is to vote in May."
WEATHER = "Storms had kept the old one in port on every third day of the past winter."
BODY = (LEAD, ENGINE, CAPTAIN, MAYOR, WEATHER)
OTHER = tuple(f"Word{n} " * 14 for n in range(5))


def change(
    before: tuple[str, ...],
    after: tuple[str, ...],
    titles: tuple[str, str] = ("Ferry runs", "Ferry runs"),
) -> Change:
    old, new = (
        Version(titles[0], "\n".join(before)),
        Version(titles[1], "\n".join(after)),
    )
    return compare(old, new).change


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(BODY, Change.COSMETIC, id="nothing"),
        pytest.param(tuple(map(str.upper, BODY)), Change.COSMETIC, id="case"),
        pytest.param((*BODY[:3], WEATHER, MAYOR), Change.COSMETIC, id="order"),
        pytest.param(
            (LEAD.replace("eleven", "elevven"), *BODY[1:]), Change.COSMETIC, id="a slip"
        ),
        pytest.param((*BODY, "Advertisement"), Change.COSMETIC, id="a stray label"),
        pytest.param(
            (LEAD, ENGINE.replace("412", "421"), *BODY[2:]),
            Change.CORRECTION,
            id="a figure",
        ),
        pytest.param(
            (LEAD.replace("Grey", "Gull"), *BODY[1:]), Change.CORRECTION, id="a name"
        ),
        pytest.param(
            (LEAD.replace("runs", "never runs"), *BODY[1:]), Change.CORRECTION, id="not"
        ),
        pytest.param(
            (*BODY, "Correction: 412 people paid, not 421."),
            Change.CORRECTION,
            id="a notice",
        ),
        pytest.param(
            (*BODY, "The first tickets were gone within an hour."),
            Change.MATERIAL,
            id="a paragraph more",
        ),
        pytest.param(BODY[:4], Change.MATERIAL, id="a paragraph less"),
        pytest.param(
            (f"{LEAD} Two thousand people stood on the pier and sang.", *BODY[1:]),
            Change.MATERIAL,
            id="a sentence more",
        ),
        pytest.param((LEAD, *OTHER), Change.REWRITTEN, id="all but the lead"),
        pytest.param(OTHER, Change.REWRITTEN, id="everything"),
        pytest.param((), Change.MATERIAL, id="no text left"),
    ],
)
def test_classes(after: tuple[str, ...], expected: Change) -> None:
    assert change(BODY, after) is expected


def test_headlines() -> None:
    titles = ("Ferry runs", "Ferry runs again")
    assert change(BODY, BODY, titles) is Change.HEADLINE_ONLY
    assert change(BODY, BODY, ("Ferry runs", "FERRY RUNS!")) is Change.COSMETIC
    assert change(BODY, BODY[:3], titles) is Change.MATERIAL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated 3 minutes ago", "Updated 12 minutes ago"),
        ("12 comments", "1,480 comments"),
        ("vor 3 Minuten", "vor 25 Minuten"),
    ],
)
def test_counters_and_clocks_are_cosmetic(before: str, after: str) -> None:
    assert change((*BODY, before), (*BODY, after)) is Change.COSMETIC


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("渡し船は十一か月ぶりに再開した。乗客は四百人だった。", "乗客は五百人"),
        ("Паром снова ходит, билеты купили 400 человек.", "500"),
    ],
)
def test_other_scripts(before: str, after: str) -> None:
    corrected = before.replace("乗客は四百人", after).replace("400", after)
    assert change((before, *OTHER), (corrected, *OTHER)) is Change.CORRECTION


def test_the_difference_paragraph_by_paragraph() -> None:
    corrected = ENGINE.replace("412", "421")
    news = "The first tickets were gone within an hour on Tuesday."
    before = Version("Ferry runs", "\n".join(BODY))
    now = [news, LEAD, corrected, MAYOR, CAPTAIN]
    after = Version("Ferry runs again", "\n".join(now))
    found = compare(before, after)
    assert found.kept == 2
    assert found.moved in {(MAYOR,), (CAPTAIN,)}
    assert found.added == (news,)
    assert found.removed == (WEATHER,)
    assert found.edited == ((ENGINE, corrected),)
    assert found.title == ("Ferry runs", "Ferry runs again")
    told = json.loads(json.dumps(found.as_json()))
    assert told["class"] == "material"
    assert told["edited"] == [{"before": ENGINE, "after": corrected}]
    assert told["title"] == {"before": "Ferry runs", "after": "Ferry runs again"}


def test_huge_texts_are_compared_in_time() -> None:
    many = "\n".join(f"Line {n} of a very long table of results." for n in range(6000))
    assert compare(Version("t", many), Version("t", many[:-10])).change
    long = " ".join(f"word{n}" for n in range(50_000))
    assert compare(Version("t", long), Version("t", f"{long} more")).change


TEXTS = st.lists(st.sampled_from([*BODY, "3 min ago", "", "ß", "\ud83d"]), max_size=8)


@given(TEXTS, TEXTS)
def test_every_paragraph_is_somewhere(before: list[str], after: list[str]) -> None:
    found = compare(Version(None, "\n".join(before)), Version(None, "\n".join(after)))
    same = found.kept + len(found.moved) + len(found.edited)
    # A surrogate is no word.
    wordless = {"", "\ud83d"}
    assert same + len(found.added) == sum(one not in wordless for one in after)
    assert same + len(found.removed) == sum(one not in wordless for one in before)
