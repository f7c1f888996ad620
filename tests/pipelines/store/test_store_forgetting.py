"""What is forgotten is gone from every file, and stays out."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import Newsdesk, entry, reading, words

from pipelines.outcome import Outcome, State
from pipelines.store import Store
from pipelines.store.browsing import Wanted
from pipelines.store.driver import sqlite3
from pipelines.store.forgetting import Forgotten

A, B, C, D, E = (f"https://ferry.example/{name}" for name in "abcde")
SECRET = f"Unbelievablestory {words('ferry')}"
TITLE = "Unbelievabletitle"


def forget(desk: Newsdesk, url: str) -> Forgotten:
    done = desk.store.forgetting.forget(desk.store.forgetting.of_url(url), desk.now)
    desk.store.forgetting.finish()
    return done


def publish(desk: Newsdesk, url: str = A, **terms: object) -> None:
    desk.poll([entry(url, title=TITLE, text=SECRET)])
    desk.publish(url, SECRET, title=TITLE, **terms)  # type: ignore[arg-type]


def body_count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as pages:
        return int(pages.execute("SELECT count(*) FROM body").fetchone()[0])


def bodies(desk: Newsdesk) -> list[bytes]:
    """The raw pages that are kept, in all files."""
    query = "SELECT DISTINCT file, body_key FROM page"
    kept = {
        desk.store.pages.get(row["file"], row["body_key"])
        for row in desk.store.session.rows(query)
    }
    files = [sqlite3.connect(file) for file in desk.store.pages.files()]
    counted = [
        file.execute("SELECT count(*) FROM body").fetchone()[0] for file in files
    ]
    for file in files:
        file.close()
    assert sum(counted) == len(kept)
    return sorted(kept)


def in_files(path: Path, word: str) -> list[str]:
    """The files beside the database that hold a word."""
    return [
        file.name
        for file in path.parent.iterdir()
        if word.encode() in file.read_bytes()
    ]


def test_nothing_of_it_is_left_in_any_file(desk: Newsdesk, path: Path) -> None:
    publish(desk)
    desk.publish(A, f"{SECRET} Later.", title=TITLE)
    assert in_files(path, "Unbelievablestory")
    done = forget(desk, A)
    desk.store.close()
    assert (done.urls, done.articles, done.pages) == (1, 1, 2)
    assert in_files(path, "Unbelievablestory") == []
    assert in_files(path, TITLE) == []
    with Store.open(path) as store:
        assert store.damage() == []
        assert store.session.value("SELECT count(*) FROM fresh_posting") == 0


def test_the_tombstone_keeps_it_out(desk: Newsdesk) -> None:
    publish(desk)
    forget(desk, A)
    desk.later(hours=3)
    desk.poll([entry(A, title=TITLE, updated=desk.now)])
    desk.later(days=30)
    assert desk.due() == []
    desk.store.frontier.add_url("ferry", A, "ferry.example", desk.now)
    assert desk.due() == []
    (story,) = desk.store.articles.story(A)
    assert (story.url.state, story.url.outcome) == (State.DONE, Outcome.DENIED)
    assert story.url.detail == "forgotten on 2026-11-23"
    assert story.url.candidate.title is None
    assert story.article is not None
    assert (story.article.title, story.article.text) == (None, "")


def test_what_was_on_its_way_is_not_stored(desk: Newsdesk) -> None:
    fetched = desk.fetch(A)
    page = desk.waiting(fetched.url_id)
    forget(desk, A)
    stored = desk.store.articles.reject(
        page, Outcome.THIN, SECRET, reading=reading(SECRET), now=desk.now
    )
    assert stored.outcome is Outcome.DENIED
    assert desk.store.articles.story(A)[0].rejection is None


def test_a_page_that_was_being_fetched_is_not_kept(desk: Newsdesk) -> None:
    desk.publish(B, words("pier"))
    fetched = desk.fetch(A)
    forget(desk, A)
    body = replace(fetched, body=SECRET.encode())
    assert desk.store.frontier.record_page(fetched.url_id, body) is None
    assert bodies(desk) == [b"<p>page</p>"]
    assert desk.store.articles.story(A)[0].url.state is State.DONE


def test_messages_that_nobody_took_are_called_back(desk: Newsdesk) -> None:
    publish(desk)
    done = forget(desk, A)
    assert (done.called_back, done.withdrawals) == (1, 0)
    assert desk.lease() == []
    (exported,) = desk.store.queue.export()
    assert exported.article == {
        "url": A,
        "outlet": "ferry",
        "title": None,
        "authors": [],
        "published": None,
        "language": "en",
        "text": "",
        "partial": False,
        "text_from": "page",
        "revision": 1,
        "also_at": [],
    }


@pytest.mark.parametrize("acknowledged", [True, False])
def test_messages_that_were_taken_are_withdrawn(
    desk: Newsdesk, acknowledged: bool
) -> None:
    publish(desk)
    (leased,) = desk.lease()
    if acknowledged:
        desk.store.queue.ack(leased.id, leased.token, desk.now)
    done = forget(desk, A)
    assert done.withdrawals == 1
    desk.store.queue.ack(leased.id, leased.token, desk.now)  # still fine
    desk.later(hours=1)
    (withdrawal,) = desk.lease()
    assert (withdrawal.kind, withdrawal.supersedes) == ("withdrawal", leased.id)
    assert (withdrawal.article["url"], withdrawal.article["text"]) == (A, "")
    assert forget(desk, A).withdrawals == 0


def test_the_same_text_under_another_url(desk: Newsdesk) -> None:
    publish(desk)
    forget(desk, A)
    assert desk.publish(B, SECRET).outcome is Outcome.DENIED
    assert desk.publish(C, SECRET, outlet="pier").outcome is Outcome.NEW
    assert desk.publish(D, SECRET, outlet="quay").outcome is Outcome.DUPLICATE
    assert [m.article["url"] for m in desk.lease()] == [C]


def test_the_page_of_the_same_text_under_another_url_goes(desk: Newsdesk) -> None:
    publish(desk)
    forget(desk, A)
    desk.publish(C, words("pier"), outlet="pier")
    with desk.store.write():  # as the service stores: other pages in one transaction
        desk.fetch(D, body=b"<p>another</p>")
        denied = desk.publish(B, SECRET, body=SECRET.encode())
    assert denied.outcome is Outcome.DENIED
    assert bodies(desk) == [b"<p>another</p>", b"<p>page</p>"]
    # A page that others have too stays theirs.
    assert desk.publish(E, SECRET).outcome is Outcome.DENIED
    assert bodies(desk) == [b"<p>another</p>", b"<p>page</p>"]


def test_the_next_carrier_leads_the_story(desk: Newsdesk) -> None:
    wire = [words(f"wire {n}", 12) for n in range(8)]
    desk.publish(A, "\n".join(wire))
    desk.later(minutes=1)
    desk.publish(B, "\n".join(wire[:7]), outlet="pier")
    desk.publish(C, "\n".join(wire[1:]), outlet="quay")
    forget(desk, A)
    (article,) = desk.store.articles.by_url(C)
    (heir,) = desk.store.articles.by_url(B)
    assert article.story == heir.id == heir.story
    assert desk.store.articles.by_url(A)[0].story != heir.id
    copy = desk.publish(D, "\n".join(wire[2:6]), outlet="dock")
    assert (copy.outcome, copy.text_of) == (Outcome.DUPLICATE, heir.id)
    carriers = desk.store.articles.carriers(heir.id)
    assert [one.url for one in carriers] == [B, C, D]


def test_bodies_that_others_refer_to_stay(desk: Newsdesk) -> None:
    desk.publish(A, words("one"))
    desk.publish(B, words("two"))
    assert forget(desk, A).pages == 1
    (story,) = desk.store.articles.story(B)
    assert story.page is not None
    assert desk.store.frontier.page_body(story.page.page_id) == b"<p>page</p>"


def test_an_outlet(desk: Newsdesk) -> None:
    for n in range(25):
        desk.publish(f"{A}/{n}", words(f"topic {n}"))
    desk.publish(C, words("pier"), outlet="pier")
    done = desk.store.forgetting.forget(
        desk.store.forgetting.of_outlet("ferry"), desk.now
    )
    desk.store.forgetting.forget_outlet("ferry")
    assert (done.urls, done.articles) == (25, 25)
    assert desk.store.forgetting.of_outlet("ferry") == []
    assert [m.article["url"] for m in desk.lease()] == [C]


def test_what_is_forgotten_is_listed_no_more(desk: Newsdesk) -> None:
    publish(desk)
    publish(desk, B)
    forget(desk, A)
    assert [row.url for row in desk.store.overview.each()] == [B]
    assert desk.store.overview.totals().articles == 1
    counts = desk.store.overview.outlets(desk.now, desk.now - timedelta(days=1))
    assert [each.recent for each in counts] == [1]
    for newest_first in (False, True):
        (one,) = desk.store.overview.page(Wanted(), 9, newest_first=newest_first)
        assert one.article.url == B
