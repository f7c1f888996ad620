"""What only the neighbours tell: repetitions, heads and tails, boxes as a whole."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import tags, vocabulary
from pipelines.cleaning.case import Case, Piece, Verdict
from pipelines.cleaning.grounds import heads_entry, without_byline
from pipelines.cleaning.lines import publication_line
from pipelines.cleaning.wording import ends_sentence, words

#: Repetitions are found by runs of so many words; a block is one if this share of its
#: runs stands elsewhere. A whole text in one block loses runs between its paragraphs.
_RUN: Final = 5
_SHORT_RUN: Final = 3
_REPEATED: Final = 0.9
_REPEATED_DUMP: Final = 0.65
_DUMP_WORDS: Final = 150
_RUNNING_WORDS: Final = 8
#: Nothing but what somebody said: outside a paragraph, a pull quote.
_IN_QUOTES: Final = re.compile(r"[“„«»‘\"「『][^“”„«»\"「」『』]+[”“»«’\"」』]")
#: More short lines than this at the end are a list without markup, not furniture.
_TAIL: Final = 4
_BIOGRAPHY_WORDS: Final = 80
_CONTACT_WORDS: Final = 40
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_NETWORK: Final = re.compile(
    r"\b(?:facebook|instagram|twitter|youtube|tiktok|whatsapp|telegram|linkedin|"
    r"google news|bluesky|threads|mastodon|flipboard|viber|messenger)\b"
)
_LAST: Final = 3
_CHANNEL_WORDS: Final = 25
_FOLLOWING: Final = re.compile(vocabulary.FOLLOWING, re.IGNORECASE)
#: "Follow our coverage at https://..."
_LED_AWAY: Final = re.compile(
    rf"^\W*(?:{vocabulary.FOLLOWING}|more|mehr|plus|más|mais)\b.*https?://\S+\W*$",
    re.IGNORECASE,
)
_CHANNEL: Final = re.compile(vocabulary.CHANNELS, re.IGNORECASE)
#: Boxes whose heading goes with them.
_BOXES: Final = frozenset(
    (Reason.RELATED, Reason.TEASER, Reason.NEWSLETTER, Reason.COMMENTS)
)


def repeated(case: Case) -> None:
    """Pull quotes, doubled blocks and whole texts in one block say nothing new."""
    pieces = case.kept()
    suspects = sorted((p for p in pieces if _may_repeat(p, case)), key=_expendable)
    runs = {piece.at: _runs(piece) for piece in suspects}
    owners = _owners(pieces, {run for own in runs.values() for run in own})
    for piece in suspects:
        own = runs[piece.at]
        if own and _shared(own, owners) >= _needed(piece):
            case.verdicts[piece.at] = Verdict(Reason.REPEATED, "stands elsewhere, too")
            for run in own:
                owners[run].discard(piece.at)


def _owners(pieces: list[Piece], wanted: set[int]) -> dict[int, set[int]]:
    """The blocks that each of the `wanted` runs stands in."""
    owners: defaultdict[int, set[int]] = defaultdict(set)
    for piece in pieces if wanted else ():
        for run in wanted & (_hashed(piece, _RUN) | _hashed(piece, _SHORT_RUN)):
            owners[run].add(piece.at)
    return owners


def _runs(piece: Piece) -> set[int]:
    short = piece.words < _RUNNING_WORDS
    return _hashed(piece, _SHORT_RUN if short else _RUN)


def _hashed(piece: Piece, size: int) -> set[int]:
    row = words(piece.text)
    return {hash(row[i : i + size]) for i in range(len(row) - size + 1)}


def _shared(own: set[int], owners: dict[int, set[int]]) -> float:
    return sum(1 for run in own if len(owners[run]) > 1) / len(own)


def _needed(piece: Piece) -> float:
    return _REPEATED if piece.words < _DUMP_WORDS else _REPEATED_DUMP


def _expendable(piece: Piece) -> tuple[bool, int]:
    """The order in which repetitions go: whole texts first, then from the end."""
    return piece.words < _DUMP_WORDS, -piece.at


def _may_repeat(piece: Piece, case: Case) -> bool:
    """Recipes repeat lines on purpose; quotes, boxes and neighbours do not."""
    if piece.node.tag in tags.ROWS:
        return False
    if piece.words >= _DUMP_WORDS or _is_quoted(piece, case):
        return True
    plain = piece.node.tag == "p" or piece.node.heading
    if not plain and _IN_QUOTES.fullmatch(piece.text):
        return True
    if piece.hint and piece.words >= _RUNNING_WORDS:
        return True
    near = case.page.blocks[max(0, piece.at - 2) : piece.at]
    return any(block.text.lower() == piece.text.lower() for block in near)


def _is_quoted(piece: Piece, case: Case) -> bool:
    around = case.page.nodes[max(0, piece.node.parent)]
    return "blockquote" in (piece.node.tag, around.tag)


def opening(case: Case) -> None:
    """No dates, by-lines, reading times before the first running text."""
    for piece in case.kept():
        dated = publication_line(piece.text) is not None
        if _is_running(piece) and not dated:
            return
        if heads_entry(piece, case) or _follows_text(piece, case):
            continue
        goes_on = piece.text.endswith((",", ":", "،", "，", "："))  # "Dear editor,"
        short = piece.words <= 6 and not ends_sentence(piece.text) and not goes_on
        free = piece.node.tag not in tags.ROWS and not piece.node.heading
        if free and (short or dated):
            case.verdicts[piece.at] = Verdict(
                Reason.CHROME, "a short line before the text"
            )


def _follows_text(piece: Piece, case: Case) -> bool:
    """Whether running text stands right above, gone only because it is told twice."""
    if piece.at <= case.scope.first:
        return False
    above, verdict = case.piece(piece.at - 1), case.verdicts[piece.at - 1]
    told = verdict is not None and verdict.reason is Reason.REPEATED
    return told and _is_running(above)


def closing(case: Case) -> None:
    """Nothing but sentences after the last running text."""
    tail: list[Piece] = []
    for piece in reversed(case.kept()):
        ends = ends_sentence(piece.text)
        if _is_running(piece) and ends:
            break
        if _is_quoted(piece, case):
            continue  # who said it
        short = piece.words < _RUNNING_WORDS and not ends
        if piece.node.tag not in tags.ROWS and (short or piece.node.heading):
            tail.append(piece)
    if sum(not piece.node.heading for piece in tail) <= _TAIL:
        for piece in tail:
            case.verdicts[piece.at] = Verdict(
                Reason.CHROME, "a short line after the text"
            )


def _is_running(piece: Piece) -> bool:
    if piece.words < _RUNNING_WORDS:
        return False
    return ends_sentence(piece.text) if piece.node.heading else piece.link_share < 0.6


def biography(case: Case) -> None:
    """One of the last blocks opens with the author's name: it says who that is."""
    authors = [name for name in map(words, _authors(case)) if 2 <= len(name) <= 5]
    for piece in case.kept()[-_LAST:]:
        row = words(piece.text)
        named = any(set(name) == set(row[: len(name)]) for name in authors)
        if named and piece.words <= _BIOGRAPHY_WORDS:
            case.verdicts[piece.at] = Verdict(Reason.AUTHOR, "tells who the author is")


def contacts(case: Case) -> None:
    """One of the last blocks gives an address to write to, or networks to follow."""
    for piece in case.kept()[-_LAST:]:
        if piece.words <= _CONTACT_WORDS and not _is_quoted(piece, case):
            networks = set(_NETWORK.findall(piece.text.lower()))
            follow = len(networks) > 1 and piece.block.links > 1
            if follow or _ADDRESS.search(piece.text):
                evidence = "asks to write or to follow"
                case.verdicts[piece.at] = Verdict(Reason.PROMO, evidence)


def channels(case: Case) -> None:
    """One of the last blocks sends readers to where else the outlet can be found."""
    outlet = words(case.declared.outlet or "")
    for piece in case.kept()[-_LAST:]:
        if piece.words > _CHANNEL_WORDS:
            continue
        if _LED_AWAY.search(piece.text):
            case.verdicts[piece.at] = Verdict(Reason.PROMO, "asks to follow a link")
        if not _CHANNEL.search(piece.text):
            continue
        said = words(piece.text)
        asks = piece.block.links > 0 and _FOLLOWING.search(piece.text) is not None
        if asks or (outlet and all(_inflected(name, said) for name in outlet)):
            evidence = "names a network on which the outlet can be followed"
            case.verdicts[piece.at] = Verdict(Reason.PROMO, evidence)


def _inflected(name: str, said: tuple[str, ...]) -> bool:
    """Whether `name` is said; many languages change the end of a name."""
    stem = name[: max(3, len(name) - 2)]
    return any(word.startswith(stem) and len(word) <= len(name) + 3 for word in said)


def _authors(case: Case) -> list[str]:
    """Names in the page's data, and in short blocks judged to be by-lines."""
    names = list(case.declared.authors)
    for block, verdict in zip(case.page.blocks, case.verdicts, strict=True):
        if verdict and verdict.reason is Reason.AUTHOR and len(block.text) < 60:
            names.append(without_byline(block.text))
    return names


def headings(case: Case) -> None:
    """A heading goes with the box that it heads."""
    for at in range(case.scope.last - 2, case.scope.first - 1, -1):
        below = case.verdicts[at + 1]
        if case.verdicts[at] or not below or below.reason not in _BOXES:
            continue
        if case.piece(at).node.heading:
            case.verdicts[at] = Verdict(below.reason, "heads " + below.evidence)
