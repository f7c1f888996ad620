"""The config of subscriptions: its forms, its refusals, what the store gets of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config import ConfigError, load
from config.advice import advice
from config.subscriptions import Subscription
from crawlers.runtime import subscriptions
from pipelines.filters import Expression, Keyword, parse


def loaded(directory: Path, said: str) -> Subscription:
    (directory / "presswatch.yaml").write_text(
        f"queue: {{subscriptions: {{berlin: {said}}}}}", encoding="utf-8"
    )
    return load(directory).queue.subscriptions["berlin"]


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        pytest.param("{}", {}, id="everything"),
        pytest.param(
            "{match: Berlin}", {"match": {"any": ["Berlin"]}}, id="a word alone"
        ),
        pytest.param(
            "{match: [Berlin, 'S-Bahn*', {regex: 'U[1-9]'}]}",
            {"match": {"any": ["Berlin", "S-Bahn*", {"regex": "U[1-9]"}]}},
            id="a list",
        ),
        pytest.param(
            "{match: {all: [a b], none: [c]}}",
            {"match": {"all": ["a b"], "none": ["c"]}},
            id="a section",
        ),
        pytest.param(
            "{outlets: [tag24], languages: [de], kinds: [new], min_characters: 9}",
            {
                "outlets": ["tag24"],
                "languages": ["de"],
                "kinds": ["new"],
                "min_characters": 9,
            },
            id="the rest",
        ),
    ],
)
def test_filters(tmp_path: Path, said: str, terms: dict[str, Any]) -> None:
    found = loaded(tmp_path, said).terms()
    assert json.loads(found) == terms
    parse(found)


@pytest.mark.parametrize(
    ("said", "start"),
    [
        pytest.param("{}", "now", id="default"),
        pytest.param("{start: beginning}", "beginning", id="beginning"),
        pytest.param("{start: 2026-05-01}", date(2026, 5, 1), id="date"),
        pytest.param("{start: '2026-05-01'}", date(2026, 5, 1), id="date as text"),
    ],
)
def test_starts(tmp_path: Path, said: str, start: object) -> None:
    assert loaded(tmp_path, said).start == start


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param("{match: ['*']}", r"match\.any.*no letter or digit", id="a star"),
        pytest.param("{match: ['a*b']}", "not at its end.*regex", id="star inside"),
        pytest.param("{match: [{regex: '('}]}", "not a regular expr", id="regex"),
        pytest.param("{match: [{regexp: 'x'}]}", 'did you mean "regex"', id="key"),
        pytest.param("{match: {some: [x]}}", "unknown key", id="match key"),
        pytest.param("{start: yesterday}", "now, beginning or a date", id="start"),
        pytest.param("{languages: [german]}", "not a language code", id="language"),
        pytest.param("{kinds: [news]}", 'did you mean "new"', id="kind"),
        pytest.param("{min_characters: -1}", "min_characters", id="negative"),
        pytest.param("{language: [de]}", 'did you mean "languages"', id="unknown"),
    ],
)
def test_refusals(tmp_path: Path, said: str, says: str) -> None:
    with pytest.raises(ConfigError, match=rf"presswatch\.yaml:1: .*{says}"):
        loaded(tmp_path, said)


def test_what_the_store_gets(tmp_path: Path) -> None:
    loaded(tmp_path, "{match: [Berlin, {regex: x}], start: beginning}")
    default, berlin = subscriptions(load(tmp_path))
    assert (default.name, default.terms, default.start) == ("default", "{}", "now")
    assert (berlin.name, berlin.start) == ("berlin", "beginning")
    assert parse(berlin.terms).one_of == (Keyword("Berlin"), Expression("x"))


def test_an_outlet_that_is_not_there_is_pointed_out(tmp_path: Path) -> None:
    loaded(tmp_path, "{outlets: [tag42]}")
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "tag24.yaml").write_text(
        "sources: [{feed: 'https://www.tag24.com/rss'}]"
    )
    said = [str(problem) for problem in advice(load(tmp_path))]
    (about,) = [line for line in said if "subscriptions" in line]
    assert "queue.subscriptions.berlin.outlets: there is no outlet tag42" in about
    assert "did you mean tag24?" in about
