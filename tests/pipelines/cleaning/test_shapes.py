"""What a part of a page is by its shape, on pages whose names say nothing."""

from __future__ import annotations

import re

import pytest
from markup import PARAGRAPHS, article, clean, document, kept, page, paragraphs

from pipelines.article import Metadata, Reason
from pipelines.cleaning import clean_page
from pipelines.cleaning.blocks import Block
from pipelines.cleaning.cards import Home

COMMENT = (
    "<div class='q1'><b>{0}</b><p>I do not agree with this at all, and nor does "
    "{0}, my neighbour.</p><button>Reply</button></div>"
)
CARD = (
    "<div class='q2'><a href='/{0}'><div>Harbour</div><div>Seals are back in the bay"
    "</div></a><div>For the {0} time in years the seals have come back.</div></div>"
)
STORY = list(PARAGRAPHS)


def reasons(html: str, text: str) -> list[Reason]:
    """Why the blocks that contain `text` were removed."""
    return [entry.reason for entry in clean(html).removed if text in entry.text]


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        pytest.param(
            "<div class='x1'><h4>The Friday letter</h4><p>One long read and a recipe."
            "</p><input type='email'><button>Yes</button></div>",
            Reason.NEWSLETTER,
            id="a field to fill in: something to subscribe to",
        ),
        pytest.param(
            "<div class='x1'><b>Vijf minuten</b><br>Elke ochtend het nieuws.<form>"
            "<input name='mail'></form></div>",
            Reason.NEWSLETTER,
            id="a field in a form in a box",
        ),
        pytest.param(
            "<div class='x1'><p>Dieser Inhalt braucht Ihre Einwilligung. Mehr im "
            "Hinweis zum Datenschutz.</p><button>Anzeigen</button></div>",
            Reason.CONSENT,
            id="a button, and words on consent",
        ),
        pytest.param(
            CARD.format("first") + CARD.format("second"),
            Reason.TEASER,
            id="neighbours that open with a link",
        ),
        pytest.param(
            "<p><img src='a.jpg'></p><p><em>The pier in winter</em></p>",
            Reason.CAPTION,
            id="a line in italics below a picture",
        ),
        pytest.param(
            "<p><img src='a.jpg'></p><p style='text-align: center'>码头 张三 摄</p>",
            Reason.CAPTION,
            id="a centred line below a picture",
        ),
        pytest.param(
            "<div class='x1'><a href='/seals'><img src='a.jpg'><b>MORE</b> "
            "<span>Seals are back in the bay</span></a></div>",
            Reason.RELATED,
            id="a linked box with a picture",
        ),
        pytest.param(
            "<p class='x'>Juttu jatkuu kuvan alla.</p>",
            Reason.CHROME,
            id="where the text goes on",
        ),
    ],
)
def test_a_box_goes_without_a_telling_name(box: str, reason: Reason) -> None:
    cleaned = clean(article(box))
    assert kept(cleaned) == STORY
    assert reason in {entry.reason for entry in cleaned.removed}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "<ul class='article-list'><li>Music ends at ten.</li><li>Deliveries come "
            "by the canal.</li></ul>",
            id="a list under a name for stories that links nowhere",
        ),
        pytest.param(
            "<div><h3><button>Who will pay for it?</button></h3><p>The county will, "
            "and the town adds a tenth.</p></div>",
            id="a heading that is a button",
        ),
        pytest.param(
            "<details><summary>Who pays?</summary><p>The county does.</p></details>"
            "<details><summary>Who builds?</summary><p>The town does.</p></details>"
            "<details><summary>Who walks?</summary><p>Everybody does.</p></details>",
            id="questions that unfold",
        ),
        pytest.param(
            "<div class='e'><h2><a href='https://doors.example/'>The Door Museum</a>"
            "</h2><p>It has sixty doors, none of which leads anywhere.</p></div>",
            id="a heading that leads to another site",
        ),
        pytest.param(
            "<div class='e'><h3><a href='#t1'>It begins at nine</a></h3><p>The mayor "
            "is late, and nobody minds.</p></div>",
            id="an entry that leads to itself",
        ),
        pytest.param(
            "<p>“Sign up for our newsletter, they say,” the mayor complained.</p>",
            id="somebody speaks of newsletters",
        ),
        pytest.param(
            "<p><em>Were you afraid of the storm?</em></p><p>No, never.</p>",
            id="a question in italics",
        ),
    ],
)
def test_text_stays_whatever_its_name(text: str) -> None:
    lines = [line for line in re.split(r"<[^>]+>", text) if line.strip()]
    assert kept(clean(article(text))) == [STORY[0], *lines, *STORY[1:]]


def test_comments_are_known_by_their_heading() -> None:
    comments = "".join(COMMENT.format(name) for name in ("Ada", "Ben", "Cem"))
    body = f"<article><h1>A pier</h1>{paragraphs()}</article>"
    html = page(f"{body}<section><h2>3 comments</h2>{comments}</section>")
    assert kept(clean(html)) == STORY
    assert reasons(html, "do not agree") == [Reason.COMMENTS]


def test_a_crosshead_on_comments_heads_its_paragraphs() -> None:
    html = article("<h2>Comments</h2><p>The council had asked for comments by May.</p>")
    assert "The council had asked for comments by May." in kept(clean(html))


def test_a_brief_is_not_outvoted_by_its_comments() -> None:
    comments = "".join(COMMENT.format(f"reader{number}") for number in range(12))
    body = f"<div><h1>A pier</h1><div>{paragraphs()}</div></div>"
    html = page(f"{body}<section><h2>Comments</h2>{comments}</section>")
    assert kept(clean(html)) == STORY


def test_a_network_and_the_name_of_the_outlet_in_any_case_are_no_text() -> None:
    line = "Читайте «Вестника Заозёрья» в Telegram."
    html = page(f"<article><h1>A pier</h1>{paragraphs()}<p>{line}</p></article>")
    outlet = Metadata(site_name="Вестник Заозёрья")
    assert kept(clean(html, metadata=outlet)) == STORY
    assert line in kept(clean(html, metadata=Metadata(site_name="Другой город")))


def test_columns_of_a_layout_table_are_parts_of_the_page() -> None:
    html = page(
        "<table><tr><td><a href='/a'>News</a><br><a href='/b'>Sport</a><br><br></td>"
        f"<td><b>A pier</b><br><br>{'<br><br>'.join(PARAGRAPHS)}</td></tr></table>"
    )
    cleaned = clean_page(document(html), Metadata(title="A pier"), None)
    assert (cleaned.title, kept(cleaned)) == ("A pier", STORY)


def test_a_row_of_data_is_one_line() -> None:
    table = (
        "<table><tr><td>1.</td><td>Rieke Thoms, Sande</td><td>41 s</td></tr></table>"
    )
    assert "1. Rieke Thoms, Sande 41 s" in kept(clean(article(table)))


def test_a_bold_line_before_a_break_is_a_crosshead() -> None:
    story = f"{PARAGRAPHS[0]}<br><br><b>A vote</b><br>{PARAGRAPHS[1]}"
    html = page(f"<div><h1>A pier</h1><div>{story}<br><br>{PARAGRAPHS[2]}</div></div>")
    assert kept(clean(html)) == [STORY[0], "A vote", STORY[1], STORY[2]]


def test_teasers_inside_a_paragraph_leave_its_words() -> None:
    inset = (
        "<span class='x'><a href='/1'><img src='1.jpg'> Seals are back in the bay</a> "
        "<a href='/2'>Ferries sail again from May</a></span>"
    )
    html = article(f"<p>The vote was close. {inset}</p>")
    assert kept(clean(html)) == [STORY[0], "The vote was close.", *STORY[1:]]


@pytest.mark.parametrize(
    ("target", "on"),
    [
        pytest.param("/other", True, id="another page of the site"),
        pytest.param("https://www.gazette.example/b", True, id="absolute"),
        pytest.param("https://doors.example/", False, id="another site"),
        pytest.param("#entry", False, id="a place on this page"),
        pytest.param("https://gazette.example/pier#e", False, id="this page"),
        pytest.param("", True, id="a script's link"),
    ],
)
def test_where_a_link_leads(target: str, on: bool) -> None:
    home = Home.of("https://gazette.example/pier")
    assert home.leads_on(Block(0, target=target)) is on


def test_without_a_url_nothing_is_another_site() -> None:
    assert Home.of(None).leads_on(Block(0, target="https://doors.example/"))
    assert Home.of("https://[broken").site is None
