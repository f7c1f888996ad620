"""Counts and ages in the text format of Prometheus. Pure.

Written by hand: a scrape reads one state of the database, so there is nothing to
count between two of them, which is what a client library is for.
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.standing import Standing

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric and its values, by labels."""

    name: str
    kind: str
    help: str
    values: tuple[tuple[Labels, float], ...]

    def lines(self) -> Iterator[str]:
        """Its lines."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.values:
            inner = ",".join(f'{name}="{_escaped(said)}"' for name, said in labels)
            yield f"{self.name}{{{inner}}} {value}" if inner else f"{self.name} {value}"


def text(standing: Standing, answers: Mapping[tuple[str, int], int]) -> str:
    """The whole answer to a scrape. `answers` counts them by method and status."""
    metrics = (*_process(standing), *_outlets(standing), *_queue(standing))
    served = tuple(
        ((("method", method), ("status", str(status))), float(count))
        for (method, status), count in sorted(answers.items())
    )
    http = Metric(
        "presswatch_http_answers_total", "counter", "Answers over HTTP.", served
    )
    return "".join(f"{line}\n" for one in (*metrics, http) for line in one.lines())


def _process(standing: Standing) -> Iterable[Metric]:
    beat = standing.heartbeat
    yield _gauge("ok", "1 if nothing wants attention.", float(standing.ok))
    yield _gauge("heartbeat_timestamp_seconds", "The latest heartbeat.", _seconds(beat))
    yield _gauge("alerts_open", "Open alerts.", float(len(standing.alerts)))
    yield _gauge(
        "hosts_held", "Hosts that rest, by their own word.", len(standing.held)
    )
    yield _gauge("database_bytes", "The database.", float(standing.database_size))
    yield _gauge("pages_bytes", "The raw pages beside it.", float(standing.pages_size))


def _outlets(standing: Standing) -> Iterable[Metric]:
    outlets = [one for one in standing.outlets if one.sources]
    named: dict[str, list[tuple[Labels, float]]] = {}
    for one in outlets:
        label = ("outlet", one.key)
        counts = one.counts
        for state in ("due", "later", "waiting", "done"):
            labels = (label, ("state", state))
            named.setdefault("urls", []).append((labels, getattr(counts, state)))
        for name, value in (
            ("articles", counts.articles),
            ("articles_24h", counts.recent),
            ("sources", len(one.sources)),
            ("sources_failing", len(one.failing)),
            ("last_poll_timestamp_seconds", _seconds(one.last_ok)),
            ("last_article_timestamp_seconds", _seconds(counts.last_article)),
        ):
            named.setdefault(name, []).append(((label,), float(value)))
    for name, values in named.items():
        yield Metric(f"presswatch_outlet_{name}", "gauge", _HELP[name], tuple(values))


_HELP: Final = {
    "urls": "URLs, by where they stand.",
    "articles": "Articles stored.",
    "articles_24h": "Articles first seen in the last 24 hours.",
    "sources": "Sources in the config.",
    "sources_failing": "Sources whose latest poll failed.",
    "last_poll_timestamp_seconds": "The latest good poll; 0 if there was none.",
    "last_article_timestamp_seconds": "The latest new article; 0 if there is none.",
}


def _queue(standing: Standing) -> Iterable[Metric]:
    counted: list[tuple[Labels, float]] = []
    ages: list[tuple[Labels, float]] = []
    paused: list[tuple[Labels, float]] = []
    for stats in standing.queue:
        label = ("subscription", stats.subscription)
        counted += [
            ((label, ("state", state)), float(getattr(stats, state)))
            for state in ("ready", "delayed", "leased", "done", "dead")
        ]
        oldest = stats.oldest_ready
        age = 0.0 if oldest is None else (standing.now - oldest).total_seconds()
        ages.append(((label,), round(max(0.0, age), 3)))
        paused.append(((label,), float(stats.paused)))
    yield Metric(
        "presswatch_queue_messages",
        "gauge",
        "Messages, by where they stand.",
        tuple(counted),
    )
    yield Metric(
        "presswatch_queue_oldest_ready_seconds",
        "gauge",
        "Age of the message that has been ready for longest.",
        tuple(ages),
    )
    yield Metric(
        "presswatch_queue_paused", "gauge", "1 if it gives out nothing.", tuple(paused)
    )


def _gauge(name: str, words: str, value: float) -> Metric:
    return Metric(f"presswatch_{name}", "gauge", words, (((), float(value)),))


def _seconds(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
