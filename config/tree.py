"""YAML text as plain values, with the line of every key; no meaning is judged here.

Built from the parser's events instead of `yaml.safe_load`, for four reasons: lines
are kept, a key given twice is reported instead of silently winning, dates stay the
text they were written as, and nesting is bounded (libyaml's own composer recurses
in C and brings the process down on some 50,000 brackets).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config.problems import KeyPath, Problem, dotted, shown

#: Far more than any section needs, far less than any stack holds.
DEEPEST = 20
#: The largest file read; a thousand outlets have a thousand files of 1 kB.
LARGEST = 1_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_AS_TEXT = {_TAG + "str", _TAG + "timestamp", _TAG + "value", _TAG + "merge"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands (line from 1) and, for a scalar, how it is written."""

    line: int
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """One file: its values, where each stands, and what is wrong with its form.

    `values` is made of dict, list, str, bool, int, float and None. It is None for
    an empty file and whenever the syntax is broken (then `problems` says why).
    """

    file: Path
    values: object = None
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place(self, path: KeyPath) -> Place:
        """Where `path` stands, or the nearest thing around it that is there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1))

    def problem(self, path: KeyPath, message: str, hint: str | None = None) -> Problem:
        """A problem of the value at `path`."""
        line = self.place(path).line
        return Problem(self.file, line, dotted(path), message, hint)


def read(file: Path) -> Tree:
    """The tree of `file`; whatever keeps it from being read is in `problems`."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        cause = error.strerror or str(error)
        return Tree(file, problems=(Problem(file, None, None, f"unreadable: {cause}"),))
    return parse(data, file)


def parse(data: bytes, file: Path) -> Tree:
    """The tree of the YAML text `data`; `file` is named in problems only."""
    if len(data) > LARGEST:
        problem = Problem(file, None, None, f"is larger than {LARGEST:,} bytes")
        return Tree(file, problems=(problem,))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Tree(file, problems=(_not_utf8(data, error, file),))
    return _Builder(file, text).tree()


def _not_utf8(data: bytes, error: UnicodeDecodeError, file: Path) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    message = f"is not UTF-8: byte 0x{data[error.start]:02x}"
    return Problem(file, line, None, message, "save the file as UTF-8")


class _Stop(Exception):
    """The file cannot be read further; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Builder:
    """Folds the events of one document into values and places."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        self._events: Iterator[Any] = iter(())
        self._places: dict[KeyPath, Place] = {}
        self._problems: list[Problem] = []
        self._resolver: Any = yaml.resolver.Resolver()

    def tree(self) -> Tree:
        """Everything the text holds; the first syntax error ends the reading."""
        try:
            self._events = yaml.parse(self._text, Loader=_LOADER)
            values = self._document()
        except yaml.YAMLError as error:
            return Tree(self._file, problems=(_syntax(error, self._text, self._file),))
        except _Stop as stop:
            return Tree(self._file, problems=(stop.problem,))
        return Tree(self._file, values, self._places, tuple(self._problems))

    def _document(self) -> object:
        values: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop(event, (), "a second document starts here")
                values = self._value(next(self._events), ())
        return values

    def _value(self, event: Any, path: KeyPath) -> object:
        if len(path) > DEEPEST:
            raise self._stop(event, path[:3], "is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out; shared values go under defaults"
            raise self._stop(event, path, "YAML aliases are not supported", hint)
        self._places.setdefault(path, Place(_line(event)))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _mapping(self, path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop(event, path, "a key must be plain text")
            # As written, whatever YAML 1.1 makes of it: `on` is a key, not true.
            key = (*path, event.value)
            self._note_key(event, key)
            values[event.value] = self._value(next(self._events), key)
        return values

    def _note_key(self, event: Any, key: KeyPath) -> None:
        line = _line(event)
        if key in self._places:
            first = self._places[key].line
            message = f"this key is there twice, first on line {first}"
            problem = Problem(self._file, line, dotted(key), message, "keep one")
            self._problems.append(problem)
            self._forget(key)
        self._places[key] = Place(line)

    def _forget(self, key: KeyPath) -> None:
        """What stands below a key given twice; the later one is read."""
        below = [path for path in self._places if path[: len(key)] == key]
        for path in below:
            del self._places[path]

    def _sequence(self, path: KeyPath) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _scalar(self, event: Any, path: KeyPath) -> object:
        self._places[path] = Place(self._places[path].line, event.value)
        tag = event.tag
        if tag in (None, "!"):
            tag = self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag in _AS_TEXT:
            return event.value
        return self._converted(event, path, tag)

    def _converted(self, event: Any, path: KeyPath, tag: str) -> object:
        convert = _CONVERSIONS.get(tag)
        if convert is None:
            tag = "!" + tag.removeprefix(_TAG).removeprefix("!")
            raise self._stop(event, path, f"the YAML tag {shown(tag)} is not supported")
        try:
            return convert(yaml.ScalarNode(tag, event.value))
        except (ValueError, KeyError, IndexError):
            # Looks like a number to YAML but is none (`0x_`): then it is text.
            return event.value

    def _stop(
        self, event: Any, path: KeyPath, message: str, hint: str | None = None
    ) -> _Stop:
        problem = Problem(self._file, _line(event), dotted(path), message, hint)
        return _Stop(problem)


_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_CONVERSIONS: dict[str, Any] = {
    _TAG + "null": lambda _node: None,
    _TAG + "bool": _CONSTRUCTOR.construct_yaml_bool,
    _TAG + "int": _CONSTRUCTOR.construct_yaml_int,
    _TAG + "float": _CONSTRUCTOR.construct_yaml_float,
}


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _syntax(error: yaml.YAMLError, text: str, file: Path) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"holds the character {error.character!r}, which YAML forbids"
        return Problem(file, line, None, message)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    number = mark.line if mark else 0
    cause = getattr(error, "problem", None) or str(error)
    lines = text.splitlines() or [""]
    hint = _syntax_hint(lines[min(number, len(lines) - 1)], cause)
    return Problem(file, number + 1, None, f"is not valid YAML: {cause}", hint)


def _syntax_hint(line: str, cause: str) -> str | None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return "indent with spaces, not with a tab"
    if "cannot start any token" in cause:
        return "put the value in quotes"
    if "mapping values" in cause:
        return 'put a value that holds ": " in quotes'
    return None
