"""`presswatch articles`: what is stored, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.moments import Since
from service.cli.options import AtLeast, database_options, json_option

if TYPE_CHECKING:
    from pipelines.store import Store
    from pipelines.store.stories import ArticleRow

#: What fits a screen or two; programs get everything.
_FOR_PEOPLE = 20


@click.command("articles")
@click.option("--outlet", metavar="KEY", help="Only articles of this outlet.")
@click.option(
    "--since",
    type=Since(),
    metavar="2h|2026-11-01",
    help="Only articles stored since then: so long ago, or a date (UTC).",
)
@click.option(
    "--limit",
    type=AtLeast(1),
    show_default="20; all with --json",
    help="The most articles to print.",
)
@click.option("--text", "with_text", is_flag=True, help="Print the texts as well.")
@database_options
@json_option
def articles(
    outlet: str | None,
    since: datetime | None,
    limit: int | None,
    with_text: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """List the stored articles in their latest revision, latest stored first.

    \b
    Examples:
      presswatch articles
      presswatch articles --outlet tag24 --since 2h --text
      presswatch articles --since 2026-11-01 --json > articles.jsonl
    """
    with looked_at(config_dir, database) as store:
        if outlet is not None:
            _check_outlet(store, outlet)
        wanted = limit if as_json else limit or _FOR_PEOPLE
        found = islice(store.overview.each(outlet=outlet, since=since), wanted)
        if as_json:
            _print_json(store, found)
        else:
            _print(store, found, with_text=with_text)


def _check_outlet(store: Store, outlet: str) -> None:
    """Ends with a usage error if nobody ever watched an outlet of that name."""
    keys = sorted({source.outlet for source in store.frontier.source_status()})
    if outlet not in keys:
        known = ", ".join(keys) or "none yet"
        raise click.UsageError(
            f"{store.path} has no outlet {outlet!r}; it has: {known}"
        )


def _print_json(store: Store, found: Iterator[ArticleRow]) -> None:
    from service.telling import article_json

    for row in found:
        click.echo(json.dumps(article_json(row, _original(store, row))))


def _original(store: Store, row: ArticleRow) -> ArticleRow | None:
    """The article that told this one's text first, if that is another one."""
    return None if row.story == row.id else store.articles.get(row.story)


def _print(store: Store, found: Iterator[ArticleRow], *, with_text: bool) -> None:
    rows = list(found)
    width = max((len(row.outlet) for row in rows), default=0)
    for row in rows:
        _print_one(row, _original(store, row), width)
        if with_text:
            _print_text(row)
    if not rows:
        click.echo("no articles", err=True)


def _print_one(row: ArticleRow, original: ArticleRow | None, width: int) -> None:
    from service.telling import line, stamp

    click.secho(f"{stamp(row.stored_at)}  ", dim=True, nl=False)
    click.secho(f"{row.outlet:<{width}}", fg="cyan", nl=False)
    click.echo(f"  {row.language:<5}  ", nl=False)
    click.secho(line(row.title or "(no title)"), bold=True)
    click.echo(f"{'':18}{row.url}  [{_told(row, original)}]")


def _told(row: ArticleRow, original: ArticleRow | None) -> str:
    if original is not None:
        return f"copy of {original.outlet} {original.url}"
    return "new" if row.revision == 1 else f"revision {row.revision}"


def _print_text(row: ArticleRow) -> None:
    from service.telling import line

    click.echo()
    for paragraph in row.text.split("\n"):
        click.echo(f"    {line(paragraph)}")
    click.echo()
