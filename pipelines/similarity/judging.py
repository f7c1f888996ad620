"""What it means that two texts share words: a copy, a form, a round-up. Pure.

The thresholds were measured on real copies, forms and round-ups (docs/duplicates.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pipelines.similarity.matching import Match

#: Of the shorter text. Hand-labelled pairs: all copies from here on, half of them
#: from 0.6; follow-ups that reuse background from OVERLAP on.
COPY: Final = 0.7
OVERLAP: Final = 0.3
#: Of both texts: as long as one another, and every third sentence worded anew. A
#: follow-up of that length has more of its own.
REWORDED: Final = 0.6

#: Words in common, below which nothing follows: a quotation, a dateline, a credit.
FEWEST_MATCHED: Final = 25

#: One outlet fills the same short phrases into unrelated texts; so that much is
#: asked of its own short texts.
OWN_COPY: Final = 0.88
OWN_LONG: Final = 200  # words in common, from which COPY will do

#: Short differences in 100 shared words. Real copies: median 0, 99 % up to 5.9.
#: Form texts with other figures: 8.8 and more; by characters 5.8 and more.
FORM_GAPS: Final = 7.0
FORM_GAPS_LETTERED: Final = 5.0

#: A text that is so many times as long, and in which the other one begins after so
#: large a part, holds it among others.
ROUND_UP_LENGTH: Final = 2.2
ROUND_UP_START: Final = 0.15

#: A corrected figure is corrected soon; the next issue of a form comes a day later.
NEXT_ISSUE: Final = timedelta(hours=18)


class Likeness(StrEnum):
    """How a text relates to one that was seen before."""

    NEW = "new"
    SAME = "same"
    REVISION = "revision"
    OVERLAP = "overlap"
    CONTAINED = "contained"
    TEMPLATE = "template"


#: The relations that put a text into the story of the other one.
ONE_STORY: Final = frozenset({Likeness.SAME, Likeness.REVISION})


@dataclass(frozen=True, slots=True)
class Origins:
    """Where two texts come from. Unknown outlets differ; unknown times are far."""

    same_outlet: bool
    apart: timedelta | None

    @classmethod
    def of(
        cls, outlets: tuple[str, str], times: tuple[datetime | None, datetime | None]
    ) -> Origins:
        """Of two outlets and two times."""
        this, that = times
        apart = abs(this - that) if this is not None and that is not None else None
        return cls(outlets[0] == outlets[1] != "", apart)


def judge(match: Match, origins: Origins) -> Likeness:
    """How a text relates to an older one of another URL."""
    shorter = match.shorter
    if shorter.matched < FEWEST_MATCHED or shorter.coverage < OVERLAP:
        return Likeness.NEW
    if is_form(match, origins):
        return Likeness.TEMPLATE
    if not is_copy(match, origins):
        return Likeness.OVERLAP
    return Likeness.CONTAINED if is_round_up(match) else Likeness.SAME


def is_form(match: Match, origins: Origins) -> bool:
    """Whether both are one form text, filled in twice."""
    shorter = match.shorter
    lettered = shorter.wording.is_lettered
    often = shorter.gap_rate > (FORM_GAPS_LETTERED if lettered else FORM_GAPS)
    if often and shorter.filled >= COPY:
        return True
    later = origins.apart is None or origins.apart >= NEXT_ISSUE
    return (
        origins.same_outlet
        and later
        and match.this.only_figures_differ
        and match.that.only_figures_differ
    )


def is_round_up(match: Match) -> bool:
    """Whether the longer text holds the shorter one as one item among others."""
    longer, shorter = match.longer, match.shorter
    times = len(longer.covered) / len(shorter.covered)
    return times > ROUND_UP_LENGTH and longer.before > ROUND_UP_START


def is_copy(match: Match, origins: Origins) -> bool:
    """Whether so much is shared that one was made from the other, or both from one."""
    shorter, longer = match.shorter, match.longer
    if origins.same_outlet and shorter.matched < OWN_LONG:
        return shorter.coverage >= OWN_COPY
    alike = min(shorter.coverage, longer.coverage) >= REWORDED
    return shorter.coverage >= COPY or alike
