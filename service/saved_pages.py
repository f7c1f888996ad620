"""Cleans saved pages and texts: files in, one result each out, in order.

What `presswatch clean` does. Opens no database and no network connection.
"""

from __future__ import annotations

import io
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines.article import Dated, Reading, Removed
from pipelines.charset import decode
from pipelines.outcome import Outcome
from pipelines.reading import Input, PageInput, TextInput
from pipelines.sniffing import foreign
from pipelines.workers import Failure, WorkerPool
from service.json_lines import json_object

if TYPE_CHECKING:
    import config
    from pipelines.cleaning import CleanRules

#: As long as the service gives a page, in seconds.
DEADLINE: Final = 20.0

#: Pages of news sites stay under 10 MB; what unpacks to more is no page.
LARGEST: Final = 64 << 20

_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Saved:
    """One input: the file as the user named it, and what is known of it.

    `path` is None for standard input. `broken` is the fault of a batch line that
    names no file; `line` holds what it says, an `id` for one.
    """

    file: str | None
    path: Path | None
    url: str | None = None
    line: dict[str, Any] | None = None
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How inputs are to be cleaned: as pages or flattened texts, by whose rules."""

    as_text: bool = False
    language: str | None = None
    rules: CleanRules | None = None


@dataclass(frozen=True, slots=True)
class Cleaning:
    """One input and what became of it."""

    saved: Saved
    result: Reading | Failure

    @property
    def failed(self) -> bool:
        """Whether there is no text to show."""
        return isinstance(self.result, Failure) or not self.result.cleaned.text


def named(files: Iterable[str], url: str | None) -> list[Saved]:
    """The inputs that a user listed; `-` is standard input."""
    return [Saved(f, None if f == "-" else Path(f), url) for f in files]


def batch(lines: Iterable[str], file: Path) -> Iterator[Saved]:
    """The inputs of a batch file's JSON lines; relative files are relative to it."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _batch_line(line, f"{file}:{number}", file.parent)


def manner_of(outlet: config.Outlet, *, as_text: bool) -> Manner:
    """Cleaning by an outlet's rules of today, with its language as the prior."""
    from pipelines.cleaning.rules import rules_of

    rules = rules_of(outlet.clean).in_force(datetime.now(UTC))
    return Manner(as_text, outlet.language, rules)


def clean(saved: list[Saved], manner: Manner) -> Iterator[Cleaning]:
    """Every input's result, in order, on as many cores as there are inputs for."""
    count = max(1, min(len(os.sched_getaffinity(0)), len(saved)))
    with WorkerPool(count, deadline=DEADLINE) as pool:
        for one, result in pool.map_ordered(saved, lambda one: _load(one, manner)):
            yield Cleaning(one, result)


def as_json(cleaning: Cleaning) -> str:
    """The result as the JSON that callers rely on: one line of ASCII."""
    saved = cleaning.saved
    head = {"id": saved.line.get("id")} if saved.line is not None else {}
    head |= {"file": saved.file}
    if isinstance(cleaning.result, Failure):
        return json.dumps(head | _failure(cleaning.result))
    return json.dumps(head | _reading(cleaning.result))


def _batch_line(line: str, place: str, directory: Path) -> Saved:
    try:
        value = json_object(line, '{"id", "file", "url"}')
    except ValueError as error:
        return Saved(None, None, line={}, broken=f"{place}: {error}")
    file, url = value.get("file"), value.get("url")
    problem = None
    if file is None:
        problem = 'there is no "file"'
    elif not isinstance(file, str):
        problem = f'"file" must be a string, not {json.dumps(file)[:40]}'
    elif url is not None and not isinstance(url, str):
        problem = f'"url" must be a string, not {json.dumps(url)[:40]}'
    if problem is not None or not isinstance(file, str):
        return Saved(None, None, line=value, broken=f"{place}: {problem}")
    return Saved(file, directory / file, url, value)


def _load(saved: Saved, manner: Manner) -> Input | Failure:
    """The input for a worker, or why there is none."""
    if saved.broken is not None:
        return Failure(Outcome.FAILED, saved.broken)
    try:
        body = _read(saved.path)
    except (BadGzipFile, EOFError, zlib.error) as error:
        return Failure(Outcome.INCOMPLETE, f"{saved.file}: broken gzip: {error}")
    except OSError as error:
        return Failure(Outcome.FAILED, f"{saved.file}: {error.strerror or error}")
    except ValueError:  # NUL, or a lone surrogate
        return Failure(Outcome.FAILED, f"{saved.file!r}: no file can be called so")
    if len(body) > LARGEST:
        return Failure(Outcome.TOO_LARGE, f"{saved.file}: over {LARGEST >> 20} MB")
    if not body.strip():
        return Failure(Outcome.THIN, f"{saved.file}: is empty")
    if manner.as_text and (kind := foreign(body)):
        return Failure(Outcome.WRONG_TYPE, f"{saved.file}: {kind}, not a text")
    if manner.as_text:
        return TextInput(decode(body, None)[0], manner.language, manner.rules)
    return PageInput(body, None, saved.url, None, manner.language, manner.rules)


def _read(path: Path | None) -> bytes:
    """The file's bytes, unpacked, up to one byte more than allowed."""
    if path is None:
        body = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    if not body.startswith(_GZIP):
        return body
    with GzipFile(fileobj=io.BytesIO(body)) as packed:
        return packed.read(LARGEST + 1)


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "outcome": failure.outcome,
        "error": failure.detail,
        "title": None,
        "authors": [],
        "published": None,
        "language": "und",
        "text": "",
        "removed": [],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    cleaned, about = reading.cleaned, reading.metadata
    return {
        "outcome": cleaned.outcome or Outcome.NEW,
        "error": None if cleaned.text else cleaned.detail or "no text was found",
        "title": cleaned.title,
        "authors": list(about.authors),
        "published": _time(about.published),
        "language": reading.language,
        "text": cleaned.text,
        "removed": [_removal(removed) for removed in cleaned.removed],
        "detail": cleaned.detail,
        "updated": _time(about.updated),
        "canonical": about.canonical,
        "section": about.section,
        "sources": dict(about.sources),
    }


def _removal(removed: Removed) -> dict[str, Any]:
    return {
        "text": removed.text,
        "reason": removed.reason,
        "at": removed.at,
        "evidence": removed.evidence,
    }


def _time(date: Dated | None) -> str | None:
    return date.at.isoformat() if date is not None else None
