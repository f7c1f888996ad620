"""Which news agency a text names as its source. Pure.

Agencies are named in the dateline ("BERLIN (dpa) -"), at the end ("(AFP)", "Quelle:
dpa") or as the author; a name within a sentence is only talked about, and one below a
picture credits the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipelines.article import Reason, Removed

#: Agency -> how it is written, in the scripts it is written in.
AGENCIES: Final[dict[str, tuple[str, ...]]] = {
    "AFP": ("AFP", "Agence France-Presse", "АФП", "فرانس برس", "أ ف ب", "法新社"),
    "AP": ("AP", "Associated Press", "The Associated Press", "美联社", "AP通信"),
    "Reuters": ("Reuters", "Thomson Reuters", "Рейтер", "رويترز", "路透社", "ロイター"),
    "dpa": ("dpa", "Deutsche Presse-Agentur", "DPA"),
    "EFE": ("EFE", "Agencia EFE", "Efe"),
    "ANSA": ("ANSA", "Ansa"),
    "Xinhua": ("Xinhua", "新华社", "新華社", "Синьхуа", "شينخوا"),
    "CNS": ("中新社", "中新网", "中国新闻网"),
    "TASS": ("TASS", "ТАСС", "ИТАР-ТАСС", "تاس", "塔斯社", "タス通信"),
    "RIA Novosti": ("РИА Новости", "RIA Novosti"),
    "Interfax": ("Интерфакс", "Interfax", "Інтерфакс-Україна"),
    "Ukrinform": ("Укринформ", "Укрінформ", "Ukrinform"),
    "UNIAN": ("УНИАН", "УНІАН", "UNIAN"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同通信", "共同", "共同社"),
    "Jiji": ("Jiji Press", "時事通信", "時事"),
    "Yonhap": ("Yonhap", "Yonhap News", "연합뉴스", "聯合ニュース", "韩联社"),
    "Newsis": ("뉴시스", "Newsis"),
    "PA": ("PA", "PA Media", "Press Association"),
    "AAP": ("AAP", "Australian Associated Press"),
    "NZN": ("NZ Newswire",),
    "The Canadian Press": ("The Canadian Press", "La Presse Canadienne"),
    "APA": ("APA", "Austria Presse Agentur"),
    "Keystone-SDA": ("Keystone-SDA", "SDA", "sda", "ATS", "Keystone-ATS"),
    "AFX": ("dpa-AFX",),
    "SID": ("SID", "Sport-Informations-Dienst"),
    "epd": ("epd",),
    "KNA": ("KNA",),
    "Belga": ("Belga", "BELGA"),
    "ANP": ("ANP",),
    "Ritzau": ("Ritzau", "/ritzau/"),
    "TT": ("TT",),
    "NTB": ("NTB", "©NTB"),
    "STT": ("STT", "FNB"),
    "BNS": ("BNS",),
    "ELTA": ("ELTA",),
    "LETA": ("LETA",),
    "CTK": ("ČTK", "CTK", "CTK News"),
    "TASR": ("TASR",),
    "SITA": ("SITA",),
    "PAP": ("PAP",),
    "MTI": ("MTI",),
    "Agerpres": ("Agerpres", "AGERPRES"),
    "BTA": ("БТА", "BTA"),
    "Tanjug": ("Tanjug", "Танјуг"),
    "Hina": ("Hina", "HINA"),
    "STA": ("STA",),
    "AMNA": ("ΑΠΕ-ΜΠΕ", "ΑΠΕ", "AMNA", "ANA-MPA"),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "Anadolu", "AA", "АА", "الأناضول"),
    "DHA": ("DHA", "Demirören Haber Ajansı"),
    "IHA": ("İHA", "İhlas Haber Ajansı"),
    "Lusa": ("Lusa", "LUSA"),
    "Europa Press": ("Europa Press", "EUROPA PRESS"),
    "Adnkronos": ("Adnkronos",),
    "AGI": ("AGI",),
    "Agência Brasil": ("Agência Brasil",),
    "Estadão Conteúdo": ("Estadão Conteúdo", "ESTADÃO CONTEÚDO"),
    "Télam": ("Télam", "Telam"),
    "Notimex": ("Notimex",),
    "Prensa Latina": ("Prensa Latina",),
    "PTI": ("PTI", "Press Trust of India", "भाषा", "पीटीआई"),
    "IANS": ("IANS", "आईएएनएस"),
    "ANI": ("ANI", "एएनआई"),
    "Antara": ("ANTARA", "Antara"),
    "Bernama": ("Bernama", "BERNAMA"),
    "VNA": ("TTXVN", "VNA", "Vietnam+"),
    "CNA": ("中央社",),
    "IRNA": ("IRNA", "ایرنا"),
    "ISNA": ("ISNA", "ایسنا"),
    "SPA": ("SPA", "واس"),
    "WAM": ("WAM", "وام"),
    "MENA": ("MENA", "أ ش أ"),
    "PETRA": ("بترا", "Petra"),
    "SANA": ("سانا",),
    "APS": ("APS", "وأج"),
    "IPS": ("Inter Press Service",),
    "UPI": ("UPI",),
}

_OF: Final = {name: agency for agency, names in AGENCIES.items() for name in names}
_NAME: Final = "|".join(sorted(map(re.escape, _OF), key=len, reverse=True))

#: How far a dateline and a closing credit reach, in characters.
_DATELINE: Final = 160
_CLOSING: Final = 120

_OPEN, _CLOSE = r"[(\[（【〔/=＝]", r"[)\]）】〕/,;+=＝]"
_BRACKETED = re.compile(
    rf"{_OPEN}\s*(?:[^()（）\[\]\n]{{1,24}}[=＝])?\s*(?P<name>{_NAME})"
    rf"(?:[-/.,][\w-]{{1,12}})?\s*{_CLOSE}"
)
#: "МОСКВА, 3 мая - РИА Новости.", "新华社北京5月3日电".
_AFTER_PLACE = re.compile(rf"\d[^\n]{{0,30}}?[-–—]\s*(?P<name>{_NAME})\s*[.:,–—-]")
_ELECTRIC = re.compile(
    rf"^\W*(?P<name>{_NAME})\S{{0,14}}?\d{{1,2}}[月日]\S{{0,8}}?[电電]"
)
_SOURCE = (
    "Source|Sources|Quelle|Quellen|Fuente|Fonte|Bron|Kilde|Källa|Lähde|Źródło|Zdroj|"
    "Forrás|Sursa|Источник|Джерело|Извор|Източник|Kaynak|Πηγή|المصدر|منبع|स्रोत|"
    "来源|來源|出典|출처|Nguồn|Sumber|Reporting by|With|Mit Material von|Avec|Con|С|"
    "Com|Con información de|Com informações da|By|Von|Par|Por|Di|De|Door|Av|Af"
)
_ALONE = re.compile(
    rf"^\W*(?:(?:{_SOURCE})\s*[:：]?\s*)?(?:©\s*)?(?:\d{{4}}\s+)?(?P<name>{_NAME})"
    rf"(?:\s*[/,+&]\s*(?:{_NAME}|[a-z]{{2,4}}))*\W*$"
)


def credit(
    text: str, authors: Iterable[str] = (), removed: Iterable[Removed] = ()
) -> str | None:
    """The agency that a text is from, by its usual name; None if it names none.

    `removed` is what the cleaning took out: bylines are among it.
    """
    bylines = [block.text for block in removed if block.reason is Reason.AUTHOR]
    return (
        _in_dateline(text)
        or _at_end(text)
        or _among(authors)
        or _among(line for block in bylines for line in block.split("\n"))
    )


def _in_dateline(text: str) -> str | None:
    start = text[:_DATELINE]
    patterns = (_BRACKETED, _AFTER_PLACE, _ELECTRIC)
    found = [match for one in patterns if (match := one.search(start))]
    return _named(min(found, key=re.Match.start)) if found else None


def _at_end(text: str) -> str | None:
    last = text.rstrip().rpartition("\n")[2]
    if alone := _ALONE.match(last):
        return _named(alone)
    bracketed = list(_BRACKETED.finditer(last[-_CLOSING:]))
    behind = bracketed and len(last[-_CLOSING:]) - bracketed[-1].end() <= 2
    return _named(bracketed[-1]) if behind else None


def _among(lines: Iterable[str]) -> str | None:
    matches = (_ALONE.match(line.strip()) for line in lines)
    return next((_named(match) for match in matches if match), None)


def _named(match: re.Match[str]) -> str:
    return _OF[match["name"]]
