"""Packages that load their names late: each name is there, and no other."""

from __future__ import annotations

from importlib import import_module

import pytest


@pytest.mark.parametrize("package", ["presswatch", "pipelines.store", "config"])
def test_every_name_is_there(package: str) -> None:
    module = import_module(package)
    for name in module.__all__:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = module.nothing
