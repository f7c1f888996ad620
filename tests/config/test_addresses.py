"""URLs, hosts, permits: what is well formed, what is not and why."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import addresses
from config.problems import Unfit


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://www.tag24.com/world/rss", id="plain"),
        pytest.param("http://127.0.0.1:8080/feed?x=1&y=2", id="address and port"),
        pytest.param("http://[::1]:8080/feed", id="IPv6"),
        pytest.param("https://bücher.example/é", id="other letters"),
        pytest.param("https://xn--bcher-kva.example/", id="punycode"),
        pytest.param("https://a_b.example/x~y,z;w", id="underscore, odd path"),
        pytest.param("HTTPS://WWW.EXAMPLE.ORG", id="capitals, no path"),
        pytest.param("http://localhost:1/", id="localhost"),
        pytest.param("https://example.org./", id="dot at the end"),
    ],
)
def test_good_urls_stay_as_they_are(url: str) -> None:
    assert addresses.check_url(url) == url


@pytest.mark.parametrize(
    ("url", "cause", "hint"),
    [
        pytest.param("", "not an http", None, id="empty"),
        pytest.param(
            "www.bbc.com/feed",
            "not an http or https URL",
            "did you mean https://www.bbc.com/feed?",
            id="no scheme",
        ),
        pytest.param(
            "//www.bbc.com/feed",
            "not an http",
            "did you mean https://www.bbc.com/feed?",
            id="no scheme but slashes",
        ),
        pytest.param("ftp://example.org/", "not an http", None, id="other scheme"),
        pytest.param("file:///etc/passwd", "not an http", None, id="a file"),
        pytest.param("javascript:alert(1)", "not an http", None, id="a script"),
        pytest.param("https:///path", "not an http", None, id="no host"),
        pytest.param("https://:80/", "names no host", None, id="a port alone"),
        pytest.param("https://a b.example/", "no spaces", "write", id="space"),
        pytest.param("https://a.example/\n", "no spaces", "write", id="line break"),
        pytest.param("https://a.example/\x00", "control", "write", id="NUL"),
        pytest.param("https://a.example:99999/", "Port out", None, id="port too high"),
        pytest.param("https://a.example:x/", "not a URL", None, id="port of letters"),
        pytest.param("https://a.example:0/", "port 0", None, id="port zero"),
        pytest.param("https://[::1/", "Invalid IPv6", None, id="open bracket"),
        pytest.param("https://a..b/", "not a host name", None, id="empty label"),
        pytest.param("https://a%20b/", "not a host name", None, id="escapes in it"),
        pytest.param("https://a\\@b/", "user and pass", "request.auth", id="backslash"),
        pytest.param(
            "https://me:pw@a.example/", "user and pass", "request.auth", id="password"
        ),
        pytest.param(
            "https://" + "a" * 64 + ".b/", "not a host", None, id="long label"
        ),
        pytest.param(
            "https://" + "a." * 150 + "b/", "not a host", None, id="long host"
        ),
    ],
)
def test_bad_urls_say_why(url: str, cause: str, hint: str | None) -> None:
    with pytest.raises(Unfit, match=cause) as caught:
        addresses.check_url(url)
    assert (hint or "") in (caught.value.hint or "")
    assert (hint is None) == (caught.value.hint is None)


@given(st.text(max_size=40) | st.text(max_size=20).map("http://{}".format))
def test_any_text_is_a_url_or_unfit(text: str) -> None:
    with suppress(Unfit):
        assert addresses.check_url(text) == text
        assert addresses.identity(text)


@pytest.mark.parametrize(
    ("text", "network", "port"),
    [
        pytest.param("127.0.0.1", "127.0.0.1/32", None, id="address"),
        pytest.param("127.0.0.1:8080", "127.0.0.1/32", 8080, id="address and port"),
        pytest.param("10.0.0.0/8", "10.0.0.0/8", None, id="network"),
        pytest.param("10.0.0.0/8:80", "10.0.0.0/8", 80, id="network and port"),
        pytest.param("127.0.0.1/8", "127.0.0.0/8", None, id="as `ip addr` prints it"),
        pytest.param("::1", "::1/128", None, id="IPv6"),
        pytest.param("[::1]", "::1/128", None, id="IPv6 in brackets"),
        pytest.param("[::1]:80", "::1/128", 80, id="IPv6 and port"),
        pytest.param("fd00::/8", "fd00::/8", None, id="IPv6 network"),
        pytest.param("[fd00::/8]:443", "fd00::/8", 443, id="IPv6 network and port"),
    ],
)
def test_permit_reads(text: str, network: str, port: int | None) -> None:
    assert addresses.permit(text) == addresses.Permit(ip_network(network), port)
    assert addresses.check_permit(text) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("localhost", id="a name"),
        pytest.param("localhost:80", id="a name and port"),
        pytest.param("127.0.0.1:0", id="port zero"),
        pytest.param("127.0.0.1:65536", id="port too high"),
        pytest.param("127.0.0.1:", id="colon without port"),
        pytest.param("10.0.0.0/33", id="prefix too long"),
        pytest.param("127.1", id="short form"),
        pytest.param("::1]:80", id="half a bracket"),
        pytest.param("", id="empty"),
        pytest.param("http://127.0.0.1", id="a URL"),
    ],
)
def test_permit_refuses(text: str) -> None:
    with pytest.raises(Unfit):
        addresses.permit(text)


@pytest.mark.parametrize(
    ("site", "same"),
    [
        pytest.param("bbc.co.uk", "bbc.co.uk", id="host"),
        pytest.param("BBC.co.uk", "bbc.co.uk", id="capitals"),
        pytest.param("127.0.0.1", "127.0.0.1", id="address"),
    ],
)
def test_sites(site: str, same: str) -> None:
    assert addresses.check_site(site) == same


@pytest.mark.parametrize(
    ("site", "hint"),
    [
        pytest.param("https://bbc.co.uk/news", "write bbc.co.uk", id="a URL"),
        pytest.param("bbc.co.uk/news", "write bbc.co.uk", id="a path behind"),
        pytest.param("https://[::1", None, id="a broken URL"),
        pytest.param("*.bbc.co.uk", None, id="a star"),
        pytest.param("", None, id="empty"),
    ],
)
def test_bad_sites(site: str, hint: str | None) -> None:
    with pytest.raises(Unfit) as caught:
        addresses.check_site(site)
    assert caught.value.hint == hint


@pytest.mark.parametrize("bind", ["127.0.0.1:8480", "[::1]:0", "localhost:80"])
def test_binds(bind: str) -> None:
    assert addresses.check_bind(bind) == bind


@pytest.mark.parametrize("bind", ["8480", "127.0.0.1", "::1:80", "a b:80", "x:70000"])
def test_bad_binds(bind: str) -> None:
    with pytest.raises(Unfit):
        addresses.check_bind(bind)


@pytest.mark.parametrize(
    "proxy", ["http://10.0.0.1:3128", "http://me:pw@proxy.example:8080/"]
)
def test_proxies(proxy: str) -> None:
    assert addresses.check_proxy(proxy) == proxy


@pytest.mark.parametrize(
    "proxy", ["10.0.0.1:3128", "socks5://10.0.0.1:1080", "http://p.example/path"]
)
def test_bad_proxies(proxy: str) -> None:
    with pytest.raises(Unfit):
        addresses.check_proxy(proxy)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("HTTP://A.Example/x", "http://a.example/x", id="case of the host"),
        pytest.param("https://a.example", "https://a.example/", id="empty path"),
        pytest.param("https://a.example:443/", "https://a.example/", id="default port"),
        pytest.param("https://a.example./", "https://a.example/", id="dot at the end"),
        pytest.param("https://a.example/x#y", "https://a.example/x", id="fragment"),
    ],
)
def test_one_source_written_in_two_ways(one: str, other: str) -> None:
    assert addresses.identity(one) == addresses.identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://a.example/x", "https://a.example/X", id="case of a path"),
        pytest.param("https://a.example/?a&b", "https://a.example/?b&a", id="query"),
        pytest.param("http://a.example:81/", "http://a.example/", id="port"),
    ],
)
def test_two_sources(one: str, other: str) -> None:
    assert addresses.identity(one) != addresses.identity(other)


def test_a_broken_url_has_no_identity() -> None:
    assert addresses.identity("www.bbc.com") == ""


def test_origin_is_the_front_page() -> None:
    assert addresses.origin("https://A.example:81/x?y#z") == "https://a.example:81/"
