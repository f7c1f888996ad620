"""What a worker does with one page or one flattened text: everything but storing.

Stateless and without IO: the same input gives the same `Reading`. The heavy parts
(lxml, trafilatura, langdetect) are imported when the first page is read, so that
programs may build inputs for the workers without loading them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipelines.article import (
    Cleaned,
    Metadata,
    Paragraph,
    Reading,
    Reason,
    Removed,
)
from pipelines.candidate import Candidate
from pipelines.outcome import Outcome

if TYPE_CHECKING:
    from pipelines.cleaning import CleanRules

#: A page whose text is shorter is a stub, a video or a picture with a line below:
#: the shortest complete articles among 222 pages of the corpora have some 300
#: letters. Chinese and Japanese say the same in two fifths of the letters.
SHORTEST: Final = 200
SHORTEST_EAST_ASIAN: Final = 80

_EAST_ASIAN: Final = frozenset({"ja", "zh-cn", "zh-tw"})


@dataclass(frozen=True, slots=True)
class PageInput:
    """One fetched page for a worker.

    `fetched_at` (aware) is what dates are measured against: an article is not from
    the future. None means now.
    """

    body: bytes
    content_type: str | None = None
    url: str | None = None
    hints: Candidate | None = None
    outlet_language: str | None = None
    rules: CleanRules | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextInput:
    """One flattened text for a worker. Of `rules`, only `remove_lines` apply."""

    text: str
    language: str | None = None
    rules: CleanRules | None = None


Input = PageInput | TextInput


def read(source: Input) -> Reading:
    """The reading of a page or of a text; what workers call."""
    if isinstance(source, TextInput):
        return read_text(source.text, source.language, source.rules)
    return read_page(source)


def read_page(page: PageInput) -> Reading:
    """Everything that one page tells: its text, its metadata, its language."""
    from pipelines import metadata
    from pipelines.cleaning import CLEANER_VERSION, clean_page
    from pipelines.document import parse
    from pipelines.sniffing import foreign

    if kind := foreign(page.body):
        return _foreign(f"{kind}, not a page", CLEANER_VERSION)
    document = parse(page.body, page.content_type, page.url)
    about = metadata.read(document, page.hints, page.fetched_at)
    cleaned = _tidy(clean_page(document, about, page.rules))
    cleaned = replace(cleaned, title=about.title or cleaned.title)
    language = _language(cleaned.text, page.outlet_language, about.declared_language)
    return Reading(
        cleaned=_named(cleaned, _least(language, page.rules)),
        metadata=about,
        language=language,
        cleaner_version=CLEANER_VERSION,
    )


def _foreign(detail: str, version: str) -> Reading:
    cleaned = Cleaned(None, (), (), Outcome.WRONG_TYPE, detail)
    return Reading(cleaned, Metadata(), "und", version)


def read_text(
    text: str, prior: str | None = None, rules: CleanRules | None = None
) -> Reading:
    """What can be told of a text without its page: title and text, its language."""
    from pipelines.cleaning import CLEANER_VERSION
    from pipelines.cleaning.flat import clean_text
    from pipelines.document import printable

    cleaned = _without_lines(_tidy(clean_text(printable(sound(text)))), rules)
    if not cleaned.paragraphs and cleaned.outcome is None:
        cleaned = replace(cleaned, outcome=Outcome.THIN, detail="no text")
    return Reading(
        cleaned=cleaned,
        metadata=Metadata(title=cleaned.title),
        language=_language(cleaned.text, prior, None),
        cleaner_version=CLEANER_VERSION,
    )


def _language(text: str, prior: str | None, declared: str | None) -> str:
    from pipelines.language import detect

    return detect(text, prior, declared)


def _without_lines(cleaned: Cleaned, rules: CleanRules | None) -> Cleaned:
    """`cleaned` without the lines that the operator's patterns are found in."""
    if rules is None or not rules.remove_lines:
        return cleaned
    from pipelines.cleaning.rules import pattern

    kept, removed = [], list(cleaned.removed)
    for line in cleaned.paragraphs:
        rule = next((p for p in rules.remove_lines if pattern(p).search(line.text)), "")
        if rule:
            evidence = f"the outlet's rule remove_lines {rule!r}"
            removed.append(Removed(line.text, Reason.RULE, line.at, evidence))
        else:
            kept.append(line)
    removed.sort(key=lambda gone: gone.at)
    return replace(cleaned, paragraphs=tuple(kept), removed=tuple(removed))


def _least(language: str, rules: CleanRules | None) -> int:
    """How many characters a text must have: the operator's word, or the usual."""
    if rules is not None and rules.min_characters is not None:
        return rules.min_characters
    return SHORTEST_EAST_ASIAN if language in _EAST_ASIAN else SHORTEST


def _named(cleaned: Cleaned, least: int) -> Cleaned:
    """`cleaned`, called THIN if it is too short and nothing else explains it."""
    characters = sum(len(paragraph.text) for paragraph in cleaned.paragraphs)
    if cleaned.outcome is not None or characters >= max(1, least):
        return cleaned
    detail = f"{characters} characters of text; an article has at least {least}"
    return replace(cleaned, outcome=Outcome.THIN, detail=detail)


def _tidy(cleaned: Cleaned) -> Cleaned:
    """`cleaned` with every string in NFC and without lone surrogates or NUL."""
    return replace(
        cleaned,
        title=sound(cleaned.title) if cleaned.title else None,
        paragraphs=tuple(Paragraph(sound(p.text), p.at) for p in cleaned.paragraphs),
        removed=tuple(
            Removed(sound(r.text), r.reason, r.at, sound(r.evidence))
            for r in cleaned.removed
        ),
    )


def sound(text: str) -> str:
    """`text` as it can be stored, compared and sent: NFC, no surrogates, no NUL."""
    if text.isascii():
        return text.replace("\x00", "")
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", text)
