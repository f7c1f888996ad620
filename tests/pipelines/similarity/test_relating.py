"""A stream of texts, each related to those before it, with a real memory."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newswire import LETTERS, sentence, story, text

from pipelines.similarity import wording
from pipelines.similarity.judging import Likeness
from pipelines.similarity.relating import Relating, relate, sketched
from pipelines.similarity.texts import Text
from pipelines.store.scratch import Scratch


@pytest.fixture
def memory() -> Iterator[Scratch]:
    postings = Scratch()
    yield postings
    postings.close()


def told(memory: Scratch, *texts: Text) -> list[Relating]:
    return [relate(one, memory)[1] for one in texts]


@pytest.mark.parametrize("language", LETTERS)
def test_copies_become_one_story(memory: Scratch, language: str) -> None:
    wire = story(language, "wire", 12)
    first, cut, longer, other = told(
        memory,
        text(wire, "agency"),
        text(wire[:4], "pier"),
        text([sentence(language, "headline"), *wire[:10]], "quay"),
        text(story(language, "another", 12), "quay"),
    )
    assert first.likeness is other.likeness is Likeness.NEW
    assert (first.of, first.story, other.story) == (None, None, None)
    assert cut.likeness is longer.likeness is Likeness.SAME
    assert cut.story == longer.story == 1
    assert cut.coverage == 1
    assert cut.coverage_of == pytest.approx(1 / 3, abs=0.05)


def test_one_url_is_one_story(memory: Scratch) -> None:
    old, new = story("en", "old"), story("en", "new")
    first, again, revised, back, copy = told(
        memory,
        text(old, url_key=7),
        text(old, url_key=7),
        text(new, url_key=7),
        text(old, url_key=7),
        text(new, "pier", url_key=8),
    )
    assert first.likeness is Likeness.NEW
    assert (again.likeness, again.of, again.story) == (Likeness.SAME, 1, 1)
    assert (revised.likeness, revised.of, revised.story) == (Likeness.REVISION, 2, 1)
    assert (back.likeness, back.of, back.coverage) == (Likeness.REVISION, 3, 0)
    assert (copy.likeness, copy.story) == (Likeness.SAME, 1)


def test_the_same_wording_is_the_same_text(memory: Scratch) -> None:
    body = "\n".join(story("en", "wall", 1))
    _, same = told(memory, text(body, "ferry"), text(body.upper(), "pier"))
    assert (same.likeness, same.coverage, same.coverage_of) == (Likeness.SAME, 1, 1)


def test_short_texts_are_never_copies(memory: Scratch) -> None:
    first, second = told(memory, text("Read more.", "a"), text("Read more.", "b"))
    assert first.likeness is second.likeness is Likeness.NEW


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("joint", ["\n", " "], ids=["lines", "one line"])
def test_of_endless_texts_the_beginning_is_compared(
    memory: Scratch, monkeypatch: pytest.MonkeyPatch, language: str, joint: str
) -> None:
    monkeypatch.setattr(wording, "LONGEST", 200)
    body = joint.join(story(language, "endless", 100))
    told_twice = body.rstrip() + "\n" + sentence(language, "end")
    first, same, copy, revised, again = told(
        memory,
        text(body, url_key=1),
        text(f"{body}\n", url_key=1),
        text(told_twice, "pier", url_key=2),
        text(told_twice, url_key=1),
        text(joint.join(story(language, "endless", 4)), "quay"),
    )
    assert first.likeness is Likeness.NEW
    assert (same.likeness, same.of) == (Likeness.SAME, 1)
    assert (copy.likeness, copy.story) == (Likeness.SAME, 1)
    assert revised.likeness is Likeness.REVISION
    assert (again.likeness, again.story) == (Likeness.SAME, 1)
    sketch = sketched(text(body), memory)
    assert len(sketch.own) == sketch.length == 200
    assert len(sketch.prints) < 40


def test_a_line_in_three_stories_is_the_outlets(memory: Scratch) -> None:
    box = [sentence("en", "newsletter", 40), sentence("en", "about us", 40)]
    known = [text([*story("en", n, 3), *box], hours=n) for n in range(3)]
    told(memory, *known)
    brief = text([sentence("en", "brief", 30), *box], hours=9)
    elsewhere = text([sentence("en", "brief", 30)], "pier", hours=9)
    found, copy = told(memory, brief, elsewhere)
    assert found.likeness is Likeness.NEW
    assert (copy.likeness, copy.coverage_of) == (Likeness.SAME, 1)


def test_revisions_of_a_page_teach_no_lines(memory: Scratch) -> None:
    page = story("en", "live")
    visits = [
        text([sentence("en", n), *page], url_key=7, hours=24 * n) for n in range(5)
    ]
    told(memory, *visits)
    (copy,) = told(memory, text(page, "pier"))
    assert (copy.likeness, copy.coverage) == (Likeness.SAME, 1)


def test_a_brief_does_not_join_two_stories(memory: Scratch) -> None:
    brief = story("en", "brief", 3)
    long, other = (brief + story("en", seed, 12) for seed in ("long", "other"))
    copies = [text(long, f"outlet{n}") for n in range(3)]
    first, *found, last = told(memory, text(brief), *copies, text(other, "quay"))
    assert first.likeness is Likeness.NEW
    assert [one.story for one in found] == [1, 1, 1]
    assert (last.likeness, last.of, last.story) == (Likeness.CONTAINED, 1, None)


def test_phrases_of_the_trade_lead_nowhere(memory: Scratch) -> None:
    phrase = sentence("en", "phrase", 30)
    for n in range(60):
        told(memory, text([phrase, *story("en", n, 4)], f"outlet{n}"))
    (copy,) = told(memory, text(story("en", 59, 4), "pier"))
    assert (copy.likeness, copy.of) == (Likeness.SAME, 60)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(LETTERS)))
def test_order_only_changes_who_is_first(rng: random.Random, language: str) -> None:
    texts = [
        (n, text([sentence(language, f"lead {copy}"), *story(language, n)], f"o{copy}"))
        for n in range(3)
        for copy in range(3)
    ]
    rng.shuffle(texts)
    memory = Scratch()
    stories: dict[int, set[int]] = {}
    for n, one in texts:
        here, relating = relate(one, memory)
        stories.setdefault(n, set()).add(relating.story or here)
    memory.close()
    assert [len(found) for found in stories.values()] == [1, 1, 1]
    assert len(set.union(*stories.values())) == 3


@settings(max_examples=30, deadline=None)
@given(st.data(), st.sampled_from(sorted(LETTERS)))
def test_known_lines_of_the_outlet_change_nothing(
    data: st.DataObject, language: str
) -> None:
    box = [sentence(language, f"box {n}", 30) for n in range(3)]
    wire = story(language, "wire")
    lines = st.sampled_from([*wire, *story(language, "own")])
    # Fewer words than two lines have are a copy only word for word, lines and all.
    own = data.draw(st.lists(lines, min_size=2))
    places = data.draw(st.lists(st.integers(0, len(own)), min_size=3, max_size=3))
    boxed = list(own)
    for line, place in zip(box, places, strict=True):
        boxed.insert(place, line)

    def found(last: list[str]) -> tuple[Relating, Relating]:
        memory = Scratch()
        known = [text([*story(language, n, 3), *box], hours=n) for n in range(3)]
        told(memory, *known, text(wire, "agency"))
        this, later = told(memory, text(last, hours=9), text(own, "pier", hours=10))
        memory.close()
        return this, later

    for plain, with_lines in zip(found(own), found(boxed), strict=True):
        assert with_lines.likeness is plain.likeness
        assert (with_lines.of, with_lines.story) == (plain.of, plain.story)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            text,
            st.text(st.characters(codec=None), max_size=80).map(lambda t: t * 3),
            st.sampled_from(["", "a", "b"]),
            st.sampled_from([None, 1, 2]),
        ),
        max_size=8,
    )
)
def test_any_texts_are_taken(texts: list[Text]) -> None:
    memory = Scratch()
    for number, one in enumerate(texts, start=1):
        here, relating = relate(one, memory)
        assert here == number
        assert (relating.of is None) == (relating.likeness is Likeness.NEW)
        assert 0 <= relating.coverage <= (1 if relating.of else 0)
    memory.close()
