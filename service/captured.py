"""Pages kept beside an outlet's config, with the text that its operator wants of them.

`outlets/KEY.pages/NAME/` holds `page.html.gz`, the page as it came; `meta.json`, what
is needed to read it as on that day; and `expected.json`, which the operator reviews
and may mend. Reads and writes these files; fetches nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from config.load import OUTLETS
from config.models import Config, Outlet
from pipelines.article import Reading
from pipelines.candidate import Candidate
from pipelines.cleaning.rules import rules_of
from pipelines.fingerprint import url_key
from pipelines.outcome import Outcome
from pipelines.reading import Input, PageInput
from pipelines.store.columns import candidate_of, hints_column
from pipelines.workers import Failure, WorkerPool
from service import differences
from service.differences import FIELDS, Difference, Version

PAGE: Final = "page.html.gz"
META: Final = "meta.json"
EXPECTED: Final = "expected.json"

#: As long as the service gives a page, in seconds; and the largest page it takes.
DEADLINE: Final = 20.0
LARGEST: Final = 64 << 20

_SUFFIX: Final = ".pages"
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Captured:
    """A page as it was fetched, and what its sources said of it (`hints`)."""

    outlet: str
    url: str
    final_url: str
    content_type: str | None
    fetched_at: datetime
    hints: Candidate
    body: bytes


@dataclass(frozen=True, slots=True)
class Replayed:
    """A captured page read today. `problem`: it could not be, and why.

    Without problem and differences it gives what is expected.
    """

    directory: Path
    outlet: str
    url: str | None = None
    problem: str | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the page gives what is expected."""
        return self.problem is None and not self.differences


class Unusable(Exception):
    """A captured page whose files cannot be used; says which and why."""


def source(page: Captured, outlet: Outlet) -> PageInput:
    """The page for a worker, by the outlet's rules for pages of that day."""
    return PageInput(
        body=page.body,
        content_type=page.content_type,
        url=page.final_url,
        hints=page.hints,
        outlet_language=outlet.language,
        rules=rules_of(outlet.clean).in_force(page.fetched_at),
        fetched_at=page.fetched_at,
    )


# Writing


def directory_of(config: Config, page: Captured) -> Path:
    """Where the page belongs: named for its day, its URL's last words, its URL."""
    mark = url_key(page.url).hex()[:4]  # many a page is called index.html
    name = f"{page.fetched_at:%Y-%m-%d}-{_slug(page.url)}-{mark}"
    return config.directory / OUTLETS / f"{page.outlet}{_SUFFIX}" / name


def write(directory: Path, page: Captured, reading: Reading) -> None:
    """Write the page's three files, all or none; what was there is replaced."""
    part = directory.with_name(f".{directory.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (part / PAGE).write_bytes(gzip.compress(page.body, mtime=0))
    _write_json(part / META, _meta(page))
    _write_json(part / EXPECTED, _expected(reading))
    if directory.exists():
        shutil.rmtree(directory)
    part.rename(directory)


def _slug(url: str) -> str:
    """Words of the URL's last part that has any, fit for a file's name."""
    parts = unquote(urlsplit(url).path).split("/")
    text = next((part for part in reversed(parts) if re.search(r"\w", part)), "page")
    apart = unicodedata.normalize("NFKD", text.rsplit(".", 1)[0] or text)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "page"


def _meta(page: Captured) -> dict[str, Any]:
    return {
        "url": page.url,
        "final_url": page.final_url,
        "content_type": page.content_type,
        "fetched_at": page.fetched_at.isoformat(),
        "listed": json.loads(hints_column(page.hints)),
    }


def _expected(reading: Reading) -> dict[str, Any]:
    return asdict(differences.of_reading(reading))


def _write_json(file: Path, value: object) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")


# Replaying


def replay(config: Config, outlet: str | None = None) -> Iterator[Replayed]:
    """Every captured page, of one outlet or of all, read by today's cleaner and rules.

    In the order of their names. Uses all cores.
    """
    found = list(_directories(config.directory / OUTLETS, outlet))
    count = max(1, min(len(os.sched_getaffinity(0)), len(found)))
    with WorkerPool(count, deadline=DEADLINE) as pool:
        jobs = (_job(one, config) for one in found)
        for job, result in pool.map_ordered(jobs, _source):
            yield _compared(job, result)


@dataclass(frozen=True, slots=True)
class _Job:
    """A captured page on its way through a worker. `only`: the fields to compare."""

    replayed: Replayed
    source: Input | None = None
    expected: Version | None = None
    only: frozenset[str] = frozenset()


def _directories(above: Path, outlet: str | None) -> Iterator[Path]:
    for pages in sorted(above.glob(f"{outlet or '*'}{_SUFFIX}")):
        inside = sorted(pages.iterdir()) if pages.is_dir() else []
        yield from (
            one for one in inside if one.is_dir() and not one.name.startswith(".")
        )


def _job(directory: Path, config: Config) -> _Job:
    key = directory.parent.name.removesuffix(_SUFFIX)
    replayed = Replayed(directory, key)
    outlet = config.outlets.get(key)
    if outlet is None:
        problem = f"there is no outlet {key}; delete {directory.parent}, or rename it"
        return _Job(replace(replayed, problem=problem))
    try:
        page = _captured(directory, key)
        expected, only = _read_expected(directory / EXPECTED)
    except Unusable as error:
        return _Job(replace(replayed, problem=str(error)))
    replayed = replace(replayed, url=page.url)
    return _Job(replayed, source(page, outlet), expected, only)


def _source(job: _Job) -> Input | Failure:
    problem = job.replayed.problem or "nothing to read"
    return job.source or Failure(Outcome.FAILED, problem)


def _compared(job: _Job, result: Reading | Failure) -> Replayed:
    if job.replayed.problem is not None or job.expected is None:
        return job.replayed
    if isinstance(result, Failure):
        return replace(job.replayed, problem=f"{result.outcome}: {result.detail}")
    found = differences.compare(
        job.expected, differences.of_reading(result), only=job.only
    )
    return replace(job.replayed, differences=found)


# Reading


def _captured(directory: Path, outlet: str) -> Captured:
    file = directory / META
    meta = _read_json(file)
    try:
        url, fetched_at = meta["url"], datetime.fromisoformat(meta["fetched_at"])
        listed = json.dumps(meta.get("listed", {}))
        hints = candidate_of(url, listed)
        final_url, content_type = meta.get("final_url", url), meta.get("content_type")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"{file}: {_cause(error)}; capture the page again") from error
    if fetched_at.tzinfo is None:
        raise Unusable(f"{file}: fetched_at has no zone; write e.g. +00:00 behind it")
    body = _read_page(directory / PAGE)
    return Captured(outlet, url, final_url, content_type, fetched_at, hints, body)


def _cause(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _read_page(file: Path) -> bytes:
    try:
        with gzip.open(file) as packed:
            body = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise Unusable(f"{file}: {cause}; capture the page again") from error
    if len(body) > LARGEST:
        raise Unusable(f"{file}: over {LARGEST >> 20} MB")
    return body


def _read_json(file: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror or error}") from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise Unusable(f"{file}: {error}") from error
    if not isinstance(value, dict):
        raise Unusable(f"{file}: must be an object of keys and values")
    return value


def _read_expected(file: Path) -> tuple[Version, frozenset[str]]:
    """What is expected, and of which fields: what an operator took out may be any."""
    said = _read_json(file)
    unknown = sorted(set(said) - set(FIELDS))
    if unknown:
        known = ", ".join(FIELDS)
        raise Unusable(f"{file}: {unknown[0]}: unknown key; known here: {known}")
    for name in ("text", "authors"):
        if name in said and not _is_lines(said[name]):
            raise Unusable(f"{file}: {name}: must be a list of texts")
    version = Version(
        outcome=said.get("outcome", Outcome.NEW),
        title=said.get("title"),
        authors=tuple(said.get("authors", ())),
        published=said.get("published"),
        language=said.get("language", ""),
        text=tuple(said.get("text", ())),
    )
    return version, frozenset(said)


def _is_lines(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def as_json(replayed: Replayed) -> dict[str, Any]:
    """A replayed page for programs."""
    return {
        "page": str(replayed.directory),
        "outlet": replayed.outlet,
        "url": replayed.url,
        "ok": replayed.ok,
        "problem": replayed.problem,
        "differs": differences.as_json(replayed.differences),
    }
