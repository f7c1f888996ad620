"""Canonical URLs: what is folded, what is kept, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from pipelines.urls import (
    LONGEST,
    UrlError,
    absolute,
    canonical,
    host,
    key,
    same_site,
    site,
)

BASE = "https://www.example.com/news/feed.xml"

SPELLINGS = [
    pytest.param(
        "HTTPS://WWW.Example.COM/News", "https://www.example.com/News", id="case"
    ),
    pytest.param("https://a.example", "https://a.example/", id="empty path"),
    pytest.param("http://a.example:80/x", "http://a.example/x", id="port 80"),
    pytest.param("https://a.example:443/x", "https://a.example/x", id="port 443"),
    pytest.param("https://a.example:/x", "https://a.example/x", id="empty port"),
    pytest.param("http://a.example:443/x", "http://a.example:443/x", id="other port"),
    pytest.param("https://a.example./x", "https://a.example/x", id="trailing dot"),
    pytest.param("https://a.example/x#top", "https://a.example/x", id="fragment"),
    pytest.param("https://a.example/x/", "https://a.example/x/", id="slash kept"),
    pytest.param("http://a.example/x", "http://a.example/x", id="http kept"),
    pytest.param("https://a.example/x?", "https://a.example/x", id="empty query"),
    pytest.param(
        "https://a.example/a/./b/../c", "https://a.example/a/c", id="dot segments"
    ),
    pytest.param("https://a.example/../../x", "https://a.example/x", id="above root"),
    pytest.param("https://a.example/a/..", "https://a.example/", id="dots at the end"),
    pytest.param("https://a.example/a/b/.", "https://a.example/a/b/", id="dot at end"),
    pytest.param(
        "https://a.example/%7euser/%e4%bd%a0",
        "https://a.example/~user/%E4%BD%A0",
        id="escapes",
    ),
    pytest.param(
        "https://a.example/你 好?q=ü",
        "https://a.example/%E4%BD%A0%20%E5%A5%BD?q=%C3%BC",
        id="raw characters become UTF-8",
    ),
    pytest.param(
        "https://a.example/100%/x%zz", "https://a.example/100%25/x%25zz", id="stray %"
    ),
    pytest.param(
        "https://a.example/a%2Fb%3Fc",
        "https://a.example/a%2Fb%3Fc",
        id="escaped separators stay escaped",
    ),
    pytest.param("  https://a.example/\n x\t ", "https://a.example/%20x", id="blanks"),
    pytest.param("https://a.example/x\x00y\x1f", "https://a.example/xy", id="controls"),
    pytest.param("https://müller.example/", "https://xn--mller-kva.example/", id="IDN"),
    pytest.param("https://faß.example/", "https://xn--fa-hia.example/", id="IDN ß"),
    pytest.param("https://пример.рф/x", "https://xn--e1afmkfd.xn--p1ai/x", id="IDN ru"),
    pytest.param("https://日本。jp/", "https://xn--wgv71a.jp/", id="ideographic dot"),
    pytest.param("http://[2001:DB8::0:1]:80/", "http://[2001:db8::1]/", id="IPv6"),
    pytest.param(
        "https://my_site.example/", "https://my_site.example/", id="underline"
    ),
    pytest.param(
        "https://a.example/x?b=2&&a=1&", "https://a.example/x?b=2&a=1", id="order kept"
    ),
    pytest.param(
        "https://a.example/x?a=1&amp;b=2&amp;amp;c=3",
        "https://a.example/x?a=1&b=2&c=3",
        id="twice escaped ampersand",
    ),
    pytest.param(
        "http://https://a.example/x", "https://a.example/x", id="doubled scheme"
    ),
    pytest.param(
        "https://web.archive.org/web/2/http://a.example/",
        "https://web.archive.org/web/2/http://a.example/",
        id="URL in the path",
    ),
    pytest.param(
        "https://a.example/x;jsessionid=0A1B?id=1",
        "https://a.example/x?id=1",
        id="session in the path",
    ),
]

RELATIVE = [
    pytest.param("/a/b", "https://www.example.com/a/b", id="root"),
    pytest.param("story-1", "https://www.example.com/news/story-1", id="sibling"),
    pytest.param("../x", "https://www.example.com/x", id="parent"),
    pytest.param("?p=12", "https://www.example.com/news/feed.xml?p=12", id="query"),
    pytest.param("#top", "https://www.example.com/news/feed.xml", id="fragment"),
    pytest.param("//cdn.example/x", "https://cdn.example/x", id="scheme-relative"),
    pytest.param("www.other.example/x", "https://www.other.example/x", id="bare host"),
    pytest.param("www.htm", "https://www.example.com/news/www.htm", id="file www.htm"),
]

IDLE = """
    utm_source=rss utm_anything=1 UTM_Medium=x %75tm_source=1 fbclid=I0 gclid=1 dclid=1
    msclkid=1 mc_cid=1 mc_eid=1 igshid=1 yclid=1 _ga=1.2 ref=home referrer=x cmp=rss
    CMP=share cmpid=1 at_medium=RSS at_campaign=KARANGA xtor=RSS-1 wt_mc=rss
    ns_mchannel=rss ocid=1 smid=tw maca=en-rss traffic_source=rss source=rss
    partner=rss emc=rss r=rss amp amp=1 outputType=amp print=1 PHPSESSID=0a
"""

MEANINGFUL = """
    id=12345 p=77 article=9&page=2 reference=8 refid=3 campaign=5 source=41 cid=9
    lang=en amp=no print= m=1 output=html type=rss v=dQw4 seite=all from=istanbul utm=1
    mod=news
"""

FORMS = [
    pytest.param("https://a.example/x/amp", "https://a.example/x", id="/amp"),
    pytest.param("https://a.example/x/amp/", "https://a.example/x/", id="/amp/"),
    pytest.param("https://a.example/x.amp", "https://a.example/x", id=".amp"),
    pytest.param("https://a.example/x.amp.html", "https://a.example/x.html", id="html"),
    pytest.param("https://a.example/x/amp/amp", "https://a.example/x", id="twice"),
    pytest.param("https://a.example/amp", "https://a.example/amp", id="a page /amp"),
    pytest.param("https://a.example/lamp", "https://a.example/lamp", id="lamp"),
    pytest.param(
        "https://a.example/guitar-amp", "https://a.example/guitar-amp", id="-"
    ),
    pytest.param("https://a.example/amp/x", "https://a.example/amp/x", id="a folder"),
    pytest.param("https://a.example/x.ampere", "https://a.example/x.ampere", id="amp+"),
    pytest.param("https://a.example/..amp", "https://a.example/", id="dots left over"),
    pytest.param("https://amp.a.example/x", "https://a.example/x", id="amp."),
    pytest.param("https://m.a.example/x", "https://a.example/x", id="m."),
    pytest.param("https://mobile.a.co.uk/x", "https://a.co.uk/x", id="mobile."),
    pytest.param("https://m.co.uk/x", "https://m.co.uk/x", id="registered m"),
    pytest.param("https://mobile.de/x", "https://mobile.de/x", id="registered mobile"),
    pytest.param("https://de.m.a.example/", "https://de.m.a.example/", id="m inside"),
    pytest.param("http://m.a.example:81/", "http://m.a.example:81/", id="own port"),
    pytest.param(
        "https://a.example/a-b-c/print/", "https://a.example/a-b-c/", id="print slug"
    ),
    pytest.param(
        "https://a.example/12345/print", "https://a.example/12345", id="print number"
    ),
    pytest.param("https://a.example/print", "https://a.example/print", id="print"),
    pytest.param(
        "https://a.example/x/print", "https://a.example/x/print", id="section"
    ),
    pytest.param(
        "https://www.google.com/amp/s/www.a.example/x/amp/",
        "https://www.a.example/x/",
        id="Google's AMP viewer",
    ),
    pytest.param(
        "https://www-a-example.cdn.ampproject.org/c/s/www.a.example/x.amp.html",
        "https://www.a.example/x.html",
        id="Google's AMP cache",
    ),
    pytest.param(
        "https://a-example.cdn.ampproject.org/v/a.example/x",
        "http://a.example/x",
        id="AMP cache without TLS",
    ),
]

REFUSED = [
    pytest.param("", "empty", id="empty"),
    pytest.param(" \t", "empty", id="blank"),
    pytest.param("javascript:void(0)", "javascript", id="javascript"),
    pytest.param("JaVaScRiPt:alert(1)", "javascript", id="javascript in capitals"),
    pytest.param("java\nscript:alert(1)", "javascript", id="javascript broken up"),
    pytest.param("mailto:desk@a.example", "mailto", id="mailto"),
    pytest.param("data:text/html,x", "data", id="data"),
    pytest.param("file:///etc/passwd", "file", id="file"),
    pytest.param("ftp://a.example/x", "ftp", id="ftp"),
    pytest.param("gopher://a.example/", "gopher", id="gopher"),
    pytest.param("tel:+441234", "tel", id="tel"),
    pytest.param("http://user@a.example/", "user name", id="user"),
    pytest.param("http://a.example@evil.example/", "user name", id="host as user"),
    pytest.param("//u:p@a.example/", "user name", id="relative with user"),
    pytest.param("http://a.example\\@evil.example/", "backslash", id="backslash"),
    pytest.param("\\\\evil.example/x", "backslash", id="two backslashes"),
    pytest.param("/\\evil.example/x", "backslash", id="slash and backslash"),
    pytest.param("http://", "no host", id="no host"),
    pytest.param("http:///x", "no host", id="three slashes"),
    pytest.param("https:/x", "no host", id="one slash"),
    pytest.param("http://a.example:0/", "port", id="port 0"),
    pytest.param("http://a.example:65536/", "port", id="port too high"),
    pytest.param("http://a.example:8o/", "port", id="port with a letter"),
    pytest.param("http://a.example:８０/", "bad port", id="wide port"),
    pytest.param("http://a..example/", "host name", id="empty label"),
    pytest.param("http://-a.example/", "host name", id="leading hyphen"),
    pytest.param("http://a b.example/", "host name", id="blank in the host"),
    pytest.param("http://%61.example/", "host name", id="escape in the host"),
    pytest.param(f"http://{'a' * 64}.example/", "host name", id="long label"),
    pytest.param(
        "http://\ud800.example/", "host name", id="lone surrogate in the host"
    ),
    pytest.param("http://a.example/\ud800", "not a URL", id="lone surrogate"),
    pytest.param("http://xn--\u2603.example/", "host name", id="broken punycode"),
    pytest.param("http://127.1/", "IP address", id="short IPv4"),
    pytest.param("http://2130706433/", "IP address", id="IPv4 as a number"),
    pytest.param("http://0x7f000001/", "IP address", id="IPv4 in hex"),
    pytest.param("http://127.0.0.01/", "IP address", id="IPv4 with octal"),
    pytest.param("http://[::1/", "not a URL", id="open bracket"),
    pytest.param("http://[::g]/", "IPv6", id="bad IPv6"),
    pytest.param("http://[v1.a]/", "IPv6|not a URL", id="an IP version to come"),
    pytest.param("http://[::1]x/", "not a URL|port", id="text behind IPv6"),
    pytest.param(f"http://a.example/{'x' * LONGEST}", "longer", id="too long"),
    pytest.param(f"http://a.example/{'你' * 400}", "longer", id="too long escaped"),
    pytest.param(f"http://a.example/?utm_x={'x' * 20_000}", "longer", id="absurd"),
]


@pytest.mark.parametrize(("link", "expected"), SPELLINGS + FORMS)
def test_spellings_of_one_page_fold_into_one(link: str, expected: str) -> None:
    assert canonical(link) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(("link", "expected"), RELATIVE)
def test_relative_links_resolve_against_where_they_stood(
    link: str, expected: str
) -> None:
    assert canonical(link, BASE) == expected


@pytest.mark.parametrize("query", IDLE.split())
def test_a_parameter_that_only_tracks_is_dropped(query: str) -> None:
    assert canonical(f"https://a.example/x?{query}") == "https://a.example/x"
    assert canonical(f"https://a.example/?{query}&p=1") == "https://a.example/?p=1"


@pytest.mark.parametrize("query", MEANINGFUL.split())
def test_a_parameter_that_may_choose_the_article_is_kept(query: str) -> None:
    link = f"https://a.example/x?{query}"
    assert canonical(link) == link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param(
            "http://M.a.example:80/map/amp?utm_x=1&ref=2#top",
            "http://m.a.example/map/amp?utm_x=1&ref=2",
            id="nothing folded",
        ),
        pytest.param(
            "../ä b", "https://www.example.com/%C3%A4%20b", id="resolved and escaped"
        ),
    ],
)
def test_absolute_keeps_what_canonical_folds(link: str, expected: str) -> None:
    assert absolute(link, BASE) == expected


def test_absolute_refuses_what_canonical_refuses() -> None:
    with pytest.raises(UrlError, match="scheme file"):
        absolute("file:///etc/passwd", BASE)
    with pytest.raises(UrlError, match="longer"):
        absolute(f"/{'x' * LONGEST}", BASE)


@pytest.mark.parametrize(("link", "reason"), REFUSED)
def test_what_is_no_web_address_is_refused_with_a_reason(
    link: str, reason: str
) -> None:
    with pytest.raises(UrlError, match=reason):
        canonical(link, BASE)


def test_a_relative_link_needs_a_base() -> None:
    with pytest.raises(UrlError, match="nothing to resolve it against"):
        canonical("/a/b")
    with pytest.raises(UrlError, match="cannot be resolved"):
        canonical("/a/b", "file:///srv/feed.xml")


def test_the_base_may_carry_credentials_and_the_link_does_not() -> None:
    assert canonical("/x", "http://user:pw@a.example/feed") == "http://a.example/x"


def test_addresses_keep_their_host() -> None:
    assert canonical("http://127.0.0.1:8000/x/amp") == "http://127.0.0.1:8000/x"
    assert canonical("http://localhost/x") == "http://localhost/x"


STARTS = ["http://", "https://", "//", "", "https://www.google.com/amp/s/"]
HOSTS = ["m.m.a.example", "amp.a.co.uk:443", "a.example.:80", "ä.example", "[::1]"]
STEPS = """
    / . .. /amp .amp .html %2e %61mp 12345 /print ;jsessionid=1 ; -b-c % // %C3%A4 ä
    ? & amp; %26 = utm_x amp ref # %3d rss source + [ %61mp; print
"""
LINKS = st.one_of(
    st.text(max_size=60),
    st.text("ahtps:/.?#&=;%\\@[]0123456789m~ ü\n-amp", max_size=60),
    st.builds(
        "{}{}/{}".format,
        st.sampled_from(STARTS),
        st.sampled_from(HOSTS),
        st.lists(st.sampled_from(STEPS.split()), max_size=12).map("".join),
    ),
)


@given(LINKS)
def test_canonical_is_a_fixed_point_and_fails_only_with_url_errors(link: str) -> None:
    try:
        once = canonical(link, "http://www.example.com/a/b?c")
    except UrlError:
        return
    assert canonical(once) == once
    assert once.isascii()
    assert len(once) <= LONGEST
    assert host(once)
    assert site(once)


@given(LINKS)
def test_scrapy_fetches_the_canonical_url_as_it_is(link: str) -> None:
    try:
        once = canonical(link, "http://www.example.com/a/b?c")
    except UrlError:
        return
    assert safe_url_string(once) == once


def test_a_key_is_sixteen_bytes_that_never_change() -> None:
    url = "https://www.example.com/a"
    assert key(url).hex() == "3af46e2344088c1ddc11ef2e7ed03747"
    assert key(url) != key(f"{url}/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://WWW.a.example/x", "www.a.example", id="name"),
        pytest.param("https://a.example:443/x", "a.example", id="own port"),
        pytest.param("http://a.example:443/x", "a.example:443", id="other port"),
        pytest.param("http://127.0.0.1:8000/x", "127.0.0.1:8000", id="address"),
        pytest.param("http://[::1]:8000/x", "[::1]:8000", id="IPv6"),
        pytest.param("https://m.a.example/x", "m.a.example", id="mobile is a host"),
    ],
)
def test_host_is_the_unit_of_politeness(url: str, expected: str) -> None:
    assert host(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://feeds.bbci.co.uk/x", "bbci.co.uk", id="two-part suffix"),
        pytest.param("https://www.dw.com/x", "dw.com", id="plain"),
        pytest.param("https://dw.com/x", "dw.com", id="bare"),
        pytest.param("https://a.blogspot.com/x", "a.blogspot.com", id="private suffix"),
        pytest.param("https://x.y.unknown-tld/", "y.unknown-tld", id="unknown suffix"),
        pytest.param("https://co.uk/", "co.uk", id="a suffix itself"),
        pytest.param("http://127.0.0.1:8000/", "127.0.0.1:8000", id="address"),
        pytest.param("http://localhost:81/", "localhost:81", id="single label"),
        pytest.param("http://[::1]/", "[::1]", id="IPv6"),
        pytest.param("http://a.example:8000/", "a.example", id="port of a domain"),
    ],
)
def test_site_is_the_registrable_domain(url: str, expected: str) -> None:
    assert site(url) == expected


def test_same_site_compares_registrable_domains() -> None:
    sites = {"bbc.co.uk", "127.0.0.1:8000"}
    assert same_site("https://news.bbc.co.uk/1", sites)
    assert same_site("http://127.0.0.1:8000/1", sites)
    assert not same_site("http://127.0.0.1:8001/1", sites)
    assert not same_site("https://notbbc.co.uk/1", sites)
    assert not same_site("https://bbc.co.uk.evil.example/1", sites)
    assert not same_site("mailto:x@bbc.co.uk", sites)


@pytest.mark.parametrize("url", ["/x", "ftp://a.example/", "http://[", "http:///x"])
def test_hosts_of_no_address_are_errors(url: str) -> None:
    with pytest.raises(UrlError):
        host(url)
    with pytest.raises(UrlError):
        site(url)
