"""What a listing means, and when things are due again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.models import Outlet, outlet
from crawlers import polling
from crawlers.discovery.rules import compile_rules
from pipelines.candidate import Candidate
from pipelines.outcome import RETRIED, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME = "https://www.news.example/"
FEED = "https://feeds.news.example/rss"


def an_outlet(**said: Any) -> Outlet:
    return outlet("news", {"home": HOME, "sources": [{"feed": FEED}], **said})


def selection(first: bool = False, **said: Any) -> polling.Selection:
    made = an_outlet(**said)
    rules = compile_rules(made.articles.allow, made.articles.deny)
    return polling.Selection(made, rules, polling.outlet_sites(made), NOW, first)


def story(path: str, hours_ago: float | None = None) -> Candidate:
    at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    return Candidate(f"https://www.news.example{path}", published=at)


# -- which listed URLs are fetched ------------------------------------------


@pytest.mark.parametrize(
    ("url", "said", "detail"),
    [
        pytest.param("https://www.news.example/world/a-1", {}, None, id="fetched"),
        pytest.param("https://m.news.example/world/a-1", {}, None, id="a subdomain"),
        pytest.param(
            "https://adverts.example/buy", {}, "off the outlet's site", id="off-site"
        ),
        pytest.param(
            "https://sister.example/a-1",
            {"articles": {"sites": ["sister.example"]}},
            None,
            id="a site the config names",
        ),
        pytest.param(HOME, {}, "home page", id="the home page"),
        pytest.param("https://news.example/", {}, "home page", id="a root"),
        pytest.param(
            "https://www.news.example/video/a-1",
            {"articles": {"deny": ["/video/"]}},
            "/video/",
            id="denied",
        ),
        pytest.param(
            "https://www.news.example/sport/a-1",
            {"articles": {"allow": ["/world/"]}},
            "allow",
            id="not allowed",
        ),
    ],
)
def test_selection(url: str, said: dict[str, Any], detail: str | None) -> None:
    (listed,) = polling.select([Candidate(url)], selection(**said))
    if detail is None:
        assert listed.outcome is None
    else:
        assert listed.outcome is Outcome.DENIED
        assert detail in (listed.detail or "")
        assert not listed.standing


def kept(listed: tuple[Any, ...]) -> list[str]:
    return [entry.candidate.url[-2:] for entry in listed if entry.outcome is None]


STORIES = [story("/a-1", 50), story("/a-2", 1), story("/a-3"), story("/a-4", 10)]


@pytest.mark.parametrize(
    ("on_add", "expected"),
    [
        ("all", ["-1", "-2", "-3", "-4"]),
        ("latest 2", ["-2", "-4"]),
        ("since 24h", ["-2", "-3", "-4"]),
        ("skip", []),
    ],
)
def test_on_add_rules_the_first_poll(on_add: str, expected: list[str]) -> None:
    listed = polling.select(STORIES, selection(first=True, on_add=on_add))
    assert kept(listed) == expected
    assert all(entry.standing for entry in listed if entry.outcome is not None)


def test_on_add_has_no_say_later() -> None:
    listed = polling.select(STORIES, selection(first=False, on_add="skip"))
    assert kept(listed) == ["-1", "-2", "-3", "-4"]


def test_latest_counts_only_what_would_be_fetched() -> None:
    candidates = [story("/video/v-9", 0.5), *STORIES]
    how = selection(first=True, on_add="latest 1", articles={"deny": ["/video/"]})
    assert kept(polling.select(candidates, how)) == ["-2"]


# -- when things are due again ----------------------------------------------


@pytest.mark.parametrize("outcome", sorted(RETRIED))
def test_every_outcome_that_may_change_is_tried_again_later_and_later(
    outcome: Outcome,
) -> None:
    waits = []
    for failures in range(1, polling.MOST_RETRIES[outcome] + 1):
        at = polling.retry_at(outcome, failures, NOW, 0)
        assert at is not None
        waits.append(at - NOW)
    assert waits == sorted(waits)
    assert waits[0] >= polling.FIRST_RETRY
    assert waits[-1] <= polling.DAY
    assert polling.retry_at(outcome, len(waits) + 1, NOW, 0) is None


@pytest.mark.parametrize("outcome", [Outcome.NEW, Outcome.UNCHANGED, Outcome.DUPLICATE])
def test_a_text_is_not_retried(outcome: Outcome) -> None:
    assert polling.retry_at(outcome, 1, NOW, 0) is None


def test_jitter_moves_a_retry_by_a_tenth() -> None:
    early = polling.retry_at(Outcome.FAILED, 1, NOW, -1)
    late = polling.retry_at(Outcome.FAILED, 1, NOW, 1)
    assert early is not None
    assert late is not None
    assert (early - NOW, late - NOW) == (4.5 * MINUTE, 5.5 * MINUTE)


def test_revisits_thin_out_with_age_and_end() -> None:
    first_seen, now, ages = NOW, NOW, []
    while (at := polling.revisit_at(first_seen, now, 30 * MINUTE)) is not None:
        assert at >= now + 30 * MINUTE
        now = at
        ages.append((at - first_seen) / timedelta(hours=1))
    assert ages == [0.5, 2, 8, 32]


def test_a_page_that_is_never_revisited() -> None:
    assert polling.revisit_at(NOW, NOW, None) is None


def test_a_least_age_beyond_the_end_is_honoured_once() -> None:
    week = timedelta(days=7)
    assert polling.revisit_at(NOW, NOW, week) == NOW + week
    assert polling.revisit_at(NOW, NOW + week, week) is None


def test_a_page_that_changes_is_looked_at_again_sooner() -> None:
    now = NOW + 120 * MINUTE
    quiet = polling.revisit_at(NOW, now, 30 * MINUTE)
    lively = polling.revisit_at(NOW, now, 30 * MINUTE, changed=True)
    assert (quiet, lively) == (NOW + 480 * MINUTE, NOW + 240 * MINUTE)
    just_in = polling.revisit_at(NOW, NOW, 30 * MINUTE, changed=True)
    assert just_in == NOW + 30 * MINUTE


@pytest.mark.parametrize(
    ("least", "ratio", "count"),
    [
        pytest.param(30 * MINUTE, 4.0, 4, id="as a rule"),
        pytest.param(30 * MINUTE, 16.0, 2, id="thinner"),
        pytest.param(30 * MINUTE, 64.0, 2, id="thinnest"),
        pytest.param(timedelta(0), 4.0, 6, id="as soon as may be"),
        pytest.param(None, 4.0, 0, id="never"),
    ],
)
def test_how_often_a_page_is_looked_at(
    least: timedelta | None, ratio: float, count: int
) -> None:
    assert polling.looks(least, ratio) == count


def test_a_second_look_at_what_is_gone_comes_hours_later() -> None:
    assert polling.second_look_at(NOW, 0) == NOW + timedelta(hours=6)
    assert polling.second_look_at(NOW, -1) > NOW + timedelta(hours=5)


def test_what_belongs_to_a_window_and_to_a_section() -> None:
    listed = [story("/world/a-1", 0.5), story("/world/a-2", 30), story("/sport/a-3", 1)]
    start = NOW - timedelta(hours=2)
    within = polling.published_within([*listed, story("/world/a-4")], start, NOW)
    assert within == [listed[0], listed[2]]
    like = polling.Kind.of([story("/world/b-1"), story("/world/b-2")])
    assert [like.fits(each) for each in listed] == [True, True, False]
