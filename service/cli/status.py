"""`presswatch status`: is it running, and how does everything stand?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.deliveries import Stats
    from service.standing import OutletStanding, Standing


@click.command("status")
@database_options
@json_option
def status(config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Show how things stand: the process, every outlet, the queue, open alerts.

    The exit code is 0 also when something is wrong; with --json, `ok` says so.

    \b
    Examples:
      presswatch status
      presswatch status --json | jq .ok
    """
    from service.standing import as_json as standing_json
    from service.standing import gather

    with looked_at(config_dir, database) as store:
        standing = gather(store, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(standing_json(standing)))
    else:
        _print(standing)


def _print(standing: Standing) -> None:
    from service.telling import line, size, span

    _print_process(standing)
    width = max((len(outlet.key) for outlet in standing.outlets), default=0)
    for outlet in standing.outlets:
        _print_outlet(outlet, width, standing.now)
    for host in standing.held:
        wait = span(host.next_at - standing.now)
        click.secho(f"  {host.host} rests for {wait}: {line(host.reason)}", fg="yellow")
    for stats in standing.queue:
        _print_queue(stats, standing.now)
    _print_alerts(standing)
    sizes = f"{size(standing.database_size)}, pages {size(standing.pages_size)}"
    click.echo(f"database  {standing.database} ({sizes})")


def _print_process(standing: Standing) -> None:
    from service.telling import ago, stamp

    holder, now = standing.holder, standing.now
    if holder is None:
        click.secho("nothing is fetching", fg="yellow", nl=False)
    else:
        words = f"process {holder.pid} since {stamp(holder.since)}: {holder.command}"
        click.secho(words, fg="red" if standing.hangs else "green", nl=False)
    beat = standing.heartbeat
    click.echo("" if beat is None else f" (last heartbeat {ago(beat, now)})")
    if standing.hangs:
        click.secho("it hangs: stop it with SIGTERM and start it anew", fg="red")


def _print_outlet(outlet: OutletStanding, width: int, now: datetime) -> None:
    from service.telling import ago, line

    counts = outlet.counts
    click.secho(f"{outlet.key:<{width}}", fg="cyan", nl=False)
    click.echo(
        f"  {counts.recent} articles in 24 h, the last {ago(counts.last_article, now)};"
        f" {counts.due} URLs due, {counts.waiting} waiting; ",
        nl=False,
    )
    if not outlet.sources:
        click.echo("left the config")
        return
    due = outlet.next_poll is not None and outlet.next_poll <= now
    coming = "due now" if due else f"next {ago(outlet.next_poll, now)}"
    polled = f"polled {ago(outlet.last_ok, now)}, {coming}"
    why = "" if outlet.why is None else f" ({line(outlet.why)})"
    click.echo(f"{len(outlet.sources)} sources, {polled}{why}")
    for source in outlet.failing:
        error = line(source.last_error or "")
        words = f"  {source.kind} {source.url} fails: {error}"
        since = f"last worked {ago(source.last_ok, now)}" if source.last_ok else "new"
        click.secho(f"{words} ({since})", fg="red")


def _print_queue(stats: Stats, now: datetime) -> None:
    from service.telling import ago

    name = f"queue     {stats.subscription}{' (paused)' if stats.paused else ''}"
    states = f"{stats.ready} ready, {stats.delayed} delayed, {stats.leased} leased"
    click.echo(f"{name}: {states}, ", nl=False)
    click.secho(f"{stats.dead} dead", fg="red" if stats.dead else None, nl=False)
    oldest = stats.oldest_ready
    click.echo("" if oldest is None else f"; the oldest from {ago(oldest, now)}")


def _print_alerts(standing: Standing) -> None:
    from service.telling import ago, line

    if not standing.alerts:
        click.echo("alerts    none")
        return
    click.secho(f"alerts    {len(standing.alerts)} open:", fg="red")
    for alert in standing.alerts:
        since = ago(alert.opened_at, standing.now)
        click.echo(f"  {line(alert.text)} ({since}); {line(alert.command)}")
