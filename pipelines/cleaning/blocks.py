"""A tree becomes a row of text blocks and the elements they stand in; one linear walk.

A block is the longest run of text that no block-level tag, marked inline element or
paragraph-like `<br>` interrupts. Nothing is judged here: what an element's markup
says is noted beside it, and every text of the body is in exactly one block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from pipelines.article import Reason
from pipelines.cleaning import tags
from pipelines.cleaning.marks import Mark, mark
from pipelines.cleaning.wording import ends_sentence

#: A marked inline element is cut out of its paragraph for these reasons only: a
#: span `author` or `date` in running text is part of the sentence.
_CUT_INLINE: Final = frozenset(
    (
        Reason.CHROME,
        Reason.CAPTION,
        Reason.CREDIT,
        Reason.RELATED,
        Reason.PROMO,
        Reason.SHARE,
        Reason.CONSENT,
        Reason.NEWSLETTER,
        Reason.RULE,
    )
)


#: A cell of data has no more line breaks than this.
_COLUMN_BREAKS: Final = 2
#: A link that teases has so many words; names and places in a sentence have fewer.
_INSET_WORDS: Final = 4


@dataclass(slots=True)
class Node:
    """An element that blocks stand in. Blocks `first` up to `last` are in it.

    `media` counts the pictures, players and frames inside, `fields` what readers
    fill in, `buttons` what they press, `links` the links, those without words, too;
    `kept` is the operator's selector that keeps it; `rank` the tag
    of the heading that it is or stands in; `linked`: it stands in a link.
    """

    element: HtmlElement
    tag: str
    parent: int
    mark: Mark | None
    first: int
    last: int = 0
    media: int = 0
    fields: int = 0
    buttons: int = 0
    links: int = 0
    kept: str | None = None
    rank: str | None = None
    linked: bool = False

    @property
    def heading(self) -> bool:
        """Whether the element is a heading or stands in one."""
        return self.rank is not None

    def holds(self, at: int) -> bool:
        """Whether block `at` is in the element."""
        return self.first <= at < self.last


@dataclass(slots=True)
class Block:
    """A run of text. `node` is the index of its innermost node; lengths in letters.

    `before` is the unlinked text before its first link, `target` where that leads,
    `linked` the letters in links, `stressed` and `plain` those in and outside em, i,
    strong or b; `media` counts the pictures and players of the page before it.
    """

    node: int
    text: str = ""
    linked: int = 0
    links: int = 0
    stressed: int = 0
    plain: int = 0
    media: int = 0
    before: str = ""
    target: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def link_share(self) -> float:
        """The share of the text that is linked, 0 to 1."""
        return self.linked / (len(self.text) or 1)


@dataclass(frozen=True, slots=True)
class Page:
    """The walked page: blocks in document order, nodes parents first; the texts that
    pictures carry as their alternatives."""

    nodes: list[Node]
    blocks: list[Block]
    alternatives: tuple[str, ...] = ()

    def children(self) -> list[list[int]]:
        """For each node the nodes right below it, in document order."""
        children: list[list[int]] = [[] for _ in self.nodes]
        for index, node in enumerate(self.nodes):
            if node.parent >= 0:
                children[node.parent].append(index)
        return children


class _Walk:
    """The state of one walk over a tree."""

    def __init__(
        self, removed: Mapping[HtmlElement, str], kept: Mapping[HtmlElement, str]
    ) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self._removed = removed
        self._kept = kept
        self._open: list[int] = []
        self._running: list[Block | None] = []  # the unfinished block of each node
        self._links = 0
        self._stress = 0
        self._media = 0
        self._fields = 0
        self._buttons = 0
        self._anchors = 0
        self._target = ""
        self._breaks = 0
        self._broken_outside = False

    def start(self, element: HtmlElement, tag: str) -> None:
        """Enter `element`."""
        self._count(element, tag)
        if tag in tags.VOID:
            return
        found = self._mark(element, tag)
        if tag in tags.BLOCKS or (tag in tags.CELLS and _is_column(element)):
            self._finish()
            self._enter(element, tag, found)
        elif (found and found.sure and found.reason in _CUT_INLINE) or (
            element in self._kept or _is_inset(element, tag)
        ):
            self._enter(element, tag, found)
        if element.text:
            self.add(element.text)

    def _count(self, element: HtmlElement, tag: str) -> None:
        """Take note of what the element means to the text in it and around it."""
        if tag in tags.MEDIA:
            self._media += 1
        elif tag in tags.ASKING:
            self._ask(element, tag)
        elif tag == "a":
            self._links += 1
            self._anchors += 1
            self._target = element.get("href", "")
        elif tag in tags.EMPHASIS:
            self._stress += 1
        elif tag == "br":
            self._breaks += 1
            self._broken_outside = not self._stress
        elif tag in tags.APART and self._running and self._running[-1]:
            self._running[-1].pieces.append(" ")

    def _ask(self, element: HtmlElement, tag: str) -> None:
        kind = tag if tag != "input" else element.get("type", "text").lower()
        self._fields += kind in tags.FIELDS
        self._buttons += kind in tags.BUTTONS

    def end(self, element: HtmlElement, tag: str) -> None:
        """Leave `element`; its tail belongs to what is around it."""
        if self._open and self.nodes[self._open[-1]].element is element:
            self._leave(tag)
        if tag == "a":
            self._links -= 1
        elif tag in tags.EMPHASIS:
            self._stress -= 1
        if element.tail:
            self.add(element.tail)

    def add(self, text: str) -> None:
        """Take up `text` at the current place."""
        if not self._open:
            return
        blank = text.isspace()
        block = self._running[-1]
        if blank:
            if block:
                block.pieces.append(" ")
            return
        if self._breaks and block:
            block = self._broken(block)
        self._breaks = 0
        if block is None:
            block = self._running[-1] = Block(self._open[-1])
            block.media = self._media
            self.blocks.append(block)
        self._take(block, text)

    def _take(self, block: Block, text: str) -> None:
        size = len(text.strip())
        if self._links:
            if not block.linked:
                block.before = " ".join("".join(block.pieces).split())
                block.target = self._target
            block.linked += size
            block.links += 1
        if self._stress:
            block.stressed += size
        else:
            block.plain += size
        block.pieces.append(text)

    def _broken(self, block: Block) -> Block | None:
        """What goes on after a `<br>`: the block, or None for a new one."""
        headed = not block.plain and self._broken_outside  # a crosshead without a tag
        ends = ends_sentence("".join(block.pieces[-3:]).rstrip())
        if headed or ends or self._breaks > 1:
            self._finish()
            return None
        block.pieces.append(" ")
        return block

    def _finish(self) -> None:
        if self._running:
            self._running[-1] = None
        self._breaks = 0

    def _enter(self, element: HtmlElement, tag: str, found: Mark | None) -> None:
        parent = self._open[-1] if self._open else -1
        node = Node(element, tag, parent, found, len(self.blocks), media=-self._media)
        node.fields, node.buttons = -self._fields, -self._buttons
        node.links = -self._anchors
        node.kept = self._kept.get(element)
        node.linked = self._links > 0
        node.rank = (
            tag
            if tag in tags.HEADINGS
            else self.nodes[parent].rank
            if parent >= 0
            else None
        )
        self._open.append(len(self.nodes))
        self._running.append(None)
        self.nodes.append(node)

    def _leave(self, tag: str) -> None:
        node = self.nodes[self._open.pop()]
        self._running.pop()
        node.last = len(self.blocks)
        node.media += self._media
        node.fields += self._fields
        node.buttons += self._buttons
        node.links += self._anchors
        if tag in tags.BLOCKS or tag in tags.CELLS:
            self._finish()

    def _mark(self, element: HtmlElement, tag: str) -> Mark | None:
        """What the element says it is. A link is what its sentence is."""
        if self._removed and element in self._removed:
            return Mark(Reason.RULE, self._removed[element], sure=True)
        return None if tag == "a" else mark(element)


def read_blocks(
    tree: HtmlElement,
    removed: Mapping[HtmlElement, str] | None = None,
    kept: Mapping[HtmlElement, str] | None = None,
) -> Page:
    """The blocks of `tree`. `removed` and `kept`: elements and the selectors for them.

    Text in scripts, styles, templates, frames and drawings is no text of the page.
    """
    walk = _Walk(removed or {}, kept or {})
    events = etree.iterwalk(tree, events=("start", "end", "comment"))
    for event, element in events:
        if event == "comment":
            if element.tail:
                walk.add(element.tail)
            continue
        tag = element.tag
        if event == "end":
            walk.end(element, tag)
        elif tag in tags.SKIPPED:
            walk._media += tag in tags.MEDIA
            events.skip_subtree()
        else:
            walk.start(element, tag)
    for block in walk.blocks:
        block.text = " ".join("".join(block.pieces).split())
        block.pieces = []
    return Page(walk.nodes, walk.blocks, _alternatives(tree))


def _is_inset(element: HtmlElement, tag: str) -> bool:
    """Whether an element inside a paragraph is a teaser: links with a picture, or
    several of them, and no other words."""
    if tag != "span" or len(element) < 2 or element.find("a") is None:
        return False
    links = element.findall("a")
    pictured = element.find(".//img") is not None
    if len(links) < 2 and not pictured:
        return False
    if (element.text or "").strip() or any((e.tail or "").strip() for e in element):
        return False
    teasing = [len(link.text_content().split()) >= _INSET_WORDS for link in links]
    return all(teasing) or (pictured and len(links) > 1 and any(teasing))


def _is_column(cell: HtmlElement) -> bool:
    """Whether a table's cell holds a part of the page: the table makes its layout."""
    if next(cell.iter(*tags.PARTS), None) is not None:
        return True
    return next(islice(cell.iter("br"), _COLUMN_BREAKS, None), None) is not None


def _alternatives(tree: HtmlElement) -> tuple[str, ...]:
    images = tree.iter("img", "amp-img")
    texts = {img.get(name) for img in images for name in ("alt", "title")}
    return tuple(text for text in texts if text)
