"""What a worker makes of a page or a text, from bytes to verdict."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article import Reading, Reason
from pipelines.cleaning import CleanRules
from pipelines.outcome import Outcome
from pipelines.reading import (
    PageInput,
    TextInput,
    read,
    read_page,
    read_text,
    sound,
)

BODY = """\
The council met on Tuesday and agreed on a plan for the old harbour, which has been \
closed since the flood.
Work is to begin in spring, when the ferries move to their new pier, and will take at \
least two years, the mayor said after the vote.
Shops on the quay may stay open all the time, though their owners fear for their trade \
while the cranes stand there.""".splitlines()

#: Around every article there is a page: without it, a page seems made by scripts.
CHROME = "".join(f"<li><a href=/{n}>Page {n} of ours</a></li>" for n in range(20))

STUB = f"{BODY[0]} Shops may stay open all the time, the mayor said on Tuesday."

JAPANESE = (
    "市議会は火曜日に会合を開き、昨年の洪水以来閉鎖されている旧港の再開計画に合意した。",
    "工事は春に始まり、少なくとも二年かかる見通しだと市長は採決の後に述べた。",
    "岸壁の商店は工事中も営業を続けるが、店主らは客足への影響を心配している。",
)


def page(*paragraphs: str, head: str = "", lang: str = "en") -> PageInput:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<html lang={lang}><head>{head}</head><body><article><h1>Old harbour</h1>"
        f"{body}</article><footer><ul>{CHROME}</ul></footer></body></html>"
    )
    return PageInput(html.encode("utf-8", "surrogatepass"), "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By Jane Doe and John Roe, Washington", ("Jane Doe", "John Roe")),
        ("By Jane Doe | 12 March 2026", ("Jane Doe",)),
        ("Written by Jane Doe", ("Jane Doe",)),
        ("Von Max Meier", ("Max Meier",)),
        ("作者：王小明", ("王小明",)),
        ("Photo: Jane Doe", ()),
    ],
)
def test_the_by_line_of_a_flattened_text_names_its_authors(
    line: str, names: tuple[str, ...]
) -> None:
    title = "Old harbour to open again after the flood"
    above = read_text("\n".join([title, line, *BODY]))
    below_standfirst = read_text("\n".join([title, BODY[0], line, *BODY[1:]]))
    last = read_text("\n".join([title, *BODY, line]))
    for reading in (above, below_standfirst, last):
        assert reading.metadata.authors == names
        assert reading.metadata.sources == ({"authors": "by-line"} if names else {})
        assert line not in reading.cleaned.text


def test_by_lines_of_other_articles_name_no_author() -> None:
    teaser = ["Read also", "Ferries move to their new pier", "By John Roe"]
    assert not read_text("\n".join(["Harbour", *BODY, *teaser])).metadata.authors
    assert not read_text("By John Roe").metadata.authors


def test_a_page_is_read_from_bytes_to_language() -> None:
    reading = read(page(*BODY, head='<meta name="author" content="Jane Doe">'))
    assert reading.cleaned.text == "\n".join(BODY)
    assert reading.cleaned.title == reading.metadata.title == "Old harbour"
    assert reading.cleaned.outcome is None
    assert reading.metadata.authors == ("Jane Doe",)
    assert reading.language == "en"
    assert reading.cleaner_version


def test_a_text_is_read_without_metadata() -> None:
    reading = read(TextInput("\n".join(BODY)))
    assert reading.cleaned.text == "\n".join(BODY)
    assert reading.metadata.sources == {}
    assert (reading.language, reading.cleaned.outcome) == ("en", None)


@pytest.mark.parametrize(
    ("paragraphs", "outcome"),
    [
        pytest.param(BODY, None, id="an article"),
        pytest.param([STUB], Outcome.THIN, id="a stub"),
        pytest.param(JAPANESE, None, id="Japanese says it in fewer letters"),
        pytest.param([JAPANESE[0] * 1], Outcome.THIN, id="but not in so few"),
    ],
)
def test_too_little_text_is_thin(
    paragraphs: list[str], outcome: Outcome | None
) -> None:
    cleaned = read(page(*paragraphs)).cleaned
    assert cleaned.outcome == outcome
    assert (cleaned.detail is None) == (outcome is None)


def test_a_thin_page_says_how_thin() -> None:
    detail = read(page(STUB)).cleaned.detail
    assert detail == f"{len(STUB)} characters of text; an article has at least 200"


@pytest.mark.parametrize(
    ("least", "outcome"),
    [
        pytest.param(100, None, id="less is enough"),
        pytest.param(5000, Outcome.THIN, id="more is asked for"),
        pytest.param(0, None, id="anything"),
    ],
)
def test_operators_say_what_is_too_little(least: int, outcome: Outcome | None) -> None:
    rules = CleanRules(min_characters=least)
    asked = dataclasses.replace(page(STUB), rules=rules)
    assert read(asked).cleaned.outcome == outcome


def test_what_is_no_page_is_named() -> None:
    reading = read(PageInput(b"%PDF-1.7\n" + "\n".join(BODY).encode(), "text/html"))
    assert reading.cleaned.outcome == Outcome.WRONG_TYPE
    assert reading.cleaned.detail == "a PDF document, not a page"
    assert reading.cleaned.text == ""


def test_form_feeds_end_lines() -> None:
    reading = read_text(f"{BODY[0]}\f{BODY[1]}\v{BODY[2]}")
    assert reading.cleaned.text == "\n".join(BODY)


def test_a_text_of_nothing_is_thin_and_a_short_one_is_not() -> None:
    assert read_text(" \n ").cleaned.outcome == Outcome.THIN
    assert read_text("Old harbour to reopen in spring.").cleaned.outcome is None


def test_the_outlets_language_is_a_prior() -> None:
    plain = page(
        "Umkhandlu uhlangane ngoLwesibili wavumelana ngohlelo lwechweba elidala "
        "elivaliwe kusukela kwaba nezikhukhula, kusho iMeya ikhuluma nezintatheli.",
        "Umsebenzi uzoqala entwasahlobo, abanikazi bezitolo bakhathazekile.",
        lang="",
    )
    prior = dataclasses.replace(plain, outlet_language="zu")
    assert read_page(prior).language == "zu"


def test_operators_may_remove_lines_of_texts() -> None:
    rules = CleanRules(remove_lines=("^Shops", "cranes"))
    cleaned = read(TextInput("\n".join(BODY), rules=rules)).cleaned
    assert cleaned.text == "\n".join(BODY[:2])
    (removed,) = cleaned.removed
    assert (removed.text, removed.reason, removed.at) == (BODY[2], Reason.RULE, 2)
    assert "^Shops" in removed.evidence


def test_strings_are_composed_and_storable() -> None:
    decomposed = unicodedata.normalize("NFD", "Größe ändert sich überall. ") * 12
    reading = read(page(decomposed + "\ud800\x00", decomposed))
    text = reading.cleaned.text
    assert unicodedata.is_normalized("NFC", text)
    assert text.encode("utf-8").decode() == text
    assert "\x00" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="ASCII"),
        pytest.param("a\x00b", "ab", id="zero"),
        pytest.param("a\ud83dü", "aü", id="half a pair"),
        pytest.param("u\u0308", "ü", id="composed"),
        pytest.param("한", "한", id="jamo"),
        pytest.param("x" + "\u0323\u0307" * 50, None, id="zalgo"),
    ],
)
def test_sound_text(text: str, expected: str | None) -> None:
    assert sound(text) == (expected or unicodedata.normalize("NFC", text))


def test_readings_travel_between_processes() -> None:
    reading = read(page(*BODY))
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301


def test_building_inputs_loads_no_library() -> None:
    program = (
        "import sys; from pipelines.reading import PageInput, TextInput\n"
        "from pipelines.workers import WorkerPool; print(*sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    loaded = {name.split(".")[0] for name in ended.stdout.split()}
    assert "pipelines" in loaded
    assert not loaded & {"lxml", "trafilatura", "langdetect", "charset_normalizer"}


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<h1>",
                "<script>",
                "<!--",
                "-->",
                "<table><tr><td>",
                "<li>",
                "Text of the page, rather long. ",
                "\x00",
                "é",
            ]
        ),
        max_size=40,
    ).map(lambda parts: "".join(parts).encode())
)
def test_any_page_can_be_read(body: bytes) -> None:
    reading = read(PageInput(body))
    assert isinstance(reading, Reading)
    at = [block.at for block in (*reading.cleaned.paragraphs, *reading.cleaned.removed)]
    assert len(at) == len(set(at)), "each block is kept or removed, once"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(TextInput(text))
    assert reading.cleaned.text or reading.cleaned.outcome == Outcome.THIN
