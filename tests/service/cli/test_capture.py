"""`presswatch capture` and `check --pages`: pages as the outlet's own tests."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config import load
from pipelines.candidate import Candidate
from pipelines.reading import PageInput, read
from program import once, records, run
from service import captured
from service.captured import Captured
from service.cli import main
from service.demo.client import Site

URL = "https://post.example/news/2026/harbour-to-reopen.html"
BODY = """\
The council met on Tuesday and agreed on a plan for the old harbour, which has been \
closed since the flood.
Work is to begin in spring, when the ferries move to their new pier, and will take at \
least two years, the mayor said after the vote.
Shops on the quay may stay open all the time, though their owners fear for their trade \
while the cranes stand there.""".splitlines()
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Harbour to reopen</title><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2026-03-02T08:15:00+01:00">
</head><body><article><h1>Harbour to reopen</h1>
{"".join(f'<p class="p{n}">{text}</p>' for n, text in enumerate(BODY))}
</article></body></html>""".encode()
OUTLET = "name: Post\nsources: [feed: 'https://post.example/rss']\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "post.yaml").write_text(OUTLET)
    return tmp_path


@pytest.fixture
def kept(config: Path) -> Path:
    """The directory of a page that was captured."""
    page = Captured(
        outlet="post",
        url=URL,
        final_url=URL,
        content_type="text/html",
        fetched_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        hints=Candidate(URL, title="Harbour to reopen"),
        body=PAGE,
    )
    directory = captured.directory_of(load(config), page)
    captured.write(directory, page, read(PageInput(PAGE, "text/html", URL)))
    return directory


def check(config: Path, *words: str, code: int = 0) -> Result:
    arguments = ["check", "--pages", "--config", str(config), *words]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def checked(config: Path, code: int = 0) -> list[dict[str, Any]]:
    lines = check(config, "--json", code=code).stdout.splitlines()
    return [json.loads(line) for line in lines]


def mend(directory: Path, **said: object) -> None:
    file = directory / "expected.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | said))


def test_a_page_is_three_files_beside_the_config(config: Path, kept: Path) -> None:
    assert kept.parent == config / "outlets" / "post.pages"
    assert kept.name.startswith("2026-03-02-harbour-to-reopen-")
    names = ["expected.json", "meta.json", "page.html.gz"]
    assert sorted(file.name for file in kept.iterdir()) == names
    assert gzip.decompress((kept / "page.html.gz").read_bytes()) == PAGE
    expected = json.loads((kept / "expected.json").read_text())
    assert expected["text"] == list(BODY)
    assert (expected["title"], expected["outcome"]) == ("Harbour to reopen", "new")


def test_the_loader_leaves_the_pages_alone(config: Path, kept: Path) -> None:
    (kept.parent / "left.yaml").write_text("{")
    assert list(load(config).outlets) == ["post"]


def test_a_page_that_gives_what_is_expected(config: Path, kept: Path) -> None:
    page, summary = checked(config)
    assert (page["page"], page["ok"]) == (str(kept), True)
    assert (page["outlet"], page["url"]) == ("post", URL)
    counts = (summary["valid"], summary["pages"], summary["pages_differ"])
    assert counts == (True, 1, 0)
    assert "1 captured, all as expected" in check(config).stdout


def test_a_rule_that_takes_too_much_shows(config: Path, kept: Path) -> None:
    file = config / "outlets" / "post.yaml"
    file.write_text(OUTLET + "clean: {remove: [.p1]}\n")
    page, summary = checked(config, code=1)
    assert page["differs"] == {"text": {"removed": [BODY[1]], "added": []}}
    assert summary["pages_differ"] == 1
    shown = check(config, code=1).stdout
    assert f"- {BODY[1]}" in shown
    assert "1 captured, 1 of them differ" in shown


@pytest.mark.parametrize(
    ("until", "code"),
    [
        pytest.param("2026-03-02", 0, id="the page is of the new layout"),
        pytest.param("2026-03-03", 1, id="the page is of the old one"),
    ],
)
def test_dated_rules_go_by_the_day_of_the_page(
    config: Path, kept: Path, until: str, code: int
) -> None:
    file = config / "outlets" / "post.yaml"
    rule = f"{{rule: .p1, until: {until}}}"
    file.write_text(OUTLET + f"clean: {{remove: [{rule}]}}\n")
    check(config, code=code)


def test_what_the_operator_mended_is_what_counts(config: Path, kept: Path) -> None:
    mend(kept, text=list(BODY[:2]))
    page, _ = checked(config, code=1)
    assert page["differs"] == {"text": {"removed": [], "added": [BODY[2]]}}


def test_a_key_that_was_taken_out_is_not_compared(config: Path, kept: Path) -> None:
    (kept / "expected.json").write_text(json.dumps({"text": list(BODY)}))
    check(config)


def spoil(directory: Path, name: str, text: str | None) -> None:
    file = directory / name
    if text is None:
        file.unlink()
    else:
        file.write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param("expected.json", None, "No such file", id="nothing expected"),
        pytest.param("expected.json", "{,", "line 1", id="no JSON"),
        pytest.param("expected.json", "[]", "an object", id="a list"),
        pytest.param("expected.json", '{"txt": []}', "known here", id="a slip"),
        pytest.param("expected.json", '{"text": "x"}', "list of texts", id="no list"),
        pytest.param("meta.json", None, "No such file", id="no meta"),
        pytest.param("meta.json", "{}", "'url' is missing", id="no URL"),
        pytest.param(
            "meta.json", '{"url": "x", "fetched_at": "now"}', "now", id="no date"
        ),
        pytest.param(
            "meta.json",
            '{"url": "x", "fetched_at": "2026-03-02T09:00:00"}',
            "no zone",
            id="no zone",
        ),
        pytest.param("page.html.gz", None, "No such file", id="no page"),
        pytest.param("page.html.gz", "<html>", "capture the page again", id="no gzip"),
    ],
)
def test_files_that_cannot_be_used_are_named(
    config: Path, kept: Path, name: str, text: str | None, words: str
) -> None:
    spoil(kept, name, text)
    page, summary = checked(config, code=1)
    assert str(kept / name) in page["problem"]
    assert words in page["problem"]
    assert summary["pages_differ"] == 1


def test_pages_of_an_outlet_that_left_are_named(config: Path, kept: Path) -> None:
    (config / "outlets" / "post.yaml").rename(config / "outlets" / "other.yaml")
    page, _ = checked(config, code=1)
    assert "no outlet post" in page["problem"]
    check(config, "--outlet", "other")


def test_without_pages_all_is_well(config: Path) -> None:
    (summary,) = checked(config)
    assert summary["pages"] == 0


def test_a_broken_config_is_still_that(config: Path, kept: Path) -> None:
    (config / "outlets" / "post.yaml").write_text("sources: []\n")
    assert checked(config, code=2)[0]["valid"] is False


def test_other_pages_of_one_name_have_their_own_place(config: Path) -> None:
    urls = [f"https://post.example/{section}/index.html" for section in "ab"]
    at = datetime(2026, 3, 2, tzinfo=UTC)
    places = {
        captured.directory_of(
            load(config), Captured("post", url, url, None, at, Candidate(url), b"")
        )
        for url in urls
    }
    assert len(places) == 2


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("news/Hafen-öffnet.html", "hafen-offnet", id="accents"),
        pytest.param("news/%D8%AE%D8%A8%D8%B1/", "page", id="another script"),
        pytest.param("", "page", id="nothing"),
        pytest.param("a/../..%2F..%2Fetc", "etc", id="a way out"),
    ],
)
def test_names_are_fit_for_files(config: Path, path: str, words: str) -> None:
    url = f"https://post.example/{path}"
    at = datetime(2026, 3, 2, tzinfo=UTC)
    page = Captured("post", url, url, None, at, Candidate(url), b"")
    directory = captured.directory_of(load(config), page)
    assert directory.parent == config / "outlets" / "post.pages"
    assert directory.name.rpartition("-")[0] == f"2026-03-02-{words}"


# Over the network, and from the database


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    with Site.start() as site:
        directory = tmp_path_factory.mktemp("paper")
        config = site.config(directory, outlets=["courier"], sources=["feed"])
        once(config)
        yield site, config


def test_capture_asks_the_outlet_and_check_replays(paper: tuple[Site, Path]) -> None:
    site, config = paper
    truth = site.truth("courier")[0]
    (kept,) = records("capture", truth["url"], "--config", config, "--json")
    assert (kept["outlet"], kept["outcome"]) == ("courier", "new")
    assert Path(kept["page"]).parent == config / "outlets" / "courier.pages"
    assert kept["title"] == truth["title"]
    run("check", "--pages", "--config", config)
    run("capture", truth["url"], "--config", config, code=2)
    run("capture", truth["url"], "--replace", "--config", config)
    assert not list(Path(kept["page"]).parent.glob(".*"))


def test_capture_takes_the_stored_page(paper: tuple[Site, Path]) -> None:
    site, config = paper
    url = site.truth("courier")[1]["url"]
    site.clear_log()
    words = [f"{url}?utm_source=x", "--from-database", "--config", config]
    shown = run("capture", *words)
    assert "Now review:" in shown
    assert site.log() == []
    run("check", "--pages", "--outlet", "courier", "--config", config)


@pytest.mark.parametrize(
    ("url", "words", "code"),
    [
        pytest.param("{site}/no-such-page", [], 1, id="gone"),
        pytest.param("{site}/unknown", ["--from-database"], 1, id="not stored"),
        pytest.param("https://elsewhere.example/", [], 2, id="of no outlet"),
        pytest.param("no URL", [], 2, id="no URL"),
        pytest.param("{site}/x", ["--outlet", "nobody"], 2, id="no such outlet"),
    ],
)
def test_what_cannot_be_captured_leaves_nothing(
    paper: tuple[Site, Path], url: str, words: list[str], code: int
) -> None:
    site, config = paper
    before = sorted(config.rglob("*.json"))
    asked = url.format(site=site.outlets["courier"])
    assert run("capture", asked, *words, "--config", config, code=code) == ""
    assert sorted(config.rglob("*.json")) == before
