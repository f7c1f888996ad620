"""The download handler: the one place where a request meets the network.

Wraps Scrapy's HTTP/1.1 handler so that nothing gets out except through the host
gate, and adds what Scrapy's lacks: a cap on header bytes, content types judged
before the body is read, per-request TLS verification, and the guard's reason when
an address was refused.
"""

from __future__ import annotations

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
from scrapy.exceptions import CannotResolveHostError, StopDownload
from scrapy.http import Headers, Response
from twisted.web._newclient import BODY

from crawlers.refusal import Refused
from pipelines import urls
from pipelines.outcome import Outcome

#: Servers send 1 to 8 kB of headers; without a cap a flood of them fills the memory
#: (1.9 GB in 8 s, measured), since Scrapy's size cap counts body bytes only.
MOST_HEADER_BYTES = 256 * 1024

#: request.meta: media types that are wanted; others end the request after headers.
WANTED_TYPES = "presswatch_types"
#: request.meta: keep this many bytes of the body and stop, instead of refusing it.
CUT_AT = "presswatch_cut_at"
#: request.meta: do not verify certificates (the operator's `request.verify: false`).
UNVERIFIED = "presswatch_unverified"
_SEEN = "presswatch_seen"


class _CappedParser(_LenientHTTPClientParser):
    """Counts header bytes and hangs up past the cap."""

    transport: Any

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.state != BODY:
            seen = getattr(self, "header_bytes", 0) + len(data)
            self.header_bytes = seen
            # The first segment may carry a large body behind short headers.
            if seen > MOST_HEADER_BYTES and b"\r\n\r\n" not in data:
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    _parser: Any

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        # Scrapy's own way: Twisted hard-codes the parser's class.
        self._parser.__class__ = _CappedParser
        return answer


class _CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _CappedProtocol:  # noqa: N802
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class GatedHandler(BaseDownloadHandler):
    """Every http and https request of the crawl, one at a time per host."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._verified = _handler(crawler)
        self._unverified = _handler(crawler, verify=False)
        crawler.signals.connect(_judge_headers, signals.headers_received)
        crawler.signals.connect(_cut, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        spider: Any = self.crawler.spider
        session = spider.session
        inner = self._unverified if request.meta.get(UNVERIFIED) else self._verified
        async with session.gate.turn(urls.host(request.url)):
            try:
                return await inner.download_request(request)
            except StopDownload as stop:
                return _judge_stop(stop)
            except CannotResolveHostError:
                _raise_if_guarded(request, session.guard.refused)
                raise

    async def close(self) -> None:
        await self._verified.close()
        await self._unverified.close()


def _handler(crawler: Crawler, *, verify: bool = True) -> HTTP11DownloadHandler:
    handler = HTTP11DownloadHandler(crawler)
    handler._pool._factory = _CappedFactory
    if not verify:
        factory: Any = _ScrapyClientContextFactory(verify_certificates=False)
        handler._contextFactory = factory
    return handler


def _raise_if_guarded(request: Request, refused: dict[str, str]) -> None:
    name = urlsplit(request.meta.get("proxy") or request.url).hostname or ""
    address = refused.get(name)
    if address is not None:
        words = f"private address: {name} is {address} (network.allow_private)"
        raise Refused(Outcome.BLOCKED, words)


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
