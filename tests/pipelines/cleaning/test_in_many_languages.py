"""Furniture and walls as they are built without telling names, language by language."""

from __future__ import annotations

import pytest
from markup import (
    HEADLINE,
    PARAGRAPHS,
    article,
    clean,
    kept,
    page,
    paragraphs,
    walked,
)

from pipelines.article import Reason
from pipelines.cleaning.flat import clean_text
from pipelines.outcome import Outcome

CHROME = "".join(f"<li><a href='/{n}'>Page {n} of ours</a></li>" for n in range(20))
PAID = (
    '<script type="application/ld+json">'
    '{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
)


HEADLINE_LINK = "<a href=/1>เตือนภัยน้ำป่าไหลหลากสามจังหวัดภาคเหนือ</a>"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"อ่านข่าวที่เกี่ยวข้อง : {HEADLINE_LINK}", id="Thai label"),
        pytest.param(
            "Diesbezüglich: <a href=/1>Wie der Pier zu seinem Namen kam</a>", id="label"
        ),
        pytest.param(
            "Copyright ⓒ 새소식. 무단전재 및 재배포 금지", id="Korean copyright"
        ),
    ],
)
def test_lines_that_go(line: str) -> None:
    cleaned = clean(article(f"<p>{line}</p>"))
    assert kept(cleaned) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "Ακολουθήστε μας στο <a href=g>Google News</a> και μάθετε πρώτοι τα νέα",
        "Tüm gelişmeler için <a href=t>Telegram</a> kanalımızı takip edin",
        "Theo dõi Pier Gazette trên <a href=f>Facebook</a>",
        "Follow our coverage of the harbour at https://gazette.example/harbour",
    ],
)
def test_the_last_line_asks_to_follow(line: str) -> None:
    cleaned = clean(page(f"<article><h1>{HEADLINE}</h1>{paragraphs()}<p>{line}</p>"))
    assert kept(cleaned) == list(PARAGRAPHS)


def test_times_of_a_live_blog_without_names_stay() -> None:
    entries = "".join(
        f"<div><div>18{mark}</div><h3>What happened then</h3><p>{text}</p></div>"
        for mark, text in zip(("h42", "h15", "h02"), PARAGRAPHS, strict=True)
    )
    text = kept(clean(article(entries)))
    assert [line for line in text if line.startswith("18h")] == [
        "18h42",
        "18h15",
        "18h02",
    ]


def test_a_crosshead_between_paragraphs_stays() -> None:
    for markup in (
        "<b>What comes next</b><br>",
        "<div class=subhead>What comes next</div>",
    ):
        assert "What comes next" in kept(clean(article(paragraphs() + markup)))


def test_a_standfirst_is_told_once() -> None:
    deck = "The vote ends eleven years of talks about who should pay for the new pier."
    cleaned = clean(
        page(
            f"<article><header><h1>{HEADLINE}</h1><p class=dek>{deck}</p>"
            f"<p class=dek>{deck}</p></header><div>{paragraphs()}</div></article>"
        )
    )
    assert kept(cleaned) == [deck, *PARAGRAPHS]
    assert [g.text for g in cleaned.removed if g.reason is Reason.REPEATED] == [deck]


def test_a_card_inside_a_sentence_goes() -> None:
    card = (
        "<span><img src=1><a href=/p>Ada Nord</a><a href=/1>Ada Nord wins the vote of "
        "the town</a><a href=/p>MORE</a></span>"
    )
    cleaned = clean(article(f"<p>Mayor Ada Nord{card} said that work could begin.</p>"))
    assert "Mayor Ada Nord said that work could begin." in kept(cleaned)


def test_dates_side_by_side_are_two() -> None:
    blocks = walked("<div><time>Nov. 20</time><time>Updated: Nov. 21</time></div>")
    assert [block.text for block in blocks.blocks] == ["Nov. 20 Updated: Nov. 21"]


WALLS = {
    "de": "Jetzt weiterlesen mit Stadt Plus; Sie sind bereits Abonnent? Anmelden",
    "fr": "Article réservé aux abonnés; Il vous reste 85 % de cet article à lire.",
    "it": "Questo contenuto è riservato agli abbonati; Abbonati per leggere",
    "sv": "Vill du läsa hela artikeln? Logga in eller bli prenumerant.",
    "nl": "Alleen voor abonnees; Word abonnee en lees verder. Al abonnee? Log in",
    "pl": "Artykuł dostępny tylko dla prenumeratorów; Masz już konto? Zaloguj się",
    "ja": "この記事は有料会員限定です。残り1,234文字; 会員の方はログイン",
    "ko": "이 기사는 유료 회원 전용입니다. 로그인하고 계속 읽기",
    "zh": "订阅后阅读全文; 已是会员？请登录",
    "ru": "Полный текст доступен только подписчикам; Уже подписаны? Войдите",
    "tr": "Bu içerik abonelere özeldir. Devamını okumak için abone olun.",
    "ar": "هذا المحتوى مخصص للمشتركين. اشترك الآن لمتابعة القراءة",
    "el": "Το άρθρο είναι διαθέσιμο μόνο για συνδρομητές; Είστε ήδη συνδρομητής;",
    "hi": "यह लेख केवल सदस्यों के लिए है। पूरा पढ़ने के लिए सदस्यता लें",
}


@pytest.mark.parametrize("language", sorted(WALLS))
def test_paywalls(language: str) -> None:
    offer = "".join(f"<p>{line}</p>" for line in WALLS[language].split("; "))
    stub = f"<p>{PARAGRAPHS[1]}</p><div>{offer}</div>"
    html = page(f"<ul>{CHROME}</ul><article><h1>{HEADLINE}</h1>{stub}</article>", PAID)
    assert clean(html).outcome is Outcome.WALL


CONSENT = (
    "Wir und unsere 180 Partner verwenden Cookies. Alle akzeptieren oder ablehnen.",
    "Noi e i nostri partner utilizziamo cookie e tecnologie simili. Accetta tutto.",
    "My i nasi partnerzy wykorzystujemy pliki cookie. Akceptuję wszystkie.",
    "Biz ve ortaklarımız çerezler kullanıyoruz. Tümünü kabul et.",
    "当社とパートナーはクッキーを使用しています。すべてに同意する。",
)


@pytest.mark.parametrize("text", CONSENT)
def test_consent_walls(text: str) -> None:
    html = f"<html><body><main><p>{text}</p><button>OK</button></main></body></html>"
    assert clean(html).outcome is Outcome.WALL


def test_an_article_about_subscriptions_is_one() -> None:
    text = paragraphs(
        *PARAGRAPHS * 3, "The paper has 4,000 subscribers, who log in every morning."
    )
    assert clean(page(f"<article><h1>{HEADLINE}</h1>{text}</article>")).outcome is None


def test_nothing_but_links_is_no_article() -> None:
    items = "".join(
        f"<li><a href='/story-{n}'>Harbour story number {n} of the long year</a></li>"
        for n in range(24)
    )
    cleaned = clean(page(f"<h1>Harbour</h1><ul>{items}</ul>"))
    assert cleaned.outcome is Outcome.NOT_ARTICLE


# Flattened


@pytest.mark.parametrize(
    ("caption", "beside"),
    [
        ("The mayor at the old pier", "View 3 Images"),
        ("Die Bürgermeisterin am alten Pier", "Bild vergrößern"),
        ("La alcaldesa en el muelle", "Ampliar foto"),
        ("桟橋に立つ市長", "写真を拡大"),
        ("Мэр на старом пирсе", "Развернуть на весь экран"),
    ],
)
def test_what_stands_below_an_enlarging_button(caption: str, beside: str) -> None:
    text = "\n".join([PARAGRAPHS[0], beside, caption, *PARAGRAPHS[1:]])
    assert clean_text(text).text == "\n".join(PARAGRAPHS)


def test_what_stands_above_the_length_of_a_film() -> None:
    film = (
        "The pier in winter, and the people who want it back.",
        "26.10.2026 | 2:43 min",
    )
    text = "\n".join([PARAGRAPHS[0], *film, *PARAGRAPHS[1:]])
    assert clean_text(text).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "caption",
    [
        "The mayor greets her colleague at the pier. EFE/ J.J. Guillén",
        "The current pier with the new one still under construction. Ada Nord",
        "A sign for the pier along the road. Ada Nord for Pier Gazette",
    ],
)
def test_captions_that_end_in_a_name(caption: str) -> None:
    text = "\n".join([PARAGRAPHS[0], caption, *PARAGRAPHS[1:]])
    assert clean_text(text).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "The council agreed. Work begins in March",
        "市は来年から桟橋を建て直す計画だと発表した。(c)AFP/Ada NORD",
        "It was a long night. DM",
        "“We are glad that it is over,” said Mayor Ada Nord",
    ],
)
def test_lines_that_end_in_no_credit(line: str) -> None:
    text = "\n".join([*PARAGRAPHS, line, PARAGRAPHS[0].replace("Tuesday", "Friday")])
    assert line in clean_text(text).text
