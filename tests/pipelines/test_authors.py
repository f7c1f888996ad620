"""Names out of bylines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.authors import clean, split


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        pytest.param("Jane Doe", ["Jane Doe"], id="a name"),
        pytest.param(
            "By Jane Doe and John Roe", ["Jane Doe", "John Roe"], id="by, and"
        ),
        pytest.param("BY JANE DOE", ["JANE DOE"], id="capitals stay"),
        pytest.param(
            "Von Max Meier, Anna Schulz und Udo Jahn",
            ["Max Meier", "Anna Schulz", "Udo Jahn"],
            id="German",
        ),
        pytest.param(
            "Par Anne Petit et Luc Grand", ["Anne Petit", "Luc Grand"], id="par"
        ),
        pytest.param("Por Ana Gil y Luis Paz", ["Ana Gil", "Luis Paz"], id="Spanish"),
        pytest.param("José Ortega y Gasset", ["José Ortega y Gasset"], id="a surname"),
        pytest.param("Ursula von der Leyen", ["Ursula von der Leyen"], id="particle"),
        pytest.param("Von der Leyen", ["Von der Leyen"], id="particle in front"),
        pytest.param("Di Maio", ["Di Maio"], id="Italian particle"),
        pytest.param("Olivia de Havilland", ["Olivia de Havilland"], id="de within"),
        pytest.param("Автор: Иван Петров", ["Иван Петров"], id="Russian"),
        pytest.param("作者：王小明", ["王小明"], id="Chinese"),
        pytest.param(
            "山田太郎、鈴木花子", ["山田太郎", "鈴木花子"], id="Japanese comma"
        ),
        pytest.param("Jane Doe, Washington", ["Jane Doe"], id="a place"),
        pytest.param("Jane Doe, Senior Reporter", ["Jane Doe"], id="a role"),
        pytest.param("Jane Doe Senior Rome Reporter", ["Jane Doe"], id="a role behind"),
        pytest.param("Jane Doe Staff Writer", ["Jane Doe"], id="a role of two words"),
        pytest.param(
            "Anne Petit, Luc Grand Envoyés spéciaux à Nice",
            ["Anne Petit", "Luc Grand"],
            id="sent there",
        ),
        pytest.param(
            "Jane Doe, John Roe, and Ann Lee",
            ["Jane Doe", "John Roe", "Ann Lee"],
            id="comma and",
        ),
        pytest.param(
            "Courier staff reporter", ["Courier staff reporter"], id="nobody named"
        ),
        pytest.param("in Off-topic", [], id="a section"),
        pytest.param("Jane Doe (Reuters)", ["Jane Doe"], id="brackets"),
        pytest.param("Jane Doe jane@a.example", ["Jane Doe"], id="a mail address"),
        pytest.param("https://social.example/janedoe", [], id="a link"),
        pytest.param("@janedoe", [], id="a handle"),
        pytest.param("Chief Political Correspondent", [], id="only a role"),
        pytest.param("By", [], id="only by"),
        pytest.param("23.11.2026", [], id="a date"),
        pytest.param("Quelle: dpa", ["dpa"], id="a source"),
        pytest.param("Von DPA", ["DPA"], id="by an agency"),
        pytest.param("Martin King, Jr.", ["Martin King, Jr"], id="junior"),
        pytest.param("Jane Doe &amp; John Roe", ["Jane Doe", "John Roe"], id="entity"),
        pytest.param("Jane\n  Doe", ["Jane Doe"], id="white space"),
        pytest.param(
            "In this long sentence nobody at all is named by anyone",
            [],
            id="a sentence",
        ),
    ],
)
def test_bylines_are_split(byline: str, names: list[str]) -> None:
    assert split(byline) == names


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        pytest.param(["Jane Doe", "By Jane Doe", "JANE DOE"], ("Jane Doe",), id="once"),
        pytest.param(["John Roe", "Ann Lee"], ("John Roe", "Ann Lee"), id="in order"),
        pytest.param(
            ["dpa", "Jane Doe"], ("Jane Doe",), id="no agency beside a person"
        ),
        pytest.param(["AFP", "Reuters"], ("AFP", "Reuters"), id="agencies alone"),
        pytest.param(
            ["Associated Press in Rome"], ("Associated Press in Rome",), id="in"
        ),
        pytest.param(["Example Post", "Ann Lee"], ("Ann Lee",), id="the outlet's name"),
        pytest.param(["The Post Newsroom"], ("The Post Newsroom",), id="a newsroom"),
        pytest.param([], (), id="nobody"),
    ],
)
def test_persons_go_before_newsrooms(said: list[str], authors: tuple[str, ...]) -> None:
    assert clean(said, ["Example Post"]).authors == authors


@settings(deadline=None)
@given(st.lists(st.text(max_size=120), max_size=5))
def test_no_byline_breaks_the_reader(said: list[str]) -> None:
    named = clean(said)
    assert all(0 < len(name) <= 60 for name in named.authors)
    assert len(set(named.authors)) == len(named.authors)
