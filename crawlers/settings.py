"""Scrapy settings. Those that would break a promise are set here, each with why."""

from __future__ import annotations

from typing import Any

BOT_NAME = "presswatch"
SPIDER_MODULES = ["crawlers.spiders"]
NEWSPIDER_MODULE = "crawlers.spiders"
ADDONS: dict[str, int] = {}

# Where the spider finds the operator's config when it is started by `scrapy crawl`.
PRESSWATCH_CONFIG = "config"

# Politeness is the gate's (one request in flight and the gap a host, across
# crawlers); Scrapy's own delay is per crawler and jittered by half.
CONCURRENT_REQUESTS = 256
CONCURRENT_REQUESTS_PER_DOMAIN = 16
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
AUTOTHROTTLE_ENABLED = False

# Retries live in the database with a growing delay; robots, compression and errors
# are judged by our own code.
RETRY_ENABLED = False
ROBOTSTXT_OBEY = False
COMPRESSION_ENABLED = False
HTTPERROR_ALLOW_ALL = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# Follows redirects, but neither far nor by markup.
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False

# A total time per request, and the sizes of a page; feeds get more by meta.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True

# Cookies would tie visits together, and their domain check downloads a list.
COOKIES_ENABLED = False
# The address of a feed may hold a reader's key: nobody it leads to is told.
REFERER_ENABLED = False
# A proxy only by network.proxy or request.proxy, never by the environment.
HTTPPROXY_ENABLED = False
# Nothing listens, nothing but http and https is fetched.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Scrapy's own list without what is switched off here: Scrapy loads all that is in it,
# with the consoles the servers of aiohttp and conch, and even to leave one out.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawlers.handler.GatedHandler",
    "https": "crawlers.handler.GatedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    "crawlers.middlewares.HopMiddleware": 90,
    "crawlers.middlewares.RobotsMiddleware": 100,
    "crawlers.middlewares.StrictCompressionMiddleware": 590,
    "crawlers.middlewares.LocationMiddleware": 610,  # inside Scrapy's redirects: 600
}
DEFAULT_REQUEST_HEADERS: dict[str, str] = {}

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "INFO"
STATS_DUMP = False
FEED_EXPORT_ENCODING = "utf-8"
