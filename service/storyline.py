"""A story over all outlets: who carries it, in which form, and the best of its texts.

Reads the database and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from pipelines.fingerprint import tokens
from pipelines.store import Store
from pipelines.store import carriers as stored
from pipelines.store.carriers import Carrier, Kin
from pipelines.store.stories import ArticleRow, RevisionRow
from service.links import spellings
from service.telling import iso

_NUMBER: Final = re.compile("[0-9]{1,18}")
_MESSAGE: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story: how it carries it, its latest text, its revisions."""

    carrier: Carrier
    article: ArticleRow
    history: tuple[RevisionRow, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Storyline:
    """A story. `tellings` is not empty and begins with the first one.

    `kin` shares text with it without being a copy.
    """

    tellings: tuple[Telling, ...]
    kin: tuple[Kin, ...]

    @property
    def id(self) -> int:
        """The id of the article that leads it."""
        return self.tellings[0].article.story

    @property
    def best(self) -> Telling:
        """The most complete text: the one of most words, the earliest of equals."""
        return max(self.tellings, key=lambda telling: telling.words)


def storylines(store: Store, named: str) -> tuple[Storyline, ...]:
    """The stories meant: by the number of an article, a message's id or a URL.

    A URL may be an article of several outlets. What was forgotten has no story. Raises
    `urls.UrlError`.
    """
    leads = {article.story: article.id for article in _articles(store, named)}
    found = (_storyline(store, article_id) for article_id in leads.values())
    return tuple(story for story in found if story.tellings)


def _articles(store: Store, named: str) -> tuple[ArticleRow, ...]:
    if _NUMBER.fullmatch(named):
        found = store.articles.get(int(named))
        return () if found is None else (found,)
    if _MESSAGE.fullmatch(named):
        article_id = store.articles.of_message(named)
        found = None if article_id is None else store.articles.get(article_id)
        return () if found is None else (found,)
    for url in spellings(named):
        told = store.articles.story(url)
        articles = [one.article for one in told if one.article is not None]
        if articles:
            return tuple(articles)
    return ()


def _storyline(store: Store, article_id: int) -> Storyline:
    carriers = store.articles.carriers(article_id)
    tellings = (_telling(store, carrier) for carrier in carriers)
    return Storyline(
        tuple(telling for telling in tellings if telling is not None),
        tuple(store.articles.kin(article_id)),
    )


def _telling(store: Store, carrier: Carrier) -> Telling | None:
    article = store.articles.get(carrier.article_id)
    if article is None:
        return None
    history = tuple(store.articles.history(article.id))
    return Telling(carrier, article, history, len(tokens(article.text)))


def as_json(story: Storyline) -> dict[str, Any]:
    """A story for programs."""
    best = story.best.article
    return {
        "story": story.id,
        "title": story.tellings[0].article.title,
        "first_seen": iso(story.tellings[0].carrier.seen_at),
        "carriers": [_telling_json(telling) for telling in story.tellings],
        "best": {
            "id": best.id,
            "outlet": best.outlet,
            "url": best.url,
            "title": best.title,
            "words": story.best.words,
            "text": best.text,
        },
        "related": [_kin_json(kin) for kin in story.kin],
    }


def _telling_json(telling: Telling) -> dict[str, Any]:
    article = telling.article
    return {
        "id": article.id,
        **stored.as_json(telling.carrier),
        "title": article.title,
        "published": iso(article.published),
        "language": article.language,
        "words": telling.words,
        "revision": article.revision,
        "revisions": [_revision_json(revision) for revision in telling.history],
    }


def _revision_json(revision: RevisionRow) -> dict[str, Any]:
    return {
        "n": revision.n,
        "stored": iso(revision.stored_at),
        "title": revision.title,
        "characters": revision.characters,
        "relation": revision.relation,
        "relation_of": revision.relation_of,
        "change": revision.change,
        "changes": revision.changes,
    }


def _kin_json(kin: Kin) -> dict[str, Any]:
    return {
        "relation": kin.relation,
        "id": kin.there,
        "outlet": kin.outlet,
        "url": kin.url,
        "title": kin.title,
        "later": kin.later == kin.there,
        "coverage": kin.coverage,
        "coverage_of": kin.coverage_of,
    }
