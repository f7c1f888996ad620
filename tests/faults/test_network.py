"""Names, addresses, certificates and proxies that do not do what they should."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from audit import Complaint, audit
from faults.under import HANGING_NAMES, add_outlet, database, run_under

from benchmarks import spellings
from pipelines.store import Store
from program import watched_pass
from service.demo.client import Site


@pytest.mark.fault("N2")
def test_names_that_hang_keep_nobody_else_waiting(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    feeds = {f"slow{n}": f"https://n{n}.hang.invalid/rss" for n in range(40)}
    for key, feed in feeds.items():
        add_outlet(config, key, feed)
    words = ("once", "--verbose", "--config", config)
    # Ten threads for all, as Twisted has them, would take four minutes.
    log = run_under(HANGING_NAMES, *words, code=1).stderr
    articles = fresh_site.truth("courier")
    assert log.count("courier: new") == len(articles)
    with Store.open(database(config), read_only=True) as store:
        told = {s.outlet: s.last_error or "" for s in store.frontier.source_status()}
    causes = [told[key] for key in feeds]
    assert all("name server did not answer within 5 s" in each for each in causes)
    listed = [article["url"] for article in articles]
    audit(database(config), listed=listed, finished=True, log=log)


@pytest.mark.fault("S1", "S2", "S3")
def test_no_spelling_of_a_private_address_is_connected_to(tmp_path: Path) -> None:
    # In a process of its own: a reactor runs only once.
    world = (
        "import sys; from pathlib import Path\n"
        "from benchmarks import spellings; from service.demo.client import Site\n"
        "with Site.start() as site:\n"
        "    control = ['10.0.0.1', '0.0.0.0']\n"
        "    found = spellings.measure(site, Path(sys.argv[1]), control)\n"
        "told = [(c.asked, sum(c.attempts.values()), c.connected) for c in found]\n"
        "sys.stdout.write(repr(told)); sys.exit()\n"
    )
    done = run_under(world, tmp_path)
    (asked, attempts, connected), (_, open_attempts, _) = ast.literal_eval(done.stdout)
    assert len(spellings.SPELLINGS) >= 60
    assert asked == len(spellings.SPELLINGS) * len(spellings.PATHS)
    assert (attempts, connected) == (0, [])
    assert open_attempts >= 2 * len(spellings.PATHS)  # what the count is worth
    audit(database(tmp_path))


@pytest.mark.fault("S1", "S2", "S4")
def test_private_links_of_every_kind_end_under_their_names(
    fresh_site: Site, tmp_path: Path
) -> None:
    port = fresh_site.forbidden.rpartition(":")[2]
    config = fresh_site.config(
        tmp_path,
        outlets=["courier"],
        sources=["feed", "sitemap"],
        each={"articles": {"sites": ["127.1", "localhost", "10.0.0.1"]}},
    )
    page, moved = fresh_site.publish("courier", generate=2)
    fresh_site.fault("courier", re.escape(page[-20:]), "canonical", to="http://127.1/")
    to = f"http://127.0.0.1:{port}/x"
    fresh_site.fault("courier", re.escape(moved[-20:]), "redirect", to=to)
    links = [
        f"http://127.0.0.1:{port}/2026/a-story-inside",
        f"http://localhost:{port}/2026/another-story-inside",
        "file:///etc/passwd",
        "data:text/html,a-story",
        "javascript:void(0)",
        f"http://user@127.0.0.1:{port}/2026/a-third",
        f"http://127.0.0.1:{port}\\@example.com/2026/a-fourth",
    ]
    fresh_site.fault("courier", "^/(rss|sitemap)", "links", links=links)
    result = watched_pass(config)
    assert fresh_site.connections("forbidden") == 0
    audit(database(config), listed=[page, moved], finished=True, log=result.log)
    with Store.open(database(config), read_only=True) as store:
        known = {row["url"] for row in store.session.rows("SELECT url FROM url")}
    assert not [url for url in known if not url.startswith("http")]
    assert not [url for url in known if "@" in url]


@pytest.mark.fault("N6")
def test_what_is_wrong_with_a_certificate_is_named(tmp_path: Path) -> None:
    flaws = {
        "expired": "its certificate has expired",
        "self_signed": "its certificate is self-signed",
        "wrong_name": "its certificate is for another host",
    }
    with Site.start(tls=True) as site:
        assert site.tls is not None
        feeds = {k: f"{url}/rss.xml" for k, url in site.tls.servers.items()}
        feeds["trusting"] = feeds["expired"] + "?x"
        hosts = [urlsplit(feed).netloc for feed in feeds.values()]
        config = site.config(tmp_path, outlets=[], network={"allow_private": hosts})
        for key, feed in feeds.items():
            trusting = {"request": {"verify": key != "trusting"}}
            add_outlet(config, key, feed, on_add="skip", **trusting)
        authority = tmp_path / "authority.pem"
        authority.write_text(site.tls.authority)
        env = {**os.environ, "SSL_CERT_FILE": str(authority)}
        words = ("once", "--verbose", "--config", config)
        log = run_under("", *words, code=1, env=env).stderr
    assert "none: " + feeds["none"] + " ok" in log
    assert "trusting: " + feeds["trusting"] + " ok" in log
    audit(
        database(config),
        log=log,
        complaints=[Complaint(key, feeds[key], cause) for key, cause in flaws.items()],
    )
