"""The grounds on which a single block is no text of the article.

Each rule sees one block in its setting and returns a verdict or None. The first that
objects decides; the cheap ones come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml.html import HtmlElement

from pipelines.article import Reason
from pipelines.cleaning import lines, tags, vocabulary
from pipelines.cleaning.blocks import Node
from pipelines.cleaning.case import Case, Piece, Verdict
from pipelines.cleaning.rules import found
from pipelines.cleaning.wording import alike, ends_sentence, length, words

Rule = Callable[[Piece, Case], Verdict | None]

_CODE: Final = re.compile(r"^\s*<\w+ .*[\"']|^\s*(?:var|function|window)\b.*[{=;]")
_BYLINE: Final = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|od|przez|oleh|yazan|автор|text)\b:?\s",
    re.IGNORECASE,
)
#: What nothing but a link may still be: a sentence of so many words.
_LINKED_SENTENCE: Final = 8
#: A label before a link is no longer; the link is a headline if it has so many words.
_LABEL_WORDS: Final = 12
_INSTEAD_WORDS: Final = 4
_CAPTION_WORDS: Final = 60
#: A paragraph longer than this that shares a box with a picture may be text.
_FRAMED_WORDS: Final = 15
_FRAME_BLOCKS: Final = 3
_FRAME_DEPTH: Final = 4
_LINKED_FRAME: Final = 0.5
#: A caption outside any frame is shorter than this.
_UNDER_WORDS: Final = 30
_CENTRED: Final = re.compile(r"text-align:\s*center|^center|\bcent(?:er|re)d?\b")
_BOX_BLOCKS: Final = 20
#: A box that asks something of the reader holds no more blocks and words.
_ASKING_BLOCKS: Final = 10
_ASKING_WORDS: Final = 80
_CONSENT_WORDS: Final = 60
_CONSENT: Final = re.compile(vocabulary.CONSENT_WORDS, re.IGNORECASE)
_LINE_WORDS: Final = 60
_PICTURES: Final = frozenset((Reason.CAPTION, Reason.CREDIT))
#: Something in quotation marks, and more behind it.
_SPEECH: Final = re.compile(r"\s*[“„«»‘'\"「『].{8,}[”“»«’'\"」』].*\w.*[.!?。]")
#: The time of an entry: "18:42", "18h42", "18.42 Uhr", "6:42 p.m.".
_ENTRY_TIME: Final = re.compile(
    r"\d{1,2}\s?[h:.：]\s?\d{2}(?:\s?(?:uhr|h|[ap]\.?m\.?|\w{1,5}))?", re.IGNORECASE
)
_LIST_ITEMS: Final = 30
_LIST_LINKED: Final = 0.3
_RUNNING_WORDS: Final = 8
#: Before crossheads of Japanese, Korean and Chinese pages.
_BULLETS: Final = tuple("■◆◇●▼□○★▶▲")
#: "Dear editor," and "The good news:" are no labels.
_GOES_ON: Final = (",", ":", "،", "，", "：")


def by_rules(piece: Piece, case: Case, rules: tuple[Rule, ...]) -> Verdict | None:
    """What the first of `rules` that objects says."""
    return next((v for rule in rules if (v := rule(piece, case))), None)


def operator(piece: Piece, case: Case) -> Verdict | None:
    """The outlet's own patterns."""
    for text in case.rules.remove_lines:
        if found(text, piece.text):
            return Verdict(Reason.RULE, f"matches remove_lines {text!r}")
    return None


def code(piece: Piece, case: Case) -> Verdict | None:
    """Markup or script that a broken page shows as text."""
    if _CODE.search(piece.text):
        return Verdict(Reason.CHROME, "program code")
    return None


def headline(piece: Piece, case: Case) -> Verdict | None:
    """The headline again, above the text."""
    if piece.words > 40:
        return None
    if piece.at > case.scope.first + 5:
        return _doubled_headline(piece, case)
    if piece.node.tag == "p" and ends_sentence(piece.text):
        return None
    if any(alike(piece.text, title) >= 0.8 for title in case.declared.titles):
        return Verdict(Reason.TITLE, "repeats the headline")
    return None


def _doubled_headline(piece: Piece, case: Case) -> Verdict | None:
    """The headline to the letter, deep in the text: a print or share box."""
    row = words(piece.text)
    if len(row) > 3 and row in case.titles:
        return Verdict(Reason.TITLE, "the headline again")
    return None


def caption(piece: Piece, case: Case) -> Verdict | None:
    """The words of a picture: its alternative text, its declared caption, its frame."""
    if piece.words > _CAPTION_WORDS or piece.node.heading:
        return None
    if piece.words >= 4 and words(piece.text) in case.captions:
        return Verdict(Reason.CAPTION, "the page gives it as a picture's text")
    if _under_picture(piece, case):
        return Verdict(Reason.CAPTION, "set off from the text, right below a picture")
    node = piece.node
    for _ in range(_FRAME_DEPTH):
        if node.last - node.first > _FRAME_BLOCKS or node.parent < 0:
            return None
        if node.media > 0 and node.tag not in ("li", "tr", "p"):
            return _framed(piece, node, case)
        node = case.page.nodes[node.parent]
    return None


def _under_picture(piece: Piece, case: Case) -> bool:
    """Whether a short paragraph in the text, in italics or centred, is a picture's."""
    if piece.at <= case.scope.first or piece.words > _UNDER_WORDS or piece.block.linked:
        return False
    above = case.page.blocks[piece.at - 1]
    if piece.block.media == above.media or ends_sentence(piece.text):
        return False
    if _is_odd(piece, case):
        return True
    element = piece.node.element
    if not piece.block.plain and element.find(".//em") is not None:
        return piece.node.tag == "p"
    centred = _is_centred(element)
    return centred and not _is_centred(case.page.nodes[above.node].element)


def _is_odd(piece: Piece, case: Case) -> bool:
    """Whether a line that is no paragraph stands between two that are."""
    if piece.node.tag not in ("div", "span") or piece.at + 1 >= case.scope.last:
        return False
    around = (case.piece(piece.at - 1), case.piece(piece.at + 1))
    return all(p.node.tag == "p" and p.words >= _RUNNING_WORDS for p in around)


def _is_centred(element: HtmlElement) -> bool:
    said = " ".join(element.get(name, "") for name in ("style", "align", "class"))
    return _CENTRED.search(said) is not None


def _framed(piece: Piece, frame: Node, case: Case) -> Verdict | None:
    if case.scope.weights.link_share(frame) >= _LINKED_FRAME:
        return Verdict(Reason.RELATED, "a linked box with a picture")
    nodes, inside = case.page.nodes, case.page.blocks[frame.first : frame.last]
    if any(nodes[block.node].heading for block in inside):
        return None  # an entry of a list, with its picture
    sentence = piece.node.tag == "p" and ends_sentence(piece.text)
    hinted = frame.mark is not None and frame.mark.reason is Reason.CAPTION
    if sentence and piece.words > _FRAMED_WORDS and not hinted:
        return None
    return Verdict(Reason.CAPTION, "shares a small box with a picture")


def link(piece: Piece, case: Case) -> Verdict | None:
    """A link and hardly anything else; a linked sentence in a paragraph is text."""
    share, ends = piece.link_share, ends_sentence(piece.text)
    if piece.node.heading and not case.scope.home.leads_on(piece.block):
        return None  # the place or product that is told of below
    in_text = piece.node.tag == "p" and not piece.node.linked
    if piece.words >= _LINKED_SENTENCE and in_text and ends:
        return None
    if share >= 0.85:
        return Verdict(Reason.RELATED, "all of it is a link")
    if _is_labelled_link(piece) and not ends:
        return Verdict(Reason.RELATED, "a label, and then nothing but a link")
    if share >= 0.6 and piece.words * (1 - share) <= 4 and not ends:
        return Verdict(Reason.RELATED, "nearly all of it is a link")
    return None


def _is_labelled_link(piece: Piece) -> bool:
    """Whether a short label with a colon stands before one link that is the rest."""
    before, block = piece.block.before, piece.block
    label = before.rstrip("\"'»” ")
    if not label.endswith((":", "：")) or length(before) > _LABEL_WORDS:
        return False
    rest = len(piece.text) - len(before) - block.linked
    linked = length(piece.text[len(before) :])
    return rest <= 2 and linked >= _INSTEAD_WORDS


def link_list(piece: Piece, case: Case) -> Verdict | None:
    """A list whose items all lead elsewhere, and few of which are sentences."""
    if piece.node.tag != "li" or not piece.block.links or piece.node.parent < 0:
        return None
    around = case.page.nodes[piece.node.parent]
    items = case.page.blocks[around.first : around.last][:_LIST_ITEMS]
    linked = sum(item.linked for item in items) / sum(len(item.text) for item in items)
    full_stops = sum(item.text.endswith((".", "。", "।")) for item in items)
    leading = all(item.links for item in items) and full_stops * 3 <= len(items)
    if len(items) > 1 and leading and linked >= _LIST_LINKED:
        return Verdict(Reason.RELATED, "a list of links")
    return None


def wordless(piece: Piece, case: Case) -> Verdict | None:
    """Rules, stars and zero-width spaces."""
    return None if words(piece.text) else Verdict(Reason.CHROME, "no word in it")


def byline(piece: Piece, case: Case) -> Verdict | None:
    """The author's name and little more."""
    if piece.words > 12 or piece.node.heading:
        return None
    mine = set(words(piece.text))
    for author in case.declared.authors:
        named = set(words(author))
        more = 4 if len(named) > 1 else 1  # one word may be a brand's, too
        if named and len(named) < 6 and named <= mine and len(mine - named) <= more:
            return Verdict(Reason.AUTHOR, "names the author")
    short = piece.words <= 6 and not ends_sentence(piece.text)
    if short and _BYLINE.search(piece.text):
        return Verdict(Reason.AUTHOR, "a by-line")
    return None


def without_byline(text: str) -> str:
    """`text` without the word that makes names a by-line."""
    return _BYLINE.sub("", text)


def box(piece: Piece, case: Case) -> Verdict | None:
    """In an element whose markup hints at a box, and that looks like one."""
    hint = piece.hint
    if hint is None or hint.mark is None or hint.last - hint.first > _BOX_BLOCKS:
        return None
    if hint.mark.word in case.false_hints:
        return None
    inside = case.page.blocks[hint.first : hint.last]
    letters = sum(len(block.text) for block in inside) or 1
    linked = sum(block.linked for block in inside) / letters
    running = any(len(b.text) > 120 and b.link_share < 0.5 for b in inside)
    if linked >= 0.5 or (not running and (linked >= 0.2 or hint.media > 0)):
        return Verdict(hint.mark.reason, f"a box; {hint.mark.evidence}")
    return None


def asking(piece: Piece, case: Case) -> Verdict | None:
    """In a small box with a field to fill in or a button that gives consent."""
    node = piece.node
    for _ in range(_FRAME_DEPTH):
        if node.parent < 0 or node.last - node.first > _ASKING_BLOCKS:
            return None
        if node.fields > 0:
            return _asked(node, case)
        if node.buttons > 0 and _wants_consent(node, case):
            return Verdict(Reason.CONSENT, "a small box with a button asks for consent")
        node = case.page.nodes[node.parent]
    return None


def _wants_consent(box: Node, case: Case) -> bool:
    inside = case.page.blocks[box.first : box.last]
    asks = _CONSENT.search(" ".join(block.text for block in inside))
    return asks is not None and _is_small(box, case, _CONSENT_WORDS)


def _asked(box: Node, case: Case) -> Verdict | None:
    if not _is_small(box, case, _ASKING_WORDS):
        return None
    return Verdict(Reason.NEWSLETTER, "shares a small box with a field to fill in")


def _is_small(box: Node, case: Case, most: int) -> bool:
    """Whether a box holds no more words, and not the article itself."""
    inside = case.page.blocks[box.first : box.last]
    if sum(length(block.text) for block in inside) > most:
        return False
    weights, scope = case.scope.weights, case.scope
    article = weights.running[scope.last] - weights.running[scope.first]
    return weights.words(box) * 2 <= article


def fragment(piece: Piece, case: Case) -> Verdict | None:
    """A few words outside any paragraph."""
    if piece.node.tag in tags.TEXT or piece.node.heading or piece.words > 4:
        return None
    goes_on = piece.text.endswith(_GOES_ON)
    if goes_on or ends_sentence(piece.text) or _is_crosshead(piece, case):
        return None
    if heads_entry(piece, case):
        return None
    return Verdict(Reason.CHROME, "a few words outside any paragraph")


def _stands_between(piece: Piece, below: Piece, case: Case) -> bool:
    """Whether two paragraphs stand right around a line."""
    if piece.at <= case.scope.first:
        return False
    around = (case.piece(piece.at - 1), below)
    return all(p.node.tag == "p" and p.words >= _RUNNING_WORDS for p in around)


def heads_entry(piece: Piece, case: Case) -> bool:
    """Whether the block is a time above an entry of a live blog, as others are."""
    if not _ENTRY_TIME.fullmatch(piece.text):
        return False
    inside = case.page.blocks[case.scope.first : case.scope.last]
    times = sum(_ENTRY_TIME.fullmatch(block.text) is not None for block in inside)
    if times < 2 or piece.at + 1 >= case.scope.last:
        return False
    below = case.piece(piece.at + 1)
    return below.node.heading or below.words >= _RUNNING_WORDS


def _is_crosshead(piece: Piece, case: Case) -> bool:
    """Whether a line is all bold or has a bullet, and heads running text beside it."""
    named = piece.node.mark is not None and piece.node.mark.standfirst
    heads = named or not piece.block.plain or piece.text.startswith(_BULLETS)
    if not heads or piece.block.linked or piece.at + 1 >= case.scope.last:
        return False
    below = case.piece(piece.at + 1)
    if _stands_between(piece, below, case):
        return True
    same = below.block.node == piece.block.node
    alike = below.node.tag == piece.node.tag and below.node.parent == piece.node.parent
    return (same or alike) and below.words >= _RUNNING_WORDS


def line(piece: Piece, case: Case) -> Verdict | None:
    """What the words of a short block say by themselves."""
    if piece.words > _LINE_WORDS or (piece.node.heading and piece.words > 8):
        return None
    said = lines.judge(piece.text)
    if said and said.reason is Reason.CHROME and lines.publication_line(piece.text):
        return None  # live blogs head their entries so
    if said and said.reason not in _PICTURES and _SPEECH.match(piece.text):
        return None  # people speak of newsletters, too
    return Verdict(said.reason, said.evidence) if said else None


#: What speaks against a block even between headline and text.
ANYWHERE: Final[tuple[Rule, ...]] = (operator, code, headline, caption, byline, line)
IN_BODY: Final[tuple[Rule, ...]] = (
    operator,
    code,
    headline,
    caption,
    wordless,
    link,
    link_list,
    byline,
    box,
    asking,
    line,
    fragment,
)
