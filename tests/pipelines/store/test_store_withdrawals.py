"""A page that is gone for good withdraws its article: once, and not for one 404."""

from __future__ import annotations

import pytest
from newsdesk import Newsdesk, words

from pipelines.outcome import Outcome
from pipelines.store.deliveries import Exported

A, B = (f"https://ferry.example/{name}" for name in "ab")
FERRY = words("ferry")


def exported(desk: Newsdesk) -> list[Exported]:
    return list(desk.store.queue.export())


def kinds(desk: Newsdesk) -> list[str]:
    return [message.kind for message in exported(desk)]


def visit(desk: Newsdesk, url: str, *outcomes: Outcome, apart: float = 2.5) -> None:
    """Visits without a page, so many hours apart."""
    for outcome in outcomes:
        url_id = desk.store.frontier.add_url("ferry", url, "ferry.example", desk.now)
        desk.fail(url_id, outcome)
        desk.later(hours=apart)


GONE, FAILED = Outcome.GONE, Outcome.FAILED


@pytest.mark.parametrize(
    ("outcomes", "apart", "withdrawn"),
    [
        pytest.param([GONE], 9, False, id="once"),
        pytest.param([GONE, GONE], 2.5, True, id="twice"),
        pytest.param([GONE, GONE], 1, False, id="twice within an hour"),
        pytest.param([GONE, GONE, GONE], 1, True, id="three times in two hours"),
        pytest.param([GONE, FAILED, GONE], 2, True, id="a failure between"),
        pytest.param([FAILED, FAILED], 9, False, id="failures alone"),
        pytest.param([GONE, Outcome.THIN, GONE], 9, False, id="a page between"),
        pytest.param([GONE] * 9, 9, True, id="only once"),
    ],
)
def test_when_an_article_is_withdrawn(
    desk: Newsdesk, outcomes: list[Outcome], apart: float, withdrawn: bool
) -> None:
    stored = desk.publish(A, FERRY)
    visit(desk, A, *outcomes, apart=apart)
    assert kinds(desk) == ["new", *["withdrawal"] * withdrawn]
    if withdrawn:
        last = exported(desk)[-1]
        assert last.supersedes == stored.msg_id
        assert last.article["url"] == A
        assert (last.article["text"], last.article["revision"]) == ("", 1)
        assert last.article["title"] == "Ferry runs again"


def test_a_page_that_was_never_a_text(desk: Newsdesk) -> None:
    visit(desk, A, GONE, GONE)
    assert exported(desk) == []


def test_a_text_that_was_never_queued(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, FERRY, outlet="ferry")  # a copy
    visit(desk, B, GONE, GONE)
    assert kinds(desk) == ["new"]


def test_a_view_of_an_article_is_not_the_article(desk: Newsdesk) -> None:
    desk.publish(A, FERRY)
    desk.publish(B, FERRY, own_url=A)  # the print view
    visit(desk, B, GONE, GONE)
    assert kinds(desk) == ["new"]


def test_an_article_that_is_reached_by_another_url(desk: Newsdesk) -> None:
    desk.publish(B, FERRY, own_url=A)
    visit(desk, B, GONE, GONE)
    assert kinds(desk) == ["new", "withdrawal"]


@pytest.mark.parametrize(
    "text", [pytest.param(FERRY, id="same text"), pytest.param("New " * 30, id="other")]
)
def test_a_page_that_is_back_is_news(desk: Newsdesk, text: str) -> None:
    desk.publish(A, FERRY)
    visit(desk, A, GONE, GONE)
    desk.publish(A, text)
    messages = exported(desk)
    assert [m.kind for m in messages] == ["new", "withdrawal", "revision"]
    assert messages[-1].supersedes == messages[1].id
    assert str(messages[-1].article["text"]) == text
    desk.publish(A, text)
    assert len(exported(desk)) == 3
    visit(desk, A, GONE, GONE)
    assert len({m.id for m in exported(desk)}) == len(exported(desk)) == 4


def test_a_withdrawal_goes_where_the_article_went(desk: Newsdesk) -> None:
    from pipelines.store import SubscriptionSpec

    desk.publish(A, FERRY)
    desk.store.queue.sync_subscriptions([SubscriptionSpec("late")], desk.now)
    visit(desk, A, GONE, GONE)
    assert kinds(desk) == ["new", "withdrawal"]
    assert list(desk.store.queue.export(0, "late")) == []


def test_the_id_is_the_same_after_a_restore(desk: Newsdesk) -> None:
    ids = []
    backup = desk.store.path.with_name("backup.db")
    desk.publish(A, FERRY)
    desk.store.backup(backup)
    from pipelines.store import Store

    with Store.open(backup) as restored:
        for each in (desk, Newsdesk(restored, desk.now)):
            visit(each, A, GONE, GONE)
            ids.append([message.id for message in exported(each)])
    assert ids[0] == ids[1]
