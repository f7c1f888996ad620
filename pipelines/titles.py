"""Which of a page's titles is the article's headline, without the site's name.

A page states its title half a dozen times: for its readers (h1), for search engines
(JSON-LD, <title>) and for social networks (og:, twitter:), often differently and
with the outlet's name behind. What most of them agree on is the headline.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

#: What each place counts for. Measured on the outlets of the corpus, by how often
#: the place alone is right: JSON-LD and h1 84 % of the pages that have them,
#: og:title 69 %, twitter:title 69 %, <title> 28 %.
_WEIGHTS: Final = {
    "json-ld": 3.0,
    "h1": 3.0,
    "class": 3.0,
    "meta": 2.5,
    "og": 2.4,
    "twitter": 1.5,
    "feed": 1.5,
    "title": 1.2,
}

#: Wide on purpose: what is cut off must be the site's name in the end.
_SEPARATOR = re.compile(r"\s+[|•·–—―»«~/-]+\s+|\s*[|｜：]\s*|\s*::?\s+|,\s+")
_SPACES = re.compile(r"\s+")
#: Longer ones are no titles; no title has more separators.
_LONGEST: Final = 2000
_MOST_CUTS: Final = 40
#: So many letters, stated alone elsewhere, are a headline and no kicker; so many in
#: common with the site's name make another form of it ("Slate" of "Slate.fr").
_HEADLINE_LETTERS: Final = 20
_NAME_LETTERS: Final = 4
_LETTERS = re.compile(r"[\W_]+")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of the title: where it stood (a key of the weights) and what."""

    place: str
    text: str
    source: str  # as it is told to users: "og:title"


def choose(said: Iterable[Said], site_names: Iterable[str]) -> tuple[str, str] | None:
    """The headline and where it stood, or None if nothing states one.

    `site_names` are what the page calls its outlet; whatever stands behind a
    separator and is one of them, a domain or a date, is cut off. A heading that
    another title has behind the headline is the masthead, whatever its element.
    """
    names = {letters(name) for name in site_names if letters(name)}
    told = [(s, clean(s.text[:_LONGEST])) for s in said]
    names |= _mastheads(told)
    others = {letters(text) for _, text in told}
    stripped = [(s, strip_site(text, names, others)) for s, text in told]
    usable = [(s, text) for s, text in stripped if _is_title(text, names)]
    if not usable:
        return None
    votes: dict[str, float] = {}
    for place, text in {s.place: text for s, text in reversed(usable)}.items():
        votes[letters(text)] = votes.get(letters(text), 0.0) + _WEIGHTS[place]
    best = max(usable, key=lambda pair: votes.get(letters(pair[1]), 0.0))
    return best[1], best[0].source


def _mastheads(told: list[tuple[Said, str]]) -> set[str]:
    """The headings that stand behind the whole headline in some other title."""
    headings = {letters(text) for said, text in told if said.place == "h1"}
    texts = {letters(text) for _, text in told}
    tails = [
        whole.removeprefix(head)
        for head in texts
        for whole in texts
        if len(head) >= _HEADLINE_LETTERS and whole != head and whole.startswith(head)
    ]
    return {
        heading
        for heading in headings
        if heading and any(heading in tail for tail in tails)
    }


def clean(text: str) -> str:
    """`text` on one line, its entities resolved (twice: feeds escape escapes)."""
    return _SPACES.sub(" ", html.unescape(html.unescape(text))).strip()


def letters(text: str) -> str:
    """What two spellings of one title have in common."""
    return _LETTERS.sub("", text).casefold()


def strip_site(title: str, names: set[str], others: set[str]) -> str:
    """`title` without the site's name, section or date at its end.

    A tail goes if it is one of `names`, a domain or a date; once such a tail is
    found, tails before it go too as long as what remains is stated elsewhere
    (`others`). A head goes only if it is the site's name.
    """
    cuts = list(islice(_SEPARATOR.finditer(title), _MOST_CUTS))
    for cut in cuts:  # "Headline | Politics | Site": the headline is stated elsewhere
        head, tail = title[: cut.start()], title[cut.end() :]
        if letters(head) in others and (
            _names_site(tail, names) or _is_a_form_of_it(head, tail, names)
        ):
            return head.strip()
    while cuts and _is_site(title[cuts[-1].end() :], names):
        title = title[: cuts.pop().start()].strip()
    if cuts and letters(title[: cuts[0].start()]) in names:
        title = title[cuts[0].end() :].strip()
    return title


def _is_a_form_of_it(head: str, tail: str, names: set[str]) -> bool:
    """Whether behind a whole headline stands the site's name, shorter or longer."""
    said = letters(tail)
    if len(letters(head)) < _HEADLINE_LETTERS or len(said) < _NAME_LETTERS:
        return False
    return any(
        name.startswith(said) or (len(name) >= _NAME_LETTERS and said.startswith(name))
        for name in names
    )


def _names_site(tail: str, names: set[str]) -> bool:
    return any(_is_site(part, names) for part in [tail, *_SEPARATOR.split(tail)])


def _is_site(tail: str, names: set[str]) -> bool:
    tail = tail.strip()
    return bool(
        letters(tail) in names or _DOMAIN.fullmatch(tail) or _DATE.fullmatch(tail)
    )


def _is_title(text: str, names: set[str]) -> bool:
    """Whether it can be a headline: not empty, not the site's name, not a book."""
    return bool(letters(text)) and letters(text) not in names and len(text) <= 500
