"""What no markup tells of the lines before and behind a text: only place and words do.

Readers' comments, who the author is, whose opinion a text is, by-lines with more behind
them. Each looks at the blocks that are kept and gives those at the edges a verdict.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from pipelines.article import Reason
from pipelines.cleaning import lines, tags
from pipelines.cleaning.case import Case, Piece, Verdict
from pipelines.cleaning.wording import ends_sentence, words

#: Notices and by-lines stand among so many first blocks, or so many last ones.
_FIRST: Final = 3
_LAST: Final = 3
#: So many words of text stand before its first comment.
_TEXT_WORDS: Final = 100
_SIGNED: Final = 3
#: A comment with its title above has no more blocks.
_ENTRY: Final = 5
_NOT_NAMES: Final = re.compile(r"[\d\W]+")
_BYLINE: Final = re.compile(r"(?i:by|von|par|por|di|door)\s+(?=[^\W\d_a-z])")
_BYLINE_WORDS: Final = 14
#: A label and a headline behind it: "Gazette Video: The pier from the air".
_LEADER: Final = re.compile(
    r"(?:[\w'’.-]+\s+){0,3}(?:videos?|podcasts?|photos|gallery|galerie|galería|"
    r"fotogalerie|bilderstrecke|fotostrecke|fotos|видео|відео|فيديو|動画|视频|영상)"
    r"\s*[:：]\s*\S.*",
    re.IGNORECASE,
)
_LEADER_WORDS: Final = 20


def comments(case: Case) -> None:
    """From the first line that tells who commented when, all are comments.

    Three such lines of three people do, or a heading that counts comments above one;
    the few who write a live blog sign more than one entry.
    """
    kept = case.kept()
    heads = _comment_heads(kept)
    if not heads or any(below - above < 2 for above, below in pairwise(heads)):
        return  # lines in a row are a list
    first = heads[0]
    counted = first > 0 and lines.comments_counted(kept[first - 1].text)
    signed = {_NOT_NAMES.sub("", kept[at].text) for at in heads}
    if not counted and (len(signed) < _SIGNED or len(signed) * 3 < len(heads) * 2):
        return
    if counted:
        first -= 1
    elif heads[-1] == len(kept) - 1:  # signed at the foot, titled at the head
        titled = [at for at in range(first) if kept[at].node.heading]
        first = titled[-1] if titled and first - titled[-1] <= _ENTRY else first
    for piece in kept[first:]:
        case.verdicts[piece.at] = Verdict(
            Reason.COMMENTS, "among lines that tell who commented when"
        )


def _comment_heads(kept: list[Piece]) -> list[int]:
    """Where lines tell who commented when, behind a text."""
    before, heads = 0, []
    for at, piece in enumerate(kept):
        if before >= _TEXT_WORDS and lines.comment_head(piece.text):
            heads.append(at)
        before += piece.words
    return heads


def notices(case: Case) -> None:
    """Before or behind the text: whose opinion or work it is, and who may use it."""
    kept = case.all_kept()
    for piece in (*kept[:_FIRST], *kept[-_LAST:]):
        if len(kept) > 2 * _FIRST or piece in kept[-1:]:
            evidence = lines.text_note(piece.text)
            if evidence:
                case.verdicts[piece.at] = Verdict(Reason.OTHER, evidence)


def stranger(case: Case) -> None:
    """The last blocks introduce a writer whom the text does not know."""
    for piece in reversed(case.kept()[-2:]):
        name = lines.introduces(piece.text)
        if name is None or piece.node.tag in tags.ROWS:
            return
        surname = words(name)[-1]
        others = (other for other in case.kept() if other.at != piece.at)
        told = any(surname in words(other.text) for other in others)
        if told or any(surname in title for title in case.titles):
            return
        case.verdicts[piece.at] = Verdict(
            Reason.AUTHOR, "introduces a writer of whom the text does not speak"
        )


def bylines(case: Case) -> None:
    """Before the text: "By Ann Lee", and whatever else stands in that line."""
    for piece in case.all_kept()[:_FIRST]:
        short = piece.words <= _BYLINE_WORDS and not ends_sentence(piece.text)
        free = piece.node.tag not in tags.ROWS and not piece.node.heading
        if short and free and _BYLINE.match(piece.text) and _is_named(piece.text):
            case.verdicts[piece.at] = Verdict(Reason.AUTHOR, "a by-line, and more")


def _is_named(text: str) -> bool:
    """Whether two capitalised words follow the first."""
    tall = [word[:1].isupper() for word in text.split()[1:3]]
    return len(tall) == 2 and all(tall)


def leaders(case: Case) -> None:
    """Behind the text: a label for a film, pictures or more, and their headline."""
    for piece in case.kept()[-1:]:
        film = piece.words <= _LEADER_WORDS and _LEADER.fullmatch(piece.text)
        if (
            (film or lines.leader(piece.text))
            and not ends_sentence(piece.text)
            and piece.node.tag not in tags.ROWS
        ):
            case.verdicts[piece.at] = Verdict(
                Reason.RELATED, "a label and a headline behind the text"
            )
