"""`presswatch explain`: the stored story of a URL."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.stories import ArticleRow, MessageRow, Story
    from service.story import Told


@click.command("explain")
@click.argument("url")
@database_options
@json_option
def explain(url: str, config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Tell all that is stored of a URL: listings, attempts, text, messages.

    Shows the article's text with what was removed in its place, the reason and the
    evidence. Any spelling of the URL will do. Uses no network. The exit code is 1 if
    nothing is known of the URL.

    \b
    Examples:
      presswatch explain https://example.org/news/1?utm_source=rss
      presswatch explain https://example.org/news/1 --json | jq .attempts
    """
    from pipelines.urls import UrlError
    from service import story

    with looked_at(config_dir, database) as store:
        try:
            known_as, told = story.stories(store, url)
        except UrlError as error:
            raise click.BadParameter(str(error), param_hint="URL") from error
    if not told:
        _print_unknown(known_as, as_json)
        sys.exit(1)
    for one in told:
        if as_json:
            click.echo(json.dumps(story.as_json(one)))
        else:
            _print(one, datetime.now(UTC))


def _print_unknown(url: str, as_json: bool) -> None:
    from service.story import unknown_json

    if as_json:
        click.echo(json.dumps(unknown_json(url)))
    click.echo(f"nothing is known of {url}: no source has listed it", err=True)
    click.echo(f"what it would become: presswatch try {url}", err=True)


def _print(told: Told, now: datetime) -> None:
    from service.cli.printing import print_all, print_blocks, print_heading

    story, article = told.story, told.story.article
    click.secho(story.url.url, bold=True)
    print_all(_standing(story, now))
    print_all(
        f"spelling   {shape.name} makes no difference: {shape.same} pages were the same"
        for shape in told.shapes
        if shape.is_learnt
    )
    print_heading("Attempts")
    print_all(_attempts(story) or ["none yet"])
    if article is not None:
        _print_article(told, article)
        print_blocks(told.blocks)
    if story.rejection is not None:
        _print_rejection(told)
    if story.messages:
        print_heading("Messages")
        print_all(line for each in story.messages for line in _message(each))
    click.echo()


def _standing(story: Story, now: datetime) -> Iterator[str]:
    """Where the URL came from and where it stands."""
    from service.telling import ago, line, stamp

    url, source = story.url, story.source
    yield f"outlet     {url.outlet}"
    where = "a command" if source is None else f"{source.kind} {source.url}"
    yield f"listed     {stamp(url.discovered_at)} by {where}"
    last = url.last_listed_at
    yield f"           last {stamp(last)} ({ago(last, now)})"
    if source is not None and source.active:
        why = "" if source.why is None else f": {line(source.why)}"
        asked = "was to be asked again" if source.next_at <= now else "asked again"
        yield f"           {asked} {ago(source.next_at, now)}{why}"
    outcome = "no attempt yet" if url.outcome is None else str(url.outcome)
    detail = "" if url.detail is None else f" ({line(url.detail)})"
    visit = ""
    if url.next_at is not None:
        due = "was due" if url.next_at <= now else "next visit"
        visit = f"; {due} {ago(url.next_at, now)}"
    yield f"state      {url.state}: {outcome}{detail}{visit}"
    page = story.page
    if page is not None:
        facts = f"HTTP {page.status}, {page.content_type or 'no type'}, {page.size} B"
        yield f"page       {stamp(page.at)} {facts} from {page.final_url}"


def _attempts(story: Story) -> list[str]:
    from service.telling import line, stamp

    told = []
    for attempt in story.attempts:
        status = "" if attempt.status is None else f"HTTP {attempt.status}"
        detail = line(attempt.detail or "")
        # A detail that quotes the status says it better.
        words = detail if detail.startswith(status) else f"{status} {detail}"
        told.append(f"{stamp(attempt.at)}  {attempt.outcome:<11} {words}".rstrip())
    return told


def _print_article(told: Told, article: ArticleRow) -> None:
    from service.cli.printing import print_all, print_heading, print_metadata
    from service.telling import line

    print_heading(f"Article {article.id}: {line(article.title or '(no title)')}")
    print_all([f"url        {article.url}"])
    print_metadata(article.metadata, article.language)
    if told.original is not None:
        print_all([f"copy of    {told.original.outlet} {told.original.url}"])
    print_all(f"also at    {row.outlet} {row.url}" for row in told.also)
    print_all(_revisions(told))


def _revisions(told: Told) -> Iterator[str]:
    from service.telling import stamp

    rows = zip(told.story.revisions, told.revisions, strict=True)
    for brief, full in rows:
        of = "" if brief.relation_of is None else f" of {brief.relation_of}"
        if brief.coverage is not None and brief.coverage_of is not None:
            of += f" ({brief.coverage:.0%} of it, {brief.coverage_of:.0%} of that one)"
        published = full.metadata.published
        said = "no date" if published is None else f"published {stamp(published.at)}"
        yield (
            f"revision {brief.n}  stored {stamp(brief.stored_at)}, {said},"
            f" {full.language}, {brief.characters} characters,"
            f" {brief.relation}{of}{', cleaned anew' if brief.cosmetic else ''}"
            f"{f', {brief.change}' if brief.change else ''}"
        )
        made_by = brief.made_by or f"cleaner {brief.cleaner_version}"
        yield f"            made by {made_by}"


def _print_rejection(told: Told) -> None:
    from service.cli.printing import print_blocks, print_heading
    from service.telling import line

    rejection = told.story.rejection
    if rejection is None:
        return
    print_heading(f"Latest page: {rejection.outcome}, {line(rejection.detail or '')}")
    print_blocks(told.rejected)


def _message(message: MessageRow) -> Iterator[str]:
    from service.telling import line, stamp

    yield (
        f"{message.seq} {message.kind}, revision {message.revision},"
        f" queued {stamp(message.made_at)}, id {message.msg_id}"
    )
    for delivery in message.deliveries:
        error = "" if delivery.last_error is None else f": {line(delivery.last_error)}"
        state = f"{delivery.state}, {delivery.attempts} attempts{error}"
        yield f"  {delivery.subscription}: {state}"
