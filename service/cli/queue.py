"""`queue`: how a consumer takes messages and settles them, from the shell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BufferedReader
from typing import BinaryIO

import click

from pipelines.store.connection import Store
from pipelines.store.errors import QueueError
from service.cli.options import json_option
from service.cli.queue_reading import export, tail
from service.cli.queue_target import Duration, Target, now, target_options
from service.cli.queue_upkeep import dead, pause, redrive, remove, resume, stats
from service.json_lines import json_object
from service.queue_json import leased_json, shown

#: Bytes taken from standard input at a time: what is there, up to this.
STDIN_CHUNK = 1 << 16


@click.group()
def queue() -> None:
    """Take new texts, and say what became of them.

    A message is delivered at least once to each subscription: `lease` takes it,
    `ack` settles it, `fail` gives it back. Its id never changes; a consumer that
    stores the id with its effect has its effect exactly once.

    \b
    Example:
      presswatch queue lease --for 10m > message.json
    """


@queue.command()
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="The most messages to take.",
)
@click.option(
    "--for",
    "duration",
    type=Duration(),
    default=timedelta(minutes=5),
    help="How long they are held; then others may take them.  [default: 5m]",
)
@target_options
@json_option
def lease(limit: int, duration: timedelta, target: Target, as_json: bool) -> None:
    """Take the oldest messages, the highest priority first.

    Prints JSON, one message a line, also without --json. Prints nothing, and exits
    0, when nothing waits.

    \b
    Example:
      presswatch queue lease --limit 10 --for 15m
    """
    with target.written() as store:
        leased = store.queue.lease(
            target.subscription, limit=limit, duration=duration, now=now()
        )
        if not leased and store.queue.is_paused(target.subscription):
            click.echo(f"subscription {target.subscription} is paused", err=True)
    for message in leased:
        click.echo(json.dumps(leased_json(message)))


@queue.command()
@click.argument("message_id", metavar="ID")
@click.argument("token", required=False)
@target_options
@json_option
def ack(message_id: str, token: str | None, target: Target, as_json: bool) -> None:
    """Settle a message for good. Repeating it is fine; a stale token exits 1.

    With `-` for ID it reads lines {"id": ..., "token": ...} and settles each as it
    comes; those it could not settle are named, and the exit code is then 1. With --json
    it prints those that it did settle.

    \b
    Examples:
      presswatch queue ack 5f1d6a... 9c02b7...
      presswatch queue lease --limit 100 | presswatch queue ack -
    """
    if message_id == "-":
        with target.written() as store:
            refused = _ack_lines(store, target, sys.stdin.buffer, as_json=as_json)
        sys.exit(1 if refused else 0)
    if token is None:
        raise click.UsageError("Missing argument 'TOKEN'.")
    with target.written() as store:
        store.queue.ack(message_id, token, now(), target.subscription)
    if as_json:
        _tell_done(message_id)


@queue.command()
@click.argument("message_id", metavar="ID")
@click.argument("token")
@click.option("--reason", required=True, help="What went wrong, for the operator.")
@click.option("--permanent", is_flag=True, help="Do not deliver it again.")
@target_options
@json_option
def fail(
    message_id: str,
    token: str,
    reason: str,
    permanent: bool,
    target: Target,
    as_json: bool,
) -> None:
    """Give a message back: it comes again after a growing delay.

    After eight leases, or at once with --permanent, it is dead: see `queue dead`.

    \b
    Example:
      presswatch queue fail 5f1d6a... 9c02b7... --reason "no such language model"
    """
    with target.written() as store:
        again = store.queue.fail(
            message_id,
            token,
            reason,
            now=now(),
            permanent=permanent,
            subscription=target.subscription,
        )
    if as_json:
        state = "delayed" if again else "dead"
        fact = {
            "id": message_id,
            "state": state,
            "available_at": again and shown(again),
        }
        click.echo(json.dumps(fact))
    else:
        click.echo(f"comes again at {shown(again)}" if again else "dead", err=True)


@queue.command()
@click.argument("message_id", metavar="ID")
@click.argument("token")
@click.option(
    "--for", "duration", type=Duration(), required=True, help="How long from now."
)
@target_options
@json_option
def extend(
    message_id: str, token: str, duration: timedelta, target: Target, as_json: bool
) -> None:
    """Hold a message for longer.

    \b
    Example:
      presswatch queue extend 5f1d6a... 9c02b7... --for 10m
    """
    with target.written() as store:
        until = store.queue.extend(
            message_id, token, duration, now(), target.subscription
        )
    if as_json:
        click.echo(json.dumps({"id": message_id, "lease_until": shown(until)}))
    else:
        click.echo(f"held until {shown(until)}", err=True)


for command in (stats, dead, redrive, pause, resume, remove, export, tail):
    queue.add_command(command)


def _ack_lines(store: Store, target: Target, stream: BinaryIO, *, as_json: bool) -> int:
    """Settle each line as it arrives, what arrives together in one commit.

    Returns how many could not be settled. With `as_json` those that were are told,
    once they are safe.
    """
    refused = 0
    number = 0
    for lines in _arriving(stream):
        done = []
        with store.write():
            for line in lines:
                number += 1
                if not line.strip():
                    continue
                try:
                    done.append(_ack_line(store, target, line))
                except (ValueError, QueueError) as error:
                    refused += 1
                    click.echo(f"standard input, line {number}: {error}", err=True)
        for message_id in done if as_json else ():
            _tell_done(message_id)
    return refused


def _tell_done(message_id: str) -> None:
    click.echo(json.dumps({"id": message_id, "state": "done"}))


def _ack_line(store: Store, target: Target, line: bytes) -> str:
    """Settle one; its id. Raises ValueError for the line, QueueError for the lease."""
    message_id, token = _held(line)
    store.queue.ack(message_id, token, now(), target.subscription)
    return message_id


def _held(line: bytes) -> tuple[str, str]:
    """The id and the token of a line. ValueError says what is wrong with it."""
    lease = json_object(line, '{"id", "token"}')
    values = []
    for key in ("id", "token"):
        if key not in lease:
            step = "pass on what `queue lease` printed"
            raise ValueError(f'there is no "{key}"; {step}')
        if not isinstance(lease[key], str):
            raise ValueError(f'"{key}" must be a string, not {json.dumps(lease[key])}')
        values.append(lease[key])
    return values[0], values[1]


def _arriving(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of a stream, in groups as they come: a pipe is not waited on."""
    rest = b""
    # A buffered stream gives what is there; tests' streams know only `read`.
    read = stream.read1 if isinstance(stream, BufferedReader) else stream.read
    while chunk := read(STDIN_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]
