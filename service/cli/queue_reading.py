"""`queue export` and `tail`: messages as they were queued; none is taken."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice

import click

from pipelines.store.connection import Store
from pipelines.store.errors import QueueError, StoreError
from pipelines.store.messages import Exported
from service.cli.options import AtLeast, json_option
from service.cli.queue_target import Target, target_options
from service.queue_json import exported_json

#: Seconds between two looks of `tail`.
TAIL_EVERY = 1.0
#: Messages it takes at a look.
TAIL_CHUNK = 500


@click.command()
@click.option(
    "--since",
    type=AtLeast(0),
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
        _offer_all(store)
        for message in store.queue.export(since, target.subscription):
            click.echo(json.dumps(exported_json(message)))


@click.command()
@click.option(
    "--since",
    type=AtLeast(0),
    metavar="SEQ",
    help="Begin after this number.  [default: what is queued from now on]",
)
@click.option(
    "--last",
    "-n",
    type=AtLeast(0),
    default=0,
    metavar="N",
    help="Begin with the latest N.",
)
@target_options
@json_option
def tail(since: int | None, last: int, target: Target, as_json: bool) -> None:
    """Print messages as they are queued, until interrupted; takes none of them.

    Prints JSON, one message a line, also without --json. The service may come and go:
    the database is all it looks at.

    \b
    Examples:
      presswatch queue tail
      presswatch queue tail -n 10 | jq -r '.article.outlet + "  " + .article.title'
    """
    with target.opened() as store:
        _offer_all(store)
        after = since
        if after is None:
            after = store.queue.seq_before(last, target.subscription)
    told = False
    for messages in _looks(target, after):
        if isinstance(messages, StoreError):
            if not told:
                click.echo(f"presswatch: {messages}; waiting", err=True)
            told = True
            continue
        told = False
        for message in messages:
            click.echo(json.dumps(exported_json(message)))
        sys.stdout.flush()


def _looks(target: Target, after: int) -> Iterator[list[Exported] | StoreError]:
    """What was queued since the look before; or why it could not be read now.

    The file is opened for each look, so that one that was restored or migrated in the
    meantime is read as well.
    """
    while True:
        try:
            with target.opened() as store:
                queued = store.queue.export(after, target.subscription)
                found = list(islice(queued, TAIL_CHUNK))
        except QueueError:
            raise  # the subscription was removed
        except StoreError as error:
            yield error
        else:
            yield found
            after = found[-1].seq if found else after
            if len(found) == TAIL_CHUNK:
                continue
        time.sleep(TAIL_EVERY)


def _offer_all(store: Store) -> None:
    """Have what new subscriptions are yet to be offered in its place."""
    while store.queue.fill():
        pass
