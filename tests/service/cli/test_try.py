"""`presswatch try` against the newspapers on loopback."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import urls
from pipelines.store import HostRow, Store
from program import DEADLINE, PROGRAM, once, records, run
from service.demo.client import Site

OUTLET = "courier"


@pytest.fixture(scope="module")
def paper() -> Iterator[Site]:
    """A site of this module's own: its log is looked at."""
    with Site.start() as running:
        yield running


@pytest.fixture
def calm(paper: Site) -> Iterator[Site]:
    """The site with an empty log and no faults, before and after."""
    paper.clear_log()
    yield paper
    paper.clear_faults()


@pytest.fixture
def config(calm: Site, tmp_path: Path) -> Path:
    return calm.config(tmp_path / "conf", outlets=[OUTLET], sources=["feed"])


def tried(what: str, config: Path, code: int = 0) -> list[dict[str, Any]]:
    return records("try", what, "--config", config, "--json", code=code)


def newest(site: Site) -> dict[str, Any]:
    return max(site.truth(OUTLET), key=lambda article: article["published"])


def files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


@dataclass(frozen=True)
class Trial:
    """One dry run of the whole outlet, and what it left behind."""

    told: list[dict[str, Any]]
    asked: list[str]
    before: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def whole(paper: Site, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    paper.clear_faults()
    config = paper.config(tmp_path_factory.mktemp("whole"), outlets=[OUTLET])
    before = files(config)
    paper.clear_log()
    told = tried(OUTLET, config)
    asked = [entry["target"] for entry in paper.log(OUTLET)]
    return Trial(told, asked, before, files(config))


def test_an_outlet_shows_what_its_sources_list_and_its_newest_article(
    paper: Site, whole: Trial
) -> None:
    *sources, page = whole.told
    truth = newest(paper)
    assert [source["trial"] for source in sources] == ["source"] * 4
    assert {source["kind"] for source in sources} == {"feed", "sitemap", "section"}
    assert all(source["new"] == source["listed"] > 0 for source in sources)
    feed = sources[0]["urls"]
    assert feed[0]["url"] == truth["url"]
    assert feed[0]["title"] == truth["title"]
    dates = [one["published"] for one in feed]
    assert dates == sorted(dates, reverse=True)
    shown = (page["trial"], page["url"], page["outcome"])
    assert shown == ("page", truth["url"], "new")


def test_nothing_is_written(whole: Trial) -> None:
    assert whole.after == whole.before != {}


def test_servers_are_asked_once_and_for_robots_first(whole: Trial) -> None:
    assert whole.asked[0] == "/robots.txt"
    nested = [target for target in whole.asked if "sitemap-news" in target]
    assert len(nested) == 1
    assert len(whole.asked) == len(set(whole.asked)) == 1 + 4 + len(nested) + 1


def test_a_page_is_cleaned_by_the_real_parts(calm: Site, config: Path) -> None:
    truth = newest(calm)
    (page,) = tried(f"{truth['url']}?utm_source=x", config)
    assert page["url"] == page["identity"] == truth["url"]
    assert (page["title"], page["authors"]) == (truth["title"], truth["authors"])
    assert (page["language"], page["outlet"]) == (truth["language"], OUTLET)
    assert (page["status"], page["rule"]) == (200, None)
    assert page["metadata"]["sources"]["title"]
    kept = [block["text"] for block in page["blocks"] if block["kept"]]
    assert kept == page["text"].splitlines() != []
    removed = [block for block in page["blocks"] if not block["kept"]]
    assert len(removed) == len(page["removed"]) > 0
    assert all(block["reason"] and block["evidence"] for block in removed)


def test_a_database_is_read_and_not_changed(calm: Site, config: Path) -> None:
    summary = once(config)
    database = config / "data" / "presswatch.db"
    before = database.read_bytes()
    source, _ = tried(OUTLET, config)
    assert (source["listed"], source["new"]) == (summary["listed"], 0)
    assert all(one["known"] for one in source["urls"])
    assert database.read_bytes() == before


def test_rules_that_keep_a_url_out_are_named(calm: Site, config: Path) -> None:
    rules = {"articles": {"deny": ["/harbour/"]}}
    calm.config(config, outlets=[OUTLET], sources=["feed"], each=rules)
    source, page = tried(OUTLET, config)
    refused = [one for one in source["urls"] if one["outcome"] is not None]
    assert source["refused"] == len(refused) > 0
    assert all("/harbour/" in one["url"] for one in refused)
    assert {one["detail"] for one in refused} == {"denied by articles.deny '/harbour/'"}
    assert "/harbour/" not in page["url"]


def test_a_denied_page_is_shown_all_the_same(calm: Site, config: Path) -> None:
    rules = {"articles": {"deny": ["/news/"]}}
    calm.config(config, outlets=[OUTLET], sources=["feed"], each=rules)
    url = newest(calm)["url"]
    (page,) = tried(url, config)
    assert page["rule"] == "denied by articles.deny '/news/'"
    assert page["outcome"] == "new"
    assert "a crawl would not fetch it" in run("try", url, "--config", config)


@pytest.mark.parametrize(
    ("fault", "outcome", "detail"),
    [
        pytest.param(("status", {"status": 404}), "gone", "HTTP 404", id="404"),
        pytest.param(
            ("content_type", {"type": "application/pdf"}),
            "wrong_type",
            "application/pdf",
            id="pdf",
        ),
        pytest.param(("challenge", {}), "denied", "challenge", id="bot check"),
    ],
)
def test_a_page_that_is_no_article_says_what_it_is(
    calm: Site,
    config: Path,
    fault: tuple[str, dict[str, Any]],
    outcome: str,
    detail: str,
) -> None:
    kind, args = fault
    calm.fault(OUTLET, "^/news/", kind, **args)
    (page,) = tried(newest(calm)["url"], config, code=1)
    assert page["outcome"] == outcome
    assert detail in page["detail"]
    assert page["text"] == ""


def test_robots_are_obeyed(calm: Site, config: Path) -> None:
    calm.fault(OUTLET, "^/robots.txt", "disallow", path="/news/")
    calm.clear_log()
    (page,) = tried(newest(calm)["url"], config, code=1)
    assert page["outcome"] == "robots"
    assert [entry["target"] for entry in calm.log(OUTLET)] == ["/robots.txt"]


def test_private_addresses_are_refused(calm: Site, config: Path) -> None:
    (page,) = tried(f"{calm.forbidden}/news/1", config, code=1)
    assert (page["outcome"], page["outlet"]) == ("blocked", None)
    assert "network.allow_private" in page["detail"]


def test_a_source_that_fails_is_named_with_its_reason(calm: Site, config: Path) -> None:
    calm.fault(OUTLET, "^/rss", "status", status=503)
    (source,) = tried(OUTLET, config, code=1)
    assert (source["outcome"], source["status"]) == ("failed", 503)
    assert "HTTP 503" in source["error"]
    text = run("try", OUTLET, "--config", config, code=1)
    assert "could not be polled: HTTP 503" in text


def test_hosts_that_want_to_be_left_alone_are(calm: Site, config: Path) -> None:
    host = urls.host(calm.outlets[OUTLET])
    database = config / "data" / "presswatch.db"
    with Store.open(database, create=True) as store:
        until = datetime.now(UTC) + timedelta(hours=2)
        store.hosts.put(HostRow(host, until, "HTTP 429, Retry-After: 7200"))
    (page,) = tried(newest(calm)["url"], config, code=1)
    assert page["outcome"] == "failed"
    assert "Retry-After: 7200" in page["detail"]
    assert calm.log(OUTLET) == []


def test_ctrl_c_ends_it_whatever_hangs(calm: Site, config: Path) -> None:
    calm.fault(OUTLET, "^/news/", "hang")
    words = [PROGRAM, "try", newest(calm)["url"], "--config", str(config)]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        while not any("/news/" in entry["target"] for entry in calm.log(OUTLET)):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=DEADLINE)
    assert (process.returncode, said) == (130, b"")


def test_people_see_each_url_once_and_the_text_in_place(
    calm: Site, config: Path
) -> None:
    calm.config(config, outlets=[OUTLET], sources=["feed", "sitemap"])
    text = run("try", OUTLET, "--config", config)
    truth = newest(calm)
    lines = text.splitlines()
    assert lines.count(f"{'':28}{truth['url']}") == 1
    assert f"{len(calm.truth(OUTLET))} of them are above" in text
    assert f"  rules of {OUTLET}; new" in lines
    for paragraph in truth["text"].splitlines():
        assert f"  {paragraph}" in lines
    assert any(line.startswith("- [caption] ") for line in lines)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        pytest.param("couriers", "no outlet 'couriers'; it has: courier", id="outlet"),
        pytest.param("ftp://x.example/a", "URL", id="scheme"),
    ],
)
def test_what_cannot_be_tried_is_a_usage_error(
    config: Path, what: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    from click.testing import CliRunner

    from service.cli import main

    result = CliRunner().invoke(main, ["try", what, "--config", str(config)])
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_a_missing_config_is_a_usage_error(config: Path) -> None:
    shutil.rmtree(config)
    assert run("try", OUTLET, "--config", config, code=2) == ""
