"""When a service that lives does not work, and when it begins anew."""

from __future__ import annotations

import pytest

from service.vitals import Ceiling, Signs, stuck


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        pytest.param(Signs(), None, id="all is well"),
        pytest.param(Signs(writer=59), None, id="a slow disk"),
        pytest.param(Signs(writer=61), "writer has done nothing for 61 s", id="writer"),
        pytest.param(Signs(worker=119), None, id="a worker that starts"),
        pytest.param(Signs(worker=130), "130 s past the deadline", id="worker"),
        pytest.param(Signs(poll=9000), None, id="nothing is due"),
        pytest.param(Signs(overdue=True, poll=599), None, id="a long poll"),
        pytest.param(
            Signs(overdue=True, poll=601), "no poll has ended for 601 s", id="polling"
        ),
    ],
)
def test_what_is_stuck_is_named(signs: Signs, reason: str | None) -> None:
    said = stuck(signs)
    assert said is None if reason is None else reason in (said or "")


@pytest.mark.parametrize(
    ("ceiling", "resident", "age", "reason"),
    [
        pytest.param(Ceiling(), 10**12, 1e9, None, id="no limits"),
        pytest.param(Ceiling(memory=10**9), 10**9, 0, None, id="just below"),
        pytest.param(
            Ceiling(memory=10**9),
            1_200_000_000,
            0,
            "1.2 GB of memory, over 1.0 GB",
            id="too big",
        ),
        pytest.param(Ceiling(age=86400), 0, 90000, "1.0 days old", id="too old"),
    ],
)
def test_the_ceiling(
    ceiling: Ceiling, resident: int, age: float, reason: str | None
) -> None:
    assert ceiling.reached(resident, age) == reason
