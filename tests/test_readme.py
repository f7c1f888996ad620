"""What the README shows works as it is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from program import PROGRAM, once, records, run
from service.cli import COMMANDS
from service.demo.client import Site

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced code blocks of a language, without the indent of their list."""
    fenced = re.compile(
        rf"^(?P<indent> *)```{language}\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
    )
    return [
        re.sub(rf"^{block['indent']}", "", block["code"], flags=re.MULTILINE)
        for block in fenced.finditer(text)
    ]


def test_the_consumers_loop_takes_every_text(site: Site, tmp_path: Path) -> None:
    config = site.config(tmp_path / "config", outlets=["talbote"], sources=["feed"])
    queued = once(config)["queued"]
    (loop,) = blocks(README, "python")
    call = 'messages("data/presswatch.db")'
    assert call in loop
    database = config / "data" / "presswatch.db"
    loop = loop.replace(call, f"messages({str(database)!r}, wait=False)")
    done = subprocess.run(
        [sys.executable, "-c", loop],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    titles = [article["title"] for article in site.truth("talbote")]
    assert sorted(done.stdout.splitlines()) == sorted(f"{each} de" for each in titles)
    (stats,) = records("queue", "stats", "--json", "--config", config)
    assert (stats["done"], stats["ready"], stats["leased"]) == (queued, 0, 0)


def test_the_first_outlet_is_a_valid_one(tmp_path: Path) -> None:
    (outlet,) = blocks(README, "yaml")
    file = tmp_path / "outlets" / "courier.yaml"
    file.parent.mkdir()
    file.write_text(outlet, encoding="utf-8")
    run("check", "--config", tmp_path)
    run("show", "--effective", "courier", "--config", tmp_path)


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?presswatch ([a-z]+)", README))
    assert named
    assert named <= set(COMMANDS)


def test_every_queue_command_that_is_named_exists() -> None:
    from service.cli.queue import queue

    spoken = re.findall(r"`queue ([a-z]+)`|queue\(\"([a-z]+)\"", README)
    named = {first or second for first, second in spoken}
    assert named >= {"lease", "ack"}
    assert named <= set(queue.commands)


def test_make_knows_the_targets_that_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", README, flags=re.MULTILINE)
    assert named[:2] == ["run", "test"]
    for target in named:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("```sh\nls\n```\n", ["ls\n"], id="a block"),
        pytest.param(
            "1. So:\n\n   ```sh\n   a:\n     b\n   ```", ["a:\n  b\n"], id="in"
        ),
        pytest.param("```\nls\n```\n", [], id="of no language"),
        pytest.param("```sh\na\n```\n```sh\nb\n```", ["a\n", "b\n"], id="two"),
    ],
)
def test_blocks(text: str, found: list[str]) -> None:
    assert blocks(text, "sh") == found
