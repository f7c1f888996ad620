"""What a flattened text's lines are by one another: pairs, leaders, groups, repeats.

Each pass takes the text and what is marked so far, and marks more lines. The passes
know no outlet and hardly any words; those are in `lines.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.article import Reason
from pipelines.cleaning.flat_title import find_title
from pipelines.cleaning.lines import (
    Verdict,
    ends_sentence,
    enlarges,
    judge,
    kicker_pair,
    publication_line,
    repeated_caption,
    signature,
)
from pipelines.cleaning.phrases import bare, fold, word_count

Marks = dict[int, Verdict]

_PARAGRAPH_WORDS, _STOPPED_WORDS = 12, 7
_HEADLINE_WORDS, _CAPTION_WORDS = 30, 45
_REPEATED_WORDS = 8
#: So many times between paragraphs make a live report.
_TICKER = 3
_FILM_WORDS = 30
#: "26.10.2025 | 2:43 min"
_FILM_LENGTH = re.compile(
    r"(?:[\d./-]+\s*[|•·-]\s*)?\d{1,2}:\d{2}\s*(?:min|мин|dk|mn|perc|分)\b\W*",
    re.IGNORECASE,
)
#: In the middle of an article a leader has at most so many headlines under it.
_LED = 6


@dataclass(frozen=True, slots=True)
class Flat:
    """The non-empty lines of a text, and whether a blank line stands before each."""

    lines: tuple[str, ...]
    gaps: tuple[bool, ...]

    @property
    def spaced(self) -> bool:
        """Whether blank lines set the blocks apart, so that lines in touch belong."""
        return sum(self.gaps[1:]) >= 0.4 * max(len(self.gaps) - 1, 1)

    def groups(self) -> Iterator[range]:
        """The runs of lines without a blank line between them."""
        starts = [at for at, gap in enumerate(self.gaps) if gap or at == 0]
        ends = [*starts[1:], len(self.lines)]
        return (range(start, end) for start, end in zip(starts, ends, strict=True))


def read(text: str) -> Flat:
    """Splits a text into its non-empty lines, without the space around them."""
    lines, gaps, blank = [], [], False
    for line in text.splitlines():
        stripped = line.strip().strip("\ufeff\u200b\u200e\u200f \t")
        if stripped:
            lines.append(stripped)
            gaps.append(blank)
        blank = not stripped
    return Flat(tuple(lines), tuple(gaps))


def mark(flat: Flat) -> tuple[int | None, Marks]:
    """The title's line, and every line that rules show not to be article text."""
    single = [judge(line) for line in flat.lines]
    title = find_title(flat.lines, single)
    marks: Marks = {}
    for found in (
        _titles(flat, title),
        _pairs(flat, title),
        _without_ticker(flat, _alone(single, title)),
    ):
        marks = found | marks
    marks = _captions_beside_credits(flat, marks, title) | marks
    marks = _enlarged(flat, marks, title) | marks
    marks = _signed(flat, marks, title) | marks
    marks = _led(flat, marks, title) | marks
    return title, _repeats(flat, marks, title) | marks


def _alone(single: Sequence[Verdict | None], title: int | None) -> Marks:
    """What lines are by themselves."""
    return {at: found for at, found in enumerate(single) if found and at != title}


def _without_ticker(flat: Flat, marks: Marks) -> Marks:
    """The marks without those of times that head the entries of a live report."""
    times = [
        at
        for at in range(1, len(flat.lines) - 1)
        if at in marks
        and publication_line(flat.lines[at])
        and _is_paragraph(flat.lines[at + 1])
        and _is_paragraph(flat.lines[at - 1])
    ]
    if len(times) < _TICKER:
        return marks
    return {at: verdict for at, verdict in marks.items() if at not in times}


def _titles(flat: Flat, title: int | None) -> Marks:
    """What stands above the title, and the title again."""
    if title is None:
        return {}
    marks = {
        at: Verdict(Reason.CHROME, "stands above the title") for at in range(title)
    }
    wanted = bare(fold(flat.lines[title]))
    for at, line in enumerate(flat.lines):
        folded = bare(fold(line))
        again = wanted in folded and len(folded) <= 1.6 * len(wanted) + 12
        if at != title and again and not ends_sentence(line):
            marks[at] = Verdict(Reason.TITLE, "the title again")
    return marks


def _pairs(flat: Flat, title: int | None) -> Marks:
    """Teasers and captions that come twice, the second time with more to them."""
    marks: Marks = {}
    for at in range(len(flat.lines) - 1):
        if at in marks or title in (at, at + 1):
            continue
        for reason, judgement in (
            (Reason.CAPTION, repeated_caption),
            (Reason.TEASER, kicker_pair),
        ):
            evidence = judgement(flat.lines[at], flat.lines[at + 1])
            if evidence and not _first_words(flat, title, at, evidence):
                marks[at] = marks[at + 1] = Verdict(reason, evidence)
                break
    return marks | _kickers_above(flat, marks, title)


def _kickers_above(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """Kickers that stand alone above their teaser."""
    found: Marks = {}
    for at, verdict in marks.items():
        above = at - 1
        if verdict.reason is not Reason.TEASER or above < 0 or above == title:
            continue
        kicker = f'the kicker "{bare(flat.lines[above])}"'
        if fold(verdict.evidence).endswith(fold(kicker)):
            found[above] = Verdict(Reason.TEASER, f"{kicker} of the teaser below")
    return found


def _first_words(flat: Flat, title: int | None, at: int, evidence: str) -> bool:
    """Whether a doubled line may be the text's opening, printed twice."""
    opening = at == (0 if title is None else title + 1)
    return opening and evidence.startswith("the same line twice")


def _captions_beside_credits(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """Lines in touch with a picture's credit, where blank lines part the blocks."""
    found: Marks = {}
    for group in flat.groups() if flat.spaced else ():
        # The last group may be the text's end and the credit of its cover photo.
        if not 2 <= len(group) <= 4 or group.stop == len(flat.lines):
            continue
        credits_ = [flat.lines[at] for at in group if _is(marks, at, Reason.CREDIT)]
        for at in group if credits_ else ():
            if at != title and word_count(flat.lines[at]) <= _CAPTION_WORDS:
                evidence = f'in touch with the credit "{credits_[0]}"'
                found[at] = Verdict(Reason.CAPTION, evidence)
    return found


def _enlarged(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """What stands below a button that enlarges a picture, or above a film's length."""
    found: Marks = {}
    for at, line in enumerate(flat.lines):
        if enlarges(line):
            found[at] = Verdict(Reason.CHROME, "a button that enlarges a picture")
            below = at + 1
            evidence = f'stands below "{line}"'
        elif _FILM_LENGTH.fullmatch(line):
            below = at - 1
            evidence = f'stands above the length of a film, "{line}"'
        else:
            continue
        most = _CAPTION_WORDS if below > at else _FILM_WORDS
        spoken = 0 <= below < len(flat.lines) and below not in marks and below != title
        if spoken and 2 <= word_count(flat.lines[below]) <= most:
            found[below] = Verdict(Reason.CAPTION, evidence)
    return found


def _signed(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """Lines that end in a name behind their last full stop, as no paragraph does."""
    signed = {
        at: names
        for at in kept(flat, title, marks)
        if word_count(flat.lines[at]) <= _CAPTION_WORDS
        and (names := signature(flat.lines[at]))
    }
    ends = list(signed.values())
    return {
        at: Verdict(Reason.CAPTION, f'ends in the credit "{names}"')
        for at, names in signed.items()
        # A word alone may be anything, unless other lines end in it, too.
        if word_count(names) > 1 or ends.count(names) > 1
    }


def _is(marks: Marks, at: int, reason: Reason) -> bool:
    return at in marks and marks[at].reason is reason


def _led(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """Headlines under a leader such as "More on X:", up to the next paragraph."""
    found: Marks = {}
    for leader in marks:
        if not _is(marks, leader, Reason.RELATED) or not _leads_on(flat, leader):
            continue
        evidence = f'stands under "{flat.lines[leader]}"'
        for at in _headlines_under(flat, marks, leader):
            if at != title:
                found[at] = Verdict(Reason.TEASER, evidence)
    return found


def _leads_on(flat: Flat, leader: int) -> bool:
    """Whether the leader has no headline in its own line."""
    line = flat.lines[leader]
    return line.endswith((":", "：")) or word_count(line) <= 5


def _headlines_under(flat: Flat, marks: Marks, leader: int) -> list[int]:
    led: list[int] = []
    for at in range(leader + 1, len(flat.lines)):
        if _is_paragraph(flat.lines[at]):
            return _without_crosshead(flat, led)
        if _is(marks, at, Reason.RELATED) and _leads_on(flat, at):
            return led  # what follows stands under that leader
        if word_count(flat.lines[at]) <= _HEADLINE_WORDS:
            led.append(at)
    return led


def _without_crosshead(flat: Flat, led: list[int]) -> list[int]:
    """Spares the last short line before the text goes on: it heads what follows."""
    if len(led) > 1 and (word_count(flat.lines[led[-1]]) <= 5 or flat.gaps[led[-1]]):
        led = led[:-1]
    return led[:_LED]


def _is_paragraph(line: str) -> bool:
    """Whether a line goes on with the article: headlines bear no full stop."""
    stop = line.rstrip("\"'”’»)」』").endswith((".", "。", "।")) and line[-2:] != ".."
    fewest = _STOPPED_WORDS if stop else _PARAGRAPH_WORDS
    return word_count(line) >= fewest and ends_sentence(line)


def _repeats(flat: Flat, marks: Marks, title: int | None) -> Marks:
    """The second copies of lines that stand in the text twice.

    What comes more often is a refrain of the article: the question put to everyone,
    the list of a recipe.
    """
    places: dict[str, list[int]] = {}
    for at in kept(flat, title, marks):
        if word_count(flat.lines[at]) >= _REPEATED_WORDS:
            places.setdefault(bare(fold(flat.lines[at])), []).append(at)
    twice = [copies[1] for copies in places.values() if len(copies) == 2]
    more = sum(len(copies) > 2 for copies in places.values())
    verdict = Verdict(Reason.REPEATED, "the same line stands above")
    return {} if more else dict.fromkeys(twice, verdict)


def kept(flat: Flat, title: int | None, marks: Marks) -> Sequence[int]:
    """The numbers of the lines that are neither the title nor marked."""
    return [at for at in range(len(flat.lines)) if at != title and at not in marks]
