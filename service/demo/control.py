"""The control port: JSON over HTTP to look into the demo's papers and change them.

GET  /truth            every article as a perfect reader would have it
GET  /log              {"requests": [...], "connections": {outlet: n}}
POST /log/clear
POST /publish          {"outlet", "slug"}: an article that was held back, or
                       {"outlet", "generate": n}: n more synthetic ones, or
                       {"outlet", "title", "text"}: a new one in the notation of
                       the article files, or {"outlet", "copy_of": url, "title"}
POST /update           {"url"}: the later version its desk has prepared, or
                       {"url", "add": text, "replace": {old: new}, "title"}
POST /remove           {"url", "status": 404 or 410}
POST /fault            {"outlet", "path": regex, "kind", "count", "args"}
POST /fault/clear
GET  /fault/kinds      the names of all faults
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.demo import distortions, garbling
from service.demo.access import AccessLog
from service.demo.edition import Edition, Posting
from service.demo.faults import Faults, order
from service.demo.newsroom import Article, Block, Desk, parse_blocks
from service.demo.synthetic import Salad
from service.demo.web import Request, Response

Said = dict[str, Any]

#: What a request may say wrongly: unknown outlets and slugs, bad notation, bad JSON.
_MISTAKES = (KeyError, ValueError, TypeError, AttributeError)


@dataclass(slots=True)
class House:
    """Everything one site process serves."""

    desks: Mapping[str, Desk]
    editions: dict[str, Edition]
    faults: Faults
    log: AccessLog


class Control:
    """Answers the control port. `clock` tells when a change happens."""

    def __init__(self, house: House, clock: Callable[[], datetime]) -> None:
        self._house = house
        self._clock = clock
        self._written = 0
        self._routes: Mapping[tuple[str, str], Callable[[Said], Any]] = {
            ("GET", "/truth"): lambda _: self._truth(),
            ("GET", "/log"): lambda _: house.log.as_json(),
            ("GET", "/fault/kinds"): lambda _: sorted(fault_kinds()),
            ("POST", "/log/clear"): lambda _: house.log.clear(),
            ("POST", "/publish"): self._publish,
            ("POST", "/update"): self._update,
            ("POST", "/remove"): self._remove,
            ("POST", "/fault"): self._fault,
            ("POST", "/fault/clear"): lambda _: house.faults.clear(),
        }

    def answer(self, request: Request) -> Response:
        """Run one command: 200 and its result, 404, or 400 and what is wrong."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            return _json(404, {"error": f"no {request.method} {request.path} here"})
        try:
            return _json(200, route(json.loads(request.body or b"{}")))
        except _MISTAKES as error:
            return _json(400, {"error": f"{type(error).__name__}: {error}"})

    def _truth(self) -> list[Said]:
        editions = self._house.editions.values()
        return [told for edition in editions for told in edition.truth()]

    def _publish(self, said: Said) -> list[str]:
        edition = self._house.editions[said["outlet"]]
        articles = self._to_publish(said, self._house.desks[said["outlet"]])
        posts = [edition.publish(article, self._clock()) for article in articles]
        return [edition.origin + post.path for post in posts]

    def _to_publish(self, said: Said, desk: Desk) -> Sequence[Article]:
        if "generate" in said:
            first = self._written + 1_000_000  # apart from those made at the start
            self._written += said["generate"]
            return tuple(Salad(desk).articles(first, said["generate"]))
        if "slug" in said and "text" not in said:
            return [_of_slug(desk, said["slug"])]
        self._written += 1
        if "copy_of" in said:
            return [self._copy(said, desk)]
        return [self._new(said, desk, parse_blocks(said["text"]))]

    def _copy(self, said: Said, desk: Desk) -> Article:
        _, original = self._at(said["copy_of"])
        article = self._new(
            {"title": original.article.title, **said}, desk, original.article.blocks
        )
        return replace(article, standfirst=original.article.standfirst)

    def _new(self, said: Said, desk: Desk, blocks: tuple[Block, ...]) -> Article:
        section = desk.outlet.sections[0]
        return Article(
            slug=said.get("slug", f"breaking-news-item-{self._written}"),
            section=section.key,
            title=said["title"],
            kicker=section.title,
            minutes=0,
            blocks=blocks,
            authors=tuple(said.get("authors", ())),
        )

    def _update(self, said: Said) -> str:
        edition, posting = self._at(said["url"])
        if said.keys() == {"url"}:
            desk = self._house.desks[edition.outlet.key]
            article = desk.later[posting.article.slug]
        else:
            article = rewritten(posting.article, said)
        edition.update(posting.path, article, self._clock())
        return edition.origin + posting.path

    def _remove(self, said: Said) -> str:
        edition, posting = self._at(said["url"])
        edition.remove(posting.path, said.get("status", 410))
        return edition.origin + posting.path

    def _fault(self, said: Said) -> None:
        fault = order(said)
        if fault.kind not in fault_kinds():
            raise ValueError(f"no fault {fault.kind!r}; there are {fault_kinds()}")
        self._house.faults.add(fault)

    def _at(self, url: str) -> tuple[Edition, Posting]:
        for edition in self._house.editions.values():
            posting = edition.find(url.removeprefix(edition.origin))
            if url.startswith(edition.origin) and posting is not None:
                return edition, posting
        raise KeyError(url)


def rewritten(article: Article, said: Said) -> Article:
    """An article with words replaced, blocks added, or another title."""
    blocks = [
        Block(block.kind, tuple(_replaced(part, said) for part in block.fields))
        for block in article.blocks
    ]
    return replace(
        article,
        title=said.get("title", article.title),
        standfirst=article.standfirst and _replaced(article.standfirst, said),
        blocks=(*blocks, *parse_blocks(said.get("add", ""))),
    )


def fault_kinds() -> list[str]:
    """The names of all faults."""
    return sorted([*distortions.KINDS, *garbling.KINDS])


def _replaced(text: str, said: Said) -> str:
    for old, new in said.get("replace", {}).items():
        text = text.replace(old, new)
    return text


def _of_slug(desk: Desk, slug: str) -> Article:
    for article in desk.articles:
        if article.slug == slug:
            return article
    raise KeyError(slug)


def _json(status: int, value: object) -> Response:
    body = json.dumps(value).encode()
    return Response(status, {"Content-Type": "application/json"}, body)
