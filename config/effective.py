"""The values that hold for one outlet, and where each was said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.load import load, outlet_files, read_settings
from config.models import Outlet
from config.problems import KeyPath, dotted
from config.tree import Tree, read

BUILT_IN = "built-in"
#: What is shown in place of passwords and cookies.
HIDDEN = "(hidden)"

_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization", "token", "key")


@dataclass(frozen=True, slots=True)
class Effective:
    """One value as JSON has it, and its `origin`: FILE:LINE or `built-in`."""

    key: str
    value: Any
    origin: str


def effective(directory: Path, key: str) -> tuple[Effective, ...]:
    """Every value of the outlet `key`, secrets hidden.

    Raises ConfigError if the config is not valid, KeyError if it has no such outlet.
    """
    found = load(directory).outlets[key]
    layers = _layers(directory, key)
    return tuple(
        Effective(dotted(path) or "", value, _origin(path, layers))
        for path, value in _values(found)
    )


def _layers(directory: Path, key: str) -> list[tuple[Tree, KeyPath]]:
    """Where a key may have been said, the winner first, and what it stands under."""
    own = next(file for file in outlet_files(directory) if file.stem == key)
    return [(read(own), ()), (read_settings(directory), ("defaults",))]


def _values(found: Outlet) -> Iterator[tuple[KeyPath, Any]]:
    dumped = found.model_dump(mode="json")
    dumped["sources"] = [_source(source) for source in dumped["sources"]]
    for name, value in dumped.items():
        if name in ("articles", "clean", "request"):
            for inner, shown in value.items():
                yield (name, inner), _without_secrets(inner, shown)
        elif name != "key":
            yield (name,), value


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    said = {source["kind"]: source["url"]}
    own = ((name, source[name]) for name in ("every", "between"))
    return said | {name: value for name, value in own if value is not None}


def _without_secrets(name: str, value: Any) -> Any:
    if name == "auth" and value is not None:
        return HIDDEN
    if name == "proxy" and value is not None:
        return re.sub(r"//[^/@]*@", f"//{HIDDEN}@", value)
    if name == "headers":
        return {key: HIDDEN if _is_secret(key) else said for key, said in value.items()}
    return value


def _is_secret(header: str) -> bool:
    return any(word in header.lower() for word in _SECRET_HEADERS)


def _origin(path: KeyPath, layers: list[tuple[Tree, KeyPath]]) -> str:
    for one, above in layers:
        if (*above, *path) in one.places:
            return f"{one.file}:{one.place((*above, *path)).line}"
    return BUILT_IN
