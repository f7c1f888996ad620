"""A webhook: each message one signed POST, through the network guard.

What the answer means is judged by `judge`, pure. The reactor's resolver is guarded
(`crawlers.guard`), so a private address is only reached by network.allow_private.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.http_headers import Headers
from twisted.web.iweb import IBodyProducer
from zope.interface import implementer

from crawlers import retryafter
from pipelines.store.deliveries import Leased
from service.push import signing
from service.push.delivery import Delivered, Failed, Trouble
from service.push.envelope import envelope

#: Messages leased at a time; they are sent one after the other, in order.
BATCH: Final = 10
#: Seconds that a lease outlasts a batch of which each message takes its longest.
SPARE: Final = 30.0
#: Seconds to connect in.
CONNECT: Final = 10.0
#: So much of an answer is read, for the operator.
MOST_ANSWER: Final = 500

#: Statuses that say: not me, not now. The receiver has not had the message.
_NOT_NOW: Final = frozenset({429, 502, 503, 504})
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, signed by which keys, how long to wait for an answer (seconds)."""

    url: str
    keys: tuple[bytes, ...]
    timeout: float
    user_agent: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The receiver has had a message and did not take it.

    `ill`: it may be the receiver's own fault, so that others should wait.
    """

    reason: str
    ill: bool = False


Verdict = Refused | Trouble | None


def judge(answer: Answer, now: datetime) -> Verdict:
    """None: taken. Refused: this message is not. Trouble: none would be."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = " ".join(answer.body.split())
    reason = f"HTTP {status}" + (f": {said}" if said else "")
    if status == _GONE:
        return Trouble(reason, gone=True)
    if status in _NOT_NOW:
        wait = retryafter.seconds(answer.headers.get("retry-after"), now)
        return Trouble(reason, wait=wait or 0.0)
    if 300 <= status < 400:
        there = answer.headers.get("location", "nowhere")
        return Refused(f"HTTP {status}: {there[:200]}: redirects are not followed")
    return Refused(reason, ill=status >= 500)


class Webhook:
    """A receiver of webhooks. `refused` maps hosts to addresses the guard refused."""

    batch = BATCH

    def __init__(
        self,
        target: Target,
        now: Callable[[], datetime],
        refused: Mapping[str, str] | None = None,
    ) -> None:
        self.lease = timedelta(seconds=BATCH * target.timeout + SPARE)
        self._target = target
        self._now = now
        self._refused = {} if refused is None else refused

    async def open(self) -> None:
        """Makes the client; connections are kept between messages."""
        client: Any = importlib.import_module("twisted.web.client")
        reactor: Any = importlib.import_module("twisted.internet.reactor")
        self._pool = client.HTTPConnectionPool(reactor)
        self._agent = client.Agent(
            reactor,
            contextFactory=client.BrowserLikePolicyForHTTPS(),
            connectTimeout=CONNECT,
            pool=self._pool,
        )

    async def deliver(self, messages: Sequence[Leased]) -> Delivered:
        """Sends one after the other, until one meets trouble."""
        taken: list[Leased] = []
        failed: list[Failed] = []
        for message in messages:
            verdict = await self._send(message)
            if isinstance(verdict, Trouble):
                return Delivered(taken, failed, verdict)
            if verdict is None:
                taken.append(message)
                continue
            failed.append(Failed(message, verdict.reason))
            if verdict.ill:
                return Delivered(taken, failed, Trouble(verdict.reason))
        return Delivered(taken, failed)

    async def idle(self) -> Delivered | None:
        """Nothing."""
        return None

    async def close(self) -> None:
        """Closes the connections."""
        await self._pool.closeCachedConnections().asFuture(asyncio.get_running_loop())

    async def _send(self, message: Leased) -> Verdict:
        now = self._now()
        body = json.dumps(
            {
                "type": f"text.{message.kind}",
                "timestamp": now.isoformat(),
                "data": envelope(message),
            }
        ).encode("ascii")
        said = {
            "content-type": "application/json",
            "user-agent": self._target.user_agent,
            **signing.headers(self._target.keys, message.id, now, body),
        }
        try:
            async with asyncio.timeout(self._target.timeout):
                answer = await self._post(said, body)
        except TimeoutError:
            return Refused(f"no answer within {self._target.timeout:g} s", ill=True)
        except Exception as error:  # whatever Twisted raises for a broken connection
            return Trouble(self._told(error))
        return judge(answer, self._now())

    async def _post(self, said: Mapping[str, str], body: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        asked = self._agent.request(
            b"POST",
            self._target.url.encode("ascii"),
            Headers({name: [value] for name, value in said.items()}),
            _Body(body),
        )
        response: Any = await asked.asFuture(loop)
        reader = _Reader()
        response.deliverBody(reader)
        text = await reader.done.asFuture(loop)
        told = {
            name.decode("latin-1").lower(): values[0].decode("latin-1")
            for name, values in response.headers.getAllRawHeaders()
        }
        return Answer(response.code, told, text)

    def _told(self, error: Exception) -> str:
        """What broke, in an operator's words."""
        if isinstance(error, DNSLookupError):
            for host, address in self._refused.items():
                if host in self._target.url:
                    return (
                        f"private address: {host} is {address} (network.allow_private)"
                    )
        if isinstance(error, ConnectError | DNSLookupError):
            return " ".join(str(error).split())
        reasons = getattr(error, "reasons", None) or [error]
        causes = [getattr(one, "value", one) for one in reasons]
        return "; ".join(f"{type(one).__name__}: {one}" for one in causes)


@implementer(IBodyProducer)
class _Body:
    """A request's body of known length."""

    def __init__(self, body: bytes) -> None:
        self.length = len(body)
        self._body = body

    def startProducing(self, consumer: Any) -> Deferred[None]:  # noqa: N802 - Twisted's
        consumer.write(self._body)
        done: Deferred[None] = Deferred()
        done.callback(None)
        return done

    def pauseProducing(self) -> None:  # noqa: N802
        """All of it is written at once."""

    def stopProducing(self) -> None:  # noqa: N802
        """All of it is written at once."""

    resumeProducing = pauseProducing  # noqa: N815


class _Reader(Protocol):
    """Reads the beginning of an answer and hangs up on the rest."""

    def __init__(self) -> None:
        self.done: Deferred[str] = Deferred(lambda _: self._hang_up())
        self._data = b""

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._data += data
        if len(self._data) > MOST_ANSWER:
            self._hang_up()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if not self.done.called:
            text = self._data[:MOST_ANSWER].decode("utf-8", "replace")
            self.done.callback(text)
