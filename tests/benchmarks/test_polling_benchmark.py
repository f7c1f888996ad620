"""The comparison of polling policies: equal requests, and ours is the better one."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks import polling


def test_ours_is_less_late_than_a_fixed_interval_at_equal_requests() -> None:
    sources = polling.synthetic(6, random.Random(3))  # noqa: S311
    _, fixed = polling.matched(polling.Fixed, sources, 24, 24)
    _, ours = polling.matched(polling.Ours, sources, 24, 24)
    assert ours.requests == pytest.approx(fixed.requests, rel=0.03)
    assert ours.figures()["mean"] < 0.8 * fixed.figures()["mean"]
    assert ours.figures()["p95"] <= 1.1 * fixed.figures()["p95"]


def test_traces_are_read_and_moved_by_whole_weeks(tmp_path: Path) -> None:
    hour = 3600
    begin = 1_600_000_000
    times = [begin + n * hour for n in range(24 * 40)]
    traces = {
        "one": {"times": times, "res_min": 0, "kind": "RSS pubDate", "window": 12},
        "short": {"times": times[:24], "res_min": 60, "kind": "front page"},
    }
    file = tmp_path / "traces.json"
    file.write_text(json.dumps(traces))
    (source,) = polling.load(file, random.Random(1))  # noqa: S311
    assert (source.name, source.window, source.dated) == ("one", 12, True)
    assert (source.times[0] - begin) % polling.WEEK == 0
    assert source.end - source.begin == polling.WARM_UP + polling.SCORED
    assert source.score_from - source.begin == pytest.approx(polling.WARM_UP)


def test_what_rolls_out_of_the_window_is_lost() -> None:
    start = polling.START
    times = [start + n * 60 for n in range(2 * 24 * 60)]
    end = start + 2 * polling.DAY
    source = polling.Source("a", times, 30, True, start, start, end)
    score = polling.simulate([source], polling.Fixed([source], 24))
    figures = score.figures()
    assert figures["lost"] == pytest.approx(0.5, abs=0.03)
    assert figures["mean"] == pytest.approx(15, abs=1)
