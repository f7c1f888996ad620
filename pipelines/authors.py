"""Who wrote an article, out of bylines as they are printed and marked up.

"By Jane Doe and John Roe, Washington" is two people. Links, mail addresses and roles
are none; an agency or the newsroom counts only where no person is named.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: What stands before the first name, by language. A colon may follow.
_BY = re.compile(
    r"^(?:(?:written|reported|story|words|posted|published|foto og|skrevet)\s+)?"
    r"(?:by|par|por|door|przez|autor(?:in|es|a)?|authors?|yazan|oleh|автор|от|текст|quelle|source|fuente|fonte|bron|kilde|källa|источник|"
    r"tekst|text|בידי|מאת|بقلم|كتب|文|作者|記者|记者|責任編輯|责任编辑)"
    r"(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
#: The same word is a particle of surnames: "Von der Leyen", "Di Maio". It stands for
#: "by" before two capitalised words at least: "Von Max Meier".
_BY_OR_PARTICLE = re.compile(
    r"^(?:von|vom|di|da|de|av|af|od|från|Von|Vom|Di|Da|De|Av|Af|Od|Från|VON|DI|DA|DE)\s+"
)
_AND: Final = (
    r"(?:and|und|och|et|og|en|ja|ve|és|și|si|та|və|dan|και|與|和|with|mit|con)"
)
_BETWEEN = re.compile(
    r"\s*(?:[;|•·/、，&+]|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b))\s*"
    rf"(?:{_AND}\s+)?|\s+{_AND}\s+",
    re.IGNORECASE,
)
#: These stand within surnames too ("Ortega y Gasset").
_BETWEEN_OR_WITHIN = re.compile(r"\s+(?:y|e|i|a|na|и|و)\s+")
_WITHIN_BRACKETS = re.compile(r"\s*[(\[（【][^)\]）】]{0,80}[)\]）】]")
_MAIL_OR_LINK = re.compile(r"\S+@\S+|(?:https?:|www\.)\S*|\b\S+\.(?:html?|php)\b")
_HANDLE = re.compile(r"^@\w+$")
_MARGINS: Final = " \t-–—,.:;|*()[]\"'«»„“”"
#: A few words with a letter in them, none of them a date or a sentence's end.
_NAME_LENGTH: Final = 60
#: Longer texts are no bylines, whatever they are called.
_BYLINE_LENGTH: Final = 500

_ROLES = re.compile(
    r"^(?:(?:(?:senior|chief|staff|deputy|political|business|sports?|foreign|managing|"
    r"associate|assistant|contributing|digital|news|world|tech\w*|science|health|"
    r"national|investigative|special|video|data|live|eu|uk|us)\s+)+"
    r"(?:\w+\s+)?)?"  # "Senior Washington Correspondent"
    r"(?:editor|reporter|writer|correspondent|journalist\w*|columnist|author|producer|"
    r"contributor|staff|fellow|redakteur(?:in)?|redaktør|reporterin|autor(?:in)?|"
    r"korrespondent(?:in)?|freier? journalist(?:in)?|journaliste|rédact(?:eur|rice)|"
    r"redactora?|periodista|corresponsal|giornalista|redattore|redacteur|dziennikarz|"
    r"корреспондент|обозреватель|журналист|editor-in-chief|chefredakteur(?:in)?|"
    r"envoyée?s? spécia(?:l|ux|les?)|enviad[oa]s? especial(?:es)?|inviat[oa])s?"
    r"(?:\s.*)?$",
    re.IGNORECASE,
)

#: What stands before a place or a section, and never before a name.
_ELSEWHERE = re.compile(r"(?:in|on|at|for|from|under|about)\s")

#: Newsrooms and agencies: no persons, kept where no person is named.
_AGENCY = re.compile(
    r"^(?:dpa|afp|ap|apa|sda|ansa|efe|tass|pap|čtk|ctk|ntb|tt|ritzau|belga|anp|lusa|"
    r"keystone-sda|sid|kna|epd|upi|pti|ani|ians|bernama|xinhua|reuters|bloomberg|"
    r"dpa-afx|dpa-infocom|the associated press|associated press|agence france-presse|"
    r"anadolu(?: ajans[ıi]| agency)?|aa|dha|iha|press association|pa media|"
    r"europa press|agencias|agencies|agenturen|wires?|"
    r"時事通信(?:社)?|共同通信(?:社)?|新华社|"
    r"риа новости|тасс|интерфакс)(?: in \w+)?$",
    re.IGNORECASE,
)
_NEWSROOM = re.compile(
    r"redaktion|redaction|rédaction|redacción|redazione|redactie|redaktionen|редакц|"
    r"newsroom|news desk|newsdesk|editorial|staff|team|online|admin\b|webmaster|"
    r"\bnews\b|\.(?:com|de|net|org|at|ch|fr|es|it|nl|be|co|uk|tr|pl|cz|ru|se|no|dk)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named: persons, and the agencies and newsrooms beside them."""

    people: tuple[str, ...] = ()
    newsrooms: tuple[str, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons; agencies and newsrooms only where there are none."""
        return self.people or self.newsrooms


def clean(said: Iterable[str], site_names: Iterable[str] = ()) -> Named:
    """The authors named in `said`, in order, each once; persons and others apart.

    `site_names` are what the page calls its outlet: no person's name.
    """
    sites = {_letters(name) for name in site_names}
    unique: dict[str, str] = {}
    for text in said:
        for name in split(text):
            unique.setdefault(_letters(name), name)
    newsrooms = {k: n for k, n in unique.items() if k in sites or _is_newsroom(n)}
    people = tuple(name for key, name in unique.items() if key not in newsrooms)
    return Named(people, tuple(newsrooms.values()))


def split(byline: str) -> list[str]:
    """The names in one byline; nothing for what is no name."""
    if len(byline) > _BYLINE_LENGTH:
        return []
    text = " ".join(html.unescape(byline).split())
    text = _WITHIN_BRACKETS.sub("", _MAIL_OR_LINK.sub("", text))
    parts = [pair for part in _BETWEEN.split(text) for pair in _pair(part)]
    names = [name for part in parts if (name := _name(part))]
    return _without_places(names) if "," in text else names


def _is_newsroom(name: str) -> bool:
    return bool(_AGENCY.match(name) or _NEWSROOM.search(name))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _without_places(names: list[str]) -> list[str]:
    """`names` without single words behind a full name: "Jane Doe, Washington"."""
    if not names or (len(names[0].split()) < 2 and not _is_newsroom(names[0])):
        return names
    rest = [n for n in names[1:] if len(n.split()) > 1 or not n.isascii()]
    return [names[0], *rest]


def _pair(text: str) -> list[str]:
    """Two full names joined by a little word, or the text as it is."""
    names = _BETWEEN_OR_WITHIN.split(text)
    return names if all(len(name.split()) > 1 for name in names) else [text]


def _name(part: str) -> str | None:
    name = _without_by(part.strip(_MARGINS)).strip(_MARGINS)
    if not name or len(name) > _NAME_LENGTH or not re.search(r"[^\W\d_]", name):
        return None
    if re.search(r"\d", name) or _HANDLE.match(name) or _ROLES.match(name):
        return None
    if _ELSEWHERE.match(name):
        return None
    name = _without_role(name)
    return None if len(name.split()) > 6 else name


def _without_role(name: str) -> str:
    """`name` without what somebody does, behind two words: "Jane Doe Senior Editor"."""
    words = name.split()
    named = (n for n in range(1, len(words)) if _ROLES.match(" ".join(words[n:])))
    count = next(named, 0)
    return name if count < 2 else " ".join(words[:count])


def _without_by(name: str) -> str:
    name = _BY.sub("", f"{name} ").strip()
    rest = _BY_OR_PARTICLE.sub("", name)
    capitals = [word for word in rest.split() if word[0].isupper()]
    by = len(capitals) > 1 and rest[:1].isupper()
    return rest if by or _AGENCY.match(rest) else name
