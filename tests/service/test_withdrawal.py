"""A page that an outlet takes down, from the crawl to the consumer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.store import Store
from program import exported, once
from service.demo.client import Site


def later(config: Path, hours: int, url: str) -> None:
    """Have so many hours pass for what is known of a URL, and its visit be due."""
    with Store.open(config / "data" / "presswatch.db") as store, store.write() as db:
        ago = timedelta(hours=hours) // timedelta(microseconds=1)
        where = "url_id = (SELECT id FROM url WHERE url = ?)"
        db.conn.execute(
            f"UPDATE attempt SET at = at - {ago} WHERE {where}",  # noqa: S608
            [url],
        )
        db.conn.execute(
            "UPDATE url SET next_at = 0, state = 'due' WHERE url = ?", [url]
        )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_article_that_is_taken_down_is_withdrawn(
    fresh_site: Site, tmp_path: Path
) -> None:
    config = fresh_site.config(
        tmp_path / "config", outlets=["talbote"], sources=["feed"]
    )
    once(config)
    first, *_ = exported(config)
    url = first["article"]["url"]
    fresh_site.remove(url, 410)
    later(config, 1, url)
    once(config)
    assert [m["kind"] for m in exported(config) if m["article"]["url"] == url] == [
        "new"
    ]
    later(config, 3, url)
    once(config)
    new, withdrawal = (m for m in exported(config) if m["article"]["url"] == url)
    assert withdrawal["kind"] == "withdrawal"
    assert withdrawal["supersedes"] == new["id"]
    assert withdrawal["article"]["text"] == ""
