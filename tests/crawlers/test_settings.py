"""What Scrapy is told to load, and what is loaded for a process that fetches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scrapy.settings import default_settings

from crawlers import settings


def test_the_extensions_are_some_of_scrapys_own() -> None:
    assert settings.EXTENSIONS_BASE.items() <= default_settings.EXTENSIONS_BASE.items()


def test_who_fetches_loads_nothing_that_cleans() -> None:
    program = "import sys; import crawlers.runtime; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "pipelines.cleaning.rules" in loaded
    assert not {"pipelines.cleaning.page", "trafilatura", "aiohttp"} & {*loaded}
