"""What one source lists and the others omit, from real listings in a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.models import Outlet, outlet
from crawlers.runtime import sources
from pipelines.candidate import Candidate
from pipelines.outcome import Outcome
from pipelines.store import Attempt, Listed, PollRecord, Store
from service.crosscheck import CrossCheck, as_json, gather

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = {"feed": "https://a.example/rss"}
SITEMAP = {"sitemap": "https://a.example/news.xml", "every": "1h"}
SECTION = {"section": "https://a.example/"}


def an_outlet(*listed: dict[str, str], **said: Any) -> Outlet:
    return outlet("a", {"sources": list(listed), "every": "10m", **said})


def polled(store: Store, kind: str, paths: list[str], at: datetime) -> None:
    (source,) = [s for s in store.frontier.source_status() if s.kind == kind]
    entries = tuple(
        Listed(Candidate(f"https://a.example/{path}"), "a.example") for path in paths
    )
    record = PollRecord(source.id, at, 200, "ok", at + HOUR, entries=entries)
    store.frontier.record_poll(record)


def compared(
    tmp_path: Path, of: Outlet, lists: dict[str, list[str]], bad: str = "-"
) -> CrossCheck:
    with Store.open(tmp_path / "a.db", create=True) as store:
        store.frontier.sync_sources(sources([of]), NOW)
        for kind in lists:
            polled(store, kind, ["before"], NOW)
        for kind, paths in lists.items():
            polled(store, kind, paths, NOW + HOUR)
        for work in store.frontier.due_urls(NOW + 2 * HOUR, host="a.example", limit=99):
            if f"/{bad}/" in work.url:
                done = Attempt(work.id, NOW + 2 * HOUR, Outcome.NOT_ARTICLE)
                store.frontier.record_attempt(done)
        return gather(store, of, NOW + 9 * HOUR)


def paths(first: int, last: int, under: str = "news") -> list[str]:
    return [f"{under}/{n}" for n in range(first, last)]


def test_each_source_is_told_what_it_alone_lists_and_omits(tmp_path: Path) -> None:
    lists = {"feed": paths(0, 30), "sitemap": paths(5, 40)}
    found = compared(tmp_path, an_outlet(FEED, SITEMAP), lists)
    feed, sitemap = found.views
    assert found.compared == 40  # what was listed at first does not count
    assert (feed.listed, feed.only, feed.missed) == (30, 5, 10)
    assert (sitemap.listed, sitemap.only, sitemap.missed) == (35, 10, 5)
    assert feed.missed_examples[-1] == "https://a.example/news/39"


def test_what_comes_late_is_to_be_polled_more_often(tmp_path: Path) -> None:
    lists = {"feed": paths(0, 30), "sitemap": paths(5, 40)}
    (mending,) = compared(tmp_path, an_outlet(FEED, SITEMAP), lists).mendings
    assert mending.line == "- sitemap: https://a.example/news.xml, every: 10m"


def test_a_source_that_adds_nothing_may_go(tmp_path: Path) -> None:
    lists = {"feed": paths(0, 40), "section": paths(0, 30)}
    (mending,) = compared(tmp_path, an_outlet(FEED, SECTION), lists).mendings
    assert mending.line == "# - section: https://a.example/"


def test_paths_without_articles_are_to_be_denied(tmp_path: Path) -> None:
    lists = {"feed": paths(0, 30), "section": [*paths(0, 30), *paths(0, 6, "video")]}
    of = an_outlet(FEED, SECTION)
    found = compared(tmp_path, of, lists, bad="video")
    assert 'articles: {deny: ["^/video/"]}' in [one.line for one in found.mendings]


def test_a_single_source_is_told_how_to_find_others(tmp_path: Path) -> None:
    found = compared(tmp_path, an_outlet(FEED), {"feed": paths(0, 30)})
    (mending,) = found.mendings
    assert "presswatch outlets add https://a.example/ --print" in mending.line


def test_sources_that_were_never_polled_are_left_out(tmp_path: Path) -> None:
    found = compared(tmp_path, an_outlet(FEED, SECTION), {"feed": paths(0, 30)})
    assert found.unpolled == ("https://a.example/",)
    assert as_json(found)["sources"][0]["omitted"] == 0
