"""Lines before and behind a text that only their words and place give away."""

from __future__ import annotations

import pytest
from markup import HEADLINE, PARAGRAPHS, clean, kept, page

from pipelines.article import Cleaned, Reason
from pipelines.cleaning import lines

MORE = tuple(
    f"In the {year} plan the harbour board had set aside far less money than it "
    "needed, as its treasurer told the council in a letter of eleven pages."
    for year in ("first", "second", "third", "fourth")
)
TEXT = (*PARAGRAPHS, *MORE)


def story(before: str = "", behind: str = "", text: tuple[str, ...] = TEXT) -> Cleaned:
    told = "".join(f"<p>{each}</p>" for each in text)
    return clean(
        page(f"<article><h1>{HEADLINE}</h1><div>{before}{told}{behind}</div></article>")
    )


def comment(*blocks: str) -> str:
    return "".join(f"<p>{block}</p>" for block in blocks)


SAID = "I shall believe it when I can walk on it, and not a day before that."

EDGES = [
    pytest.param(
        "",
        comment("Ann Lee (2 days ago)", SAID, "Jonx (1 day ago)", SAID + " Truly.")
        + comment("M. Roe (3 hours ago)", "Me too."),
        Reason.COMMENTS,
        id="comments headed by who and when",
    ),
    pytest.param(
        "",
        f"<h3>At last</h3>{comment(SAID, 'Posted by: Ann Lee, 27 Sep 2026 | 15:22')}"
        f"<h3>No</h3>{comment(SAID + ' No.', 'Posted by: MJ, 28 Sep 2026 | 08:54')}"
        f"<h3>Hm</h3>{comment(SAID + ' Hm.', 'Posted by: Jo Roe, 1 Oct 2026 | 9:12')}",
        Reason.COMMENTS,
        id="comments signed at the foot",
    ),
    pytest.param(
        "",
        comment("Reader Comments 1 Total", "Ann Lee (1 day ago)", SAID),
        Reason.COMMENTS,
        id="a single comment that is counted",
    ),
    pytest.param(
        "",
        "<p>Ann Lee is an award-winning journalist and the author of three books.</p>",
        Reason.AUTHOR,
        id="who wrote it",
    ),
    pytest.param(
        "",
        "<p>Karla Grün ist freie Redakteurin und schreibt über Häfen.</p>",
        Reason.AUTHOR,
        id="who wrote it, in German",
    ),
    pytest.param(
        "",
        "<p>Ann Lee covers ports and shipping for the Gazette.</p>",
        Reason.AUTHOR,
        id="what the author does",
    ),
    pytest.param(
        "",
        "<p>The views expressed in this article are the author's own and do not "
        "necessarily reflect those of the Gazette.</p>",
        Reason.OTHER,
        id="whose opinion it is",
    ),
    pytest.param(
        "<p>Les propos tenus ici n’engagent que leur auteur et non la rédaction.</p>",
        "",
        Reason.OTHER,
        id="whose opinion it is, before the text",
    ),
    pytest.param(
        "",
        "<p>الآراء الواردة أدناه لا تعبر عن رأي الموقع، بل عن أصحابها فقط.</p>",
        Reason.OTHER,
        id="whose opinion it is, in Arabic",
    ),
    pytest.param(
        "<p>By Ann Lee Gazette.example Archive | Contact</p>",
        "",
        Reason.AUTHOR,
        id="a by-line with links behind",
    ),
    pytest.param(
        "<p>By Ann Lee Last Modified: 11/18/2026 4:06 AM</p>",
        "",
        Reason.AUTHOR,
        id="a by-line with a date behind",
    ),
    pytest.param(
        "",
        "<p>Gazette Video: How the new pier will be built over the coming winter</p>",
        Reason.RELATED,
        id="a film's headline",
    ),
    pytest.param(
        "",
        "<p>More from Gazette Life and Style: Save on your grocery bill</p>",
        Reason.RELATED,
        id="more from elsewhere",
    ),
    *(
        pytest.param("", f"<p>{notice}</p>", Reason.OTHER, id=notice[:30])
        for notice in (
            "(This story has not been edited by us, and was taken as it came.)",
            "The Gazette is solely responsible for all content, whoever pays for it.",
            "Dieser Text wurde maschinell übersetzt und danach geprüft.",
            "Über dieses Thema berichtete Radio Kogge am 12.11.2026 um 17 Uhr.",
            "Choose the Gazette as your preferred source on Google today.",
        )
    ),
    pytest.param("", "<p>เรื่องที่เกี่ยวข้อง</p>", Reason.RELATED, id="a label, in Thai"),
]


@pytest.mark.parametrize(("before", "behind", "reason"), EDGES)
def test_what_stands_at_the_edges_goes(
    before: str, behind: str, reason: Reason
) -> None:
    cleaned = story(before, behind)
    assert kept(cleaned) == list(TEXT)
    assert reason in {removed.reason for removed in cleaned.removed}


STAYS = [
    pytest.param(
        comment("18:42 Ann Lee", SAID, "18:30 Ann Lee", SAID + " So."), id="live blog"
    ),
    pytest.param(
        comment("Ann Lee, 18:42", SAID, "Ann Lee, 18:30", SAID + " So.")
        + comment("Ann Lee, 18:12", SAID + " Well."),
        id="entries signed by one",
    ),
    pytest.param(
        comment("Hamburg, 3 March 2026", SAID, "Bremen, 4 March 2026", SAID + " So.")
        + comment("Kiel, 5 March 2026", SAID + " Well."),
        id="dates of a tour",
    ),
    pytest.param(
        "<p>Ann Lee is a journalist. The council did not answer Lee's questions.</p>"
        "<p>Lee will sue the council in the spring, she told the Gazette.</p>",
        id="a journalist who is told of",
    ),
    pytest.param(
        "<p>By March the ferries have to find another place to land.</p>",
        id="a sentence that opens with by",
    ),
]


@pytest.mark.parametrize("behind", STAYS)
def test_text_at_the_edges_stays(behind: str) -> None:
    cleaned = story(behind=behind)
    lost = [r.text for r in cleaned.removed if r.text in behind and len(r.text) > 15]
    assert not lost


def test_opinions_in_the_middle_are_quoted() -> None:
    quoted = "Her remarks do not necessarily reflect the views of the board, it said."
    assert quoted in kept(story(text=(*TEXT[:4], quoted, *TEXT[4:])))


AFFILIATE = [
    "Some of the links on this page are affiliate links, and we may earn a commission.",
    "This article contains affiliate links.",
    "Mit * markierte Links sind Affiliate-Links. Für Sie kostet es gleich viel.",
    "Cet article contient des liens affiliés.",
    "Este artículo contiene enlaces de afiliados.",
    "В тексте есть партнерские ссылки.",
]


@pytest.mark.parametrize("text", AFFILIATE)
def test_notes_on_links_that_earn_are_told(text: str) -> None:
    said = lines.judge(text)
    assert said is not None
    assert said.reason is Reason.PROMO


def test_a_report_on_affiliates_is_text() -> None:
    text = (
        "The regulator found that the site had hidden affiliate links in two hundred "
        "reviews, and fined its owner more than three million euros on Friday."
    )
    assert lines.judge(text) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ann Lee (2 days ago)", True),
        ("Ann Lee vor 3 Stunden", True),
        ("Posted by: MJ, 28 Sep 2026 | 08:54", True),
        ("Hamburg, 28. November 2026", False),
        ("28 Sep 2026 | 08:54", False),
        ("Bayern 2:1", False),
        ("The pier burned down nine years ago", False),
    ],
)
def test_who_commented_when_is_told(text: str, told: bool) -> None:
    assert bool(lines.comment_head(text)) is told
