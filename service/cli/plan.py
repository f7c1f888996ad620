"""`presswatch plan`: what the config will ask of whom, before it goes live."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from service.plan_facts import Change, Conflict, HostPlan, Plan


@click.command("plan")
@database_options
@json_option
def plan(config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Show what the config on disk will ask of every host, and what it changes.

    Requests a day by host: polls by the intervals, or with `every: auto` by what is
    known of the source and the budget; pages as in the last seven days.
    Where robots.txt (as last read) and the config disagree. What differs from the
    config that ran last: outlets, sources, rules, and which listed URLs would newly
    be fetched or denied. Asks nothing of the network, and changes nothing.

    \b
    Examples:
      presswatch plan
      presswatch plan --config /etc/presswatch --json
    """
    from config import load
    from pipelines.store import Store
    from service import planning

    config = load(config_dir)
    file = database or config.database
    now = datetime.now(UTC)
    if file.exists():
        with Store.open(file, read_only=True) as store:
            made = planning.gather(store, config, now)
    else:
        made = planning.gather(None, config, now)
    if as_json:
        click.echo(json.dumps(planning.as_json(made)))
    else:
        _print(made)


def _print(made: Plan) -> None:
    width = max((len(host.host) for host in made.hosts), default=0)
    for host in made.hosts:
        _print_host(host, width)
    click.echo(f"all hosts: {made.requests:.0f} requests a day")
    _print_sources(made)
    _print_section("robots.txt", made.conflicts, "no conflicts known")
    if made.moved:
        _print_section("Moved for good", made.moved, "")
    if made.before is None:
        click.secho("\nChanges", bold=True)
        click.echo("  nothing ran yet with this database: all of it is new")
    else:
        _print_section("Changes", made.changes, "none: this is what ran last")


def _print_host(host: HostPlan, width: int) -> None:
    click.secho(f"{host.host:<{width}}", fg="cyan", nl=False)
    pages = "pages not known yet" if host.pages is None else f"{host.pages:.0f} pages"
    click.echo(f"  {host.polls:.0f} polls, {pages} a day; gap {host.gap:g} s", nl=False)
    click.secho(
        f", busy {host.busy:.0%}", fg="red" if host.busy > 1 else None, nl=False
    )
    if host.budget is not None:
        over = host.requests > host.budget
        words = f"; at most {host.budget} a day"
        click.secho(words, fg="red" if over else None, nl=False)
    click.echo(f"; robots.txt {host.robots}; {', '.join(host.outlets)}")


def _print_sources(made: Plan) -> None:
    """The sources whose interval no line of the config gives."""
    from service.telling import line

    auto = [one for one in made.sources if one.why.startswith("auto")]
    if auto:
        click.secho("\nSources with every: auto", bold=True)
    for one in auto:
        click.secho(f"  {one.outlet}", fg="cyan", nl=False)
        click.echo(f"  {one.polls:.0f} polls a day: {line(one.url)} ({one.why})")


def _print_section(
    title: str, found: tuple[Conflict, ...] | tuple[Change, ...], none: str
) -> None:
    from service.telling import line

    click.secho(f"\n{title}", bold=True)
    if not found:
        click.echo(f"  {none}")
    for one in found:
        click.secho(f"  {one.outlet}", fg="cyan", nl=False)
        click.echo(f"  {line(one.text)}")
        for example in one.examples:
            click.secho(f"    {line(example)}", dim=True)
