"""The service's way in: started, reloaded and ended with the service."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from service.demo.client import Site

PATIENCE = 40
_OPENER = build_opener(ProxyHandler({}))
OLD, NEW = "an-old-token-0123456789", "a-new-token-0123456789"


def started(config: Path) -> tuple[subprocess.Popen[str], str]:
    """The service, and where its first line says the console is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "run", "--config", str(config)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    found = re.search(r"console: (http://\S+)", first)
    assert found is not None, first + process.stderr.read()
    return process, found[1]


def status(url: str, token: str | None = None) -> int:
    """What an address answers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with _OPENER.open(Request(url, headers=headers), timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_it_answers_while_the_service_runs_and_ends_with_it(
    site: Site, tmp_path: Path
) -> None:
    config = site.config(tmp_path, outlets=["courier"], sources=["feed"])
    process, url = started(config)
    try:
        assert status(f"{url}healthz") == 200
        with _OPENER.open(f"{url}v1/queue/default/messages") as answer:
            assert "messages" in json.load(answer)
        lease = f"{url}v1/queue/default/lease?wait=60s&limit=1000"
        # Everything that the site has, and then one request that waits in vain.
        with _OPENER.open(Request(lease, method="POST"), timeout=60) as answer:  # noqa: S310
            answer.read()
        started_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert time.monotonic() - started_at < 15
    assert "Traceback" not in log
    assert "WARNING" not in log


def test_new_tokens_take_force_by_a_reload(site: Site, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(OLD)
    console = {"bind": "127.0.0.1:0", "tokens": {"file": str(tokens)}}
    config = site.config(
        tmp_path / "config", outlets=["courier"], sources=["feed"], console=console
    )
    process, url = started(config)
    try:
        asked = f"{url}v1/queue"
        assert (status(asked), status(asked, OLD)) == (401, 200)
        tokens.write_text(NEW)
        process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while status(asked, NEW) != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (status(asked, OLD), status(asked, NEW)) == (401, 200)
    finally:
        process.kill()
        _, log = process.communicate()
    assert OLD not in log
    assert NEW not in log


def ended(config: Path) -> tuple[int, str]:
    """How a start that must not succeed ends."""
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "run", "--config", str(config)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stderr


def test_a_port_that_is_taken_is_said_in_one_line(site: Site, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        config = site.config(tmp_path, outlets=["courier"], console={"bind": bind})
        code, told = ended(config)
    assert code == 1
    assert told.startswith(f"presswatch: console.bind: cannot listen on {bind}: ")
    assert len(told.splitlines()) == 1


def test_tokens_that_are_not_there_keep_it_from_starting(
    site: Site, tmp_path: Path
) -> None:
    console = {"bind": "127.0.0.1:0", "tokens": {"env": "PRESSWATCH_NOT_SET"}}
    config = site.config(tmp_path, outlets=["courier"], console=console)
    code, told = ended(config)
    settings = config / "presswatch.yaml"
    lines = settings.read_text().splitlines()
    line = 1 + next(n for n, text in enumerate(lines) if text.strip() == "tokens:")
    assert code == 2
    assert f"{settings}:{line}: console.tokens: " in told
    assert '"PRESSWATCH_NOT_SET" is not set' in told
    assert not Path(config / "data" / "presswatch.db").exists()
