"""Consumers that die, come late, or never manage."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from audit import audit
from faults.under import database

from program import once, records, run
from service.demo.client import Site


@pytest.mark.fault("Q1", "Q2", "Q3", "Q6", "Q7")
def test_each_text_is_somebodys_until_it_is_done(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    here = ("--config", config)
    (first,) = records("queue", "lease", "--for", "1s", *here)
    others = records("queue", "lease", "--limit", 100, *here)
    assert first["id"] not in {message["id"] for message in others}  # one holder
    time.sleep(1.5)  # its consumer is slower than its lease, or dead
    (again,) = records("queue", "lease", *here)
    assert (again["id"], again["attempt"]) == (first["id"], 2)
    assert again["article"]["text"] == first["article"]["text"]
    run("queue", "ack", first["id"], first["token"], *here, code=1)  # too late
    run("queue", "ack", again["id"], again["token"], *here)
    run("queue", "ack", again["id"], again["token"], *here)  # twice is fine
    bad, *_ = others
    told = ("--reason", "no such table", "--permanent")
    run("queue", "fail", bad["id"], bad["token"], *told, *here)
    assert "no such table" in run("queue", "dead", *here)
    listed = [article["url"] for article in fresh_site.truth("courier")]
    audit(database(config), listed=listed, finished=True)
