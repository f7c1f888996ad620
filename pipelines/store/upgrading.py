"""Bringing a database up on demand, told from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.store.connection import Store
from pipelines.store.lock import DatabaseLock
from pipelines.store.opening import copy_of
from pipelines.store.schema import MIGRATIONS


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The schemas before and after. `backup`: the copy of before, if there is one."""

    database: Path
    before: int
    after: int
    backup: Path | None


def upgrade(path: Path) -> Upgraded:
    """Bring a database to the newest schema, if it is not of that already.

    LockHeld while somebody fetches into it and there is something to do. StoreError
    if it is none, broken, or of a newer program.
    """
    with Store.open(path, read_only=True, older=True) as store:
        before = store.schema_version
    if before == len(MIGRATIONS):
        return Upgraded(path, before, before, None)
    with DatabaseLock(path), Store.open(path, migrate=True) as store:
        after = store.schema_version
    return Upgraded(
        path, before, after, copy_of(path, before) if before < after else None
    )
