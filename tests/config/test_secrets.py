"""Where secrets are kept: read from there, and never repeated in an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.console import Console, is_loopback
from config.problems import Unfit
from config.secrets import Secret, tokens, words

FIRST = "4d9e1b7c3a5f60824d9e1b7c"
SECOND = "c0ffee00c0ffee00c0ffee00=="


def test_words_of_a_variable_and_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# old\n{FIRST}\n\n  # new\n{SECOND}\n")
    assert words(Secret(file=file)) == [FIRST, SECOND]
    assert words(Secret(env="X"), {"X": f" {FIRST} {SECOND}\n"}) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "No such file", id="absent"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"# a note\n", "is empty", id="only notes"),
        pytest.param(b"\xff\xfe\x00", "is not UTF-8", id="bytes"),
        pytest.param(b"x" * 70_000, "is larger than", id="no secret at all"),
        pytest.param(b"hunter2\n", "token 1 has under", id="short"),
        pytest.param(
            FIRST.encode() + b" sec\xc3\xa9crets-are-long",
            "token 2 has letters",
            id="é",
        ),
    ],
)
def test_tokens_that_will_not_do(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "tokens"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Unfit, match=message) as caught:
        tokens(Secret(file=file))
    assert "hunter2" not in str(caught.value)
    assert FIRST not in str(caught.value)


def test_a_variable_that_is_not_set() -> None:
    with pytest.raises(Unfit, match='"NOWHERE" is not set'):
        tokens(Secret(env="NOWHERE"), {})


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("LocalHost", True),
        ("0.0.0.0", False),  # noqa: S104 - judged, not bound
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_where_the_console_listens() -> None:
    console = Console(bind="[::1]:0")
    assert (console.host, console.port, console.local) == ("::1", 0, True)
    off = Console(bind=None)
    assert (off.host, off.port, off.local) == ("", 0, True)
