"""Outlets as values: defaults, merging, choices, the digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from pydantic import BaseModel, ValidationError

from config import models, rules
from config.choices import Auto, OnAdd
from config.models import Outlet, Source, SourceKind, outlet

FEED = {"sources": [{"feed": "https://a.example/rss"}]}


@pytest.mark.parametrize(
    ("said", "defaults", "name", "value"),
    [
        pytest.param({}, {}, "duplicates", "once", id="built in"),
        pytest.param({}, {"duplicates": "all"}, "duplicates", "all", id="default"),
        pytest.param(
            {"duplicates": "once"},
            {"duplicates": "all"},
            "duplicates",
            "once",
            id="said",
        ),
        pytest.param({}, {}, "revisit", timedelta(minutes=30), id="revisit"),
        pytest.param({"revisit": "never"}, {}, "revisit", None, id="never again"),
        pytest.param(
            {"language": None}, {"language": "de"}, "language", None, id="null unsets"
        ),
        pytest.param({}, {}, "home", "https://a.example/", id="home from the source"),
        pytest.param({}, {}, "name", "a", id="name from the key"),
    ],
)
def test_what_holds(
    said: Mapping[str, object], defaults: Mapping[str, object], name: str, value: object
) -> None:
    assert getattr(outlet("a", {**FEED, **said}, defaults), name) == value


def test_sections_are_merged_key_by_key() -> None:
    said = {**FEED, "request": {"verify": False}, "clean": {"remove": [".b"]}}
    defaults = {
        "request": {"headers": {"A": "x"}},
        "clean": {"remove": [".a"], "keep": [".k"]},
    }
    found = outlet("a", said, defaults)
    assert found.request.headers == {"A": "x"}
    assert not found.request.verify
    assert (found.clean.remove, found.clean.keep) == ((".b",), (".k",))


def test_sources_by_kind() -> None:
    entries = [{"feed": "https://a.example/1", "every": "5m"}] + [
        {kind: f"https://a.example/{kind}"} for kind in ("sitemap", "section")
    ]
    found = outlet("a", {"sources": entries})
    assert [source.kind for source in found.sources] == list(SourceKind)
    assert [found.interval(source) for source in found.sources] == [
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=15),
    ]


def test_an_interval_of_its_own_making() -> None:
    entries = [
        {"feed": "https://a.example/1"},
        {"feed": "https://a.example/2", "between": ["5m", "1h"]},
        {"feed": "https://a.example/3", "every": "10m"},
    ]
    found = outlet("a", {"every": "auto", "sources": entries})
    minute = timedelta(minutes=1)
    assert [found.interval(source) for source in found.sources] == [
        Auto.AUTO,
        Auto.AUTO,
        10 * minute,
    ]
    assert [found.bounds(source) for source in found.sources] == [
        (2 * minute, 360 * minute),
        (5 * minute, 60 * minute),
        (2 * minute, 360 * minute),
    ]
    assert found.model_dump(mode="json")["every"] == "auto"


def test_a_source_can_be_made_by_programs() -> None:
    source = Source(kind=SourceKind.FEED, url="https://a.example/rss")
    assert outlet("a", {"sources": [source]}).sources == (source,)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        pytest.param("all", OnAdd("all"), id="all"),
        pytest.param("skip", OnAdd("skip"), id="skip"),
        pytest.param("latest 20", OnAdd("latest", count=20), id="latest"),
        pytest.param("latest 0", OnAdd("latest", count=0), id="latest none"),
        pytest.param("since 24h", OnAdd("since", age=timedelta(days=1)), id="since"),
    ],
)
def test_on_add(text: str, choice: OnAdd) -> None:
    found = outlet("a", {**FEED, "on_add": text}).on_add
    assert found == choice
    assert outlet("a", {**FEED, "on_add": str(found)}).on_add == choice


def test_values_are_frozen() -> None:
    found = outlet("a", FEED)
    with pytest.raises(ValidationError):
        found.name = "b"  # type: ignore[misc]


def test_secrets_do_not_show_in_logs() -> None:
    found = outlet("a", {**FEED, "request": {"auth": "me:secret"}})
    assert found.request.auth == "me:secret"
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"every": "16m"}, id="interval"),
        pytest.param({"clean": {"remove": ["p"]}}, id="rule"),
        pytest.param(
            {"clean": {"remove": [{"rule": "p", "until": "2026-05-01"}]}},
            id="dated rule",
        ),
        pytest.param({"on_add": "skip"}, id="on_add"),
        pytest.param({"sources": [{"sitemap": "https://a.example/rss"}]}, id="source"),
    ],
)
def test_the_digest_changes_with_any_value(change: Mapping[str, object]) -> None:
    assert outlet("a", {**FEED, **change}).digest != outlet("a", FEED).digest


def test_the_digest_is_of_what_holds_not_of_how_it_is_said() -> None:
    plain = outlet("a", FEED).digest
    assert outlet("a", {"every": "900s", **FEED}).digest == plain
    assert outlet("a", FEED, {"every": "15m"}).digest == plain
    assert len(plain) == 16


def test_a_dated_rule_stands_beside_plain_ones() -> None:
    dated = {"rule": ".old", "until": "2026-05-01"}
    found = outlet("a", {**FEED, "clean": {"remove": [".b", dated]}})
    plain, old = found.clean.remove
    assert plain == ".b"
    assert old == rules.DatedSelector(rule=".old", until=date(2026, 5, 1))
    assert found.model_dump(mode="json")["clean"]["remove"] == [".b", dated]
    again = outlet("a", FEED, {"clean": found.clean.model_dump()})
    assert again.clean == found.clean


def test_the_digest_gives_no_password_away() -> None:
    digests = {
        outlet("a", {**FEED, "request": {"auth": auth}}).digest
        for auth in ("me:one", "me:two")
    }
    assert len(digests) == 1


def test_every_default_can_be_said_by_an_outlet() -> None:
    assert set(rules.Defaults.model_fields) <= set(Outlet.model_fields)


def _models() -> list[type[BaseModel]]:
    every = {**vars(models), **vars(rules)}.values()
    found = [value for value in every if isinstance(value, type)]
    return [value for value in found if issubclass(value, BaseModel)]


@pytest.mark.parametrize("model", _models(), ids=lambda model: model.__name__)
def test_models_are_strict_and_described(model: type[BaseModel]) -> None:
    if model is BaseModel:
        return
    assert model.model_config.get("frozen")
    assert model.model_config.get("extra") == "forbid"
    if model not in (Source, models.Config):  # made by the loader, not by operators
        assert all(field.description for field in model.model_fields.values())
