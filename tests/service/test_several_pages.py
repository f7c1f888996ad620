"""Articles on several pages, and articles whose text only the feed has, end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from program import exported, once, records
from service.demo.client import Site

PATH = "/news/harbour/old-harbour-9"


def text(page: int) -> list[str]:
    return [
        f"On page {page} the council hears witness number {n}, who remembers the flood "
        f"of that winter and has brought {page * n + 3} photographs of the quay."
        for n in range(1, 5)
    ]


def html(page: int, of: int) -> str:
    body = "".join(f"<p>{line}</p>" for line in text(page))
    pager = "".join(f"<a href='{PATH}?page={n}'>{n}</a> " for n in range(1, of + 1))
    return (
        "<html lang=en><head><title>Old harbour</title></head><body><main><article>"
        f"<h1>Old harbour</h1>{body}<nav>{pager}</nav></article></main></body></html>"
    )


@pytest.fixture
def paper(fresh_site: Site, tmp_path: Path) -> Any:
    """The Courier with one article of three pages and nothing else."""
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    serve(fresh_site, {page: html(page, 3) for page in (1, 2, 3)})
    return fresh_site, config


def serve(site: Site, pages: dict[int, str], broken: int | None = None) -> None:
    """Have the feed list the article, and its pages be as given."""
    site.clear_faults()
    feed = (
        "<rss version='2.0'><channel><title>Courier</title><item><title>Old harbour"
        f"</title><link>{{origin}}{PATH}</link></item></channel></rss>"
    )
    site.fault("courier", "^/rss", "body", text=feed, type="application/rss+xml")
    if broken is not None:
        site.fault("courier", rf"page={broken}$", "status", status=503)
    for number, page in pages.items():
        shown = rf"^{PATH}\?page={number}$" if number > 1 else rf"^{PATH}$"
        site.fault("courier", shown, "body", text=page)


def lines(config: Path) -> list[str]:
    (message,) = exported(config)
    found: list[str] = message["article"]["text"].split("\n")
    return found


def test_the_pages_of_an_article_are_one_text(paper: Any) -> None:
    site, config = paper
    site.clear_log()
    summary = once(config)
    assert (summary["fetched"], summary["articles"], summary["queued"]) == (1, 1, 1)
    assert lines(config) == [*text(1), *text(2), *text(3)]
    asked = [entry["target"] for entry in site.log("courier")]
    pages = [PATH, f"{PATH}?page=2", f"{PATH}?page=3"]
    assert [target for target in asked if target.startswith(PATH)] == pages
    (article,) = records("articles", "--config", config, "--json")
    url = article["url"]
    (told,) = records("explain", url, "--config", config, "--json")
    assert told["metadata"]["sources"]["text"] == "3 pages"
    assert sorted(block["at"] for block in told["blocks"]) == list(
        range(len(told["blocks"]))
    )
    *_, closing = records(
        "reclean", "--since", "1d", "--dry-run", "--config", config, "--json"
    )
    assert closing["same"] == 1  # the stored page is all of the pages
    tried = records("try", url, "--config", config, "--json")
    assert tried[-1]["metadata"]["sources"]["text"] == "3 pages"


# The feed's text


def test_a_walled_article_is_told_by_its_feed(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, outlets=["courier"], sources=["feed"])
    full = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in text(1) + text(2))
    feed = (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><item><title>Old harbour</title><link>{{origin}}{PATH}</link>"
        "<description>A plan for the harbour.</description>"
        f"<content:encoded>{full}</content:encoded></item></channel></rss>"
    )
    fresh_site.fault("courier", "^/rss", "body", text=feed, type="application/rss+xml")
    fresh_site.fault("courier", PATH, "page", page="paywall")
    summary = once(config)
    assert (summary["outcomes"], summary["queued"]) == ({"new": 1}, 1)
    (message,) = exported(config)
    article = message["article"]
    assert article["text"].split("\n") == text(1) + text(2)
    assert (article["text_from"], article["partial"]) == ("feed", False)
    assert article["title"] == "Old harbour"
    (told,) = records("explain", article["url"], "--config", config, "--json")
    assert told["metadata"]["sources"]["text"] == "feed"
