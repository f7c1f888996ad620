"""Applying a decision: an article's revision, its memory, its message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.agencies import credit
from pipelines.article import Removed
from pipelines.decide import (
    Announcement,
    Decision,
    Facts,
    Kind,
    Submission,
    story_of,
)
from pipelines.fingerprint import url_key
from pipelines.store.alerts import Alerts, Notice
from pipelines.store.columns import (
    dated_column,
    dumped,
    iso,
    metadata_column,
    micros,
    moment,
    printable,
    printable_or_none,
)
from pipelines.store.deliveries import Deliveries, Message
from pipelines.store.neighbours import Look, Neighbours
from pipelines.store.session import Session


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission on its way into the tables."""

    submission: Submission
    facts: Facts
    decision: Decision
    look: Look | None
    now: datetime
    cosmetic: bool = False


class Keeping:
    """Writes what was decided; within the transaction of its caller."""

    def __init__(
        self, session: Session, queue: Deliveries, neighbours: Neighbours
    ) -> None:
        self._session = session
        self._queue = queue
        self._neighbours = neighbours

    def tell_flapping(self, draft: Draft) -> None:
        submission, known = draft.submission, draft.facts.known
        assert known is not None  # noqa: S101 (for the type checker)
        notice = Notice(
            f"flapping:{submission.outlet}:{known.article_id}",
            f"{submission.outlet}: a page changes all the time: {submission.url}",
            f"{len(known.latest)} revisions in 24 hours; the next one is taken after"
            f" {draft.decision.held_until:%H:%M} UTC",
            f"presswatch explain {submission.url}",
        )
        Alerts(self._session).open(notice, draft.now)

    def article(self, draft: Draft) -> int:
        submission = draft.submission
        self._session.db.conn.execute(
            "INSERT INTO article (outlet, key, url, first_seen, revisions, story)"
            " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (outlet, key) DO UPDATE"
            " SET revisions = revisions + 1, story = excluded.story",
            [
                submission.outlet,
                url_key(submission.url),
                submission.url,
                micros(submission.fetched_at),
                story_of(draft.facts),
            ],
        )
        found = self._session.value(
            "SELECT id FROM article WHERE outlet = ? AND key = ?",
            [submission.outlet, url_key(submission.url)],
        )
        return int(found)

    def revision(self, draft: Draft, article_id: int, number: int) -> None:
        submission, reading = draft.submission, draft.submission.reading
        metadata, relation = reading.metadata, draft.decision.relation
        changes = draft.decision.changes
        row = {
            "article_id": article_id,
            "n": number,
            "content_hash": draft.facts.content_hash,
            "text_hash": draft.facts.text_hash,
            "title": reading.title,
            "authors": dumped(list(metadata.authors)),
            "published": dated_column(metadata.published),
            "updated": dated_column(metadata.updated),
            "language": reading.language,
            "section": printable_or_none(metadata.section),
            "text": reading.cleaned.text,
            "metadata": metadata_column(metadata),
            "relation": relation.relation,
            "relation_of": relation.of,
            "coverage": relation.coverage,
            "coverage_of": relation.coverage_of,
            "passages": dumped(relation.passages) if relation.passages else None,
            "change": changes and changes.change,
            "changes": changes and dumped(changes.as_json()),
            "credit": credit(
                reading.cleaned.text, metadata.authors, reading.cleaned.removed
            ),
            "cleaner_version": reading.cleaner_version,
            "page_id": submission.page_id,
            "url_id": submission.url_id,
            "fetched_at": micros(submission.fetched_at),
            "stored_at": micros(draft.now),
            "made_by": submission.made_by,
            "cosmetic": draft.cosmetic,
        }
        cursor = self._session.db.conn.execute(
            f"INSERT INTO revision ({', '.join(row)})"  # noqa: S608 - our own names
            f" VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        revision_id = int(cursor.lastrowid or 0)
        self._keep_removed(revision_id, reading.cleaned.removed)
        if draft.look is not None:
            self._neighbours.keep(draft.look, article_id, revision_id)

    def _keep_removed(self, revision_id: int, removed: Sequence[Removed]) -> None:
        self._session.db.conn.executemany(
            "INSERT INTO removal (revision_id, ordinal, at, text, reason, evidence)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    revision_id,
                    ordinal,
                    block.at,
                    printable(block.text),
                    block.reason,
                    printable(block.evidence),
                )
                for ordinal, block in enumerate(removed)
            ],
        )

    def see_text(self, draft: Draft, article_id: int) -> None:
        self._session.db.conn.execute(
            "INSERT INTO text_seen (text_hash, article_id, first_at, n, last_seen)"
            " VALUES (?1, ?2, ?3, 1, ?3) ON CONFLICT (text_hash) DO UPDATE"
            " SET n = n + 1, last_seen = max(last_seen, ?3), article_id = iif("
            "(SELECT forgotten_at FROM article WHERE id = text_seen.article_id)"
            " IS NULL, text_seen.article_id, excluded.article_id)",
            [draft.facts.text_hash, article_id, micros(draft.submission.fetched_at)],
        )

    def see_again(self, draft: Draft) -> None:
        self._session.db.conn.execute(
            "UPDATE text_seen SET last_seen = max(last_seen, ?) WHERE text_hash = ?",
            [micros(draft.submission.fetched_at), draft.facts.text_hash],
        )

    def announce(
        self, draft: Draft, message: Announcement | None, of: tuple[int, int]
    ) -> bool:
        if message is None:
            return False
        article_id, number = of
        return self._queue.add(
            Message(
                msg_id=message.msg_id,
                kind=message.kind,
                article_id=article_id,
                revision=number,
                supersedes=message.supersedes,
                priority=draft.submission.priority,
                text_hash=draft.facts.text_hash,
                body=dumped(
                    _body(draft.submission, number)
                    | _changes(message, draft)
                    | self._origin(message, draft)
                ),
            ),
            draft.now,
        )

    def _origin(self, message: Announcement, draft: Draft) -> dict[str, object]:
        """Since when a copy's text is known: it may be printed anew after years."""
        of = draft.decision.relation.of
        if message.kind is not Kind.COPY or of is None:
            return {}
        return {"first_seen": iso(self.first_seen(of))}

    def first_seen(self, article_id: int) -> datetime:
        """When the story of an article was first seen."""
        first = self._session.value(
            "SELECT min(first_seen) FROM article WHERE id = (SELECT coalesce(story, id)"
            " FROM article WHERE id = ?1) OR id = ?1",
            [article_id],
        )
        return moment(first)


def _changes(message: Announcement, draft: Draft) -> dict[str, object]:
    """What a revision changed in the text that consumers have."""
    changes = draft.decision.changes
    if message.kind is not Kind.REVISION or changes is None:
        return {}
    return {"changes": changes.as_json()}


def _body(submission: Submission, number: int) -> dict[str, object]:
    """The article as consumers get it, without `also_at`, which is of the lease."""
    reading = submission.reading
    published = reading.metadata.published
    return {
        "url": submission.url,
        "outlet": submission.outlet,
        "title": reading.title,
        "authors": list(reading.metadata.authors),
        "published": iso(published.at if published is not None else None),
        "language": reading.language,
        "text": reading.cleaned.text,
        "partial": reading.cleaned.partial is not None,
        "text_from": "feed" if reading.from_feed else "page",
        "revision": number,
    }
