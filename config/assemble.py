"""The trees of a config's files become a Config, or every problem of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from config import wording
from config.addresses import identity
from config.fields import KEY_FORM
from config.load import SETTINGS_FILE
from config.models import Config, Outlet, Settings, outlet
from config.problems import ConfigError, KeyPath, Problem, shown
from config.tree import Tree

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Made(Generic[_Model]):
    """What one file became; None if it has problems."""

    value: _Model | None
    problems: tuple[Problem, ...] = ()


def assemble(directory: Path, above: Tree, trees: Sequence[Tree]) -> Config:
    """The Config that presswatch.yaml (`above`) and the outlets' `trees` describe.

    Raises ConfigError with every problem, in reading order.
    """
    settings = _made(above, Settings, Settings.model_validate)
    defaults = _section(above, "defaults") if settings.value else {}
    made = [_made_outlet(one, defaults) for one in trees]
    problems = [*settings.problems, *_misplaced(directory), *_misnamed(trees)]
    problems += [problem for one in made for problem in one.problems]
    problems += _clashes(trees)
    if problems or settings.value is None:
        raise ConfigError(tuple(sorted(problems, key=_reading_order)))
    return _config(directory, settings.value, [one.value for one in made if one.value])


def settings_alone(above: Tree) -> Settings:
    """What presswatch.yaml says, whatever the outlets do. Raises ConfigError."""
    made = _made(above, Settings, Settings.model_validate)
    if made.problems or made.value is None:
        raise ConfigError(tuple(sorted(made.problems, key=_reading_order)))
    return made.value


def _misplaced(directory: Path) -> Iterator[Problem]:
    other = directory / "presswatch.yml"
    if other.exists():
        yield Problem(other, None, None, "is not read", f"call it {SETTINGS_FILE}")


def _misnamed(trees: Iterable[Tree]) -> Iterator[Problem]:
    """Files whose name makes no key, and two files that make the same one."""
    seen: dict[str, Path] = {}
    for one in trees:
        file = one.file
        if file.suffix not in (".yaml", ".yml"):
            yield Problem(file, None, None, "is not read", "end the name in .yaml")
        elif not re.fullmatch(KEY_FORM, file.stem):
            message = f"{shown(file.stem)} cannot be an outlet's key"
            yield Problem(file, None, None, message, _better_name(file))
        elif file.stem in seen:
            message = (
                f"the outlet {file.stem} is there twice, also in {seen[file.stem]}"
            )
            yield Problem(file, None, None, message, "keep one")
        seen.setdefault(file.stem, file)


def _better_name(file: Path) -> str:
    name = re.sub(r"[^a-z0-9_-]+", "-", file.stem.lower()).strip("-_")
    rule = "use a-z, 0-9, - and _"
    return f"{rule}, such as {name}.yaml" if name else rule


def _made(
    one: Tree, model: type[_Model], make: Callable[[object], _Model]
) -> _Made[_Model]:
    """What `make` makes of the tree's values, or the problems in its way."""
    if one.values is None:
        return _Made(None, one.problems or (_empty(one),))
    try:
        value = make(one.values)
    except ValidationError as error:
        found = tuple(wording.problems(error, model, one))
        return _Made(None, (*one.problems, *found))
    return _Made(None if one.problems else value, one.problems)


def _empty(one: Tree) -> Problem:
    hint = "an outlet needs at least its sources"
    if one.file.name == SETTINGS_FILE:
        hint = "delete it if all defaults are to hold"
    return Problem(one.file, None, None, "is empty", hint)


def _made_outlet(one: Tree, defaults: Mapping[str, object]) -> _Made[Outlet]:
    if one.values is not None and not isinstance(one.values, dict):
        return _Made(None, (one.problem((), "must be a section of keys and values"),))
    # A name that will not do has its own problem (`_misnamed`).
    key = one.file.stem if re.fullmatch(KEY_FORM, one.file.stem) else "unnamed"
    said = _section(one)
    made = _made(one, Outlet, lambda _: outlet(key, said, defaults))
    if "key" not in said:
        return made
    reserved = wording.unknown_key(("key",), Outlet, one)
    return _Made(None, (*made.problems, reserved))


def _section(one: Tree, name: str | None = None) -> Mapping[str, object]:
    values = one.values
    if name is not None:
        values = values.get(name) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def _reading_order(problem: Problem) -> tuple[bool, str, int]:
    elsewhere = problem.file.name != SETTINGS_FILE
    return elsewhere, str(problem.file), problem.line or 0


def _config(directory: Path, settings: Settings, outlets: Iterable[Outlet]) -> Config:
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    by_key = {one.key: one for one in outlets}
    return Config.model_validate({**values, "directory": directory, "outlets": by_key})


def _clashes(trees: Iterable[Tree]) -> Iterator[Problem]:
    """Names and sources that are there twice, in one file or in two.

    Front pages may be: two desks of one house are two outlets to their operator.
    Looked for in what the files say, so that a fault elsewhere hides none.
    """
    seen: dict[tuple[str, str], tuple[Tree, KeyPath]] = {}
    for one in trees:
        for what, path, value in _identities(one):
            if (what, value) not in seen:
                seen[what, value] = (one, path)
                continue
            other, at = seen[what, value]
            place = f"{other.file}:{other.place(at).line}"
            yield one.problem(path, f"this {what} is there already, in {place}")


def _identities(one: Tree) -> Iterator[tuple[str, KeyPath, str]]:
    said = _section(one)
    name, sources = said.get("name"), said.get("sources")
    if isinstance(name, str) and name.strip():
        yield "name", ("name",), " ".join(name.casefold().split())
    for position, source in enumerate(sources if isinstance(sources, list) else ()):
        for kind, url in source.items() if isinstance(source, dict) else ():
            if kind != "every" and isinstance(url, str) and identity(url):
                yield "source", ("sources", position, kind), identity(url)
