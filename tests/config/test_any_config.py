"""Whatever stands in the files, the answer is a Config or a ConfigError."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ConfigError, load
from config.models import Outlet, Settings, SourceEntry
from config.rules import Defaults

KEYS = st.sampled_from(
    sorted(
        {
            *Outlet.model_fields,
            *Settings.model_fields,
            *Defaults.model_fields,
            *SourceEntry.model_fields,
            *("allow", "deny", "sites", "remove", "keep", "remove_lines", "partial"),
            *("headers", "auth", "proxy", "verify", "subscriptions", "default", "bind"),
            *("allow_private", "texts", "pages", "min_characters", "<<", ""),
        }
    )
)
FIT = ["https://a.example/", "5m", "auto", "latest 3", "since 1h", "never", "en", "all"]
ODD = ["(?i)x", "[", "div", "//a", "127.0.0.1:80", "a:b", "/x", "each outlet"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=12)
    | st.sampled_from(FIT)
    | st.sampled_from(ODD)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
FILES = st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=6)


@settings(max_examples=150, deadline=None)
@given(above=FILES | VALUES, outlets=st.lists(FILES | VALUES, max_size=2))
def test_any_values(above: object, outlets: list[object]) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "outlets").mkdir()
        (directory / "presswatch.yaml").write_text(yaml.safe_dump(above))
        for number, outlet in enumerate(outlets):
            text = yaml.safe_dump(outlet, allow_unicode=bool(number))
            (directory / f"outlets/{number}.yaml").write_text(text, encoding="utf-8")
        _load(directory)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=60), name=st.sampled_from(["x", "X", ".", "é", "x y"]))
def test_any_bytes(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        (directory / "outlets").mkdir()
        (directory / f"outlets/{name}.yaml").write_bytes(data)
        _load(directory)


def _load(directory: Path) -> None:
    try:
        assert load(directory).directory == directory
    except ConfigError as error:
        problems = error.problems
        lines = str(error).split("\n")
    else:
        return
    assert len(lines) == len(problems) > 0
    assert all(problem.message for problem in problems)
    assert all(line.startswith(str(directory)) for line in lines)
    assert all(line.isprintable() for line in lines)
