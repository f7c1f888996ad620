"""A Redis stream: each message one entry, however often it is sent.

The only door to redis-py, which comes with the extra `redis`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from pipelines.store.deliveries import Leased
from service.push.delivery import Delivered, Trouble
from service.push.envelope import envelope

#: Messages a round trip.
BATCH: Final = 100
#: Seconds for a connection, and for an answer.
PATIENCE: Final = 10.0
#: Seconds that an id is remembered for, beside the stream: longer than the queue
#: tries a message by itself.
REMEMBERED: Final = 30 * 24 * 3600

#: Adds an entry unless its id was added before; server-side, so that a crash between
#: the two cannot come. Both keys share a hash tag: a cluster has them on one node.
_ADD: Final = """
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[1]) then
    local command = {'XADD', KEYS[1]}
    if ARGV[2] ~= '' then
        command[3], command[4], command[5] = 'MAXLEN', '~', ARGV[2]
    end
    command[#command + 1] = '*'
    for at = 3, #ARGV do command[#command + 1] = ARGV[at] end
    return redis.call(unpack(command))
end
return false
"""


class NoRedis(Exception):
    """The extra `redis` is not installed."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which stream of which server; `max_length`: about how many entries it keeps."""

    url: str
    stream: str
    max_length: int | None = None
    password: str | None = field(default=None, repr=False)


def library() -> Any:
    """The module `redis`. Raises NoRedis."""
    try:
        import redis
    except ImportError:
        raise NoRedis("pip install 'presswatch[redis]'") from None
    return redis


class Stream:
    """A stream of a Redis server."""

    batch = BATCH
    lease = timedelta(minutes=1)

    def __init__(self, target: Target) -> None:
        self._target = target
        self._redis = library()

    async def open(self) -> None:
        """Connects with the first message, and anew whenever that is needed."""
        options: dict[str, Any] = {}
        if self._target.password is not None:
            options["password"] = self._target.password
        self._client = self._redis.Redis.from_url(
            self._target.url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            **options,
        )
        self._add = self._client.register_script(_ADD)

    async def deliver(self, messages: Sequence[Leased]) -> Delivered:
        """Adds the messages in one round trip; all of them are in, or none counts."""
        try:
            await asyncio.to_thread(self._send, messages)
        except self._redis.RedisError as error:
            return Delivered(trouble=Trouble(" ".join(str(error).split())))
        return Delivered(messages)

    async def idle(self) -> Delivered | None:
        """Nothing."""
        return None

    async def close(self) -> None:
        """Gives the connections back."""
        await asyncio.to_thread(self._client.close)

    def _send(self, messages: Sequence[Leased]) -> None:
        with self._client.pipeline(transaction=False) as pipe:
            for message in messages:
                self._add(
                    keys=self._keys(message), args=self._entry(message), client=pipe
                )
            pipe.execute()

    def _keys(self, message: Leased) -> list[str]:
        stream = self._target.stream
        tag = stream if "{" in stream else f"{{{stream}}}"
        return [stream, f"{tag}:sent:{message.id}"]

    def _entry(self, message: Leased) -> list[str | int]:
        article = message.article
        most = self._target.max_length
        return [
            REMEMBERED,
            "" if most is None else most,
            *("id", message.id),
            *("kind", message.kind),
            *("outlet", str(article["outlet"])),
            *("url", str(article["url"])),
            *("language", str(article["language"])),
            *("message", json.dumps(envelope(message))),
        ]
