"""A small newsroom for the store's tests: it lists, publishes and looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

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
from pipelines.outcome import Outcome
from pipelines.store import (
    Attempt,
    Fetched,
    Listed,
    PollRecord,
    PollStored,
    SourceSpec,
    SourceWork,
    Store,
    Stored,
    Submission,
)

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = "https://ferry.example/feed"


def words(topic: str, count: int = 40) -> str:
    """A text long enough to be told from others, different for each topic.

    After its first words the topic is one word: no run of words is without it.
    """
    name = "".join(filter(str.isalnum, topic))
    return f"{topic}: " + " ".join(f"{name} sentence {n}." for n in range(count))


def reading(text: str, title: str | None = "Ferry runs again") -> Reading:
    """What a worker makes of a page with that text."""
    lines = [text] if text else []
    return Reading(
        cleaned=Cleaned(
            title=title,
            paragraphs=tuple(Paragraph(line, at) for at, line in enumerate(lines)),
            removed=(Removed("Read also", Reason.TEASER, 7, "link list"),),
        ),
        metadata=Metadata(
            title=title,
            authors=("Ada Nord",),
            published=Dated(NOW - timedelta(hours=2), "json-ld"),
            section="Coast",
            sources={"title": "og:title"},
        ),
        language="en",
        cleaner_version="1",
    )


def entry(url: str, **said: object) -> Listed:
    """A listed URL with what its source said of it."""
    return Listed(Candidate(url, **said), "ferry.example")  # type: ignore[arg-type]


@dataclass
class Newsdesk:
    """A store and a clock, and the steps the crawl takes with them."""

    store: Store
    now: datetime = NOW
    source: SourceWork = field(init=False)

    def __post_init__(self) -> None:
        self.store.frontier.sync_sources([SourceSpec("ferry", "feed", FEED)], self.now)
        (self.source,) = self.store.frontier.due_sources(self.now)

    def later(self, **by: float) -> None:
        """Move the clock."""
        self.now += timedelta(**by)

    def poll(self, entries: Iterable[Listed] = (), **record: object) -> PollStored:
        """Record a poll of the source."""
        facts: dict[str, object] = {
            "source_id": self.source.id,
            "at": self.now,
            "status": 200,
            "outcome": "ok",
            "next_at": self.now + 15 * MINUTE,
            "entries": tuple(entries),
        }
        return self.store.frontier.record_poll(PollRecord(**(facts | record)))  # type: ignore[arg-type]

    def fetch(
        self, url: str, outlet: str = "ferry", body: bytes = b"<p>page</p>"
    ) -> Fetched:
        """Have a page of that URL wait."""
        url_id = self.store.frontier.add_url(outlet, url, "ferry.example", self.now)
        fetched = Fetched(
            url_id, self.now, url, url, 200, "text/html", {"Server": "x"}, body
        )
        self.store.frontier.record_page(url_id, fetched)
        return fetched

    def publish(
        self,
        url: str,
        text: str,
        *,
        outlet: str = "ferry",
        title: str | None = "Ferry runs again",
        own_url: str | None = None,
        body: bytes = b"<p>page</p>",
        **terms: object,
    ) -> Stored:
        """Fetch and submit an article. `own_url`: where it belongs, if elsewhere."""
        fetched = self.fetch(url, outlet, body)
        page = self.waiting(fetched.url_id)
        submission = Submission(
            url_id=fetched.url_id,
            page_id=page.page_id,
            outlet=outlet,
            url=own_url or url,
            alias=own_url is not None,
            reading=reading(text, title),
            fetched_at=self.now,
            **terms,  # type: ignore[arg-type]
        )
        return self.store.articles.submit(submission, self.now)

    def waiting(self, url_id: int):  # type: ignore[no-untyped-def]
        """The waiting page of a URL."""
        pages = self.store.frontier.waiting_pages(1000)
        return next(page for page in pages if page.url_id == url_id)

    def fail(
        self, url_id: int, outcome: Outcome, next_at: datetime | None = None
    ) -> None:
        """End an attempt without a page."""
        self.store.frontier.record_attempt(
            Attempt(url_id, self.now, outcome, "in words", 404, next_at)
        )

    def due(self, host: str = "ferry.example", limit: int = 100) -> list[str]:
        """The due URLs of a host."""
        work = self.store.frontier.due_urls(self.now, host=host, limit=limit)
        return [each.url for each in work]

    def lease(self, limit: int = 100, minutes: float = 5):  # type: ignore[no-untyped-def]
        """Take messages."""
        return self.store.queue.lease(
            limit=limit, duration=timedelta(minutes=minutes), now=self.now
        )
