"""`presswatch alerts`: what wants attention, since when, and how to look closer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store import Alert


@click.command("alerts")
@click.option("--all", "all_of_them", is_flag=True, help="Closed ones as well.")
@database_options
@json_option
def alerts(
    all_of_them: bool, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """List the open alerts: since when, the evidence, the command to look closer.

    \b
    Examples:
      presswatch alerts
      presswatch alerts --all --json
    """
    with looked_at(config_dir, database) as store:
        found = store.alerts.list(open_only=not all_of_them)
    now = datetime.now(UTC)
    for alert in found:
        if as_json:
            from service.standing import alert_json

            click.echo(json.dumps(alert_json(alert)))
        else:
            _print(alert, now)
    if not found and not as_json:
        click.echo("no alerts")


def _print(alert: Alert, now: datetime) -> None:
    from service.telling import ago, line, stamp

    closed = alert.closed_at
    click.secho(line(alert.text), fg="red" if closed is None else None, bold=True)
    since = f"since {stamp(alert.opened_at)} ({ago(alert.opened_at, now)})"
    if closed is None:
        click.echo(f"  {since}, last seen {ago(alert.last_seen, now)}")
    else:
        click.echo(f"  {since}, closed {stamp(closed)}")
    for evidence in alert.evidence.splitlines():
        click.echo(f"  {line(evidence)}")
    click.secho(f"  look closer: {line(alert.command)}", dim=True)
