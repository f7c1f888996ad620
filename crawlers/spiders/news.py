"""The one spider: a long-lived crawl over what is due in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import scrapy
from scrapy.crawler import Crawler

from crawlers.crawl import Crawl, Finished, Scope
from crawlers.session import Session
from crawlers.tally import Tally
from pipelines.outcome import Outcome


class NewsSpider(scrapy.Spider):
    """Polls the sources of the configured outlets and visits what they list.

    The service and `once` hand it their session. Started by `scrapy crawl news -a
    outlet=KEY` it opens one itself, makes one pass and yields each new text as an
    item, so that `-O texts.jsonl` and item pipelines work as usual. Without
    `outlet` it takes all outlets; several are separated by commas.
    """

    name = "news"

    def __init__(
        self,
        outlet: str | None = None,
        session: Session | None = None,
        crawl: Crawl | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._outlet = outlet
        self._opened = ExitStack()
        self.session: Any = session
        self.crawl: Any = crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        spider: NewsSpider = super().from_crawler(crawler, *args, **kwargs)
        if spider.session is None:
            spider._open(crawler.settings["PRESSWATCH_CONFIG"])
        spider.session.bind(crawler)
        return spider

    def _open(self, directory: str) -> None:
        from crawlers import runtime  # the runtime imports this module

        config = runtime.load_config(directory)
        outlets = runtime.chosen(config, (self._outlet or "").split(","))
        self.session = self._opened.enter_context(runtime.open_session(config))
        self.crawl = Crawl(self.session, Scope(outlets=outlets), Tally())

    async def start(self) -> AsyncIterator[Any]:
        async for finished in self.crawl.run():
            if finished.stored.outcome in (Outcome.NEW, Outcome.REVISION):
                yield self._item(finished)

    def _item(self, finished: Finished) -> dict[str, Any]:
        article = self.session.store.articles.get(finished.stored.article_id)
        return {
            "url": article.url,
            "outlet": article.outlet,
            "title": article.title,
            "authors": list(article.authors),
            "published": article.published and article.published.isoformat(),
            "language": article.language,
            "text": article.text,
            "revision": article.revision,
        }

    def closed(self, reason: str) -> None:
        self._opened.close()
