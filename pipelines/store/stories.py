"""Reading articles back, and all that is known of a URL. Reads only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.article import Metadata, Reason, Removed
from pipelines.candidate import Candidate
from pipelines.fingerprint import url_key
from pipelines.outcome import Outcome, State
from pipelines.store.columns import (
    candidate_of,
    metadata_of,
    micros_or_none,
    moment,
    moment_or_none,
    removed_of,
)
from pipelines.store.session import Row, Session
from pipelines.store.sources import SourceStatus, status_of


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in its latest revision. `story` is the article that told it first.

    `made_by` says which cleaner, rules and config made the text; None if it is older
    than that was kept. A `cosmetic` revision is the page of the one before it,
    cleaned anew.
    """

    id: int
    outlet: str
    url: str
    first_seen: datetime
    revision: int
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    language: str
    section: str | None
    text: str
    metadata: Metadata
    fetched_at: datetime
    stored_at: datetime
    story: int
    made_by: str | None = None
    cosmetic: bool = False


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision, without its text. `relation_of` is the URL of the related one.

    Shares and passages are as in `pipelines.decide.Relation`, `change` and `changes` as
    in `pipelines.revising.Changes`.
    """

    n: int
    title: str | None
    characters: int
    fetched_at: datetime
    stored_at: datetime
    relation: str
    relation_of: str | None
    cleaner_version: str
    made_by: str | None = None
    cosmetic: bool = False
    coverage: float | None = None
    coverage_of: float | None = None
    passages: tuple[tuple[int, int], ...] = ()
    change: str | None = None
    changes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """How one attempt ended."""

    at: datetime
    outcome: Outcome
    detail: str | None
    status: int | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """Where a message stands with a subscription."""

    subscription: str
    state: str
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A queued message and its deliveries."""

    msg_id: str
    seq: int
    kind: str
    revision: int
    made_at: datetime
    deliveries: tuple[DeliveryRow, ...]


@dataclass(frozen=True, slots=True)
class PageRow:
    """The latest raw page of a URL."""

    page_id: int
    at: datetime
    final_url: str
    status: int
    content_type: str | None
    size: int
    tries: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """What was seen in a page that gave no article."""

    at: datetime
    outcome: Outcome
    detail: str | None
    title: str | None
    text: str | None
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class UrlRow:
    """A URL as the frontier knows it. `last_listed_at` counts 304 answers too."""

    id: int
    outlet: str
    url: str
    state: State
    outcome: Outcome | None
    detail: str | None
    attempts: int
    failures: int
    discovered_at: datetime
    last_listed_at: datetime
    next_at: datetime | None
    fetched_at: datetime | None
    processed_at: datetime | None
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Story:
    """Everything known of one URL of one outlet. `removed`: of the latest revision."""

    url: UrlRow
    source: SourceStatus | None
    attempts: tuple[AttemptRow, ...]
    page: PageRow | None
    rejection: Rejection | None
    article: ArticleRow | None
    revisions: tuple[RevisionRow, ...]
    removed: tuple[Removed, ...]
    messages: tuple[MessageRow, ...]
    copies: tuple[ArticleRow, ...]


#: An article in one of its revisions, for `article_of`.
COLUMNS = """
SELECT a.id, a.outlet, a.url, a.first_seen, a.story, r.n, r.title, r.authors,
    r.published, r.language, r.section, r.text, r.metadata, r.fetched_at, r.stored_at,
    r.made_by, r.cosmetic, r.id AS revision_id
"""

#: Articles in their latest revision, to be narrowed down.
LATEST = f"""{COLUMNS}
FROM article a JOIN revision r ON r.article_id = a.id AND r.n = a.revisions
"""


def latest(
    session: Session, outlet: str | None, since: datetime | None, limit: int
) -> tuple[ArticleRow, ...]:
    """Articles, latest stored first; `since` is the earliest time of storing."""
    rows = session.rows(
        f"{LATEST} WHERE (?1 IS NULL OR a.outlet = ?1)"
        " AND r.stored_at >= coalesce(?2, r.stored_at)"
        " ORDER BY r.stored_at DESC, r.id DESC LIMIT ?3",
        [outlet, micros_or_none(since), limit],
    )
    return tuple(article_of(row) for row in rows)


def by_url(session: Session, url: str) -> tuple[ArticleRow, ...]:
    """The articles whose own canonical URL this is."""
    rows = session.rows(f"{LATEST} WHERE a.key = ? ORDER BY a.outlet", [url_key(url)])
    return tuple(article_of(row) for row in rows)


def by_id(session: Session, article_id: int) -> ArticleRow | None:
    """An article in its latest revision."""
    row = session.row(f"{LATEST} WHERE a.id = ?", [article_id])
    return None if row is None else article_of(row)


def revisions(session: Session, article_id: int) -> tuple[ArticleRow, ...]:
    """An article in each of its revisions, the first one first."""
    rows = session.rows(
        f"{COLUMNS} FROM article a JOIN revision r ON r.article_id = a.id"
        " WHERE a.id = ? ORDER BY r.n",
        [article_id],
    )
    return tuple(article_of(row) for row in rows)


def removed(session: Session, article_id: int, revision: int) -> tuple[Removed, ...]:
    """The ledger of one revision."""
    rows = session.rows(
        "SELECT m.text, m.reason, m.at, m.evidence FROM removal m"
        " JOIN revision r ON r.id = m.revision_id"
        " WHERE r.article_id = ? AND r.n = ? ORDER BY m.ordinal",
        [article_id, revision],
    )
    return tuple(
        Removed(row["text"], Reason(row["reason"]), row["at"], row["evidence"])
        for row in rows
    )


def of_url(session: Session, url: str) -> tuple[Story, ...]:
    """All that is known of a URL: listed itself, or an article's after a redirect."""
    key = url_key(url)
    with session.snapshot():
        return tuple(_story(session, row) for row in session.rows(_URLS, [key]))


# A URL of the source's latest body was listed again by each 304 since.
_URLS = """
SELECT url.*, max(url.last_listed_at, iif(url.last_listed_at >= source.listed_at,
    source.confirmed_at, 0)) AS listed
FROM url LEFT JOIN source ON source.id = url.listed_by
WHERE url.id IN (
    SELECT id FROM url WHERE key = ?1
    UNION
    SELECT u.id FROM url u JOIN article a ON a.id = u.article_id WHERE a.key = ?1
)
ORDER BY url.outlet, url.id
"""


def _story(session: Session, row: Row) -> Story:
    article = by_id(session, row["article_id"]) if row["article_id"] else None
    return Story(
        url=_url(row),
        source=_source(session, row["source_id"]),
        attempts=_attempts(session, row["id"]),
        page=_page(session, row["page_id"]),
        rejection=_rejection(session, row["id"]),
        article=article,
        revisions=history(session, article.id) if article else (),
        removed=removed(session, article.id, article.revision) if article else (),
        messages=_messages(session, article.id) if article else (),
        copies=_copies(session, article) if article else (),
    )


def article_of(row: Row) -> ArticleRow:
    """A row of `LATEST` as a value."""
    metadata = metadata_of(row["metadata"])
    return ArticleRow(
        id=row["id"],
        outlet=row["outlet"],
        url=row["url"],
        first_seen=moment(row["first_seen"]),
        revision=row["n"],
        title=row["title"],
        authors=tuple(json.loads(row["authors"])),
        published=metadata.published.at if metadata.published else None,
        language=row["language"],
        section=row["section"],
        text=row["text"],
        metadata=metadata,
        fetched_at=moment(row["fetched_at"]),
        stored_at=moment(row["stored_at"]),
        story=row["story"] or row["id"],
        made_by=row["made_by"],
        cosmetic=bool(row["cosmetic"]),
    )


def _url(row: Row) -> UrlRow:
    return UrlRow(
        id=row["id"],
        outlet=row["outlet"],
        url=row["url"],
        state=State(row["state"]),
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        detail=row["detail"],
        attempts=row["attempts"],
        failures=row["failures"],
        discovered_at=moment(row["discovered_at"]),
        last_listed_at=moment(row["listed"] or row["last_listed_at"]),
        next_at=moment_or_none(row["next_at"]),
        fetched_at=moment_or_none(row["fetched_at"]),
        processed_at=moment_or_none(row["processed_at"]),
        candidate=candidate_of(row["url"], row["hints"]),
    )


def _source(session: Session, source_id: int | None) -> SourceStatus | None:
    row = session.row("SELECT * FROM source WHERE id = ?", [source_id])
    return None if row is None else status_of(row)


def _attempts(session: Session, url_id: int) -> tuple[AttemptRow, ...]:
    rows = session.rows(
        "SELECT at, outcome, detail, status FROM attempt WHERE url_id = ? ORDER BY id",
        [url_id],
    )
    return tuple(
        AttemptRow(
            moment(row["at"]), Outcome(row["outcome"]), row["detail"], row["status"]
        )
        for row in rows
    )


def _page(session: Session, page_id: int | None) -> PageRow | None:
    row = session.row("SELECT * FROM page WHERE id = ?", [page_id])
    if row is None:
        return None
    return PageRow(
        page_id=row["id"],
        at=moment(row["at"]),
        final_url=row["final_url"],
        status=row["status"],
        content_type=row["content_type"],
        size=row["size"],
        tries=row["tries"],
    )


def _rejection(session: Session, url_id: int) -> Rejection | None:
    row = session.row("SELECT * FROM rejection WHERE url_id = ?", [url_id])
    if row is None:
        return None
    return Rejection(
        at=moment(row["at"]),
        outcome=Outcome(row["outcome"]),
        detail=row["detail"],
        title=row["title"],
        text=row["text"],
        removed=removed_of(row["removed"]),
    )


def history(session: Session, article_id: int) -> tuple[RevisionRow, ...]:
    """The revisions of an article without their texts, the first one first."""
    rows = session.rows(
        "SELECT r.n, r.title, length(r.text) AS characters, r.fetched_at, r.stored_at,"
        " r.relation, o.url AS relation_of, r.cleaner_version, r.made_by,"
        " r.cosmetic, r.coverage, r.coverage_of, r.passages, r.change,"
        " r.changes FROM revision r"
        " LEFT JOIN article o ON o.id = r.relation_of"
        " WHERE r.article_id = ? ORDER BY r.n",
        [article_id],
    )
    return tuple(
        RevisionRow(
            n=row["n"],
            title=row["title"],
            characters=row["characters"],
            fetched_at=moment(row["fetched_at"]),
            stored_at=moment(row["stored_at"]),
            relation=row["relation"],
            relation_of=row["relation_of"],
            cleaner_version=row["cleaner_version"],
            made_by=row["made_by"],
            cosmetic=bool(row["cosmetic"]),
            coverage=row["coverage"],
            coverage_of=row["coverage_of"],
            passages=_passages(row["passages"]),
            change=row["change"],
            changes=None if row["changes"] is None else json.loads(row["changes"]),
        )
        for row in rows
    )


def _passages(column: str | None) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in json.loads(column or "[]"))


def _messages(session: Session, article_id: int) -> tuple[MessageRow, ...]:
    rows = session.rows(
        "SELECT msg_id, seq, kind, revision, made_at FROM message"
        " WHERE article_id = ? ORDER BY seq",
        [article_id],
    )
    return tuple(
        MessageRow(
            msg_id=row["msg_id"],
            seq=row["seq"],
            kind=row["kind"],
            revision=row["revision"],
            made_at=moment(row["made_at"]),
            deliveries=_deliveries(session, row["seq"]),
        )
        for row in rows
    )


def _deliveries(session: Session, seq: int) -> tuple[DeliveryRow, ...]:
    rows = session.rows(
        "SELECT subscription, state, attempts, last_error FROM delivery"
        " WHERE seq = ? ORDER BY subscription",
        [seq],
    )
    return tuple(DeliveryRow(*row) for row in rows)


def _copies(session: Session, article: ArticleRow) -> tuple[ArticleRow, ...]:
    """The other articles of the same story."""
    rows = session.rows(
        f"{LATEST} WHERE (a.story = ?1 OR a.id = ?1) AND a.id <> ?2 ORDER BY a.id",
        [article.story, article.id],
    )
    return tuple(article_of(row) for row in rows)
