"""One pass end to end: from the site's outlets to queued, clean texts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crawlers.tally import Tally
from program import ended, exported, once, waited
from service.demo.client import Site
from service.once import report


@pytest.fixture(scope="module")
def running() -> Any:
    with Site.start() as site:
        yield site


@pytest.fixture(scope="module")
def watched(running: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config whose outlets have been through one pass."""
    config = running.config(tmp_path_factory.mktemp("watched"))
    config.joinpath("summary.json").write_text(json.dumps(once(config)))
    return config


def test_every_article_is_queued_exactly_once(running: Site, watched: Path) -> None:
    urls = Counter(message["article"]["url"] for message in exported(watched))
    also = Counter(
        carrier["url"]
        for message in exported(watched)
        for carrier in message["article"]["also_at"]
    )
    assert set(urls.values()) == {1}
    assert set(urls) | set(also) == {article["url"] for article in running.truth()}
    assert not set(urls) & set(also)


def test_texts_are_what_their_pages_say_is_the_article(
    running: Site, watched: Path
) -> None:
    truth = {article["url"]: article for article in running.truth()}
    for message in exported(watched):
        article = message["article"]
        expected = truth[article["url"]]
        assert _without_posts(article["text"], expected) == expected["text"], article
        assert article["title"] == expected["title"]
        assert article["outlet"] == expected["outlet"]
        assert article["language"] == expected["language"]
        assert article["authors"] == expected["authors"]


def _without_posts(text: str, truth: dict[str, Any]) -> str:
    lines = text.split("\n")
    shown = [line for line in lines if not any(post in line for post in truth["posts"])]
    return "\n".join(shown)


def test_the_summary_adds_up(running: Site, watched: Path) -> None:
    summary = json.loads(watched.joinpath("summary.json").read_text())
    articles = len(running.truth())
    assert summary["listed"] >= articles
    assert summary["fetched"] == summary["articles"] == articles
    assert summary["queued"] == articles - summary["duplicates"]
    assert summary["duplicates"] == 1
    assert summary["outcomes"]["new"] == summary["queued"]


def test_a_second_pass_fetches_no_article_again(running: Site, watched: Path) -> None:
    running.clear_log()
    summary = once(watched)
    asked = {entry["target"] for entry in running.log()}
    articles = {"/" + a["url"].split("/", 3)[3] for a in running.truth()}
    assert not asked & articles
    assert (summary["fetched"], summary["queued"], summary["outcomes"]) == (0, 0, {})
    # What has not changed is listed all the same.
    first = json.loads(watched.joinpath("summary.json").read_text())
    assert (summary["listed"], summary["new_urls"]) == (first["listed"], 0)


def test_a_config_without_outlets_is_told_where_some_come_from() -> None:
    assert "presswatch outlets add URL" in report(Tally())


def test_only_named_outlets_are_polled(running: Site, tmp_path: Path) -> None:
    config = running.config(tmp_path)
    running.clear_log()
    once(config, "gaceta")
    assert {entry["outlet"] for entry in running.log()} == {"gaceta"}


def test_an_unknown_outlet_is_a_usage_error(running: Site, tmp_path: Path) -> None:
    config = running.config(tmp_path)
    done = ended("once", "nosuch", "--config", config, code=2)
    assert "no outlet 'nosuch'; the config has: " in done.stderr


def test_a_source_that_cannot_be_polled_makes_the_exit_code_one(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["gaceta"], sources=["feed"])
    fresh_site.fault("gaceta", "rdf", "status", status=500)
    summary = once(config, code=1)
    assert (summary["sources"], summary["listed"]) == (1, 0)


def test_a_changed_text_is_a_revision_when_its_listing_says_so(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(
        tmp_path, outlets=["courier"], sources=["sitemap"], each={"revisit": "0s"}
    )
    once(config)
    url = exported(config)[0]["article"]["url"]
    fresh_site.update(url, add="The harbour office confirmed the figures in writing.")
    summary = once(config)
    message = exported(config)[-1]
    assert summary["revisions"] == 1
    assert message["kind"] == "revision"
    assert message["article"]["url"] == url
    assert message["article"]["revision"] == 2
    assert "confirmed the figures in writing" in message["article"]["text"]


def test_a_page_seen_just_now_is_not_revisited(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["sitemap"])
    once(config)
    fresh_site.update(exported(config)[0]["article"]["url"], add="One more sentence.")
    assert once(config)["fetched"] == 0


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_new_rules_are_asked_of_what_an_unchanged_source_lists(
    fresh_site: Site, tmp_path: Path, kind: str
) -> None:
    def rules(**told: list[str]) -> dict[str, Any]:
        config = fresh_site.config(
            tmp_path, outlets=["courier"], sources=[kind], each={"articles": told}
        )
        return once(config)

    denied = rules(deny=["."])
    freed = rules()
    assert (denied["new_urls"] > 0, denied["fetched"]) == (True, 0)
    assert denied["outcomes"] == {"denied": denied["new_urls"]}
    assert (freed["new_urls"], freed["fetched"]) == (0, denied["new_urls"])
    fresh_site.clear_log()
    assert rules()["listed"] == freed["listed"] == denied["listed"]
    assert {entry["status"] for entry in fresh_site.log() if "304" in str(entry)}


def test_scrapy_lists_and_crawls(running: Site, tmp_path: Path) -> None:
    config = running.config(tmp_path / "config", outlets=["gaceta"])
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], capture_output=True, text=True)
    assert listed.stdout.split() == ["news"]
    texts = tmp_path / "texts.jsonl"
    crawled = subprocess.run(
        [
            *scrapy,
            "crawl",
            "news",
            "-a",
            "outlet=gaceta",
            "-s",
            f"PRESSWATCH_CONFIG={config}",
            "-O",
            str(texts),
        ],
        capture_output=True,
        text=True,
    )
    assert crawled.returncode == 0, crawled.stderr
    assert "Traceback" not in crawled.stderr
    found = {json.loads(line)["url"] for line in texts.read_text().splitlines()}
    assert found == {article["url"] for article in running.truth("gaceta")}


def test_two_passes_at_once_are_refused(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    fresh_site.fault("courier", "rss", "hang", count=1)
    first = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "once", "--config", config],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        lock = tmp_path / "data" / "presswatch.db.lock"
        waited(lambda: lock.exists() and lock.read_text())
        second = ended("once", "--config", config, code=1)
    finally:
        first.kill()
        first.communicate()
    assert f"process {first.pid}" in second.stderr


def test_a_disk_that_is_full_ends_the_pass_and_loses_nothing(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    command = f"ulimit -f 400; exec {sys.executable} -m service.cli once --config"
    done = subprocess.run(
        ["bash", "-c", f"{command} {config}"], capture_output=True, text=True
    )
    assert done.returncode == 74, done.stderr
    assert "Traceback" not in done.stderr
    assert str(tmp_path) in done.stderr
    once(config)
    urls = [message["article"]["url"] for message in exported(config)]
    truth = {article["url"] for article in fresh_site.truth("courier")}
    assert sorted(urls) == sorted(truth)
