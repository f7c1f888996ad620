"""What several commands print for people: a page's blocks, and headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from pipelines.article import Metadata
from service.telling import Block, block_line, gathered, line, metadata_lines


def print_heading(text: str) -> None:
    """The name of a part."""
    click.secho(f"\n{text}", bold=True)


def print_metadata(about: Metadata, language: str) -> None:
    """What a page says of itself, and where."""
    for fact in metadata_lines(about, language):
        click.echo(f"  {fact}")


def print_blocks(blocks: Sequence[Block]) -> None:
    """A text with what was removed in its place, the reason and the evidence."""
    kept = sum(block.reason is None for block in blocks)
    print_heading(f"Text: {kept} blocks kept, {len(blocks) - kept} removed")
    for block in gathered(blocks):
        removed = block.reason is not None
        click.secho(block_line(block), fg="red" if removed else None, nl=not removed)
        if removed:
            click.secho(f"  ({line(block.evidence or 'no evidence')})", dim=True)


def print_all(lines: Iterable[str]) -> None:
    """Lines below a heading."""
    for one in lines:
        click.echo(f"  {one}")
