"""Raw pages: in weekly files, once each, durable before they are referred to."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import NOW, Newsdesk, words

from pipelines.store import PageMissing, Store, StoreError
from pipelines.store.driver import sqlite3
from pipelines.store.pages import Pages, file_name


@pytest.mark.parametrize(
    ("days", "name"),
    [
        pytest.param(0, "pages-202648.db", id="Monday"),
        pytest.param(6, "pages-202648.db", id="Sunday"),
        pytest.param(7, "pages-202649.db", id="next Monday"),
        pytest.param(38, "pages-202653.db", id="31 December"),
        pytest.param(40, "pages-202653.db", id="2 January is in the old ISO year"),
    ],
)
def test_file_names(days: int, name: str) -> None:
    assert file_name(NOW + timedelta(days=days)) == name


def bodies(directory: Path, name: str) -> int:
    connection = sqlite3.connect(directory / name)
    (count,) = connection.execute("SELECT count(*) FROM body").fetchone()
    connection.close()
    return int(count)


def test_a_body_comes_back_and_is_kept_once(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    kept = [pages.put(body, NOW) for body in (b"one" * 999, b"", b"one" * 999)]
    pages.commit()
    assert [pages.get(k.file, k.key) for k in kept] == [b"one" * 999, b"", b"one" * 999]
    assert [k.size for k in kept] == [2997, 0, 2997]
    assert bodies(tmp_path, kept[0].file) == 2
    pages.close()


def test_each_week_has_its_file(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    first = pages.put(b"a", NOW)
    second = pages.put(b"b", NOW + timedelta(days=7))  # commits the week before
    pages.commit()
    assert [path.name for path in pages.files()] == [first.file, second.file]
    assert pages.get(first.file, first.key) == b"a"
    assert pages.get(second.file, second.key) == b"b"
    pages.close()


def test_old_weeks_are_deleted(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    kept = [pages.put(b"x", NOW + timedelta(weeks=n)) for n in range(4)]
    pages.commit()
    assert pages.remove_older(NOW + timedelta(weeks=2)) == 2
    assert [path.name for path in pages.files()] == [k.file for k in kept[2:]]
    with pytest.raises(PageMissing, match="no longer kept"):
        pages.get(kept[0].file, kept[0].key)
    assert pages.get(kept[3].file, kept[3].key) == b"x"
    pages.close()


def test_weeks_with_waiting_pages_are_not_deleted(desk: Newsdesk) -> None:
    fetched = desk.fetch("https://ferry.example/a")
    desk.later(weeks=1)
    desk.publish("https://ferry.example/b", words("harbour"))
    store = desk.store
    assert store.prune_pages(NOW + timedelta(weeks=5)) == 1
    (page,) = store.frontier.waiting_pages(9)
    assert store.frontier.page_body(page.page_id) == fetched.body


def test_a_body_that_is_not_there(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    kept = pages.put(b"x", NOW)
    pages.commit()
    with pytest.raises(PageMissing):
        pages.get(kept.file, b"?" * 16)
    pages.close()


def test_a_page_is_readable_by_others_once_it_is_recorded(
    desk: Newsdesk, path: Path
) -> None:
    fetched = desk.fetch("https://ferry.example/a", body=b"<p>A</p>" * 100)
    with Store.open(path) as other:
        (page,) = other.frontier.waiting_pages(9)
        assert other.frontier.page_body(page.page_id) == fetched.body
        assert other.frontier.page_headers(page.page_id) == {"Server": "x"}


def test_a_body_goes_with_its_transaction(desk: Newsdesk, path: Path) -> None:
    def fetch_and_fail() -> None:
        with desk.store.write():
            desk.fetch("https://ferry.example/a", body=b"never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fetch_and_fail()
    assert desk.store.frontier.waiting_pages(9) == []
    assert bodies(path.parent, file_name(NOW)) == 0
    desk.fetch("https://ferry.example/a", body=b"again")
    assert bodies(path.parent, file_name(NOW)) == 1


def test_no_page_is_recorded_whose_body_sqlite_gave_up(desk: Newsdesk) -> None:
    pages = desk.store.pages

    def lose_bodies() -> None:
        with desk.store.write():
            desk.fetch("https://ferry.example/a")
            assert pages._writing is not None
            pages._writing[1].db.conn.execute("ROLLBACK")  # as on a full disk

    for lose in (lose_bodies, lose_bodies):
        with pytest.raises(StoreError, match="gave up pages"):
            lose()
    assert desk.store.frontier.waiting_pages(9) == []
    desk.fetch("https://ferry.example/a")
    (page,) = desk.store.frontier.waiting_pages(9)
    assert desk.store.frontier.page_body(page.page_id) == b"<p>page</p>"


def test_a_full_page_file_loses_no_body_that_is_referred_to(desk: Newsdesk) -> None:
    desk.fetch("https://ferry.example/a")
    pages = desk.store.pages
    assert pages._writing is not None
    limited = pages._writing[1]
    used = limited.value("PRAGMA page_count")
    limited.rows(f"PRAGMA max_page_count = {used + 4}")

    def fetch_two() -> None:
        with desk.store.write():
            desk.fetch("https://ferry.example/b", body=b"small")
            with pytest.raises(StoreError, match="full"):
                desk.fetch("https://ferry.example/c", body=random.randbytes(100_000))  # noqa: S311

    with pytest.raises(StoreError, match="gave up pages"):  # b's went with c's
        fetch_two()
    (page,) = desk.store.frontier.waiting_pages(9)
    assert desk.store.frontier.page_body(page.page_id) == b"<p>page</p>"
    desk.fetch("https://ferry.example/b", body=b"small")
    assert len(desk.store.frontier.waiting_pages(9)) == 2


def test_a_page_whose_file_is_gone_is_fetched_again(desk: Newsdesk, path: Path) -> None:
    fetched = desk.fetch("https://ferry.example/a")
    (page,) = desk.store.frontier.waiting_pages(9)
    desk.store.pages.remove_older(NOW + timedelta(days=30))
    with pytest.raises(PageMissing):
        desk.store.frontier.page_body(page.page_id)
    desk.store.frontier.fetch_again(fetched.url_id, desk.now)
    assert desk.due() == ["https://ferry.example/a"]
    assert desk.store.frontier.waiting_pages(9) == []
