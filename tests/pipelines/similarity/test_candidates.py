"""Which texts are compared: all that share enough to matter, no strangers."""

from __future__ import annotations

import pytest
from newswire import LETTERS, story, text

from pipelines.similarity.candidates import COMMON, candidates, to_post
from pipelines.similarity.relating import sketched
from pipelines.similarity.texts import Posting, Sketch
from pipelines.store.scratch import Scratch


def sketch(paragraphs: list[str]) -> Sketch:
    memory = Scratch()
    made = sketched(text(paragraphs), memory)
    memory.close()
    return made


def posted(by: Sketch, at: int, asked: Sketch) -> list[Posting]:
    """What a memory with that text answers."""
    shared = set(by.prints) & set(asked.prints)
    return [Posting(one, at, at, len(by.own)) for one in sorted(shared)]


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("paragraphs", [4, 12, 40])
def test_a_third_in_common_is_enough(language: str, paragraphs: int) -> None:
    shared = story(language, "shared", max(2, paragraphs * 2 // 5))
    for seed in range(4):
        own = story(language, f"own {seed}", paragraphs - len(shared))
        other = story(language, f"other {seed}", 3 * paragraphs - len(shared))
        this, that = sketch([*own, *shared]), sketch([*shared, *other])
        assert candidates(this, posted(that, 7, this)) == [[7]]


def test_a_print_in_common_by_chance_leads_nowhere() -> None:
    this = sketch(story("en", "this", 20))
    stranger = Posting(this.prints[0], 7, 7, 500)
    brief = Posting(this.prints[0], 8, 8, 40)
    assert candidates(this, [stranger]) == []
    assert candidates(this, [brief]) == [[8]]


def test_the_texts_of_a_story_count_together() -> None:
    this = sketch(story("en", "this", 20))
    prints = this.prints[:8]
    spread = [Posting(one, at, 1, 500) for at, one in enumerate(prints, start=1)]
    assert candidates(this, spread) == [[1, 2, 3]]


def test_what_everybody_has_tells_nothing_and_is_not_posted() -> None:
    this = sketch(story("en", "this", 20))
    everywhere = [
        Posting(one, at, at, 500) for one in this.prints for at in range(1, COMMON + 2)
    ]
    assert candidates(this, everywhere) == []
    assert to_post(this, everywhere, None) == []
    mine = Posting(this.prints[0], 1, 1, 500)
    assert to_post(this, [mine], 1) == list(this.prints[1:])
    assert to_post(this, [mine], 2) == list(this.prints)
