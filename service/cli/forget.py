"""`presswatch forget`: takes an article, or all of an outlet, out for good."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.database import opened
from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from pipelines.store.forgetting import Forgotten
    from service.forgetting import Plan


@click.command("forget")
@click.argument("named", metavar="URL|OUTLET")
@click.option(
    "--yes", is_flag=True, help="Do not ask; without a terminal, nobody is asked."
)
@database_options
@json_option
def forget(
    named: str, yes: bool, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """Take an article, or all articles of an outlet, out of the database for good.

    Texts with all their revisions, titles, what was removed, raw pages, the words kept
    to recognise copies and what feeds said of them are gone; nothing brings them back.
    Messages that nobody has taken are called back; for those that were taken, a message
    of kind `withdrawal` is queued. What stays is the URL, so that it is never fetched
    or queued again. Copies in other outlets stay: name them, too, if they are to go
    (`presswatch story URL` lists them). Backups that were made before hold it still.

    \b
    Examples:
      presswatch forget https://example.org/news/1
      presswatch forget tag24 --yes
    """
    from pipelines.urls import UrlError
    from service import forgetting

    with opened(config_dir, database) as store:
        try:
            plan = forgetting.plan(store, named)
        except UrlError as error:
            raise click.BadParameter(str(error), param_hint="URL|OUTLET") from error
        if not plan.url_ids:
            click.echo(f"nothing is known of {named}", err=True)
            sys.exit(1)
        if not yes and _somebody_there():
            click.confirm(_question(plan), abort=True, err=True)
        done = forgetting.carry_out(store, plan, datetime.now(UTC))
    click.echo(json.dumps(asdict(done)) if as_json else _told(done))
    if plan.outlet is not None:
        click.echo(
            f"as long as the config has {plan.outlet}, what it publishes from now on"
            " is fetched",
            err=True,
        )


def _somebody_there() -> bool:
    """Whether there is anybody to ask: a program that calls this means it."""
    return sys.stdin is not None and sys.stdin.isatty()


def _question(plan: Plan) -> str:
    what = plan.url if plan.outlet is None else f"outlet {plan.outlet}"
    return f"Take out {what}, {len(plan.url_ids)} URLs, for good?"


def _told(done: Forgotten) -> str:
    return (
        f"{done.urls} URLs forgotten: {done.articles} articles and {done.pages} raw"
        f" pages taken out, {done.called_back} messages called back,"
        f" {done.withdrawals} withdrawals queued"
    )
