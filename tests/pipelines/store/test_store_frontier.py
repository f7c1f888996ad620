"""Sources, polls, URLs and attempts in a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import FEED, MINUTE, NOW, Newsdesk, entry, words

from pipelines.candidate import Candidate
from pipelines.outcome import Outcome, State
from pipelines.store import Listed, Notice, SourceSpec, Store
from pipelines.store.columns import candidate_of, hints_column, micros, moment
from pipelines.store.frontier import SUSPECT
from pipelines.store.listing import CHUNK
from pipelines.store.sources import POLLS_KEPT

A, B, C = (f"https://ferry.example/{name}" for name in "abc")


def test_new_sources_are_due_at_once(store: Store) -> None:
    specs = [
        SourceSpec("ferry", "feed", FEED),
        SourceSpec("pier", "sitemap", "http://pier.example:8080/map.xml"),
    ]
    store.frontier.sync_sources(specs, NOW)
    due = store.frontier.due_sources(NOW)
    assert [(s.outlet, s.kind, s.host, s.first) for s in due] == [
        ("ferry", "feed", "ferry.example", True),
        ("pier", "sitemap", "pier.example:8080", True),
    ]
    assert store.frontier.due_sources(NOW, outlets=["pier"]) == due[1:]
    assert store.frontier.due_sources(NOW, outlets=[]) == []


def test_sources_that_leave_the_config_rest_and_come_back(desk: Newsdesk) -> None:
    desk.poll([entry(A)], etag='"1"')
    desk.store.frontier.sync_sources([], desk.now)
    assert desk.store.frontier.due_sources(desk.now, everything=True) == []
    assert desk.due() == [A]  # what it listed stays
    desk.later(minutes=1)
    desk.store.frontier.sync_sources([SourceSpec("ferry", "feed", FEED)], desk.now)
    (back,) = desk.store.frontier.due_sources(desk.now)
    assert (back.id, back.etag, back.first) == (desk.source.id, '"1"', False)


def test_the_alerts_of_a_source_leave_the_config_with_it(desk: Newsdesk) -> None:
    alerts = desk.store.alerts
    for key in (f"source:ferry:{FEED}", f"gap:ferry:{FEED}", f"gap:pier:{FEED}"):
        alerts.open(Notice(key, "fails", "time-out", "presswatch try"), desk.now)
    desk.store.frontier.sync_sources([SourceSpec("ferry", "feed", FEED)], desk.now)
    assert len(alerts.list()) == 3
    desk.store.frontier.sync_sources([], desk.now)
    assert [alert.key for alert in alerts.list()] == [f"gap:pier:{FEED}"]


def test_syncing_again_changes_nothing(desk: Newsdesk) -> None:
    desk.poll()
    desk.store.frontier.sync_sources([SourceSpec("ferry", "feed", FEED)], desk.now)
    assert desk.store.frontier.due_sources(desk.now) == []
    assert len(desk.store.frontier.due_sources(desk.now, everything=True)) == 1


@pytest.mark.parametrize(
    ("minutes", "due_in"),
    [
        pytest.param(5, 5, id="shorter: due by the new interval"),
        pytest.param(60, 15, id="longer: from the next poll on"),
        pytest.param(14, 15, id="the jitter is no change"),
    ],
)
def test_a_new_interval(desk: Newsdesk, minutes: int, due_in: int) -> None:
    desk.poll(next_at=desk.now + 15 * MINUTE)
    spec = SourceSpec("ferry", "feed", FEED, every=minutes * MINUTE)
    desk.store.frontier.sync_sources([spec], desk.now)
    (source,) = desk.store.frontier.due_sources(desk.now, everything=True)
    assert source.next_at == desk.now + due_in * MINUTE


def test_a_new_interval_spares_a_failing_source(desk: Newsdesk) -> None:
    desk.poll(next_at=desk.now + 60 * MINUTE, failures=3.0)
    spec = SourceSpec("ferry", "feed", FEED, every=MINUTE)
    desk.store.frontier.sync_sources([spec], desk.now)
    (source,) = desk.store.frontier.due_sources(desk.now, everything=True)
    assert source.next_at == desk.now + 60 * MINUTE


def test_a_poll_makes_new_urls_due_in_listing_order(desk: Newsdesk) -> None:
    stored = desk.poll([entry(C), entry(A), entry(B), entry(A, title="twice")])
    assert (stored.listed, stored.new, stored.changed) == (3, 3, 0)
    assert desk.due() == [C, A, B]
    assert desk.due(limit=2) == [C, A]
    assert desk.store.frontier.due_hosts(desk.now) == ["ferry.example"]


def test_what_a_source_said_is_kept(desk: Newsdesk) -> None:
    said = Candidate(
        A,
        title="Fähre 🚢",
        published=NOW,
        updated=datetime(2026, 1, 1, tzinfo=UTC),
        language="de",
        authors=("Ada", "Bo"),
        text="<p>x</p>",
    )
    desk.poll([Listed(said, "ferry.example")])
    (work,) = desk.store.frontier.due_urls(desk.now, host="ferry.example", limit=9)
    assert work.candidate == said


def test_urls_listed_with_an_outcome_are_done(desk: Newsdesk) -> None:
    denied = Listed(Candidate(A), "ferry.example", Outcome.DENIED, "articles.deny")
    assert desk.poll([denied, entry(B)]).new == 2
    assert desk.due() == [B]
    (story,) = desk.store.articles.story(A)
    assert (story.url.state, story.url.outcome) == (State.DONE, Outcome.DENIED)
    assert story.url.detail == "articles.deny"


def test_rules_that_change_take_effect_with_the_next_poll(desk: Newsdesk) -> None:
    deny = (Outcome.DENIED, "articles.deny")
    desk.poll(
        [
            Listed(Candidate(A), "ferry.example", *deny),
            Listed(Candidate(B), "ferry.example", *deny, standing=True),
            entry(C),
        ]
    )
    desk.later(minutes=15)
    stored = desk.poll(
        [entry(A), entry(B), Listed(Candidate(C), "ferry.example", *deny)]
    )
    assert (stored.new, stored.changed) == (0, 1)
    assert desk.due() == [A]


def test_a_big_poll_is_stored_in_parts_and_validators_last(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [entry(f"https://ferry.example/{n}") for n in range(CHUNK * 2 + 5)]
    frontier = desk.store.frontier

    class Crash(Exception):
        pass

    def crash(*_: object) -> None:
        raise Crash

    monkeypatch.setattr(frontier, "finish_poll", crash)
    with pytest.raises(Crash):
        desk.poll(entries, etag='"1"')
    assert len(desk.due(limit=9999)) == CHUNK * 2
    (source,) = frontier.due_sources(desk.now)
    assert (source.etag, source.first) == (None, True)
    monkeypatch.undo()
    stored = desk.poll(entries, etag='"1"')
    assert (stored.listed, stored.new) == (CHUNK * 2 + 5, 5)
    assert desk.due(limit=9999) == [e.candidate.url for e in entries]


def test_validators_are_stored_with_the_urls_or_not_at_all(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pipelines.store.sources._mark_good", crash)
    with pytest.raises(ZeroDivisionError):
        desk.poll([entry(A)], etag='"1"')
    assert desk.due() == []


@pytest.mark.parametrize(
    ("record", "etag", "body_hash"),
    [
        pytest.param({"outcome": "ok", "etag": '"2"'}, '"2"', None, id="new body"),
        pytest.param({"outcome": "ok"}, None, None, id="validators dropped"),
        pytest.param({"outcome": "not_modified"}, '"1"', b"1", id="304"),
        pytest.param(
            {"outcome": "same_body", "etag": '"2"'}, '"2"', b"1", id="same body"
        ),
        pytest.param({"outcome": "failed", "etag": '"2"'}, '"1"', b"1", id="failed"),
        pytest.param({"outcome": "robots"}, '"1"', b"1", id="robots"),
    ],
)
def test_validators_stand_for_the_body_whose_urls_are_stored(
    desk: Newsdesk, record: dict[str, object], etag: str | None, body_hash: bytes | None
) -> None:
    desk.poll([entry(A)], etag='"1"', body_hash=b"1")
    desk.poll(**record)
    (source,) = desk.store.frontier.due_sources(desk.now, everything=True)
    assert (source.etag, source.body_hash) == (etag, body_hash)


def test_how_a_source_has_been_doing(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    first = desk.now
    desk.later(minutes=15)
    desk.poll(outcome="failed", error="no answer", failures=1.5, status=None)
    (status,) = desk.store.frontier.source_status()
    assert (status.last_polled, status.last_ok, status.last_new) == (
        desk.now,
        first,
        first,
    )
    assert (status.last_error, status.failures) == ("no answer", 1.5)
    desk.later(minutes=15)
    desk.poll(outcome="not_modified", status=304)
    (status,) = desk.store.frontier.source_status()
    assert (status.last_ok, status.last_new, status.last_error) == (
        desk.now,
        first,
        None,
    )
    polls = desk.store.frontier.polls(desk.source.id)
    assert [poll.outcome for poll in polls] == ["not_modified", "failed", "ok"]
    assert (polls[2].listed, polls[2].new) == (1, 1)


def test_only_the_latest_polls_are_kept(desk: Newsdesk) -> None:
    for _ in range(POLLS_KEPT + 5):
        desk.later(minutes=1)
        desk.poll()
    polls = desk.store.frontier.polls(desk.source.id)
    assert len(polls) == POLLS_KEPT
    assert polls[0].at == desk.now


def test_a_304_counts_as_listing_what_the_body_listed(desk: Newsdesk) -> None:
    desk.poll([entry(A), entry(B)])
    desk.later(minutes=15)
    desk.poll([entry(B)])
    listed_a = desk.now - 15 * MINUTE
    desk.later(minutes=15)
    desk.poll(outcome="not_modified", status=304)
    (a,), (b,) = desk.store.articles.story(A), desk.store.articles.story(B)
    assert a.url.last_listed_at == listed_a
    assert b.url.last_listed_at == desk.now


def test_an_update_makes_an_article_due_again(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    desk.publish(A, words("ferry"))
    assert desk.due() == []
    desk.later(minutes=10)
    assert desk.poll([entry(A, updated=desk.now)]).changed == 1
    assert desk.due() == []  # looked at ten minutes ago
    desk.later(minutes=20)
    assert desk.due() == [A]
    (work,) = desk.store.frontier.due_urls(desk.now, host="ferry.example", limit=1)
    assert work.article_id is not None


def test_an_update_while_the_page_waits_is_not_lost(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    fetched = desk.fetch(A)
    page = desk.waiting(fetched.url_id)
    desk.later(minutes=1)
    desk.poll([entry(A, updated=desk.now)])
    assert desk.due() == []
    desk.store.articles.reject(page, Outcome.DENIED, "x", now=desk.now)
    assert desk.due() == []
    desk.later(minutes=30)
    assert desk.due() == [A]


def test_urls_given_by_hand(desk: Newsdesk) -> None:
    url_id = desk.store.frontier.add_url("ferry", A, "ferry.example", desk.now)
    assert desk.due() == [A]
    desk.fail(url_id, Outcome.GONE)
    assert desk.due() == []
    assert desk.store.frontier.add_url("ferry", A, "ferry.example", desk.now) == url_id
    assert desk.due() == [A]
    other = desk.store.frontier.add_url("pier", A, "ferry.example", desk.now)
    assert other != url_id


def test_attempts_without_a_page(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    (work,) = desk.store.frontier.due_urls(desk.now, host="ferry.example", limit=1)
    desk.fail(work.id, Outcome.FAILED, desk.now + MINUTE)
    assert desk.due() == []
    desk.later(minutes=1)
    (work,) = desk.store.frontier.due_urls(desk.now, host="ferry.example", limit=1)
    assert (work.attempts, work.failures) == (1, 1)
    desk.fail(work.id, Outcome.WRONG_TYPE)
    (story,) = desk.store.articles.story(A)
    assert (story.url.state, story.url.next_at) == (State.DONE, None)
    assert (story.url.attempts, story.url.failures) == (2, 0)
    assert [(a.outcome, a.status) for a in story.attempts] == [
        (Outcome.FAILED, 404),
        (Outcome.WRONG_TYPE, 404),
    ]


def test_details_of_any_kind_are_stored(desk: Newsdesk) -> None:
    url_id = desk.store.frontier.add_url("ferry", A, "ferry.example", desk.now)
    from pipelines.store import Attempt

    attempt = Attempt(url_id, desk.now, Outcome.FAILED, "bad \ud800 header \0")
    desk.store.frontier.record_attempt(attempt)
    (story,) = desk.store.articles.story(A)
    assert story.url.detail == "bad ? header \0"


def test_due_hosts_are_those_of_the_outlets_asked_for(desk: Newsdesk) -> None:
    frontier = desk.store.frontier
    desk.poll([entry(A)])
    desk.later(seconds=1)
    frontier.add_url("pier", "https://pier.example/x", "pier.example", desk.now)
    assert frontier.due_hosts(desk.now) == ["ferry.example", "pier.example"]
    assert frontier.due_hosts(desk.now, outlets={"pier"}) == ["pier.example"]
    of_pier = frontier.due_urls(
        desk.now, host="ferry.example", limit=9, outlets=["pier"]
    )
    assert of_pier == []


def test_next_due(desk: Newsdesk) -> None:
    frontier = desk.store.frontier
    assert frontier.next_due(desk.now) == desk.now  # the source
    desk.poll([entry(A)])
    assert frontier.next_due(desk.now + MINUTE) == desk.now + MINUTE  # the URL
    (work,) = frontier.due_urls(desk.now, host="ferry.example", limit=1)
    desk.fail(work.id, Outcome.FAILED, desk.now + 5 * MINUTE)
    assert frontier.next_due(desk.now) == desk.now + 5 * MINUTE
    desk.fail(work.id, Outcome.DENIED)
    assert frontier.next_due(desk.now) == desk.now + 15 * MINUTE
    assert frontier.next_due(desk.now, outlets=["pier"]) is None


def test_waiting_pages(desk: Newsdesk) -> None:
    desk.poll([entry(A, title="Ferry"), entry(B)])
    for url in (B, A):
        desk.fetch(url)
    first, second = desk.store.frontier.waiting_pages(9)
    assert [page.url for page in (first, second)] == [B, A]
    assert second.candidate.title == "Ferry"
    assert desk.store.frontier.waiting_pages(9, after=first.page_id) == [second]
    assert desk.store.frontier.waiting_pages(1) == [first]
    assert desk.due() == []


def test_tries_are_counted_for_good(desk: Newsdesk, path: Path) -> None:
    desk.fetch(A)
    (page,) = desk.store.frontier.waiting_pages(9)
    assert [desk.store.frontier.count_try(page.page_id) for _ in range(2)] == [1, 2]
    with Store.open(path) as other:
        assert other.frontier.waiting_pages(9)[0].tries == 2


def test_a_page_that_was_begun_and_never_finished_waits_for_the_others(
    desk: Newsdesk,
) -> None:
    for url in (A, B, C):
        desk.fetch(url)
    first, second, third = desk.store.frontier.waiting_pages(9)
    for _ in range(SUSPECT):
        desk.store.frontier.count_try(first.page_id)
    waiting = desk.store.frontier.waiting_pages(9)
    assert [page.url for page in waiting] == [second.url, third.url, first.url]
    assert [page.url for page in desk.store.frontier.waiting_pages(2)] == [B, C]


def test_progress_and_outcomes(desk: Newsdesk) -> None:
    desk.poll([entry(A), entry(B), entry(C), entry(f"{C}/d"), entry(f"{C}/e")])
    desk.fetch(A)
    desk.publish(B, words("ferry"))
    (work,) = desk.store.frontier.due_urls(desk.now, host="ferry.example", limit=1)
    desk.fail(work.id, Outcome.FAILED, desk.now + MINUTE)
    progress = desk.store.frontier.progress(desk.now)
    assert (progress.due, progress.later) == (2, 1)
    assert (progress.waiting, progress.done) == (1, 1)
    counted = {Outcome.NEW: 1, Outcome.FAILED: 1}
    assert desk.store.frontier.outcomes() == counted
    assert desk.store.frontier.outcomes(outlet="pier") == {}


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "SELECT * FROM url INDEXED BY url_due WHERE host = ?1 AND next_at <= ?2"
            " AND next_at IS NOT NULL AND state <> 'waiting' ORDER BY next_at, id",
            id="due URLs",
        ),
        pytest.param(
            "SELECT url_id FROM url WHERE state = 'waiting' AND page_id > 0"
            " ORDER BY page_id LIMIT 9".replace("url_id", "id"),
            id="waiting pages",
        ),
        pytest.param(
            "SELECT seq FROM delivery WHERE subscription = ? AND state = 'ready'"
            " ORDER BY priority DESC, seq LIMIT ?",
            id="lease",
        ),
    ],
)
def test_hot_queries_walk_an_index_and_sort_nothing(store: Store, sql: str) -> None:
    plan = store.session.rows(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
    steps = " / ".join(row["detail"] for row in plan)
    assert "USING" in steps
    assert "INDEX" in steps
    assert "TEMP B-TREE" not in steps


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_survive(at: datetime) -> None:
    assert moment(micros(at)) == at


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        micros(datetime(2026, 11, 23))  # noqa: DTZ001 - the mistake under test


@given(
    st.builds(
        Candidate,
        url=st.just(A),
        title=st.none() | st.text(st.characters(codec=None)),
        published=st.none() | st.datetimes(timezones=st.just(UTC)),
        authors=st.lists(st.text()).map(tuple),
        text=st.none() | st.text(),
    )
)
def test_hints_survive(candidate: Candidate) -> None:
    column = hints_column(candidate)
    assert column.isascii()
    assert candidate_of(A, column) == candidate


def test_a_poll_of_an_unknown_source_is_an_error(desk: Newsdesk) -> None:
    from pipelines.store import StoreError

    with pytest.raises(StoreError, match="no source 99"):
        desk.poll([entry(A)], source_id=99)


def test_urls_are_processed_apart_for_each_outlet(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    desk.store.frontier.add_url("pier", A, "ferry.example", desk.now)
    stories = desk.store.articles.story(A)
    assert [story.url.outlet for story in stories] == ["ferry", "pier"]
    assert len(desk.due()) == 2


def test_revisits_that_found_nothing_new_come_less_often(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    desk.publish(A, words("ferry"))
    waits = []
    for _ in range(3):
        desk.later(minutes=1)
        desk.poll([entry(A, updated=desk.now)])
        (story,) = desk.store.articles.story(A)
        assert story.url.next_at is not None
        waits.append(story.url.next_at - desk.now)
        desk.now = story.url.next_at
        desk.publish(A, words("ferry"))
    assert waits == [timedelta(minutes=m) for m in (29, 59, 119)]
