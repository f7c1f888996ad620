"""Kill -9 at random moments loses nothing and queues nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit import audit

from benchmarks.kills import torment
from service.demo.client import Site


@pytest.mark.slow
@pytest.mark.fault("P1", "H9")
def test_ten_kills(fresh_site: Site, tmp_path: Path) -> None:
    config = fresh_site.config(tmp_path, sources=["feed", "sitemap"])
    verdict = torment(fresh_site, config, kills=10, seed=7)
    assert verdict.kills == 10
    assert verdict.articles >= 27 + 30
    assert verdict.sound, verdict
    published = [article["url"] for article in fresh_site.truth()]
    audit(tmp_path / "data" / "presswatch.db", listed=published, finished=True)
