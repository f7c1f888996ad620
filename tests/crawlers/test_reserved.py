"""Pages that reserve something are recorded, and not kept where that is respected."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.store import Store
from program import exported, once, run
from service.demo.client import Site


@pytest.fixture
def reserving(fresh_site: Site) -> Site:
    said = {"TDM-Reservation": "1", "X-Robots-Tag": "googlebot: noarchive, noindex"}
    fresh_site.fault("gaceta", "noticia", "headers", headers=said)
    return fresh_site


def test_a_reservation_is_recorded_and_shown(reserving: Site, tmp_path: Path) -> None:
    config = reserving.config(tmp_path, outlets=["gaceta"], sources=["feed"])
    assert once(config)["queued"] > 0
    url = exported(config)[0]["article"]["url"]
    told = run("explain", url, "--config", config)
    assert "reserved   tdm  (header tdm-reservation)" in told


def test_where_it_is_respected_nothing_is_kept(reserving: Site, tmp_path: Path) -> None:
    config = reserving.config(
        tmp_path, outlets=["gaceta"], sources=["feed"], each={"respect": ["tdm"]}
    )
    summary = once(config)
    assert set(summary["outcomes"]) == {"denied"}
    assert exported(config) == []
    with Store.open(tmp_path / "data" / "presswatch.db", read_only=True) as store:
        kept = store.session.value("SELECT count(*) FROM page")
        detail = store.session.value("SELECT detail FROM url LIMIT 1")
    assert kept == 0
    assert detail == ("reserved by the outlet: tdm (header tdm-reservation; respect)")
    run("try", "gaceta", "--config", config, code=1)


def test_a_host_that_reserves_all_is_asked_for_no_page(
    fresh_site: Site, tmp_path: Path
) -> None:
    rules = '[{"location": "/noticia", "tdm-reservation": 1}]'
    fresh_site.fault("gaceta", "tdmrep", "body", text=rules)
    config = fresh_site.config(
        tmp_path, outlets=["gaceta"], sources=["feed"], each={"respect": ["tdm"]}
    )
    assert set(once(config)["outcomes"]) == {"denied"}
    asked = [entry["target"] for entry in fresh_site.log()]
    assert sorted(asked) == ["/.well-known/tdmrep.json", "/rdf.xml", "/robots.txt"]


def test_other_reservations_are_not(reserving: Site, tmp_path: Path) -> None:
    each = {"respect": ["noarchive", "noai"]}  # that one is Google's
    config = reserving.config(tmp_path, outlets=["gaceta"], sources=["feed"], each=each)
    assert set(once(config)["outcomes"]) == {"new"}
