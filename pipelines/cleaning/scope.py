"""Where on the page the article is: the container of its text, the headline, regions.

The container is the deepest element that holds most of the page's running text;
elements whose markup says that they are something else do not count, unless they
hold so much of it that the markup cannot be true.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import vocabulary
from pipelines.cleaning.blocks import HEADINGS, Block, Node, Page
from pipelines.cleaning.marks import Mark
from pipelines.cleaning.wording import alike, ends_sentence, length, words

#: Marks that would take away more than this share of the page's running text are not
#: true: article bodies lie in `div.paywall`, `div.social-content`.
_BELIEVED_UP_TO: Final = 0.5
#: One child with this share of the running text is where the article is.
_MOST: Final = 0.7
_RUNNING_WORDS: Final = 10
#: The text below the headline weighs so many times that above it, or it is no headline.
_BELOW: Final = 0.25
_ARTICLE_WORDS: Final = 40
_ARTICLE_SHARE: Final = 0.2
#: A child of the container with this share of its largest child's text is body, too.
_PART: Final = 0.3
_LABEL_LETTERS: Final = 40
_ANNOUNCEMENTS: Final = frozenset(vocabulary.ANNOUNCEMENTS.split("|"))
#: Teasers under one label hold no more running words than this.
_TEASED: Final = 200
_CARD_BLOCKS: Final = 6
_CARD_LETTERS: Final = 500
_LEAVES: Final = frozenset(
    ["p", "li", "td", "blockquote", "ul", "ol", "dl", "table", "pre", "tr"]
)
_BEHIND_WALL: Final = HEADINGS | {"p", "ol", "ul"}
SAME_TITLE: Final = 0.7
#: How many elements up a heading is asked for navigation around it.
_NEAR: Final = 5
_NAVIGATION: Final = frozenset(
    [
        "nav",
        "navi",
        "navigation",
        "breadcrumb",
        "breadcrumbs",
        "menu",
        "footer",
        "hidden",
    ]
)
#: An h1 is the headline even if an h2 is nearer to one of the declared titles.
_FIRST_RANK: Final = 0.3
_STRUCTURE: Final = {
    "nav": Mark(Reason.CHROME, "nav", sure=True),
    "footer": Mark(Reason.CHROME, "footer", sure=True),
    "menu": Mark(Reason.CHROME, "menu", sure=True),
    "aside": Mark(Reason.OTHER, "aside", sure=True),
    "button": Mark(Reason.CHROME, "button", sure=True),
    "select": Mark(Reason.CHROME, "select", sure=True),
    "textarea": Mark(Reason.CHROME, "textarea", sure=True),
    "label": Mark(Reason.CHROME, "label", sure=True),
    "form": Mark(Reason.CHROME, "form", sure=True),
    "figcaption": Mark(Reason.CAPTION, "figcaption", sure=True),
    "details": Mark(Reason.OTHER, "details", sure=True),
    "dialog": Mark(Reason.CHROME, "dialog", sure=True),
    "amp-sidebar": Mark(Reason.CHROME, "amp-sidebar", sure=True),
}
#: Marks that may hold most of a page's text: a thousand comments under a short article.
_FIRM: Final = frozenset((Reason.COMMENTS, Reason.RELATED, Reason.CONSENT))
_FIGURE: Final = Mark(Reason.CAPTION, "figure", sure=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """Blocks `first` up to `last` lie in the container; `title` is the headline's
    block. `region` names for each node the outermost marked element it lies in, `cards`
    the card; -1 for none. The article's element ends before block `end`."""

    container: int
    first: int
    last: int
    title: int | None
    region: list[int]
    cards: list[int]
    end: int


def find_scope(page: Page, titles: tuple[str, ...]) -> Scope:
    """The article's place on `page`; `titles` are what the page calls it."""
    title = _title(page, titles)
    cards = find_cards(page, title)
    weights = [
        0 if cards[block.node] >= 0 else _weight(block, page.nodes)
        for block in page.blocks
    ]
    region = _regions(page, [0, *accumulate(weights)], title)
    live = [
        0 if region[block.node] >= 0 else weight
        for block, weight in zip(page.blocks, weights, strict=True)
    ]
    mass = [0, *accumulate(live)]
    children = _children(page)
    root = _article(page, mass, title)
    container = _descend(page, mass, children, root)
    if title is None:
        title = _heading_above(page, container, region)
    first, last = _trimmed(page, mass, children, container)
    if title is not None and _headlined(mass, first, last, title):
        first = title + 1
    return Scope(container, first, last, title, region, cards, page.nodes[root].last)


def _heading_above(page: Page, container: int, region: list[int]) -> int | None:
    """The first heading of the article element around `container`, before its text."""
    first, index = page.nodes[container].first, container
    while index > 0 and not _is_article(page.nodes[index]):
        index = page.nodes[index].parent
    for at in range(page.nodes[index].first, first):
        block = page.blocks[at]
        plain = region[block.node] < 0 and block.link_share < 0.5
        if plain and page.nodes[block.node].heading and len(words(block.text)) > 2:
            return at
    return None


def _headlined(mass: list[int], first: int, last: int, title: int) -> bool:
    """Whether the headline stands in the container, with enough text below it."""
    below = mass[last] - mass[title]
    return first <= title < last and below > _BELOW * (mass[title] - mass[first])


def stated(node: Node) -> Mark | None:
    """What the element says it is, by its tag or its attributes, if that is sure."""
    by_tag = _STRUCTURE.get(node.tag)
    if by_tag is None and node.tag == "figure" and node.media > 0:
        by_tag = _FIGURE
    if node.mark and node.mark.sure:
        if node.tag in _BEHIND_WALL and node.mark.reason is Reason.PAYWALL:
            return by_tag  # marks what is behind the wall, not the offer
        return node.mark
    return by_tag


def _weight(block: Block, nodes: list[Node]) -> int:
    """The words of running text in a block; none for links, labels and headings."""
    if len(block.text) < 15 or nodes[block.node].heading:
        return 0
    words = length(block.text)
    if words < _RUNNING_WORDS and not (words > 4 and ends_sentence(block.text)):
        return 0
    return round(words * (1 - block.link_share)) if block.link_share < 0.5 else 0


def _regions(page: Page, mass: list[int], title: int | None) -> list[int]:
    """For each node the outermost believed marked node around it (or itself), or -1.

    Words are believed or not all over the page: a `paywall` on every paragraph, or a
    `sidebar-grid` around the headline, is not what the word says.
    """
    belief = _Belief(page, mass, title)
    region: list[int] = []
    for index, node in enumerate(page.nodes):
        outer = region[node.parent] if node.parent >= 0 else -1
        if node.kept or (outer >= 0 and _is_post(node)):
            outer = -1
        elif outer < 0 and belief.holds(node):
            outer = index
        region.append(outer)
    return region


def _is_post(node: Node) -> bool:
    """A quoted post of a social network: text, though it lies in an embed box."""
    return node.tag == "blockquote" and "twitter-tweet" in node.element.get("class", "")


class _Belief:
    """Which of the page's marks are true, judged by how much they would take away."""

    def __init__(self, page: Page, mass: list[int], title: int | None) -> None:
        self._mass = mass
        self._title = title
        taken = self._held_by(page, _FIRM)
        rest = max(1, mass[-1] - sum(taken.values()))
        self._false = {
            word
            for word, words in self._held_by(page, frozenset(Reason) - _FIRM).items()
            if words > _BELIEVED_UP_TO * rest
        }
        self._false |= self._unlinked(page, taken, mass[-1])

    def holds(self, node: Node) -> bool:
        """Whether `node` is what it says."""
        said = stated(node)
        if said is None:
            return False
        if said.reason is Reason.RULE:
            return True
        if self._title is not None and node.first <= self._title < node.last:
            return False
        above = self._title is not None and node.last <= self._title
        return above or said.word not in self._false

    def _unlinked(self, page: Page, taken: dict[str, int], total: int) -> set[str]:
        """Words for related stories on text in which hardly anything links."""
        large = {word for word, words in taken.items() if words > 0.5 * total}
        false = set()
        for node in page.nodes:
            said = stated(node)
            if said and said.word in large and said.reason is Reason.RELATED:
                inside = page.blocks[node.first : node.last]
                letters = sum(len(block.text) for block in inside)
                if sum(block.linked for block in inside) < 0.2 * letters:
                    false.add(said.word)
        return false

    def _held_by(self, page: Page, reasons: frozenset[Reason]) -> dict[str, int]:
        """The running text under each mark of `reasons`, outermost nodes only."""
        held: dict[str, int] = {}
        until: dict[str, int] = {}
        for node in page.nodes:
            said = stated(node)
            if said is None or said.reason not in reasons:
                continue
            if node.first < until.get(said.word, 0):
                continue
            if self._title is not None and node.first <= self._title:
                continue  # around the headline, or above it
            until[said.word] = node.last
            words = self._mass[node.last] - self._mass[node.first]
            held[said.word] = held.get(said.word, 0) + words
        return held


def _title(page: Page, titles: tuple[str, ...]) -> int | None:
    """The headline's block: the heading most like a declared title, or an h1."""
    best, found, first = 0.0, None, None
    for index, block in enumerate(page.blocks):
        node = page.nodes[block.node]
        if not node.heading or _in_chrome(page, block.node):
            continue
        top = _rank(page, block.node) == "h1"
        if top and first is None:
            first = index
        score = max((same_title(block.text, title) for title in titles), default=0.0)
        score += _FIRST_RANK if top and score >= SAME_TITLE else 0
        if score > best:
            best, found = score, index
    return found if best >= SAME_TITLE else first


def _rank(page: Page, index: int) -> str:
    """The tag of the heading that the node is or stands in."""
    while page.nodes[index].tag not in HEADINGS:
        index = page.nodes[index].parent
    return page.nodes[index].tag


def _in_chrome(page: Page, index: int) -> bool:
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
    if SAME_TITLE > score > 0.4:
        inner, outer = sorted((words(text), words(title)), key=len)
        missing = Counter(inner) - Counter(outer)
        near = len(outer) <= 1.7 * len(inner)
        if near and len(inner) >= 4 and len(missing) <= len(inner) // 8:
            return SAME_TITLE
    return score


def _children(page: Page) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in page.nodes]
    for index, node in enumerate(page.nodes):
        if node.parent >= 0:
            children[node.parent].append(index)
    return children


def _article(page: Page, mass: list[int], title: int | None) -> int:
    """The innermost article element that holds headline and text, or the root."""
    if title is None:
        return 0
    index = page.blocks[title].node
    while index > 0:
        node = page.nodes[index]
        held = mass[node.last] - mass[node.first]
        if _is_article(node) and held >= max(_ARTICLE_WORDS, mass[-1] * _ARTICLE_SHARE):
            return index
        index = node.parent
    return 0


def _is_article(node: Node) -> bool:
    attributes = node.element.attrib
    return (
        node.tag in ("article", "main")
        or attributes.get("role") in ("article", "main")
        or attributes.get("itemtype", "").endswith("Article")
    )


def _descend(page: Page, mass: list[int], children: list[list[int]], root: int) -> int:
    """The deepest node that holds most of the running text, and not one paragraph."""
    nodes = page.nodes

    def held(index: int) -> int:
        return mass[nodes[index].last] - mass[nodes[index].first]

    current = root
    while True:
        best = max(children[current], key=held, default=None)
        if best is None or held(best) < max(1, _MOST * held(current)):
            return current
        if nodes[best].tag in _LEAVES:
            return current
        current = best


def _trimmed(
    page: Page, mass: list[int], children: list[list[int]], container: int
) -> tuple[int, int]:
    """The container's blocks without the other elements at its beginning and end."""
    nodes, node = page.nodes, page.nodes[container]
    inner = children[container]
    held = {i: mass[nodes[i].last] - mass[nodes[i].first] for i in inner}
    best = max(inner, key=lambda i: held[i], default=None)
    if best is None:
        return node.first, node.last
    like = _signature(nodes[best])
    body = [
        i
        for i in inner
        if nodes[i].tag in _LEAVES
        or nodes[i].tag in HEADINGS
        or _signature(nodes[i]) == like
        or held[i] >= _PART * held[best]
    ]
    loose = _loose(page, container, inner)
    firsts = [nodes[i].first for i in body] + loose[:1]
    lasts = [nodes[i].last for i in body] + [at + 1 for at in loose[-1:]]
    return min(firsts), max(lasts)


def _loose(page: Page, container: int, inner: list[int]) -> list[int]:
    """The blocks that stand in the container itself and in none of its children."""
    node = page.nodes[container]
    return [
        at for at in range(node.first, node.last) if page.blocks[at].node == container
    ]


def _signature(node: Node) -> tuple[str, str]:
    return node.tag, node.element.get("class", "")


def find_cards(page: Page, title: int | None) -> list[int]:
    """For each node the teaser card it lies in, or -1.

    A card is a small element whose heading is a link and that holds a picture or more
    text beside it.
    """
    tops: set[int] = set()
    for at, block in enumerate(page.blocks):
        linked = page.nodes[block.node].heading and block.link_share > 0.9
        if linked and at != title and _rank(page, block.node) != "h1":
            tops.add(_card(page, block.node, title))
    tops |= _announced(page, title)
    cards: list[int] = []
    for index, node in enumerate(page.nodes):
        outer = cards[node.parent] if node.parent >= 0 else -1
        cards.append(outer if outer >= 0 else index if index in tops else -1)
    return cards


def _announced(page: Page, title: int | None) -> set[int]:
    """The elements right after a heading such as "Read also", up to running text."""
    children = None
    found: set[int] = set()
    for at, block in enumerate(page.blocks):
        if len(block.text) > _LABEL_LETTERS or not announces(block.text):
            continue
        children = children or _children(page)
        found |= _followers(page, children, block.node, at, title)
    return found


def announces(text: str) -> bool:
    """Whether `text` is a label that announces other stories."""
    label = text.lower().strip(" .:;…>»›→+|-–*")
    return label in _ANNOUNCEMENTS


def _followers(
    page: Page, children: list[list[int]], label: int, at: int, title: int | None
) -> set[int]:
    found: set[int] = set()
    index = label
    while page.nodes[index].parent >= 0:
        parent = page.nodes[index].parent
        after = [c for c in children[parent] if page.nodes[c].first > at]
        if after:
            break
        index = parent
    else:
        return found
    for child in after:
        node = page.nodes[child]
        if node.tag in ("p", "blockquote") or node.tag in HEADINGS:
            break
        if title is not None and node.first <= title < node.last:
            break
        if not _teases(page, node):
            break
        found.add(child)
    return found


def _teases(page: Page, node: Node) -> bool:
    """Whether the element holds links to stories, and no running text to speak of."""
    inside = page.blocks[node.first : node.last]
    if sum(_weight(block, page.nodes) for block in inside) > _TEASED:
        return False
    return any(block.link_share > 0.9 for block in inside)


def _is_card(inside: list[Block]) -> bool:
    """Whether blocks are few words: a headline, a date, an excerpt of a sentence."""
    running = [len(b.text) for b in inside if b.link_share < 0.5 and len(b.text) > 100]
    return sum(running) < _CARD_LETTERS and len(running) < 2


def _card(page: Page, heading: int, title: int | None) -> int:
    """The smallest element that holds more than the heading; the heading if large."""
    index = page.nodes[heading].parent
    while index >= 0:
        node = page.nodes[index]
        if node.last - node.first > _CARD_BLOCKS:
            return heading
        if title is not None and node.first <= title < node.last:
            return heading
        if (
            node.tag in ("article", "li")
            or node.last - node.first > 1
            or node.media > 0
        ):
            inside = page.blocks[node.first : node.last]
            return index if _is_card(inside) else heading
        index = node.parent
    return heading
