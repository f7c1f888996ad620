"""Notices with which outlets own up to an error, in many languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: What a notice begins with: alone on its line, before a colon or dash, or bracketed.
_LABELS: Final = """
Correction|Corrections|Clarification|Erratum|Corrigendum|Corrected|Editor's correction
Korrektur|Korrekturhinweis|Korrigendum|Berichtigung|Richtigstellung|Klarstellung
Rectificatif|Erratum|Précision|Rectification|Droit de suite
Fe de errores|Fe de erratas|Corrección|Rectificación|Aclaración
Errata corrige|Rettifica|Correzione|Precisazione
Correção|Errata|Erramos|Retificação|Esclarecimento
Correctie|Rectificatie|Verbetering|Rättelse|Korrigering|Förtydligande
Rettelse|Retting|Berigtigelse|Oikaisu|Korjaus|Täsmennys|Korrigeret|Parandus
Sprostowanie|Korekta|Oprava|Upřesnění|Spresnenie|Helyesbítés|Helyreigazítás|Pontosítás
Erată|Rectificare|Ispravak|Ispravka|Popravek|Labojums|Pataisymas|Leiðrétting
Düzeltme|Tekzip|Διόρθωση|Διευκρίνιση|Επανόρθωση
Исправление|Исправлено|Поправка|Уточнение|Опровержение|Виправлення|Уточнення
Спростування|Поправление|Корекция|Исправка|Удакладненне
تصحيح|تصويب|استدراك|توضيح|اصلاحیه|تصحیح|توضیح|תיקון|הבהרה|תיקון טעות
भूल सुधार|भूल-सुधार|सुधार|स्पष्टीकरण|दुरुस्ती|সংশোধনী|সংশোধন|திருத்தம்|దిద్దుబాటు|ಸರಿಪಡಿಸುವಿಕೆ
訂正|お詫びと訂正|おわびと訂正|おわび|정정|정정보도|정정보도문|바로잡습니다|알려드립니다
更正|更正启事|更正啟事|勘误|勘誤|澄清|Koreksi|Ralat|Pembetulan|Đính chính|แก้ไข|แก้คำผิด
Marekebisho|Masahihisho|დაზუსტება|შესწორება|Ուղղում|Düzəliş|Түзету
"""

#: What only a notice says, wherever it stands.
_PHRASES: Final = r"""
an? (?:earlier|previous|prior|original) version of this (?:article|story|report|post)
(?:article|story|report|piece) (?:has been|was) (?:corrected|amended|updated to correct)
this (?:story|article) corrects|has been corrected to|was amended on \d
in einer (?:früheren|vorherigen|ersten) (?:version|fassung)
(?:haben|wurde)[^.]{0,60}\b(?:korrigiert|berichtigt)\b
une (?:première|précédente) version de ce|une version (?:précédente|antérieure) de ce
(?:article|texte) a été (?:corrigé|rectifié|modifié)
una versión (?:anterior|previa) de est[ea]|ha sido corregid[oa]
una (?:precedente )?versione (?:precedente )?di quest|è stato corretto|è stata corretta
(?:uma )?versão anterior dest[ea]|foi corrigid[oa]
in een eerdere versie van dit|is gecorrigeerd|en tidigare version av
(?:en|ein) tidligere (?:version|versjon|utgave|udgave) av?|har vært rettet|er rettet
aiemmassa versiossa|jutussa (?:luki|kerrottiin|sanottiin) (?:aiemmin|ensin|virhe)
(?:juttua|juttuun|artikkelia|otsikkoa|otsikkoon) (?:on )?korjattu|korjattu (?:kello|klo)
we wcześniejszej wersji|v (?:předchozí|původní|predchádzajúcej|pôvodnej) verzi
korábbi (?:változatában|verziójában)|o versiune anterioară
önceki (?:versiyon|hal|sürüm)\w*|προηγούμενη (?:έκδοση|εκδοχή|μορφή)
в (?:предыдущей|первоначальной|более ранней|прежней) версии
(?:у|в) (?:попередній|первісній) версії
(?:في )?نسخة سابقة من هذا|تم تصحيح|در نسخه قبلی|בגרסה (?:קודמת|מוקדמת)
पहले के संस्करण|पिछले संस्करण
(?:訂正|修正)(?:します|しました|いたします|いたしました)|としたのは|とあるのは
바로잡았습니다|바로잡습니다|정정합니다|수정했습니다
此前版本|本文较早版本|本文先前版本|特此更正
versi sebelumnya dari|phiên bản trước|toleo la awali
"""

_LABEL = re.compile(
    rf"^\W*(?:{'|'.join(_LABELS.split(chr(10))).strip('|')})"
    # With a date, perhaps: "Correction (3 May):".
    r"(?:(?:[\s,]*[\d(（][^:：\n]{0,40})?(?:\d:\d\d)?\s*[:：]|\s*[-–—)\]】》」]|\W*$)",
    re.IGNORECASE,
)
_PHRASE = re.compile("|".join(_PHRASES.strip().split("\n")), re.IGNORECASE)


def notice(paragraphs: Iterable[str]) -> str | None:
    """The first paragraph that is a correction notice; None if there is none."""
    return next((one for one in paragraphs if is_notice(one)), None)


def is_notice(paragraph: str) -> bool:
    """Whether a paragraph says that an error was corrected."""
    return bool(_LABEL.match(paragraph) or _PHRASE.search(paragraph))
