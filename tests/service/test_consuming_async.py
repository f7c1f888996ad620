"""`from presswatch import messages_async`: as `messages`, on asyncio."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest
from queued import database, stats

from pipelines.store import Store
from presswatch import Reject, messages_async


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return database(tmp_path / "presswatch.db", "a", "b", "c")


def test_a_loop_settles_what_it_has_worked_on(path: Path) -> None:
    async def work() -> list[str]:
        return [m.article["url"][-1] async for m in messages_async(path, wait=False)]

    assert asyncio.run(work()) == ["a", "b", "c"]
    assert stats(path).done == 3


def test_an_exception_settles_its_message_and_the_loop_goes_on(path: Path) -> None:
    async def work() -> None:
        async for message in messages_async(path, wait=False):
            async with message:
                if message.id == "a":
                    raise ValueError("no")
                if message.id == "b":
                    raise Reject("never")

    asyncio.run(work())
    found = stats(path)
    assert (found.delayed, found.dead, found.done) == (1, 1, 1)


def test_settled_by_hand(path: Path) -> None:
    async def work() -> None:
        async for message in messages_async(path, wait=False):
            match message.id:
                case "a":
                    await message.ack()
                case "b":
                    await message.fail("no")
                case _:
                    await message.release()
                    break

    asyncio.run(work())
    found = stats(path)
    assert (found.done, found.delayed, found.ready) == (1, 1, 1)


def test_a_loop_that_is_left_gives_its_message_back(path: Path) -> None:
    async def work() -> None:
        async with aclosing(messages_async(path, wait=False)) as loop:
            async for _ in loop:
                raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        asyncio.run(work())
    assert (stats(path).delayed, stats(path).ready) == (1, 2)


def test_a_task_that_is_cancelled_gives_its_message_back(path: Path) -> None:
    async def work(begun: asyncio.Event) -> None:
        async for message in messages_async(path):
            async with message:
                begun.set()
                await asyncio.sleep(600)

    async def cancelled() -> None:
        begun = asyncio.Event()
        task = asyncio.create_task(work(begun))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert (stats(path).ready, stats(path).leased) == (3, 0)


def test_the_loop_runs_on_while_the_database_is_locked(path: Path) -> None:
    async def work() -> int:
        turns = 0
        with Store.open(path) as other, other.write():
            taking = asyncio.create_task(anext(messages_async(path, wait=False)))
            until = time.monotonic() + 0.3
            while time.monotonic() < until:
                await asyncio.sleep(0.001)
                turns += 1
            assert not taking.done()
        message = await taking
        await message.ack()
        return turns

    assert asyncio.run(work()) > 20
    assert stats(path).done == 1
