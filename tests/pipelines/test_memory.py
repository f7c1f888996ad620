"""What the outlet's memory takes out of an article, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Cleaned, Paragraph, Reason, Removed
from pipelines.memory import (
    ARTICLES,
    MOST_BLOCKS,
    SPAN,
    Line,
    Recall,
    Seen,
    is_headline_like,
    is_quotation,
    is_remembered,
    judge,
    lines,
    matters,
    settle,
    without,
)
from pipelines.subject import Subject, hashed

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
PROMOTION = "Sign up to the morning letter and have the news of the day by seven."
SHORT = "Follow us everywhere"
BODY = (
    "The ferry Aurora will not sail to Grey Island before May, its yard has said.",
    "Its engine has to be built anew, and the parts for that come from far away.",
    "Until then the islanders take the boat of the pilots, which holds twelve.",
)


def article(*texts: str) -> tuple[Line, ...]:
    return lines([Paragraph(text, at) for at, text in enumerate(texts)])


def about(*names: str) -> Subject:
    """A subject of ten words, five of each name."""
    return hashed(f"{name}{n}" for name in names for n in range(10 // len(names)))


FERRY, PARKING, CHEESE = about("ferry"), about("parking"), about("cheese")
UNRELATED = (FERRY, PARKING, CHEESE)
RECURRING = Seen(stories=3, since=SINCE, first_turn=1, where=UNRELATED)


def recalled(text: str, seen: Seen = RECURRING, turn: int = 4) -> Recall:
    (line,) = article(text)
    assert line.key is not None
    return Recall(turn=turn, seen={line.key: seen})


def gone(blocks: tuple[Line, ...], recall: Recall) -> list[str]:
    return [block.text for block in judge(blocks, recall)]


def test_a_block_of_three_matters_goes_and_says_why() -> None:
    blocks = article(BODY[0], PROMOTION, *BODY[1:])
    assert judge(blocks, recalled(PROMOTION)) == (
        Removed(
            PROMOTION,
            Reason.REPEATED,
            1,
            "stands in 3 articles of different stories since 2026-03-01",
        ),
    )


def test_case_and_punctuation_make_no_difference() -> None:
    blocks = article(*BODY, PROMOTION.upper().replace(".", "!"))
    assert len(judge(blocks, recalled(PROMOTION))) == 1


@pytest.mark.parametrize(
    ("seen", "goes"),
    [
        pytest.param({}, True, id="three matters"),
        pytest.param({"stories": 2, "where": UNRELATED[:2]}, False, id="two stories"),
        pytest.param({"where": (FERRY,) * 3}, False, id="one matter"),
        pytest.param({"where": (FERRY, FERRY, CHEESE)}, False, id="two matters"),
        pytest.param({"where": (FERRY, *UNRELATED)}, True, id="one twice"),
        pytest.param({"where": ()}, False, id="subjects are forgotten"),
        pytest.param({"where": (), "learnt": True}, True, id="learnt before"),
        pytest.param({"learnt": True, "revoked": True}, False, id="revoked"),
    ],
)
def test_what_a_block_needs_to_go(seen: dict[str, object], goes: bool) -> None:
    recall = recalled(PROMOTION, replace(RECURRING, **seen))  # type: ignore[arg-type]
    assert gone(article(*BODY, PROMOTION), recall) == [PROMOTION] * goes


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        pytest.param("“We will sail again,” she said.", True, id="english"),
        pytest.param('"We will sail again," she said.', True, id="straight"),
        pytest.param("„Wir fahren bald wieder“, sagte sie.", True, id="german"),
        pytest.param("»Wir fahren bald wieder«, sagte sie.", True, id="books"),
        pytest.param("« Nous partirons en mai », dit-elle.", True, id="french"),
        pytest.param("”Vi seglar igen i maj”, sade hon.", True, id="swedish"),
        pytest.param("- Vi seiler igjen i mai, sier hun.", True, id="dash"),
        pytest.param("「船は五月に出ます」と話した。", True, id="japanese"),
        pytest.param("‘We don’t know what happened,’ she said.", True, id="single"),
        pytest.param("“We will sail again, and", True, id="goes on below"),
        pytest.param("The ferry “Aurora” sails to the island.", False, id="a name"),
        pytest.param("It's the islanders' ferry, isn't it?", False, id="apostrophes"),
        pytest.param("Read “Morning Letter” every day at seven.", False, id="a title"),
        pytest.param(PROMOTION, False, id="none"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_quotations(text: str, quotes: bool) -> None:
    assert is_quotation(text) is quotes


def test_a_quotation_stays_wherever_it_stands() -> None:
    quoted = "“Nobody believed in it, least of all the engine,” said the captain."
    recall = recalled(quoted, replace(RECURRING, learnt=True, stories=40))
    assert gone(article(*BODY, quoted), recall) == []


@pytest.mark.parametrize(
    ("texts", "goes"),
    [
        pytest.param((SHORT, *BODY), True, id="first"),
        pytest.param((*BODY, SHORT), True, id="last"),
        pytest.param((*BODY, SHORT, "Then it was May."), True, id="last but one"),
        pytest.param((BODY[0], SHORT, *BODY[1:], BODY[0]), False, id="a crosshead"),
        pytest.param(
            (BODY[0], SHORT, PROMOTION, *BODY[1:], BODY[0]), True, id="above another"
        ),
    ],
)
def test_short_blocks_go_from_the_edges_and_beside_others(
    texts: tuple[str, ...], goes: bool
) -> None:
    recall = recalled(SHORT)
    both = replace(recall, seen={**recall.seen, **recalled(PROMOTION).seen})
    assert (SHORT in gone(article(*texts), both)) is goes


def test_a_call_goes_from_anywhere() -> None:
    call = "Follow us everywhere!"
    blocks = article(BODY[0], call, *BODY[1:], BODY[0])
    assert gone(blocks, recalled(call)) == [call]


def test_a_rare_short_block_is_a_phrase_of_the_trade() -> None:
    phrase = "The investigation goes on."
    blocks = article(*BODY, phrase)
    assert gone(blocks, recalled(phrase, turn=40)) == [phrase]
    assert gone(blocks, recalled(phrase, turn=41)) == []


def test_an_article_is_not_taken_out_whole() -> None:
    blocks = article(BODY[0], PROMOTION)
    assert gone(blocks, recalled(PROMOTION)) == []


def test_a_table_has_no_memory() -> None:
    assert article(*["a row"] * (MOST_BLOCKS + 1)) == ()
    assert len(article(*["a row"] * MOST_BLOCKS)) == MOST_BLOCKS


# Matters


def test_background_of_a_running_story_is_of_one_matter() -> None:
    related = [about("ferry", name) for name in ("strike", "yard", "protest")]
    words = frozenset({"ferry0", "ferry1", "other"})
    assert matters(related, words, ()) == 1


def test_a_promotion_between_loosely_related_articles_is_not() -> None:
    loosely = [
        hashed(["town0", "town1", "town2", *(f"{name}{n}" for n in range(8))])
        for name in ("mayor", "market", "school")
    ]
    assert matters(loosely, frozenset({"letter", "morning", "seven"}), ()) == 3
    assert matters(loosely, frozenset({"town0", "town1"}), ()) == 1


def test_words_of_the_whole_outlet_bind_nothing() -> None:
    town = [f"town{n}" for n in range(10)]
    of_one_town = [
        hashed([*town, *(f"{name}{n}" for n in range(10))])
        for name in ("mayor", "market", "school", "bridge")
    ]
    promotion = frozenset({"letter", "morning", "seven", "town0"})
    assert matters(of_one_town, promotion, ()) == 1
    assert matters(of_one_town, promotion, of_one_town) == 4


def test_a_promotion_that_names_nothing_of_alike_articles_is_none_of_theirs() -> None:
    alike = [about("town", name) for name in ("mayor", "market", "school")]
    assert matters(alike, frozenset({"letter", "morning"}), ()) == 3
    assert matters(alike, frozenset({"letter", "morning", "town3"}), ()) == 1


def test_versions_of_one_text_are_one_matter_whatever_the_outlet_writes() -> None:
    assert matters([FERRY] * 4, frozenset({"letter"}), [FERRY] * 4) == 1


def test_a_chain_of_related_articles_is_one_matter() -> None:
    chain = [about("a", "b"), about("c", "d"), about("b", "c")]
    block = frozenset({"b0", "c0"})
    assert matters(chain, block, ()) == 1
    assert matters(chain[:2], block, ()) == 2


# Teasers


HEADLINE = "Council raises the price of parking"


@pytest.mark.parametrize(
    ("texts", "goes"),
    [
        pytest.param((BODY[0], HEADLINE, *BODY[1:]), True, id="a teaser"),
        pytest.param(
            (*BODY, HEADLINE, "Parking costs more: the council voted for the price."),
            False,
            id="the crosshead of a round-up",
        ),
    ],
)
def test_the_headline_of_another_story(texts: tuple[str, ...], goes: bool) -> None:
    url = "https://ferry.example/parking"
    found = judge(article(*texts), Recall(turn=4, headlines={HEADLINE: url}))
    expected = Removed(HEADLINE, Reason.TEASER, 1, f"the headline of {url}")
    assert found == (expected,) * goes


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        pytest.param(HEADLINE, True, id="headline"),
        pytest.param(f"{HEADLINE}.", False, id="sentence"),
        pytest.param("Who was hurt?", False, id="question of three words"),
        pytest.param("What happened", False, id="crosshead"),
        pytest.param(" ".join(BODY)[:-1], False, id="paragraph"),
    ],
)
def test_lines_that_may_be_headlines(text: str, may_be: bool) -> None:
    (line,) = article(text)
    assert is_headline_like(line) is may_be


# Judged as before


def test_what_went_before_goes_again_though_forgotten() -> None:
    was = Removed(PROMOTION, Reason.REPEATED, 9, "stands in 3 articles")
    blocks = article(*BODY, PROMOTION)
    assert settle(blocks, {PROMOTION: was}) == (replace(was, at=3),)
    assert judge(blocks, Recall(turn=9, dropped={PROMOTION: was})) == (
        replace(was, at=3),
    )


def test_the_ledger_keeps_the_order_of_the_page() -> None:
    paragraphs = (Paragraph(BODY[0], 0), Paragraph(PROMOTION, 2), Paragraph(BODY[1], 4))
    before = (
        Removed("Share", Reason.SHARE, 1, "x"),
        Removed("©", Reason.CREDIT, 3, "x"),
    )
    promotion = Removed(PROMOTION, Reason.REPEATED, 2, "stands in")
    left = without(Cleaned("Ferry", paragraphs, before), [promotion])
    assert [block.at for block in left.removed] == [1, 2, 3]
    assert [block.at for block in left.paragraphs] == [0, 4]


@pytest.mark.parametrize(
    ("turns", "days", "remembered"),
    [
        pytest.param(0, 0, True, id="now"),
        pytest.param(ARTICLES, 0, True, id="as many articles as count"),
        pytest.param(ARTICLES + 1, 0, False, id="too many articles"),
        pytest.param(1, SPAN.days, True, id="as long as counts"),
        pytest.param(1, SPAN.days + 1, False, id="too long"),
    ],
)
def test_forgetting(turns: int, days: int, remembered: bool) -> None:
    assert is_remembered(turns, timedelta(days=days)) is remembered


# Whatever is remembered

SUBJECTS = st.sampled_from([FERRY, PARKING, CHEESE, about("ferry", "strike")])
TEXTS = st.sampled_from([*BODY, PROMOTION, SHORT, HEADLINE, "“Aye, aye,” he said."])
SEEN = st.builds(
    Seen,
    stories=st.integers(0, 9),
    since=st.just(SINCE),
    first_turn=st.integers(1, 9),
    where=st.lists(SUBJECTS, max_size=8).map(tuple),
    revoked=st.booleans(),
)


@given(
    st.lists(TEXTS, max_size=9),
    st.dictionaries(TEXTS, SEEN),
    st.lists(SUBJECTS, max_size=20),
)
def test_what_is_not_known_to_recur_stays(
    texts: list[str], known: dict[str, Seen], recent: list[Subject]
) -> None:
    seen = {line.key: known[line.text] for line in article(*known) if line.key}
    recall = Recall(turn=9, seen=seen, recent=tuple(recent))
    for block in judge(article(*texts), recall):
        fact = known[block.text]
        assert fact.stories >= 3
        assert len(set(fact.where)) >= 3
        assert not fact.revoked


@given(st.lists(SUBJECTS, max_size=8), st.data())
def test_the_order_of_arrival_makes_no_difference(
    where: list[Subject], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(where))
    block = frozenset({"ferry0", "ferry1"})
    assert matters(where, block, ()) == matters(shuffled, block, ())


@given(st.lists(st.text(), max_size=8), st.booleans())
def test_any_text_is_judged(texts: list[str], learnt: bool) -> None:
    blocks = article(*texts)
    seen = {line.key: replace(RECURRING, learnt=learnt) for line in blocks if line.key}
    found = judge(blocks, Recall(turn=4, seen=seen))
    assert [block.at for block in found] == sorted({block.at for block in found})
    assert all(texts[block.at] == block.text for block in found)
