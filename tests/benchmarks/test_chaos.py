"""A short run of benchmarks/chaos.py, and that its judge sees what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.chaos import Run, _overlaps, _settled_by_two, _wrong_ids, judge, torment


@pytest.mark.slow
def test_nothing_is_lost_or_held_twice_whatever_is_killed(tmp_path: Path) -> None:
    run = Run(tmp_path, texts=40, consumers=4, kills=5, seed=7)
    torment(run)
    verdict = judge(run)
    assert verdict.wrong == []
    assert verdict.texts == 40
    assert sum(verdict.killed.values()) == 5
    assert verdict.deliveries >= 40


def leased(
    message_id: str, token: str, since: float, until: float, url: str = "u"
) -> dict[str, Any]:
    return {
        "leased": message_id,
        "token": token,
        "url": url,
        "since": since,
        "until": until,
    }


def acked(message_id: str, token: str, at: float) -> dict[str, Any]:
    return {"acked": message_id, "token": token, "at": at}


FIRST, SECOND = leased("a", "t1", 0, 5), leased("a", "t2", 3, 8)


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        pytest.param([FIRST, SECOND], True, id="two at once"),
        pytest.param([FIRST, leased("a", "t2", 5, 9)], False, id="one after the other"),
        pytest.param([FIRST, leased("b", "t2", 3, 8)], False, id="two messages"),
        pytest.param(
            [FIRST, {"failed": "a", "token": "t1", "at": 2}, SECOND],
            False,
            id="given back before",
        ),
    ],
)
def test_overlaps_are_seen(events: list[dict[str, Any]], wrong: bool) -> None:
    assert bool(list(_overlaps(events))) is wrong


def test_two_tokens_are_seen() -> None:
    assert list(_settled_by_two([acked("a", "t1", 1), acked("a", "t1", 2)])) == []
    assert list(_settled_by_two([acked("a", "t1", 1), acked("a", "t2", 2)]))


@pytest.mark.parametrize(
    ("events", "ids"),
    [
        pytest.param([leased("a", "t", 0, 1), leased("b", "t", 0, 1)], "ab", id="url"),
        pytest.param(
            [leased("a", "t", 0, 1), leased("a", "t", 0, 1, "v")], "a", id="id"
        ),
        pytest.param([leased("a", "t", 0, 1)], "b", id="never queued"),
    ],
)
def test_wrong_ids_are_seen(events: list[dict[str, Any]], ids: str) -> None:
    assert _wrong_ids(events, set(ids))
