"""Pages are read in the encoding they are in, whatever they and servers say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.charset import decode, resolve

GERMAN = "Die Größe der Straße überrascht: „schön“, sagt Jörg – für 5 €"
RUSSIAN = "Президент заявил, что переговоры продолжатся в понедельник"
JAPANESE = "気象庁によると、この地震による津波の心配はありません。"
CHINESE = "中国国家主席在北京会见了来访的外国领导人，双方就合作的问题交换了意见"
TAIWANESE = "總統今天在臺北表示，政府將繼續推動這個計畫，這是大家的期待"
KOREAN = "대통령은 서울에서 기자회견을 열고 경제 정책을 발표한다고 밝혔다"
GREEK = "Ο πρωθυπουργός δήλωσε ότι η κυβέρνηση θα συνεχίσει"
HEBREW = "ראש הממשלה אמר היום כי הממשלה תמשיך לפעול"
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"
TURKISH = "Cumhurbaşkanı İstanbul'da açıklama yaptı, ışık ağı"


def page(text: str, encoding: str, head: str = "", lang: str = "") -> bytes:
    html = f"<html{lang and f' lang={lang}'}><head>{head}</head><p>{text}</p></html>"
    return html.encode(encoding)


def meta(label: str) -> str:
    return f'<meta charset="{label}">'


@pytest.mark.parametrize(
    ("text", "label", "encoding"),
    [
        pytest.param(GERMAN, "utf-8", "utf-8", id="utf-8"),
        pytest.param(GERMAN, "iso-8859-1", "cp1252", id="latin-1 is windows-1252"),
        pytest.param(RUSSIAN, "windows-1251", "cp1251", id="windows-1251"),
        pytest.param(RUSSIAN, "koi8-r", "koi8-r", id="koi8-r"),
        pytest.param(JAPANESE, "shift_jis", "cp932", id="shift_jis"),
        pytest.param(JAPANESE, "euc-jp", "euc_jp", id="euc-jp"),
        pytest.param(JAPANESE, "iso-2022-jp", "iso2022_jp", id="iso-2022-jp"),
        pytest.param(CHINESE, "gb2312", "gb18030", id="gb2312 is gb18030"),
        pytest.param(TAIWANESE, "big5", "big5hkscs", id="big5"),
        pytest.param(KOREAN, "ks_c_5601-1987", "cp949", id="korean"),
        pytest.param(HEBREW, "iso-8859-8-i", "iso8859-8", id="logical hebrew"),
        pytest.param(TURKISH, "iso-8859-9", "cp1254", id="latin-5 is windows-1254"),
    ],
)
def test_labels_are_followed(text: str, label: str, encoding: str) -> None:
    for body, content_type in (
        (page(text, encoding, meta(label)), None),
        (page(text, encoding), f"text/html; charset={label}"),
        (page(text, encoding), f'text/html;charset="{label.upper()}"'),
    ):
        read, found = decode(body, content_type)
        assert (found, text in read) == (encoding, True)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "text"),
    [
        pytest.param(
            page(RUSSIAN, "cp1251", meta("utf-8")),
            "text/html; charset=windows-1251",
            "cp1251",
            RUSSIAN,
            id="HTTP before meta",
        ),
        pytest.param(
            b"\xef\xbb\xbf" + page(GERMAN, "utf-8", meta("iso-8859-1")),
            "text/html; charset=iso-8859-1",
            "utf-8",
            GERMAN,
            id="a byte order mark before all",
        ),
        pytest.param(
            page(GERMAN, "utf-16"), None, "utf-16-le", GERMAN, id="UTF-16 with mark"
        ),
        pytest.param(
            page(GERMAN, "utf-16-be"),
            "text/html; charset=utf-16be",
            "utf-16-be",
            GERMAN,
            id="UTF-16 by HTTP",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="windows-1251"?>' + page(RUSSIAN, "cp1251"),
            "application/xhtml+xml",
            "cp1251",
            RUSSIAN,
            id="XML declaration",
        ),
        pytest.param(
            page(
                RUSSIAN,
                "cp1251",
                '<meta http-equiv="Content-Type"'
                ' content="text/html; charset=windows-1251">',
            ),
            None,
            "cp1251",
            RUSSIAN,
            id="http-equiv",
        ),
        pytest.param(
            page(
                RUSSIAN, "cp1251", "<script>" + "x" * 2000 + "</script>" + meta("1251")
            )
            + b"<!-- charset=koi8-r -->",
            "text/html; charset=cp1251",
            "cp1251",
            RUSSIAN,
            id="a label that is none",
        ),
    ],
)
def test_labels_have_an_order(
    body: bytes, content_type: str | None, encoding: str, text: str
) -> None:
    read, found = decode(body, content_type)
    assert (found, text in read) == (encoding, True)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "text"),
    [
        pytest.param(
            page("Straße", "utf-8"),
            "text/html; charset=iso-8859-1",
            "utf-8",
            "Straße",
            id="UTF-8 called latin-1",
        ),
        pytest.param(
            page(RUSSIAN, "utf-8", meta("windows-1251")),
            None,
            "utf-8",
            RUSSIAN,
            id="UTF-8 called windows-1251",
        ),
        pytest.param(
            page(GERMAN, "cp1252", meta("utf-8")),
            None,
            "cp1252",
            GERMAN,
            id="windows-1252 called UTF-8",
        ),
        pytest.param(
            page(RUSSIAN, "cp1251", meta("utf-8")),
            None,
            "cp1251",
            RUSSIAN,
            id="windows-1251 called UTF-8",
        ),
        pytest.param(
            page(RUSSIAN, "cp1251"),
            "text/html; charset=iso-8859-1",
            "cp1251",
            RUSSIAN,
            id="windows-1251 called latin-1",
        ),
        pytest.param(
            page(JAPANESE, "cp932", meta("shift_jis")),
            "text/html; charset=iso-8859-1",
            "cp932",
            JAPANESE,
            id="a server's default over the page's own label",
        ),
        pytest.param(
            page(GERMAN, "utf-8"),
            "text/html; charset=utf-16",
            "utf-8",
            GERMAN,
            id="UTF-8 called UTF-16",
        ),
        pytest.param(
            page("联通", "gb18030", meta("gbk")),
            None,
            "gb18030",
            "联通",
            id="two letters of GBK that pass for UTF-8",
        ),
        pytest.param(
            page(GERMAN, "utf-8", meta("utf-8")).replace(b"</p>", b"caf\xe9</p>"),
            None,
            "utf-8",
            GERMAN,
            id="UTF-8 with a foreign piece",
        ),
        pytest.param(
            page(GERMAN, "utf-8", meta("utf-7")), None, "utf-8", GERMAN, id="utf-7"
        ),
        pytest.param(
            page(GERMAN, "utf-8", meta("rot13")), None, "utf-8", GERMAN, id="no charset"
        ),
    ],
)
def test_labels_that_the_bytes_contradict_are_overruled(
    body: bytes, content_type: str | None, encoding: str, text: str
) -> None:
    read, found = decode(body, content_type)
    assert (found, text in read) == (encoding, True)


@pytest.mark.parametrize(
    ("text", "encoding", "lang"),
    [
        pytest.param(GERMAN, "utf-8", "", id="utf-8"),
        pytest.param(GERMAN, "cp1252", "", id="western"),
        pytest.param(RUSSIAN, "cp1251", "", id="cyrillic"),
        pytest.param(RUSSIAN, "koi8-r", "", id="koi8-r"),
        pytest.param(GREEK, "cp1253", "", id="greek"),
        pytest.param(JAPANESE, "cp932", "", id="shift_jis"),
        pytest.param(JAPANESE, "euc_jp", "", id="euc-jp"),
        pytest.param(CHINESE, "gb18030", "", id="simplified chinese"),
        pytest.param(TAIWANESE, "big5hkscs", "", id="traditional chinese"),
        pytest.param(KOREAN, "cp949", "", id="korean"),
        pytest.param(HEBREW, "cp1255", "he", id="hebrew by its language"),
        pytest.param(CZECH, "cp1250", "cs", id="czech by its language"),
        pytest.param(TURKISH, "cp1254", "tr", id="turkish by its language"),
    ],
)
def test_pages_without_a_label_are_recognised(
    text: str, encoding: str, lang: str
) -> None:
    read, found = decode(page(f"{text} {text}", encoding, lang=lang), "text/html")
    assert (found, text in read) == (encoding, True)


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        pytest.param("UTF8", "utf-8", id="without hyphen"),
        pytest.param(" Latin1 ", "cp1252", id="trimmed"),
        pytest.param("ASCII", "cp1252", id="ascii"),
        pytest.param("x-sjis", "cp932", id="x-sjis"),
        pytest.param("windows-31j", "cp932", id="windows-31j"),
        pytest.param("x-mac-cyrillic", "mac-cyrillic", id="mac"),
        pytest.param("utf-7", None, id="a trap"),
        pytest.param("base64", None, id="a codec, not a charset"),
        pytest.param("idna", None, id="another"),
        pytest.param("klingon", None, id="unknown"),
        pytest.param("", None, id="empty"),
    ],
)
def test_labels_mean_what_browsers_mean(label: str, encoding: str | None) -> None:
    assert resolve(label) == encoding


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")),
    st.none() | st.text(max_size=40) | st.sampled_from(["text/html; charset=utf-16"]),
)
def test_any_bytes_can_be_read(body: bytes, content_type: str | None) -> None:
    text, encoding = decode(body, content_type)
    assert isinstance(text, str)
    assert resolve(encoding) == encoding or encoding.startswith("utf-")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_valid_utf8_is_never_garbled(text: str) -> None:
    body = f"<html><p>{text}</p></html>".encode()
    assert text in decode(body, "text/html; charset=utf-8")[0]
