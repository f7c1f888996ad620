"""The console's pages. Each reads one state of the database, and is made beside the
event loop."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import FileResponse, HTMLResponse, Response

from pipelines.store import Store
from pipelines.store.browsing import Wanted
from pipelines.urls import UrlError
from service import standing, story, telling
from service.api.desk import Desk, DeskOf
from service.api.problems import KINDS
from service.console.health import health
from service.console.rendering import HERE, render
from service.story import Told

#: Articles on a page.
PAGE = 40

_no_story: tuple[Told, ...] = ()

router = APIRouter(include_in_schema=False)


@router.get("/")
async def overview(desk: DeskOf) -> Response:
    """How everything stands."""
    now = desk.now()

    def question(store: Store) -> str:
        found = standing.gather(store, now)
        outlets = [(one, health(one, now)) for one in found.outlets]
        return render("overview.html", now, standing=found, outlets=outlets)

    return HTMLResponse(await desk.read(question))


@router.get("/articles")
async def articles(
    desk: DeskOf,
    outlet: Annotated[str, Query(max_length=200)] = "",
    language: Annotated[str, Query(max_length=20)] = "",
    words: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """The stored articles, latest first."""
    now = desk.now()
    asked = {"outlet": outlet, "language": language, "words": words.strip()}
    wanted = Wanted(
        before=before,
        outlet=outlet or None,
        language=language or None,
        words=words.strip() or None,
    )

    def question(store: Store) -> str:
        found = store.overview.page(wanted, PAGE, newest_first=True)
        keys = sorted({source.outlet for source in store.frontier.source_status()})
        older = found[-1].cursor if len(found) == PAGE else None
        return render(
            "articles.html",
            now,
            found=found,
            outlets=keys,
            asked=asked,
            older=older,
            first=before is None,
        )

    return HTMLResponse(await desk.read(question))


@router.get("/articles/{article_id}")
async def article(
    desk: DeskOf,
    article_id: Annotated[int, Path(ge=1, le=2**53)],
    revision: Annotated[int | None, Query(ge=1, le=2**31)] = None,
) -> Response:
    """One article: what was kept, and what was removed and why."""
    now = desk.now()

    def question(store: Store) -> str | None:
        told = story.of_article(store, article_id)
        rows = {row.revision: row for row in (told.revisions if told else ())}
        number = revision or max(rows, default=0)
        if told is None or number not in rows:
            return None
        removed = store.articles.removed(article_id, number)
        blocks = telling.blocks(rows[number].text, removed)
        return render("article.html", now, told=told, shown=rows[number], blocks=blocks)

    page = await desk.read(question)
    return HTMLResponse(page) if page is not None else _missing(desk, "article")


@router.get("/story")
async def stories(
    desk: DeskOf, url: Annotated[str, Query(max_length=4000)] = ""
) -> Response:
    """All that is known of a URL."""
    now = desk.now()

    def question(store: Store) -> tuple[str, bool]:
        known_as, told = url, _no_story
        if url.strip():
            with suppress(UrlError):  # nothing is known of it, says the page
                known_as, told = story.stories(store, url)
        page = render("story.html", now, url=known_as, asked=url, told=told)
        return page, bool(told)

    page, known = await desk.read(question)
    return HTMLResponse(page, 200 if known or not url.strip() else 404)


@router.get("/problems")
async def problems(desk: DeskOf) -> Response:
    """What each kind of problem document means."""
    return HTMLResponse(render("problems.html", desk.now(), kinds=KINDS))


@router.get("/console.css")
async def style() -> Response:
    """How the pages look."""
    return FileResponse(HERE / "console.css", media_type="text/css")


@router.get("/icon.svg")
async def icon() -> Response:
    """The mark in a browser's tab."""
    return FileResponse(HERE / "icon.svg", media_type="image/svg+xml")


def _missing(desk: Desk, what: str) -> Response:
    return HTMLResponse(render("missing.html", desk.now(), what=what), 404)
