"""Workers that die, hang or are stopped; rules that explode; hosts that say wait."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit import Complaint, audit
from faults.under import database, run_under

from pipelines.store import Store
from program import exported, once, watched_pass
from service.demo.client import Site

#: The first page of a worker kills it, the second stops it, as a debugger would.
UNLUCKY = """
import os, signal
from pipelines import workers
send = workers._Worker._handed
deeds = [signal.SIGKILL, signal.SIGSTOP]
def handed(self, page):
    pipe = send(self, page)
    if deeds and self._process is not None:
        os.kill(self._process.pid, deeds.pop(0))
    return pipe
workers._Worker._handed = handed
from crawlers import runtime
runtime.CLEAN_DEADLINE = 5.0
"""


@pytest.mark.fault("P8")
def test_workers_that_are_killed_or_stopped_are_replaced(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    log = run_under(UNLUCKY, "once", "--verbose", "--config", config).stderr
    listed = [article["url"] for article in fresh_site.truth("courier")]
    assert len(exported(config)) >= len(listed) - 2
    audit(database(config), listed=listed, finished=True, log=log)


@pytest.mark.fault("K2")
def test_a_rule_that_explodes_is_bounded_and_told(
    fresh_site: Site, tmp_path: Path
) -> None:
    rules = {"articles": {"deny": [r"(.|..)+\d\d\d\d\d\d\d\d\d$"]}}
    config = fresh_site.config(
        tmp_path, outlets=["courier"], sources=["feed"], each=rules
    )
    done = run_under("", "once", "--verbose", "--config", config)
    assert "nothing is matched to it" in done.stderr
    listed = [article["url"] for article in fresh_site.truth("courier")]
    with Store.open(database(config), read_only=True) as store:
        stories = [story for url in listed for story in store.articles.story(url)]
    details = [story.url.detail or "" for story in stories]
    assert all("takes too long on it" in detail for detail in details)
    audit(database(config), listed=listed, finished=True, log=done.stderr)


@pytest.mark.fault("H7")
def test_a_host_that_says_wait_is_left_alone(fresh_site: Site, tmp_path: Path) -> None:
    statuses = {"courier": 429, "talbote": 503}
    config = fresh_site.config(tmp_path, outlets=statuses, sources=["feed"])
    for outlet, status in statuses.items():
        wait = {"status": status, "retry_after": 3600}
        fresh_site.fault(outlet, "-[0-9]{7}", "status", **wait)
    first = watched_pass(config)
    complaints = []
    for outlet, status in statuses.items():
        urls = [article["url"] for article in fresh_site.truth(outlet)]
        targets = [entry["target"] for entry in fresh_site.log(outlet)]
        (asked,) = [url for url in urls if any(map(url.endswith, targets))]
        complaints.append(Complaint(outlet, asked, str(status)))
    fresh_site.clear_log()
    once(config, code=1)
    assert fresh_site.log() == []
    audit(
        database(config),
        listed=[a["url"] for key in statuses for a in fresh_site.truth(key)],
        log=first.log,
        complaints=complaints,
    )


@pytest.mark.fault("K1")
def test_a_config_with_a_mistake_is_refused_by_file_and_line(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    once(config)
    file = config / "outlets" / "courier.yaml"
    good = file.read_text()
    file.write_text(f"{good}evry: 5m\n")
    fresh_site.clear_log()
    done = run_under("", "once", "--config", config, code=2)
    line = len(good.splitlines()) + 1
    assert f"courier.yaml:{line}" in done.stderr
    assert "every" in done.stderr  # the nearest key
    assert fresh_site.log() == []
    listed = [article["url"] for article in fresh_site.truth("courier")]
    audit(database(config), listed=listed, finished=True, log=done.stderr)
