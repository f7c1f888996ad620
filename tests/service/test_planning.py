"""What a config will ask of whom, and what it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from config.models import Config, outlet
from crawlers import pacing
from crawlers.robots import RobotsAnswer
from pipelines.store.requests import RequestSum
from service.plan_facts import Known
from service.planning import plan

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
FEED = {"feed": "https://www.fjord.example/rss"}
LISTED = [
    f"https://www.fjord.example/{kind}/{n}"
    for kind in ("news", "video")
    for n in (1, 2)
]


def config(**said: Any) -> Config:
    made = outlet("fjord", {"sources": [FEED], **said})
    return Config.model_validate({"directory": "config", "outlets": {"fjord": made}})


def known(ran: Config | None = None, **said: Any) -> Known:
    listed = {"fjord": LISTED}
    return Known(NOW, ran=ran.outlets if ran else None, **{"listed": listed, **said})


def robots(text: str, status: int | None = 200) -> dict[str, RobotsAnswer]:
    answer = RobotsAnswer(status, text.encode(), NOW - timedelta(hours=2))
    return {"https://www.fjord.example": answer}


def test_polls_follow_from_the_intervals_and_pages_from_the_last_days() -> None:
    def asked(day: int, purpose: str, requests: int) -> RequestSum:
        return RequestSum(date(2026, 3, day), "www.fjord.example", purpose, requests, 0)

    sums = [
        asked(8, "article", 999),  # today is not over
        asked(7, "article", 30),
        asked(7, "revisit", 10),
        asked(7, "feed", 96),
        asked(6, "article", 20),
    ]
    made = plan(config(every="15m", delay="2s", requests_per_day=100), known(sums=sums))
    (host,) = made.hosts
    assert (host.polls, host.pages, host.requests) == (96, 30, 126)
    assert (host.gap, host.budget) == (2, 100)
    assert host.busy == pytest.approx(126 * 2 / 86_400)


def test_sources_that_find_their_own_interval_are_told_with_the_reason() -> None:
    wanted = config(every="auto")
    made = plan(wanted, known(forecast=pacing.forecast(wanted, None, NOW)))
    (source,) = made.sources
    assert source.polls == pytest.approx(48, rel=0.01)
    assert source.why == "auto: nothing is known of it yet"
    assert made.hosts[0].polls == source.polls


@pytest.mark.parametrize(
    ("text", "said", "conflicts"),
    [
        pytest.param("User-agent: *\nDisallow: /tag/", {}, [], id="none"),
        pytest.param(
            "User-agent: *\nDisallow: /rss",
            {},
            ["disallows the source https://www.fjord.example/rss: not polled"],
            id="a source",
        ),
        pytest.param(
            "User-agent: *\nDisallow: /video/",
            {},
            ["disallows 2 of 4 articles listed in the last 7 days: not fetched"],
            id="articles",
        ),
        pytest.param(
            "User-agent: *\nDisallow: /video/",
            {"articles": {"deny": ["/video/"]}},
            [],
            id="articles that the rules leave out",
        ),
        pytest.param(
            "User-agent: *\nDisallow: /video/",
            {"robots": False},
            ["fetched all the same (robots: false)"],
            id="not obeyed",
        ),
        pytest.param(
            "User-agent: *\nCrawl-delay: 10",
            {},
            ["www.fjord.example wants 10 s between two requests"],
            id="slower",
        ),
    ],
)
def test_conflicts_with_robots(
    text: str, said: dict[str, Any], conflicts: list[str]
) -> None:
    told = plan(config(**said), known(robots=robots(text))).conflicts
    assert len(told) == len(conflicts)
    assert all(words in one.text for words, one in zip(conflicts, told, strict=True))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "not asked yet"),
        (robots(""), "read 2 h ago"),
        (robots("", 404), "read 2 h ago, HTTP 404: allows all"),
        (robots("", 503), "unreachable (HTTP 503): nothing is fetched"),
        (robots("", None), "unreachable (no answer): nothing is fetched"),
    ],
)
def test_how_robots_stands(answers: dict[str, RobotsAnswer], words: str) -> None:
    (host,) = plan(config(), known(robots=answers)).hosts
    assert host.robots == words


def changes(before: Config, after: Config) -> list[str]:
    return [one.text for one in plan(after, known(ran=before)).changes]


def test_what_ran_last_changes_nothing() -> None:
    assert changes(config(), config()) == []
    assert plan(config(), known()).before is None


def test_rules_tell_which_listed_urls_they_admit_and_refuse() -> None:
    told = changes(config(), config(articles={"deny": ["/video/"]}))
    assert any("2 of 4 listed URLs would newly be denied" in one for one in told)
    told = changes(config(articles={"allow": ["/video/"]}), config())
    assert any("2 of 4 listed URLs would newly be fetched" in one for one in told)


def test_sources_and_intervals_are_told() -> None:
    news = {"sitemap": "https://www.fjord.example/news.xml"}
    told = changes(config(every="30m"), config(every="10m", sources=[FEED, news]))
    assert "new source: sitemap https://www.fjord.example/news.xml" in told
    assert "polls a day: 48 -> 288" in told
    assert "every: 30m -> 10m" in told
    told = changes(config(sources=[FEED, news]), config())
    assert "no longer polled: sitemap https://www.fjord.example/news.xml" in told


def test_outlets_that_come_and_go_are_told() -> None:
    nobody = Config.model_validate({"directory": "config", "outlets": {}})
    assert changes(nobody, config()) == ["new: 1 source, 96 polls a day"]
    (gone,) = changes(config(), nobody)
    assert gone.startswith("left the config: 1 source no longer polled")


def test_secrets_are_not_told() -> None:
    told = changes(config(), config(request={"auth": "me:secret"}))
    assert told == []
