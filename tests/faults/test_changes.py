"""Articles that come again: as a wall, under other addresses, changed without end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from audit import Complaint, audit
from faults.under import add_outlet, database

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


class Again(NamedTuple):
    """Four passes: all is well, then walls and copies come, and a text that flaps."""

    config: Path
    before: list[tuple[str, str]]
    walls: dict[str, str]
    copies: list[str]
    flapping: str
    logs: list[str]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Again]:
    with Site.start() as site:
        directory = tmp_path_factory.mktemp("again")
        config = site.config(directory, outlets=["courier"], sources=["feed"])
        flap = {"on_add": "latest 1", "most_revisions": 2}
        add_outlet(config, "talbote", f"{site.outlets['talbote']}/atom.xml", **flap)
        once(config)
        before = told(config)
        english = [url for url, _ in before if of(site, "courier", url)]
        (flapping,) = (url for url, _ in before if of(site, "talbote", url))
        names = ("not_found", "login", "captcha", "shell")
        walls = dict(zip(names, english[1:], strict=False))
        for name, url in walls.items():
            site.fault("courier", f"^{path_of(url)}", "page", page=name)
        copies = [
            url
            for n in range(6)
            for url in site.publish(
                "courier", copy_of=english[0], title=f"Harbour report number {n}"
            )
        ]
        logs = []
        for n in range(3):
            words = f"In box {n} the pilots found report {n * 7} of the engineers."
            site.update(flapping, add=words)
            due = () if logs else walls.values()
            logs.append(look_again(config, flapping, *due))
        yield Again(config, before, walls, copies, flapping, logs)


def of(site: Site, outlet: str, url: str) -> bool:
    return url.startswith(site.outlets[outlet])


@pytest.mark.fault("T4")
def test_a_wall_or_a_soft_404_is_no_revision(again: Again) -> None:
    assert [said for said in told(again.config) if said[0] in again.walls.values()] == [
        (url, "new") for url in again.walls.values()
    ]
    for name, url in again.walls.items():
        (story,) = stories(again.config, url)
        assert story.url.outcome not in {Outcome.NEW, Outcome.REVISION}, name
        assert story.url.next_at is not None, name
    audit(
        database(again.config),
        listed=again.walls.values(),
        finished=True,
        log=again.logs[0],
        complaints=[Complaint("courier", url, "(") for url in again.walls.values()],
    )


@pytest.mark.fault("T3")
def test_one_text_at_many_urls_is_one_text(again: Again) -> None:
    assert not {url for url, _ in told(again.config)} & set(again.copies)
    for url in again.copies:
        (story,) = stories(again.config, url)
        assert story.url.outcome is Outcome.DUPLICATE
    audit(
        database(again.config),
        listed=[*again.copies, *(url for url, _ in again.before)],
        finished=True,
        log=again.logs[0],
        complaints=[Complaint("courier", url, "duplicate") for url in again.copies],
    )


@pytest.mark.fault("T6")
def test_a_text_that_flaps_is_held_back(again: Again) -> None:
    said = [kind for url, kind in told(again.config) if url == again.flapping]
    assert said == ["new", "revision", "revision"]
    (story,) = stories(again.config, again.flapping)
    assert "changes too often: held back until" in (story.url.detail or "")
    assert story.url.next_at is not None
    with Store.open(database(again.config), read_only=True) as store:
        keys = [alert.key for alert in store.alerts.list()]
    assert len([key for key in keys if key.startswith("flapping:talbote:")]) == 1
    listed = [again.flapping]
    audit(database(again.config), listed=listed, finished=True, log=again.logs[-1])
