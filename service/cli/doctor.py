"""`presswatch doctor`: is everything as it should be?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from service.cli.options import database_options, json_option

if TYPE_CHECKING:
    from service.doctor import Finding

_COLOURS: Final = {"ok": "green", "warn": "yellow", "bad": "red"}


@click.command("doctor")
@database_options
@json_option
def doctor(config_dir: Path, database: Path | None, as_json: bool) -> None:
    """Look the installation over; each line says ok, warn or bad, and what to do.

    Config, versions, file system, free disk, permissions, the database from end to
    end, the clock, the process that fetches, backups. Changes nothing, and may be run
    beside the service. The exit code is 1 when something is bad.

    \b
    Examples:
      presswatch doctor
      presswatch doctor --json | jq 'select(.level != "ok")'
    """
    from service.doctor import examine

    findings = examine(config_dir, database, datetime.now(UTC))
    for finding in findings:
        if as_json:
            click.echo(json.dumps(asdict(finding)))
        else:
            _print(finding)
    sys.exit(1 if any(finding.level == "bad" for finding in findings) else 0)


def _print(finding: Finding) -> None:
    click.secho(f"{finding.level:<5}", fg=_COLOURS[finding.level], nl=False)
    click.echo(f"{finding.check:<12} {finding.text}")
    if finding.step is not None:
        click.secho(f"{'':<18}{finding.step}", dim=True)
