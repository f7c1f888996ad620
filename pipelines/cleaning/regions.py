"""Which elements are what their markup says: related stories, captions, navigation.

A mark is only believed if it leaves the article standing. Words are believed or not
all over the page: a `paywall` on every paragraph, or a `sidebar-grid` around the
headline, is not what the word says.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import tags
from pipelines.cleaning.blocks import Node, Page
from pipelines.cleaning.marks import Mark
from pipelines.cleaning.weights import Weights

#: Marks that would take away more than this share of the page's running text are not
#: true: article bodies lie in `div.paywall`, `div.social-content`.
_BELIEVED_UP_TO: Final = 0.5
#: Marks for stories are believed of most of the text if this share of it is linked.
_LINKED: Final = 0.2
#: Marks that may hold most of a page's text: a thousand comments under a short article.
_FIRM: Final = frozenset((Reason.COMMENTS, Reason.RELATED, Reason.CONSENT))
_OTHER: Final = frozenset(Reason) - _FIRM
_CHROME_TAGS: Final = tags.CONTROLS | {"nav", "footer", "menu", "form", "dialog"}
_BY_TAG: Final = {
    **{tag: Mark(Reason.CHROME, tag, sure=True) for tag in _CHROME_TAGS},
    "amp-sidebar": Mark(Reason.CHROME, "amp-sidebar", sure=True),
    "aside": Mark(Reason.OTHER, "aside", sure=True),
    "details": Mark(Reason.OTHER, "details", sure=True),
    "figcaption": Mark(Reason.CAPTION, "figcaption", sure=True),
}
_FIGURE: Final = Mark(Reason.CAPTION, "figure", sure=True)
#: Tags that are what they say, however short the article beside them is.
_NEVER_TEXT: Final = frozenset(("nav", "footer"))
#: One or two elements to unfold are boxes.
_ROW: Final = 3
#: `paywall` on these marks what is behind the wall, not the offer before it.
_BEHIND_WALL: Final = tags.HEADINGS | {"p", "ol", "ul"}


def stated(node: Node) -> Mark | None:
    """What the element surely says it is, by its attributes or its tag."""
    if node.mark and node.mark.sure:
        walled = node.mark.reason is Reason.PAYWALL and node.tag in _BEHIND_WALL
        if not walled:
            return node.mark
    if node.tag == "button" and node.heading:
        return None  # it unfolds what is below the heading
    if node.tag == "figure":
        return _FIGURE if node.media > 0 else None
    return _BY_TAG.get(node.tag)


def find_regions(page: Page, weights: Weights, title: int | None) -> list[int]:
    """For each node the outermost believed marked node around it (or itself), or -1."""
    belief = _Belief(page, weights, title)
    region: list[int] = []
    for index, node in enumerate(page.nodes):
        outer = region[node.parent] if node.parent >= 0 else -1
        if node.kept or (outer >= 0 and _is_post(node)):
            outer = -1
        elif _operated(node) or (outer < 0 and belief.holds(node)):
            outer = index
        region.append(outer)
    return region


def _operated(node: Node) -> bool:
    return node.mark is not None and node.mark.reason is Reason.RULE


def _is_post(node: Node) -> bool:
    """A quoted post of a social network: text, though it lies in an embed box."""
    return node.tag == "blockquote" and "twitter-tweet" in node.element.get("class", "")


def _unfolds(page: Page) -> bool:
    """Whether a row of elements to unfold makes the text: questions and answers."""
    rows = Counter(node.parent for node in page.nodes if node.tag == "details")
    return max(rows.values(), default=0) >= _ROW


class _Belief:
    """Which of the page's marks are true, judged by how much they would take away."""

    def __init__(self, page: Page, weights: Weights, title: int | None) -> None:
        self._weights = weights
        self._title = -1 if title is None else title
        firm = self._held_by(page, _FIRM)
        below = weights.running[-1] - weights.running[max(0, self._title)]
        rest = max(1, below - self._put_aside(page))
        self._false = {
            word
            for word, held in self._held_by(page, _OTHER).items()
            if held > _BELIEVED_UP_TO * rest
        }
        self._false |= self._unlinked(page, firm)
        if _unfolds(page):
            self._false.add("details")

    def holds(self, node: Node) -> bool:
        """Whether `node` is what it says. What holds the headline never is; what
        stands above it always."""
        said = stated(node)
        if said is None or node.first <= self._title < node.last:
            return False
        if said.reason is Reason.RELATED and self._leads_nowhere(node):
            return False
        plain = node.last <= self._title or node.tag in _NEVER_TEXT
        return plain or said.word not in self._false

    def _leads_nowhere(self, node: Node) -> bool:
        """Whether running text without a link is said to be related stories."""
        return node.links == 0 and self._weights.words(node) > 0

    def _unlinked(self, page: Page, firm: dict[str, int]) -> set[str]:
        """Words for related stories on text in which hardly anything links."""
        most = _BELIEVED_UP_TO * self._weights.running[-1]
        large = {word for word, held in firm.items() if held > most}
        return {
            said.word
            for node in page.nodes
            if large and (said := stated(node)) and said.word in large
            if said.reason is Reason.RELATED
            if self._weights.link_share(node) < _LINKED
        }

    def _put_aside(self, page: Page) -> int:
        """The running text below the headline that is surely no part of the article,
        each block counted once."""
        total = until = 0
        for node in page.nodes:
            said = stated(node) if node.first >= max(until, self._title + 1) else None
            if said and (said.reason in _FIRM or node.tag in _NEVER_TEXT):
                until = node.last
                total += self._weights.words(node)
        return total

    def _held_by(self, page: Page, reasons: frozenset[Reason]) -> dict[str, int]:
        """The running text under each word for `reasons`, outermost nodes only, below
        the headline."""
        held: dict[str, int] = {}
        until: dict[str, int] = {}
        for node in page.nodes:
            said = stated(node)
            if said is None or said.reason not in reasons or node.first <= self._title:
                continue
            if node.first >= until.get(said.word, 0):
                until[said.word] = node.last
                held[said.word] = held.get(said.word, 0) + self._weights.words(node)
        return held
