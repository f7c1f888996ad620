"""The operator's rules hold wherever a page is cleaned: `clean`, `try` and `once`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from click.testing import CliRunner

from program import once, records
from service import saved_pages
from service.cli import main
from service.demo.client import Site

ALSO = "Read also: What to do when you find an animal on the beach"
BY_PATH = "The pup wears a small transmitter"
BY_LINE = "Then it went into the water"
RULES = {
    "remove": [
        f"xpath://p[starts-with(normalize-space(.), '{BY_PATH}')]",
        ".article__readalso",
        {"rule": "p", "until": "2020-01-01"},
    ],
    "keep": [".article__readalso"],
    "remove_lines": [f"^{BY_LINE}"],
}


@dataclass(frozen=True)
class Paper:
    """A config with rules, a URL of its outlet and the page behind it."""

    config: Path
    url: str
    page: Path

    def by(self, command: str) -> dict[str, Any]:
        """The article as a command gives it."""
        config = ["--config", str(self.config)]
        if command == "clean":
            words = [self.page, "--url", self.url, "--outlet", "courier"]
            return records("clean", *words, *config, "--json")[0]
        if command == "try":
            return records("try", self.url, *config, "--json")[0]
        rows = records("articles", *config, "--json")
        return next(row for row in rows if row["url"] == self.url)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    directory = tmp_path_factory.mktemp("rules")
    with Site.start() as site:
        each = {"clean": RULES}
        config = site.config(
            directory, outlets=["courier"], sources=["feed"], each=each
        )
        once(config)
        urls = [article["url"] for article in site.truth("courier")]
        url = next(url for url in urls if "seal-pup" in url)
        page = directory / "page.html"
        opener = build_opener(ProxyHandler({}))
        with opener.open(url, timeout=30) as answer:
            page.write_bytes(answer.read())
        yield Paper(config, url, page)


@pytest.mark.parametrize("command", ["clean", "try", "articles"])
def test_rules_hold_in_every_command(paper: Paper, command: str) -> None:
    text = paper.by(command)["text"]
    assert BY_PATH not in text
    assert BY_LINE not in text
    assert ALSO in text.splitlines()
    assert len(text) > 300


def test_what_a_rule_took_out_says_so(paper: Paper) -> None:
    told = paper.by("clean")
    ruled = {
        one["text"][:20]: one for one in told["removed"] if one["reason"] == "rule"
    }
    assert set(ruled) == {BY_PATH[:20], BY_LINE[:20]}
    assert BY_LINE in ruled[BY_LINE[:20]]["evidence"]
    assert BY_PATH in ruled[BY_PATH[:20]]["evidence"]


def test_a_pattern_that_explodes_costs_its_page_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_pages, "DEADLINE", 3.0)
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "post.yaml").write_text(
        "sources: [feed: 'https://post.example/rss']\n"
        r"clean: {remove_lines: ['^(\w|\w\w|\s)*\d$']}" + "\n"
    )
    line = "words of one sentence without any end that go on " * 9
    for name, text in (("bad", f"{line}."), ("good", "One. " * 90)):
        page = f"<article><h1>Title</h1><p>{text}</p></article>"
        (tmp_path / f"{name}.html").write_text(page)
    files = [str(tmp_path / name) for name in ("bad.html", "good.html")]
    options = ["--outlet", "post", "--config", str(tmp_path), "--json"]
    result = CliRunner().invoke(
        main, ["clean", *files, *options], catch_exceptions=False
    )
    bad, good = map(json.loads, result.stdout.splitlines())
    assert (bad["outcome"], bad["text"]) == ("too_complex", "")
    assert (good["outcome"], good["error"]) == ("new", None)
    assert result.exit_code == 1
