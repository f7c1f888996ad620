"""What a worker does with one page or one flattened text: everything but storing.

Stateless and without IO: the same input gives the same `Reading`. The heavy parts
(lxml, trafilatura, langdetect) are imported when the first page is read, so that
programs may build inputs for the workers without loading them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipelines.article import (
    FROM_FEED,
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
    from pipelines.paging import Onward

#: A page whose text is shorter is a stub, a video or a picture with a line below:
#: the shortest complete articles among 222 pages of the corpora have some 300
#: letters. Chinese and Japanese say the same in two fifths of the letters.
SHORTEST: Final = 200
SHORTEST_EAST_ASIAN: Final = 80

#: Where the authors of a flattened text are named.
FROM_BYLINE: Final = "by-line"

#: What a feed's text is read as.
_FED: Final = "text/html; charset=utf-8"

_EAST_ASIAN: Final = frozenset({"ja", "zh-cn", "zh-tw"})


@dataclass(frozen=True, slots=True)
class PageInput:
    """One fetched page for a worker.

    `fetched_at` (aware) is what dates are measured against: an article is not from
    the future. None means now. `headers` came with it, names in lower case.
    """

    body: bytes
    content_type: str | None = None
    url: str | None = None
    hints: Candidate | None = None
    outlet_language: str | None = None
    rules: CleanRules | None = None
    fetched_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextInput:
    """One flattened text for a worker. Of `rules`, only `remove_lines` apply."""

    text: str
    language: str | None = None
    rules: CleanRules | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A page, asked where its article goes on (`paging.onward`).

    `first` is the URL of the article's first page, `counted` the number that this
    one's URL counts; of the first page, or one that shows `whole`, the text is wanted.
    """

    body: bytes
    content_type: str | None
    url: str
    first: str
    counted: int = 1
    whole: bool = False
    rules: CleanRules | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a page showed; `text` is empty where it is no article."""

    onward: Onward
    text: str = ""

    @classmethod
    def nothing(cls) -> Seen:
        """Of a page on which nothing was found."""
        from pipelines.paging import Onward

        return cls(Onward())


Input = PageInput | TextInput


def read(source: Input | Look) -> Reading | Seen:
    """The reading of a page or of a text; what workers call."""
    if isinstance(source, TextInput):
        return read_text(source.text, source.language, source.rules)
    if isinstance(source, Look):
        return look(source)
    return read_page(source)


def look(page: Look) -> Seen:
    """Where the article on a page goes on; nowhere, if the page shows none."""
    from pipelines.cleaning import clean_page
    from pipelines.document import parse
    from pipelines.paging import onward

    document = parse(page.body, page.content_type, page.url)
    text = ""
    if page.whole or page.counted == 1:
        cleaned = clean_page(document, None, page.rules)
        if cleaned.outcome is not None or not cleaned.text:
            return Seen.nothing()
        text = cleaned.text
    return Seen(onward(document, page.first, page.counted), text)


def read_page(page: PageInput) -> Reading:
    """Everything that one page tells: its text, its metadata, its language.

    A bundle of pages (`pipelines.bundle`) is one article; its first page says what
    the article is called and from when.
    """
    from pipelines.bundle import is_bundle
    from pipelines.cleaning import CLEANER_VERSION
    from pipelines.sniffing import foreign

    if page.content_type and is_bundle(page.content_type):
        cleaned, about = _bundled(page, page.content_type)
    elif kind := foreign(page.body):
        return _foreign(f"{kind}, not a page", CLEANER_VERSION)
    else:
        cleaned, about = _cleaned(page)
    return _finished(page, cleaned, about, CLEANER_VERSION)


def _cleaned(page: PageInput) -> tuple[Cleaned, Metadata]:
    """One document, cleaned, and what it says of itself."""
    from pipelines import metadata, reservations
    from pipelines.cleaning import clean_page
    from pipelines.document import parse

    document = parse(page.body, page.content_type, page.url)
    about = metadata.read(document, page.hints, page.fetched_at)
    reserved = reservations.of_page(document.tree, page.headers, reservations.OURS)
    about = replace(about, reserved=reserved)
    return _tidy(clean_page(document, about, page.rules)), about


def _bundled(page: PageInput, content_type: str) -> tuple[Cleaned, Metadata]:
    """The pages of an article as one text."""
    from pipelines.bundle import unpack
    from pipelines.joining import join

    parts = unpack(page.body, content_type)
    had = [part for part in parts if part.missing is None]
    missing = next((part for part in parts if part.missing is not None), None)
    pages = [
        _cleaned(replace(page, body=p.body, content_type=p.content_type, url=p.url))
        for p in had
    ]
    about = pages[0][1]
    if whole := next((at for at, part in enumerate(had) if part.whole), None):
        return pages[whole][0], _text_from(about, f"all on one page: {had[whole].url}")
    gap = f"{missing.url}: {missing.missing}" if missing is not None else None
    joined = join([cleaned for cleaned, _ in pages], gap)
    if joined.outcome is Outcome.PARTIAL and page.rules and page.rules.partial:
        joined = replace(joined, outcome=None, detail=None, partial=joined.detail)
    return joined, _text_from(about, f"{len(had)} pages")


def _finished(
    page: PageInput, cleaned: Cleaned, about: Metadata, version: str
) -> Reading:
    """The reading of what a page gave, or of what its feed did."""
    prior, declared = page.outlet_language, about.declared_language
    language = _language(cleaned.text, prior, declared)
    cleaned = _named(cleaned, _least(language, page.rules))
    if cleaned.withheld and (standing := _from_feed(page, cleaned, about)):
        cleaned, about = standing
        language = _language(cleaned.text, prior, declared)
    elif cleaned.partial is not None:
        about = _text_from(about, f"in part: {cleaned.partial}")
    cleaned = replace(cleaned, title=about.title or cleaned.title)
    return Reading(cleaned, about, language, version)


def _from_feed(
    page: PageInput, cleaned: Cleaned, about: Metadata
) -> tuple[Cleaned, Metadata] | None:
    """The full text that the feed has of an article whose page withholds it."""
    from pipelines.joining import stand_in

    hints = page.hints
    if hints is None or hints.text is None:
        return None
    markup = f"<html><body><article>{hints.text}</article></body></html>"
    body = markup.encode("utf-8", "replace")
    told, _ = _cleaned(replace(page, body=body, content_type=_FED))
    standing = stand_in(cleaned, _named(told, _least("", page.rules)))
    if standing is None:
        return None
    about = _text_from(about, FROM_FEED)
    if cleaned.outcome in (Outcome.WALL, Outcome.NOT_ARTICLE):
        # The page speaks of itself: "Log in to go on reading".
        about = _told_by(hints, about)
    return standing, about


def _told_by(hints: Candidate, about: Metadata) -> Metadata:
    """`about` with the title and the authors that the feed gives."""
    sources = dict(about.sources)
    if hints.title:
        sources["title"] = FROM_FEED
    if hints.authors:
        sources["authors"] = FROM_FEED
    return replace(
        about,
        title=hints.title or about.title,
        authors=hints.authors or about.authors,
        sources=sources,
    )


def _text_from(about: Metadata, source: str) -> Metadata:
    """`about`, which says where the text is from."""
    return replace(about, sources={**about.sources, "text": source})


def _foreign(detail: str, version: str) -> Reading:
    cleaned = Cleaned(None, (), (), Outcome.WRONG_TYPE, detail)
    return Reading(cleaned, Metadata(), "und", version)


def read_text(
    text: str, prior: str | None = None, rules: CleanRules | None = None
) -> Reading:
    """What can be told of a text without its page: title, authors, text, language."""
    from pipelines.cleaning import CLEANER_VERSION
    from pipelines.cleaning.flat import clean_text
    from pipelines.document import printable

    cleaned = _without_lines(_tidy(clean_text(printable(sound(text)))), rules)
    if not cleaned.paragraphs and cleaned.outcome is None:
        cleaned = replace(cleaned, outcome=Outcome.THIN, detail="no text")
    return Reading(
        cleaned=cleaned,
        metadata=_signed(cleaned),
        language=_language(cleaned.text, prior, None),
        cleaner_version=CLEANER_VERSION,
    )


def _signed(cleaned: Cleaned) -> Metadata:
    """What a flattened text says of itself: its title, and who is named by its by-line.

    A by-line stands above the second paragraph or right below the last one; those
    elsewhere are of other articles.
    """
    from pipelines import authors
    from pipelines.cleaning.lines import byline

    places = [paragraph.at for paragraph in cleaned.paragraphs]
    if not places:
        return Metadata(title=cleaned.title)
    until, below = places[:2][-1], places[-1] + 1
    signed = (
        part
        for gone in cleaned.removed
        if gone.at < until or gone.at == below
        for part in re.split(r"\s[|·•–—-]\s", gone.text)  # "By Jane Doe | 12 March"
        if byline(part)
    )
    for line in signed:
        if named := authors.clean([line]).authors:
            return Metadata(
                title=cleaned.title, authors=named, sources={"authors": FROM_BYLINE}
            )
    return Metadata(title=cleaned.title)


def _language(text: str, prior: str | None, declared: str | None) -> str:
    from pipelines.language import detect

    return detect(text, prior, declared)


def _without_lines(cleaned: Cleaned, rules: CleanRules | None) -> Cleaned:
    """`cleaned` without the lines that the operator's patterns are found in."""
    if rules is None or not rules.remove_lines:
        return cleaned
    from pipelines.cleaning.rules import SlowPattern, found

    kept, removed = [], list(cleaned.removed)
    for line in cleaned.paragraphs:
        try:
            rule = next((p for p in rules.remove_lines if found(p, line.text)), "")
        except SlowPattern as error:
            detail = str(error)
            return Cleaned(None, (), (), Outcome.TOO_COMPLEX, detail)
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
    return replace(cleaned, outcome=Outcome.THIN, detail=detail, withheld=True)


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
