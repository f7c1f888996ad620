"""Opening the database for whoever fetches into it: checked after a crash.

A process that was killed, or a machine that lost its power, may leave a file that is
broken or a write-ahead log that is gone. It is looked for here, once, and not met
in the middle of the work.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from config.sizes import readable
from pipelines.store import copies, disk, reserve
from pipelines.store.alerts import Notice
from pipelines.store.connection import Store
from pipelines.store.errors import StoreBroken, StoreFull
from pipelines.store.lock import Holder

log = logging.getLogger(__name__)

#: A beat is noted beside the database when it is stored; less is no gap.
SLACK: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the config says of the file's place; `backups` None: the usual one."""

    backups: Path | None = None
    network: bool = False
    reserve: int = 0
    pause_below: int = 0


def start(path: Path, terms: Terms, left_by: Holder | None) -> Store:
    """The store, made or brought up if need be; StoreError says why there is none.

    `left_by` is who had it and did not give it back.
    """
    store = Store.open(
        path,
        create=True,
        migrate=True,
        backups=terms.backups,
        network=terms.network,
    )
    try:
        if left_by is not None:
            _check(store, terms)
            _tell_gap(store, left_by)
        if disk.space(path.parent).free >= terms.pause_below + terms.reserve:
            reserve.ensure(path, terms.reserve)
    except BaseException:
        store.close()
        raise
    return store


def check_room(path: Path, mark: int) -> None:
    """Raises StoreFull when less than `mark` bytes are free, for one pass."""
    free = disk.space(path.parent).free
    if free < mark:
        raise StoreFull(
            path.parent,
            f"{readable(free)} are free, fewer than disk.pause_below",
            "free some space",
        )


def _check(store: Store, terms: Terms) -> None:
    log.info("the last process did not end properly: checking %s", store.path)
    if damage := store.damage(quick=True):
        directory = terms.backups or copies.directory_of(store.path)
        step = copies.restoring_advice(directory, store.path)
        cause = f"the database is damaged ({damage[0]}; {len(damage)} findings)"
        raise StoreBroken(store.path, cause, f"it was left as it is; {step}")


def _tell_gap(store: Store, left_by: Holder) -> None:
    """Tells of what was committed and is no longer there."""
    if left_by.beat is None:
        return
    stored = store.meta.get("heartbeat")
    last = None if stored is None else datetime.fromisoformat(stored)
    if last is not None and left_by.beat - last <= SLACK:
        return
    since = "before" if last is None else f"after {last:%Y-%m-%d %H:%M:%S}"
    text = f"the database lacks what was stored {since}"
    evidence = (
        f"process {left_by.pid} stored its last word at"
        f" {left_by.beat:%Y-%m-%d %H:%M:%S}: the -wal file was deleted or damaged, or"
        " an older copy put in place. What outlets still list is found again"
    )
    log.error("%s: %s (%s)", store.path, text, evidence)
    notice = Notice("database-gap", text, evidence, "presswatch doctor")
    store.alerts.open(notice, datetime.now(UTC))
