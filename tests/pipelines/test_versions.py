"""What made a text is one line, and changes with whatever may change the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines import versions
from pipelines.article import Cleaned, Metadata, Reading
from pipelines.cleaning import CleanRules

READING = Reading(Cleaned(None, (), ()), Metadata(), "en", "7")


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one's own to change."""
    (tmp_path / "cleaning").mkdir()
    (tmp_path / "store").mkdir()
    for name in ("dates.py", "process.py", "cleaning/phrases.txt", "store/schema.py"):
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(versions, "__file__", str(tmp_path / "versions.py"))
    return tmp_path


def digest() -> str:
    versions.code_digest.cache_clear()
    try:
        return versions.code_digest()
    finally:
        versions.code_digest.cache_clear()


def test_cleaner_rules_and_config_are_named() -> None:
    rules = CleanRules(remove=(".a",))
    made = versions.made_by(READING, rules, "0123456789abcdef")
    assert re.fullmatch(
        r"cleaner/7-[0-9a-f]{8} rules/[0-9a-f]{16} config/0123456789abcdef", made
    )


def test_what_is_missing_is_said() -> None:
    assert versions.made_by(READING, None, None).endswith(" rules/none config/none")


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        pytest.param("dates.py", True, id="code"),
        pytest.param("cleaning/phrases.txt", True, id="a word list"),
        pytest.param("cleaning/new.py", True, id="a new module"),
        pytest.param("store/schema.py", False, id="the store cleans nothing"),
        pytest.param("process.py", False, id="nor does the loop"),
        pytest.param("cleaning/__pycache__/x.pyc", False, id="compiled"),
        pytest.param("cleaning/.phrases.txt.swp", False, id="an editor's leftover"),
    ],
)
def test_the_digest_changes_with_what_cleans(
    code: Path, name: str, matters: bool
) -> None:
    before = digest()
    (code / name).parent.mkdir(exist_ok=True)
    (code / name).write_text("changed")
    assert (digest() != before) == matters


def test_the_digest_changes_with_the_libraries(
    code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest()
    monkeypatch.setattr(versions, "version", lambda library: "99")
    assert digest() != before
