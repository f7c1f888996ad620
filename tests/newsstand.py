"""Fills a real database through the store's own methods, for what looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.article import (
    Cleaned,
    Dated,
    Metadata,
    Paragraph,
    Reading,
    Reason,
    Removed,
)
from pipelines.candidate import Candidate
from pipelines.decide import Submission
from pipelines.outcome import Outcome
from pipelines.store import (
    Attempt,
    Fetched,
    Listed,
    Notice,
    PollRecord,
    SourceSpec,
    Store,
)

NOW = datetime.now(UTC).replace(microsecond=0)
FERRY = "https://ferry.example"
HILLS = "https://hills.example"
STORY = f"{FERRY}/ferry-runs-again"
COPY = f"{HILLS}/agency/ferry"
WALLED = f"{FERRY}/for-subscribers"
LOST = f"{FERRY}/lost"

FERRY_TEXT = (
    "The ferry to Grey Island runs again after eleven months in the yard.",
    "Its new engine was built in the town and paid for by everybody on the island.",
    "“Nobody believed in it,” said the captain, “least of all the engine.”",
)


@dataclass
class Newsstand:
    """A store and the steps a crawl takes with it."""

    store: Store
    now: datetime = NOW

    def list(self, outlet: str, url: str, **said: Any) -> None:
        """Have the outlet's feed list an article."""
        work = next(
            work
            for work in self.store.frontier.due_sources(self.now, everything=True)
            if work.outlet == outlet
        )
        host = url.split("/")[2]
        record = PollRecord(
            source_id=work.id,
            at=self.now,
            status=200,
            outcome="ok",
            next_at=self.now + timedelta(minutes=15),
            entries=(Listed(Candidate(url, **said), host),),
        )
        self.store.frontier.record_poll(record)

    def fail_poll(self, outlet: str, error: str) -> None:
        """Have a poll of the outlet's feed fail."""
        work = next(
            work
            for work in self.store.frontier.due_sources(self.now, everything=True)
            if work.outlet == outlet
        )
        due = self.now + timedelta(hours=1)
        record = PollRecord(work.id, self.now, 500, "failed", due, error, failures=3)
        self.store.frontier.record_poll(record)

    def fetch(self, outlet: str, url: str) -> int:
        """Have the page of a URL wait; the URL's id."""
        host = url.split("/")[2]
        url_id = self.store.frontier.add_url(outlet, url, host, self.now)
        fetched = Fetched(url_id, self.now, url, url, 200, "text/html", {}, b"<p>")
        self.store.frontier.record_page(url_id, fetched)
        return url_id

    def publish(
        self, outlet: str, url: str, text: tuple[str, ...], title: str = "Ferry runs"
    ) -> None:
        """Fetch and submit an article."""
        url_id = self.fetch(outlet, url)
        (page,) = self.store.frontier.waiting_pages(10)
        submission = Submission(
            url_id=url_id,
            page_id=page.page_id,
            outlet=outlet,
            url=url,
            alias=False,
            reading=reading(text, title),
            fetched_at=self.now,
        )
        self.store.articles.submit(submission, self.now)

    def reject(self, outlet: str, url: str) -> None:
        """Fetch a page that turns out to be a wall."""
        self.fetch(outlet, url)
        (page,) = self.store.frontier.waiting_pages(10)
        self.store.articles.reject(
            page,
            Outcome.WALL,
            "a login stands before the text",
            now=self.now,
            reading=reading(("Only the first sentence is free.",), "For subscribers"),
        )

    def lose(self, outlet: str, url: str) -> None:
        """End an attempt at a URL without a page."""
        url_id = self.store.frontier.add_url(outlet, url, url.split("/")[2], self.now)
        attempt = Attempt(url_id, self.now, Outcome.GONE, "HTTP 404: not found", 404)
        self.store.frontier.record_attempt(attempt)


def reading(text: tuple[str, ...], title: str) -> Reading:
    """What a worker makes of a page: a caption stands before the second paragraph."""
    places = [at for at in range(len(text) + 2) if at not in (1, 3)]
    return Reading(
        cleaned=Cleaned(
            title=title,
            paragraphs=tuple(
                Paragraph(line, at) for line, at in zip(text, places, strict=False)
            ),
            removed=(
                Removed("The ferry. Photo: Ada", Reason.CAPTION, 1, "a figcaption"),
                Removed("Read also: harbours", Reason.RELATED, 3, "a list of links"),
            ),
        ),
        metadata=Metadata(
            title=title,
            authors=("Ada Nord",),
            published=Dated(NOW - timedelta(hours=2), "json-ld"),
            declared_language="en-GB",
            sources={"title": "og:title", "authors": "json-ld"},
        ),
        language="en",
        cleaner_version="7",
    )


def fill(path: Path) -> None:
    """Two outlets: a story in two revisions and its copy, a wall, a lost page."""
    sources = [
        SourceSpec("ferry", "feed", f"{FERRY}/rss"),
        SourceSpec("hills", "feed", f"{HILLS}/rss"),
    ]
    with Store.open(path, create=True) as store:
        stand = Newsstand(store, NOW - timedelta(hours=3))
        store.frontier.sync_sources(sources, stand.now)
        stand.list("ferry", STORY, title="The ferry runs", published=NOW)
        stand.publish("ferry", STORY, FERRY_TEXT)
        stand.now += timedelta(hours=1)
        stand.publish("hills", COPY, FERRY_TEXT, "Ferry is back")
        stand.now += timedelta(hours=1)
        stand.publish("ferry", STORY, (*FERRY_TEXT, "It sails at noon."))
        stand.reject("ferry", WALLED)
        stand.lose("ferry", LOST)
        stand.fail_poll("hills", "HTTP 500: no page")
        notice = Notice(
            "source:hills", "hills: its feed fails", "HTTP 500", "presswatch try hills"
        )
        store.alerts.open(notice, stand.now)
