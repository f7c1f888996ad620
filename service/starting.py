"""A first config: the samples, copied into a directory that has none yet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from config.load import OUTLETS, SETTINGS_FILE, sample_directory


class NotEmpty(Exception):
    """The directory holds files already; nothing was written."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Started:
    """What was written, and where."""

    directory: Path
    outlets: tuple[str, ...]


def start(directory: Path, *, outlets: bool = True) -> Started:
    """Writes the sample config into `directory`, which is made if there is none.

    `outlets` False leaves the sample outlets out, but for the commented one. Raises
    NotEmpty, and OSError where nothing can be written.
    """
    if directory.exists() and not directory.is_dir():
        raise NotEmpty(f"{directory} is a file; name a directory")
    if directory.is_dir() and any(directory.iterdir()):
        words = "name an empty directory, or look at the config with presswatch check"
        raise NotEmpty(f"{directory} is not empty, nothing was written; {words}")
    samples = sample_directory()
    (directory / OUTLETS).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(samples / SETTINGS_FILE, directory / SETTINGS_FILE)
    files = sorted((samples / OUTLETS).glob("*.yaml"))
    if not outlets:
        files = [file for file in files if file.stem == COMMENTED]
    for file in files:
        shutil.copyfile(file, directory / OUTLETS / file.name)
    return Started(directory, tuple(file.stem for file in files))


#: The sample outlet whose file explains every key.
COMMENTED = "tag24"
