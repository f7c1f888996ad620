"""Articles that come again: as a wall, under other addresses, changed without end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from audit import Complaint, audit
from faults.under import database

from pipelines.outcome import Outcome
from pipelines.store import Store
from pipelines.store.stories import Story
from program import once, watched_pass
from service.demo.client import Site


def stories(config: Path, url: str) -> list[Story]:
    with Store.open(database(config), read_only=True) as store:
        return list(store.articles.story(url))


def told(config: Path) -> list[tuple[str, str]]:
    """The URL and kind of every message, oldest first."""
    with Store.open(database(config), read_only=True) as store:
        queued = store.queue.export()
        return [(str(m.article["url"]), m.kind) for m in queued]


def look_again(config: Path, *urls: str) -> str:
    """The log of a pass for which the pages are due."""
    with sqlite3.connect(database(config)) as db:
        for url in urls:
            found = db.execute(
                "UPDATE url SET state = 'due', next_at = 1 WHERE url = ?", [url]
            )
            assert found.rowcount == 1
    db.close()
    return watched_pass(config).log


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.mark.fault("T4")
def test_a_wall_or_a_soft_404_is_no_revision(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    before = told(config)
    pages = dict(
        zip(
            ("not_found", "login", "captcha", "shell"),
            (url for url, _ in before),
            strict=False,
        )
    )
    for name, url in pages.items():
        fresh_site.fault("courier", f"^{path_of(url)}", "page", page=name)
    log = look_again(config, *pages.values())
    assert told(config) == before
    for name, url in pages.items():
        (story,) = stories(config, url)
        assert story.url.outcome not in {Outcome.NEW, Outcome.REVISION}, name
        assert story.url.next_at is not None, name
    audit(
        database(config),
        listed=pages.values(),
        finished=True,
        log=log,
        complaints=[Complaint("courier", url, "(") for url in pages.values()],
    )


@pytest.mark.fault("T3")
def test_one_text_at_many_urls_is_one_text(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    before = told(config)
    original = before[0][0]
    copies = [
        url
        for n in range(6)
        for url in fresh_site.publish(
            "courier", copy_of=original, title=f"Harbour report number {n}"
        )
    ]
    log = watched_pass(config).log
    assert told(config) == before
    for url in copies:
        (story,) = stories(config, url)
        assert story.url.outcome is Outcome.DUPLICATE
    audit(
        database(config),
        listed=[original, *copies],
        finished=True,
        log=log,
        complaints=[Complaint("courier", url, "duplicate") for url in copies],
    )


@pytest.mark.fault("T6")
def test_a_text_that_flaps_is_held_back(fresh_site: Site, tmp_path: Path) -> None:
    each = {"on_add": "latest 1", "most_revisions": 2}
    config = fresh_site.config(
        tmp_path, outlets=["courier"], sources=["feed"], each=each
    )
    once(config)
    ((url, _),) = told(config)
    for n in range(3):
        words = f"In box {n} the pilots found report {n * 7} of the harbour engineers."
        fresh_site.update(url, add=words)
        log = look_again(config, url)
    assert told(config) == [(url, "new"), (url, "revision"), (url, "revision")]
    (story,) = stories(config, url)
    assert "changes too often: held back until" in (story.url.detail or "")
    assert story.url.next_at is not None
    with Store.open(database(config), read_only=True) as store:
        (alert,) = store.alerts.list()
    assert alert.key.startswith("flapping:courier:")
    audit(database(config), listed=[url], finished=True, log=log)
