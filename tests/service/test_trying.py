"""Which outlet a URL belongs to, and what a dry run asks of the past. Pure parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.models import Outlet, outlet
from pipelines.candidate import Candidate
from pipelines.store import Listed, PollRecord, SourceSpec, SourceWork, Store
from service.trying import Past, outlet_of

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def made(key: str, home: str, **said: Any) -> Outlet:
    return outlet(key, {"home": home, "sources": [{"feed": f"{home}rss"}], **said})


OUTLETS = {
    one.key: one
    for one in (
        made("world", "https://www.paper.example/", articles={"allow": ["/world/"]}),
        made("sport", "https://sport.paper.example/"),
        made("local", "http://127.0.0.1:4711/"),
        made("other", "https://other.example/", articles={"sites": ["guest.example"]}),
    )
}


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("https://www.paper.example/world/1", "world", id="host and rule"),
        pytest.param("https://sport.paper.example/cup", "sport", id="host"),
        pytest.param("https://www.paper.example/cup", "sport", id="rules before host"),
        pytest.param("https://m.paper.example/world/1", "world", id="same site"),
        pytest.param("https://guest.example/1", "other", id="a site of the rules"),
        pytest.param("http://127.0.0.1:4711/a", "local", id="an address"),
        pytest.param("http://127.0.0.1:4712/a", None, id="another port"),
        pytest.param("https://nobody.example/a", None, id="nobody's"),
    ],
)
def test_a_url_goes_by_the_outlet_it_belongs_to(url: str, key: str | None) -> None:
    found = outlet_of(url, OUTLETS)
    assert (found and found.key) == key


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "new.db", create=True) as opened:
        specs = [SourceSpec("ferry", "feed", "https://ferry.example/rss")]
        opened.frontier.sync_sources(specs, NOW)
        yield opened


def polled(store: Store, outcome: str) -> SourceWork:
    (work,) = store.frontier.due_sources(NOW, everything=True)
    listed = (Listed(Candidate("https://ferry.example/1"), "ferry.example"),)
    good = outcome == "ok"
    record = PollRecord(work.id, NOW, 200, outcome, NOW, entries=listed if good else ())
    store.frontier.record_poll(record)
    return work


def test_a_source_is_new_until_a_poll_of_it_succeeds(store: Store) -> None:
    work = polled(store, "failed")
    assert Past(store).is_new(work)
    polled(store, "ok")
    assert not Past(store).is_new(work)
    assert Past(None).is_new(work)


def test_urls_are_known_from_the_database(store: Store) -> None:
    polled(store, "ok")
    (listed,) = store.overview.listed_by(1)
    assert Past(store).known("ferry", [listed]) == {"https://ferry.example/1"}
    assert Past(store).known("hills", [listed]) == frozenset()
    assert Past(None).known("ferry", [listed]) == frozenset()
