"""The outlet's memory: which blocks recur from story to story. Facts in, verdict out.

A promotion, a disclaimer, a call to subscribe stands word for word in articles that
have nothing to do with each other. A paragraph of background recurs, too, but in
articles of one running story, and a quotation wherever somebody is quoted. So a block
is boilerplate once it has stood in `ENOUGH` stories of different matters, and never
if it quotes. Two articles are of one matter if

- they are versions of one text, or
- they share much of what they are about, leaving aside the words that most articles
  of the outlet have, and the block names any of it, or
- they share some of it, and the block names a good part of that.

Short blocks (crossheads, "No one was injured.", list items) recur in good articles as
well. They go only from the edges of a text or from beside other boilerplate, and
only while a good share of the articles has them.

A line that is the headline of another story of the outlet is a teaser for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from pipelines.article import Cleaned, Paragraph, Reason, Removed
from pipelines.fingerprint import tokens
from pipelines.subject import (
    CLOSE,
    RELATED,
    SAME,
    Subject,
    extent,
    hashed,
    in_common,
    share,
    words,
)

#: Different matters a block must have stood in before; it goes from the next on.
ENOUGH: Final = 3
#: A block that is not seen in this many articles, or for this long, is forgotten.
ARTICLES: Final = 50
SPAN: Final = timedelta(days=30)
#: Articles whose subjects tell which words most articles of an outlet have, and how
#: many of them are needed to tell.
RECENT: Final = 20
FEW: Final = 4

#: Words of a quotation that make a block one.
QUOTED_WORDS: Final = 4
#: Shorter blocks, in words, recur in good articles.
SHORT: Final = 8
#: One in so many articles has a short block, if it is boilerplate.
ONE_IN: Final = 10
#: How far the edges of a text reach, in blocks: below a first block may come a
#: crosshead, below the last two nothing.
FIRST: Final = 1
LAST: Final = 2
#: Words that must be left of a text; else all of it stays.
LEAST: Final = 30
#: Words of a headline that is worth being looked for: shorter ones are crossheads.
HEADLINE: Final = (4, 30)
#: A text of more blocks is a table, and no memory is kept of it.
MOST_BLOCKS: Final = 1000

#: What evidence of the memory begins with; a page read again is judged as before.
STANDS_IN: Final = "stands in "
HEADLINE_OF: Final = "the headline of "

_QUOTATIONS: Final = re.compile(
    '"([^"]*)"?|“([^“”]*)”?|„([^“”„]*)[“”]?|”([^”]*)”?|«([^«»]*)»?|»([^«»]*)«?'
    "|「([^」]*)」?|『([^』]*)』?|‹([^›]*)›?|(?<!\\w)['‘](.*)['’](?!\\w)|^\\s*[–—―-](.*)"
)
_SENTENCE_END: Final = re.compile(r"[.…。．।॥؟۔։።?？][\"'”’“»«)\]」』]*$")
_CALL: Final = re.compile(r"[!！]\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A block of the article at hand, `extent` words long.

    `key` is equal for the same wording, whatever its case and punctuation; None if
    there is none. `words` are those that can say what it is about.
    """

    text: str
    at: int
    key: bytes | None
    words: frozenset[str]
    extent: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a block, the article at hand not counted.

    `stories` it stood in, the first at `since`, the outlet's `first_turn`-th.
    `where` are the subjects of the latest of them. `learnt`: it has been found to be
    boilerplate. `revoked`: the operator wants it kept.
    """

    stories: int
    since: datetime
    first_turn: int
    where: tuple[Subject, ...] = ()
    learnt: bool = False
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Recall:
    """All that is remembered of an article's blocks, by their keys.

    The article is the outlet's `turn`-th story. `recent` are the subjects of the
    latest ones, `headlines` the URLs of other stories by the line that names them,
    `dropped` what the memory has taken out of this article's stored text, by its text.
    """

    turn: int
    seen: Mapping[bytes, Seen] = field(default_factory=dict)
    recent: tuple[Subject, ...] = ()
    headlines: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, Removed] = field(default_factory=dict)


def lines(paragraphs: Sequence[Paragraph]) -> tuple[Line, ...]:
    """The blocks of a text as the memory takes them; none of a table."""
    if len(paragraphs) > MOST_BLOCKS:
        return ()
    return tuple(_line(paragraph) for paragraph in paragraphs)


def _line(paragraph: Paragraph) -> Line:
    row = tokens(paragraph.text)
    wording = " ".join(row).encode("utf-8", "replace")
    key = blake2b(wording, digest_size=16).digest() if row else None
    return Line(paragraph.text, paragraph.at, key, words(row), extent(row))


def is_remembered(turns_ago: int, ago: timedelta) -> bool:
    """Whether a block last seen so many articles, and so long, ago still counts."""
    return turns_ago <= ARTICLES and ago <= SPAN


def is_quotation(text: str) -> bool:
    """Whether somebody is quoted with more than a name or a word."""
    return any(
        extent(tokens(said)) >= QUOTED_WORDS
        for groups in _QUOTATIONS.findall(text)
        for said in groups
    )


def is_headline_like(line: Line) -> bool:
    """Whether a line has the length of a headline, and no full stop."""
    fewest, most = HEADLINE
    return fewest <= line.extent <= most and not _SENTENCE_END.search(line.text)


def matters(
    where: Sequence[Subject], block: frozenset[str], recent: Sequence[Subject]
) -> int:
    """In how many matters that have nothing in common these articles fall."""
    common = in_common(recent) if len(recent) >= FEW else frozenset()
    told = common if len(recent) >= RECENT else frozenset[int]()
    groups: list[list[Subject]] = []
    for one in where:
        near = [
            group
            for group in groups
            if any(
                _same_matter(one, each, hashed(block), common, told) for each in group
            )
        ]
        far = [group for group in groups if group not in near]
        groups = [*far, [one, *(each for group in near for each in group)]]
    return len(groups)


def _same_matter(
    one: Subject, other: Subject, block: Subject, common: Subject, told: Subject
) -> bool:
    if share(one, other) >= SAME:
        return True
    spoken_of = len(one & other & block - told)
    if share(one - common, other - common) >= CLOSE:
        return spoken_of > 0
    bound = spoken_of >= 2 or spoken_of * 3 >= len(block) > 0
    return bound and share(one, other) >= RELATED


def judge(article: Sequence[Line], recall: Recall) -> tuple[Removed, ...]:
    """The blocks that are to go, in document order.

    All of them stay if too little of the text would be left.
    """
    settled = {block.at: block for block in settle(article, recall.dropped)}
    found = settled | _repeated(article, recall, settled)
    found |= _teasers(article, recall, found)
    if sum(line.extent for line in article if line.at not in found) < LEAST:
        found = settled
    return tuple(found[at] for at in sorted(found))


def settle(
    article: Sequence[Line], dropped: Mapping[str, Removed]
) -> tuple[Removed, ...]:
    """The blocks that the memory has taken out of this article before.

    If nothing else has changed, neither has the article: what the memory learns or
    forgets from one visit to the next is no revision.
    """
    return tuple(
        replace(dropped[line.text], at=line.at)
        for line in article
        if line.text in dropped
    )


def without(cleaned: Cleaned, removed: Sequence[Removed]) -> Cleaned:
    """The article without those blocks; they stand in its ledger."""
    gone = {block.at for block in removed}
    kept = tuple(p for p in cleaned.paragraphs if p.at not in gone)
    ledger = sorted((*cleaned.removed, *removed), key=lambda block: block.at)
    return replace(cleaned, paragraphs=kept, removed=tuple(ledger))


def _repeated(
    article: Sequence[Line], recall: Recall, settled: Mapping[int, Removed]
) -> dict[int, Removed]:
    recurring = {
        line.at: _as_repeated(line, recall)
        for line in article
        if line.at not in settled and _is_boilerplate(line, recall)
    }
    short = {line.at for line in article if line.extent < SHORT}
    found = {at: why for at, why in recurring.items() if at not in short}
    # There and back, so that whole runs of short blocks go with their neighbour.
    order = range(len(article))
    for place in (*order, *reversed(order)):
        line = article[place]
        if line.at in recurring and line.at not in found:
            near = article[max(0, place - 1) : place + 2]
            beside = any(each.at in found or each.at in settled for each in near)
            if (beside or _stands_apart(article, place)) and _is_frequent(line, recall):
                found[line.at] = recurring[line.at]
    return found


def _is_boilerplate(line: Line, recall: Recall) -> bool:
    seen = recall.seen.get(line.key) if line.key is not None else None
    if seen is None or seen.revoked:
        return False
    if is_quotation(line.text):
        return False
    return seen.learnt or (
        seen.stories >= ENOUGH
        and matters(seen.where, line.words, recall.recent) >= ENOUGH
    )


def _stands_apart(article: Sequence[Line], place: int) -> bool:
    """At an edge of the text, or calling the reader, as crossheads do not."""
    at_edge = place < FIRST or place >= len(article) - LAST
    return at_edge or bool(_CALL.search(article[place].text))


def _is_frequent(line: Line, recall: Recall) -> bool:
    assert line.key is not None  # noqa: S101 - it was found by its key
    seen = recall.seen[line.key]
    return (seen.stories + 1) * ONE_IN >= recall.turn - seen.first_turn + 1


def _as_repeated(line: Line, recall: Recall) -> Removed:
    assert line.key is not None  # noqa: S101 - it was found by its key
    seen = recall.seen[line.key]
    evidence = (
        f"{STANDS_IN}{seen.stories} articles of different stories"
        f" since {seen.since:%Y-%m-%d}"
    )
    return Removed(line.text, Reason.REPEATED, line.at, evidence)


def _teasers(
    article: Sequence[Line], recall: Recall, found: Mapping[int, Removed]
) -> dict[int, Removed]:
    teasers = {}
    rest = [line for line in article if line.at not in found]
    for place, line in enumerate(rest):
        url = recall.headlines.get(line.text)
        if url and not _is_told_below(line, rest[place + 1 : place + 2]):
            evidence = f"{HEADLINE_OF}{url}"
            teasers[line.at] = Removed(line.text, Reason.TEASER, line.at, evidence)
    return teasers


def _is_told_below(line: Line, below: Sequence[Line]) -> bool:
    """Whether the next block is on it: the crosshead of a round-up is no teaser."""
    return any(len(line.words & each.words) >= 2 for each in below)
