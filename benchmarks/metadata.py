"""How often title, authors and publication time are right, beside trafilatura's.

    python -m benchmarks.metadata [--misses] [CORPUS...]

A corpus is a folder with cases.jsonl (id, url, fetched and the gold `title`,
`authors`, `published`) and html/ID.html.gz. Right means: the title has the gold's
letters, the authors are the gold's set of names, the time is the same minute (the
same day, where gold or prediction knows the day only). The gold is what an outlet's
hand-written parser takes, with its own oddities: 0.9 is about its ceiling.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trafilatura

from pipelines.document import parse
from pipelines.metadata import read

CORPORA = [Path("../shared/corpus/outlets")]
FIELDS = ("title", "authors", "published")


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader tells of a page, or the gold does."""

    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    day_only: bool = False


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="*", type=Path, default=CORPORA)
    parser.add_argument("--misses", action="store_true", help="print what differs")
    options = parser.parse_args(argv)
    for corpus in options.corpora:
        cases = list(pages(corpus))
        print(f"{corpus}: {len(cases)} pages")
        for name, reader in (("presswatch", ours), ("trafilatura", theirs)):
            figures = measure(cases, reader, misses=options.misses and reader is ours)
            print(f"  {name:12}", *(f"{f} {figures[f]:.3f}" for f in FIELDS), sep="  ")


def pages(corpus: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The cases of a corpus that have gold metadata, each with its page."""
    for line in (corpus / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "title" in case:
            page = corpus / "html" / f"{case['id']}.html.gz"
            yield case, gzip.decompress(page.read_bytes())


def measure(
    cases: Sequence[tuple[dict[str, Any], bytes]],
    reader: Callable[[dict[str, Any], bytes], Told],
    *,
    misses: bool,
) -> dict[str, float]:
    right = dict.fromkeys(FIELDS, 0)
    for case, body in cases:
        told, gold = reader(case, body), gold_of(case)
        for field in FIELDS:
            same = agree(field, gold, told)
            right[field] += same
            if misses and not same:
                print(f"  {case['id']} {field}:")
                print(f"    gold {getattr(gold, field)}")
                print(f"    ours {getattr(told, field)}")
    return {field: count / len(cases) for field, count in right.items()}


def agree(field: str, gold: Told, told: Told) -> bool:
    if field == "title":
        return letters(gold.title or "") == letters(told.title or "")
    if field == "authors":
        return set(map(letters, gold.authors)) == set(map(letters, told.authors))
    if gold.published is None or told.published is None:
        return gold.published is told.published
    apart = abs(gold.published - told.published)
    day = gold.day_only or told.day_only
    return apart < (timedelta(hours=26) if day else timedelta(minutes=1))


def gold_of(case: dict[str, Any]) -> Told:
    text = case["published"]
    at = datetime.fromisoformat(text) if text else None
    naive = at is not None and at.tzinfo is None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Told(case["title"], tuple(case["authors"]), at, day_only=naive)


def ours(case: dict[str, Any], body: bytes) -> Told:
    fetched = datetime.fromisoformat(case["fetched"]).replace(tzinfo=UTC)
    about = read(parse(body, None, case["url"]), None, fetched)
    date = about.published
    if date is None:
        return Told(about.title, about.authors, None)
    return Told(about.title, about.authors, date.at, date.precision == "day")


def theirs(case: dict[str, Any], body: bytes) -> Told:
    about = trafilatura.extract_metadata(body, default_url=case["url"])
    authors = tuple(part for part in (about.author or "").split("; ") if part)
    at = datetime.fromisoformat(about.date).replace(tzinfo=UTC) if about.date else None
    return Told(about.title, authors, at, day_only=True)


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


if __name__ == "__main__":
    main()
