"""`init`, `import` and `export`: a config's beginning, from and for feed readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import load
from program import records, run

OPML = """<?xml version="1.0"?>
<opml version="2.0"><body>
<outline text="Nordic">
  <outline text="Fjord" xmlUrl="https://www.fjord.example/rss" htmlUrl="https://www.fjord.example/"/>
  <outline text="Fjord Sport" xmlUrl="https://www.fjord.example/sport/rss" htmlUrl="https://www.fjord.example/"/>
</outline>
<outline text="Again" xmlUrl="HTTPS://www.fjord.example/rss"/>
<outline text="No address" xmlUrl="fjord.example/rss"/>
<outline text="Lent" xmlUrl="https://feeds.feedburner.com/lakes"/>
</body></opml>
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    directory = tmp_path / "config"
    run("init", directory, "--bare")
    (tmp_path / "mine.opml").write_text(OPML)
    return directory


def test_init_writes_a_config_that_is_valid(tmp_path: Path) -> None:
    told = run("init", tmp_path / "new")
    assert "presswatch check" in told
    assert len(load(tmp_path / "new").outlets) > 10
    run("check", "--config", tmp_path / "new")


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    run("init", tmp_path, code=2)
    run("init", tmp_path / "mine.txt", code=2)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_bare_config_has_the_outlet_that_explains_everything(config: Path) -> None:
    assert list(load(config).outlets) == ["tag24"]


def test_import_makes_an_outlet_of_each_site(config: Path, tmp_path: Path) -> None:
    run("import", tmp_path / "mine.opml", "--config", config, code=1)
    outlets = load(config).outlets
    assert set(outlets) == {"tag24", "fjord", "feedburner"}
    assert [source.url for source in outlets["fjord"].sources] == [
        "https://www.fjord.example/rss",
        "https://www.fjord.example/sport/rss",
    ]
    text = (config / "outlets" / "fjord.yaml").read_text()
    assert "# Folder: Nordic" in text
    assert "line 4" in text


def test_import_tells_what_it_left_and_where_it_stood(
    config: Path, tmp_path: Path
) -> None:
    words = ("import", tmp_path / "mine.opml", "--config", config, "--json")
    told = records(*words, code=1)
    left = {one["line"]: one["why"] for one in told if one["outlet"] is None}
    assert left[7] == "stands in line 4 already"
    assert "is not an http or https URL" in left[8]
    again = records(*words, code=1)
    assert {one["line"] for one in again} == {4, 5, 7, 8, 9}
    assert all(one["outlet"] is None for one in again)


def test_print_writes_nothing(config: Path, tmp_path: Path) -> None:
    opml = tmp_path / "mine.opml"
    told = run("import", opml, "--print", "--config", config, code=1)
    assert "- feed: https://www.fjord.example/rss" in told
    assert list(load(config).outlets) == ["tag24"]


@pytest.mark.parametrize("body", ["", "<html/>", "<opml><body></opml>"])
def test_what_is_no_opml_is_refused(config: Path, tmp_path: Path, body: str) -> None:
    (tmp_path / "bad.opml").write_text(body)
    run("import", tmp_path / "bad.opml", "--config", config, code=2)
    run("import", tmp_path / "absent.opml", "--config", config, code=2)


def test_export_and_import_come_round(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.opml"
    out.write_text(run("export", "--config", config))
    other = tmp_path / "other"
    run("init", other, "--bare")
    (other / "outlets" / "tag24.yaml").unlink()
    run("import", out, "--config", other)
    (made,) = load(other).outlets.values()
    assert (made.key, made.name) == ("tag24", "TAG24 NEWS")
    assert [s.url for s in made.sources] == ["https://www.tag24.com/world/rss"]
