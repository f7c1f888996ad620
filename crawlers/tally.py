"""What one pass did, counted as `once --json` reports it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.fingerprint import url_key
from pipelines.outcome import Outcome
from pipelines.store import PollRecord, PollStored, Stored


@dataclass(slots=True)
class Tally:
    """Counts of one pass.

    Every attempt at a URL, and every URL that a rule turned away, is in `outcomes`
    exactly once. `listed` holds the keys of what the sources list, also where they
    are unchanged; None where a crawl for ever would gather them for ever.
    """

    sources: int = 0
    failed_sources: int = 0
    unreachable: int = 0  # of those, the ones whose host gave no answer at all
    new_urls: int = 0
    fetched: int = 0
    articles: int = 0
    queued: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    listed: set[bytes] | None = field(default_factory=set, repr=False)

    def polled(self, record: PollRecord, stored: PollStored) -> None:
        """Counts a poll that was stored."""
        self.sources += 1
        failed = record.outcome not in _GOOD_POLLS
        self.failed_sources += failed
        silent = record.status is None and record.outcome != Outcome.BLOCKED
        self.unreachable += failed and silent
        self.new_urls += stored.new
        if stored.denied:
            self.outcomes[Outcome.DENIED] += stored.denied
        if self.listed is not None:
            self.listed.update(url_key(e.candidate.url) for e in record.entries)

    def ended(self, outcome: Outcome) -> None:
        """Counts an attempt that ended without a page to process."""
        self.outcomes[outcome] += 1

    def stored(self, stored: Stored) -> None:
        """Counts a page that was processed."""
        self.outcomes[stored.outcome] += 1
        self.articles += stored.outcome in _STORING
        self.queued += stored.queued

    def summary(self) -> dict[str, object]:
        """The closing line of `once --json`."""
        return {
            "sources": self.sources,
            "listed": len(self.listed or ()),
            "new_urls": self.new_urls,
            "fetched": self.fetched,
            "articles": self.articles,
            "queued": self.queued,
            "duplicates": self.outcomes[Outcome.DUPLICATE],
            "revisions": self.outcomes[Outcome.REVISION],
            "outcomes": {str(name): n for name, n in sorted(self.outcomes.items())},
        }


_GOOD_POLLS = frozenset({"ok", "not_modified", "same_body"})
#: Outcomes under which an article or a revision of one was stored.
_STORING = frozenset({Outcome.NEW, Outcome.REVISION, Outcome.DUPLICATE})
