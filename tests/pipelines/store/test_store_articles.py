"""From a submitted page to articles, revisions, messages and the URL's story."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import MINUTE, NOW, Newsdesk, entry, reading, words

from pipelines.article import Reason, Removed
from pipelines.outcome import Outcome, State
from pipelines.store import Store

A, B, C = (f"https://ferry.example/{name}" for name in "abc")
FERRY, HARBOUR = words("ferry"), words("harbour")


def kinds(desk: Newsdesk, outlet: str | None = None) -> list[tuple[str, str]]:
    """Kind and path of all messages so far, or of one outlet's."""
    return [
        (message.kind, str(message.article["url"])[-1])
        for message in desk.store.queue.export()
        if outlet in (None, message.article["outlet"])
    ]


def test_a_new_article(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    stored = desk.publish(A, FERRY)
    assert (stored.outcome, stored.revision, stored.queued) == (Outcome.NEW, 1, True)
    (article,) = desk.store.articles.by_url(A)
    assert article == desk.store.articles.get(article.id)
    assert (article.title, article.text) == ("Ferry runs again", FERRY)
    assert article.authors == ("Ada Nord",)
    assert article.published == NOW - timedelta(hours=2)
    assert (article.language, article.section) == ("en", "Coast")
    assert article.metadata.sources == {"title": "og:title"}
    assert article.story == article.id
    assert desk.store.articles.removed(article.id, 1) == (
        Removed("Read also", Reason.TEASER, 7, "link list"),
    )
    assert kinds(desk) == [("new", "a")]


def test_the_message_is_the_article(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    (leased,) = desk.lease()
    assert leased.article == {
        "url": A,
        "outlet": "ferry",
        "title": "Ferry runs again",
        "authors": ["Ada Nord"],
        "published": "2026-11-23T05:30:00+00:00",
        "language": "en",
        "text": FERRY,
        "partial": False,
        "text_from": "page",
        "revision": 1,
        "also_at": [],
    }


def test_fetched_again_and_unchanged(desk: Newsdesk) -> None:
    first = desk.publish(A, FERRY)
    desk.later(minutes=40)
    again = desk.publish(A, FERRY)
    assert (again.outcome, again.article_id) == (Outcome.UNCHANGED, first.article_id)
    assert (again.revision, again.queued) == (None, False)
    assert kinds(desk) == [("new", "a")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(HARBOUR, "Ferry runs again", id="another text"),
        pytest.param(FERRY + " More.", "Ferry runs again", id="longer"),
        pytest.param(FERRY.upper(), "Ferry runs again", id="only the case"),
        pytest.param(FERRY, "Ferry stops", id="only the title"),
    ],
)
def test_another_content_is_a_revision(desk: Newsdesk, text: str, title: str) -> None:
    first = desk.publish(A, FERRY)
    second = desk.publish(A, text, title=title)
    assert (second.outcome, second.revision) == (Outcome.REVISION, 2)
    assert second.article_id == first.article_id
    new, revision = desk.store.queue.export()
    assert (new.kind, revision.kind) == ("new", "revision")
    assert revision.supersedes == new.id
    assert revision.article["revision"] == 2


def test_there_and_back_makes_three_messages(desk: Newsdesk) -> None:
    outcomes = [desk.publish(A, text).outcome for text in (FERRY, HARBOUR, FERRY)]
    assert outcomes == [Outcome.NEW, Outcome.REVISION, Outcome.REVISION]
    messages = list(desk.store.queue.export())
    assert [message.article["text"] for message in messages] == [FERRY, HARBOUR, FERRY]
    assert len({message.id for message in messages}) == 3


def test_message_ids_are_the_same_after_a_restore(tmp_path: Path) -> None:
    def ids(name: str, texts: list[str]) -> list[str]:
        with Store.open(tmp_path / name, create=True) as store:
            desk = Newsdesk(store)
            desk.publish(B, words("before"))
            for text in texts:
                desk.publish(A, text)
            return [message.id for message in store.queue.export()][1:]

    before = ids("lost.db", [FERRY, HARBOUR, FERRY])
    assert ids("restored.db", [FERRY, HARBOUR, FERRY]) == before


@pytest.mark.parametrize(
    ("duplicates", "expected"),
    [
        pytest.param("once", [("new", "a")], id="once"),
        pytest.param("each outlet", [("new", "a"), ("copy", "c")], id="once an outlet"),
        pytest.param(
            "all", [("new", "a"), ("copy", "b"), ("copy", "c"), ("copy", "d")], id="all"
        ),
    ],
)
def test_copies(
    desk: Newsdesk, duplicates: str, expected: list[tuple[str, str]]
) -> None:
    first = desk.publish(A, FERRY)
    copies = [
        desk.publish(B, FERRY.upper(), duplicates=duplicates),
        desk.publish(C, FERRY, outlet="pier", title="Wire", duplicates=duplicates),
        desk.publish(f"{C}/d", FERRY, outlet="pier", duplicates=duplicates),
    ]
    assert {copy.outcome for copy in copies} == {Outcome.DUPLICATE}
    assert {copy.text_of for copy in copies} == {first.article_id}
    assert kinds(desk) == expected
    (article,) = desk.store.articles.by_url(C)
    assert article.story == first.article_id
    assert article.title == "Wire"


def test_copies_are_named_when_the_message_is_leased(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.later(minutes=5)
    desk.publish(C, FERRY, outlet="pier")
    (leased,) = desk.lease()
    assert leased.article["also_at"] == [
        {
            "outlet": "pier",
            "url": C,
            "seen_at": "2026-11-23T07:35:00+00:00",
            "lag": 300,
            "of": A,
            "coverage": 1.0,
            "coverage_of": 1.0,
            "cut": False,
            "extended": False,
            "credit": None,
        }
    ]


def test_short_texts_are_no_copies_of_each_other(desk: Newsdesk) -> None:
    outcomes = [desk.publish(url, "Watch the video.").outcome for url in (A, B)]
    assert outcomes == [Outcome.NEW, Outcome.NEW]
    assert [leased.article["also_at"] for leased in desk.lease()] == [[], []]


def test_a_copy_that_becomes_an_article_of_its_own_is_handed_on(
    desk: Newsdesk,
) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, FERRY)
    own = desk.publish(B, HARBOUR)
    assert (own.outcome, own.queued) == (Outcome.REVISION, True)
    assert kinds(desk) == [("new", "a"), ("new", "b")]
    (article,) = desk.store.articles.by_url(B)
    assert article.story == article.id


def test_a_copy_that_follows_its_original_stays_silent(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, FERRY)
    desk.publish(A, HARBOUR)
    followed = desk.publish(B, HARBOUR)
    assert followed.outcome is Outcome.DUPLICATE
    assert kinds(desk) == [("new", "a"), ("revision", "a")]


def test_an_article_that_takes_over_anothers_text_is_revised(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, HARBOUR)
    assert desk.publish(B, FERRY).outcome is Outcome.REVISION
    assert kinds(desk) == [("new", "a"), ("new", "b"), ("revision", "b")]


def test_two_urls_that_lead_to_one_article(desk: Newsdesk) -> None:
    first = desk.publish(A, FERRY, own_url=B)
    assert first.outcome is Outcome.NEW
    second = desk.publish(B, FERRY)
    assert (second.outcome, second.article_id) == (Outcome.DUPLICATE, first.article_id)
    assert desk.publish(B, FERRY).outcome is Outcome.UNCHANGED
    assert kinds(desk) == [("new", "b")]


def test_other_views_of_an_article_do_not_revise_it(desk: Newsdesk) -> None:
    desk.publish(B, FERRY)
    for text in (FERRY + " Print view.", FERRY[:400], "Menu. " + FERRY):
        view = desk.publish(A, text, own_url=B)
        assert (view.outcome, view.revision) == (Outcome.DUPLICATE, None)
    assert kinds(desk) == [("new", "b")]
    (story,) = (s for s in desk.store.articles.story(A) if s.url.url == A)
    assert story.url.detail == f"leads to ferry {B}"


def test_a_text_that_was_not_kept_makes_nobody_a_copy(desk: Newsdesk) -> None:
    desk.publish(B, FERRY)
    desk.publish(A, f"{FERRY} {HARBOUR} {HARBOUR}", own_url=B)
    assert desk.publish(C, HARBOUR, outlet="pier").outcome is Outcome.NEW


def test_articles_that_all_name_one_url_are_told_apart(desk: Newsdesk) -> None:
    section = "https://ferry.example/news"
    stored = [
        desk.publish(url, words(f"topic {url[-1]}"), own_url=section)
        for url in (A, B, C)
    ]
    assert [s.outcome for s in stored] == [Outcome.NEW] * 3
    urls = [m.article["url"] for m in desk.store.queue.export()]
    assert urls == [section, B, C]
    assert desk.publish(B, words("topic b"), own_url=section).queued is False


def test_an_article_only_ever_reached_by_another_url_is_revised(
    desk: Newsdesk,
) -> None:
    desk.publish(A, FERRY, own_url=B)
    assert desk.publish(A, FERRY + " More.", own_url=B).outcome is Outcome.REVISION
    assert desk.publish(A, HARBOUR, own_url=B).outcome is Outcome.REVISION
    assert kinds(desk) == [("new", "b"), ("revision", "b"), ("revision", "b")]


def test_the_same_url_in_two_outlets(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    assert desk.publish(A, HARBOUR, outlet="pier").outcome is Outcome.NEW
    assert len(desk.store.articles.by_url(A)) == 2


def test_a_submission_that_fails_leaves_nothing(
    desk: Newsdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.store.articles, "_settle", crash)
    with pytest.raises(ZeroDivisionError):
        desk.publish(A, FERRY)
    assert desk.store.articles.list() == ()
    assert list(desk.store.queue.export()) == []
    assert len(desk.store.frontier.waiting_pages(9)) == 1
    monkeypatch.undo()
    assert desk.publish(A, FERRY).outcome is Outcome.NEW


def test_where_a_url_stands_after_it_was_stored(desk: Newsdesk) -> None:
    desk.poll([entry(A)])
    desk.publish(A, FERRY, revisit_at=desk.now + 90 * MINUTE)
    (story,) = desk.store.articles.story(A)
    assert (story.url.state, story.url.outcome) == (State.DONE, Outcome.NEW)
    assert story.url.next_at == desk.now + 90 * MINUTE
    assert desk.due() == []
    desk.later(minutes=90)
    assert desk.due() == [A]


def test_rejected_pages(desk: Newsdesk) -> None:
    fetched = desk.fetch(A)
    page = desk.waiting(fetched.url_id)
    stored = desk.store.articles.reject(
        page,
        Outcome.THIN,
        "12 characters",
        reading=reading("Hardly any."),
        now=desk.now,
        next_at=desk.now + MINUTE,
    )
    assert (stored.outcome, stored.article_id) == (Outcome.THIN, None)
    (story,) = desk.store.articles.story(A)
    assert (story.url.state, story.url.outcome) == (State.DUE, Outcome.THIN)
    assert (story.url.attempts, story.url.failures) == (1, 1)
    assert story.rejection is not None
    assert story.rejection.text == "Hardly any."
    assert story.rejection.removed[0].reason is Reason.TEASER
    assert story.attempts[0].detail == "12 characters"
    assert list(desk.store.queue.export()) == []
    desk.later(minutes=1)
    assert desk.due() == [A]
    desk.publish(A, FERRY)
    (story,) = desk.store.articles.story(A)
    assert (story.rejection, story.url.failures) == (None, 0)


def test_a_rejected_page_keeps_the_article(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    fetched = desk.fetch(A)
    desk.store.articles.reject(
        desk.waiting(fetched.url_id), Outcome.WALL, "consent", now=desk.now
    )
    (story,) = desk.store.articles.story(A)
    assert story.article is not None
    assert (story.url.state, story.url.outcome) == (State.DONE, Outcome.WALL)
    assert desk.publish(A, FERRY).outcome is Outcome.UNCHANGED


def test_the_story_of_a_url(desk: Newsdesk) -> None:
    desk.poll([entry(A, title="From the feed")])
    desk.publish(A, FERRY)
    desk.later(minutes=40)
    desk.publish(A, HARBOUR)
    copied = desk.publish(C, HARBOUR, outlet="pier")
    (leased, _) = desk.lease()
    desk.store.queue.ack(leased.id, leased.token, desk.now)

    (story,) = desk.store.articles.story(A)
    assert story.source is not None
    assert story.source.kind == "feed"
    assert story.url.candidate.title == "From the feed"
    assert [a.outcome for a in story.attempts] == [Outcome.NEW, Outcome.REVISION]
    assert [(r.n, r.relation) for r in story.revisions] == [(1, "new"), (2, "revision")]
    assert [m.kind for m in story.messages] == ["new", "revision"]
    assert [m.deliveries[0].state for m in story.messages] == ["done", "leased"]
    assert [copy.outlet for copy in story.copies] == ["pier"]
    assert story.removed[0].text == "Read also"
    assert story.page is not None
    assert story.page.status == 200

    (other,) = desk.store.articles.story(C)
    assert other.url.detail == f"carries the text of ferry {A}"
    assert other.revisions[0].relation_of == A
    assert copied.text_of == story.article.id if story.article else None


def test_the_story_of_an_articles_own_url(desk: Newsdesk) -> None:
    desk.publish(A, FERRY, own_url=B)
    (story,) = desk.store.articles.story(B)
    assert story.url.url == A
    assert story.article is not None
    assert story.article.url == B
    assert desk.store.articles.story("https://ferry.example/nothing") == ()


def test_lists(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.later(minutes=1)
    desk.publish(B, HARBOUR, outlet="pier")
    desk.later(minutes=1)
    desk.publish(A, FERRY + " More.")
    articles = desk.store.articles

    def shown(**query: object) -> list[tuple[str, int]]:
        found = articles.list(**query)  # type: ignore[arg-type]
        return [(row.url[-1], row.revision) for row in found]

    assert shown() == [("a", 2), ("b", 1)]
    assert shown(outlet="pier") == [("b", 1)]
    assert shown(limit=1) == [("a", 2)]
    assert shown(since=desk.now) == [("a", 2)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\0 " + FERRY, id="NUL"),
        pytest.param("\u202e" + FERRY, id="right to left"),
        pytest.param(FERRY + " \ud83d", id="lone surrogate"),
        pytest.param("x" * 2_000_000, id="a very long line"),
        pytest.param("", id="nothing"),
    ],
)
def test_any_text_is_stored_and_handed_on(desk: Newsdesk, text: str) -> None:
    desk.publish(A, text, title=text[:50])
    (leased,) = desk.lease()
    expected = text.replace("\ud83d", "?")
    assert leased.article["text"] == expected
    assert json.dumps(leased.article).isascii()
    assert desk.store.articles.list()[0].text == expected
    assert desk.publish(A, text, title=text[:50]).outcome is Outcome.UNCHANGED
