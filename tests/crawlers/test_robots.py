"""robots.txt by RFC 9309."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.robots import (
    MOST_BYTES,
    RobotsAnswer,
    judge,
    merge,
    product_token,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENT = "presswatch (+https://example.org/contact)"
URL = "https://news.example/world/story.html"
NO_WORLD = b"User-agent: *\nDisallow: /world/\n"


def answer(status: int | None, body: bytes = b"", at: datetime = NOW) -> RobotsAnswer:
    return RobotsAnswer(status, body, at)


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        pytest.param(200, b"", True, id="empty file"),
        pytest.param(200, NO_WORLD, False, id="disallowed"),
        pytest.param(200, b"\xef\xbb\xbf" + NO_WORLD, False, id="byte order mark"),
        pytest.param(200, NO_WORLD.replace(b"\n", b"\r\n"), False, id="CRLF"),
        pytest.param(
            200, NO_WORLD + b"User-agent: presswatch\nAllow: /\n", True, id="own group"
        ),
        pytest.param(
            200, b"User-agent: Presswatch\nDisallow: /\n", False, id="case of the name"
        ),
        pytest.param(200, b"<html><h1>Not here</h1></html>", True, id="an HTML page"),
        pytest.param(200, b"\xff\xfe\x00garbage", True, id="garbage"),
        pytest.param(
            200, b"#" * MOST_BYTES + b"\n" + NO_WORLD, True, id="behind 500 KiB"
        ),
        pytest.param(404, b"", True, id="404 allows"),
        pytest.param(401, b"", True, id="401 allows"),
        pytest.param(403, NO_WORLD, True, id="403 allows"),
        pytest.param(429, b"", False, id="429 is unreachable"),
        pytest.param(500, b"", False, id="500 disallows"),
        pytest.param(503, b"", False, id="503 disallows"),
        pytest.param(None, b"", False, id="silence disallows"),
    ],
)
def test_verdicts(status: int | None, body: bytes, allowed: bool) -> None:
    verdict = judge(answer(status, body), URL, AGENT)
    assert verdict.allowed is allowed
    assert (verdict.reason is None) is allowed


def test_the_crawl_delay_comes_with_the_verdict() -> None:
    body = b"User-agent: *\nCrawl-delay: 7\nDisallow: /private/\n"
    assert judge(answer(200, body), URL, AGENT).crawl_delay == 7.0


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        (AGENT, "presswatch"),
        ("presswatch/1.0 (+https://x.example)", "presswatch"),
        ("Acme-Monitor", "Acme-Monitor"),
        ("", "*"),
    ],
)
def test_product_token(agent: str, token: str) -> None:
    assert product_token(agent) == token


@pytest.mark.parametrize(
    ("status", "age", "fresh"),
    [
        pytest.param(200, timedelta(hours=23), True, id="a day"),
        pytest.param(200, timedelta(hours=25), False, id="over a day"),
        pytest.param(404, timedelta(hours=23), True, id="none, a day"),
        pytest.param(503, timedelta(minutes=29), True, id="an outage is asked again"),
        pytest.param(503, timedelta(minutes=31), False, id="... after half an hour"),
        pytest.param(200, timedelta(hours=-3), False, id="from the future"),
    ],
)
def test_freshness(status: int, age: timedelta, fresh: bool) -> None:
    assert answer(status, at=NOW - age).fresh(NOW) is fresh


def test_an_old_file_stands_in_for_thirty_days_and_is_not_asked_for_every_url() -> None:
    old = answer(200, NO_WORLD, NOW - timedelta(days=29))
    merged = merge(old, answer(503))
    assert not judge(merged, URL, AGENT).allowed
    assert judge(merged, "https://news.example/", AGENT).allowed
    assert merged.fresh(NOW + timedelta(minutes=10))
    assert not merged.fresh(NOW + timedelta(minutes=31))


def test_a_file_that_is_too_old_no_longer_stands_in() -> None:
    old = answer(200, b"", NOW - timedelta(days=31))
    assert not judge(merge(old, answer(None)), URL, AGENT).allowed


def test_a_new_file_replaces_the_old_one() -> None:
    new = answer(200, NO_WORLD)
    assert merge(answer(200, b""), new) is new
