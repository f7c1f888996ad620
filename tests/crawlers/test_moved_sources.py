"""A feed that redirects for good: asked at its new address in time, and told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.poll import address
from pipelines.store import SourceSpec, SourceWork, Store
from pipelines.store.sources import Move

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, NEW = "https://a.example/rss", "https://b.example/feed"
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "a.db", create=True)
    opened.frontier.sync_sources([SourceSpec("a", "feed", OLD)], NOW)
    return opened


def work(store: Store) -> SourceWork:
    (found,) = store.frontier.due_sources(NOW, everything=True)
    return found


def test_the_new_address_is_asked_when_it_has_stood(store: Store) -> None:
    store.frontier.note_move(work(store).id, Move(NEW, 3, NOW))
    assert address(work(store), NOW + DAY / 2) == OLD
    assert address(work(store), NOW + DAY) == NEW
    store.frontier.note_move(work(store).id, None)
    assert address(work(store), NOW + DAY) == OLD


def test_a_config_that_follows_keeps_what_is_known(store: Store) -> None:
    before = work(store)
    store.frontier.note_move(before.id, Move(NEW, 3, NOW))
    store.frontier.sync_sources([SourceSpec("a", "feed", NEW)], NOW + DAY)
    after = work(store)
    assert (after.id, after.url, after.move) == (before.id, NEW, None)
    assert after.host == "b.example"


def test_another_address_is_another_source(store: Store) -> None:
    before = work(store)
    store.frontier.note_move(before.id, Move(NEW, 3, NOW))
    other = "https://c.example/feed"
    store.frontier.sync_sources([SourceSpec("a", "feed", other)], NOW + DAY)
    assert work(store).id != before.id
