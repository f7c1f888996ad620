"""`presswatch clean` as other programs call it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines.outcome import Outcome
from pipelines.workers import Failure
from service import saved_pages
from service.cli import main

BODY = """\
The council met on Tuesday and agreed on a plan for the old harbour, which has been \
closed since the flood.
Work is to begin in spring, when the ferries move to their new pier, and will take at \
least two years, the mayor said after the vote.
Shops on the quay may stay open all the time, though their owners fear for their trade \
while the cranes stand there.""".splitlines()
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Harbour to reopen | Example Post</title>
<meta property="og:site_name" content="Example Post">
<meta property="og:title" content="Harbour to reopen">
<meta name="author" content="By Jane Doe">
<meta property="article:published_time" content="2026-03-02T08:15:00+01:00">
</head><body><article><h1>Harbour to reopen</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in BODY)}
<figure><img src="a.jpg"><figcaption>The harbour. Photo: J. Roe</figcaption></figure>
</article></body></html>"""

KEYS = [
    "file",
    "outcome",
    "error",
    "title",
    "authors",
    "published",
    "language",
    "text",
    "removed",
]


def clean(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(
        main, ["clean", *map(str, arguments)], input=stdin, catch_exceptions=False
    )


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_page_becomes_one_line(page: Path) -> None:
    result = clean(page, "--json")
    (line,) = lines(result)
    assert result.exit_code == 0
    assert [key for key in KEYS if key not in line] == []
    assert line["file"] == str(page)
    assert line["outcome"] == "new"
    assert line["error"] is None
    assert line["title"] == "Harbour to reopen"
    assert line["authors"] == ["Jane Doe"]
    assert line["published"] == "2026-03-02T08:15:00+01:00"
    assert line["language"] == "en"
    assert line["text"] == "\n".join(BODY)
    caption = next(r for r in line["removed"] if r["reason"] == "caption")
    assert set(caption) == {"text", "reason", "at", "evidence"}
    assert caption["text"].startswith("The harbour.")


def test_output_is_ascii(tmp_path: Path) -> None:
    path = tmp_path / "größe.html"
    path.write_text(PAGE.replace("harbour", "Häfen 港"), encoding="utf-8")
    result = clean(path, "--json")
    assert result.stdout.isascii()
    assert "Häfen 港" in lines(result)[0]["text"]


@pytest.mark.parametrize("words", [["--json"], ["--json", "--text"]], ids="-".join)
def test_what_is_no_text_gives_none(tmp_path: Path, words: list[str]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + PAGE.encode())
    result = clean(path, *words)
    (line,) = lines(result)
    assert result.exit_code == 1
    assert (line["outcome"], line["text"]) == ("wrong_type", "")
    assert "a PNG picture" in line["error"]


def test_every_input_has_its_line_in_order(tmp_path: Path, page: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(PAGE.encode()))
    torn = tmp_path / "torn.html.gz"
    torn.write_bytes(packed.read_bytes()[:200])
    garbled = tmp_path / "garbled.gz"
    garbled.write_bytes(b"\x1f\x8b" + b"garbage" * 9)
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    missing = tmp_path / "missing.html"
    files = [missing, page, torn, garbled, packed, empty, tmp_path]
    result = clean(*files, "--json")
    assert result.exit_code == 1
    told = lines(result)
    assert [line["file"] for line in told] == [str(file) for file in files]
    assert [line["outcome"] for line in told] == [
        "failed",
        "new",
        "incomplete",
        "incomplete",
        "new",
        "thin",
        "failed",
    ]
    for line in told:
        assert bool(line["text"]) == (line["error"] is None)
    assert told[0]["error"] == f"{missing}: No such file or directory"
    assert told[4]["text"] == told[1]["text"]


def test_a_page_past_its_deadline_has_its_line(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_pages, "DEADLINE", 0.0)
    result = clean(page, "--json")
    (line,) = lines(result)
    assert result.exit_code == 1
    assert (line["outcome"], line["text"]) == ("too_complex", "")
    assert "not read within" in line["error"]
    assert set(KEYS) <= set(line)


def test_what_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_pages, "LARGEST", 1 << 20)
    bomb = tmp_path / "bomb.html.gz"
    bomb.write_bytes(gzip.compress(b"<p>" * (2 << 20)))
    (line,) = lines(clean(bomb, "--json"))
    assert line["outcome"] == "too_large"


def test_a_batch_keeps_ids_and_finds_files_beside_it(
    tmp_path: Path, page: Path
) -> None:
    batch = tmp_path / "pages.jsonl"
    entries: list[object] = [
        {"id": "b", "file": "page.html", "url": "https://post.example/a"},
        {"id": 7, "file": "nowhere.html", "url": None},
        {"id": "c", "file": str(page), "more": True},
        {"id": "d"},
        ["no", "object"],
    ]
    written = [json.dumps(entry) for entry in entries]
    batch.write_text("\n".join([*written, "{broken", ""]), encoding="utf-8-sig")
    result = clean("--batch", batch, "--json")
    told = lines(result)
    assert result.exit_code == 1
    assert [line["id"] for line in told] == ["b", 7, "c", "d", None, None]
    assert [line["file"] for line in told[:3]] == [
        "page.html",
        "nowhere.html",
        str(page),
    ]
    assert [line["outcome"] for line in told] == ["new", "failed", "new"] + [
        "failed"
    ] * 3
    assert told[3]["error"] == f'{batch}:4: there is no "file"'
    assert told[4]["error"].startswith(f"{batch}:5: not an object")
    assert told[5]["error"].startswith(f"{batch}:6: no JSON: ")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        pytest.param({"id": 1, "file": 5}, '"file" must be a string', id="no string"),
        pytest.param({"file": "page.html", "url": 5}, '"url" must be a', id="url"),
        pytest.param({"file": "a\0b"}, "no file can be called so", id="NUL"),
        pytest.param({"file": "\ud800"}, "no file can be called so", id="surrogate"),
    ],
)
def test_a_line_of_a_batch_that_names_no_file_spoils_no_other(
    tmp_path: Path, page: Path, entry: dict[str, object], says: str
) -> None:
    batch = tmp_path / "pages.jsonl"
    batch.write_text(f"{json.dumps(entry)}\n{json.dumps({'file': page.name})}\n")
    result = clean("--batch", batch, "--json")
    broken, fine = lines(result)
    assert (result.exit_code, broken["text"]) == (1, "")
    assert (broken["outcome"], fine["outcome"]) == ("failed", "new")
    assert says in broken["error"]
    assert says in clean("--batch", batch).stdout


def test_a_batch_may_be_long(tmp_path: Path, page: Path) -> None:
    batch = tmp_path / "pages.jsonl"
    entry = {"file": page.name, "url": None}
    batch.write_text(
        "".join(json.dumps({"id": n} | entry) + "\n" for n in range(60)),
        encoding="utf-8",
    )
    result = clean("--batch", batch, "--json")
    assert [line["id"] for line in lines(result)] == list(range(60))
    assert result.exit_code == 0


def test_standard_input_is_a_file(page: Path) -> None:
    result = clean("-", "--json", stdin=page.read_bytes())
    (line,) = lines(result)
    assert (line["file"], line["text"]) == ("-", "\n".join(BODY))


def test_flattened_text_has_no_facts_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "scraped.txt"
    caption = "Ships in the old harbour of the town, seen on Tuesday morning."
    text = [BODY[0], caption, f"{caption}  © Jane Doe / AFP", *BODY[1:]]
    path.write_text("\r\n".join(text), encoding="utf-8")
    (line,) = lines(clean("--text", path, "--json"))
    assert line["text"] == "\n".join(BODY)
    assert [removed["reason"] for removed in line["removed"]] == ["caption"] * 2
    assert (line["published"], line["authors"], line["title"]) == (None, [], None)
    assert (line["outcome"], line["language"]) == ("new", "en")


def test_the_url_of_a_page_helps(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>".join(["<body>", *BODY]), encoding="utf-8")
    url = "https://post.example/2026/03/02/harbour"
    (line,) = lines(clean(path, "--url", url, "--json"))
    assert line["published"] == "2026-03-02T00:00:00+00:00"
    assert line["sources"]["published"] == "url"


@pytest.fixture
def config_dir(tmp_path: Path) -> Path:
    directory = tmp_path / "config"
    (directory / "outlets").mkdir(parents=True)
    (directory / "presswatch.yaml").write_text(
        "database: data/presswatch.db\n"
        "user_agent: presswatch (+https://post.example/contact)\n"
    )
    (directory / "outlets" / "post.yaml").write_text(
        "name: Example Post\nhome: https://post.example/\nlanguage: en\n"
        "sources: [{feed: https://post.example/rss}]\n"
        "clean: {remove_lines: ['^Shops on the quay']}\n"
    )
    return directory


@pytest.mark.parametrize("kind", ["page", "text"])
def test_an_outlets_rules_apply(
    kind: str, page: Path, config_dir: Path, tmp_path: Path
) -> None:
    if kind == "text":
        page = tmp_path / "scraped.txt"
        page.write_text("\n".join(BODY), encoding="utf-8")
    option = ["--text"] if kind == "text" else []
    result = clean(page, *option, "--outlet", "post", "--config", config_dir, "--json")
    (line,) = lines(result)
    assert line["text"] == "\n".join(BODY[:2])
    assert [r["text"] for r in line["removed"] if r["reason"] == "rule"] == [BODY[2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([], "give either FILEs or --batch", id="nothing to do"),
        pytest.param(
            ["a.html", "--batch", __file__], "give either FILEs or --batch", id="both"
        ),
        pytest.param(["--batch", "/no/such/file"], "does not exist", id="no batch"),
        pytest.param(
            ["a", "b", "--url", "https://x.example"], "--url", id="two, one url"
        ),
        pytest.param(["a", "--nonsense"], "No such option", id="unknown option"),
    ],
)
def test_usage_errors_exit_with_2(arguments: list[str], message: str) -> None:
    result = clean(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_an_unknown_outlet_is_a_usage_error(page: Path, config_dir: Path) -> None:
    result = clean(page, "--outlet", "times", "--config", config_dir)
    assert result.exit_code == 2
    assert "no outlet 'times'; it has: post" in result.stderr


def test_a_broken_config_is_told_in_full(page: Path, config_dir: Path) -> None:
    (config_dir / "outlets" / "post.yaml").write_text("name: Example Post\nhme: x\n")
    result = clean(page, "--outlet", "post", "--config", config_dir)
    assert result.exit_code == 2
    assert "post.yaml:2" in result.stderr
    assert "Traceback" not in result.output


def test_people_read_text_and_ledger(page: Path, tmp_path: Path) -> None:
    result = clean(page, tmp_path / "missing.html")
    assert result.exit_code == 1
    assert (
        f"== {page}\nHarbour to reopen\nJane Doe (author) | 2026-03-02" in result.output
    )
    assert f"\n\n{BODY[0]}\n\n{BODY[1]}\n" in result.output
    assert "  caption     The harbour." in result.output
    assert "failed: " in result.output


def test_a_failure_is_no_reading() -> None:
    saved = saved_pages.Saved("a.html", Path("a.html"))
    cleaning = saved_pages.Cleaning(saved, Failure(Outcome.FAILED, "why"))
    assert cleaning.failed
    assert json.loads(saved_pages.as_json(cleaning))["error"] == "why"


def test_the_installed_program_cleans(page: Path) -> None:
    program = Path(sys.executable).with_name("presswatch")
    ended = subprocess.run(
        [program, "clean", page.name, "--json"],
        cwd=page.parent,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["text"] == "\n".join(BODY)
    assert ended.stderr == ""
