"""`presswatch relate`: how texts relate to one another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import json_option, unused_options

if TYPE_CHECKING:
    from pipelines.store.connection import Store
    from service.relating import Related, Submitted


@click.command("relate")
@click.option(
    "--batch",
    "batch_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    required=True,
    metavar="FILE.jsonl",
    help='{"id", "outlet", "url", "seen_at", "title", "text"} lines, oldest first.',
)
@click.option(
    "--database",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Relate to the texts that it remembers too; it is only read.",
)
@unused_options("config")
@json_option
def relate(batch_file: Path, database: Path | None, as_json: bool) -> None:
    """Tell how texts relate: copies, revisions, overlaps, round-ups, form texts.

    Each text is related to those before it. Prints the relation (new, same, revision,
    overlap, contained, template), the id of the text it is related to, the id of the
    first text of its story, the share of it that is found in the other text, and the
    share of the other that is found in it. Texts of the database go by their URL. A
    line that cannot be read is named on standard error, and the exit code is 1.

    \b
    Examples:
      presswatch relate --batch texts.jsonl
      presswatch relate --batch - --json < texts.jsonl
      presswatch relate --batch texts.jsonl --database data/presswatch.db
    """
    from service import relating

    failed = False
    with _lines(batch_file) as submitted, _opened(database) as store:
        for one in relating.related(submitted, store):
            if one.submitted.broken is not None:
                failed = True
                click.echo(f"{batch_file}: {one.submitted.broken}", err=True)
            if as_json:
                click.echo(relating.as_json(one))
            else:
                _show(one)
    sys.exit(1 if failed else 0)


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[Submitted]]:
    from service.relating import batch

    with click.open_file(str(file), encoding="utf-8-sig", errors="replace") as lines:
        yield batch(lines)


@contextmanager
def _opened(database: Path | None) -> Iterator[Store | None]:
    if database is None:
        yield None
        return
    from pipelines.store.connection import Store

    with Store.open(database, read_only=True) as store:
        yield store


def _show(related: Related) -> None:
    """One result for a reader."""
    relating = related.relating
    if relating is None:
        return
    line = f"{related.submitted.id}  {relating.likeness}"
    if related.of is not None:
        line += (
            f"  of {related.of}  story {related.story}"
            f"  {relating.coverage:.0%} of it, {relating.coverage_of:.0%} of the other"
        )
    click.echo(line.encode("utf-8", "replace"))  # ids may hold lone surrogates
