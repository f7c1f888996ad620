"""What is known of a text that is to be related, and of those that came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.similarity.wording import Wording, window_of


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be related. `outlet` and `url_key` are "" and None where unknown."""

    outlet: str
    url_key: int | None
    seen_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A text that was seen before, without the lines that its outlet repeats."""

    id: int
    story: int
    outlet: str
    seen_at: datetime | None
    exact: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class Found:
    """A text that was seen before, and the story that it is of."""

    id: int
    story: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A print and the first text of a story that had it, of so many words."""

    print: int
    id: int
    story: int
    words: int

    @property
    def window(self) -> int:
        """Of how many runs of that text at least one is among its prints."""
        return window_of(self.words)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text. `own` leaves out the lines that the outlet repeats.

    `lines` and `repeated` are keys of lines. `length`, in words, and `exact` are of the
    whole text. All but `exact` know no more than the `wording.LONGEST` first words.
    """

    text: Text
    lines: tuple[int, ...]
    length: int
    exact: int
    own: Wording
    prints: tuple[int, ...]
    repeated: frozenset[int] = frozenset()
