"""`presswatch outlets check`: how the sources of an outlet complete each other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from service.crosscheck import CrossCheck, View


@click.command("check")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@database_options
@json_option
def crosscheck(
    keys: tuple[str, ...], config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """Compare what the feed, the sitemap and the section page of an outlet list.

    Shows what one lists and the others omit, with examples, and the line of the
    outlet's file that would mend it. Reads the stored listings of the last fourteen
    days; asks nothing of the network. Without KEY: all outlets.

    \b
    Examples:
      presswatch outlets check tag24
      presswatch outlets check --json
    """
    from config import load
    from crawlers.runtime import chosen
    from service import crosscheck

    config = load(config_dir)
    wanted = chosen(config, keys) or frozenset(config.outlets)
    now = datetime.now(UTC)
    with looked_at(config_dir, database) as store:
        for key in sorted(wanted):
            found = crosscheck.gather(store, config.outlets[key], now)
            if as_json:
                click.echo(json.dumps(crosscheck.as_json(found)))
            else:
                _print(found)


def _print(found: CrossCheck) -> None:
    click.secho(found.outlet, bold=True, nl=False)
    if found.since is None:
        click.echo("  no source was polled with success yet")
        return
    _print_views(found, found.since)
    for url in found.unpolled:
        click.secho(f"  {url}: not polled with success yet", fg="yellow")
    for one in found.mendings:
        click.secho(f"  {one.text}", fg="yellow")
        click.echo(f"    {one.line}")


def _print_views(found: CrossCheck, since: datetime) -> None:
    """What was compared; or why there is nothing to compare."""
    if not found.compared:
        click.echo(
            f"  nothing to compare yet: counted is what was listed after the sources'"
            f" first polls ({since:%Y-%m-%d %H:%M} UTC) and long enough ago for each of"
            f" them to list it (before {found.until:%Y-%m-%d %H:%M})"
        )
        return
    click.echo(f"  {found.compared} URLs listed since {since:%Y-%m-%d %H:%M}")
    for view in found.views:
        _print_view(view, len(found.views) > 1)


def _print_view(view: View, others: bool) -> None:
    from service.telling import line

    click.echo(f"  {view.kind:<8} {view.url}: {view.listed} listed", nl=False)
    if not others:
        click.echo()
        return
    click.echo(f", {view.only} by it alone, {view.missed} omitted")
    for name, urls in (("only", view.only_examples), ("omits", view.missed_examples)):
        for url in urls:
            click.secho(f"    {name:<5} {line(url)}", dim=True)
