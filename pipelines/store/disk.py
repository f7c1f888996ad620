"""The disk under the database: its room, its kind, and whether it takes writes."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.store.errors import (
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreliable,
)

#: File systems that more than one machine can mount, or that pretend to be a disk.
#: SQLite's locks and the shared memory of its write-ahead log are not reliable there.
_NETWORK: Final = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs", "gfs2", "glusterfs"}
    | {"gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "smb2"}
    | {"smb3", "smbfs", "vboxsf", "vmhgfs"}
)
#: Disks that are merely driven by a program of user space.
_LOCAL_FUSE: Final = frozenset({"fuseblk", "fuse.ntfs-3g", "fuse.ext2", "fuse.lxcfs"})

#: What a page and its share of the tables may take.
PROBE: Final = 1_000_000

_FULL = (StoreFull, "free some space; work resumes by itself")
_READ_ONLY = (StoreReadOnly, "check the disk, its mount and permissions")
_MEANING: Final[dict[int, tuple[type[StoreError], str]]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EIO: (StoreUnreliable, "check the disk: it may be failing"),
}

MOUNTS: Final = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Space:
    """Room on a file system, in bytes: free for this process, and in all."""

    free: int
    total: int


def space(path: Path) -> Space:
    """The room where `path` is; StoreError when nobody can tell."""
    try:
        found = os.statvfs(path)
    except OSError as error:
        raise StoreError(
            path, f"cannot be looked at ({error.strerror})", "check that it exists"
        ) from error
    return Space(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)


def size_of(path: Path) -> int:
    """The bytes of a file; 0 when there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def probe(directory: Path, size: int = PROBE) -> None:
    """Write so many bytes, durably, and take them away; StoreError says why not.

    Where the free space is a quota's, or the disk is failing, only trying tells.
    """
    path = directory / f".presswatch-probe-{os.getpid()}"
    try:
        with path.open("wb") as file:
            file.write(bytes(size))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(directory, error) from error
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> StoreError:
    """What it means that the system did not write."""
    number = error.errno or 0
    kind, step = _MEANING.get(number, (StoreError, "check the disk and permissions"))
    return kind(path, f"cannot be written ({error.strerror})", step)


def file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of file system that `path` is or would be on; None: unknown.

    By the mounts that Linux lists; the last of those on the longest way to `path`.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None  # not Linux, or no /proc
    wanted = path.resolve()
    kind, depth = None, 0
    for line in lines:
        point, found = _mount(line)
        if point in (wanted, *wanted.parents) and len(point.parts) >= depth:
            kind, depth = found, len(point.parts)
    return kind


def _mount(line: str) -> tuple[Path, str]:
    """The mount point and kind of a line of mountinfo (see proc(5))."""
    before, _, after = line.partition(" - ")
    fields, kinds = before.split(" "), after.split(" ")
    if len(fields) < 5 or not kinds[0]:
        return Path(), ""
    point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4])
    return Path(point), kinds[0]


def is_network(kind: str | None) -> bool:
    """Whether a kind of file system is one on which a database may be corrupted."""
    if kind is None:
        return False
    return kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)
