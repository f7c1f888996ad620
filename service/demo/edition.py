"""What an outlet of the demo has published so far: its articles and their changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from service.demo.newsroom import Article, Outlet, article_text, posts

_FIRST_NUMBER = 3_402_100  # article ids of a paper that has been online for a while


@dataclass(frozen=True, slots=True)
class Posting:
    """An article under its path. `updated` equals `published` until it changes.

    `gone` is the status (404, 410) it is answered with once it was taken down.
    """

    article: Article
    number: int
    path: str
    published: datetime
    updated: datetime
    version: int = 1
    gone: int | None = None


class Edition:
    """One outlet's postings under `origin` ("http://127.0.0.1:4711").

    `version` counts every change, so that what is rendered from it can be kept.
    """

    def __init__(self, outlet: Outlet, origin: str) -> None:
        self.outlet = outlet
        self.origin = origin
        self.version = 0
        self._by_path: dict[str, Posting] = {}
        self._newest_first: tuple[Posting, ...] | None = None

    @property
    def postings(self) -> tuple[Posting, ...]:
        """What is online, newest first."""
        if self._newest_first is None:
            online = [post for post in self._by_path.values() if post.gone is None]
            online.sort(key=lambda post: (post.published, post.number), reverse=True)
            self._newest_first = tuple(online)
        return self._newest_first

    def open(self, articles: Iterable[Article], start: datetime) -> None:
        """Publish the articles, each as long before `start` as it says, oldest first.

        Held articles stay back.
        """
        ready = [article for article in articles if not article.held]
        for article in sorted(ready, key=lambda article: -article.minutes):
            self.publish(article, start - timedelta(minutes=article.minutes))

    def publish(self, article: Article, at: datetime) -> Posting:
        """Put an article online."""
        number = _FIRST_NUMBER + len(self._by_path)
        path = self.outlet.path.format(
            section=article.section,
            slug=article.slug,
            number=number,
            date=at.strftime("%Y/%m/%d"),
        )
        return self._keep(Posting(article, number, path, at, at))

    def update(self, path: str, article: Article, at: datetime) -> Posting:
        """Replace the article under a path. KeyError if there is none."""
        old = self._by_path[path]
        return self._keep(
            replace(old, article=article, updated=at, version=old.version + 1)
        )

    def remove(self, path: str, status: int) -> Posting:
        """Take an article down; its path answers `status` from now on."""
        return self._keep(replace(self._by_path[path], gone=status))

    def find(self, path: str) -> Posting | None:
        """What stands, or stood, under a path."""
        return self._by_path.get(path)

    def by_slug(self, slug: str) -> Posting:
        """The posting of an article. KeyError if it was never published."""
        for posting in self._by_path.values():
            if posting.article.slug == slug:
                return posting
        raise KeyError(slug)

    def truth(self) -> list[dict[str, Any]]:
        """What a perfect reader would have of every article, for assertions."""
        return [self._truth(posting) for posting in self._by_path.values()]

    def _truth(self, posting: Posting) -> dict[str, Any]:
        article = posting.article
        return {
            "outlet": self.outlet.key,
            "slug": article.slug,
            "url": self.origin + posting.path,
            "title": article.title,
            "text": article_text(article),
            "posts": posts(article),
            "language": self.outlet.language,
            "authors": list(article.authors),
            "section": article.section,
            "published": posting.published.isoformat(),
            "updated": posting.updated.isoformat(),
            "version": posting.version,
            "wire": article.wire,
            "gone": posting.gone,
        }

    def _keep(self, posting: Posting) -> Posting:
        self._by_path[posting.path] = posting
        self._newest_first = None
        self.version += 1
        return posting
