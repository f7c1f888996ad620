"""Pages of some length in which a site speaks of itself: consent, rules, a log-in.

What articles about the same matters lack is what counts here: the publisher in the
first person, in sentence after sentence, under a headline that no newsroom writes, or
with buttons to agree by. A page that declares an article, names its author or quotes
somebody at length is taken for one unless its headline is that of such a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.article import Reason
from pipelines.cleaning import lines, site_words, vocabulary
from pipelines.cleaning.case import Case
from pipelines.cleaning.wording import length, words
from pipelines.outcome import Outcome

#: Headlines of such pages have no more words than this.
_HEADLINE_WORDS: Final = 9
#: So much of the text (0 to 1) speaks of the matter if nothing else tells the page...
_MOSTLY: Final = 0.5
#: ...and if its headline already does.
_PARTLY: Final = 0.3
#: So much of it is the publisher's own voice on the matter.
_VOICE: Final = 0.25
#: So much of it does if it stands in the place of an article that is announced, or has
#: no button.
_ALL: Final = 0.7
#: A page that asks for consent names it so often.
_MENTIONS: Final = 2
#: A quotation of so many words is somebody else's voice.
_QUOTED_WORDS: Final = 7
#: A button or link by which one agrees has no more words than this.
_BUTTON_WORDS: Final = 6
#: So many different labels of a social network are its page.
_MANY_LABELS: Final = 3

#: Words of a headline that have no more letters than this say nothing.
_SHORT_WORD: Final = 3
#: A text has so much of its title's words in it; others have what is common to all.
_NAMED: Final = 0.4

#: The outlet's name stands behind one of these.
_OUTLET: Final = re.compile(r"\s[|\-–—:·•»]+\s")
_SENTENCE: Final = re.compile(r"(?<=[.!?…;:])\s+|(?<=[。！？।॥؟])\s*")
_QUOTATION: Final = re.compile(r"[“„«»「『\"]([^“”„«»「」『』\"]{20,600})[”“»«」』\"]")
_OURSELVES: Final = re.compile(site_words.OURSELVES, re.IGNORECASE)
_MATTERS: Final = tuple(re.compile(each, re.IGNORECASE) for each in site_words.MATTERS)
_CONSENT: Final = re.compile(vocabulary.CONSENT_WORDS, re.IGNORECASE)
_STEMS: Final = tuple(vocabulary.CONSENT_WORDS.split("|"))
_AGREEMENT: Final = re.compile(
    f"{vocabulary.AGREEMENT}|{site_words.UNDERSTOOD}", re.IGNORECASE
)
_LEGAL: Final = re.compile(site_words.LEGAL, re.IGNORECASE)
_MACHINES: Final = re.compile(site_words.MACHINES, re.IGNORECASE)
_RULES: Final = re.compile(rf"(?:{site_words.RULES})(?!\w)", re.IGNORECASE)
_LOG_IN: Final = re.compile(rf"(?:{site_words.LOG_IN})(?!\w)", re.IGNORECASE)
_ACCOUNT: Final = re.compile(site_words.ACCOUNT, re.IGNORECASE)
_LABELS: Final = frozenset(site_words.NETWORK_LABELS.split("|"))
_PLACES: Final = frozenset(site_words.CONSENT_PLACES.split("|"))
_BOT_CHECK: Final = re.compile(rf"(?:{site_words.BOT_CHECK})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SitePage:
    """What the site speaks of, as an outcome, in plain words, and as a reason."""

    outcome: Outcome
    detail: str
    reason: Reason = Reason.OTHER


def find_site_page(case: Case) -> SitePage | None:
    """What the page is, if the site speaks of itself on it; None if it does not."""
    voice = _Voice(case)
    return (
        _rules(voice)
        or _log_in(voice)
        or _bot_check(voice)
        or _consent(voice)
        or _network(voice)
    )


class _Voice:
    """What is kept of a page, sentence by sentence, and who speaks."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.texts = [piece.text for piece in case.all_kept()]

    @cached_property
    def headline(self) -> str:
        """The headline in lower case, without marks around it; empty if too long."""
        case, title = self.case, self.case.scope.title
        said = case.page.blocks[title].text if title is not None else ""
        said = said or next(iter(case.declared.titles), "")
        said = _OUTLET.split(said)[0].lower().strip(" .:!?…-–—")
        return said if length(said) <= _HEADLINE_WORDS else ""

    def headed(self, pattern: re.Pattern[str]) -> bool:
        """Whether the headline opens with one of the words of such a page."""
        return pattern.match(self.headline) is not None

    def headed_by_no_more(self, pattern: re.Pattern[str]) -> bool:
        """Whether the headline is nothing but the words of such a page."""
        return pattern.fullmatch(self.headline) is not None

    @property
    def mentions_consent(self) -> bool:
        """Whether it may be worth a closer look: one text in a hundred is."""
        whole = " ".join(self.texts).lower()
        return sum(map(whole.count, _STEMS)) >= _MENTIONS

    @cached_property
    def reported(self) -> bool:
        """Whether the page is somebody's report: it says so, or others are quoted."""
        declared = self.case.declared
        return declared.article or declared.signed or self._quotes

    @property
    def _quotes(self) -> bool:
        found = (said for text in self.texts for said in _QUOTATION.findall(text))
        return any(length(said) >= _QUOTED_WORDS for said in found)

    @cached_property
    def sentences(self) -> list[str]:
        """The kept text in sentences."""
        return [s for text in self.texts for s in _SENTENCE.split(text) if s]

    @cached_property
    def matters(self) -> list[str]:
        """The sentences that speak of cookies, of consent, of readers' data."""
        return [sentence for sentence in self.sentences if _asks(sentence)]

    def share(self, sentences: Iterable[str]) -> float:
        """The share of the text, in letters, that `sentences` are."""
        whole = sum(map(len, self.sentences))
        return sum(map(len, sentences)) / whole if whole else 0.0

    def saying(self, pattern: re.Pattern[str]) -> float:
        """The share of the text in sentences in which `pattern` is found."""
        return self.share(filter(pattern.search, self.sentences))

    @cached_property
    def asks_for_consent(self) -> bool:
        """Whether there is something short by which the reader agrees."""
        texts = [block.text for block in self.case.page.blocks]
        texts += [field.get("value") or "" for field in _fields(self.case)]
        short = (text for text in texts if length(text) <= _BUTTON_WORDS)
        return any(map(_AGREEMENT.search, short))


def _asks(sentence: str) -> bool:
    if _CONSENT.search(sentence):
        return True
    return sum(matter.search(sentence) is not None for matter in _MATTERS) > 1


def _rules(voice: _Voice) -> SitePage | None:
    """Privacy policies, terms, legal notices."""
    if not voice.headed(_RULES):
        return None
    known = voice.headed_by_no_more(_RULES)
    legal = voice.saying(_LEGAL)
    if (voice.reported and not known) or legal < _PARTLY:
        return None
    # Contracts speak of "the publisher"; who writes about rules does so less densely.
    plain = known and not voice.reported and legal >= _ALL
    if not plain and voice.saying(_OURSELVES) < _VOICE:
        return None
    return SitePage(Outcome.NOT_ARTICLE, f"rules of the site: {voice.headline!r}")


def _log_in(voice: _Voice) -> SitePage | None:
    if not voice.headed(_LOG_IN) or not _has_password(voice.case):
        return None
    known = voice.headed_by_no_more(_LOG_IN)
    if voice.reported and not known:
        return None
    if voice.saying(_ACCOUNT) < (_PARTLY if known else _MOSTLY):
        return None
    detail = f"a page to log in: {voice.headline!r}"
    return SitePage(Outcome.WALL, detail, Reason.PAYWALL)


def _has_password(case: Case) -> bool:
    kinds = ((field.get("type") or "").lower() for field in _fields(case))
    return "password" in kinds


def _fields(case: Case) -> Iterator[HtmlElement]:
    """What readers fill in or press."""
    nodes = case.page.nodes
    return nodes[0].element.iter("input") if nodes else iter(())


def _bot_check(voice: _Voice) -> SitePage | None:
    if not voice.headed(_BOT_CHECK) or voice.reported:
        return None
    if voice.saying(_MACHINES) < _MOSTLY:
        return None
    return SitePage(Outcome.WALL, f"wants to see no robot: {voice.headline!r}")


def _consent(voice: _Voice) -> SitePage | None:
    """A page that has the reader agree to cookies before anything else."""
    if not voice.mentions_consent:
        return None
    own = filter(_OURSELVES.search, voice.matters)
    mostly, ours = voice.share(voice.matters), voice.share(own)
    if voice.reported:
        # An article belongs here, and its place is taken: not a word is of it.
        held = mostly >= _ALL and ours >= _VOICE and not _names_its_matter(voice)
        told = held and voice.asks_for_consent
    else:
        told = mostly >= _MOSTLY and ours >= _VOICE and _is_told(voice)
        told = told or (mostly >= _ALL and ours >= _MOSTLY)
    if not told:
        return None
    detail = f"asks for consent: {mostly:.0%} of its text is about readers' data"
    return SitePage(Outcome.WALL, detail, Reason.CONSENT)


def _is_told(voice: _Voice) -> bool:
    """Whether more than the text says that consent is asked for."""
    if voice.asks_for_consent or lines.consent_line(voice.headline):
        return True
    url = urlsplit(voice.case.scope.home.url or "")
    places = {*(url.hostname or "").split("."), *url.path.lower().split("/")}
    return bool(places & _PLACES)


def _names_its_matter(voice: _Voice) -> bool:
    """Whether the text is on what the article's title names, as far as words tell."""
    said = set(words(" ".join(voice.texts)))
    title = words(next(iter(voice.case.declared.titles), ""))
    title = tuple(word for word in title if len(word) > _SHORT_WORD) or title
    return sum(word in said for word in title) >= _NAMED * len(title)


def _network(voice: _Voice) -> SitePage | None:
    """A page of a social network: its labels stand around next to nothing."""
    if voice.case.declared.article:
        return None
    texts = {block.text.lower().replace("'", "’") for block in voice.case.page.blocks}
    found = sorted(texts & _LABELS)
    if len(found) < _MANY_LABELS:
        return None
    return SitePage(Outcome.NOT_ARTICLE, f"a page of a social network: {found[0]!r}")
