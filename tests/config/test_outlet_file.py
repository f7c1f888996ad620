"""The files of new outlets: the config takes what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load
from config.models import SourceKind
from config.outlet_file import (
    Draft,
    OutletExists,
    SourceLine,
    key_of,
    problems,
    slug,
    write,
)


def draft(**said: object) -> Draft:
    sources = (
        SourceLine(SourceKind.FEED, "https://www.fjord.example/rss", "30 articles"),
        SourceLine(SourceKind.SITEMAP, "https://www.fjord.example/s", "old", False),
    )
    plain = {
        "key": "fjord",
        "name": "Fjord: the #1 daily",
        "home": "https://www.fjord.example/",
        "sources": sources,
        "language": "no",
        "every": "10m",
        "every_why": "40 a day",
        "notes": ("Found on\n2026-03-01.",),
    }
    return Draft(**{**plain, **said})  # type: ignore[arg-type]


def test_the_config_takes_the_file_with_its_comments(tmp_path: Path) -> None:
    file = write(tmp_path, draft())
    outlet = load(tmp_path).outlets["fjord"]
    assert (outlet.name, outlet.language) == ("Fjord: the #1 daily", "no")
    assert [source.url for source in outlet.sources] == [
        "https://www.fjord.example/rss"
    ]
    assert file.read_text() == (
        "# Found on 2026-03-01.\n"
        'name: "Fjord: the #1 daily"\n'
        "home: https://www.fjord.example/\n"
        'language: "no"\n'
        "every: 10m  # 40 a day\n"
        "sources:\n"
        "  # 30 articles\n"
        "  - feed: https://www.fjord.example/rss\n"
        "  # old\n"
        "  # - sitemap: https://www.fjord.example/s\n"
    )


@pytest.mark.parametrize("suffix", ["yaml", "yml"])
def test_no_file_is_overwritten(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "outlets").mkdir()
    there = tmp_path / "outlets" / f"fjord.{suffix}"
    there.write_text("mine")
    with pytest.raises(OutletExists, match="is there already"):
        write(tmp_path, draft())
    assert there.read_text() == "mine"
    assert [file.name for file in there.parent.iterdir()] == [there.name]


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=60),
)
def test_any_words_of_a_page_can_be_written(name: str, why: str) -> None:
    if not (name.strip() and name.isprintable()):
        name = "x"
    line = SourceLine(SourceKind.FEED, "https://a.example/", why)
    assert problems(draft(name=name, sources=(line,), notes=(why,))) == []


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("www.tag24.com", "tag24"),
        ("www.bbc.co.uk", "bbc"),
        ("rss.dw.com", "dw"),
        ("127.0.0.1:8000", "127-0-0-1-8000"),
        ("localhost", "localhost"),
        ("xn--sdkurier-65a.example", "xn-sdkurier-65a"),
    ],
)
def test_keys_are_made_of_hosts(host: str, key: str) -> None:
    assert key_of(host) == key
    assert key_of(host, {key}) == f"{key}-2"


@given(st.text(max_size=80))
def test_slugs_are_keys_or_nothing(text: str) -> None:
    made = slug(text)
    assert made == "" or made.replace("-", "").isalnum()
