"""The demo's newspapers: what they serve, and that they can be changed."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from contextlib import closing
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import etree, html

from service.demo.client import Site, SiteError
from service.demo.newsroom import OUTLETS, Outlet

KEYS = [outlet.key for outlet in OUTLETS]
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Answer:
    """One answer, its body unpacked, whatever its status."""

    def __init__(self, url: str, method: str = "GET", **headers: str) -> None:
        parts = urlsplit(url)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(parts.netloc, timeout=20)
        with closing(connection):
            connection.request(method, url.partition(parts.netloc)[2], headers=named)
            response = connection.getresponse()
            self.status = response.status
            self.headers = response.headers
            self.raw = response.read()
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.body = gzip.decompress(self.raw) if packed else self.raw

    @property
    def text(self) -> str:
        charset = self.headers["Content-Type"].partition("charset=")[2]
        return self.body.decode(charset)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_three_outlets_in_two_languages_carry_a_story_in_common(site: Site) -> None:
    truth = site.truth()
    assert len({article["outlet"] for article in truth}) >= 3
    assert len({article["language"] for article in truth}) >= 2
    copies = [article for article in truth if article["wire"]]
    assert {article["outlet"] for article in copies} == {"courier", "upland"}
    assert len({article["text"] for article in copies}) == 1
    assert len({article["title"] for article in copies}) == 2


@pytest.mark.parametrize("key", KEYS)
def test_every_article_page_shows_its_text_and_its_furniture(
    site: Site, key: str
) -> None:
    for article in site.truth(key):
        page = Answer(article["url"])
        assert page.status == 200
        shown = flat(html.fromstring(page.text).text_content())
        for line in article["text"].split("\n"):
            assert flat(line) in shown, f"{article['slug']} lacks {line!r}"
        assert article["title"] in shown
        assert len(shown) > len(article["text"]) + 400


def test_every_charset_is_the_declared_one(site: Site) -> None:
    for outlet in OUTLETS:
        page = Answer(site.outlets[outlet.key] + "/")
        assert f"charset={outlet.charset}" in page.headers["Content-Type"]
        assert outlet.name in page.text


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("path", "links"),
    [
        pytest.param("/rss.xml", "//item/link/text()", id="rss 2.0"),
        pytest.param("/atom.xml", "//a:entry/a:link/@href", id="atom"),
        pytest.param("/rdf.xml", "//r:item/r:link/text()", id="rss 1.0"),
    ],
)
def test_every_xml_feed_lists_every_article_newest_first(
    site: Site, key: str, path: str, links: str
) -> None:
    feed = etree.fromstring(Answer(site.outlets[key] + path).body)
    spaces = {"a": "http://www.w3.org/2005/Atom", "r": "http://purl.org/rss/1.0/"}
    found = [
        _plain(site.outlets[key], str(link))
        for link in feed.xpath(links, namespaces=spaces)
    ]
    assert found == _newest_first(site, key)


def _plain(origin: str, link: str) -> str:
    link = link if link.startswith("http") else origin + link
    return link.partition("?utm_")[0].partition("&utm_")[0]


def _newest_first(site: Site, key: str) -> list[str]:
    truth = sorted(site.truth(key), key=lambda one: str(one["published"]))
    return [article["url"] for article in reversed(truth)]


@pytest.mark.parametrize("key", KEYS)
def test_the_json_feed_lists_every_article(site: Site, key: str) -> None:
    feed = json.loads(Answer(site.outlets[key] + "/feed.json").body)
    assert [item["url"] for item in feed["items"]] == _newest_first(site, key)


@pytest.mark.parametrize("key", KEYS)
def test_the_sitemap_index_leads_to_every_article(site: Site, key: str) -> None:
    index = etree.fromstring(Answer(site.outlets[key] + "/sitemap.xml").body)
    (child,) = [node.text for node in index.iter(f"{SITEMAP}loc")]
    body = Answer(str(child)).body
    listed = [node.text for node in etree.fromstring(body).iter(f"{SITEMAP}loc")]
    assert listed == _newest_first(site, key)
    packed = gzip.decompress(Answer(f"{child}.gz").raw)
    assert packed == body
    assert len(list(etree.fromstring(body).iter(f"{NEWS}title"))) == len(listed)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_section_pages_link_their_articles_among_other_things(
    site: Site, outlet: Outlet
) -> None:
    origin = site.outlets[outlet.key]
    found: set[str] = set()
    for section in outlet.sections:
        page = html.fromstring(Answer(f"{origin}/{section.key}/").text)
        page.make_links_absolute(origin)
        found |= {link for _, _, link, _ in page.iterlinks()}
    articles = {article["url"] for article in site.truth(outlet.key)}
    assert articles <= found
    assert any("example.net" in link for link in found)
    assert len(found - articles) >= 5


def test_a_known_version_is_answered_with_304(site: Site) -> None:
    url = site.outlets["courier"] + "/rss.xml"
    first = Answer(url)
    by_tag = Answer(url, If_None_Match=first.headers["ETag"])
    by_date = Answer(url, If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_date.status) == (304, 304)
    assert (by_tag.raw, by_date.raw) == (b"", b"")
    assert Answer(url, If_None_Match='"other"').status == 200
    assert parsedate_to_datetime(first.headers["Last-Modified"]).tzinfo is not None


def test_gzip_only_for_who_accepts_it(site: Site) -> None:
    url = site.outlets["upland"] + "/"
    plain, packed = Answer(url), Answer(url, Accept_Encoding="gzip, br")
    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.raw) < len(plain.raw)
    assert packed.body == plain.body


def test_head_has_the_headers_and_no_body(site: Site) -> None:
    url = site.outlets["talbote"] + "/atom.xml"
    head, full = Answer(url, method="HEAD"), Answer(url)
    assert head.raw == b""
    assert head.headers["Content-Length"] == full.headers["Content-Length"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/robots.txt", 200, id="robots"),
        pytest.param("/tag/port-ellery", 200, id="a tag page"),
        pytest.param("/img/anything.svg", 200, id="a picture"),
        pytest.param("/no-such-page", 404, id="nothing"),
        pytest.param("/sitemap-news-2.xml", 404, id="past the last sitemap"),
    ],
)
def test_the_rest_of_the_paper(site: Site, path: str, status: int) -> None:
    assert Answer(site.outlets["courier"] + path).status == status


def test_tracking_and_amp_lead_to_the_article(site: Site) -> None:
    for article in site.truth():
        mark = "&" if "?" in article["url"] else "?"
        tracked = Answer(article["url"] + mark + "utm_source=rss&utm_medium=feed")
        assert article["title"] in html.fromstring(tracked.text).text_content()
    assert Answer(site.truth("courier")[0]["url"] + "/amp").status == 200


def test_the_prepared_update_changes_text_feed_and_sitemap(fresh_site: Site) -> None:
    before = fresh_site.article("power-cut-at-the-fish-market")
    feed = Answer(fresh_site.outlets["courier"] + "/rss.xml")
    fresh_site.update(before["url"])
    after = fresh_site.article("power-cut-at-the-fish-market")
    assert (after["version"], after["url"]) == (2, before["url"])
    assert after["updated"] > before["updated"]
    assert "900 households" in before["text"]
    assert "140 households" in after["text"]
    assert len(after["text"].split("\n")) == len(before["text"].split("\n")) + 1
    assert "140 households" in Answer(before["url"]).text
    sitemap = Answer(fresh_site.outlets["courier"] + "/sitemap-news-1.xml")
    assert after["updated"] in sitemap.text
    again = Answer(
        fresh_site.outlets["courier"] + "/rss.xml", If_None_Match=feed.headers["ETag"]
    )
    assert again.status == 200


def test_an_article_can_be_changed_freely(fresh_site: Site) -> None:
    url = fresh_site.article("library-of-seeds")["url"]
    fresh_site.update(
        url, title="Tomatoes, lent", replace={"412 packets": "413 packets"}, add="More."
    )
    article = fresh_site.article("library-of-seeds")
    assert article["title"] == "Tomatoes, lent"
    assert "Of 413 packets" in article["text"]
    assert article["text"].endswith("\nMore.")


def test_articles_can_be_published_copied_and_generated(fresh_site: Site) -> None:
    (held,) = fresh_site.publish("courier", slug="customs-house-opens-its-tower")
    (new,) = fresh_site.publish("upland", title="Snow", text="It snows.\n\n- a\n- b")
    (copy,) = fresh_site.publish("gaceta", copy_of=held, title="Una copia")
    made = fresh_site.publish("talbote", generate=40)
    truth = {article["url"]: article for article in fresh_site.truth()}
    assert truth[new]["text"] == "It snows.\na\nb"
    assert truth[copy]["text"] == truth[held]["text"]
    texts = {truth[url]["text"] for url in made}
    assert len(texts) == 40
    assert min(map(len, texts)) > 500
    feed = Answer(fresh_site.outlets["courier"] + "/rss.xml").text
    assert feed.index("customs-house") < feed.index("power-cut")


@pytest.mark.parametrize("status", [404, 410])
def test_a_removed_article_is_gone_and_not_listed(
    fresh_site: Site, status: int
) -> None:
    article = fresh_site.article("library-of-seeds")
    fresh_site.remove(article["url"], status)
    assert Answer(article["url"]).status == status
    assert "library-of-seeds" not in Answer(fresh_site.outlets["upland"] + "/").text
    assert fresh_site.article("library-of-seeds")["gone"] == status


def test_the_log_tells_what_was_asked(fresh_site: Site) -> None:
    Answer(fresh_site.outlets["gaceta"] + "/rdf.xml", User_Agent="a test", Cookie="a=b")
    (entry,) = fresh_site.log("gaceta")
    assert (entry["method"], entry["target"]) == ("GET", "/rdf.xml")
    assert (entry["status"], entry["concurrent"]) == (200, 1)
    assert entry["headers"]["user-agent"] == "a test"
    assert entry["headers"]["cookie"] == "a=b"
    assert fresh_site.connections("gaceta") == 1
    fresh_site.clear_log()
    assert fresh_site.log() == []
    assert fresh_site.connections("gaceta") == 0


def test_the_forbidden_port_counts_who_comes(fresh_site: Site) -> None:
    assert fresh_site.connections("forbidden") == 0
    Answer(fresh_site.forbidden + "/")
    assert fresh_site.connections("forbidden") == 1


def test_a_wrong_command_is_refused_with_a_reason(site: Site) -> None:
    with pytest.raises(SiteError, match="KeyError: 'nobody'"):
        site.publish("nobody", slug="x")
    with pytest.raises(SiteError, match="no fault 'rain'"):
        site.fault("courier", "", "rain")
    with pytest.raises(SiteError, match="not a valid"):
        site.publish("courier", title="x", text="!dance tango")


def test_the_config_watches_the_site(site: Site, tmp_path: Path) -> None:
    directory = site.config(
        tmp_path, outlets=["courier"], sources=["feed"], each={"duplicates": "all"},
        defaults={"every": "1m"}, user_agent="mine",
    )  # fmt: skip
    settings = yaml.safe_load((directory / "presswatch.yaml").read_text())
    assert settings["defaults"] == {"every": "1m", "delay": "0s"}
    assert settings["user_agent"] == "mine"
    assert settings["network"]["allow_private"] == [
        origin.removeprefix("http://") for origin in site.outlets.values()
    ]
    (outlet,) = (directory / "outlets").iterdir()
    told = yaml.safe_load(outlet.read_text())
    assert told["sources"] == [{"feed": site.outlets["courier"] + "/rss.xml"}]
    assert told["duplicates"] == "all"


def test_many_generated_articles_fill_several_sitemaps() -> None:
    with Site.start(generate=1500, window=50) as site:
        origin = site.outlets["gaceta"]
        index = etree.fromstring(Answer(f"{origin}/sitemap.xml").body)
        first, second = (str(node.text) for node in index.iter(f"{SITEMAP}loc"))
        assert (first[-3:], second[-3:]) == ("xml", ".gz")
        count = len(site.truth("gaceta"))
        assert count > 1500
        listed = etree.fromstring(gzip.decompress(Answer(second).raw))
        assert len(listed) == count - 1000
        assert len(json.loads(Answer(f"{origin}/feed.json").body)["items"]) == 50


def test_the_site_ends_when_its_starter_goes() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service.demo.site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert json.loads(process.stdout.readline())["outlets"]
        process.stdin.close()
        assert process.wait(10) == 0


def test_the_site_ends_with_sigterm() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service.demo.site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.wait(10) == 0
