"""Whether a database may be where it is: not on a network file system, unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.store import disk
from pipelines.store.errors import StoreError
from pipelines.store.meta import Meta
from pipelines.store.session import Session

#: The operator's leave is kept in the database, for consumers that read no config.
_LEAVE: Final = "network_file_system"


def check(path: Path, allowed: bool | None, *, writing: bool) -> None:
    """Refuses before the file is touched, where that can be told by then."""
    if writing and not allowed and (allowed is False or not path.exists()):
        kind = disk.file_system(path)
        if disk.is_network(kind):
            raise _refusal(path, kind)


def settle(session: Session, allowed: bool | None, *, writing: bool) -> None:
    """Refuses without leave; writes the leave down that was given."""
    if not writing:
        return
    meta = Meta(session)
    if allowed is None:
        kind = disk.file_system(session.path)
        if disk.is_network(kind) and meta.get(_LEAVE) != "allowed":
            raise _refusal(session.path, kind)
    elif allowed and meta.get(_LEAVE) != "allowed":
        meta.put(_LEAVE, "allowed")
    elif not allowed and meta.get(_LEAVE) == "allowed":
        meta.put(_LEAVE, "no longer allowed")


def _refusal(path: Path, kind: str | None) -> StoreError:
    return StoreError(
        path,
        f"is on a network file system ({kind}), where SQLite's locks and log are not"
        " reliable and a database can be corrupted",
        "move it to a local disk; `disk: {network: true}` in presswatch.yaml takes the"
        " risk",
    )
