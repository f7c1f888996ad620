"""Feeds and sitemaps as servers send them, and what must be read from each.

`documents/` holds the bytes, `documents.json` how they arrived and what they list.
They are written for this project, in the shapes of real ones. A document that a
server once sent and that was misread belongs here.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from crawlers import discovery
from pipelines.candidate import Candidate, Listing
from pipelines.urls import canonical

HERE = Path(__file__).parent
DOCUMENTS = json.loads((HERE / "documents.json").read_text(encoding="utf-8"))


def read(name: str) -> Listing:
    said = DOCUMENTS[name]
    body = (HERE / "documents" / name).read_bytes()
    return discovery.read(said["kind"], body, said["url"], said.get("content_type"))


def shown(candidate: Candidate) -> dict[str, object]:
    """A candidate as `documents.json` has it: without what nobody said."""
    values = {each.name: getattr(candidate, each.name) for each in fields(candidate)}
    if text := values["text"]:
        values["text"] = f"{len(text)} characters: {text[:40]}"
    return {
        name: _shown(value) for name, value in values.items() if value not in (None, ())
    }


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        assert value.utcoffset() == UTC.utcoffset(None)
        return value.isoformat().replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value


LISTINGS = [name for name in DOCUMENTS if "refused" not in DOCUMENTS[name]]
REFUSED = [name for name in DOCUMENTS if "refused" in DOCUMENTS[name]]


def test_every_document_is_told_of() -> None:
    assert {path.name for path in (HERE / "documents").iterdir()} == set(DOCUMENTS)


@pytest.mark.parametrize("name", LISTINGS)
def test_what_a_document_lists(name: str) -> None:
    found, said = read(name), DOCUMENTS[name]
    assert [shown(each) for each in found.candidates] == said["candidates"]
    assert list(found.children) == said.get("children", [])
    assert found.title == said.get("title")
    assert found.language == said.get("language")


@pytest.mark.parametrize("name", LISTINGS)
def test_what_a_document_lists_in_vain_is_named_with_the_reason(name: str) -> None:
    found = [[each.link[:80], each.reason] for each in read(name).rejected]
    assert found == DOCUMENTS[name].get("rejected", [])


@pytest.mark.parametrize("name", REFUSED)
def test_what_lists_nothing_is_refused_in_plain_words(name: str) -> None:
    with pytest.raises(discovery.NotAListing) as refusal:
        read(name)
    assert str(refusal.value) == DOCUMENTS[name]["refused"]


#: Where feedparser differs on purpose or by mistake: it keeps FeedBurner's redirects,
#: does not know CEST nor other languages' months, takes ids, broken bases and pictures
#: for links, and addresses without a scheme for files.
OTHERWISE = {
    "rss2-feedburner.xml",
    "rss2-dates.xml",
    "rss2-hostile-links.xml",
    "atom1-xml-base.xml",
    "atom1-links.xml",
    "atom1-enclosure-as-text.xml",
    "rss2-cut-dates.xml",
    "rss2-links-in-cdata.xml",
}
COMPARED = [
    name
    for name in LISTINGS
    if name.startswith(("rss", "atom")) and name not in OTHERWISE
]


@pytest.mark.parametrize("name", COMPARED)
def test_feedparser_reads_the_same_links_and_dates(name: str) -> None:
    url = DOCUMENTS[name]["url"]
    body = (HERE / "documents" / name).read_bytes()
    theirs = feedparser.parse(body, response_headers={"content-location": url})
    found = {each.url: each for each in read(name).candidates}
    for entry in theirs.entries:
        if link := entry.get("link"):
            ours = found[canonical(link, url)]
            assert len(found) < len(theirs.entries) or _date(entry) in {
                ours.published,
                ours.updated,
            }


def _date(entry: dict[str, tuple[int, ...]]) -> datetime | None:
    said = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return datetime(*said[:6], tzinfo=UTC) if said else None
