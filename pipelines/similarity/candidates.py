"""Which texts are worth a comparison, and which prints are worth keeping. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.similarity.texts import Posting, Sketch

#: Stories that are compared word by word, those of the most common prints first.
MOST_STORIES: Final = 5
#: Texts of each: the three of the most common prints and the first one.
BEST_OF_STORY: Final = 3
#: Fewer common prints than this share of the best candidate's lead nowhere.
FAINT: Final = 0.1
#: So do prints that stand for less than this share of the shorter text: prints of 32
#: bits meet by chance, and among a million texts that makes two strangers to each. Of
#: what is shared they stand for twice as much on average.
CHANCE: Final = 0.2
#: A print that so many stories have is a phrase of the trade.
COMMON: Final = 40


def candidates(sketch: Sketch, posted: Sequence[Posting]) -> list[list[int]]:
    """The texts to compare with, story by story, the likeliest first.

    A print in common stands for as many words as lie between two prints of the
    longer text, which has fewer of them.
    """
    window = sketch.own.window
    stories: Counter[int] = Counter()
    texts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    shortest: defaultdict[int, int] = defaultdict(lambda: len(sketch.own))
    for posting in _telling(posted):
        worth = max(window, posting.window)
        stories[posting.story] += worth
        texts[posting.story][posting.id] += worth
        shortest[posting.story] = min(shortest[posting.story], posting.words)
    ranked = stories.most_common(MOST_STORIES)
    faint = FAINT * ranked[0][1] if ranked else 0
    return [
        _of_story(story, texts[story])
        for story, votes in ranked
        if votes >= max(faint, CHANCE * shortest[story])
    ]


def _of_story(story: int, votes: Counter[int]) -> list[int]:
    best = [text for text, _ in votes.most_common(BEST_OF_STORY)]
    return list(dict.fromkeys([*best, story]))


def _telling(posted: Sequence[Posting]) -> list[Posting]:
    """The postings of prints that are not everywhere."""
    spread = Counter(posting.print for posting in posted)
    return [posting for posting in posted if spread[posting.print] <= COMMON]


def _not_to_post(posted: Sequence[Posting], story: int | None) -> set[int]:
    """The prints that the story has posted already, and those that are everywhere."""
    spread = Counter(posting.print for posting in posted)
    return {
        posting.print
        for posting in posted
        if posting.story == story or spread[posting.print] > COMMON
    }


def to_post(sketch: Sketch, posted: Sequence[Posting], story: int | None) -> list[int]:
    """The prints that its story has not posted before, and that are not everywhere."""
    known = _not_to_post(posted, story)
    return [one for one in sketch.prints if one not in known]
