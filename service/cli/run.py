"""`presswatch run`: the service."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from service.cli.leaving import leave
from service.cli.options import database_options, unused_options


@click.command("run")
@click.option("-q", "--quiet", is_flag=True, help="Log warnings only.")
@database_options
@unused_options("json")
def run(quiet: bool, config_dir: Path, database: Path | None) -> None:
    """Watch the configured outlets until SIGTERM or Ctrl-C.

    Every source is polled at its interval; new articles are fetched, cleaned, stored
    and queued. SIGHUP reads the config again: all of it, or, when it has a mistake,
    nothing, and an alert opens. Whatever ends the process, nothing is lost: state is
    in the database before anything is done. Exit code 75 asks to be started again
    (`process` in the config); docs/operations.md has a unit for systemd.

    \b
    Examples:
      presswatch run
      presswatch run --config /etc/presswatch --database /var/lib/presswatch/news.db
    """
    from service import logs
    from service.running import run_service

    logs.configure(logging.WARNING if quiet else logging.INFO)
    ended = run_service(config_dir, database)
    if ended.left_running:
        # Requests still hang in the reactor; all they know is in the database.
        leave(ended.exit_code)
    sys.exit(ended.exit_code)
