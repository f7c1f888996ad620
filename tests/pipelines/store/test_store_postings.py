"""Postings are found in whichever of the two tables they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.store import postings as module
from pipelines.store.postings import PRINTS, Postings
from pipelines.store.scratch import Scratch

# Few prints, so that texts share them.
PRINT = st.sampled_from([0, 1, 2, 3, 1 << 31, PRINTS - 1])
TEXT = st.integers(1, 6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("keep"), TEXT, st.sets(PRINT)),
        st.tuples(st.just("forget"), TEXT, st.sets(PRINT)),
        st.tuples(st.just("move"), st.just(0), st.sets(PRINT, max_size=1)),
        st.tuples(st.just("sweep"), TEXT, st.just(frozenset())),
    ),
    max_size=25,
)


@contextmanager
def opened() -> Iterator[tuple[Scratch, Postings]]:
    memory = Scratch()
    db = memory._session.db.conn
    for text in range(1, 7):
        db.execute("INSERT INTO sketch VALUES (?1, ?1, 1, NULL, 0, 100, 0)", [text])
    yield memory, Postings(memory._session)
    memory.close()


def found(postings: Postings) -> list[tuple[int, int]]:
    prints = [0, 1, 2, 3, 1 << 31, PRINTS - 1]
    return sorted((one.print, one.id) for one in postings.had(prints))


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_as_if_there_were_one_table(
    steps: list[tuple[str, int, frozenset[int]]],
) -> None:
    with opened() as (_, postings), patch.multiple(module, MOVED=2, SWEPT=2):
        expected: set[tuple[int, int]] = set()
        for step, text, prints in steps:
            if step == "keep":
                postings.keep_missing(text, prints)
                expected |= {(one, text) for one in prints}
            elif step == "forget":
                postings.forget(text, prints)
                expected -= {(one, text) for one in prints}
            elif step == "move":  # some rows, from wherever
                postings.move(max(prints, default=0))
            else:
                at = 0
                while at < PRINTS:
                    at = postings.sweep(at, text)
                expected = {one for one in expected if one[1] >= text}
            assert found(postings) == sorted(expected)


def test_all_are_moved_in_the_end() -> None:
    with opened() as (memory, postings), patch.object(module, "MOVED", 3):
        postings.keep(1, range(10))
        postings.keep(2, range(5, 15))
        at, steps = 0, 0
        while at < PRINTS:
            at, steps = postings.move(at), steps + 1
        count = "SELECT count(*) FROM {}".format
        assert memory._session.value(count("fresh_posting")) == 0
        assert memory._session.value(count("posting")) == 20
        assert steps > 20 // 3


def test_only_those_after_a_text() -> None:
    with opened() as (_, postings):
        postings.keep(1, [7])
        postings.move(0)
        postings.keep(2, [7])
        assert [one.id for one in postings.had([7])] == [1, 2]
        assert [one.id for one in postings.had([7], after=1)] == [2]
        assert postings.had([7], after=2) == []
