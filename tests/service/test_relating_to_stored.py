"""Texts of a batch are related to those that a database remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from newsstand import FERRY, NOW, Newsstand

from pipelines.similarity.texts import Text
from pipelines.store import Store
from service.relating import Related, Submitted, related, url_id

STORY, COPY, OTHER = (f"{FERRY}/news/{name}" for name in ("story", "copy", "other"))


def part(topic: str, at: int) -> str:
    return " ".join(f"{topic}{at}w{n}" for n in range(14))


WIRE = [part("wire", at) for at in range(10)]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Newsstand]:
    with Store.open(tmp_path / "presswatch.db", create=True) as store:
        yield Newsstand(store, NOW)


def line(
    id_: str, text: Sequence[str], outlet: str = "quay", url: str | None = None
) -> Submitted:
    told = Text(outlet, url_id(url), NOW, "\n".join(text))
    return Submitted(id_, told, url)


def told(path: Path, *lines: Submitted) -> list[tuple[str, object, object]]:
    with Store.open(path, read_only=True) as store:
        return [brief(one) for one in related(lines, store)]


def brief(one: Related) -> tuple[str, object, object]:
    assert one.relating is not None
    return str(one.relating.likeness), one.of, one.story


def test_a_cut_copy_goes_by_the_url_of_the_story(stand: Newsstand) -> None:
    stand.publish("ferry", STORY, WIRE)
    stand.publish("hills", COPY, [part("lead", 0), *WIRE])
    cut, longer, strange = told(
        stand.store.path,
        line("a", [part("lead", 0), *WIRE[:5]]),
        line("b", [*WIRE, part("tail", 0)], "dock"),
        line("c", [part("other", 0), *WIRE[:1], *(part("own", n) for n in range(5))]),
    )
    assert cut == ("same", COPY, STORY)
    assert longer[0] == "same"
    assert longer[2] == STORY
    assert strange == ("new", None, "c")


def test_lines_are_related_to_one_another_too(stand: Newsstand) -> None:
    stand.publish("ferry", OTHER, [part("other", n) for n in range(6)])
    first, copy = told(
        stand.store.path, line("a", WIRE), line("b", WIRE[:6], outlet="dock")
    )
    assert (first, copy) == (("new", None, "a"), ("same", "a", "a"))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(STORY, id="as it is"),
        pytest.param(f"{STORY}?utm_source=x", id="tracked"),
        pytest.param(f"{STORY}/", id="with a slash"),
        pytest.param(STORY.replace("https", "http"), id="over http"),
    ],
)
def test_another_text_at_a_known_url_is_a_revision(stand: Newsstand, url: str) -> None:
    stand.publish("ferry", STORY, WIRE)
    own = [part("own", n) for n in range(6)]
    found = told(stand.store.path, line("a", own, url=url), line("b", own, url=url))
    assert found == [("revision", STORY, STORY), ("same", "a", STORY)]


def test_what_came_is_known_word_for_word_without_its_text(stand: Newsstand) -> None:
    stand.publish("ferry", STORY, WIRE)
    for leased in stand.store.queue.lease(
        limit=1, duration=timedelta(minutes=1), now=stand.now
    ):
        stand.store.queue.ack(leased.id, leased.token, stand.now)
    later = stand.now + timedelta(days=90)
    assert stand.store.prune_texts(later, later) == 1
    while stand.store.prune_words(later, later):
        pass
    whole, cut = told(
        stand.store.path, line("a", WIRE), line("b", [*WIRE[:8], part("own", 1)])
    )
    assert whole == ("same", STORY, STORY)
    assert cut == ("same", "a", STORY)


def test_what_was_forgotten_is_not_known(stand: Newsstand) -> None:
    stand.publish("ferry", STORY, WIRE)
    urls = stand.store.forgetting.of_url(STORY)
    stand.store.forgetting.forget(urls, stand.now)
    found = told(stand.store.path, line("a", WIRE), line("b", WIRE[:7], url=STORY))
    assert found == [("new", None, "a"), ("same", "a", "a")]


def test_the_service_may_store_meanwhile(stand: Newsstand) -> None:
    stand.publish("ferry", OTHER, [part("other", n) for n in range(6)])
    with Store.open(stand.store.path, read_only=True) as store:

        def lines() -> Iterator[Submitted]:
            yield line("a", [part("first", n) for n in range(6)])
            stand.publish("ferry", STORY, WIRE)
            yield line("b", WIRE[:6])
            yield line("c", [part("first", n) for n in range(4)], "dock")

        found = [brief(one) for one in related(lines(), store)]
    assert found == [("new", None, "a"), ("same", STORY, STORY), ("same", "a", "a")]
    assert len(stand.store.articles.list()) == 2
