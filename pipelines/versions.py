"""Which cleaner, rules and config made a text, in one line that is kept with it.

`cleaner/1-3fa2c9d1 rules/none config/0b5e...`: so that an upgrade, or a new rule, can
be replayed on the stored pages and the texts that the old one made are known.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from pipelines.article import Reading
from pipelines.cleaning.rules import CleanRules

#: Libraries whose next version may read a page differently.
LIBRARIES: Final = ("trafilatura", "lxml", "langdetect")

#: What stands in `pipelines` and has no say in what a page becomes.
_ELSEWHERE: Final = frozenset(
    {"store", "process.py", "decide.py", "workers.py", "versions.py", "__pycache__"}
)


def made_by(reading: Reading, rules: CleanRules | None, config: str | None) -> str:
    """What made the text of `reading`; `rules` were in force, `config` is a digest.

    Equal for two texts only if the same code, rules and config made them.
    """
    cleaner = f"cleaner/{reading.cleaner_version}-{code_digest()}"
    told = "none" if rules is None else rules.digest
    return f"{cleaner} rules/{told} config/{config or 'none'}"


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Eight hex digits that change with any code, word list or library that cleans.

    Nobody has to remember to raise a number. It may change although every text comes
    out the same; never the other way round.
    """
    digest = blake2b(digest_size=4)
    for library in LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    root = Path(__file__).parent
    for file in sorted(_sources(root)):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources(root: Path) -> list[Path]:
    return [
        file
        for file in root.rglob("*")
        if file.is_file()
        and not _ELSEWHERE & set(file.relative_to(root).parts)
        and not file.name.startswith(".")
    ]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # vendored, or a broken install: not ours to mend
        return "unknown"
