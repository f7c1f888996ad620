"""How late items are found, by polling policy, at equal numbers of requests.

    python -m benchmarks.polling [--traces ../shared/polling/traces.json]
        [--polls 12 24 48 96] [--synthetic 40] [--split] [--json]

Replays when real sources published. Every policy learns only from what its own polls
would have shown, over a warm-up of 14 days (two fifths of shorter traces), and is then
scored for up to 21 days. Each has one knob, which is turned until all of them ask
equally often: the fixed interval itself, Miniflux's factor, a scale on Media Cloud's
minutes, the daily budget of ours, whose decisions come from `crawlers.rhythm` and
`crawlers.cadence`, the code that ships.

The format is a JSON object of name -> `times` (seconds since 1970), `res_min` (minutes
between the samples behind a first sighting, which is spread uniformly back over them),
`kind` (in which "pubDate" says that items carry their time) and `window` (entries shown
at a time). Traces of over 90 days give two sources, an early and a late season.
`--synthetic N` takes N invented sources instead. `--split` scores each policy on halves
of the sources, the knobs turned on each, to show how far results hang on the choice.

Printed are the delay of items in minutes (mean, median, 95th percentile), the worst
source's mean and median, the share that rolled out of the window unseen, the requests
a source and day, and the mean relative to the fixed interval. Times are those of the
trace; nothing depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cos, pi
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any, Final, Protocol

from crawlers import cadence, rhythm
from crawlers.cadence import Bounds, Pace, Shown, Sight
from crawlers.rhythm import History, Profile

TRACES: Final = Path("../shared/polling/traces.json")
BUDGETS: Final = (12, 24, 48, 96)

MINUTE: Final = 60.0
DAY: Final = 86_400.0
WEEK: Final = 7 * DAY
WARM_UP: Final = 14 * DAY
SCORED: Final = 21 * DAY
#: Traces that are longer give two seasons; those that are shorter are left out.
LONG: Final = 90 * DAY
SHORT: Final = 2 * DAY
#: Entries a source shows at a time where the trace does not say.
WINDOW: Final = 30
#: All policies stay above this interval (Miniflux's own bound); peers' upper bound is
#: Miniflux's, ours is the default of `between`.
LEAST: Final = 5 * MINUTE
PEERS_MOST: Final = DAY
OUR_BOUNDS: Final = Bounds(timedelta(seconds=LEAST), timedelta(hours=6))
JITTER: Final = 0.03
#: A monday; traces of all years are moved here by whole weeks.
START: Final = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
#: Our profile and pace are made anew this often, like the service's.
REFRESH: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Source:
    """One source to be polled: when its items came, in seconds since 1970."""

    name: str
    times: Sequence[float]
    window: int
    dated: bool
    begin: float
    score_from: float
    end: float


# -- sources ------------------------------------------------------------------


def load(path: Path, rng: random.Random) -> list[Source]:
    """The sources of a file of traces."""
    traces: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return [one for name, said in traces.items() for one in _seasons(name, said, rng)]


def _seasons(name: str, said: Mapping[str, Any], rng: random.Random) -> list[Source]:
    back = said.get("res_min", 0) * MINUTE
    times = sorted(float(at) - rng.uniform(0, back) for at in said["times"])
    length = times[-1] - times[0]
    if length < SHORT:
        return []
    dated = "pubDate" in str(said.get("kind", ""))
    window = int(said.get("window") or WINDOW)
    if length < LONG:
        return [_source(name, times, window, dated, times[0])]
    starts = {"early": times[0] + 0.2 * length, "late": times[0] + 0.7 * length}
    return [
        _source(f"{name} {season}", times, window, dated, begin)
        for season, begin in starts.items()
    ]


def _source(
    name: str, times: Sequence[float], window: int, dated: bool, begin: float
) -> Source:
    """A season of a trace, moved by whole weeks to where the simulation begins."""
    length = min(WARM_UP + SCORED, times[-1] - begin)
    moved = (START - begin + WEEK / 2) // WEEK * WEEK
    first = bisect_left(times, begin - WEEK)  # what a window shows at the beginning
    last = bisect_right(times, begin + length)
    begin += moved
    score_from = begin + length * WARM_UP / (WARM_UP + SCORED)
    kept = [at + moved for at in times[first:last]]
    return Source(name, kept, window, dated, begin, score_from, begin + length)


def synthetic(count: int, rng: random.Random) -> list[Source]:
    """Invented sources: 0.5 to 300 items a day, nights, weekends, bursts, batches."""
    return [_invented(number, rng) for number in range(count)]


def _invented(number: int, rng: random.Random) -> Source:
    daily = min(300.0, max(0.5, rng.lognormvariate(3.0, 1.4)))
    zone, weekend = rng.uniform(0, 24), rng.uniform(0.2, 1.0)
    swing, batch = rng.uniform(0.5, 0.98), rng.random() < 0.4
    times: list[float] = []
    end = START + WARM_UP + SCORED
    burst_until = burst_at = 0.0
    at = START - WEEK
    while (at := at + rng.expovariate(daily * 4 / DAY)) < end:  # thinning, by 4
        if at > burst_at:
            burst_at, burst_until = at + rng.expovariate(1 / (5 * DAY)), at + 5_400
        shape = 1 + swing * cos(2 * pi * (at / 3600 - zone) / 24)
        shape *= weekend if (at - START) % WEEK >= 5 * DAY else 1.0
        shape *= 2.0 if at < burst_until else 1.0
        if rng.random() < shape / 4:
            times.append(at)
    if batch:
        hour = zone * 3600
        for day in range(-7, 35):
            size = int(daily / 4)
            start = START + day * DAY + hour
            times += [start + rng.uniform(0, 300) for _ in range(size)]
    times = sorted(at for at in times if at < end)
    window, dated = rng.choice((10, 15, 20, 30, 50, 100)), rng.random() < 0.5
    score_from = START + WARM_UP
    return Source(f"synthetic {number}", times, window, dated, START, score_from, end)


# -- policies -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What one poll showed. `new` are the times of new items, as far as told."""

    now: float
    before: float
    new: Sequence[float]
    shown: int
    overlap: bool


class Policy(Protocol):
    """Seconds until a source is polled again; one instance a simulation."""

    def wait(self, number: int, seen: Seen) -> float: ...


class Fixed:
    """The same interval for all."""

    def __init__(self, sources: Sequence[Source], polls: float) -> None:
        self._interval = DAY / polls

    def wait(self, number: int, seen: Seen) -> float:
        return self._interval


class Miniflux:
    """entry_frequency: a week over the entries of the last week, times a factor."""

    def __init__(self, sources: Sequence[Source], factor: float) -> None:
        self._factor = factor
        self._items: list[list[float]] = [[] for _ in sources]

    def wait(self, number: int, seen: Seen) -> float:
        items = self._items[number]
        items += seen.new
        items.sort()
        weekly = len(items) - bisect_left(items, seen.now - WEEK)
        if not weekly:
            return PEERS_MOST
        return min(PEERS_MOST, max(LEAST, WEEK / (weekly * self._factor)))


class MediaCloud:
    """rss-fetcher's auto-adjust: ten minutes more when little is new, an hour less
    when much is, from six hours on; all minutes are scaled by the knob."""

    def __init__(self, sources: Sequence[Source], hurry: float) -> None:
        self._scale = 1 / hurry
        self._minutes = [360.0 for _ in sources]

    def wait(self, number: int, seen: Seen) -> float:
        known = 1 - len(seen.new) / seen.shown if seen.shown else 1.0
        minutes = self._minutes[number]
        if known >= 2 / 3:
            minutes += 10
        elif known < 1 / 3:
            minutes -= 60
        self._minutes[number] = minutes = min(24 * 60, max(10, minutes))
        return min(PEERS_MOST, max(LEAST, minutes * MINUTE * self._scale))


class Ours:
    """The shipped policy: habits by the hour of the week, the root rule, one budget."""

    def __init__(self, sources: Sequence[Source], budget: float) -> None:
        self._budget = budget
        self._since = [_moment(source.begin) for source in sources]
        self._windows = [source.window for source in sources]
        self._hours: list[dict[int, float]] = [{} for _ in sources]
        self._profiles: list[Profile | None] = [None for _ in sources]
        self._fresh_until = [0.0 for _ in sources]
        self._pace: Pace | None = None
        self._pace_until = 0.0

    def wait(self, number: int, seen: Seen) -> float:
        now = _moment(seen.now)
        self._learn(number, seen)
        known = self._profile(number, seen.now)
        share = len(seen.new) / seen.shown if seen.shown else 0.0
        shown = Shown(seen.shown, share if seen.before else 0.0, not seen.overlap)
        sight = Sight(known, OUR_BOUNDS, shown)
        check = cadence.next_check(sight, self._market(seen.now), now)
        return check.wait.total_seconds()

    def _learn(self, number: int, seen: Seen) -> None:
        hours = self._hours[number]
        if not seen.before:
            first = min(seen.new, default=seen.now)
            self._since[number] = _moment(max(first, seen.now - 28 * DAY))
        for at in seen.new:
            hour = int(at // 3600)
            hours[hour] = hours.get(hour, 0.0) + 1

    def _profile(self, number: int, now: float) -> Profile:
        known = self._profiles[number]
        if known is None or now >= self._fresh_until[number]:
            history = History(self._since[number], self._hours[number])
            known = self._profiles[number] = rhythm.profile(history, _moment(now))
            self._fresh_until[number] = now + REFRESH
        return known

    def _market(self, now: float) -> Pace:
        if self._pace is None or now >= self._pace_until:
            known = [(one, OUR_BOUNDS) for one in self._profiles if one is not None]
            made = cadence.pace(known, self._budget * len(known))
            assert made is not None  # the one that asks is known
            self._pace, self._pace_until = made, now + REFRESH
        return self._pace


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


# -- simulation ---------------------------------------------------------------


@dataclass(slots=True)
class Score:
    """What a policy came to. Delays in minutes; requests a source and day."""

    delays: dict[str, list[float]] = field(default_factory=dict)
    lost: int = 0
    polls: int = 0
    days: float = 0.0
    fruitful: int = 0

    @property
    def requests(self) -> float:
        return self.polls / self.days

    def figures(self) -> dict[str, float]:
        """The figures that are printed."""
        every = sorted(delay for delays in self.delays.values() for delay in delays)
        means = [fmean(delays) for delays in self.delays.values() if delays]
        medians = [median(delays) for delays in self.delays.values() if delays]
        return {
            "mean": fmean(every),
            "median": median(every),
            "p95": quantiles(every, n=20)[-1],
            "worst_mean": max(means),
            "worst_median": max(medians),
            "source_mean": fmean(means),
            "lost": self.lost / (len(every) + self.lost),
            "requests": self.requests,
            "fruitful": self.fruitful / self.polls,
        }


@dataclass(slots=True)
class _State:
    """How far one source has been read."""

    at: float
    read: int
    before: float = 0.0


Make = Callable[[Sequence[Source], float], Policy]


def simulate(sources: Sequence[Source], policy: Policy, seed: int = 1) -> Score:
    """All sources together, in the order of time, over their spans."""
    import heapq

    rng, score = random.Random(seed), Score()
    states = [_start(source, rng) for source in sources]
    queue = [(state.at, number) for number, state in enumerate(states)]
    heapq.heapify(queue)
    while queue:
        now, number = heapq.heappop(queue)
        source, state = sources[number], states[number]
        seen = _poll(source, state, now, score)
        wait = policy.wait(number, seen) * (1 + rng.uniform(-JITTER, JITTER))
        if now + wait < source.end:
            heapq.heappush(queue, (now + wait, number))
    score.days = sum(source.end - source.score_from for source in sources) / DAY
    return score


def _start(source: Source, rng: random.Random) -> _State:
    first = source.begin + rng.uniform(0, 600)
    return _State(first, max(0, bisect_right(source.times, first) - source.window))


def _poll(source: Source, state: _State, now: float, score: Score) -> Seen:
    there = bisect_right(source.times, now)
    shown_from = max(0, there - source.window)
    new = source.times[max(state.read, shown_from) : there]
    gap = bool(state.before) and shown_from >= state.read and there > state.read > 0
    if state.before and now >= source.score_from:
        score.polls += 1
        score.fruitful += bool(new)
        score.lost += max(0, shown_from - state.read)
        delays = score.delays.setdefault(source.name, [])
        delays += [(now - at) / MINUTE for at in new if at >= source.score_from]
    told = new if source.dated or not state.before else _spread(new, state.before, now)
    seen = Seen(now, state.before, told, there - shown_from, not gap)
    state.read, state.before = there, now
    return seen


def _spread(new: Sequence[float], before: float, now: float) -> list[float]:
    """Times of undated items: evenly over the time since the poll before."""
    step = (now - before) / (len(new) + 1)
    return [before + step * (place + 1) for place in range(len(new))]


def matched(
    make: Make, sources: Sequence[Source], polls: float, guess: float
) -> tuple[float, Score]:
    """The knob and score at which a policy asks as often as `polls` a source and day.

    Knobs are such that more means more requests.
    """
    low, high, best = guess / 64, guess * 64, None
    knob = guess
    for _ in range(14):
        score = simulate(sources, make(sources, knob))
        if best is None or _off(score, polls) < _off(best[1], polls):
            best = (knob, score)
        if _off(score, polls) < 0.002:
            break
        low, high = (knob, high) if score.requests < polls else (low, knob)
        step = knob * polls / score.requests
        knob = step if low < step < high else (low * high) ** 0.5
    assert best is not None
    return best


def _off(score: Score, polls: float) -> float:
    return abs(score.requests / polls - 1)


POLICIES: Final[Mapping[str, tuple[Make, Callable[[float], float]]]] = {
    "fixed interval": (Fixed, lambda polls: polls),
    "Miniflux entry_frequency": (Miniflux, lambda polls: polls / 24),
    "Media Cloud auto-adjust": (MediaCloud, lambda polls: polls / 3),
    "Presswatch auto": (Ours, lambda polls: polls),
}


def compare(sources: Sequence[Source], polls: float) -> dict[str, dict[str, float]]:
    """The figures of every policy at one budget; `ratio` is of means to fixed."""
    found: dict[str, dict[str, float]] = {}
    for name, (make, guess) in POLICIES.items():
        knob, score = matched(make, sources, polls, guess(polls))
        found[name] = {**score.figures(), "knob": knob}
        found[name]["ratio"] = found[name]["mean"] / found["fixed interval"]["mean"]
    return found


# -- output -------------------------------------------------------------------

_HEAD = (
    f"{'polls/day':>9} {'policy':26} {'mean':>6} {'median':>6} {'p95':>6} "
    f"{'worst source':>13} {'lost':>7} {'asked':>6} {'ratio':>6}"
)


def _row(polls: float, name: str, told: Mapping[str, float]) -> str:
    worst = f"{told['worst_mean']:.0f} ({told['worst_median']:.0f})"
    return (
        f"{polls:9g} {name:26} {told['mean']:6.1f} {told['median']:6.1f} "
        f"{told['p95']:6.1f} {worst:>13} {told['lost']:7.2%} "
        f"{told['requests']:6.1f} {told['ratio']:6.2f}"
    )


def _halves(sources: Sequence[Source]) -> Iterable[tuple[str, list[Source]]]:
    yield "even sources", list(sources[::2])
    yield "odd sources", list(sources[1::2])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--traces", type=Path, default=TRACES)
    parser.add_argument("--polls", type=float, nargs="+", default=BUDGETS)
    parser.add_argument("--synthetic", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--split", action="store_true")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args(arguments)
    rng = random.Random(told.seed)
    sources = (
        synthetic(told.synthetic, rng) if told.synthetic else load(told.traces, rng)
    )
    groups = list(_halves(sources)) if told.split else [("all sources", sources)]
    for title, group in groups:
        _report(title, group, told.polls, told.json)


def _report(
    title: str, sources: Sequence[Source], budgets: Iterable[float], as_json: bool
) -> None:
    if not as_json:
        print(f"\n{title}: {len(sources)}\n{_HEAD}")
    for polls in budgets:
        for name, figures in compare(sources, polls).items():
            if as_json:
                row = {"group": title, "polls": polls, "policy": name, **figures}
                print(json.dumps(row), flush=True)
            else:
                print(_row(polls, name, figures), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
