"""`presswatch once`: one pass over every source, then out."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import click

from service.cli.leaving import leave
from service.cli.options import database_options, json_option


@click.command("once")
@click.argument("outlets", nargs=-1, metavar="[OUTLET]...")
@click.option("-v", "--verbose", is_flag=True, help="Log every poll and page.")
@database_options
@json_option
def once(
    outlets: tuple[str, ...],
    verbose: bool,
    config_dir: Path,
    database: Path | None,
    as_json: bool,
) -> None:
    """Poll every source now, fetch and process all that is due, and exit.

    Sources are polled whether due or not, but never against a host's Retry-After,
    the breaker after repeated failures, or the configured gap. OUTLETs are keys of
    the config; without any, all are taken. Exit code 1 means that at least one
    source could not be polled, or that a signal ended the pass early: what it had not
    done is still due.

    \b
    Examples:
      presswatch once
      presswatch once tag24 bbc --json
    """
    from service import logs
    from service.once import run_once

    logs.configure(logging.INFO if verbose else logging.WARNING)
    result = run_once(config_dir, database, outlets)
    if as_json:
        click.echo(json.dumps(result.summary))
    else:
        click.echo(result.text)
    if result.left_running:
        # Requests still hang in the reactor; all they know is in the database.
        leave(result.exit_code)
    sys.exit(result.exit_code)
