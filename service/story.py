"""The stored story of a URL: all that is known of it, found by any of its spellings.

Reads the database and nothing else; the network least of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.store import Store
from pipelines.store.sources import SourceStatus
from pipelines.store.stories import (
    ArticleRow,
    AttemptRow,
    MessageRow,
    PageRow,
    Rejection,
    RevisionRow,
    Story,
)
from pipelines.url_shapes import Shape
from service import telling
from service.links import spellings
from service.telling import Block, iso


@dataclass(frozen=True, slots=True)
class Told:
    """One outlet's story of a URL, with each revision of its article in full.

    `shapes` is what the outlet has shown of the spelling of its addresses.
    """

    story: Story
    revisions: tuple[ArticleRow, ...]
    shapes: tuple[Shape, ...] = ()

    @property
    def original(self) -> ArticleRow | None:
        """The article that told the text first, if that is another one."""
        article = self.story.article
        others = (copy for copy in self.story.copies if article is not None)
        return next((c for c in others if article and c.id == article.story), None)

    @property
    def also(self) -> tuple[ArticleRow, ...]:
        """The others that carry the text."""
        original = self.original
        return tuple(copy for copy in self.story.copies if copy is not original)

    @property
    def blocks(self) -> list[Block]:
        """The article's latest text with what was removed in its place."""
        article = self.story.article
        if article is None:
            return []
        return telling.blocks(article.text, self.story.removed)

    @property
    def rejected(self) -> list[Block]:
        """The same of the latest page, if it gave no article."""
        rejection = self.story.rejection
        if rejection is None:
            return []
        return telling.blocks(rejection.text or "", rejection.removed)


def stories(store: Store, link: str) -> tuple[str, tuple[Told, ...]]:
    """What is known of a link, one story an outlet, and the URL that it is known as.

    Nothing known: the link's canonical URL and no story. Raises `urls.UrlError`.
    """
    meant = spellings(link)
    for url in meant:
        found = store.articles.story(url)
        if found:
            return url, tuple(_told(store, story) for story in found)
    return meant[0], ()


def of_article(store: Store, article_id: int) -> Told | None:
    """The story of an article; None if there is no such."""
    article = store.articles.get(article_id)
    if article is None:
        return None
    _, found = stories(store, article.url)
    for told in found:
        if told.story.article is not None and told.story.article.id == article_id:
            return told
    return None


def _told(store: Store, story: Story) -> Told:
    article = story.article
    revisions = store.articles.revisions(article.id) if article is not None else ()
    return Told(story, tuple(revisions), tuple(store.articles.shapes(story.url.outlet)))


def unknown_json(url: str) -> dict[str, Any]:
    """For programs: nothing is known of the URL."""
    return {"url": url, "known": False, "hint": f"presswatch try {url}"}


def as_json(told: Told) -> dict[str, Any]:
    """A story for programs."""
    story, article = told.story, told.story.article
    rows = zip(story.revisions, told.revisions, strict=True)
    return {
        "url": story.url.url,
        "known": True,
        "outlet": story.url.outlet,
        "state": story.url.state,
        "outcome": story.url.outcome,
        "detail": story.url.detail,
        "failures": story.url.failures,
        "next_visit": iso(story.url.next_at),
        "listed": _listed(story),
        "spellings": [_shape(shape) for shape in told.shapes],
        "attempts": [_attempt(attempt) for attempt in story.attempts],
        "page": None if story.page is None else _page(story.page),
        "rejection": _rejection(story.rejection, told.rejected),
        "article": article and telling.article_json(article, told.original),
        "metadata": article and telling.metadata_json(article.metadata),
        "revisions": [_revision(brief, full) for brief, full in rows],
        "blocks": [telling.block_json(block) for block in told.blocks],
        "copy_of": told.original and telling.carrier_json(told.original),
        "also_at": [telling.carrier_json(row) for row in told.also],
        "messages": [_message(message) for message in story.messages],
    }


def article_in_full(
    store: Store, article_id: int, revision: int | None = None
) -> dict[str, Any] | None:
    """An article for programs, with the blocks of one revision (None: the latest).

    None if there is no such article, or no such revision of it.
    """
    told = of_article(store, article_id)
    if told is None or not told.revisions:
        return None
    shown = told.revisions[-1]
    if revision is not None:
        numbered = {row.revision: row for row in told.revisions}
        if revision not in numbered:
            return None
        shown = numbered[revision]
    removed = store.articles.removed(article_id, shown.revision)
    blocks = telling.blocks(shown.text, removed)
    full = as_json(told)
    return {
        "article": telling.article_json(shown, told.original),
        "metadata": telling.metadata_json(shown.metadata),
        "blocks": [telling.block_json(block) for block in blocks],
        **{name: full[name] for name in ("revisions", "also_at", "messages")},
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {
        "shape": shape.name,
        "same": shape.same,
        "different": shape.different,
        "learnt": shape.is_learnt,
        "example": shape.example,
    }


def _listed(story: Story) -> dict[str, Any]:
    url, said = story.url, story.url.candidate
    return {
        "source": None if story.source is None else _source(story.source),
        "first": iso(url.discovered_at),
        "last": iso(url.last_listed_at),
        "title": said.title,
        "published": iso(said.published),
        "updated": iso(said.updated),
    }


def _source(source: SourceStatus) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "url": source.url,
        "active": source.active,
        "next_poll": iso(source.next_at),
        "why": source.why,
    }


def _attempt(attempt: AttemptRow) -> dict[str, Any]:
    return {
        "at": iso(attempt.at),
        "outcome": attempt.outcome,
        "detail": attempt.detail,
        "status": attempt.status,
    }


def _page(page: PageRow) -> dict[str, Any]:
    return {
        "fetched": iso(page.at),
        "final_url": page.final_url,
        "status": page.status,
        "content_type": page.content_type,
        "bytes": page.size,
    }


def _rejection(
    rejection: Rejection | None, blocks: list[Block]
) -> dict[str, Any] | None:
    if rejection is None:
        return None
    return {
        "at": iso(rejection.at),
        "outcome": rejection.outcome,
        "detail": rejection.detail,
        "title": rejection.title,
        "blocks": [telling.block_json(block) for block in blocks],
    }


def _revision(brief: RevisionRow, full: ArticleRow) -> dict[str, Any]:
    return {
        "n": brief.n,
        "title": full.title,
        "published": telling.dated_json(full.metadata.published),
        "language": full.language,
        "declared_language": full.metadata.declared_language,
        "relation": brief.relation,
        "relation_of": brief.relation_of,
        "coverage": brief.coverage,
        "coverage_of": brief.coverage_of,
        "change": brief.change,
        "changes": brief.changes,
        "passages": [full.text[start:end] for start, end in brief.passages],
        "characters": brief.characters,
        "cleaner_version": brief.cleaner_version,
        "made_by": brief.made_by,
        "cosmetic": brief.cosmetic,
        "fetched": iso(brief.fetched_at),
        "stored": iso(brief.stored_at),
        "text": full.text,
    }


def _message(message: MessageRow) -> dict[str, Any]:
    return {
        "id": message.msg_id,
        "seq": message.seq,
        "kind": message.kind,
        "revision": message.revision,
        "queued": iso(message.made_at),
        "deliveries": [
            {
                "subscription": delivery.subscription,
                "state": delivery.state,
                "attempts": delivery.attempts,
                "last_error": delivery.last_error,
            }
            for delivery in message.deliveries
        ],
    }
