"""What an article is about, and how much two articles share of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint import tokens
from pipelines.subject import (
    CLOSE,
    MOST,
    RELATED,
    SAME,
    Subject,
    extent,
    hashed,
    in_common,
    share,
    subject,
    words,
)


def words_of(text: str) -> frozenset[str]:
    return words(tokens(text))


def about(title: str, *blocks: str) -> Subject:
    return subject(title, [words_of(block) for block in blocks])


FERRY = about(
    "Ferry stays in the yard until May",
    "The ferry Aurora will not sail to Grey Island before May, the yard said.",
    "Its engine has to be built anew. Islanders must take the boat of the pilots.",
    "The engine of the Aurora had failed off Grey Island in January.",
)
FERRY_AGAIN = about(
    "Islanders protest over missing ferry",
    "Some 200 people of Grey Island marched to the yard where the Aurora lies.",
    "They want a second ferry. The yard said the engine came late.",
    "Without the Aurora the island has no school bus, the marchers said.",
)
COUNCIL = about(
    "Council raises price of parking",
    "Parking in the old town costs three euros an hour from June.",
    "The council voted for the price by a majority of one.",
    "Traders in the old town fear for customers who come by car.",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("The ferry Aurora sails at 1930", {"ferry", "aurora", "sails"}),
        pytest.param("Der Fähre fehlt der Motor", {"fähre", "fehlt", "motor"}),
        pytest.param("渡船停驶", {"渡船", "船停", "停驶"}, id="pairs"),
        pytest.param("여객선 운항", {"여객선", "운항"}, id="two syllables are a word"),
        pytest.param("5G网络", {"网络"}, id="mixed"),
        pytest.param("渡 AI 船", set(), id="letters apart are no pair"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_words_that_say_something(text: str, found: set[str]) -> None:
    assert words_of(text) == found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("No one was injured.", 4, id="words"),
        pytest.param("没有人受伤", 2.5, id="letters"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_extent(text: str, length: float) -> None:
    assert extent(tokens(text)) == length


def test_articles_of_one_event_share_their_subject() -> None:
    assert share(FERRY, FERRY_AGAIN) >= CLOSE
    assert share(FERRY, FERRY) == 1


def test_articles_of_two_events_do_not() -> None:
    assert share(FERRY, COUNCIL) < RELATED
    assert share(FERRY_AGAIN, COUNCIL) < RELATED


def test_two_shared_words_are_chance() -> None:
    assert share(hashed(["ferry", "yard"]), hashed(["ferry", "yard"])) == 0
    assert share(frozenset(), frozenset()) == 0


def test_a_promotion_is_not_what_an_article_is_about() -> None:
    promotion = "Subscribe to our newsletter and get a free tote bag."
    told = subject("Ferry", [words_of("The ferry sails"), words_of(promotion)])
    assert told == hashed(["ferry"])


def test_words_of_most_articles_tell_none_apart() -> None:
    assert in_common([hashed("ab"), hashed("ac"), hashed("ad")]) == hashed("a")
    assert in_common([]) == frozenset()


def test_a_subject_is_small() -> None:
    title = " ".join(f"word{n:03}" for n in range(200))
    assert len(subject(title, [])) == MOST


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_has_a_subject_that_fits_its_column(
    title: str, blocks: list[str]
) -> None:
    told = subject(title, [words_of(block) for block in blocks])
    assert all(0 <= word < 1 << 32 for word in told)
    assert share(told, told) in (0.0, 1.0)
    assert extent(tokens(title)) >= 0
    assert SAME <= 1
