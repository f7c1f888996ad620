"""Prints docs/cli.md: every command's help, as the program prints it (`make docs`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from service.cli import main

_WIDTH: Final = 88

_HEAD: Final = """\
# Command line

What every command prints with `--help`; this page is generated (`make docs`).

Results go to standard output, logs and errors to standard error. `--config`,
`--database` and `--json` stand after the command; every command takes them, and says
so where it has no use for one. `--json` prints ASCII-escaped JSON, one object a line;
ignore keys that you don't know.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | partly failed: some input or source; the output says which |
| 2 | usage or config error |
| 74 | the disk or the database |
| 75 | restart me |
| 130 | interrupted |
"""


def reference() -> str:
    """The whole page as Markdown."""
    sections = [_section(path, command) for path, command in commands(main)]
    return "\n".join([_HEAD, *sections])


def commands(
    group: click.Group, own: click.Context | None = None
) -> Iterator[tuple[click.Context, click.Command]]:
    """Each command below `group` with its context, groups before their commands."""
    context = own or _context(group, None)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = _context(command, context, name)
        yield inner, command
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def _context(
    command: click.Command, parent: click.Context | None, name: str = "presswatch"
) -> click.Context:
    return click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )


def _section(context: click.Context, command: click.Command) -> str:
    depth = context.command_path.count(" ") + 1
    title = f"{'#' * depth} {context.command_path}"
    return f"{title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
