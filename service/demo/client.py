"""Starts the site process and talks to it, for the tests and for `presswatch demo`.

with Site.start() as site:
    config = site.config(directory)     # a config directory that watches it
    site.fault("courier", r"^/rss", "status", count=1, status=503)
    ...
    site.log()                          # what was asked of it, and when
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import yaml

from service.demo.newsroom import OUTLETS, Outlet

#: All kinds of sources an outlet offers.
SOURCES = ("feed", "sitemap", "section")
_STOP_SECONDS = 5
# Loopback must not go through a proxy of the environment.
_OPENER = build_opener(ProxyHandler({}))


class SiteError(Exception):
    """The site did not start, or refused a command; the message says why."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Origins of the first outlet over TLS by the flaw of their certificate.

    `authority` is the certificate (PEM) that vouches for all but "self_signed".
    """

    authority: str
    servers: dict[str, str]


@dataclass(slots=True)
class Site:
    """A running site. `outlets` maps keys to origins ("http://127.0.0.1:4711").

    `forbidden` is the origin of a port that no config allows.
    """

    control: str
    forbidden: str
    outlets: dict[str, str]
    _process: subprocess.Popen[bytes] = field(repr=False)
    tls: Tls | None = None

    @classmethod
    def start(cls, *, generate: int = 0, window: int = 30, tls: bool = False) -> Self:
        """Start the process and wait for its addresses. SiteError if it ends."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "service.demo.site"),
                *("--generate", str(generate), "--window", str(window)),
                *(["--tls"] if tls else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            start_new_session=True,  # Ctrl-C is for the demo, which then ends us
        )
        assert process.stdout is not None  # noqa: S101 - we asked for the pipe
        line = process.stdout.readline()
        if not line:
            raise SiteError(f"the site process ended with code {process.wait()}")
        told = json.loads(line)
        secure = Tls(**told.pop("tls")) if tls else None
        return cls(**told, tls=secure, _process=process)

    def stop(self) -> None:
        """End the process: close its input, then insist."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
            return
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # What is there, and what was asked

    def truth(self, outlet: str | None = None) -> list[dict[str, Any]]:
        """Every article as a perfect reader would have it (`Edition.truth`)."""
        told: list[dict[str, Any]] = self._ask("GET", "/truth")
        return [article for article in told if outlet in {None, article["outlet"]}]

    def article(self, slug: str) -> dict[str, Any]:
        """The truth of one article. KeyError if it is not online."""
        for article in self.truth():
            if article["slug"] == slug:
                return article
        raise KeyError(slug)

    def log(self, outlet: str | None = None) -> list[dict[str, Any]]:
        """The requests so far, in order of arrival (`access.Entry`)."""
        entries: list[dict[str, Any]] = self._ask("GET", "/log")["requests"]
        return [entry for entry in entries if outlet in {None, entry["outlet"]}]

    def connections(self, outlet: str) -> int:
        """How often somebody connected to an outlet, or to "forbidden"."""
        counted: dict[str, int] = self._ask("GET", "/log")["connections"]
        return counted.get(outlet, 0)

    def clear_log(self) -> None:
        """Forget the requests and connections so far."""
        self._ask("POST", "/log/clear")

    # Changes

    def publish(self, outlet: str, **said: Any) -> list[str]:
        """Publish `slug` that was held, or `generate` n, or `title` and `text`, or a
        `copy_of` a URL under another `title`. The URLs."""
        urls: list[str] = self._ask("POST", "/publish", {"outlet": outlet, **said})
        return urls

    def update(self, url: str, **said: Any) -> None:
        """Change an article: `add` text, `replace` words, another `title`; without
        any, publish the later version that its desk has prepared."""
        self._ask("POST", "/update", {"url": url, **said})

    def remove(self, url: str, status: int = 410) -> None:
        """Take an article down: it is not listed, and answers `status`."""
        self._ask("POST", "/remove", {"url": url, "status": status})

    def fault(
        self,
        outlet: str,
        path: str,
        kind: str,
        /,
        *,
        count: int | None = None,
        **args: Any,
    ) -> None:
        """Order a fault for requests to `outlet` ("*": any) whose path matches.

        `count` None is for ever. The kinds and their `args`: distortions.py and
        garbling.py.
        """
        said = {"outlet": outlet, "path": path, "kind": kind, "count": count}
        self._ask("POST", "/fault", {**said, "args": args})

    def clear_faults(self) -> None:
        """Behave again."""
        self._ask("POST", "/fault/clear")

    def fault_kinds(self) -> list[str]:
        """The names of all faults."""
        kinds: list[str] = self._ask("GET", "/fault/kinds")
        return kinds

    # Config

    def config(
        self,
        directory: Path,
        *,
        outlets: Iterable[str] | None = None,
        sources: Iterable[str] = SOURCES,
        each: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> Path:
        """Write a config directory that watches the site; returns it.

        `outlets` are the keys to watch (all), `sources` the kinds of sources,
        `each` further keys for every outlet's file, `settings` further keys for
        presswatch.yaml (a mapping is merged into the default one).
        """
        (directory / "outlets").mkdir(parents=True, exist_ok=True)
        keys = set(self.outlets if outlets is None else outlets)
        _write(directory / "presswatch.yaml", self._settings(directory, settings))
        for outlet in OUTLETS:
            if outlet.key in keys:
                told = {**self._outlet(outlet, tuple(sources)), **(each or {})}
                _write(directory / "outlets" / f"{outlet.key}.yaml", told)
        return directory

    def _settings(self, directory: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
        hosts = [urlsplit(origin).netloc for origin in self.outlets.values()]
        merged: dict[str, Any] = {
            "database": str(directory / "data" / "presswatch.db"),
            "user_agent": "presswatch-demo (+http://127.0.0.1/contact)",
            "network": {"allow_private": hosts},
            "defaults": {"every": "15m", "delay": "0s"},
            # A newspaper on loopback has no consumer to hold room for.
            "disk": {"reserve": 0},
            "console": {"bind": "127.0.0.1:0"},  # the usual port may be taken
        }
        for key, value in settings.items():
            old = merged.get(key)
            both = isinstance(old, dict) and isinstance(value, Mapping)
            merged[key] = {**old, **value} if both else value  # type: ignore[dict-item]
        return merged

    def _outlet(self, outlet: Outlet, sources: Iterable[str]) -> dict[str, Any]:
        origin = self.outlets[outlet.key]
        offered = {
            "feed": [origin + outlet.feed],
            "sitemap": [f"{origin}/sitemap.xml"],
            "section": [f"{origin}/{section.key}/" for section in outlet.sections],
        }
        return {
            "name": outlet.name,
            "home": f"{origin}/",
            "language": outlet.language,
            "sources": [{kind: url} for kind in sources for url in offered[kind]],
        }

    def _ask(
        self, method: str, path: str, said: Mapping[str, Any] | None = None
    ) -> Any:
        data = None if method == "GET" else json.dumps(said or {}).encode()
        # S310: the address is the one that our own child process printed.
        request = Request(self.control + path, data, method=method)  # noqa: S310
        try:
            with _OPENER.open(request, timeout=30) as response:
                return json.load(response)
        except HTTPError as error:
            with error:
                raise SiteError(json.load(error)["error"]) from error


def _write(path: Path, value: object) -> None:
    path.write_text(
        yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
