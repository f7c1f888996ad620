"""What a revision changed, paragraph by paragraph, and how much that matters. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from pipelines.corrections import notice
from pipelines.fingerprint import tokens

#: Two paragraphs that share so many of their words are one, edited.
EDITED: Final = 0.5
#: Less of the shorter text than this is left of a rewritten one.
LEFT: Final = 0.5
#: A correction changes so many words of a paragraph at most, makes it longer or
#: shorter by so many, and changes so many in all.
CORRECTED_WORDS: Final = 10
CORRECTED_LENGTH: Final = 5
CORRECTED_IN_ALL: Final = 30
#: Words of a line that counts or dates: "3 minutes ago", "12 comments".
FURNITURE: Final = 6
#: Fewer words come and go with the page's furniture.
TRIFLE: Final = 4
#: Slips that are mended without any fact changing.
SLIPS: Final = 5

#: More paragraphs, or words of one, are not compared one by one.
MOST_PARAGRAPHS: Final = 2000
MOST_PAIRED: Final = 80
MOST_WORDS: Final = 2000

_ENDS: Final = (".", "!", "?", "。", "！", "？", "।", "؟", "۔", "…")


class Change(StrEnum):
    """What a revision is to whoever knows the text before it."""

    COSMETIC = "cosmetic"
    HEADLINE_ONLY = "headline-only"
    CORRECTION = "correction"
    MATERIAL = "material"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Version:
    """A title and a text, one paragraph a line."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two versions.

    Paragraphs that are `kept` (how many) or `moved` have the same words; `edited` are
    the same ones before and after. `title` is None if its words are the same, `notice`
    the correction notice that came.
    """

    change: Change
    kept: int
    moved: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[tuple[str, str], ...] = ()
    title: tuple[str | None, str | None] | None = None
    notice: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For consumers, and for the column."""
        return {
            "class": self.change,
            "kept": self.kept,
            "moved": list(self.moved),
            "added": list(self.added),
            "removed": list(self.removed),
            "edited": [{"before": old, "after": new} for old, new in self.edited],
            "title": self.title and {"before": self.title[0], "after": self.title[1]},
            "notice": self.notice,
        }


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Two texts, paragraph beside paragraph."""

    kept: tuple[_Paragraph, ...]
    moved: tuple[_Paragraph, ...]
    added: tuple[_Paragraph, ...]
    removed: tuple[_Paragraph, ...]
    edited: tuple[tuple[_Paragraph, _Paragraph], ...]


@lru_cache(maxsize=8)  # asked for before and in the transaction that stores a text
def compare(before: Version, after: Version) -> Changes:
    """What changed from one version to the next."""
    old, new = _paragraphs(before.text), _paragraphs(after.text)
    aligned = _aligned(old, new)
    retitled = tokens(before.title or "") != tokens(after.title or "")
    fresh = [p.text for p in aligned.added] + [p.text for _, p in aligned.edited]
    said = notice(fresh)
    change = _change(aligned, (old, new), retitled=retitled, notice=said)
    return Changes(
        change=change,
        kept=len(aligned.kept),
        moved=_texts(aligned.moved),
        added=_texts(aligned.added),
        removed=_texts(aligned.removed),
        edited=tuple((one.text, other.text) for one, other in aligned.edited),
        title=(before.title, after.title) if retitled else None,
        notice=said,
    )


def _change(
    aligned: _Aligned,
    texts: tuple[list[_Paragraph], list[_Paragraph]],
    *,
    retitled: bool,
    notice: str | None,
) -> Change:
    if notice is not None:
        return Change.CORRECTION
    if _is_trifling(aligned):
        return Change.HEADLINE_ONLY if retitled else Change.COSMETIC
    shorter = min(map(_size, texts))
    if _common(aligned) < LEFT * shorter:
        return Change.REWRITTEN
    if aligned.added or aligned.removed:
        return Change.MATERIAL
    return Change.CORRECTION if _is_touched_up(aligned) else Change.MATERIAL


def _is_touched_up(aligned: _Aligned) -> bool:
    """Whether a few words were put in the place of a few others."""
    sizes = [tuple(map(len, _differing(*pair))) for pair in aligned.edited]
    return sum(map(max, sizes)) <= CORRECTED_IN_ALL and all(
        max(gone, come) <= CORRECTED_WORDS and abs(gone - come) <= CORRECTED_LENGTH
        for gone, come in sizes
    )


def _is_trifling(aligned: _Aligned) -> bool:
    """Whether no words of the article changed."""
    come_and_gone = _size(aligned.added) + _size(aligned.removed)
    return come_and_gone <= TRIFLE and all(
        _counts_anew(*pair) or _mends_slips(*pair) for pair in aligned.edited
    )


def _counts_anew(old: _Paragraph, new: _Paragraph) -> bool:
    """Whether a short line that is no sentence differs in its figures alone."""
    short = max(len(old.words), len(new.words)) <= FURNITURE
    sentence = new.text.rstrip().endswith(_ENDS)
    return short and not sentence and _figureless(old) == _figureless(new)


def _figureless(paragraph: _Paragraph) -> list[str]:
    return [w for w in paragraph.words if not any(map(str.isdigit, w))]


def _mends_slips(old: _Paragraph, new: _Paragraph) -> bool:
    """Whether a few words are only spelt otherwise."""
    gone, come = _differing(old, new)
    return (
        len(gone) == len(come) <= SLIPS
        and sum(map(len, gone)) > len(gone)  # characters stand for words elsewhere
        and all(map(_is_slip, gone, come))
    )


def _is_slip(old: str, new: str) -> bool:
    if any(map(str.isdigit, old + new)) or min(len(old), len(new)) < len("that"):
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= 0.75


def _differing(old: _Paragraph, new: _Paragraph) -> tuple[Sequence[str], Sequence[str]]:
    """The words that are gone from a paragraph, and those that came."""
    if max(len(old.words), len(new.words)) > MOST_WORDS:
        return old.words, new.words
    matcher = SequenceMatcher(None, old.words, new.words, autojunk=False)
    gone: list[str] = []
    come: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            gone += old.words[i1:i2]
            come += new.words[j1:j2]
    return gone, come


def _common(aligned: _Aligned) -> int:
    """How many words of the new text were in the old one, in the same paragraph."""
    edited = sum((_bag(one) & _bag(other)).total() for one, other in aligned.edited)
    return _size(aligned.kept) + _size(aligned.moved) + edited


# Paragraph beside paragraph


def _paragraphs(text: str) -> list[_Paragraph]:
    found = (_Paragraph(line, tuple(tokens(line))) for line in text.split("\n"))
    return [paragraph for paragraph in found if paragraph.words]


def _aligned(old: list[_Paragraph], new: list[_Paragraph]) -> _Aligned:
    kept, gone, come = _in_order(old, new)
    stock = Counter(paragraph.words for paragraph in gone)
    moved = []
    added = []
    for paragraph in come:
        if stock[paragraph.words] > 0:
            stock[paragraph.words] -= 1
            moved.append(paragraph)
        else:
            added.append(paragraph)
    removed = []
    for paragraph in reversed(gone):
        if stock[paragraph.words] > 0:
            stock[paragraph.words] -= 1
            removed.append(paragraph)
    removed.reverse()
    edited = _edited(removed, added)
    before = {id(one) for one, _ in edited}
    after = {id(other) for _, other in edited}
    return _Aligned(
        kept=tuple(kept),
        moved=tuple(moved),
        added=tuple(one for one in added if id(one) not in after),
        removed=tuple(one for one in removed if id(one) not in before),
        edited=tuple(edited),
    )


def _in_order(
    old: list[_Paragraph], new: list[_Paragraph]
) -> tuple[list[_Paragraph], list[_Paragraph], list[_Paragraph]]:
    """The paragraphs that stand in both in the same order; the rest of each."""
    if max(len(old), len(new)) > MOST_PARAGRAPHS:
        return [], old, new
    matcher = SequenceMatcher(
        None, [p.words for p in old], [p.words for p in new], autojunk=False
    )
    kept: list[_Paragraph] = []
    gone: list[_Paragraph] = []
    come: list[_Paragraph] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            kept += new[j1:j2]
        else:
            gone += old[i1:i2]
            come += new[j1:j2]
    return kept, gone, come


def _edited(
    removed: list[_Paragraph], added: list[_Paragraph]
) -> list[tuple[_Paragraph, _Paragraph]]:
    """Pairs of a paragraph and what became of it, the likest first."""
    if len(removed) > MOST_PAIRED or len(added) > MOST_PAIRED:
        return []
    likeness = [
        (_likeness(one, other), at, to)
        for at, one in enumerate(removed)
        for to, other in enumerate(added)
    ]
    pairs = []
    left, right = set(range(len(removed))), set(range(len(added)))
    for share, at, to in sorted(likeness, key=lambda each: (-each[0], *each[1:])):
        if share >= EDITED and at in left and to in right:
            left.remove(at)
            right.remove(to)
            pairs.append((to, removed[at], added[to]))
    return [(one, other) for _, one, other in sorted(pairs, key=lambda p: p[0])]


def _likeness(one: _Paragraph, other: _Paragraph) -> float:
    """The share of words in common (Dice's coefficient of the bags of words)."""
    if _counts_anew(one, other):
        return 1.0
    common = (_bag(one) & _bag(other)).total()
    return 2 * common / (len(one.words) + len(other.words))


def _bag(paragraph: _Paragraph) -> Counter[str]:
    return Counter(paragraph.words)


def _size(paragraphs: Iterable[_Paragraph]) -> int:
    return sum(len(paragraph.words) for paragraph in paragraphs)


def _texts(paragraphs: Iterable[_Paragraph]) -> tuple[str, ...]:
    return tuple(paragraph.text for paragraph in paragraphs)
