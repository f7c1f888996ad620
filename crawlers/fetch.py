"""One request to one URL, through Scrapy's engine: an Answer or a named Miss."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from config.models import Config, Outlet
from crawlers import handler, middlewares, retryafter
from crawlers.gate import HostGate
from crawlers.ledger import Errand, Meter
from crawlers.refusal import Miss, miss, status_miss
from crawlers.robots import MOST_BYTES
from crawlers.uplink import Uplink, spread, try_again
from pipelines import urls

#: A sitemap may hold 50 MB (sitemaps.org); feeds of 20 MB have been seen.
MOST_SOURCE_BYTES = 50 * 1024 * 1024
OFFLINE = "no host can be reached: this machine seems to be offline"
#: Statuses whose Retry-After speaks for the host, beside all of 5xx.
WITH_RETRY_AFTER = frozenset({403, 429})
#: Statuses of redirects that are meant for good.
FOR_GOOD = frozenset({301, 308})
PAGE_TYPES = ("text/html", "application/xhtml", "text/plain", "text/xml")
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
SOURCE_ACCEPT = (
    "application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,text/xml;q=0.9,text/html;q=0.8,*/*;q=0.5"
)


class Purpose(StrEnum):
    """What a request is for; each has its own caps."""

    ROBOTS = "robots"
    SOURCE = "source"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch. `sites` bounds redirects; validators make it conditional."""

    url: str
    purpose: Purpose
    outlet: Outlet | None = None
    errand: Errand = Errand.ARTICLE
    etag: str | None = None
    last_modified: str | None = None
    sites: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx or 304 answer. `url` is the final one; header names are lower case.

    `moved` says that every redirect on the way was one for good (301, 308).
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    moved: bool = False

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")


class Fetcher:
    """Fetches through the engine of one crawl and keeps the gate informed."""

    def __init__(
        self,
        crawler: Crawler,
        config: Callable[[], Config],
        gate: HostGate,
        now: Callable[[], datetime],
        uplink: Uplink | None = None,
        errand: Errand | None = None,
    ) -> None:
        """`errand`: what all requests are for, whatever the orders say."""
        self._crawler = crawler
        self._config = config
        self._gate = gate
        self._now = now
        self._uplink = uplink or Uplink()
        self._errand = errand

    async def fetch(self, order: Order) -> Answer | Miss:
        """The answer, or why there is none. Only bugs raise."""
        request = build_request(order, self._config(), self._errand)
        trail: list[Meter] = request.meta[handler.TRAIL]
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            missed = miss(error)
            if missed is None:
                raise
            self._hops(trail)
            return self._missed(urls.host(request.url), trail, missed)
        self._hops(trail)
        host = urls.host(response.url)
        if self._uplink.answered(host, self._now()):
            self._resume()
        return self._judge(response, trail[-1].latency if trail else None)

    def _hops(self, trail: list[Meter]) -> None:
        """Those who sent us on have answered."""
        for meter in trail[:-1]:
            if meter.status is not None:
                self._gate.answered(meter.host, meter.latency)

    def _resume(self) -> None:
        """After an outage of ours: the hosts are asked again, not all at once."""
        hosts = self._gate.held(OFFLINE)
        self._gate.release(hosts)
        for number, host in enumerate(hosts):
            self._gate.pause(host, spread(len(hosts)) * number / len(hosts))

    def _judge(self, response: Response, latency: float | None) -> Answer | Miss:
        headers = _headers(response)
        host = urls.host(response.url)
        challenge = headers.get("cf-mitigated") == "challenge"
        missed = status_miss(response.status, challenge=challenge)
        if response.status in (429, 503):
            self._gate.refused(host)
        if response.status in WITH_RETRY_AFTER or response.status >= 500:
            self._hold(host, response.status, headers.get("retry-after"))
        if missed is not None:
            return self._note(host, missed, latency)
        self._gate.answered(host, latency)
        meta = response.request.meta if response.request else {}
        reasons = meta.get("redirect_reasons", [])
        return Answer(
            response.url,
            response.status,
            headers,
            response.body,
            moved=bool(reasons) and set(reasons) <= FOR_GOOD,
        )

    def _hold(self, host: str, status: int, header: str | None) -> None:
        seconds = retryafter.seconds(header, self._now())
        if seconds is None and status == 429:
            seconds = 60.0  # a server that says "too many" without saying how long
        if seconds:
            self._gate.hold(host, seconds, f"HTTP {status}, Retry-After: {header}")

    def _missed(self, host: str, trail: list[Meter], missed: Miss) -> Miss:
        """Judges a request without an answer; it ended at the last host of its way."""
        if missed.held:
            return missed
        host = trail[-1].host if trail else host
        reached = any(meter.sent for meter in trail[-1:])
        if missed.blame and not reached:
            lost = missed.unreachable
            self._uplink.silent(host, self._now(), unresolved=lost)
            if self._uplink.down:
                seconds = try_again(host)
                self._gate.hold(host, seconds, OFFLINE)
                return replace(missed, held=seconds, blame=False)
        return self._note(host, missed)

    def _note(self, host: str, missed: Miss, latency: float | None = None) -> Miss:
        if missed.blame:
            self._gate.failed(host)
        elif missed.status is not None and missed.status != 429:
            self._gate.answered(host, latency)
        return missed


def build_request(
    order: Order, config: Config, errand: Errand | None = None
) -> Request:
    """The Scrapy request for an order: headers, caps, proxy, who may see what.

    `errand`: what the ledger says it is for, if not what the order says.
    """
    headers = _request_headers(order, config)
    meta: dict[str, Any] = {
        middlewares.SITES: order.sites,
        middlewares.PRIVATE_HEADERS: _private(order.outlet),
        middlewares.ABOVE_ROBOTS: _above_robots(order),
        middlewares.OUTLET: order.outlet,
        handler.ERRAND: errand or order.errand,
        handler.FOR: order.outlet.key if order.outlet else None,
        handler.TRAIL: [],
    }
    if order.purpose is Purpose.ROBOTS:
        meta |= {handler.CUT_AT: MOST_BYTES, "download_maxsize": 0}
    if order.purpose is Purpose.SOURCE:
        meta["download_maxsize"] = MOST_SOURCE_BYTES
    if order.purpose is Purpose.PAGE:
        meta[handler.WANTED_TYPES] = PAGE_TYPES
    if order.outlet is not None:
        meta["download_timeout"] = order.outlet.request.timeout.total_seconds()
        meta[handler.UNVERIFIED] = not order.outlet.request.verify
    proxy = (order.outlet and order.outlet.request.proxy) or config.network.proxy
    if proxy:
        meta["proxy"], secret = _without_secret(proxy)
        headers |= {"Proxy-Authorization": secret} if secret else {}
    return Request(order.url, headers=headers, meta=meta, dont_filter=True)


def _above_robots(order: Order) -> bool:
    ignored = order.outlet is not None and not order.outlet.robots
    return ignored or order.purpose is Purpose.ROBOTS


def _request_headers(order: Order, config: Config) -> dict[str, str]:
    accept = PAGE_ACCEPT if order.purpose is Purpose.PAGE else SOURCE_ACCEPT
    headers = {"User-Agent": config.user_agent, "Accept": accept}
    if order.purpose is Purpose.ROBOTS:
        headers["Accept-Encoding"] = "identity"  # so that it can be cut
    if order.outlet is not None:
        headers |= dict(order.outlet.request.headers)
        if order.outlet.request.auth:
            headers["Authorization"] = _basic(order.outlet.request.auth)
    if order.etag:
        headers["If-None-Match"] = order.etag
    if order.last_modified:
        headers["If-Modified-Since"] = order.last_modified
    return headers


def _without_secret(proxy: str) -> tuple[str, str | None]:
    """A proxy's URL without user and password, and the header that tells them."""
    parts = urlsplit(proxy)
    user, at, host = parts.netloc.rpartition("@")
    plain = urlunsplit(parts._replace(netloc=host))
    return plain, _basic(unquote(user)) if at else None


def _basic(said: str) -> str:
    """RFC 7617's credentials of `user:password`."""
    return f"Basic {base64.b64encode(said.encode()).decode()}"


def _private(outlet: Outlet | None) -> tuple[str, ...]:
    return (*outlet.request.headers, "Authorization") if outlet else ()


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
