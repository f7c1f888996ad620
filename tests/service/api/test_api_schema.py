"""schemathesis against the running API: no server error, no undocumented answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from newsstand import fill
from schemathesis.generation import GenerationMode
from served import Served, described

#: Enough to find a slip; the long run is `python -m benchmarks.api_schema`.
EXAMPLES = 5

OPERATIONS = [
    found.ok()
    for found in schemathesis.openapi.from_dict(described()).get_all_operations()
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = tmp_path_factory.mktemp("schema") / "presswatch.db"
    fill(database)
    with Served(database) as running:
        yield running


#: Each with requests that fit, and, where there is something to get wrong, that don't.
TRIALS = [
    pytest.param(one, mode, id=f"{one.label} {mode.value}")
    for one in OPERATIONS
    for mode in GenerationMode
    if mode.is_positive or one.body or one.path_parameters or one.query
]


@pytest.mark.parametrize(("operation", "mode"), TRIALS)
def test_every_answer_is_documented(
    served: Served, operation: Any, mode: GenerationMode
) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case) -> None:
        if isinstance(case.query, dict) and "wait" in case.query:
            case.query["wait"] = "1ms"
        case.call_and_validate(base_url=served.url, timeout=20)

    check()
