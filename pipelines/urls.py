"""One spelling for every address: canonical URLs, their keys, hosts and sites.

Pure: nothing here resolves a name or fetches. A canonical URL is meant to be
fetched, so it only loses what no server needs (fragment, tracking parameters) or
what has an equal at the desktop address (AMP, mobile and print pages). `http` or
`https` and a trailing slash are kept: only the server knows whether they matter.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna
import tldextract


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Longer URLs are refused: the limit of sitemaps.org and of Media Cloud's fetcher.
LONGEST: Final = 2048

#: What is read of a link at all; a tracking tail may be cut off before `LONGEST`.
_LONGEST_LINK: Final = 8 * LONGEST

_PORTS: Final = {"http": 80, "https": 443}

#: Parameters that say how a reader came, never what is read. Matched as a whole,
#: in lower case. An unknown parameter stays: many sites keep the article's id there.
_TRACKING: Final = _words(
    # click ids: Facebook, Google, DoubleClick, Microsoft, Yandex, TikTok, X, ...
    "fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid msclkid yclid "
    "ysclid ttclid twclid li_fat_id igshid igsh epik srsltid s_kwcid ef_id rb_clickid "
    "dicbo tblci oborigurl wickedid fb_action_ids fb_action_types fb_source fb_ref "
    # mail campaigns
    "mc_cid mc_eid mkt_tok _hsenc _hsmi hsctatracking vero_id vero_conv oly_anon_id "
    "oly_enc_id dm_i ml_subscriber ml_subscriber_hash __s "
    # analytics
    "_ga _gl _gac gaa_at _openstat openstat xtor xtref xtcr wt_mc wt_zmc wtmc wtrid "
    "s_cid sc_cid mbid icid intcid intcmp cmpid cmp cmp_id cmpref cmp_source ocid ncid "
    "spm tsrc soc_src soc_trk guccounter guce_referrer guce_referrer_sig "
    "traffic_source traffic_medium ito "
    # publishers: New York Times, Deutsche Welle, Wall Street Journal, ...
    "smid smtyp maca reflink taid sr_share "
    # where the reader was before
    "ref referrer referer ref_src ref_url ref_source refsrc srcref "
    # sessions and AMP plumbing
    "phpsessid jsessionid amp_js_v amp_gsa amp_r usqp"
)
_TRACKING_PREFIX = re.compile("utm_|at_|ns_|pk_|piwik_|mtm_|matomo_|hmb_|itm_|trk_")

#: Parameters that track only with these values: `?source=rss`, but not `?source=12`.
_FEED_MARK = re.compile("rss[0-9]*|atom|feeds?|rssfeed|rss_feed|sitemap")
_FEED_MARKED: Final = _words("source src partner emc from via origin channel r rss")
_YES: Final = frozenset({"", "1", "true", "yes", "y"})
#: Parameters that ask for the AMP or print form of the same page, with the values.
_FORMS: Final = {
    "amp": _YES,
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp", "print"}),
    "view": frozenset({"amp", "print"}),
    "print": _YES - {""},
    "printable": _YES - {""},
}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DOUBLED_SCHEME = re.compile(r"^(?:https?:/+)+(?=https?:/)", re.IGNORECASE)
_BARE_HOST = re.compile(r"www\.[^/?#.]+\.[^/?#]", re.IGNORECASE)
#: Feeds that escape twice leave `&amp;` between parameters.
_AMPERSAND = re.compile("(?:^|&)(?:amp;)*")
_REMOVED = dict.fromkeys((*range(0x20), 0x7F, 0xFEFF))
_LABEL = re.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile("[0-9]+|0x[0-9a-f]*")

#: What RFC 3986 does not let stand in a path or query as it is.
_UNSAFE = re.compile(r"%([0-9A-Fa-f]{2})|%|[^!-~]+|[\"<>\\^`{|}\[\]]")
_UNRESERVED: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)

#: An AMP page kept by Google, whose own address follows the prefix.
_AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]+/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[cv])"
    r"/(s/|)(?=[^/]+\.)"
)
_AMP_PATH = re.compile(r"(?<=[^/])(?:/+amp(?=/?$)|\.amp(?=(?:\.html?)?$))")
#: `/print` is folded behind an article only: it may as well be a section.
_PRINT_PATH = re.compile(r"([0-9]{5}|-[^/-]+-[^/]+|\.html?)/print(?=/?$)")
_SESSION_PATH = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_MOBILE: Final = frozenset({"m", "mobile", "amp"})

#: The bundled snapshot of the public suffix list; never a download, never a cache.
_SUFFIXES = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)


class UrlError(ValueError):
    """A link that is no address of a web page; the message says why in plain words."""


def canonical(link: str, base: str | None = None) -> str:
    """The one spelling of `link`, absolute, fit to be fetched and compared.

    `base` is where the link stood, for relative ones. Canonical URLs are unchanged
    by another pass. Raises `UrlError` for what is not http(s), names no proper host,
    carries a user name, hides its host behind backslashes, or is over `LONGEST`.
    Follows RFC 3986 section 6.2.2 and, for host names, UTS 46.
    """
    return _spelt(link, base, _canonical)


def absolute(link: str, base: str | None = None) -> str:
    """`link` absolute and in proper spelling, with nothing folded but the fragment.

    For what is fetched as it was named: sitemaps, feeds, redirects. The rest is as
    with `canonical`.
    """
    return _spelt(link, base, _proper)


def key(url: str) -> bytes:
    """The 16 bytes that stand for a canonical URL in the database (BLAKE2b-128)."""
    return blake2b(url.encode(), digest_size=16).digest()


def host(url: str) -> str:
    """`host` or `host:port` of an absolute URL: whom politeness is owed to.

    The port is left out when it is the scheme's own. Raises `UrlError`.
    """
    scheme, netloc = _scheme_and_netloc(url)
    name, port = _name_and_port(scheme, netloc)
    return f"{name}:{port}" if port else name


def site(url: str) -> str:
    """The registrable domain of an absolute URL (`news.bbc.co.uk` -> `bbc.co.uk`).

    Addresses and names without a dot have none and stand for themselves, with their
    port. Raises `UrlError`.
    """
    scheme, netloc = _scheme_and_netloc(url)
    name, _ = _name_and_port(scheme, netloc)
    return _registrable(name) or host(url)


def same_site(url: str, sites: Collection[str]) -> bool:
    """Whether `url` belongs to one of `sites` (each as `site` gives it)."""
    try:
        return site(url) in sites
    except UrlError:
        return False


def _spelt(link: str, base: str | None, spelling: Callable[[str], str]) -> str:
    try:
        return _within_limit(spelling(_absolute(_cleaned(link), base)))
    except UrlError:
        raise
    except ValueError as error:  # urllib's and idna's, lone surrogates
        raise UrlError(f"not a URL: {error}") from error


def _within_limit(url: str) -> str:
    if len(url) > LONGEST:
        raise UrlError(f"longer than {LONGEST:,} characters")
    return url


def _cleaned(link: str) -> str:
    if len(link) > _LONGEST_LINK:
        raise UrlError(f"longer than {_LONGEST_LINK:,} characters")
    link = link.translate(_REMOVED).strip()
    if not link:
        raise UrlError("empty link")
    if "\\" in re.split("[?#]", link, maxsplit=1)[0]:
        raise UrlError("backslash in the address")
    return _DOUBLED_SCHEME.sub("", link)


def _absolute(link: str, base: str | None) -> str:
    if scheme := _SCHEME.match(link):
        if scheme[1].lower() not in _PORTS:
            raise UrlError(f"not a web address: scheme {scheme[1].lower()}")
        return link
    if _BARE_HOST.match(link):
        link = f"//{link}"
    if base is None:
        raise UrlError("relative link, and nothing to resolve it against")
    return urljoin(_without_userinfo(base), link)


def _without_userinfo(base: str) -> str:
    parts = urlsplit(base)
    if parts.scheme not in _PORTS or not parts.netloc:
        raise UrlError(f"cannot be resolved against {base[:100]!r}")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _canonical(url: str) -> str:
    parts = urlsplit(url)
    name, port = _name_and_port(parts.scheme, parts.netloc)
    if port is None:
        name = _desktop(name)
    authority = f"{name}:{port}" if port else name
    result = f"{parts.scheme}://{authority}{_path(parts.path)}{_query(parts.query)}"
    if cached := _AMP_CACHE.match(result):
        return _canonical(f"http{cached[1] and 's'}://{result[cached.end() :]}")
    return result


def _proper(url: str) -> str:
    parts = urlsplit(url)
    name, port = _name_and_port(parts.scheme, parts.netloc)
    authority = f"{name}:{port}" if port else name
    path = _without_dots(_escaped(parts.path)) or "/"
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    return f"{parts.scheme}://{authority}{path}{query}"


def _scheme_and_netloc(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UrlError(f"not a URL: {error}") from error
    if parts.scheme not in _PORTS:
        raise UrlError("not an absolute web address")
    return parts.scheme, parts.netloc


@lru_cache(maxsize=4096)
def _name_and_port(scheme: str, netloc: str) -> tuple[str, int | None]:
    """Host name and port; the port is None when it is the scheme's own."""
    if "@" in netloc:
        raise UrlError("user name in the address")
    if netloc.startswith("["):
        name, _, port = netloc.rpartition("]")
        return f"[{_ipv6(name[1:])}]", _port(scheme, port)
    name, colon, port = netloc.partition(":")
    return _name(name), _port(scheme, colon + port)


def _ipv6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text.partition("%")[0]))
    except ValueError as error:
        raise UrlError(f"not an IPv6 address: {text[:60]!r}") from error


def _port(scheme: str, text: str) -> int | None:
    """The port of `:8080`, or None for none, an empty one or the scheme's own."""
    if text in {"", ":"}:
        return None
    digits = text[1:]
    if text[0] != ":" or not re.fullmatch("[0-9]{1,5}", digits):
        raise UrlError(f"bad port {digits[:20]!r}")
    port = int(digits)
    if not 0 < port < 65536:
        raise UrlError(f"bad port {port}")
    return None if port == _PORTS[scheme] else port


def _name(text: str) -> str:
    """A host name in lower-case ASCII, without the trailing dot."""
    name = text if text.isascii() else _punycode(text)
    name = name.lower().removesuffix(".")
    if not name:
        raise UrlError("no host in the address")
    labels = name.split(".")
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise UrlError(f"not a host name: {text[:60]!r}")
    if _NUMERIC.fullmatch(labels[-1]) and not _is_ipv4(name):
        raise UrlError(f"not an IP address: {text[:60]!r}")
    return name


def _punycode(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise UrlError(f"not a host name: {name[:60]!r} ({error})") from error


def _is_ipv4(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _registrable(name: str) -> str | None:
    """The registrable domain of a host name, None for addresses and single labels.

    Under a suffix that the list does not know, its rule of last resort holds: the
    last label is the suffix.
    """
    if name.startswith("[") or _is_ipv4(name) or "." not in name:
        return None
    found = _SUFFIXES(name)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    return name if found.suffix else ".".join(name.split(".")[-2:])


@lru_cache(maxsize=4096)
def _desktop(name: str) -> str:
    """The host without `m.`, `mobile.` or `amp.` before its registrable domain."""
    registrable = _registrable(name)
    first, _, rest = name.partition(".")
    while registrable and name != registrable and first in _MOBILE:
        name = rest
        first, _, rest = name.partition(".")
    return name


def _path(path: str) -> str:
    """`path` escaped, without dot segments and marks of AMP, print and sessions."""
    before, path = "", _without_dots(_escaped(path)) or "/"
    while path != before:
        before, path = path, _without_dots(_folded(path)) or "/"
    return path


def _folded(path: str) -> str:
    path = _AMP_PATH.sub("", path)
    path = _PRINT_PATH.sub(r"\1", path)
    return _SESSION_PATH.sub("", path) if ";" in path else path


def _without_dots(path: str) -> str:
    """`path` with `.` and `..` resolved (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _query(query: str) -> str:
    pieces = _AMPERSAND.split(_escaped(query))
    kept = [piece for piece in pieces if piece and not _is_idle(piece)]
    return f"?{'&'.join(kept)}" if kept else ""


def _is_idle(piece: str) -> bool:
    """Whether a `name=value` tells how one came, or in which form to show the page."""
    name, _, value = piece.lower().partition("=")
    name = unquote(name).lower()
    return (
        name in _TRACKING
        or _TRACKING_PREFIX.match(name) is not None
        or (name in _FEED_MARKED and _FEED_MARK.fullmatch(value) is not None)
        or value in _FORMS.get(name, ())
    )


def _escaped(text: str) -> str:
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return quote(match[0], safe="")
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
