"""What polling promises, end to end: gaps are closed, moves flood nothing, lies end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from audit import audit
from faults.under import database

from program import once, queued, records
from service.demo.client import Site


@pytest.fixture
def narrow_site() -> Iterator[Site]:
    """A site whose feeds show ten items."""
    with Site.start(window=10) as running:
        yield running


def alerts(config: Path) -> list[str]:
    """The keys of the open alerts."""
    return [alert["key"] for alert in records("alerts", "--config", config, "--json")]


@pytest.mark.parametrize("sources", [["feed"], ["feed", "sitemap"]], ids="+".join)
def test_what_rolled_out_of_a_feed_is_queued(
    narrow_site: Site, tmp_path: Path, sources: list[str]
) -> None:
    config = narrow_site.config(tmp_path, outlets=["courier"], sources=sources)
    once(config)
    published = narrow_site.publish("courier", generate=25)
    once(config)
    assert set(published) <= queued(config)
    (gap,) = alerts(config)
    assert gap.startswith("gap:")
    assert gap.endswith("/rss.xml")
    standing = records("status", "--config", config, "--json")[0]
    told = standing["outlets"][0]["sources"][0]
    assert "nothing in common" in told["why"]
    narrow_site.publish("courier", generate=1)
    once(config)
    assert alerts(config) == []


@pytest.mark.fault("F4")
def test_new_ids_and_a_new_host_queue_only_what_is_new(
    fresh_site: Site, tmp_path: Path
) -> None:
    old = fresh_site.outlets["courier"]
    new = old.replace("127.0.0.1", "localhost")
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    first = once(config)
    fresh = fresh_site.publish("courier", generate=2)
    _move(fresh_site, old, new)
    before = queued(config)
    summary = once(config)
    assert summary["new_urls"] == len(fresh_site.truth("courier"))
    assert (summary["queued"], first["queued"]) == (2, len(before))
    paths = {url.removeprefix(new).removeprefix(old) for url in queued(config) - before}
    assert paths == {url.removeprefix(old) for url in fresh}
    assert alerts(config) == [f"moved:courier:{old}/rss.xml"]
    fresh_site.clear_faults()
    fresh_site.publish("courier", generate=1)
    _move(fresh_site, old, new)
    assert once(config)["queued"] == 1  # it is followed there from now on
    moved = [url.replace(old, new) for url in fresh]
    audit(database(config), listed=moved, finished=True)


def test_another_site_altogether_is_told_and_not_followed(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    other = fresh_site.outlets["talbote"]
    articles = fresh_site.truth("talbote")
    _serve(fresh_site, [_item(article, other, other) for article in articles])
    assert once(config)["fetched"] == 0
    own = fresh_site.outlets["courier"]
    keys = alerts(config)
    assert f"moved:courier:{own}/rss.xml" in keys
    fresh_site.clear_faults()
    once(config)
    assert alerts(config) == []


def _move(site: Site, old: str, new: str) -> None:
    """Lists all articles of the courier under another host."""
    _serve(site, [_item(article, old, new) for article in site.truth("courier")])


def _serve(site: Site, items: list[str]) -> None:
    feed = f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'
    site.fault("courier", "rss", "body", text=feed, type="application/rss+xml")


def _item(article: dict[str, Any], old: str, new: str) -> str:
    url = escape(article["url"].replace(old, new))
    title = escape(article["title"])
    return f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item>"


@pytest.mark.fault("H8")
def test_a_server_whose_304_lies_is_found_out(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    fresh_site.fault("courier", "rss", "frozen_etag")
    once(config)
    (hidden,) = fresh_site.publish("courier", generate=1)
    once(config)
    assert hidden not in queued(config)  # it said that nothing has changed
    _age_audit(tmp_path)
    once(config)
    assert hidden in queued(config)
    assert alerts(config) == [
        f"lying-304:courier:{fresh_site.outlets['courier']}/rss.xml"
    ]
    (next_one,) = fresh_site.publish("courier", generate=1)
    once(config)
    assert next_one in queued(config)
    audit(database(config), listed=[hidden, next_one], finished=True)


def _age_audit(directory: Path) -> None:
    """A day later."""
    with sqlite3.connect(directory / "data" / "presswatch.db") as db:
        db.execute("UPDATE habit SET audited_at = audited_at - 86400000000")
    db.close()


def test_an_honest_server_is_asked_conditionally_after_an_audit(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    _age_audit(tmp_path)
    fresh_site.publish("courier", generate=1)
    once(config)
    fresh_site.clear_log()
    once(config)
    assert [entry["status"] for entry in fresh_site.log("courier")] == [304]
    assert alerts(config) == []


def test_304_to_an_unconditional_request_is_a_failure(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    fresh_site.fault("courier", "rss", "not_modified")
    once(config, code=1)
    told = records("status", "--config", config, "--json")[0]
    assert "304" in told["outlets"][0]["sources"][0]["error"]


def test_why_the_next_check_is_when_it_is(fresh_site: Site, tmp_path: Path) -> None:
    auto = {"every": "auto", "between": ["5m", "2h"]}
    config = fresh_site.config(
        tmp_path, outlets=["courier"], sources=["feed"], each=auto
    )
    once(config)
    words = ("--config", config, "--json")
    source = records("status", *words)[0]["outlets"][0]["sources"][0]
    told = records("explain", min(queued(config)), *words)[0]
    assert source["why"]
    assert "configured" not in source["why"]
    assert told["listed"]["source"]["why"] == source["why"]
    (planned,) = records("plan", *words)[0]["sources"]
    assert planned["why"].startswith("auto: about ")
    assert planned["polls_per_day"] >= 12
