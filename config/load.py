"""From a directory of YAML files to a Config, or to all of its problems at once.

Here the files are found and read; `config.assemble` makes sense of them. The two are
apart, and the models are imported late, because every command asks for the database's
path: `queue ack` need not wait a quarter of a second for pydantic to say it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config import tree
from config.problems import ConfigError, Problem, Unfit, shown
from config.tree import Tree

if TYPE_CHECKING:
    from config.models import Config, Settings

SETTINGS_FILE = "presswatch.yaml"
OUTLETS = "outlets"
DATABASE = Path("data/presswatch.db")


def load(directory: Path) -> Config:
    """The config in `directory`: presswatch.yaml and one file an outlet.

    Without presswatch.yaml its defaults hold. Raises ConfigError with every problem
    of every file.
    """
    from config.assemble import assemble

    check_layout(directory)
    trees = [tree.read(file) for file in outlet_files(directory)]
    return assemble(directory, read_settings(directory), trees)


def load_settings(directory: Path) -> Settings:
    """What presswatch.yaml says, for commands that care for no outlet.

    Raises ConfigError with every problem of that file.
    """
    from config.assemble import settings_alone

    check_layout(directory)
    return settings_alone(read_settings(directory))


def database_path(directory: Path) -> Path:
    """The database that the config in `directory` names, whatever else is wrong.

    A slip in an outlet's file must not keep a consumer from its queue. Raises
    ConfigError if presswatch.yaml or its key `database` cannot be read.
    """
    check_layout(directory)
    above = read_settings(directory)
    if above.problems:
        raise ConfigError(above.problems)
    said = above.values if isinstance(above.values, dict) else {}
    try:
        return check_database(said.get("database", DATABASE))
    except Unfit as error:
        problem = above.problem(("database",), str(error), error.hint)
        raise ConfigError((problem,)) from None


def sample_directory() -> Path:
    """The config that comes with Presswatch, for operators to start from."""
    return Path(__file__).parent


def check_database(value: object) -> Path:
    """The path that `database` says, `~` expanded; raises Unfit."""
    return check_file(value, "write e.g. data/presswatch.db")


def check_file(value: object, hint: str | None = None) -> Path:
    """The path of a file that an operator wrote, `~` expanded; raises Unfit."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return Path(value).expanduser()
    if isinstance(value, Path):
        return value
    raise Unfit(f"{shown(value)} is not the path of a file", hint)


def check_layout(directory: Path) -> None:
    """Raises ConfigError unless `directory` looks like a config."""
    hint = "name the right one with --config, or write a first one with presswatch init"
    if not directory.is_dir():
        what = "is not a directory" if directory.exists() else "no such directory"
        raise ConfigError((Problem(directory, None, None, what, hint),))
    if not any((directory / name).exists() for name in (SETTINGS_FILE, OUTLETS)):
        what = f"has neither {SETTINGS_FILE} nor {OUTLETS}/"
        raise ConfigError((Problem(directory, None, None, what, hint),))


def read_settings(directory: Path) -> Tree:
    """The tree of presswatch.yaml; an empty section if there is no such file."""
    file = directory / SETTINGS_FILE
    return tree.read(file) if file.exists() else Tree(file, {})


def outlet_files(directory: Path) -> list[Path]:
    """The outlets' files by name. Hidden files and editors' leftovers are none."""
    return sorted(
        file
        for file in _entries(directory / OUTLETS)
        if file.suffix.lower() in (".yaml", ".yml") and not file.name.startswith(".")
    )


def _entries(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        cause = error.strerror or str(error)
        problem = Problem(directory, None, None, f"unreadable: {cause}")
        raise ConfigError((problem,)) from error
