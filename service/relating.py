"""Relates the texts of a batch: JSON lines in, one result each out, in order.

What `presswatch relate` does. Keeps its memory in a temporary file; a database of
Presswatch is only read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from pipelines.similarity.relating import Relating, relate
from pipelines.similarity.texts import Text
from pipelines.store.columns import printable
from pipelines.store.connection import Store
from pipelines.store.overlay import Overlay
from pipelines.store.scratch import Scratch
from pipelines.urls import UrlError, canonical
from service.json_lines import json_object
from service.links import spellings


@dataclass(frozen=True, slots=True)
class Submitted:
    """One line of a batch. `broken` says what is wrong with it, by its number."""

    id: Any
    text: Text | None
    url: str | None = None
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """A line and how its text relates; `of` and `story` are ids of other lines.

    `relating` is None for a broken line. Texts of a database go by their URL.
    """

    submitted: Submitted
    relating: Relating | None = None
    of: Any = None
    story: Any = None


class Stream:
    """Relates texts one after the other, each to all before it.

    With an `Overlay`, to those of a database as well.
    """

    def __init__(self, memory: Scratch | Overlay) -> None:
        self._memory = memory
        self._names: dict[int, Any] = {}

    def relate(self, submitted: Submitted) -> Related:
        """How the text of a line relates to the lines before."""
        if submitted.text is None:
            return Related(submitted)
        here, relating = relate(self._placed(submitted, submitted.text), self._memory)
        self._names[here] = submitted.id
        story = here if relating.story is None else relating.story
        of = None if relating.of is None else self._named(relating.of)
        return Related(submitted, relating, of, self._named(story))

    def _placed(self, submitted: Submitted, text: Text) -> Text:
        """The text as a revision of the stored article that is at its URL."""
        if isinstance(self._memory, Scratch) or submitted.url is None:
            return text
        article = self._memory.article_at(text.outlet, _addresses(submitted.url))
        return text if article is None else replace(text, url_key=article)

    def _named(self, text: int) -> Any:
        if text in self._names or isinstance(self._memory, Scratch):
            return self._names[text]
        return self._memory.url_of(text)


def related(
    submitted: Iterable[Submitted], store: Store | None = None
) -> Iterator[Related]:
    """How each text relates to those before it, and to those of a database."""
    memory = Scratch() if store is None else Overlay(store.session)
    try:
        stream = Stream(memory)
        for one in submitted:
            yield stream.relate(one)
    finally:
        memory.close()


def batch(lines: Iterable[str]) -> Iterator[Submitted]:
    """The texts of JSON lines; empty lines are left out."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _submitted(line, number)


def as_json(related: Related) -> str:
    """The result as the JSON that callers rely on: one line of ASCII."""
    relating = related.relating
    value = {
        "id": related.submitted.id,
        "relation": None if relating is None else relating.likeness,
        "of": related.of,
        "story": related.story,
        "coverage": 0.0 if relating is None else round(relating.coverage, 4),
        "coverage_of": 0.0 if relating is None else round(relating.coverage_of, 4),
    }
    if related.submitted.broken is not None:
        value["error"] = related.submitted.broken
    return json.dumps(value)


def url_id(url: str | None) -> int | None:
    """63 bits that stand for a URL in whatever spelling; None where it is unknown.

    What is no URL still is a name, and is taken as it stands.
    """
    if url is None or not url.strip():
        return None
    try:
        # http and https, which change places, lead to one page.
        name = canonical(url.strip()).partition("://")[2]
    except UrlError:
        name = url.strip()
    encoded = name.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=8).digest(), "big") >> 1


def _addresses(url: str) -> list[str]:
    """The canonical URLs that are meant; none if it is no URL."""
    try:
        return list(spellings(url))
    except UrlError:
        return []


def _submitted(line: str, number: int) -> Submitted:
    try:
        value = json_object(line, '{"id", "text"}')
    except ValueError as error:
        return Submitted(None, None, broken=f"line {number}: {error}")
    try:
        return Submitted(value.get("id"), _text(value), value.get("url"))
    except ValueError as error:
        return Submitted(value.get("id"), None, broken=f"line {number}: {error}")


def _text(value: dict[str, Any]) -> Text:
    """The text of a line. ValueError says which key is wrong."""
    if not isinstance(value.get("id"), str | int):
        raise ValueError("id must be a string or a number")
    text = _string(value, "text")
    if text is None:
        raise ValueError("there is no text")
    outlet = printable((_string(value, "outlet") or "").strip())
    return Text(outlet, url_id(_string(value, "url")), _seen_at(value), text)


def _string(value: dict[str, Any], key: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{key} must be a string, not {json.dumps(found)[:40]}")
    return found


def _seen_at(value: dict[str, Any]) -> datetime | None:
    told = _string(value, "seen_at")
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise ValueError(f"seen_at is no ISO 8601 time: {told[:40]!r}") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
