"""`presswatch queue`: the consumer's side, and the operator's, of the queue."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click

from pipelines.store.connection import Store
from pipelines.store.deliveries import DEFAULT, Exported, Leased, Stats
from pipelines.store.errors import QueueError
from service.cli.database import opened
from service.cli.options import database_options, json_option

#: Seconds between two looks of `tail`.
TAIL_EVERY = 1.0
#: Bytes taken from standard input at a time: what is there, up to this.
STDIN_CHUNK = 1 << 16

Command = TypeVar("Command", bound=Callable[..., Any])


class Duration(click.ParamType[timedelta]):
    """`90s 15m 2h 7d`."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The duration, or a usage error in the words of the config."""
        if isinstance(value, timedelta):
            return value
        from config.durations import parse

        try:
            return parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@dataclass(frozen=True, slots=True)
class Target:
    """The subscription a command works on, and where it is."""

    config_dir: Path
    database: Path | None
    subscription: str

    def opened(self, *, create: bool = False) -> Store:
        """The store. Commands that write make an absent database."""
        return opened(self.config_dir, self.database, create=create)


def target_options(command: Command) -> Command:
    """`--subscription`, `--config` and `--database`, passed as `target`."""

    @wraps(command)
    def with_target(
        *args: Any,
        config_dir: Path,
        database: Path | None,
        subscription: str,
        **options: Any,
    ) -> Any:
        target = Target(config_dir, database, subscription)
        return command(*args, target=target, **options)

    option = click.option(
        "--subscription",
        default=DEFAULT,
        show_default=True,
        metavar="NAME",
        help="Whose deliveries.",
    )
    return cast("Command", database_options(option(with_target)))


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
    with target.opened(create=True) as store:
        leased = store.queue.lease(
            target.subscription, limit=limit, duration=duration, now=_now()
        )
        if not leased and store.queue.is_paused(target.subscription):
            click.echo(f"subscription {target.subscription} is paused", err=True)
    for message in leased:
        click.echo(json.dumps(_leased(message)))


@queue.command()
@click.argument("message_id", metavar="ID")
@click.argument("token", required=False)
@target_options
@json_option
def ack(message_id: str, token: str | None, target: Target, as_json: bool) -> None:
    """Settle a message for good. Repeating it is fine; a stale token exits 1.

    With `-` for ID it reads lines {"id": ..., "token": ...} and settles each as it
    comes; those it could not settle are named, and the exit code is then 1.

    \b
    Examples:
      presswatch queue ack 5f1d6a... 9c02b7...
      presswatch queue lease --limit 100 | presswatch queue ack -
    """
    if message_id == "-":
        with target.opened(create=True) as store:
            refused = _ack_lines(store, target, sys.stdin.buffer)
        sys.exit(1 if refused else 0)
    if token is None:
        raise click.UsageError("Missing argument 'TOKEN'.")
    with target.opened(create=True) as store:
        store.queue.ack(message_id, token, _now(), target.subscription)
    if as_json:
        click.echo(json.dumps({"id": message_id, "state": "done"}))


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
    with target.opened(create=True) as store:
        again = store.queue.fail(
            message_id,
            token,
            reason,
            now=_now(),
            permanent=permanent,
            subscription=target.subscription,
        )
    if as_json:
        state = "delayed" if again else "dead"
        fact = {
            "id": message_id,
            "state": state,
            "available_at": again and _shown(again),
        }
        click.echo(json.dumps(fact))
    else:
        click.echo(f"comes again at {_shown(again)}" if again else "dead", err=True)


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
    with target.opened(create=True) as store:
        until = store.queue.extend(
            message_id, token, duration, _now(), target.subscription
        )
    if as_json:
        click.echo(json.dumps({"id": message_id, "lease_until": _shown(until)}))
    else:
        click.echo(f"held until {_shown(until)}", err=True)


@queue.command()
@click.option("--subscription", metavar="NAME", help="Only this one's.")
@database_options
@json_option
def stats(
    subscription: str | None, config_dir: Path, database: Path | None, as_json: bool
) -> None:
    """How many messages stand where, for every subscription.

    \b
    Example:
      presswatch queue stats --json
    """
    now = _now()
    with opened(config_dir, database) as store:
        if subscription is not None:
            store.queue.is_paused(subscription)  # there is such a one
        found = store.queue.stats(now)
    for each in found:
        if subscription not in (None, each.subscription):
            continue
        numbers = _stats(each, now)
        if as_json:
            click.echo(json.dumps(numbers))
        else:
            click.echo("  ".join(f"{name} {_plain(n)}" for name, n in numbers.items()))


@queue.command()
@target_options
@json_option
def dead(target: Target, as_json: bool) -> None:
    """The messages that were given up, and why.

    \b
    Example:
      presswatch queue dead --json
    """
    with target.opened() as store:
        found = store.queue.dead(target.subscription)
    for each in found:
        if as_json:
            fields = ("id", "kind", "outlet", "url", "title", "attempts", "last_error")
            click.echo(json.dumps({name: getattr(each, name) for name in fields}))
        else:
            click.echo(f"{each.id}  {each.outlet}  {each.url}  {each.last_error}")


@queue.command()
@click.argument("message_ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All that are dead.")
@target_options
@json_option
def redrive(
    message_ids: tuple[str, ...], everything: bool, target: Target, as_json: bool
) -> None:
    """Deliver dead messages afresh.

    \b
    Examples:
      presswatch queue redrive 5f1d6a...
      presswatch queue redrive --all
    """
    if bool(message_ids) == everything:
        raise click.UsageError("Name the messages, or give --all.")
    chosen = None if everything else message_ids
    with target.opened(create=True) as store:
        count = store.queue.redrive(chosen, _now(), target.subscription)
    if as_json:
        click.echo(json.dumps({"redriven": count}))
    else:
        click.echo(f"{count} will be delivered again", err=True)


@queue.command()
@target_options
@json_option
def pause(target: Target, as_json: bool) -> None:
    """Give out nothing until `resume`; messages go on to be queued.

    \b
    Example:
      presswatch queue pause --subscription archive
    """
    with target.opened(create=True) as store:
        store.queue.pause(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=True)))


@queue.command()
@target_options
@json_option
def resume(target: Target, as_json: bool) -> None:
    """Give out messages again after `pause`.

    \b
    Example:
      presswatch queue resume
    """
    with target.opened(create=True) as store:
        store.queue.resume(target.subscription)
    if as_json:
        click.echo(json.dumps(_switch(target, paused=False)))


@queue.command()
@click.option(
    "--since",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="SEQ",
    help="Only messages queued after this number.",
)
@target_options
@json_option
def export(since: int, target: Target, as_json: bool) -> None:
    """Print every message ever queued, in order; takes none of them.

    Prints JSON, one message a line, also without --json.

    `seq` in the last line is what to give to --since the next time.

    \b
    Example:
      presswatch queue export --since 1200 > messages.jsonl
    """
    with target.opened() as store:
        for message in store.queue.export(since, target.subscription):
            click.echo(json.dumps(_exported(message)))


@queue.command()
@click.option(
    "--since",
    type=click.IntRange(0),
    metavar="SEQ",
    help="Begin after this number.  [default: what is queued from now on]",
)
@target_options
@json_option
def tail(since: int | None, target: Target, as_json: bool) -> None:
    """Print messages as they are queued, until interrupted; takes none of them.

    Prints JSON, one message a line, also without --json.

    \b
    Example:
      presswatch queue tail
    """
    with target.opened() as store:
        after = store.queue.last_seq() if since is None else since
        while True:
            for message in store.queue.export(after, target.subscription):
                click.echo(json.dumps(_exported(message)))
                after = message.seq
            sys.stdout.flush()
            time.sleep(TAIL_EVERY)


def _now() -> datetime:
    return datetime.now(UTC)


def _shown(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _plain(value: object) -> str:
    return "-" if value is None else str(value)


def _switch(target: Target, *, paused: bool) -> dict[str, object]:
    return {"subscription": target.subscription, "paused": paused}


def _leased(message: Leased) -> dict[str, object]:
    return {
        "id": message.id,
        "token": message.token,
        "attempt": message.attempt,
        "kind": message.kind,
        "supersedes": message.supersedes,
        "article": message.article,
    }


def _exported(message: Exported) -> dict[str, object]:
    return {
        "seq": message.seq,
        "id": message.id,
        "attempt": message.attempt,
        "kind": message.kind,
        "queued_at": message.made_at.isoformat(),
        "supersedes": message.supersedes,
        "article": message.article,
    }


def _stats(each: Stats, now: datetime) -> dict[str, object]:
    oldest = each.oldest_ready
    age = None if oldest is None else round((now - oldest).total_seconds(), 1)
    return {
        "subscription": each.subscription,
        "paused": each.paused,
        "ready": each.ready,
        "delayed": each.delayed,
        "leased": each.leased,
        "done": each.done,
        "dead": each.dead,
        "oldest_ready_seconds": age,
    }


def _ack_lines(store: Store, target: Target, stream: BinaryIO) -> int:
    """Settle each line as it arrives, what arrives together in one commit."""
    refused = 0
    number = 0
    for lines in _arriving(stream):
        with store.write():
            for line in lines:
                number += 1
                problem = _ack_line(store, target, line)
                if problem is not None:
                    refused += 1
                    click.echo(f"line {number}: {problem}", err=True)
    return refused


def _ack_line(store: Store, target: Target, line: bytes) -> str | None:
    """Settle one; what is wrong with the line, if anything."""
    if not line.strip():
        return None
    try:
        lease = json.loads(line)
        message_id, token = lease["id"], lease["token"]
    except (ValueError, TypeError, KeyError) as error:
        return f"not a line with id and token ({error!r})"
    if not (isinstance(message_id, str) and isinstance(token, str)):
        return "id and token must be strings"
    try:
        store.queue.ack(message_id, token, _now(), target.subscription)
    except QueueError as error:
        return str(error)
    return None


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
