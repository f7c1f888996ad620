"""docs/config.md, written from the models and the samples (`make docs`).

Tables of every key with type, default and meaning; the sample files as examples.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config import addresses, durations, languages, patterns, sizes, subscriptions
from config.choices import Auto, OnAdd
from config.console import Console
from config.load import sample_directory
from config.machine import Backup, Disk, Keep
from config.models import Network, Outlet, Polling, Retention, Settings, SourceEntry
from config.push import Push
from config.rules import (
    ArticleRules,
    CleanRules,
    DatedRefusal,
    DatedSelector,
    Defaults,
    RequestOptions,
)
from config.secrets import Secret
from config.subscriptions import MatchRules, QueueConfig, SearchTerm, Subscription

_HEAD = """\
# Config

<!-- Written by `make docs` from the models in config/ and the samples: edit those. -->

A config is a directory: `presswatch.yaml` holds what is true for all outlets,
`outlets/KEY.yaml` describes one outlet each. Every command takes it by `--config DIR`
(default `config`). The directory is the truth: an outlet whose file is gone is no
longer polled; what is known of it stays until its retention ends.

- Durations are a number and a unit: `500ms`, `90s`, `15m`, `2h`, `7d`, `1w`; `0s` is
  allowed.
- Paths are relative to the working directory; `~` is the home directory.
- `presswatch.yaml` may be missing, then its defaults hold; so may every key but an
  outlet's `sources`.
- The files are YAML 1.1 in UTF-8. YAML reads `no`, `on` and `1843` as something else
  than text: put such a name into quotes. Aliases and merge keys are not supported:
  shared values go under `defaults`.
- A key or value that makes no sense is an error, never a silent default.

`presswatch check` names every problem of every file at once:

```text
config/outlets/tag24.yaml:7: sources[1].fed: unknown key; did you mean "feed"?
config/outlets/bbc.yaml:3: language: YAML reads no as false, not as text; write "no"
```

Its exit code is then 2. A running service that is told to read a broken config keeps
the last good one and raises an alert. `presswatch show --effective KEY` prints every
value that holds for an outlet with the file and line that said it.
"""

_SECTIONS: Mapping[str, type[BaseModel]] = {
    "network": Network,
    "defaults": Defaults,
    "polling": Polling,
    "retention": Retention,
    "backup": Backup,
    "backup.keep": Keep,
    "disk": Disk,
    "queue": QueueConfig,
    "queue.subscriptions.NAME": Subscription,
    "queue.subscriptions.NAME.match": MatchRules,
    "queue.subscriptions.NAME.push": Push,
    "console": Console,
}
_OUTLET_SECTIONS: Mapping[str, type[BaseModel]] = {
    "sources[]": SourceEntry,
    "articles": ArticleRules,
    "clean": CleanRules,
    "request": RequestOptions,
}
_NOTES = {
    "defaults": """\
An outlet's own value wins. `articles`, `clean` and `request` are merged key by key: an
outlet that says `clean.partial` keeps the `clean.remove` from here; a list replaces a
list.
""",
    "queue.subscriptions.NAME": """\
```yaml
queue:
  subscriptions:
    default: {}
    berlin:
      languages: [de, en]
      match: [Berlin, "Bürgermeister*", {regex: "S-Bahn[- ]?Linie"}]
    archive: {kinds: [new], start: beginning}
```

A message has to pass all of it. A subscription that has got an article is told of its
revisions and its withdrawal whatever else the filter says but `kinds`. A changed filter
holds for what is queued from then on. More: [queue.md](queue.md#subscriptions).
""",
    "queue.subscriptions.NAME.push": """\
One of `webhook`, `jsonl` and `redis`, such as `push: {webhook:
"https://example.org/hook", secret: {env: HOOK_SECRET}}`. What a receiver may rely on:
[queue.md](queue.md#push).
""",
    "queue.subscriptions.NAME.match": """\
A keyword is found as a whole word, or words in a row, in title or text, whatever their
case and accents; in scripts without spaces as any run of characters. A `*` at its end
stands for any ending. `{regex: ...}` is a regular expression.
""",
    "console": """\
Without tokens, whoever can connect may read all texts and settle messages: that is why
only this machine can, unless there are tokens. What both offer: [api.md](api.md). A
change of `bind` takes force at the next start, one of the tokens at a reload.
""",
    "sources[]": """\
Each entry is one of `feed`, `sitemap` and `section`, with `every` and `between` if they
are to differ. A source may be listed once in the whole config.
""",
    "articles": """\
The rules are asked for every kind of source. A URL that they turn away is stored as
`denied`, with the rule; when the rule is gone, it is fetched.
""",
    "clean": """\
Try a rule on a saved page first: `presswatch clean page.html --outlet KEY`. When an
outlet changes its layout, keep the rules of the old one for the pages that were stored
before, as `{rule: "div.teaser", until: 2026-05-01}`: that rule is for pages fetched
before that day (UTC) only. `presswatch reclean --dry-run` shows what a change of rules
would do to the stored pages, `presswatch check --pages` to those that were captured.
""",
}
_NAMES = {
    timedelta: "duration",
    time: "HH:MM or never",
    Path: "path",
    bool: "true or false",
    int: "whole number",
    str: "text",
    Secret: "{env} or {file}",
    DatedSelector: "{rule, until}",
    DatedRefusal: "{rule, until}",
    OnAdd: "all, latest N, since DURATION, skip",
    SearchTerm: "{regex}",
    date: "date",
    Auto: "auto",
}
_VALIDATORS = (AfterValidator, BeforeValidator)
_CHECKED: Mapping[object, str] = {
    sizes.check_size: "size",
    addresses.check_url: "URL",
    addresses.check_proxy: "URL",
    addresses.check_site: "host",
    addresses.check_permit: "address",
    addresses.check_bind: "HOST:PORT",
    patterns.check_pattern: "regex",
    patterns.check_refusal: "regex",
    subscriptions.check_keyword: "keyword",
    patterns.check_selector: "selector",
    languages.check_language: "language code",
}


def reference() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## presswatch.yaml\n"
    yield from _table(Settings, "")
    for name, model in _SECTIONS.items():
        yield from _section(name, model)
    yield "## outlets/KEY.yaml\n"
    yield "KEY is the outlet's name in commands and results: a-z, 0-9, - and _.\n"
    yield from _table(Outlet, "")
    for name, model in _OUTLET_SECTIONS.items():
        yield from _section(name, model)
    yield from _sample("presswatch.yaml")
    yield from _sample("outlets/tag24.yaml")


def _section(name: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"### {name}\n"
    if name in _NOTES:
        yield _NOTES[name]
    yield from _table(model, f"{name}.")


def _table(model: type[BaseModel], above: str) -> Iterator[str]:
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for name, field in model.model_fields.items():
        if (model, name) != (Outlet, "key"):
            default = _default(model, name, field)
            kind = _kind(field.annotation, field.metadata)
            yield f"| `{above}{name}` | {kind} | {default} | {field.description} |"
    yield ""


def _sample(name: str) -> Iterator[str]:
    yield f"## Example: {name}\n"
    text = (sample_directory() / name).read_text(encoding="utf-8")
    yield f"```yaml\n{text.rstrip()}\n```\n"


def _kind(annotation: Any, metadata: Sequence[object] = ()) -> str:
    """The type in an operator's words."""
    for check in metadata:
        if isinstance(check, _VALIDATORS) and check.func in _CHECKED:
            return _CHECKED[check.func]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return " or ".join(_kind(one) for one in arguments if one is not NoneType)
    if origin is tuple:
        return f"list of {_kind(arguments[0])}"
    if origin is Literal:
        return ", ".join(str(choice) for choice in arguments)
    return "section" if origin is not None else _NAMES.get(annotation, "section")


def _default(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    if model is Outlet:
        return _outlet_default(name)
    value = field.get_default(call_default_factory=True)
    if _kind(field.annotation, field.metadata) == "size":
        return f"`{sizes.spell(value)}`"
    return "see below" if isinstance(value, BaseModel) else f"`{_spelled(value)}`"


def _outlet_default(name: str) -> str:
    if name in Defaults.model_fields:
        return f"`defaults.{name}`"
    return "required" if name == "sources" else "see meaning"


def _spelled(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return durations.spell(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple) and value:
        return f"[{', '.join(_spelled(one) for one in value)}]"
    if value == () or value is PydanticUndefined:
        return "[]"
    return str(value)


if __name__ == "__main__":
    sys.stdout.write(reference())
