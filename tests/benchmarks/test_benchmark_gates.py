"""The gates tell good from bad, and the benchmarks measure what they say."""

from __future__ import annotations

import pytest

from benchmarks import cleaning, feeds, gate, kills, queue_latency
from benchmarks.gate import Result
from benchmarks.kills import Verdict


@pytest.fixture
def gates(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "fine": lambda: Result(True, "all is well"),
        "poor": lambda: Result(False, "3 lost"),
    }
    monkeypatch.setattr(gate, "GATES", made)


@pytest.mark.usefixtures("gates")
@pytest.mark.parametrize(
    ("words", "code", "printed", "complaint"),
    [
        pytest.param(["fine"], 0, ["fine"], "", id="a gate that passes"),
        pytest.param([], 1, ["fine", "poor"], "failed: poor\n", id="all, one fails"),
    ],
)
def test_exit_code_and_a_line_each(
    words: list[str],
    code: int,
    printed: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert gate.main(words) == code
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == printed
    assert err == complaint


@pytest.mark.usefixtures("gates")
def test_an_unknown_gate_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        gate.main(["fien"])
    assert ended.value.code == 2
    assert "no such gate: fien" in capsys.readouterr().err


def test_cleaning_problems_fail_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "gate", lambda: ["outlets: F1 0.5, floor 0.9"])
    assert gate.cleaning_floors() == Result(False, "outlets: F1 0.5, floor 0.9")


@pytest.mark.parametrize(
    ("rounds", "passed", "asked"),
    [
        pytest.param([40.0], True, 1, id="good at once"),
        pytest.param([300.0, 120.0, 99.0], True, 3, id="a noisy machine, then good"),
        pytest.param([300.0, 120.0, 101.0], False, 3, id="never good"),
    ],
)
def test_latency_is_the_best_of_three(
    rounds: list[float], passed: bool, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = list(rounds)
    monkeypatch.setattr(
        queue_latency, "measure", lambda *_: {"ack_ms_p99": left.pop(0)}
    )
    assert gate.latency().passed is passed
    assert len(rounds) - len(left) == asked


@pytest.mark.parametrize(
    ("verdict", "passed"),
    [
        pytest.param(Verdict(articles=30), True, id="sound"),
        pytest.param(Verdict(articles=30, lost=["u"]), False, id="one lost"),
        pytest.param(Verdict(articles=30, twice=["u"]), False, id="one twice"),
        pytest.param(Verdict(articles=30, damage=["page 3"]), False, id="damaged"),
    ],
)
def test_a_pass_must_be_sound(
    verdict: Verdict, passed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kills, "torment", lambda *_, **__: verdict)
    monkeypatch.setattr(gate, "ARTICLES", 0)
    assert gate.one_pass().passed is passed


def test_both_readers_find_every_entry_of_the_measured_feeds() -> None:
    body = feeds.rss(7, sentences=2)
    (figures,) = feeds.measure({"seven": body}, rounds=1)
    assert (figures.our_entries, figures.their_entries) == (7, 7)
    assert figures.ratio > 0
    assert figures.row().startswith("seven")


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.5, 51.0, id="median"),
        pytest.param(0.99, 100.0, id="one in a hundred lies above"),
        pytest.param(1.0, 100.0, id="largest"),
    ],
)
def test_quantiles(share: float, expected: float) -> None:
    assert queue_latency.quantile([float(n) for n in range(1, 101)], share) == expected
