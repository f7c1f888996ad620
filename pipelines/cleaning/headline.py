"""Which block of a page is the article's headline."""

from __future__ import annotations

from collections import Counter
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning.blocks import Page
from pipelines.cleaning.regions import stated
from pipelines.cleaning.wording import alike, words

#: Texts that are alike to this degree are the same headline.
SAME: Final = 0.7
_PERHAPS: Final = 0.4
#: Without a heading's tag a text has to be longer than a label and quite the same.
_SURE: Final = 0.9
_PLAIN_LETTERS: Final = 300
#: A kicker or a cut makes one of two headlines no longer than this many times.
_LONGER: Final = 1.7
#: An h1 is the headline even if an h2 is nearer to one of the declared titles.
_FIRST_RANK: Final = 0.3
#: How many elements up a heading is asked for navigation around it.
_NEAR: Final = 5
_NAVIGATION: Final = frozenset(
    (
        "nav",
        "navi",
        "navigation",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "footer",
        "hidden",
    )
)
#: A page with more headings than this is no article whose headline comes later.
_MOST_HEADINGS: Final = 500


def find_headline(page: Page, titles: tuple[str, ...]) -> int | None:
    """The block that is most like one of `titles`, by preference an h1; else the first
    h1; None if there is neither."""
    best, found, first = 0.0, None, None
    for at in _headings(page):
        block = page.blocks[at]
        top = page.nodes[block.node].rank == "h1"
        if top and first is None:
            first = at
        score = max((same_title(block.text, title) for title in titles), default=0.0)
        score += _FIRST_RANK if top and score >= SAME else 0
        if score > best:
            best, found = score, at
    if best >= SAME or first is None:
        return found if best >= SAME else _plain(page, titles)
    return first


def _plain(page: Page, titles: tuple[str, ...]) -> int | None:
    """The block that is one of `titles` on pages whose headline is only large type."""
    for at, block in enumerate(page.blocks[:_MOST_HEADINGS]):
        if len(block.text) > _PLAIN_LETTERS or block.link_share > _PERHAPS:
            continue
        if any(alike(block.text, title) >= _SURE for title in titles):
            return at
    return None


def _headings(page: Page) -> list[int]:
    """The first headings of the page that do not stand in its navigation."""
    found = [at for at, b in enumerate(page.blocks) if page.nodes[b.node].heading]
    near = found[:_MOST_HEADINGS]
    return [at for at in near if not _in_navigation(page, page.blocks[at].node)]


def _in_navigation(page: Page, index: int) -> bool:
    for _ in range(_NEAR):
        if index < 0:
            break
        said = stated(page.nodes[index])
        if said and said.reason is Reason.CHROME and said.word in _NAVIGATION:
            return True
        index = page.nodes[index].parent
    return False


def same_title(text: str, title: str) -> float:
    """How surely `text` is the headline `title`, or it with a kicker or cut short."""
    score = alike(text, title)
    if not SAME > score > _PERHAPS:
        return score
    inner, outer = sorted((words(text), words(title)), key=len)
    missing = Counter(inner) - Counter(outer)
    near = len(outer) <= _LONGER * len(inner)
    if near and len(inner) >= 4 and len(missing) <= len(inner) // 8:
        return SAME
    return score
