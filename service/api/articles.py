"""The endpoints of the articles: what is stored, page by page and in full."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BeforeValidator

from pipelines.store import Store
from pipelines.store.browsing import Wanted
from pipelines.urls import UrlError
from service import story, telling
from service.api import models
from service.api.desk import DeskOf
from service.api.documented import responses
from service.api.problems import ProblemError

router = APIRouter(prefix="/v1", tags=["articles"])

Cursor = Annotated[
    int,
    Query(
        ge=0,
        le=2**53,
        description="Only what came after this cursor: `next` of the page before.",
    ),
]


def _spelled_out(value: object) -> object:
    """Refuses what pydantic would take for seconds since 1970."""
    if isinstance(value, str) and not value[:5].endswith("-"):
        raise ValueError("write it as 2026-11-25T09:30:00Z")
    return value


Stamp = Annotated[AwareDatetime, BeforeValidator(_spelled_out)]


@router.get("/articles", operation_id="listArticles", responses=responses())
async def articles(
    desk: DeskOf,
    since: Cursor = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    outlet: Annotated[
        str | None, Query(max_length=200, description="Only of this outlet.")
    ] = None,
    language: Annotated[
        str | None, Query(max_length=20, description="Only in this language.")
    ] = None,
    stored_after: Annotated[
        Stamp | None, Query(description="Only stored at that time or later.")
    ] = None,
) -> models.Articles:
    """The stored articles in their latest revision, in the order of storing.

    An article that changes comes again, behind all others: who asks on from `next`
    misses nothing.
    """
    wanted = Wanted(
        after=since, outlet=outlet, language=language, stored_after=stored_after
    )
    found = await desk.read(lambda store: store.overview.page(wanted, limit))
    told = [telling.article_json(one.article, one.original) for one in found]
    last = found[-1].cursor if found else since
    return models.Articles.model_validate({"articles": told, "next": last})


@router.get(
    "/articles/{article_id}",
    operation_id="getArticle",
    response_model_exclude_unset=True,
    responses=responses("unknown-article"),
)
async def article(
    desk: DeskOf,
    article_id: Annotated[int, Path(ge=1, le=2**53, examples=[17])],
    revision: Annotated[
        int | None,
        Query(ge=1, le=2**31, description="The blocks of this one; else the latest."),
    ] = None,
) -> models.ArticleInFull:
    """One article: its text, what was removed from the page and why, its revisions."""

    def question(store: Store) -> dict[str, Any] | None:
        with store.snapshot():
            return story.article_in_full(store, article_id, revision)

    told = await desk.read(question)
    if told is None:
        which = f"article {article_id}" + (f", revision {revision}" if revision else "")
        raise ProblemError("unknown-article", f"{which} is not stored")
    return models.ArticleInFull.model_validate(told)


@router.get("/stories", operation_id="explainUrl", responses=responses("unknown-url"))
async def stories(
    desk: DeskOf,
    url: Annotated[
        str,
        Query(
            min_length=1,
            max_length=4000,
            description="The URL, in any spelling.",
            examples=["https://courier.example/news/ferry-returns"],
        ),
    ],
) -> models.Stories:
    """All that is stored of a URL: listings, attempts, text, messages."""

    def question(store: Store) -> tuple[str, list[dict[str, Any]]]:
        known_as, told = story.stories(store, url)
        return known_as, [story.as_json(one) for one in told]

    try:
        known_as, told = await desk.read(question)
    except UrlError as error:
        raise ProblemError("unknown-url", str(error)) from error
    if not told:
        hint = f"presswatch try {known_as}"
        raise ProblemError("unknown-url", f"no outlet listed {known_as}", hint)
    return models.Stories.model_validate({"url": known_as, "stories": told})
