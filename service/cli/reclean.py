"""`presswatch reclean`: what today's cleaning makes of the stored pages."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from service.cli.moments import Since
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from config.models import Config
    from pipelines.store import Store
    from service.recleaning import Recleaned, Wish

#: How many articles people are shown without --all.
_SHOWN: Final = 20

#: What is said of how many articles, in this order; what nobody has is left out.
_COUNTED: Final = {
    "differs": "differ",
    "no_article": "would be no article today; their texts stay as they are",
    "missing": "cannot be cleaned again: their pages are no longer kept",
    "unwatched": "are of outlets that have left the config",
    "failed": "could not be read",
    "overtaken": "got a later revision meanwhile",
}


@click.command("reclean")
@click.option("--outlet", metavar="KEY", help="Only articles of this outlet.")
@click.option(
    "--since",
    type=Since(),
    metavar="2h|2026-11-01",
    help="Only articles stored since then: so long ago, or a date (UTC).",
)
@click.option("--dry-run", is_flag=True, help="Store nothing; show what would differ.")
@click.option(
    "--queue",
    "tell",
    is_flag=True,
    help="Hand the changed texts on as revisions, to those who know the article.",
)
@click.option("--all", "everything", is_flag=True, help="Show every difference.")
@database_options
@json_option
def reclean(
    outlet: str | None,
    since: datetime | None,
    dry_run: bool,
    tell: bool,
    everything: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Clean the stored pages again, by today's cleaner, rules and memory.

    Shows the articles whose title, text, authors, date or language come out
    differently. Without --dry-run the new texts are stored as revisions that are
    marked as cosmetic: nobody is told of them but with --queue. Uses no network; the
    service may run meanwhile. The exit code is 1 if a page could not be read.

    With --json: a line an article that is not the same, then a line of counts.

    \b
    Examples:
      presswatch reclean --since 7d --dry-run
      presswatch reclean --outlet tag24 --since 2026-11-01 --queue
    """
    from config import load
    from service.recleaning import Wish

    if dry_run and tell:
        raise click.UsageError("--queue hands on what is stored; --dry-run stores none")
    config = load(config_dir)
    _check_outlet(config, outlet)
    wish = Wish(outlet, since, store=not dry_run, tell=tell)
    path = database or config.database
    with _store(path, dry_run) as store:
        counts = _run(store, config, wish, _Shown(as_json, everything))
    _print_counts(counts, wish, as_json)
    sys.exit(1 if counts["failed"] else 0)


def _check_outlet(config: Config, outlet: str | None) -> None:
    if outlet is not None and outlet not in config.outlets:
        known = ", ".join(config.outlets) or "none"
        raise click.UsageError(
            f"{config.directory} has no outlet {outlet!r}; it has: {known}"
        )


def _store(path: Path, dry_run: bool) -> Store:
    from pipelines.store import Store

    return Store.open(path, read_only=dry_run)


def _run(store: Store, config: Config, wish: Wish, shown: _Shown) -> Counter[str]:
    from service.recleaning import reclean as each

    counts: Counter[str] = Counter()
    total = store.replays.count(outlet=wish.outlet, since=wish.since)
    for recleaned in _progress(each(store, config, wish, datetime.now(UTC)), total):
        counts["examined"] += 1
        counts[recleaned.verdict] += 1
        counts["stored"] += recleaned.stored is not None
        counts["queued"] += recleaned.stored is not None and recleaned.stored.queued
        shown.tell(recleaned)
    return counts


def _progress(each: Iterator[Recleaned], total: int) -> Iterator[Recleaned]:
    """`each`, counted on standard error where a person waits."""
    watched = sys.stderr.isatty()
    for done, one in enumerate(each, start=1):
        if watched:
            click.echo(f"\r{done} of {total} read", err=True, nl=done == total)
        yield one


class _Shown:
    """Prints the articles that are not the same; for people, the first ones."""

    def __init__(self, as_json: bool, everything: bool) -> None:
        self._as_json = as_json
        self._left = sys.maxsize if everything else _SHOWN

    def tell(self, recleaned: Recleaned) -> None:
        """Prints one article, if it is of interest."""
        from service.recleaning import Verdict, as_json

        if recleaned.verdict is Verdict.SAME:
            return
        if self._as_json:
            click.echo(json.dumps(as_json(recleaned)))
        elif self._left > 0:
            _print(recleaned)
        elif self._left == 0:
            click.echo("... and more (--all shows every one)\n")
        self._left -= 1


def _print(recleaned: Recleaned) -> None:
    from service.differences import told
    from service.telling import line

    article = recleaned.article
    click.secho(f"{article.outlet} ", fg="cyan", nl=False)
    click.secho(line(article.title or "(no title)"), bold=True)
    click.echo(f"  {article.url}")
    if recleaned.detail is not None:
        click.secho(f"  {recleaned.verdict}: {line(recleaned.detail)}", fg="yellow")
    for one in told(recleaned.differences):
        click.secho(f"  {one}", fg="red" if one.startswith("-") else "green")
    click.echo()


def _print_counts(counts: Counter[str], wish: Wish, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_counts_json(counts)))
        return
    click.secho(_counted(counts["examined"], "article was", "articles were"), nl=False)
    click.echo(" cleaned again.")
    for name, words in _COUNTED.items():
        if counts[name] or name == "differs":
            click.echo(f"  {counts[name]:>6}  {words}")
    if wish.store:
        click.echo(
            f"  {counts['stored']:>6}  stored, {counts['queued']} of them queued"
        )


def _counts_json(counts: Counter[str]) -> dict[str, Any]:
    names = ("examined", "same", *_COUNTED, "stored", "queued")
    return {name: counts[name] for name in names}


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
