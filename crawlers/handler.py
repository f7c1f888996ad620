"""The download handler: the one place where a request meets the network.

Wraps Scrapy's HTTP/1.1 handler so that nothing gets out except through the host
gate, and adds what Scrapy's lacks: a cap on header bytes, content types judged
before the body is read, per-request TLS verification, and the guard's reason when
an address was refused.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadFailedError,
    DownloadTimeoutError,
    StopDownload,
)
from scrapy.http import Headers, Response
from twisted.internet.error import ConnectError

from crawlers.certificates import Flaws, NotingContextFactory
from crawlers.guard import NetworkGuard, server
from crawlers.ledger import Errand, Meter
from crawlers.refusal import Refused
from pipelines import urls
from pipelines.outcome import Outcome

#: Servers send 1 to 8 kB of headers; without a cap a flood of them fills the memory
#: (1.9 GB in 8 s, measured), since Scrapy's size cap counts body bytes only.
MOST_HEADER_BYTES = 256 * 1024
#: Nor more lines: each costs work on the event loop, and real answers have a hundred.
MOST_HEADER_LINES = 1000
#: Interim answers (1xx) before the final one; servers send one or two.
MOST_INTERIM = 20

#: Seconds that a connection is kept for the next request: servers and what stands
#: between forget them sooner or later, mostly without a word.
KEPT_FOR = 60

#: request.meta: media types that are wanted; others end the request after headers.
WANTED_TYPES = "presswatch_types"
#: request.meta: keep this many bytes of the body and stop, instead of refusing it.
CUT_AT = "presswatch_cut_at"
#: request.meta: do not verify certificates (the operator's `request.verify: false`).
UNVERIFIED = "presswatch_unverified"
#: Seconds after which a request is tried again that this machine had no room for.
SHORTAGE = 30.0
_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_SEEN = "presswatch_seen"
_SPENT = "presswatch_spent"
#: request.meta: what the request is for (`ledger.Errand`), and for which outlet.
ERRAND = "presswatch_errand"
FOR = "presswatch_for"
#: request.meta: a list that receives the `Meter` of each request, redirects too.
TRAIL = "presswatch_trail"

Meters = dict[str, Meter]


class TooManyHeaders(Exception):
    """The head of an answer passes a cap."""

    def __init__(self, most: str, of: str) -> None:
        super().__init__(f"more than {most} {of}")


class _CappedParser(_LenientHTTPClientParser):
    """Counts what heads there are, interim ones (1xx) too; hangs up past a cap.

    A single line is bounded by Twisted (16 kB), and so are the trailers of a chunked
    body. What arrives, and with which status, it tells the meter of its request.
    """

    header_bytes = 0
    header_lines = 0
    interim = 0
    meter: Meter | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.meter is not None:
            self.meter.received += len(data)
            self.meter.first_byte = self.meter.first_byte or time.monotonic()
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self.header_bytes += len(line) + len(self.delimiter)
        self.header_lines += 1
        if self.header_bytes > MOST_HEADER_BYTES:
            raise TooManyHeaders(_kilobytes(MOST_HEADER_BYTES), "of headers")
        if self.header_lines > MOST_HEADER_LINES:
            raise TooManyHeaders(f"{MOST_HEADER_LINES} lines", "of headers")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise TooManyHeaders(_kilobytes(self.MAX_LENGTH), "in one line of headers")

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        super().statusReceived(status)  # type: ignore[no-untyped-call]
        self.interim += 100 <= self.response.code < 200
        if self.interim > MOST_INTERIM:
            raise TooManyHeaders(str(MOST_INTERIM), "interim answers")
        if self.meter is not None:
            self.meter.status = self.response.code


def _kilobytes(size: int) -> str:
    return f"{size // 1024} kB"


class _MeteredProtocol(_LenientHTTP11ClientProtocol):
    """Tells the meter of its host what goes over the wire.

    One request a host is in flight, so the host says which meter that is.
    """

    _parser: Any
    meters: Meters
    used = False

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        # Scrapy's own way: Twisted hard-codes the parser's class.
        self._parser.__class__ = _CappedParser
        meter = self.meters.get(urls.host(request.absoluteURI.decode("latin-1")))
        if meter is not None:
            meter.sent += 1
            meter.reused, self.used = self.used, True
            self._parser.meter = meter
        return answer


class _MeteredFactory(_LenientHTTP11ClientFactory):
    def __init__(self, meters: Meters, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._meters = meters

    def buildProtocol(self, addr: Any) -> _MeteredProtocol:  # noqa: N802
        made = _MeteredProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        made.meters = self._meters
        return made


class GatedHandler(BaseDownloadHandler):
    """Every http and https request of the crawl, one at a time per host."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._meters: Meters = {}
        self._flaws = Flaws()
        noting = NotingContextFactory.noting(crawler, self._flaws)
        self._verified = _handler(crawler, self._meters, noting)
        trusting = _ScrapyClientContextFactory(verify_certificates=False)
        self._unverified = _handler(crawler, self._meters, trusting)
        crawler.signals.connect(_judge_headers, signals.headers_received)
        crawler.signals.connect(_cut, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        meter = self._meter(request)
        try:
            return await self._take_turn(request, meter)
        except DownloadFailedError:
            if not meter.lost_on_the_way:
                raise
        # The server had closed the kept connection: a new one, after the gap.
        return await self._take_turn(request, self._meter(request))

    def _meter(self, request: Request) -> Meter:
        spider: Any = self.crawler.spider
        meter = _meter(request, spider.session.now())
        request.meta.setdefault(TRAIL, []).append(meter)
        return meter

    async def _take_turn(self, request: Request, meter: Meter) -> Response:
        spider: Any = self.crawler.spider
        session = spider.session
        _refuse_private(request, session.guard)
        _refuse_proxy(request)
        async with session.gate.turn(meter.host):
            meter.at, meter.began = session.now(), time.monotonic()
            self._meters[meter.host] = meter
            try:
                with _within_total_time(request):
                    return await self._download(request, session.guard)
            except StopDownload as stop:
                return _judge_stop(stop)
            finally:
                del self._meters[meter.host]
                session.ledger.note(meter)

    async def _download(self, request: Request, guard: NetworkGuard) -> Response:
        inner = self._unverified if request.meta.get(UNVERIFIED) else self._verified
        try:
            return await inner.download_request(request)
        except CannotResolveHostError as error:
            raise _unresolved(request, guard) from error
        except ConnectError as error:
            raise _unconnected(error) from error
        except DownloadFailedError:
            flaw = self._flaws.take(server(request.url))
            if flaw is None:
                raise
            raise DownloadFailedError(f"TLS: {flaw}") from None

    async def close(self) -> None:
        await self._verified.close()
        await self._unverified.close()


def _meter(request: Request, now: datetime) -> Meter:
    errand = Errand(request.meta.get(ERRAND, Errand.TRY))
    if request.meta.get("redirect_urls") and errand not in _WHATEVER:
        errand = Errand.REDIRECT
    return Meter(
        host=urls.host(request.url),
        url=request.url,
        errand=errand,
        outlet=request.meta.get(FOR),
        at=now,
    )


#: Errands whose redirects are told as they are themselves.
_WHATEVER = frozenset({Errand.ROBOTS, Errand.TRY, Errand.ADD})


def _handler(
    crawler: Crawler, meters: Meters, certificates: Any
) -> HTTP11DownloadHandler:
    handler = HTTP11DownloadHandler(crawler)
    factory: Any = partial(_MeteredFactory, meters)
    handler._pool._factory = factory
    # Twisted would ask a second time at once when a kept connection turns out to be
    # closed: past the gate, and unseen by it.
    handler._pool.retryAutomatically = False
    handler._pool.cachedConnectionTimeout = KEPT_FOR
    handler._contextFactory = certificates
    return handler


def _refuse_private(request: Request, guard: NetworkGuard) -> None:
    """Judges what the resolver will not see: a proxy's targets, and the proxy."""
    objection = guard.objection(request.url, proxied="proxy" in request.meta)
    if objection is not None:
        words = f"private address: {objection} (network.allow_private)"
        raise Refused(Outcome.BLOCKED, words)


def _refuse_proxy(request: Request) -> None:
    proxy = request.meta.get("proxy", "")
    if proxy.startswith("https:") and request.url.startswith("https:"):
        words = "https pages need a proxy that is asked over http: see the proxy's URL"
        raise Refused(Outcome.FAILED, words)


def _unresolved(request: Request, guard: NetworkGuard) -> Exception:
    """Why a name gave no address to connect to: the guard, or the name itself."""
    name = urlsplit(request.meta.get("proxy") or request.url).hostname or ""
    address = guard.refused.get(name)
    if address is not None:
        what = name if name == str(address) else f"{name} is {address}"
        words = f"private address: {what} (network.allow_private)"
        return Refused(Outcome.BLOCKED, words)
    return CannotResolveHostError(guard.resolver.reason(name) or name)


def _unconnected(error: ConnectError) -> Exception:
    """What Scrapy leaves unnamed: no route, no network, no descriptors left."""
    if error.osError in _SHORTAGES:
        words = f"too many open files here ({os.strerror(error.osError)}): ulimit -n"
        return Refused(Outcome.FAILED, words, held=SHORTAGE)
    return DownloadFailedError(str(error))


@contextmanager
def _within_total_time(request: Request) -> Iterator[None]:
    """Gives the hops of a redirect chain one time-out together.

    Redirected requests inherit the meta of the one before. Turns at the gate do not
    count: they are our own.
    """
    total = request.meta.get("download_timeout")
    spent = request.meta.get(_SPENT, 0.0)
    if total is not None and spent:
        if spent >= total:
            raise DownloadTimeoutError(f"the redirects took more than {total:g} s")
        request.meta["download_timeout"] = total - spent
    started = time.monotonic()
    try:
        yield
    finally:
        request.meta["download_timeout"] = total
        request.meta[_SPENT] = spent + time.monotonic() - started


def _judge_headers(headers: Headers, request: Request, **_: Any) -> None:
    """Stops before the body when its type is not wanted."""
    wanted = request.meta.get(WANTED_TYPES)
    media = _media_type(headers)
    if wanted and media and not media.startswith(tuple(wanted)):
        raise StopDownload(fail=True)


def _cut(data: bytes, request: Request, **_: Any) -> None:
    """Stops reading a body of which only the beginning is wanted (robots.txt)."""
    most = request.meta.get(CUT_AT)
    if most is not None:
        seen = request.meta.get(_SEEN, 0) + len(data)
        request.meta[_SEEN] = seen
        if seen >= most:
            raise StopDownload(fail=False)


def _judge_stop(stop: StopDownload) -> Response:
    """The answer without its body, if its status says more than its type."""
    response = stop.response
    if response is not None and not 200 <= response.status < 300:
        return response
    media = _media_type(response.headers) if response is not None else "?"
    raise Refused(Outcome.WRONG_TYPE, f"answers {media}, not a page") from stop


def _media_type(headers: Headers) -> str:
    said = headers.get("Content-Type") or b""
    return str(said.decode("latin-1").partition(";")[0].strip().lower())
