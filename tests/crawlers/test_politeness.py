"""What a pass asks of a server, told by the server's own log."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.store import Store
from program import once, run
from service.demo.client import Site


def watching(site: Site, directory: Path, **each: Any) -> Path:
    said = {"request": {"timeout": "2s"}, **each}
    return site.config(directory, outlets=["gaceta"], sources=["feed"], each=said)


def article_requests(site: Site) -> list[dict[str, Any]]:
    return [entry for entry in site.log() if "noticia.php" in entry["target"]]


def outcomes(summary: dict[str, Any]) -> set[str]:
    return set(summary["outcomes"])


def test_robots_is_asked_first_and_once(fresh_site: Site, tmp_path: Path) -> None:
    config = watching(fresh_site, tmp_path)
    once(config)
    once(config)
    asked = [entry["target"] for entry in fresh_site.log()]
    assert asked[0] == "/robots.txt"
    assert asked.count("/robots.txt") == 1


def test_what_robots_disallows_is_not_fetched(fresh_site: Site, tmp_path: Path) -> None:
    fresh_site.fault("gaceta", "robots", "disallow", path="/noticia.php")
    summary = once(watching(fresh_site, tmp_path))
    assert outcomes(summary) == {"robots"}
    assert article_requests(fresh_site) == []


def test_an_agreement_with_the_outlet_goes_before_robots(
    fresh_site: Site, tmp_path: Path
) -> None:
    fresh_site.fault("gaceta", "robots", "disallow")
    summary = once(watching(fresh_site, tmp_path, robots=False))
    assert summary["queued"] == summary["new_urls"] > 0
    assert "/robots.txt" not in {entry["target"] for entry in fresh_site.log()}


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        pytest.param("status", {"status": 500}, id="500"),
        pytest.param("status", {"status": 429}, id="429"),
        pytest.param("hang", {}, id="silence"),
        pytest.param("drop", {}, id="reset"),
    ],
)
def test_nothing_is_fetched_while_robots_cannot_be_read(
    fresh_site: Site, tmp_path: Path, kind: str, args: dict[str, Any]
) -> None:
    fresh_site.fault("gaceta", "robots", kind, **args)
    once(watching(fresh_site, tmp_path), code=1)
    assert {entry["target"] for entry in fresh_site.log()} == {"/robots.txt"}


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        pytest.param("status", {"status": 404}, id="404"),
        pytest.param("status", {"status": 403}, id="403"),
        pytest.param("huge_robots", {}, id="5 MB, the rule behind 500 KiB"),
        pytest.param("page", {"page": "captcha"}, id="an HTML page"),
    ],
)
def test_robots_that_say_nothing_allow(
    fresh_site: Site, tmp_path: Path, kind: str, args: dict[str, Any]
) -> None:
    fresh_site.fault("gaceta", "robots", kind, **args)
    summary = once(watching(fresh_site, tmp_path))
    assert summary["queued"] == summary["new_urls"] > 0


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_closes_the_host_also_for_the_next_pass(
    fresh_site: Site, tmp_path: Path, status: int
) -> None:
    fresh_site.fault("gaceta", "noticia", "status", status=status, retry_after=3600)
    config = watching(fresh_site, tmp_path)
    summary = once(config)
    assert summary["fetched"] == len(article_requests(fresh_site)) == 1
    fresh_site.clear_log()
    assert once(config, code=1)["sources"] == 1
    assert fresh_site.log() == []


def test_broken_pages_do_not_keep_a_pass_from_the_others(
    fresh_site: Site, tmp_path: Path
) -> None:
    fresh_site.publish("gaceta", generate=6)
    fresh_site.fault("gaceta", "noticia", "status", count=8, status=500)
    summary = once(watching(fresh_site, tmp_path))
    assert summary["outcomes"]["failed"] == 8
    assert summary["outcomes"]["new"] == summary["new_urls"] - 8 > 0


def test_the_gap_holds_over_requests_of_every_kind(
    fresh_site: Site, tmp_path: Path
) -> None:
    once(watching(fresh_site, tmp_path, delay="300ms"))
    times = [entry["at"] for entry in fresh_site.log()]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) >= 6
    assert min(gaps) >= 0.29
    assert max(entry["concurrent"] for entry in fresh_site.log()) == 1


def test_a_private_address_is_not_connected_to(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    said = {"sources": [{"feed": f"{fresh_site.forbidden}/rss.xml"}]}
    (config / "outlets" / "inside.yaml").write_text(yaml.safe_dump(said))
    once(config, "inside", code=1)
    assert fresh_site.connections("forbidden") == 0
    with Store.open(tmp_path / "data" / "presswatch.db", read_only=True) as store:
        (source,) = [s for s in store.frontier.source_status() if s.outlet == "inside"]
    assert "private address" in (source.last_error or "")


def test_links_off_the_site_are_kept_but_not_followed(
    fresh_site: Site, tmp_path: Path
) -> None:
    link = f"{fresh_site.forbidden}/2026/11/23/a-story-somewhere-else"
    fresh_site.fault("courier", "rss", "links", links=[link])
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    summary = once(config)
    assert fresh_site.connections("forbidden") == 0
    assert summary["new_urls"] == summary["queued"] + 1


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        pytest.param("page", {"page": "captcha"}, id="a captcha page"),
        pytest.param("body", {"text": ""}, id="empty"),
        pytest.param("short", {}, id="cut short"),
        pytest.param("bomb", {}, id="gzip bomb"),
        pytest.param("redirect", {}, id="redirect loop"),
    ],
)
def test_a_source_that_lists_nothing_fails_and_recovers(
    fresh_site: Site, tmp_path: Path, kind: str, args: dict[str, Any]
) -> None:
    fresh_site.fault(
        "gaceta", "rdf", kind, count=1 if kind != "redirect" else 6, **args
    )
    config = watching(fresh_site, tmp_path)
    assert once(config, code=1)["listed"] == 0
    assert once(config)["queued"] > 0


def test_a_conditional_get_is_answered_without_a_body(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path)
    once(config)
    fresh_site.clear_log()
    once(config)
    assert [entry["status"] for entry in fresh_site.log()] == [304]


def test_a_pass_says_what_it_did(fresh_site: Site, tmp_path: Path) -> None:
    told = run("once", "--config", watching(fresh_site, tmp_path))
    assert "1 of 1 sources polled" in told
    assert "presswatch queue lease" in told


def test_the_gap_holds_from_one_process_to_the_next(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = watching(fresh_site, tmp_path, delay="8s", on_add="skip")
    once(config)
    once(config)
    times = [entry["at"] for entry in fresh_site.log()]
    assert len(times) == 3  # robots.txt and the feed, then the feed
    assert min(later - earlier for earlier, later in pairwise(times)) >= 7.9
