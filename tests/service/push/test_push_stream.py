"""A Redis stream on the real server: each message one entry, trouble waited out."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pumped import Clock, filled, run, stats

from pipelines.store import Store
from service.push import pump
from service.push.stream import Stream, Target

redis = pytest.importorskip("redis", reason="the extra redis is not installed")
SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="there is no redis-server")


@dataclass
class Server:
    """A server of one's own on a socket; it keeps nothing."""

    directory: Path
    password: str | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.directory / 'redis.sock'}"

    def start(self) -> None:
        words = ["--port", "0", "--unixsocket", str(self.directory / "redis.sock")]
        words += ["--save", "", "--appendonly", "no", "--dir", str(self.directory)]
        words += ["--requirepass", self.password] if self.password else []
        assert SERVER is not None
        self.process = subprocess.Popen(
            [SERVER, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with self.client() as client:
                    client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def client(self) -> Any:
        return redis.Redis.from_url(
            self.url, password=self.password, decode_responses=True
        )

    def entries(self, stream: str = "presswatch") -> list[dict[str, str]]:
        with self.client() as client:
            return [entry for _, entry in client.xrange(stream)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "presswatch.db"


def test_each_message_is_an_entry_in_order(server: Server, path: Path) -> None:
    ids = filled(path, 5)
    target = Target(server.url, "presswatch")
    run(path, lambda _: Stream(target), Clock(), lambda queue: queue.done == 5)
    entries = server.entries()
    assert [entry["id"] for entry in entries] == ids
    assert (entries[0]["kind"], entries[0]["outlet"]) == ("new", "ferry")
    told = json.loads(entries[0]["message"])
    assert told["article"]["title"] == "Ferry 0"
    assert "token" not in told


def test_what_was_not_acknowledged_is_not_added_again(
    server: Server, path: Path
) -> None:
    """It dies between the server's answer and the acknowledgement, twice."""
    filled(path, 3)
    clock = Clock()

    async def add() -> None:
        stream = Stream(Target(server.url, "presswatch"))
        await stream.open()
        with Store.open(path) as store:
            held = store.queue.lease(
                limit=9, duration=timedelta(minutes=1), now=clock()
            )
        done = await stream.deliver(held)
        assert len(done.taken) == 3
        await stream.close()

    for _ in range(2):
        asyncio.run(add())
        clock.later(minutes=2)
    target = Target(server.url, "presswatch")
    run(path, lambda _: Stream(target), clock, lambda queue: queue.done == 3)
    assert len(server.entries()) == 3


def test_a_server_that_is_away_is_waited_for(
    server: Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "FIRST_PAUSE", 0.01)
    filled(path, 2)
    server.stop()
    target = Target(server.url, "presswatch")
    looks = iter(range(1000))

    def until(queue: Any) -> bool:
        if next(looks) == 10:
            server.start()
        return bool(queue.done == 2)

    run(path, lambda _: Stream(target), Clock(), until)
    assert len(server.entries()) == 2
    assert stats(path).dead == 0


def test_a_full_server_is_trouble_and_loses_nothing(server: Server, path: Path) -> None:
    filled(path, 1)
    with server.client() as client:
        client.config_set("maxmemory", "1")

    async def add() -> Any:
        stream = Stream(Target(server.url, "presswatch"))
        await stream.open()
        with Store.open(path) as store:
            held = store.queue.lease(duration=timedelta(minutes=1), now=Clock()())
        done = await stream.deliver(held)
        await stream.close()
        return done

    done = asyncio.run(add())
    assert done.taken == ()
    assert "maxmemory" in done.trouble.reason


def test_the_stream_keeps_about_as_many_as_it_is_told(
    server: Server, path: Path
) -> None:
    filled(path, 3)
    target = Target(server.url, "news:{de}", max_length=1)
    with server.client() as client:
        client.config_set("stream-node-max-entries", "1")
    run(path, lambda _: Stream(target), Clock(), lambda queue: queue.done == 3)
    assert len(server.entries("news:{de}")) < 3
    with server.client() as client:
        keys = sorted(client.keys())
        assert [key for key in keys if key.startswith("news:{de}:sent:")]
        assert client.ttl(keys[-1]) > 0


def test_a_password_is_used_and_a_wrong_one_is_trouble(
    tmp_path: Path, path: Path
) -> None:
    server = Server(tmp_path, password="open sesame")
    server.start()
    filled(path, 1)
    target = Target(server.url, "presswatch", password="open sesame")

    async def refused() -> Any:
        stream = Stream(replace(target, password="hunter2"))
        await stream.open()
        with Store.open(path) as store:
            held = store.queue.lease(duration=timedelta(minutes=1), now=Clock()())
            done = await stream.deliver(held)
            store.queue.release(held[0].id, held[0].token)
        await stream.close()
        return done.trouble

    try:
        assert "invalid username-password" in asyncio.run(refused()).reason
        run(path, lambda _: Stream(target), Clock(), lambda queue: queue.done == 1)
        assert len(server.entries()) == 1
    finally:
        server.stop()
    assert "sesame" not in repr(target)
