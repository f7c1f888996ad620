"""`presswatch requests`: what was asked of whom, when, and what for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import looked_at
from service.cli.options import AtLeast, database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.requests import RequestLine
    from service.asked import HostDay


@click.command("requests")
@click.option("--host", metavar="HOST", help="Only this host (`HOST:PORT` if need be).")
@click.option(
    "--days",
    type=AtLeast(1, most=36_500),
    default=7,
    show_default=True,
    help="How many days back, today included (UTC).",
)
@click.option(
    "--lines",
    is_flag=True,
    help="Each request, as the server's own log has it, instead of sums.",
)
@database_options
@json_option
def requests(
    host: str | None,
    days: int,
    lines: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Show what was asked of every host: requests and bytes by day and purpose.

    Each request that was sent counts, whoever sent it: the service, `once`, `try`,
    `capture`. Bytes are those of the answers as they arrived, headers included,
    before they are unpacked. Single requests are kept for `retention.requests`.

    \b
    Examples:
      presswatch requests
      presswatch requests --host www.tag24.com --days 30
      presswatch requests --host www.tag24.com --days 1 --lines
    """
    from service import asked

    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=days - 1)
    with looked_at(config_dir, database) as store:
        if lines:
            found = store.requests.lines(host=host, since=since)
            told = [asked.line_json(line) for line in found]
        else:
            sums = asked.by_day(store.requests.sums(since.date(), host))
            told = [asked.day_json(day) for day in sums]
    if as_json:
        for one in told:
            click.echo(json.dumps(one))
    elif not told:
        click.echo("nothing was asked of anybody in that time")
    elif lines:
        _print_lines(found)
    else:
        _print_days(sums)


def _print_lines(found: list[RequestLine]) -> None:
    from service.telling import line

    for one in found:
        status = "-" if one.status is None else str(one.status)
        click.echo(
            f"{one.at:%Y-%m-%d %H:%M:%S}  {one.purpose:<8}  {status:>3}"
            f"  {one.bytes:>9}  {line(one.url)}"
        )


def _print_days(days: list[HostDay]) -> None:
    from service.telling import size

    width = max(len(day.host) for day in days)
    for day in days:
        purposes = ", ".join(f"{n} {name}" for name, n in day.requests.most_common())
        click.echo(f"{day.day}  ", nl=False)
        click.secho(f"{day.host:<{width}}", fg="cyan", nl=False)
        click.echo(f"  {day.total:>6} requests  {size(day.bytes):>9}  {purposes}")
