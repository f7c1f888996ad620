"""Files of JSON Lines: each text once, wherever the process dies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from pumped import Clock, add, filled, run, stats

from pipelines.store import Store
from pipelines.store.deliveries import Leased
from service.push.delivery import Delivered
from service.push.lines import Lines, Place


class Died(BaseException):
    """The process is gone: what comes after does not happen."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "presswatch.db"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place("default", tmp_path / "out", 10_000, timedelta(hours=1))


def sink(path: Path, place: Place, clock: Clock) -> Lines:
    return Lines(place, lambda: Store.open(path, read_only=True), clock)


def leased(path: Path, clock: Clock, limit: int = 2) -> list[Leased]:
    with Store.open(path) as store:
        lease = timedelta(minutes=5)
        return store.queue.lease(limit=limit, duration=lease, now=clock())


def settled(path: Path, messages: Sequence[Leased], done: Delivered) -> None:
    assert done.trouble is None, done.trouble
    with Store.open(path) as store, store.write():
        for message in done.taken:
            store.queue.ack(message.id, message.token, Clock()())
        if done.note is not None:
            done.note(store)


def turn(path: Path, place: Place, clock: Clock, limit: int = 2) -> None:
    """Leases, writes, settles: as the pump does."""
    messages = leased(path, clock, limit)
    done = asyncio.run(sink(path, place, clock).deliver(messages))
    settled(path, messages, done)


def parts(place: Place) -> list[Path]:
    return sorted(place.directory.glob(".*.part"))


def finished(place: Place) -> list[Path]:
    return sorted(place.directory.glob("*.jsonl"))


def written(place: Place) -> list[str]:
    """The ids in all files, those that are still hidden last."""
    lines = [
        line
        for file in (*finished(place), *parts(place))
        for line in file.read_text().splitlines()
    ]
    return [json.loads(line)["id"] for line in lines]


def test_every_text_is_a_line_of_what_a_lease_prints(path: Path, place: Place) -> None:
    ids = filled(path, 5)
    clock = Clock()
    run(path, lambda _: sink(path, place, clock), clock, lambda queue: queue.done == 5)
    assert written(place) == ids
    assert finished(place) == []
    (part,) = parts(place)
    first = json.loads(part.read_text().splitlines()[0])
    assert set(first) == {"id", "kind", "supersedes", "article"}
    assert first["article"]["title"] == "Ferry 0"


def test_a_crash_before_the_acknowledgement_writes_nothing_twice(
    path: Path, place: Place
) -> None:
    ids = filled(path, 4)
    clock = Clock()
    turn(path, place, clock)
    asyncio.run(sink(path, place, clock).deliver(leased(path, clock)))
    assert len(written(place)) == 4  # on the disk, and not acknowledged
    clock.later(minutes=6)
    turn(path, place, clock, limit=9)
    assert written(place) == ids
    assert stats(path, clock()).done == 4


def test_a_line_that_was_cut_by_a_crash_goes(path: Path, place: Place) -> None:
    ids = filled(path, 2)
    clock = Clock()
    turn(path, place, clock, limit=1)
    with parts(place)[0].open("a") as file:
        file.write('{"id": "half a li')
    turn(path, place, clock)
    assert written(place) == ids


def test_a_crash_before_the_first_acknowledgement_leaves_nothing_behind(
    path: Path, place: Place
) -> None:
    ids = filled(path, 2)
    clock = Clock()
    asyncio.run(sink(path, place, clock).deliver(leased(path, clock)))
    clock.later(minutes=6)
    turn(path, place, clock)
    assert len(parts(place)) == 1
    assert written(place) == ids


def test_a_full_file_gets_its_name_whole(path: Path, place: Place) -> None:
    ids = filled(path, 6)
    small = Place(place.name, place.directory, 100, place.rotate_after)
    clock = Clock()
    for _ in range(3):
        turn(path, small, clock)
        clock.later(seconds=1)
    assert len(finished(place)) == 2
    assert len(parts(place)) == 1
    assert written(place) == ids
    assert finished(place)[0].name.startswith("default-20")


def test_an_old_file_is_finished_while_nothing_comes(path: Path, place: Place) -> None:
    filled(path, 2)
    clock = Clock()
    turn(path, place, clock)
    lines = sink(path, place, clock)
    assert asyncio.run(lines.idle()) is None
    clock.later(hours=1)
    done = asyncio.run(lines.idle())
    assert done is not None
    assert (len(finished(place)), parts(place)) == (1, [])
    settled(path, [], done)
    assert asyncio.run(lines.idle()) is None


def test_a_crash_between_the_name_and_its_note_loses_and_repeats_nothing(
    path: Path, place: Place
) -> None:
    ids = filled(path, 4)
    clock = Clock()
    turn(path, place, clock)
    clock.later(hours=1)
    asyncio.run(sink(path, place, clock).idle())  # renamed; the note is lost
    turn(path, place, clock)
    assert len(finished(place)) == 1
    assert written(place) == ids


def test_files_of_another_subscription_are_left_alone(path: Path, place: Place) -> None:
    filled(path, 1)
    place.directory.mkdir()
    other = place.directory / ".default-two-20260101T000000000000Z.jsonl.part"
    other.write_text("theirs\n")
    turn(path, place, Clock())
    assert other.read_text() == "theirs\n"


def test_a_file_that_lost_what_was_good_is_put_aside_and_said_so(
    path: Path, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    ids = filled(path, 2)
    clock = Clock()
    turn(path, place, clock, limit=1)
    (part,) = parts(place)
    part.write_text("")
    clock.later(seconds=1)
    turn(path, place, clock, limit=1)
    assert written(place) == ids[1:]
    assert "has lost" in caplog.text
    assert list(place.directory.glob("*.damaged")) or list(
        place.directory.glob(".*.damaged")
    )


def test_a_place_that_cannot_be_written_to_is_trouble(path: Path, place: Place) -> None:
    filled(path, 1)
    place.directory.write_text("a file")
    clock = Clock()
    done = asyncio.run(sink(path, place, clock).deliver(leased(path, clock)))
    assert done.taken == ()
    assert done.trouble is not None
    assert str(place.directory) in done.trouble.reason


def test_killed_anywhere_each_text_is_there_once(
    path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dies at each of its calls to the disk in turn, and goes on."""
    import os

    small = Place(place.name, place.directory, 1_000, place.rotate_after)
    filled(path, 4)
    clock = Clock()
    calls = {"left": 0}

    def dying(real):  # type: ignore[no-untyped-def]
        def call(*words):  # type: ignore[no-untyped-def]
            calls["left"] -= 1
            if calls["left"] == 0:
                raise Died
            return real(*words)

        return call

    monkeypatch.setattr("service.push.lines.os.fsync", dying(os.fsync))
    monkeypatch.setattr(Path, "rename", dying(Path.rename))
    for number in range(1, 13):
        with Store.open(path) as store:
            add(store, [100 + number])
        calls["left"] = 1 + number % 4
        messages = leased(path, clock, 3)
        try:
            done = sink(path, small, clock)._write(messages)
        except Died:
            clock.later(minutes=6)
            continue
        told = done.told()
        note = Delivered(
            messages, note=lambda s, told=told: s.meta.put(small.key, told)
        )
        settled(path, messages, note)
        clock.later(minutes=6)
    calls["left"] = -1
    run(path, lambda _: sink(path, small, clock), clock, lambda queue: queue.ready == 0)
    with Store.open(path) as store:
        ids = [message.id for message in store.queue.export()]
    found = written(place)
    assert sorted(found) == sorted(ids)
    assert finished(place)
