"""`presswatch demo`: a small newspaper on loopback, monitored end to end."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from service.cli.options import json_option, unused_options
from service.cli.queue_target import Duration


@click.command("demo")
@click.option(
    "--for",
    "lasting",
    type=Duration(),
    metavar="20s",
    help="End by itself after so long.  [default: until Ctrl-C]",
)
@click.option("--until-told", is_flag=True, help="End when everything was shown once.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Leave config and database in DIR, a new directory, to look into.",
)
@unused_options("config", "database")
@json_option
def demo(
    lasting: timedelta | None, until_told: bool, keep: Path | None, as_json: bool
) -> None:
    """Watch four small newspapers on this machine; no config, no internet.

    Starts the newspapers and `presswatch run`, and tells what it finds: new articles,
    what was removed from them and why, a copy, a revision, the queue. Ctrl-C ends
    everything; nothing is left behind, unless --keep says where. With --json the tale
    goes to standard error, and one line of figures is printed at the end.

    \b
    Examples:
      presswatch demo
      presswatch demo --until-told
      presswatch demo --for 1m --keep demo-papers
    """
    from service.demo.show import Options, present

    totals = present(Options(lasting, until_told, keep, aside=as_json))
    if as_json:
        click.echo(json.dumps(asdict(totals)))
