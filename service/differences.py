"""How two versions of one article differ: what consumers get, field by field. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from pipelines.article import Reading
from pipelines.outcome import Outcome
from pipelines.store.stories import ArticleRow
from service.telling import iso, line


@dataclass(frozen=True, slots=True)
class Version:
    """An article as consumers get it; `text` is its lines.

    `outcome` is `new` for an article, else what the page is instead of one.
    """

    outcome: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str
    text: tuple[str, ...]


#: What is compared.
FIELDS = tuple(field.name for field in fields(Version))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field had and has no more, and what it has instead; in their order."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def of_reading(reading: Reading) -> Version:
    """What a page that was just read gives."""
    published = reading.metadata.published
    return Version(
        outcome=reading.cleaned.outcome or Outcome.NEW,
        title=reading.title,
        authors=reading.metadata.authors,
        published=iso(published.at if published is not None else None),
        language=reading.language,
        text=lines(reading.cleaned.text),
    )


def of_article(row: ArticleRow) -> Version:
    """What is stored."""
    return Version(
        outcome=Outcome.NEW,
        title=row.title,
        authors=row.authors,
        published=iso(row.published),
        language=row.language,
        text=lines(row.text),
    )


def lines(text: str) -> tuple[str, ...]:
    """The blocks of a text."""
    return tuple(text.split("\n")) if text else ()


def compare(
    before: Version, after: Version, only: Collection[str] = FIELDS
) -> tuple[Difference, ...]:
    """The fields of `only` in which the versions differ."""
    return tuple(
        Difference(name, *_changes(getattr(before, name), getattr(after, name)))
        for name in FIELDS
        if name in only and getattr(before, name) != getattr(after, name)
    )


def _changes(before: object, after: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = _parts(before), _parts(after)
    gone: list[str] = []
    come: list[str] = []
    matcher = SequenceMatcher(None, old, new)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            gone += old[i1:i2]
            come += new[j1:j2]
    return tuple(gone), tuple(come)


def _parts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def as_json(differences: Collection[Difference]) -> dict[str, Any]:
    """The differences for programs, by field."""
    return {
        one.field: {"removed": list(one.gone), "added": list(one.come)}
        for one in differences
    }


def told(differences: Collection[Difference]) -> Iterator[str]:
    """The differences for people: `-` before what is gone, `+` before what is new.

    Lines of the text stand for themselves, other fields are named.
    """
    for one in differences:
        name = "" if one.field == "text" else f"{one.field}: "
        yield from (f"- {name}{line(part)}" for part in one.gone)
        yield from (f"+ {name}{line(part)}" for part in one.come)
