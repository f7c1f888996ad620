"""Whom to ask, and what not to tell: robots.txt, redirects, secrets, no uplink."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from audit import Complaint, audit
from faults.under import add_outlet, database

from pipelines.store import Store
from program import exported, once, watched_pass
from service.demo.client import Site
from service.demo.newsroom import OUTLETS


class Robots(NamedTuple):
    """How a host's robots.txt is, and why nothing is asked then (None: it is)."""

    kind: str
    said: dict[str, Any]
    cause: str | None = None


def rules(*lines: str) -> dict[str, Any]:
    """The arguments of the fault `body` for a robots.txt of these lines."""
    return {"text": "\n".join(lines) + "\n", "type": "text/plain"}


DENIED = "robots.txt disallows"
ELSEWHERE = "/robots-elsewhere.txt"

#: RFC 9309, section 2.3.1: what each state of the file allows.
STATES = {
    "none": Robots("status", {"status": 404}),
    "forbidden": Robots("status", {"status": 403}),
    "page": Robots("page", {"page": "not_found"}),
    "huge": Robots("huge_robots", {}),
    "other": Robots("disallow", {"path": "/private/"}),
    "ours": Robots(
        "body",
        rules("User-agent: *", "Disallow: /", "", "User-agent: presswatch-demo"),
    ),
    "closed": Robots("disallow", {}, DENIED),
    "named": Robots(
        "body",
        rules(
            "User-agent: *", "Allow: /", "User-agent: Presswatch-Demo", "Disallow: /"
        ),
        DENIED,
    ),
    "moved": Robots("redirect", {"to": ELSEWHERE}, DENIED),
    "limited": Robots("status", {"status": 429}, "robots.txt answered HTTP 429"),
    "broken": Robots("status", {"status": 503}, "robots.txt answered HTTP 503"),
    "dropped": Robots("drop", {}, "robots.txt: the connection failed"),
}


@pytest.fixture
def hosts() -> Iterator[dict[str, tuple[Site, str]]]:
    """A server for each of the states: its site, and its outlet there."""
    with ExitStack() as stack:
        count = -(-len(STATES) // len(OUTLETS))
        sites = [stack.enter_context(Site.start()) for _ in range(count)]
        places = [(site, outlet) for site in sites for outlet in site.outlets]
        yield dict(zip(STATES, places, strict=False))


@pytest.mark.fault("H12")
def test_every_state_of_robots_txt_is_read_by_the_rfc(
    hosts: dict[str, tuple[Site, str]], tmp_path: Path
) -> None:
    feeds = {}
    for name, (site, outlet) in hosts.items():
        path = next(each.feed for each in OUTLETS if each.key == outlet)
        feeds[name] = site.outlets[outlet] + path
        site.fault(outlet, "^/robots[.]txt", STATES[name].kind, **STATES[name].said)
        site.fault(outlet, ELSEWHERE, "disallow")
    netlocs = [urlsplit(feed).netloc for feed in feeds.values()]
    (any_site, _), *_ = hosts.values()
    network = {"allow_private": netlocs}
    config = any_site.config(tmp_path, outlets=[], network=network)
    for name, feed in feeds.items():
        add_outlet(config, name, feed, on_add="latest 1")
    log = watched_pass(config, code=1).log
    for name, (site, outlet) in hosts.items():
        asked = [entry["target"] for entry in site.log(outlet)]
        beyond = [target for target in asked if "/robots" not in target]
        assert bool(beyond) == (STATES[name].cause is None), (name, asked)
    told = {name: state.cause for name, state in STATES.items()}
    audit(
        database(config),
        finished=True,
        log=log,
        complaints=[
            Complaint(name, feeds[name], cause) for name, cause in told.items() if cause
        ],
    )


def alerts(config: Path) -> list[str]:
    """The keys of the open alerts."""
    with Store.open(database(config), read_only=True) as store:
        return [alert.key for alert in store.alerts.list()]


@pytest.mark.slow
@pytest.mark.fault("H6")
def test_a_feed_that_moves_for_good_is_asked_there_in_time(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(
        tmp_path, outlets=["courier"], sources=["feed"], each={"on_add": "latest 1"}
    )
    old = f"{fresh_site.outlets['courier']}/rss.xml"
    to = old.replace("127.0.0.1", "localhost") + "?moved"
    fresh_site.fault("courier", "^/rss.xml$", "redirect", to=to, status=301)
    once(config)
    assert alerts(config) == []  # it may be a mistake of an afternoon
    with sqlite3.connect(database(config)) as db:  # a day and a poll later
        db.execute("UPDATE source SET moved_since = moved_since - 86400000000")
        db.execute("UPDATE source SET moved_polls = 2")
    db.close()
    fresh_site.clear_log()
    published = fresh_site.publish("courier", generate=1)
    once(config)  # the third poll that leads there
    once(config)
    asked = [e["target"] for e in fresh_site.log("courier") if "rss" in e["target"]]
    assert asked == ["/rss.xml", "/rss.xml?moved", "/rss.xml?moved"]
    assert alerts(config) == [f"relocated:courier:{old}"]
    fresh_site.clear_faults()
    fresh_site.fault("courier", "moved$", "status", status=410)
    once(config, code=1)  # the new address is lost: the config has the last word
    fresh_site.clear_log()
    result = watched_pass(config)
    assert [e["target"] for e in fresh_site.log("courier")] == ["/rss.xml"]
    listed = [article["url"] for article in fresh_site.truth("courier")]
    assert set(published) <= {m["article"]["url"] for m in exported(config)}
    audit(database(config), listed=listed, finished=True, log=result.log)


@pytest.mark.fault("S5")
def test_no_secret_follows_a_redirect_to_another_host(
    fresh_site: Site, tmp_path: Path
) -> None:
    secrets = {"auth": "reader:opensesame", "headers": {"Cookie": "session=sesame"}}
    config = fresh_site.config(
        tmp_path,
        outlets=["courier"],
        sources=["feed"],
        each={"request": secrets, "on_add": "latest 1"},
    )
    (page,) = fresh_site.publish("courier", generate=1)
    feed = fresh_site.outlets["gaceta"] + "/rdf.xml"
    name = page.replace("127.0.0.1", "localhost")
    fresh_site.fault("courier", page[-20:], "redirect", to=name)
    moves = {
        "port": fresh_site.outlets["talbote"] + "/atom.xml",
        "host": feed.replace("127.0.0.1", "localhost"),
    }
    for key, to in moves.items():
        add_outlet(config, key, f"{feed}?{key}", request=secrets, on_add="skip")
        fresh_site.fault("gaceta", f"{key}$", "redirect", to=to)
    log = watched_pass(config).log
    homes = [urlsplit(fresh_site.outlets[key]).netloc for key in ("courier", "gaceta")]
    told: dict[bool, list[set[str]]] = {True: [], False: []}
    for entry in fresh_site.log():
        secret = {"authorization", "cookie", "referer"} & entry["headers"].keys()
        told[entry["headers"]["host"] in homes].append(secret)
    assert {"authorization", "cookie"} in told[True]
    assert len(told[False]) == 4  # robots.txt and what was asked for, of two hosts
    assert not any(told[False])
    assert "sesame" not in log
    off = Complaint("courier", page, "redirects off the outlet's site")
    audit(database(config), listed=[page], finished=True, log=log, complaints=[off])


@pytest.mark.fault("S1")
def test_a_proxy_resolves_names_and_alone_hears_its_password(
    fresh_site: Site, tmp_path: Path
) -> None:
    at = urlsplit(fresh_site.outlets["courier"]).netloc
    config = fresh_site.config(
        tmp_path,
        outlets=["gaceta"],
        sources=["feed"],
        each={"on_add": "skip"},
        network={"proxy": f"http://me:opensesame@{at}", "allow_private": []},
    )
    add_outlet(config, "paper", "http://paper.invalid/rss.xml", on_add="skip")
    nobody = {"proxy": "http://127.0.0.1:9"}
    add_outlet(config, "other", "http://other.invalid/rss.xml", request=nobody)
    private = fresh_site.outlets["gaceta"] + "/rdf.xml"
    to = "http://www.paper.invalid/rss.xml?moved"
    fresh_site.fault("courier", "^/rss.xml$", "redirect", to=to)
    log = watched_pass(config, code=1).log
    asked = [(e["headers"]["host"], e["target"]) for e in fresh_site.log("courier")]
    assert asked == [
        ("paper.invalid", "/robots.txt"),
        ("paper.invalid", "/rss.xml"),
        ("www.paper.invalid", "/robots.txt"),
        ("www.paper.invalid", "/rss.xml?moved"),
    ]
    told = [e["headers"].get("proxy-authorization") for e in fresh_site.log()]
    assert told == ["Basic bWU6b3BlbnNlc2FtZQ=="] * 4
    assert "sesame" not in log
    with Store.open(database(config), read_only=True) as store:
        sources = {s.outlet: s for s in store.frontier.source_status()}
    assert sources["paper"].last_ok is not None
    audit(
        database(config),
        finished=True,
        log=log,
        complaints=[
            Complaint("other", "http://other.invalid/", "connection"),
            Complaint("gaceta", private, "127.0.0.1"),
        ],
    )
