"""Which agency a text names, in the scripts that agencies are named in."""

from __future__ import annotations

import pytest

from pipelines.agencies import AGENCIES, credit
from pipelines.article import Reason, Removed

BODY = "The council met on Tuesday and voted for the ferry, to nobody's surprise."


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("BERLIN (dpa) - Die Fähre fährt wieder.", "dpa"),
        ("Berlin (dpa/lno) - Die Fähre fährt wieder.", "dpa"),
        ("WASHINGTON (AP) — The ferry runs.", "AP"),
        ("LONDON, May 3 (Reuters) - The ferry runs.", "Reuters"),
        ("PARIS, 3 mai 2024 (AFP) - Le bac reprend.", "AFP"),
        ("Madrid, 3 may (EFE).- El transbordador vuelve.", "EFE"),
        ("(ANSA) - ROMA, 03 MAG - Il traghetto riparte.", "ANSA"),
        ("BEIJING, May 3 (Xinhua) -- The ferry runs.", "Xinhua"),
        ("新华社北京5月3日电 渡轮恢复运营。", "Xinhua"),
        ("МОСКВА, 3 мая. /ТАСС/. Паром снова ходит.", "TASS"),
        ("МОСКВА, 3 мая - РИА Новости. Паром снова ходит.", "RIA Novosti"),
        ("(서울=연합뉴스) 여객선이 다시 운항한다.", "Yonhap"),
        ("SEOUL, May 3 (Yonhap) -- The ferry runs.", "Yonhap"),
        ("Praha (ČTK) - Přívoz opět jezdí.", "CTK"),
        ("القاهرة (رويترز) - عادت العبارة", "Reuters"),
        ("नई दिल्ली, तीन मई (भाषा) नौका फिर चली।", "PTI"),
        (f"{BODY}\n(AFP)", "AFP"),
        (f"{BODY} (Reuters)", "Reuters"),
        (f"{BODY}\nQuelle: dpa", "dpa"),
        (f"{BODY}\nSource: AFP/dpa", "AFP"),
        (f"{BODY}\n© 2024 AFP", "AFP"),
        (f"{BODY}\n/ritzau/", "Ritzau"),
        (f"{BODY}\nFonte: Lusa", "Lusa"),
        ("渡し船が再開した。（共同）", "Kyodo"),
        ("渡轮恢复运营。\n来源：中新社", "CNS"),
        (f"{BODY}\n(PTI)", "PTI"),
    ],
)
def test_agencies_are_recognised(text: str, agency: str) -> None:
    assert credit(text) == agency


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        "He told Reuters that the ferry runs.",
        f"{BODY}\nThe AP contributed to this report, as did others in the town.",
        "The apa (a kind of plant) grows. MAP of the area: see below.",
        f"Dogs (PA system) bark.{BODY * 3} More (AP) here.{BODY * 3}",
        "In 2020 - EFEU is a plant.",
    ],
)
def test_names_in_passing_are_no_credit(text: str) -> None:
    assert credit(text) is None


def test_authors_and_bylines() -> None:
    assert credit(BODY, ["Ada Nord", "Reuters"]) == "Reuters"
    assert credit(BODY, ["The Associated Press"]) == "AP"
    byline = Removed("By Agence France-Presse", Reason.AUTHOR, 0, "")
    assert credit(BODY, removed=[byline]) == "AFP"
    assert credit(BODY, removed=[Removed("AFP", Reason.AUTHOR, 0, "")]) == "AFP"
    assert credit(BODY, removed=[Removed("AFP", Reason.CREDIT, 0, "")]) is None


def test_a_spelling_belongs_to_one_agency() -> None:
    names = [name for spellings in AGENCIES.values() for name in spellings]
    assert len(set(names)) == len(names)
