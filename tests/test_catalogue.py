"""The table of faults in docs/reliability.md says what the tests show, no more."""

from __future__ import annotations

import ast
from pathlib import Path

import catalogue
import pytest
from catalogue import DOCUMENT, FAULTS, GAPS, TESTS, covered, rewritten

KEYS = {key for faults in FAULTS.values() for key in faults}


def test_the_table_is_what_the_tests_say() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert rewritten(document) == document, "run `make docs`"


def test_no_test_shows_a_fault_that_is_not_in_the_catalogue() -> None:
    named = {key for shown in covered() for key in shown.faults}
    assert not named - KEYS
    assert not GAPS.keys() - named


def test_every_test_that_covers_a_fault_ends_in_the_audit() -> None:
    without = [shown.test for shown in covered() if not _audits(shown.test)]
    assert not without


def _audits(test: str) -> bool:
    """Whether the test calls the audit, itself or through a function beside it."""
    path, _, name = test.partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
    names = _names(functions[name])
    return any(
        each == "audit" or (each in functions and "audit" in _names(functions[each]))
        for each in names
    )


def _names(function: ast.FunctionDef) -> set[str]:
    arguments = {argument.arg for argument in function.args.args}
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return arguments | named


MODULE = """
CASES = [
    pytest.param(1, id="one", marks=pytest.mark.fault("A1")),
    pytest.param(2, marks=[fault("A2"), pytest.mark.xfail(reason="not yet")]),
]

@pytest.mark.slow
@pytest.mark.fault("B1", "B2")
def test_whole() -> None: ...

@pytest.mark.parametrize("n", CASES)
def test_cases(n: int) -> None: ...

@pytest.mark.fault("C1")
@pytest.mark.xfail(reason="too slow")
def test_failing() -> None: ...

def test_other() -> None: ...
"""


def test_marks_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(MODULE)
    found = [(s.test.split("::")[1], s.faults, s.missing) for s in covered(tmp_path)]
    assert found == [
        ("test_whole", ("B1", "B2"), None),
        ("test_cases", ("A1",), None),
        ("test_cases", ("A2",), "not yet"),
        ("test_failing", ("C1",), "too slow"),
    ]


@pytest.mark.parametrize(
    ("missing", "gap", "verdict"),
    [
        pytest.param([], None, "not shown", id="no test"),
        pytest.param([None], None, "yes", id="it holds"),
        pytest.param(["slow"], None, "no: slow", id="expected to fail"),
        pytest.param([None, "slow"], None, "in part: slow", id="one of two fails"),
        pytest.param([None], "not IPv6", "in part: not IPv6", id="a known gap"),
    ],
)
def test_verdicts(
    monkeypatch: pytest.MonkeyPatch,
    missing: list[str | None],
    gap: str | None,
    verdict: str,
) -> None:
    monkeypatch.setattr(catalogue, "GAPS", {"P1": gap} if gap else {})
    shown = [catalogue.Shown("test_x.py::test_y", ("P1",), why) for why in missing]
    assert catalogue._verdict("P1", shown) == verdict
