"""`presswatch reclean`: stored pages by today's rules, shown or stored."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines.store import Store
from program import once
from service import recleaning
from service.cli import main
from service.demo.client import Site

OUTLET = "courier"
ARTICLES = 7
LINE = "The pup wears a small transmitter"
SLUG = "seal-pup"


@dataclass(frozen=True)
class Paper:
    """A config, its database, and what is changed of them in a test."""

    config: Path
    database: Path

    def rules(self, clean: str) -> None:
        """Have the outlet's file end with these rules."""
        file = self.config / "outlets" / f"{OUTLET}.yaml"
        file.write_text(f"{file.read_text()}clean: {clean}\n")

    def run(self, *words: str, code: int = 0) -> Result:
        """A command on this config and database."""
        places = ["--config", str(self.config), "--database", str(self.database)]
        result = CliRunner().invoke(main, [*words, *places], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def told(self, *words: str, code: int = 0) -> list[dict[str, Any]]:
        """The JSON lines of a command."""
        lines = self.run(*words, "--json", code=code).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def kinds(self) -> list[str]:
        """What is in the queue."""
        with Store.open(self.database, read_only=True) as store:
            return [message.kind for message in store.queue.export(0)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What one pass leaves behind; not to be changed."""
    directory = tmp_path_factory.mktemp("published")
    with Site.start() as site:
        config = site.config(directory, outlets=[OUTLET], sources=["feed"])
        assert once(config)["articles"] == ARTICLES
        yield config


@pytest.fixture
def paper(published: Path, tmp_path: Path) -> Paper:
    config = tmp_path / "conf"
    shutil.copytree(published, config)
    return Paper(config, config / "data" / "presswatch.db")


def seal(told: list[dict[str, Any]]) -> dict[str, Any]:
    return next(one for one in told if SLUG in one.get("url", ""))


def test_the_same_rules_give_the_same_texts(paper: Paper) -> None:
    (counts,) = paper.told("reclean", "--dry-run")
    assert (counts["examined"], counts["same"]) == (ARTICLES, ARTICLES)
    assert (counts["differs"], counts["stored"]) == (0, 0)


def test_a_dry_run_shows_what_a_rule_would_change(paper: Paper) -> None:
    paper.rules(f"{{remove_lines: ['^{LINE}']}}")
    before = paper.database.read_bytes()
    *told, counts = paper.told("reclean", "--dry-run")
    assert [one["verdict"] for one in told] == ["differs"]
    (gone,) = seal(told)["differs"]["text"]["removed"]
    assert gone.startswith(LINE)
    assert seal(told)["differs"]["text"]["added"] == []
    old, new = (seal(told)[key].split() for key in ("made_by", "made_by_now"))
    assert old[0] == new[0]
    assert old[1] == "rules/none" != new[1]
    assert old[2] != new[2]
    assert (counts["differs"], counts["same"], counts["stored"]) == (1, ARTICLES - 1, 0)
    assert paper.database.read_bytes() == before


def test_people_see_the_lines_and_the_count(paper: Paper) -> None:
    paper.rules(f"{{remove_lines: ['^{LINE}']}}")
    shown = paper.run("reclean", "--dry-run").stdout
    assert f"  - {LINE}" in shown
    assert f"{ARTICLES} articles were cleaned again." in shown
    assert "1  differ" in shown
    assert "stored" not in shown


def test_people_are_shown_some_and_with_all_every_one(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.cli.reclean._SHOWN", 2)
    paper.rules("{remove_lines: ['^The ']}")
    some = paper.run("reclean", "--dry-run").stdout
    every = paper.run("reclean", "--dry-run", "--all").stdout
    assert some.count("http://") == 2
    assert "and more" in some
    assert every.count("http://") > 2
    assert "and more" not in every


def test_new_texts_are_cosmetic_and_nobody_is_told(paper: Paper) -> None:
    paper.rules(f"{{remove_lines: ['^{LINE}']}}")
    *told, counts = paper.told("reclean")
    assert (counts["stored"], counts["queued"]) == (1, 0)
    assert seal(told)["stored"] == 2
    row = seal(paper.told("articles"))
    assert LINE not in row["text"]
    assert (row["revision"], row["cosmetic"]) == (2, True)
    assert row["made_by"] == seal(told)["made_by_now"]
    assert paper.kinds() == ["new"] * ARTICLES
    shown = paper.run("explain", row["url"]).stdout
    assert "cleaned anew" in shown
    assert f"made by {row['made_by']}" in shown
    (again,) = paper.told("reclean")
    assert (again["same"], again["stored"]) == (ARTICLES, 0)


def test_consumers_are_told_with_queue(paper: Paper) -> None:
    paper.rules(f"{{remove_lines: ['^{LINE}']}}")
    *_, counts = paper.told("reclean", "--queue")
    assert (counts["stored"], counts["queued"]) == (1, 1)
    assert paper.kinds() == [*["new"] * ARTICLES, "revision"]


@pytest.mark.parametrize(
    ("until", "differ"),
    [
        pytest.param("2100-01-01", 1, id="the pages are older"),
        pytest.param("2020-01-01", 0, id="the pages are younger"),
    ],
)
def test_a_rule_of_an_old_layout(paper: Paper, until: str, differ: int) -> None:
    paper.rules(f"{{remove_lines: [{{rule: '^{LINE}', until: {until}}}]}}")
    *_, counts = paper.told("reclean", "--dry-run")
    assert counts["differs"] == differ


def test_pages_that_are_gone_are_named(paper: Paper) -> None:
    for file in paper.database.parent.glob("pages-*"):
        file.unlink()
    *told, counts = paper.told("reclean", "--dry-run")
    assert {one["verdict"] for one in told} == {"missing"}
    assert all("no longer kept" in one["detail"] for one in told)
    assert (counts["missing"], counts["same"]) == (ARTICLES, 0)
    assert f"{ARTICLES}  cannot be" in paper.run("reclean", "--dry-run").stdout


def test_a_text_is_never_lost_to_a_rule(paper: Paper) -> None:
    paper.rules("{remove: [article, main]}")
    *told, counts = paper.told("reclean")
    assert {one["verdict"] for one in told} == {"no_article"}
    assert (counts["no_article"], counts["stored"]) == (ARTICLES, 0)
    assert all(row["text"] for row in paper.told("articles"))


def test_an_outlet_that_left_is_named(paper: Paper) -> None:
    (paper.config / "outlets" / f"{OUTLET}.yaml").unlink()
    *told, _ = paper.told("reclean", "--dry-run")
    assert {one["verdict"] for one in told} == {"unwatched"}


def test_a_pattern_that_explodes_ends_and_the_rest_goes_on(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recleaning, "DEADLINE", 3.0)
    paper.rules(r"{remove_lines: ['^The pup wears (.|..|...)*\d{7}$']}")
    *told, counts = paper.told("reclean", "--dry-run", code=1)
    assert [one["verdict"] for one in told] == ["failed"]
    assert seal(told)["detail"].startswith("too_complex: ")
    assert (counts["failed"], counts["same"]) == (1, ARTICLES - 1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["--dry-run", "--queue"], "stores none", id="both"),
        pytest.param(["--outlet", "nobody"], "it has: courier", id="outlet"),
        pytest.param(["--since", "soon"], "soon", id="since"),
    ],
)
def test_slips_are_usage_errors(paper: Paper, words: list[str], message: str) -> None:
    result = paper.run("reclean", *words, code=2)
    assert message in result.stderr


def test_since_leaves_older_articles_out(paper: Paper) -> None:
    (counts,) = paper.told("reclean", "--dry-run", "--since", "2100-01-01")
    assert counts["examined"] == 0
    (counts,) = paper.told("reclean", "--dry-run", "--since", "1d", "--outlet", OUTLET)
    assert counts["examined"] == ARTICLES
