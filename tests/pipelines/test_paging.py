"""Where an article goes on: page 2 of this one, and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.document import parse
from pipelines.paging import Onward, Step, may_go_on, number_of, onward

STORY = "https://news.example/2026/11/old-harbour"
HTML = "https://news.example/world/old-harbour-123.html"
QUERY = "https://news.example/story.php?id=77"


def look(markup: str, url: str = STORY, counted: int = 1) -> Onward:
    page = f"<html><body><p>Text.</p>{markup}</body></html>".encode()
    document = parse(page, "text/html; charset=utf-8", url)
    found = onward(document, STORY if counted > 1 else url, counted)
    if counted == 1 and found != Onward():
        assert may_go_on(page, url)  # the quick look never misses what is there
    return found


@pytest.mark.parametrize(
    ("url", "link", "counted"),
    [
        pytest.param(STORY, f"{STORY}?page=2", 2, id="a parameter"),
        pytest.param(STORY, "?page=2", 2, id="a parameter alone"),
        pytest.param(STORY, f"{STORY}/2", 2, id="a path"),
        pytest.param(f"{STORY}/", f"{STORY}/2/", 2, id="WordPress"),
        pytest.param(f"{STORY}/", "2/", 2, id="relative"),
        pytest.param(STORY, f"{STORY}/seite-2", 2, id="a word in the path"),
        pytest.param(STORY, f"{STORY}/page/2/", 2, id="a word for itself"),
        pytest.param(HTML, HTML.replace(".html", "-2.html"), 2, id="before the end"),
        pytest.param(HTML, HTML.replace(".html", "_2.html"), 2, id="an underscore"),
        pytest.param(HTML, HTML.replace(".html", ",2.html"), 2, id="a comma"),
        pytest.param(HTML, f"{HTML}?pagina=2", 2, id="behind the end"),
        pytest.param(QUERY, "/story.php?id=77&amp;p=2", 2, id="a second parameter"),
        pytest.param(HTML, HTML.replace(".html", "_1.html"), 1, id="from nought"),
    ],
)
def test_the_next_page_is_the_own_url_with_a_count(
    url: str, link: str, counted: int
) -> None:
    following = look(f"<a rel=next href='{link}'>…</a>", url).following
    assert following is not None
    assert following.counted == counted


@pytest.mark.parametrize(
    "label",
    [
        *("2", "Page 2", "Seite 2: The mayor speaks", "٢", "२", "２", "ページ 2"),
        *("Next", "Weiter", "Page suivante", "Siguiente", "下一页", "次へ", "다음"),
        *("التالي", "अगला", "ถัดไป", "Далее", "Sonraki sayfa", "Następna", "→", "»"),
        *("Trang sau", "Ukurasa unaofuata", "Επόμενη σελίδα"),
    ],
)
def test_a_label_says_so_in_any_language(label: str) -> None:
    found = look(f"<a href='{STORY}?page=2'>{label}</a>")
    assert found.following == Step(f"{STORY}?page=2", 2)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            "<link rel=next href='https://news.example/2026/11/new-bridge'>",
            id="the next article",
        ),
        pytest.param(f"<a rel=next href='{STORY}?page=3'>3</a>", id="page 3"),
        pytest.param(f"<a href='{STORY}?page=2'>Share this</a>", id="no such label"),
        pytest.param(f"<a href='{STORY}/comment-page-2'>2</a>", id="comments"),
        pytest.param(f"<a href='{STORY}?foto=2'>2</a>", id="pictures"),
        pytest.param(f"<a href='{STORY}-and-new-bridge-2'>2</a>", id="a longer name"),
        pytest.param(f"<a href='{STORY}-bridge-2'>2</a>", id="still longer"),
        pytest.param("<a href='https://other.example/2026/11/old-harbour/2'>2</a>",
                     id="another host"),
        pytest.param("<a href='/2026/11/?page=2'>2</a>", id="the list around it"),
        pytest.param("<a href='#2'>2</a><a href='javascript:page(2)'>2</a>", id="here"),
        pytest.param(f"<a href='{STORY}'>2</a>", id="itself"),
        pytest.param("<a href='http://[bad/2'>2</a>", id="no URL"),
    ],
)  # fmt: skip
def test_other_links_lead_elsewhere(markup: str) -> None:
    assert look(markup) == Onward()


def test_further_pages_are_counted_on() -> None:
    pager = "".join(f"<a href='{STORY}?page={n}'>{n}</a>" for n in range(1, 9))
    found = look(pager, f"{STORY}?page=4", counted=4)
    assert found.following == Step(f"{STORY}?page=5", 5)
    assert look(pager, f"{STORY}?page=8", counted=8).following is None


@pytest.mark.parametrize(
    ("label", "link"),
    [
        ("View as one page", "?page=all"),
        ("Single page", "?singlepage=true"),
        ("Auf einer Seite lesen", f"{STORY}/komplettansicht"),
        ("Leer en una sola página", "?view=all"),
        ("На одной странице", f"{STORY}/all"),
        ("阅读全文", "?all=1"),
        ("1ページで表示", "?page=full"),
        ("Tek sayfada göster", "?tek=1"),
        ("Baca semua halaman", "?page=all"),
        ("عرض في صفحة واحدة", "?all=true"),
        ("一つ", "?page=all"),  # says nothing of the kind
    ],
)
def test_a_page_that_shows_everything(label: str, link: str) -> None:
    found = look(f"<a href='{link}'>{label}</a>")
    assert (found.whole is None) is (label == "一つ")


def test_a_page_without_pager_is_not_parsed_for_one() -> None:
    links = f"<link rel=canonical href='{STORY}'><a href='{STORY}#top'>2</a>" + "".join(
        f"<a href='/2026/11/story-{n}'>{n}</a>" for n in range(50)
    )
    share = f"<a href='https://share.example/?u={STORY}&amp;v=2'>Share</a>"
    assert not may_go_on((links + share).encode(), STORY)


@pytest.mark.parametrize(
    ("mark", "number"),
    [("?page=2", 2), ("/12/", 12), ("_3", 3), ("/s2", 2), ("?reply=2", None),
     ("/2026", None), ("/2nd", None), ("", None)],
)  # fmt: skip
def test_what_counts(mark: str, number: int | None) -> None:
    assert number_of(mark) == number


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_page_is_too_strange(body: bytes, tail: str) -> None:
    url = f"https://news.example/{tail}"
    may_go_on(b'<a href="' + body, url)
    look(f"<a rel=next href='{tail}'>2</a>")
