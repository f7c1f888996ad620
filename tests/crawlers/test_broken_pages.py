"""What hostile and broken servers do to a pass: every URL ends under its name.

One pass over an outlet with one broken article each keeps this quick; the site log
then tells what was asked of the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from audit import Complaint, audit

from pipelines.outcome import Outcome
from pipelines.store import Store
from program import exported, once, watched_pass
from service.demo.client import Site


class Case(NamedTuple):
    """A fault of one article page and how its URL must end."""

    kind: str
    args: dict[str, Any]
    outcome: Outcome
    detail: str


CASES = {
    "404": Case("status", {"status": 404}, Outcome.GONE, "404"),
    "410": Case("status", {"status": 410}, Outcome.GONE, "410"),
    "401": Case("status", {"status": 401}, Outcome.DENIED, "401"),
    "451": Case("status", {"status": 451}, Outcome.DENIED, "451"),
    "bot challenge": Case("challenge", {}, Outcome.DENIED, "challenge"),
    "500": Case("status", {"status": 500}, Outcome.FAILED, "500"),
    "redirect loop": Case("redirect", {}, Outcome.FAILED, "redirect"),
    "thirty hops": Case("redirect_chain", {"hops": 30}, Outcome.FAILED, "redirect"),
    "redirect off-site": Case(
        "redirect", {"to": "FORBIDDEN"}, Outcome.DENIED, "off the outlet's site"
    ),
    "redirect to a file": Case(
        "redirect", {"to": "file:///etc/passwd"}, Outcome.BLOCKED, "scheme file"
    ),
    "redirect to no address": Case(
        "redirect", {"to": "http://[::bad/"}, Outcome.BLOCKED, "no web page"
    ),
    "redirect to no host": Case(
        "redirect", {"to": "http://a..b/"}, Outcome.BLOCKED, "no web page"
    ),
    "redirect home": Case("redirect", {"to": "/"}, Outcome.NOT_ARTICLE, "home page"),
    "redirect to a denied path": Case(
        "redirect", {"to": "/harbour/"}, Outcome.DENIED, "articles.deny"
    ),
    "PDF": Case("content_type", {}, Outcome.WRONG_TYPE, "application/pdf"),
    "endless MP3": Case(
        "endless", {"type": "audio/mpeg"}, Outcome.WRONG_TYPE, "audio/mpeg"
    ),
    "endless page": Case("endless", {}, Outcome.TOO_LARGE, "size"),
    "too long by its own word": Case(
        "lying_length", {"length": 10**9}, Outcome.TOO_LARGE, "size"
    ),
    "gzip bomb": Case(
        "bomb",
        {"encoding": "gzip", "bytes": 3 * 10**7},
        Outcome.TOO_LARGE,
        "decompress",
    ),
    "brotli bomb": Case(
        "bomb", {"encoding": "br", "bytes": 3 * 10**7}, Outcome.TOO_LARGE, "decompress"
    ),
    "fifty encodings": Case(
        "nested_gzip", {"times": 50}, Outcome.INCOMPLETE, "50 content encodings"
    ),
    "half a body": Case("short", {}, Outcome.INCOMPLETE, "early"),
    "truncated gzip": Case("truncated_gzip", {}, Outcome.INCOMPLETE, "early"),
    "broken chunk": Case("bad_chunk", {}, Outcome.INCOMPLETE, "early"),
    "header flood": Case("header_flood", {}, Outcome.FAILED, "1000 lines of headers"),
    "long headers": Case(
        "header_flood", {"bytes": 2000}, Outcome.FAILED, "256 kB of headers"
    ),
    "long header": Case("header_line", {}, Outcome.FAILED, "16 kB in one line"),
    "endless 1xx": Case("endless_1xx", {}, Outcome.FAILED, "20 interim answers"),
    "connection reset": Case("drop", {}, Outcome.FAILED, "connection"),
    "not HTTP": Case("garbage", {}, Outcome.FAILED, "connection"),
    "silence": Case("hang", {}, Outcome.FAILED, "in time"),
    "slow redirects": Case(  # no hop takes long
        "redirect_chain", {"hops": 3, "seconds": 0.9}, Outcome.FAILED, "in time"
    ),
    "dripping body": Case("drip", {}, Outcome.FAILED, "in time"),
    "dripping headers": Case("slow_headers", {}, Outcome.FAILED, "in time"),
}


class Pass(NamedTuple):
    """A pass over an outlet in which every third article is as it should be."""

    site: Site
    config: Path
    urls: dict[str, str]
    healthy: list[str]
    summary: dict[str, Any]
    log: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pass]:
    with Site.start(window=200) as site:
        config = site.config(
            tmp_path_factory.mktemp("faults"),
            outlets=["courier"],
            sources=["feed"],
            each={"request": {"timeout": "2s"}, "articles": {"deny": ["^/harbour/"]}},
        )
        fresh = site.publish("courier", generate=3 * len(CASES))
        broken, healthy = fresh[0::3], fresh[1::3] + fresh[2::3]
        urls = dict(zip(CASES, broken, strict=True))
        for name, url in urls.items():
            _order(site, url, CASES[name])
        yield Pass(site, config, urls, healthy, *watched_pass(config))


def _order(site: Site, url: str, case: Case) -> None:
    path = "/" + url.split("/", 3)[3]
    args = {
        key: site.forbidden + "/" if value == "FORBIDDEN" else value
        for key, value in case.args.items()
    }
    site.fault("courier", f"^{path}", case.kind, **args)


@pytest.mark.fault("H1", "H2", "H3", "H4", "H5", "H11", "F7", "N1", "N4", "N5")
def test_every_url_has_its_outcome_and_its_line_in_the_log(done: Pass) -> None:
    audit(
        done.config / "data" / "presswatch.db",
        listed=[*done.urls.values(), *done.healthy],
        finished=True,
        log=done.log,
        complaints=[
            Complaint("courier", url, CASES[name].detail)
            for name, url in done.urls.items()
        ],
    )


@pytest.mark.parametrize("name", CASES)
def test_a_broken_page_ends_under_its_name(done: Pass, name: str) -> None:
    case = CASES[name]
    with Store.open(done.config / "data" / "presswatch.db", read_only=True) as store:
        (story,) = store.articles.story(done.urls[name])
    assert (story.url.outcome, story.url.attempts) == (case.outcome, 1)
    assert case.detail in (story.url.detail or "")
    assert story.article is None


def test_the_pages_between_are_none_the_worse(done: Pass) -> None:
    queued = {message["article"]["url"] for message in exported(done.config)}
    assert set(done.healthy) <= queued
    assert not set(done.urls.values()) & queued


def test_the_outcomes_add_up(done: Pass) -> None:
    assert sum(done.summary["outcomes"].values()) == done.summary["new_urls"]
    assert done.summary["outcomes"]["new"] == done.summary["queued"]


def test_nobody_connected_to_what_the_config_does_not_allow(done: Pass) -> None:
    assert done.site.connections("forbidden") == 0


def test_a_failed_url_is_not_tried_again_at_once(done: Pass) -> None:
    done.site.clear_log()
    assert once(done.config)["fetched"] == 0
