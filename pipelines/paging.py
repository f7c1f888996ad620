"""Where an article that is split over several pages goes on. Pure.

That a link leads to page 2 of *this* article, not to the next article, the next page
of a list or the comments, is read from its URL: it is the page's own with a little
put in that counts ("?page=2", "/2/", "-2.html"), whatever the language. Its words
or `rel=next` must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines import urls
from pipelines.document import Document

#: More links of a page are not looked at.
_MOST_LINKS: Final = 3_000
#: What is put into a URL to count pages is no longer than this.
_LONGEST_MARK: Final = 24
#: A link's words are a number or a few words.
_LABEL: Final = 40

#: What counts: the number alone, or behind a word of any kind in a part of its own,
#: or behind one of these few after a hyphen, where other words go on with a title.
_COUNT: Final = re.compile(
    r"(?:[/?&;,._~-]{1,2}|[/?&;,]{1,2}(?P<word>[a-z][a-z_-]{0,14}[=/_,.-]?)|"
    r"[._~-](?:page|seite|pagina|pag|pg|p|s|part|teil|strana|strona|side|sida)"
    r"[=_,.-]?)(?P<number>\d{1,2})/?"
)
#: What asks for everything at once.
_ALL: Final = re.compile(
    r"[/?&;,._~-]{0,2}(?:[a-z_-]{1,14}=)?"
    r"(?:all|alle|alles|single|singlepage|single-page|onepage|one-page|full|complete|"
    r"komplett|komplettansicht|tout|todo|todas?|tutto|viewall|view-all|showall|"
    r"show-all|seite-alle|print|1|true|yes)?(?:page)?/?",
    re.IGNORECASE,
)
#: Numbers behind these words count something else.
_OTHER: Final = re.compile(
    r"comment|reply|cpage|kommentar|review|foto|photo|image|bild"
)

#: What leads on, in words; folded to lower case.
_NEXT: Final = re.compile(
    r"\b(?:next|next page|continue|page suivante|suivante?|weiter|nächste seite|"
    r"siguiente|página siguiente|próxima|próxima página|seguinte|avanti|successiva|"
    r"pagina successiva|volgende|volgende pagina|nästa|nästa sida|neste|næste|"
    r"seuraava|następna|następna strona|dalej|další|ďalšia|következő|tovább|"
    r"următoarea|sljedeća|следеће|sonraki|sonraki sayfa|далее|дальше|следующая|"
    r"наступна|далі|следваща|επόμενη|επόμενη σελίδα|berikutnya|selanjutnya|"
    r"trang sau|tiếp theo|ukurasa unaofuata)\b|"
    r"次へ|次のページ|下一页|下一頁|다음|التالي|الصفحة التالية|صفحه بعد|הבא|"
    r"अगला|अगले पेज|পরবর্তী|ถัดไป|หน้าถัดไป|[»›→>]\s*$"
)
#: What shows the article on one page, in words.
_WHOLE: Final = re.compile(
    r"\b(?:view all|view as (?:one|a single) page|(?:on|as) (?:one|a single) page|"
    r"single[- ]page|one[- ]page|all pages|show all pages|auf einer seite|"
    r"alles auf einer seite|komplettansicht|ganzen artikel|sur une (?:seule )?page|"
    r"une seule page|en una (?:sola )?página|una sola página|"
    r"numa (?:só |única )?página|"
    r"em uma (?:só |única )?página|página única|in un'unica pagina|"
    r"su una (?:sola )?pagina|op (?:één|1) pagina|på en sida|på én side|på en side|"
    r"yhdellä sivulla|na jednej stronie|na jedné stránce|na jednej strane|egy oldalon|"
    r"pe o singură pagină|na jednoj stranici|tek sayfa(?:da)?|на одной странице|"
    r"на одній сторінці|на една страница|σε μία σελίδα|dalam satu halaman|"
    r"satu halaman|semua halaman|trên một trang)\b|"
    r"1ページで|全ページ|全文|一页|单页|單頁|한 페이지|في صفحة واحدة|در یک صفحه|"
    r"בעמוד אחד|एक पेज|एक पृष्ठ|ในหน้าเดียว|หน้าเดียว"
)

_HREF: Final = re.compile(rb"""href\s*=\s*["']?([^"'\s>]{1,600})""", re.IGNORECASE)
#: Relative links this short can be a number alone.
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Step:
    """The next page: its absolute URL, and the number that this counts."""

    url: str
    counted: int


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a page says that its article goes on; `whole` shows it all on one page."""

    following: Step | None = None
    whole: str | None = None


def may_go_on(body: bytes, url: str) -> bool:
    """Whether the page can be the first of several; a look at its bytes.

    Quick to say no: only pages that link to their own URL with a count in it are
    parsed for where they go on.
    """
    page, needle = _Address.of(url), _needle(url)
    for found in islice(_HREF.finditer(body), _MOST_LINKS):
        relative = len(found[1]) <= _SHORT or found[1].startswith(b"?")
        if not relative and needle not in found[1]:
            continue
        link = unescape(found[1].decode("utf-8", "replace"))
        try:
            mark = page.mark(urljoin(url, link))
        except ValueError:
            continue
        if mark and (number_of(mark) in (1, 2) or _ALL.fullmatch(mark)):
            return True
    return False


def _needle(url: str) -> bytes:
    """What the addresses of all pages of an article have in common."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return (parts.query.partition("&")[0] or last.partition(".")[0]).encode()


def onward(document: Document, first: str, counted: int = 1) -> Onward:
    """Where the article on `document` goes on; nothing, for most pages.

    `first` is the URL of its first page, `counted` the number that the URL of this
    one counts, 1 for the first.
    """
    page = _Address.of(first)
    following = whole = None
    for element, url in islice(_links(document), _MOST_LINKS):
        mark = page.mark(url)
        if mark is None:
            continue
        if following is None and _leads_on(element, mark, counted):
            following = Step(url, number_of(mark) or 0)
        elif whole is None and counted == 1 and _is_whole(element, mark):
            whole = url
    return Onward(following, whole)


@dataclass(frozen=True, slots=True)
class _Address:
    """A page's URL around the place where others put a count into it."""

    whole: str
    stem: str
    tail: str

    @classmethod
    def of(cls, url: str) -> _Address:
        """The address of the first page."""
        whole = _plain(url)
        path, question, query = whole.partition("?")
        before, dot, ending = path.rpartition(".")
        if dot and "/" in before and "/" not in ending:
            return cls(whole, before, f".{ending}{question}{query}")
        return cls(whole, path.rstrip("/"), f"{question}{query}")

    def mark(self, url: str) -> str | None:
        """What `url` has put into this page's own; None if it is another page's."""
        other = _plain(url)
        if other == self.whole or not other.startswith(self.stem):
            return None
        rest = other[len(self.stem) :]
        if self.tail and rest.endswith(self.tail):
            rest = rest.removesuffix(self.tail)
        elif rest.startswith(self.tail):
            rest = rest.removeprefix(self.tail)
        else:
            return None
        return rest if 0 < len(rest.strip("/")) <= _LONGEST_MARK else None


def number_of(mark: str) -> int | None:
    """The page that `mark` counts; None if it counts nothing, or something else."""
    found = _COUNT.fullmatch(mark.lower())
    if found is None or _OTHER.search(found["word"] or ""):
        return None
    return int(found["number"])


def _leads_on(element: HtmlElement, mark: str, counted: int) -> bool:
    number = number_of(mark)
    said = _said(element)
    if number == counted + 1:
        return (
            _is_next(element)
            or _says(said, number)
            or _says(said, number + 1)
            or _NEXT.search(said) is not None
        )
    # Some count from nought: the second page is "_1".
    if number == counted == 1:
        return _is_next(element) or _says(said, 2)
    return False


def _is_next(element: HtmlElement) -> bool:
    return "next" in (element.get("rel") or "").lower().split()


def _says(said: str, number: int) -> bool:
    """Whether a label is the number, in whatever digits, with few words around."""
    digits = re.findall(r"\d+", said)
    return len(said) <= _LABEL and len(digits) == 1 and int(digits[0]) == number


def _is_whole(element: HtmlElement, mark: str) -> bool:
    if _ALL.fullmatch(mark) is None:
        return False
    said = _said(element)
    return len(said) <= _LABEL and _WHOLE.search(said) is not None


def _said(element: HtmlElement) -> str:
    """The words of a link, or what it is said to be."""
    words = " ".join(element.text_content().split()) if element.tag == "a" else ""
    return (words or element.get("aria-label") or element.get("title") or "").lower()


def _links(document: Document) -> Iterator[tuple[HtmlElement, str]]:
    """The page's links to its own host, those of its head first."""
    own = document.url or ""
    base = next((e.get("href") for e in document.tree.iter("base")), None)
    start = _joined(own, base or "") or own
    for element in document.tree.iter("link", "a"):
        href = (element.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        url = _joined(start, href)
        if url is not None and urls.host(url) == urls.host(own):
            yield element, url


def _joined(start: str, href: str) -> str | None:
    try:
        return urls.absolute(href, start)
    except urls.UrlError:
        return None


def _plain(url: str) -> str:
    """A URL as it is compared: escapes resolved, no scheme, no fragment."""
    return unquote(url.partition("#")[0].partition("://")[2])
