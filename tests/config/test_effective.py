"""What holds for an outlet and where it was said; what deserves a second look."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import load
from config.advice import advice
from config.effective import BUILT_IN, HIDDEN, Effective, effective

OUTLET = """\
sources:
  - feed: https://a.example/rss
    every: 5m
clean:
  remove: [.x]
request:
  auth: "me:secret"
  proxy: http://me:secret@proxy.example:3128
  headers:
    Cookie: secret
    X-Api-Key: secret
    Accept-Language: en
"""
SETTINGS = """\
user_agent: us (+mailto:me@a.example)
network: {allow_private: [10.0.0.0/8]}
defaults:
  every: 1h
  clean: {partial: true}
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/a.yaml").write_text(OUTLET)
    (tmp_path / "presswatch.yaml").write_text(SETTINGS)
    return tmp_path


@pytest.mark.parametrize(
    ("key", "value", "origin"),
    [
        pytest.param("every", "1h", "presswatch.yaml:4", id="default"),
        pytest.param("clean.remove", [".x"], "outlets/a.yaml:5", id="outlet"),
        pytest.param("clean.partial", True, "presswatch.yaml:5", id="merged section"),
        pytest.param("clean.keep", [], BUILT_IN, id="built in, in a section"),
        pytest.param("delay", "2s", BUILT_IN, id="built in"),
        pytest.param("revisit", "30m", BUILT_IN, id="revisit"),
        pytest.param("on_add", "all", BUILT_IN, id="choice"),
        pytest.param("request.auth", HIDDEN, "outlets/a.yaml:7", id="password"),
        pytest.param(
            "request.proxy",
            f"http://{HIDDEN}@proxy.example:3128",
            "outlets/a.yaml:8",
            id="password of the proxy",
        ),
        pytest.param(
            "request.headers",
            {"Cookie": HIDDEN, "X-Api-Key": HIDDEN, "Accept-Language": "en"},
            "outlets/a.yaml:9",
            id="headers",
        ),
        pytest.param(
            "sources",
            [{"feed": "https://a.example/rss", "every": "5m"}],
            "outlets/a.yaml:1",
            id="sources",
        ),
    ],
)
def test_effective(directory: Path, key: str, value: object, origin: str) -> None:
    found = {one.key: one for one in effective(directory, "a")}
    expected = origin if origin == BUILT_IN else f"{directory}/{origin}"
    assert found[key] == Effective(key, value, expected)


def test_an_unknown_outlet(directory: Path) -> None:
    with pytest.raises(KeyError):
        effective(directory, "b")


def test_nothing_to_say_about_a_good_config(directory: Path) -> None:
    assert advice(load(directory)) == ()


@pytest.mark.parametrize(
    ("settings", "key", "message"),
    [
        pytest.param("", "user_agent", "example contact", id="default agent"),
        pytest.param(
            "user_agent: us", "user_agent", "names no contact", id="no contact"
        ),
        pytest.param(
            SETTINGS + "console: {bind: '0.0.0.0:80', tokens: {file: TOKENS}}",
            "console.bind",
            "speaks no TLS",
            id="console for everybody",
        ),
        pytest.param(
            SETTINGS + "console: {tokens: {env: PRESSWATCH_NOT_SET}}",
            "console.tokens",
            '"PRESSWATCH_NOT_SET" is not set',
            id="tokens that are not there",
        ),
        pytest.param(
            SETTINGS + "queue: {subscriptions: {a: {push: {webhook:"
            " 'https://a.example/', secret: {env: PRESSWATCH_NOT_SET}}}}}",
            "queue.subscriptions.a.push.secret",
            '"PRESSWATCH_NOT_SET" is not set',
            id="a webhook's secret that is not there",
        ),
        pytest.param(
            SETTINGS + "console: {tokens: {file: OPEN}}",
            "console.tokens",
            "may be read by others",
            id="tokens for all to read",
        ),
        pytest.param(
            SETTINGS.replace("10.0.0.0/8", "0.0.0.0/0"),
            "network.allow_private",
            "switches the guard",
            id="no guard",
        ),
    ],
)
def test_advice(directory: Path, settings: str, key: str, message: str) -> None:
    for name, mode in (("TOKENS", 0o600), ("OPEN", 0o644)):
        (directory / name).write_text("0123456789abcdef0123")
        (directory / name).chmod(mode)
        settings = settings.replace(name, str(directory / name))
    (directory / "presswatch.yaml").write_text(settings or "database: x.db")
    (found,) = advice(load(directory))
    assert (found.file, found.key) == (directory / "presswatch.yaml", key)
    assert message in found.message
    assert found.hint


def test_no_outlets(directory: Path) -> None:
    (directory / "outlets/a.yaml").unlink()
    (found,) = advice(load(directory))
    assert "has no outlets" in str(found)


@pytest.mark.parametrize("bind", ["localhost:1", "'[::1]:1'", "127.1.2.3:1"])
def test_loopback_is_fine(directory: Path, bind: str) -> None:
    settings = SETTINGS + f"console: {{bind: {bind}}}"
    (directory / "presswatch.yaml").write_text(settings)
    assert advice(load(directory)) == ()
