"""Flattened texts come out as the article alone, with a ledger of the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import STORIES, Story

from pipelines.article import Cleaned, Reason
from pipelines.cleaning.flat import clean_text

BY_LANGUAGE = [pytest.param(story, id=story.language) for story in STORIES]


def kept(cleaned: Cleaned) -> tuple[str, ...]:
    return tuple(paragraph.text for paragraph in cleaned.paragraphs)


def ledger(cleaned: Cleaned) -> list[tuple[str, Reason]]:
    return [(removed.text, removed.reason) for removed in cleaned.removed]


@pytest.mark.parametrize("story", BY_LANGUAGE)
def test_a_story_comes_out_exactly(story: Story) -> None:
    cleaned = clean_text(story.text())
    assert cleaned.title == story.title
    assert kept(cleaned) == story.body
    assert ledger(cleaned) == [
        (story.caption, Reason.CAPTION),
        (f"{story.caption}  {story.credit}", Reason.CAPTION),
        (story.headline, Reason.TEASER),
        (f"{story.kicker} {story.headline}", Reason.TEASER),
        (story.cover, Reason.CREDIT),
        (story.leader, Reason.RELATED),
    ]


VARIANTS: list[object] = [
    pytest.param(lambda s: s.text(swapped=True), id="longer line first"),
    pytest.param(lambda s: s.text(colon=True), id="colon behind the kicker"),
    pytest.param(lambda s: s.text(credit=False), id="captions without a credit"),
    pytest.param(lambda s: s.text().replace("\n\n", "\n"), id="no blank lines"),
    pytest.param(lambda s: s.text().replace("\n", "\r\n"), id="Windows line ends"),
    pytest.param(lambda s: s.text().replace("\n\n", "\n \n\t\n"), id="spaces between"),
    pytest.param(lambda s: "\ufeff" + s.text(), id="byte order mark"),
    pytest.param(lambda s: "\n\n  " + s.text().replace("\n", "\n  "), id="indented"),
]


@pytest.mark.parametrize("story", BY_LANGUAGE)
@pytest.mark.parametrize("variant", VARIANTS)
def test_how_a_story_is_laid_out_does_not_matter(
    story: Story, variant: Callable[[Story], str]
) -> None:
    cleaned = clean_text(variant(story))
    assert cleaned.title == story.title
    assert kept(cleaned) == story.body
    assert len(cleaned.removed) == 6


@pytest.mark.parametrize("story", BY_LANGUAGE)
def test_a_clean_story_is_left_alone(story: Story) -> None:
    cleaned = clean_text("\n\n".join((story.title, *story.body)))
    assert cleaned.title == story.title
    assert kept(cleaned) == story.body
    assert cleaned.removed == ()


@pytest.mark.parametrize("story", BY_LANGUAGE)
def test_a_text_without_a_headline_has_no_title(story: Story) -> None:
    paragraphs = [line for line in story.body if line[-1] in '.。"।']
    cleaned = clean_text("\n\n".join(paragraphs))
    assert cleaned.title is None
    assert kept(cleaned) == tuple(paragraphs)


@pytest.mark.parametrize("story", BY_LANGUAGE)
def test_non_breaking_spaces_hide_nothing(story: Story) -> None:
    cleaned = clean_text(story.text().replace(" ", "\u00a0"))
    assert [text.replace("\u00a0", " ") for text in kept(cleaned)] == list(story.body)


def test_headlines_under_a_leader_go_with_it() -> None:
    story = STORIES[-1]
    tail = "Ferry strike called off after night of talks\nWhere the boats still sail\n"
    cleaned = clean_text(story.text() + tail)
    assert kept(cleaned) == story.body
    assert [removed.reason for removed in cleaned.removed[-3:]] == [
        Reason.RELATED,
        Reason.TEASER,
        Reason.TEASER,
    ]
    assert "More on Regions" in cleaned.removed[-1].evidence


def test_an_article_goes_on_after_a_leader_in_its_middle() -> None:
    story = STORIES[-1]
    first, *rest = story.body
    led = ("Read also", "Ferry strike called off after night of talks")
    short = "The boat will sail again on Monday morning."
    cleaned = clean_text("\n".join((story.title, first, *led, short, *rest)))
    assert kept(cleaned) == (first, short, *rest)


def test_a_cover_credit_in_touch_with_the_end_leaves_the_end() -> None:
    story = STORIES[-1]
    cleaned = clean_text("\n\n".join((story.title, *story.body)) + f"\n{story.cover}")
    assert kept(cleaned) == story.body
    assert ledger(cleaned) == [(story.cover, Reason.CREDIT)]


def test_a_line_in_touch_with_a_credit_is_its_caption() -> None:
    story = STORIES[-1]
    first, *rest = story.body
    photo = "© Ida Lund / AFP\nThe ferry leaves the pier of Harrow Bay on Thursday."
    cleaned = clean_text("\n\n".join((story.title, first, photo, *rest)))
    assert kept(cleaned) == story.body
    assert [reason for _, reason in ledger(cleaned)] == [Reason.CREDIT, Reason.CAPTION]


def test_a_kicker_alone_goes_with_its_teaser() -> None:
    story = STORIES[-1]
    text = story.text().replace(
        f"\n{story.headline}", f"\n{story.kicker}\n{story.headline}"
    )
    cleaned = clean_text(text)
    assert kept(cleaned) == story.body
    assert (story.kicker, Reason.TEASER) in ledger(cleaned)


def test_furniture_of_every_kind_goes_with_its_reason() -> None:
    story = STORIES[-1]
    furniture = [
        ("By Ann Lee", Reason.AUTHOR),
        ("Published May 7, 2025, 10:30 am", Reason.CHROME),
        ("4 minute read", Reason.CHROME),
        ("Facebook X WhatsApp Share via Email Print", Reason.SHARE),
        ("Advertisement", Reason.PROMO),
        ("Sign up for our daily newsletter", Reason.NEWSLETTER),
        ("We use cookies to improve our service", Reason.CONSENT),
        ("Already a subscriber? Log in", Reason.PAYWALL),
        ("12 comments", Reason.COMMENTS),
        ("Read also: Ferry strike called off", Reason.RELATED),
    ]
    first, *rest = story.body
    lines = [story.title, first, *(text for text, _ in furniture), *rest]
    cleaned = clean_text("\n".join(lines))
    assert kept(cleaned) == story.body
    assert ledger(cleaned) == furniture


def test_the_title_again_is_removed_as_title() -> None:
    story = STORIES[-1]
    cleaned = clean_text("\n".join((story.title, *story.body, story.title)))
    assert ledger(cleaned) == [(story.title, Reason.TITLE)]


def test_a_refrain_stays_each_time() -> None:
    question = "What would you tell the children who ask you about the ferry today?"
    answers = STORIES[-1].body[:3]
    lines = [line for answer in answers for line in (question, answer)]
    assert kept(clean_text("\n\n".join(lines))) == tuple(lines)


def test_the_times_of_a_live_report_stay() -> None:
    story = STORIES[-1]
    entries = [line for line in story.body if line.endswith((".", '"'))]
    times = ("4:14 p.m.", "4:02 p.m.", "3:40 p.m.", "3:15 p.m.")
    lines = [entries[0]]
    for time, entry in zip(times, (*entries[1:], story.caption), strict=False):
        lines += [time, entry]
    assert kept(clean_text("\n".join(lines))) == tuple(lines)


def test_a_doubled_opening_is_kept_once() -> None:
    story = STORIES[-1]
    first, *rest = story.body
    cleaned = clean_text("\n".join((story.title, first, first, *rest)))
    assert kept(cleaned) == story.body
    assert ledger(cleaned) == [(first, Reason.REPEATED)]


def test_every_removal_says_why() -> None:
    for story in STORIES:
        assert all(removed.evidence for removed in clean_text(story.text()).removed)


@pytest.mark.parametrize(
    "text", ["", "\n \n", "\ufeff"], ids=["empty", "blank", "mark"]
)
def test_no_text_gives_nothing(text: str) -> None:
    assert clean_text(text) == Cleaned(title=None, paragraphs=(), removed=())


LINES = st.lists(
    st.text(max_size=60)
    | st.sampled_from(
        [line for story in STORIES for line in story.text().splitlines()]
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_every_line_is_accounted_for_once(lines: list[str]) -> None:
    cleaned = clean_text("\n".join(lines))
    blocks = [*cleaned.paragraphs, *cleaned.removed]
    places = sorted(block.at for block in blocks)
    count = len(places) + (cleaned.title is not None)
    missing = set(range(count)) - set(places)
    assert len(set(places)) == len(places)
    assert len(missing) == (cleaned.title is not None)
    stripped = [line.strip() for line in "\n".join(lines).splitlines()]
    assert all(any(block.text in line for line in stripped) for block in blocks)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_cleaning_again_takes_no_paragraph_for_a_pair(lines: list[str]) -> None:
    """What is kept in order stays in order, however often it is cleaned."""
    once = clean_text("\n\n".join(lines))
    again = clean_text(once.text)
    places = [paragraph.at for paragraph in again.paragraphs]
    assert places == sorted(places)
