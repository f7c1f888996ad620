"""Downloader middlewares: thin adapters around robots, redirects and compression."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from config.models import Outlet
from crawlers import compression
from crawlers.refusal import Refused
from pipelines import urls
from pipelines.outcome import Outcome

#: request.meta: sites (registrable domains) that redirects may lead to; None = any.
SITES = "presswatch_sites"
#: request.meta: names of headers that only the first host may see.
PRIVATE_HEADERS = "presswatch_private_headers"
#: request.meta: the outlet for which the request is made, if any.
OUTLET = "presswatch_outlet"
#: request.meta: True on requests that robots.txt has no say in.
ABOVE_ROBOTS = "presswatch_above_robots"

#: Bodies of up to so many bytes are decoded on the event loop: half a millisecond.
AT_ONCE = 128 * 1024


class HopMiddleware:
    """Judges every redirect hop as if it had been listed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HopMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        hops = request.meta.get("redirect_urls")
        if not hops:
            return
        sites = request.meta.get(SITES)
        if sites is not None and not urls.same_site(request.url, sites):
            words = f"redirects off the outlet's site, to {urls.site(request.url)}"
            raise Refused(Outcome.DENIED, words)
        if _strange(request):
            for name in request.meta.get(PRIVATE_HEADERS, ()):
                request.headers.pop(name, None)


def _strange(request: Request) -> bool:
    """Whether a redirect led to where the outlet's secrets are not to be told.

    That is another host or port, and the same one without TLS.
    """
    first = request.meta.get("redirect_urls", [request.url])[0]
    clear = first.startswith("https:") and not request.url.startswith("https:")
    return clear or urls.host(request.url) != urls.host(first)


class LocationMiddleware:
    """Hands Scrapy the proper spelling of where a redirect leads, or ends it.

    Scrapy stumbles over what is no address, and percent-encodes IDN hosts.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        said = response.headers.get("Location")
        if said is None or not 300 <= response.status < 400:
            return response
        try:
            url = urls.absolute(_decoded(said), request.url)
        except urls.UrlError as error:
            words = f"HTTP {response.status}: redirects to no web page ({error})"
            raise Refused(Outcome.BLOCKED, words) from error
        headers = response.headers.copy()
        headers["Location"] = url
        return response.replace(headers=headers)


def _decoded(header: bytes) -> str:
    """A header's text: UTF-8 as servers send it, else Latin-1 as HTTP once said."""
    try:
        return header.decode()
    except UnicodeDecodeError:
        return header.decode("latin-1")


class RobotsMiddleware:
    """Asks robots.txt before each request, redirects included (RFC 9309)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ABOVE_ROBOTS):
            return
        spider: Any = self._crawler.spider
        session = spider.session
        outlet: Outlet | None = request.meta.get(OUTLET)
        if outlet is not None and _strange(request):
            outlet = _without_secrets(outlet)
        verdict = await session.robots.verdict(request.url, outlet)
        session.note_verdict(request.url, verdict)
        if not verdict.allowed:
            raise Refused(Outcome.ROBOTS, verdict.reason or "robots.txt")


def _without_secrets(outlet: Outlet) -> Outlet:
    """The outlet as it may ask a host that it did not choose."""
    request = outlet.request.model_copy(update={"headers": {}, "auth": None})
    return outlet.model_copy(update={"request": request})


class StrictCompressionMiddleware:
    """Undoes Content-Encoding; a body cut short is refused, not shortened."""

    def __init__(self, most: int) -> None:
        self._most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StrictCompressionMiddleware:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", "gzip, deflate, br, zstd")

    async def process_response(self, request: Request, response: Response) -> Response:
        said = response.headers.getlist("Content-Encoding")
        if not said or "download_stopped" in response.flags:
            return response
        encodings = _encodings(said)
        most = request.meta.get("download_maxsize", self._most)
        body = await _undone(response.body, encodings, most)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, headers=headers, body=body)


def _encodings(said: list[bytes]) -> list[str]:
    joined = ",".join(value.decode("latin-1") for value in said)
    return [name.strip().lower() for name in joined.split(",")]


async def _undone(body: bytes, encodings: list[str], most: int) -> bytes:
    """The body decoded: a small one at once, a large one beside the event loop.

    How large it is shows only while it is decoded: a kilobyte may hold megabytes.
    """
    try:
        return compression.decode(body, encodings, min(most, AT_ONCE))
    except compression.BrokenBody as error:
        raise Refused(Outcome.INCOMPLETE, str(error)) from error
    except compression.BodyTooLarge:
        return await asyncio.to_thread(_decode, body, encodings, most)


def _decode(body: bytes, encodings: list[str], most: int) -> bytes:
    try:
        return compression.decode(body, encodings, most)
    except compression.BodyTooLarge as error:
        raise Refused(Outcome.TOO_LARGE, str(error)) from error
    except compression.BrokenBody as error:
        raise Refused(Outcome.INCOMPLETE, str(error)) from error
