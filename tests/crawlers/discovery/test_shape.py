"""What the shape of a URL tells."""

from __future__ import annotations

import pytest

from crawlers.discovery.shape import evidence, is_listing

SITE = "https://www.courier.example"

ARTICLES = """
    /2026/11/23/ferry-runs-again
    /news/2026-11-23/ferry
    /world/2026/nov/23/ferry
    /n1/2026/1123/c1008-40223222.html
    /sport/ferry-runs-20261123105634-nt.html
    /news/articles/clymn8zyrp9o
    /articles/AST1F4445T1FUTIL02SM.html
    /de/hafen/a-65464327
    /content/60a0111a-c2d2-46c8-9e93-b16a374e6ba8
    /politik/article24075843.html
    /news/story-1.7287711
    /doc/7715044
    /article/1011185
    /cnt/dmf20250202_96887132
    /news/ferry-to-the-islands-runs-again
    /stories/ferry_to_the_islands_runs_again.html
    /?p=123
    /article.php?id=7
    /news/view?idxno=367061
    /item.asp?lang=en&newsid=99
    /2019/11/18/investing/index.html
    /%E6%96%B0%E9%97%BB/%E6%B8%A1%E8%BD%AE%E6%81%A2%E5%A4%8D%E9%80%9A%E8%88%AA%E4%BA%86
    /video/2026/11/23/ferry-runs-again
    /live/storm-on-the-coast-48211
    /weather/storm-warning-lifted-48211
    /people/star-opens-the-new-quay-48211
"""

LISTINGS = """
    / /index.html /?page=2 /tag/ferries /tags/storm-on-the-coast-2026
    /topics/c2vdnvdg6xxt /news/topics/storms /thema/hafen
    /article_tag/international-court-of-justice /author/ann-bell
    /autoren/uwe-falk-12345 /by/jo-reed /category/harbour/sea /search?q=ferry
    /suche/ /login /account/settings /newsletter/the-morning-briefing /feed
    /news/feed/ /rss.xml /sitemap.xml /2026/11/ /2026/11/23 /2026 /2026/nov/
    /harbour/page/2 /harbour/seite-3 /video/ /videos /gallery /news/live /podcasts
    /archive /photos/1.jpg /reports/annual-report-2026-of-the-port.pdf /logo.svg
    /privacy-policy /terms-and-conditions /help/about-us /cookie-policy.html
    /comments/48211 /share?url=x /wp-json/posts/48211 /wp-login.php /forum/48211
"""

SECTIONS = """
    /politics /world/europe /news/harbour /sport/football/ /lokales /新闻
    /index.php?cat=3    /world.html
"""


@pytest.mark.parametrize("path", ARTICLES.split())
def test_an_article_has_evidence(path: str) -> None:
    assert evidence(SITE + path) >= 3
    assert not is_listing(SITE + path)


@pytest.mark.parametrize("path", LISTINGS.split())
def test_a_listing_or_service_is_known_as_such(path: str) -> None:
    assert is_listing(SITE + path)


@pytest.mark.parametrize("path", SECTIONS.split())
def test_a_section_has_little_evidence(path: str) -> None:
    assert evidence(SITE + path) <= 1


@pytest.mark.parametrize(
    ("path", "points"),
    [
        pytest.param("/b/ferry", 0, id="one word"),
        pytest.param("/b/ferry-runs", 1, id="two words"),
        pytest.param("/b/ferry-runs-again", 2, id="three words"),
        pytest.param("/b/ferry-runs-again-today", 3, id="four words"),
        pytest.param("/b/ferry.html", 1, id="a file"),
        pytest.param("/news/ferry", 1, id="below a word for articles"),
        pytest.param("/sport/euro2024", 0, id="a year in a word is no code"),
        pytest.param("/b/1234", 0, id="a short number"),
    ],
)
def test_evidence_grows_with_the_slug(path: str, points: int) -> None:
    assert evidence(SITE + path) == points


@pytest.mark.parametrize(
    ("url", "listing"),
    [
        pytest.param("https://jobs.courier.example/a-b-c-d-12345", True, id="jobs"),
        pytest.param("https://shop.courier.example/a-b-c-d-12345", True, id="shop"),
        pytest.param("https://blog.courier.example/a-b-c-d-12345", False, id="blog"),
        pytest.param(
            "https://profil.example/a-b-c-d-12345", False, id="a site so named"
        ),
    ],
)
def test_subdomains_may_be_services(url: str, listing: bool) -> None:
    assert is_listing(url) == listing
