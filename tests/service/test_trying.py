"""Which outlet a URL belongs to, and what a dry run asks of the past. Pure parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config.models import Outlet, outlet
from pipelines.store import SourceSpec, Store
from service.trying import Past, outlet_of


def made(key: str, home: str, **said: Any) -> Outlet:
    return outlet(key, {"home": home, "sources": [{"feed": f"{home}rss"}], **said})


OUTLETS = {
    one.key: one
    for one in (
        made("world", "https://www.paper.example/", articles={"allow": ["/world/"]}),
        made("sport", "https://sport.paper.example/"),
        made("local", "http://127.0.0.1:4711/"),
        made("other", "https://other.example/", articles={"sites": ["guest.example"]}),
    )
}


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("https://www.paper.example/world/1", "world", id="host and rule"),
        pytest.param("https://sport.paper.example/cup", "sport", id="host"),
        pytest.param("https://www.paper.example/cup", "sport", id="rules before host"),
        pytest.param("https://m.paper.example/world/1", "world", id="same site"),
        pytest.param("https://guest.example/1", "other", id="a site of the rules"),
        pytest.param("http://127.0.0.1:4711/a", "local", id="an address"),
        pytest.param("http://127.0.0.1:4712/a", None, id="another port"),
        pytest.param("https://nobody.example/a", None, id="nobody's"),
    ],
)
def test_a_url_goes_by_the_outlet_it_belongs_to(url: str, key: str | None) -> None:
    found = outlet_of(url, OUTLETS)
    assert (found and found.key) == key


def test_without_a_database_nothing_is_known(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new.db", create=True) as store:
        specs = [SourceSpec("ferry", "feed", "https://ferry.example/rss")]
        from crawlers.session import utc_now

        store.frontier.sync_sources(specs, utc_now())
        (work,) = store.frontier.due_sources(utc_now())
        for past in (Past(None), Past(store)):
            assert past.is_new(work)
            assert past.known("ferry", []) == frozenset()
