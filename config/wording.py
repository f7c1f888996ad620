"""What pydantic found wrong, in words for an operator, at the line where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from config.models import Outlet, Source, SourceEntry
from config.problems import KeyPath, Problem, Unfit, shown
from config.tree import Tree

#: Keys of the models that no file may hold: they come from elsewhere.
_NOT_IN_FILES: Mapping[type[BaseModel], set[str]] = {Outlet: {"key"}}

#: Steps of pydantic's that stand in no file: a mapping's key, a rule's form.
_NO_STEPS = frozenset({"[key]", "[plain]", "[dated]", "[regex]"})

_SECTION = "must be a section of keys and values"
_LIST = "must be a list"


def problems(
    error: ValidationError, model: type[BaseModel], tree: Tree
) -> Iterator[Problem]:
    """Each fault in `error`, which arose when `model` was made of `tree`."""
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step not in _NO_STEPS)
        if detail["type"] == "default_factory_not_called":
            continue  # the field it depends on has its own problem
        if detail["type"] == "extra_forbidden":
            yield unknown_key(path, model, tree)
        else:
            yield tree.problem(path, *_worded(dict(detail), path, tree))


def unknown_key(path: KeyPath, model: type[BaseModel], tree: Tree) -> Problem:
    """The problem of a key that `model` does not know, with the nearest it does."""
    place = path[:-1]
    hint = _nearest(str(path[-1]), known_keys(model, place), model)
    return tree.problem(path, "unknown key", hint)


def known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that may stand at `path` in a file that `model` is made of."""
    found = _model_at(model, path)
    return [
        key for key in found.model_fields if key not in _NOT_IN_FILES.get(found, ())
    ]


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    for step in path:
        field = model.model_fields.get(str(step))
        model = next(_models(field.annotation), model) if field else model
    return model


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models inside `tuple[X, ...]`, `Mapping[str, X]`, `X | None` ..."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield SourceEntry if annotation is Source else annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _nearest(key: str, known: list[str], model: type[BaseModel]) -> str | None:
    folded = key.strip().lower().replace("-", "_").replace(" ", "_")
    if near := difflib.get_close_matches(folded, known, n=1, cutoff=0.6):
        return f'did you mean "{near[0]}"?'
    inside = dict(_keys_of_sections(model))
    if near := difflib.get_close_matches(folded, inside, n=1, cutoff=0.8):
        return f'did you mean "{inside[near[0]]}.{near[0]}"?'
    return f"known here: {', '.join(known)}" if known else "nothing is known here"


def _keys_of_sections(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        for inner in _models(field.annotation):
            yield from ((key, name) for key in inner.model_fields)


def _worded(
    detail: dict[str, Any], path: KeyPath, tree: Tree
) -> tuple[str, str | None]:
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, Unfit):
        return str(error), error.hint
    if detail["input"] is None and path in tree.places:
        return "has no value", "give it one, or leave the key out"
    written = tree.place(path).written
    if word := _WORDS.get(detail["type"]):
        return word(detail, written)
    return str(detail["msg"]).removeprefix("Value error, ").lower(), None


def _text_wanted(detail: dict[str, Any], written: str | None) -> tuple[str, str | None]:
    value, quoted = detail["input"], f"write {shown(written)}"
    if isinstance(value, bool):
        return f"YAML reads {written} as {str(value).lower()}, not as text", quoted
    if isinstance(value, int | float):
        return "YAML reads this as a number, not as text", quoted
    return "must be text", None


def _list_wanted(detail: dict[str, Any], written: str | None) -> tuple[str, str | None]:
    return _LIST, f"write [{shown(written)}]" if written else None


def _section_wanted(detail: dict[str, Any], _: str | None) -> tuple[str, str | None]:
    if detail["loc"][:1] == ("sources",):
        return _SECTION, "write e.g. - feed: https://www.example.org/rss"
    return _SECTION, None


def _choice_wanted(detail: dict[str, Any], _: str | None) -> tuple[str, str | None]:
    choices = detail["ctx"]["expected"].replace("'", '"')
    near = difflib.get_close_matches(str(detail["input"]), _quoted(choices), n=1)
    hint = f'did you mean "{near[0]}"?' if near else None
    return f"{shown(detail['input'])} is not one of {choices}", hint


def _quoted(choices: str) -> Iterable[str]:
    return choices.split('"')[1::2]


def _always(message: str, hint: str | None = None) -> Callable[..., Any]:
    return lambda _detail, _written: (message, hint)


_WORDS: Mapping[str, Callable[[dict[str, Any], str | None], tuple[str, str | None]]] = {
    "missing": _always("is missing"),
    "string_type": _text_wanted,
    "bool_type": _always("must be true or false"),
    "int_type": _always("must be a whole number"),
    "tuple_type": _list_wanted,
    "model_type": _section_wanted,
    "model_attributes_type": _always(_SECTION),
    "dict_type": _always(_SECTION),
    "mapping_type": _always(_SECTION),
    "literal_error": _choice_wanted,
    "string_pattern_mismatch": _always(
        "is no name for this", "use a-z, 0-9, - and _, a letter or digit first"
    ),
    "greater_than": lambda detail, written: (
        f"{shown(written)} is too small",
        f"more than {detail['ctx']['gt']}",
    ),
    "greater_than_equal": lambda detail, _: (
        f"{shown(detail['input'])} is too small",
        f"at least {detail['ctx']['ge']}",
    ),
    "less_than_equal": lambda detail, _: (
        f"{shown(detail['input'])} is too large",
        f"at most {detail['ctx']['le']}",
    ),
}
