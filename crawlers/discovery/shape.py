"""What the shape of a URL tells: an article, a listing of them, or neither.

Knows no outlet. The words are those that content systems put into paths all over
the world; an address in none of these languages is judged by numbers and length.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.urls import host, site


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Segments that make what lies below them lists, forms and services, never articles.
_SERVICES: Final = _words("""
    tag tags topic topics thema themen theme themes sujet sujets tema temas temi keyword
    keywords etiqueta etiquetas category categories categoria categorias kategorie
    kategorien kategori hashtag hashtags taxonomy stichwort schlagwort emne emner tagi
    etiket label labels
    by author authors autor autoren autores autore auteur auteurs autori yazar yazarlar
    forfatter skribent profile profil profiles user users byline contributor
    contributors
    search suche buscar busca buscador recherche ricerca zoeken sok arama szukaj hledat
    login logout signin signup sign-in sign-up register registration account konto abo
    abonnement subscribe subscription subscriptions suscripcion assinatura newsletter
    newsletters boletin boletines rss feed feeds sitemap sitemaps comments share
    impressum imprint kontakt contact contacts contacto contato about about-us ueber-uns
    qui-sommes-nous quienes-somos privacy datenschutz terms agb faq advertise
    advertising mediadaten publicidad cookie cookies careers
    forum forums stellenmarkt stellenanzeigen gutscheine coupons annonse anzeigen
    wp-admin wp-login wp-json wp-content cdn-cgi
""")
#: Segments that are a list of articles where the path ends with them.
_LANDINGS: Final = _words("""
    video videos gallery galleries galerie galerien fotos photo photos bilder picture
    bildergalerie pictures fotogaleria fotogalerie live liveticker ticker podcast
    podcasts audio archive archives archiv archivo arsiv arkiv home start page pagina
    seite weather wetter games spiele shop jobs people newsfeed latest
""")
#: Beginnings of last segments that outlets of many countries use for legal pages.
_LEGAL: Final = re.compile(
    "(?:privacy|cookie|terms(?:-|$)|conditions|datenschutz|impressum|mentions-legales|"
    "aviso-legal|politica-de|politique-de|nutzungsbedingungen|legal-notice|newsletter|"
    "subscribe|about-us|contact-us|advertise-with)"
)
_MEDIA: Final = _words("""
    jpg jpeg png gif webp svg ico mp3 mp4 m4a m3u8 webm mov avi pdf zip gz doc docx xls
    xlsx ppt xml rss atom json js css txt ics apk epub
""")
#: Segments under which articles stand.
_MARKERS: Final = _words("""
    article articles artikel artikler articulo articulos artigo articolo artykul story
    stories news noticia noticias nachricht nachrichten nyheter nyhed clanek doc post
    posts a content contenido inhalt view read detail beitrag haber haberi berita
    actualite actualites actu notizia notizie uutiset frettir makale
""")
#: Query parameters that choose the article.
_IDS: Final = _words("""
    id p art artid article articleid article_id aid news newsid news_id nid story
    storyid docid contentid content_id idnews idnoticia idarticle itemid post postid n
    no seq idx idxno wr_id sid mid
""")

_DATE = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]?(?:[0-2]?\d|3[01]))?[/_.-]"
    r"|(?:19|20)\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_CALENDAR = re.compile(r"/(?:19|20)\d\d(?:[/-](?:\d{1,2}|[a-z]{3})){0,2}/?$")
_PAGE = re.compile(r"/(?:page|pagina|seite|p)[/-]?\d{1,4}/?$")
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}")
_TOKEN = re.compile("[A-Za-z0-9]{8,}")
_CHANGE = re.compile("[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])")
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_INDEX = re.compile(r"(?:index|default|home)(?:\.[a-z]{3,5})?$")
_TAG = re.compile("[_-](?:tag|tags|author|topic)$")  # article_tag, post-tag
_WORD = re.compile(r"[^\W\d_]+")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def is_listing(url: str) -> bool:
    """Whether a canonical URL is by its shape a list, a service, a form or a file."""
    parts = urlsplit(url)
    path = parts.path.lower()
    segments = _segments(path)
    if not segments:
        return not chooses_article(parts.query)  # the front page
    last, extension = _stem(segments[-1])
    return (
        extension in _MEDIA
        or last in _LANDINGS
        or not _SERVICES.isdisjoint((*segments[:-1], last))
        or any(map(_TAG.search, segments))
        or _subdomain(url) in _SERVICES | _LANDINGS
        or (len(segments) <= 2 and _LEGAL.match(last) is not None)
        or _CALENDAR.search(path) is not None
        or _PAGE.search(path) is not None
    )


def evidence(url: str) -> int:
    """How strongly a canonical URL looks like one article's, from 0 to about 8.

    3 for a date, an id or a slug of four words; less for shorter slugs.
    """
    parts = urlsplit(url)
    segments = _segments(unquote(parts.path))
    return (
        3 * (_DATE.search(parts.path.lower()) is not None)
        + 3 * (_has_id(segments) or chooses_article(parts.query))
        + max(map(_slug, segments[-2:]), default=0)
        + (not _MARKERS.isdisjoint(segments[:-1]))
        + (_stem(segments[-1])[1] != "" if segments else 0)
    )


def _subdomain(url: str) -> str:
    """What stands before the site's own name, up to the first dot."""
    return host(url).removesuffix(site(url)).partition(".")[0]


def _segments(path: str) -> list[str]:
    segments = [segment for segment in path.split("/") if segment]
    return segments[:-1] if segments and _INDEX.match(segments[-1]) else segments


def _stem(segment: str) -> tuple[str, str]:
    """A segment without its file extension, and the extension."""
    found = _EXTENSION.search(segment)
    if found is None or found[1].isdigit():
        return segment, ""
    return segment[: found.start()], found[1].lower()


def _has_id(segments: list[str]) -> bool:
    return any(
        _NUMBER.search(segment) or _UUID.search(segment.lower()) or _is_coded(segment)
        for segment in segments[-2:]
    )


def _is_coded(segment: str) -> bool:
    """Whether a segment holds a code: letters and digits in turn (`clymn8zyrp9o`)."""
    return any(
        len(_CHANGE.findall(token)) >= 2 for token in _TOKEN.findall(_stem(segment)[0])
    )


def chooses_article(query: str) -> bool:
    """Whether a query names one article: `id=123`, but not `page=2`."""
    return any(
        name.lower() in _IDS and value.isalnum() and any(map(str.isdigit, value))
        for name, value in parse_qsl(query)
    )


def _slug(segment: str) -> int:
    """3 for a headline in a segment, 2 and 1 for three and two words."""
    stem = _stem(segment)[0]
    words = len(_WORD.findall(stem)) + len(_DENSE.findall(stem)) // 2
    return max(0, min(words, 4) - 1)
