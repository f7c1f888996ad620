"""`presswatch show`: what holds for one outlet, and where that was said."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.options import config_option, json_option, unused_options

if TYPE_CHECKING:
    from config.effective import Effective


@click.command("show")
@click.option(
    "--effective",
    "key",
    metavar="KEY",
    required=True,
    help="The outlet whose values are shown, the defaults filled in.",
)
@config_option
@unused_options("database")
@json_option
def show(key: str, config_dir: Path, as_json: bool) -> None:
    """Show every value that holds for an outlet, and the line that said it.

    Passwords, cookies and the like are not shown.

    \b
    Examples:
      presswatch show --effective tag24
      presswatch show --effective tag24 --json
    """
    from config import load
    from config.effective import effective

    known = load(config_dir).outlets
    if key not in known:
        raise click.UsageError(_unknown(key, list(known), config_dir))
    values = effective(config_dir, key)
    for value in values:
        if as_json:
            plain = {"key": value.key, "value": value.value, "origin": value.origin}
            click.echo(json.dumps(plain))
        else:
            _print(value, max(len(value.key) for value in values))


def _unknown(key: str, known: list[str], config_dir: Path) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "see `presswatch outlets`"
    return f"{config_dir} has no outlet {key!r}; {hint}"


def _print(value: Effective, width: int) -> None:
    text = value.value
    if not isinstance(text, str):
        text = json.dumps(text, ensure_ascii=False)
    click.echo(f"{value.key:<{width}}  {text}  ", nl=False)
    click.secho(f"# {value.origin}", dim=True)
