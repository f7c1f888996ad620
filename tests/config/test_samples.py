"""The config that comes with Presswatch: valid, complete, and as its docs say."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from config import Config, load, reference, sample_directory, tree
from config.effective import BUILT_IN, effective
from config.models import Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/config.md"


@pytest.fixture(scope="module")
def sample() -> Config:
    return load(sample_directory())


def test_the_sample_is_the_repository_s_config() -> None:
    assert sample_directory() == ROOT / "config"


def test_outlets_in_many_languages(sample: Config) -> None:
    assert len(sample.outlets) >= 16
    assert all(outlet.language for outlet in sample.outlets.values())
    assert len({outlet.language for outlet in sample.outlets.values()}) >= 10


def test_the_settings_shown_are_the_defaults(sample: Config) -> None:
    for name, value in Settings():
        assert getattr(sample, name) == value, name


def test_the_first_outlet_explains_every_key() -> None:
    values = effective(sample_directory(), "tag24")
    unsaid = {value.key for value in values if value.origin == BUILT_IN}
    assert unsaid == {"clean.min_characters"}


def test_sources_are_safe_to_ask(sample: Config) -> None:
    for outlet in sample.outlets.values():
        for source in outlet.sources:
            assert source.url.startswith("https://"), source.url


def test_the_files_are_package_data() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["config"] == [
        "*.yaml",
        "outlets/*.yaml",
    ]


def test_comments_fit_a_screen() -> None:
    for file in sorted(sample_directory().glob("**/*.yaml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert len(line) <= 88, f"{file}: {line}"


def test_the_reference_is_up_to_date() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == reference.reference(), "run `make docs`"


def _keys() -> list[str]:
    sections = {**reference._SECTIONS, **reference._OUTLET_SECTIONS}
    keys = [*reference.Settings.model_fields, *reference.Outlet.model_fields]
    for name, model in sections.items():
        keys += [f"{name}.{key}" for key in model.model_fields]
    return [key for key in keys if key != "key"]


@pytest.mark.parametrize("key", _keys())
def test_every_key_is_in_the_reference(key: str) -> None:
    row = f"| `{key}` | "
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(row)]
    kind, default, meaning = line.removeprefix(row).rstrip(" |").split(" | ")
    assert kind
    assert default
    assert len(meaning) > 10


def test_the_reference_s_yaml_is_yaml() -> None:
    blocks = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]
    for block in blocks:
        text = block.split("```")[0]
        assert tree.parse(text.encode(), PAGE).problems == ()
    assert len(blocks) == 3
