"""`outlets add`, `outlets check` and `plan`, as an operator calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import load
from program import once, records, run
from service.demo.client import Site


@pytest.fixture
def config(fresh_site: Site, tmp_path: Path) -> Path:
    return fresh_site.config(tmp_path, outlets=["upland"], sources=["feed"])


def test_an_outlet_is_found_written_and_works(fresh_site: Site, config: Path) -> None:
    once(config)
    fresh_site.clear_log()
    url = f"{fresh_site.outlets['courier']}/"
    (told,) = records(
        "outlets", "add", url, "--key", "harbour", "--config", config, "--json"
    )
    assert told["file"] == str(config / "outlets" / "harbour.yaml")
    asked = [entry["target"] for entry in fresh_site.log()]
    assert asked[0] == "/robots.txt"
    assert len(asked) == told["requests"] + 1 <= 21
    outlet = load(config).outlets["harbour"]
    assert [str(source.kind) for source in outlet.sources] == ["feed"]
    assert (outlet.home, outlet.language) == (url, "en")
    purposes = [
        day["purposes"] for day in records("requests", "--json", "--config", config)
    ]
    assert {"add": len(asked)} in purposes
    assert once(config, "harbour")["articles"] > 0


def test_print_writes_nothing_and_no_file_is_overwritten(
    fresh_site: Site, config: Path
) -> None:
    feed = f"{fresh_site.outlets['upland']}/feed.json"
    words = ("outlets", "add", feed, "--config", config, "--key", "upland")
    told = run(*words, "--print")
    assert f"- feed: {feed}" in told
    assert "upland watches this site, too" in told
    before = (config / "outlets" / "upland.yaml").read_text()
    fresh_site.clear_log()
    run(*words, code=2)
    assert (config / "outlets" / "upland.yaml").read_text() == before
    assert fresh_site.log() == []  # refused before anybody was asked


def test_what_is_watched_already_is_not_watched_twice(
    fresh_site: Site, config: Path
) -> None:
    (feed,) = load(config).outlets["upland"].sources
    words = ("outlets", "add", feed.url, "--config", config)
    told = run(*words, "--key", "two")
    assert "wrote" in told
    assert feed.url not in {s.url for s in load(config).outlets["two"].sources}
    assert "# upland watches it already" in (config / "outlets/two.yaml").read_text()
    run(*words, "--key", "three")
    # Two outlets of one name, or one source twice, and the config would be refused.
    found = load(config).outlets
    names = {key: found[key].name for key in ("upland", "two", "three")}
    assert names["two"] == f"{names['upland']} (two)"
    assert names["three"] == f"{names['upland']} (three)"
    watched = [source.url for outlet in found.values() for source in outlet.sources]
    assert len(watched) == len(set(watched)) == 3


def test_where_nothing_is_found_nothing_is_written(
    fresh_site: Site, config: Path
) -> None:
    fresh_site.fault("gaceta", "", "status", status=404)
    run("outlets", "add", fresh_site.outlets["gaceta"], "--config", config, code=1)
    run("outlets", "add", "not an address", "--config", config, code=2)
    assert list(load(config).outlets) == ["upland"]


def test_plan_and_check_are_told_before_and_after(config: Path) -> None:
    assert "nothing ran yet" in run("plan", "--config", config)
    once(config)
    (plan,) = records("plan", "--config", config, "--json")
    assert plan["changes"] == plan["conflicts"] == []
    assert plan["hosts"][0]["pages_per_day"] > 0
    file = config / "outlets" / "upland.yaml"
    file.write_text(file.read_text() + "articles: {deny: [/]}\n")
    told = run("plan", "--config", config)
    assert "listed URLs would newly be denied" in told
    told = run("outlets", "check", "--config", config)
    assert told.startswith("upland  nothing to compare yet: ")
    (check,) = records("outlets", "check", "upland", "--config", config, "--json")
    assert check["outlet"] == "upland"
