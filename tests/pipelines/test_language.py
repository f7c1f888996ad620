"""Which language a text is in, by itself and with what its setting says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.language import detect, normalize

#: One sentence of news, of the same content, in each language.
SENTENCES = {
    "en": (
        "The council met on Tuesday and agreed on a plan for the old harbour, "
        "which has been closed since the flood."
    ),  # English
    "de": (
        "Der Rat hat sich am Dienstag auf einen Plan für den alten Hafen geeinigt, "
        "der seit der Flut geschlossen ist."
    ),  # German
    "fr": (
        "Le conseil s'est réuni mardi et a approuvé un plan pour le vieux port, "
        "fermé depuis les inondations de l'an dernier."
    ),  # French
    "es": (
        "El consejo se reunió el martes y aprobó un plan para el viejo puerto, "
        "cerrado desde las inundaciones del año pasado."
    ),  # Spanish
    "pt": (
        "O conselho reuniu-se na terça-feira e aprovou um plano para o antigo "
        "porto, fechado desde as cheias do ano passado."
    ),  # Portuguese
    "it": (
        "Il consiglio si è riunito martedì e ha approvato un piano per il vecchio "
        "porto, chiuso dopo l'alluvione dell'anno scorso."
    ),  # Italian
    "nl": (
        "De raad kwam dinsdag bijeen en werd het eens over een plan voor de oude "
        "haven, die sinds de overstroming gesloten is."
    ),  # Dutch
    "da": (
        "Byrådet mødtes tirsdag og blev enige om en plan for den gamle havn, som "
        "har været lukket siden oversvømmelsen sidste år."
    ),  # Danish
    "no": (
        "Bystyret møttes tirsdag og ble enige om en plan for den gamle havnen, som "
        "har vært stengt siden flommen i fjor høst."
    ),  # Norwegian
    "sv": (
        "Kommunfullmäktige möttes i tisdags och enades om en plan för den gamla "
        "hamnen, som har varit stängd sedan översvämningen."
    ),  # Swedish
    "fi": (
        "Kaupunginvaltuusto kokoontui tiistaina ja hyväksyi suunnitelman vanhalle "
        "satamalle, joka on ollut suljettuna tulvan jälkeen."
    ),  # Finnish
    "pl": (
        "Rada miasta zebrała się we wtorek i przyjęła plan dla starego portu, "
        "który jest zamknięty od czasu zeszłorocznej powodzi."
    ),  # Polish
    "cs": (
        "Zastupitelstvo se sešlo v úterý a schválilo plán pro starý přístav, který "
        "je od loňské povodně pro veřejnost uzavřen."
    ),  # Czech
    "hu": (
        "A városi tanács kedden ülésezett, és elfogadta a régi kikötő tervét, "
        "amely a tavalyi árvíz óta zárva van a lakosság előtt."
    ),  # Hungarian
    "ro": (
        "Consiliul s-a întrunit marți și a aprobat un plan pentru vechiul port, "
        "care este închis de la inundațiile de anul trecut."
    ),  # Romanian
    "tr": (
        "Belediye meclisi salı günü toplandı ve geçen yılki selden bu yana kapalı "
        "olan eski liman için hazırlanan planı kabul etti."
    ),  # Turkish
    "id": (
        "Dewan kota bertemu pada hari Selasa dan menyetujui rencana untuk "
        "pelabuhan lama, yang ditutup sejak banjir tahun lalu."
    ),  # Indonesian
    "vi": (
        "Hội đồng thành phố đã họp hôm thứ Ba và thông qua kế hoạch cho bến cảng "
        "cũ, vốn đã đóng cửa kể từ trận lụt năm ngoái."
    ),  # Vietnamese
    "sw": (
        "Baraza lilikutana siku ya Jumanne na kukubaliana juu ya mpango wa bandari "
        "ya zamani, ambayo imefungwa tangu mafuriko."
    ),  # Swahili
    "ru": (
        "Городской совет собрался во вторник и одобрил план реконструкции старого "
        "порта, который закрыт после прошлогоднего наводнения."
    ),  # Russian
    "uk": (
        "Міська рада зібралася у вівторок і схвалила план для старого порту, який "
        "закритий після торішньої повені в місті."
    ),  # Ukrainian
    "bg": (
        "Общинският съвет се събра във вторник и одобри план за старото "
        "пристанище, което е затворено след наводнението."
    ),  # Bulgarian
    "sr": (
        "Градско веће се састало у уторак и усвојило план за стару луку, која је "
        "затворена од прошлогодишње поплаве, рекао је градоначелник Ђорђевић."
    ),  # Serbian
    "el": (
        "Το δημοτικό συμβούλιο συνεδρίασε την Τρίτη και ενέκρινε σχέδιο για το "
        "παλιό λιμάνι, που παραμένει κλειστό."
    ),  # Greek
    "he": (
        "מועצת העיר התכנסה ביום שלישי ואישרה תוכנית לנמל הישן, הסגור מאז השיטפון "
        "של השנה שעברה."
    ),  # Hebrew
    "ar": (
        "اجتمع مجلس المدينة يوم الثلاثاء ووافق على خطة للميناء القديم المغلق منذ "
        "الفيضان الذي ضرب المدينة العام الماضي."
    ),  # Arabic
    "fa": (
        "شورای شهر روز سه‌شنبه تشکیل جلسه داد و طرحی را برای بندر قدیمی که از زمان "
        "سیل بسته است تصویب کرد."
    ),  # Persian
    "ur": (
        "سٹی کونسل کا اجلاس منگل کو ہوا اور پرانی بندرگاہ کے لیے ایک منصوبے کی "
        "منظوری دی گئی جو سیلاب کے بعد سے بند ہے۔"
    ),  # Urdu
    "hi": (
        "नगर परिषद की मंगलवार को बैठक हुई और पुराने बंदरगाह के लिए एक योजना पर "
        "सहमति बनी, जो बाढ़ के बाद से बंद है।"
    ),  # Hindi
    "bn": (
        "মঙ্গলবার সিটি কাউন্সিলের বৈঠক হয় এবং পুরোনো বন্দরের জন্য একটি পরিকল্পনা "
        "অনুমোদিত হয়, যা বন্যার পর থেকে বন্ধ।"
    ),  # Bengali
    "ta": (
        "நகர சபை செவ்வாய்க்கிழமை கூடி பழைய துறைமுகத்திற்கான திட்டத்திற்கு ஒப்புதல் அளித்தது."
    ),  # Tamil
    "th": ("สภาเมืองประชุมเมื่อวันอังคารและเห็นชอบแผนสำหรับท่าเรือเก่าซึ่งปิดมาตั้งแต่น้ำท่วม"),  # Thai
    "ja": (  # Japanese
        "市議会は火曜日に会合を開き、洪水以来閉鎖されている旧港の計画に合意した。"
    ),
    "ko": (  # Korean
        "시의회는 화요일 회의를 열고 홍수 이후 폐쇄된 "
        "옛 항구에 대한 계획에 합의했다고 시장이 밝혔다"
        "."
    ),
    "zh-cn": (  # Chinese, simplified
        "市议会周二开会，就自洪水以来一直关闭的旧港口计划达成"
        "一致，市长说，工程将于春天开始。"
    ),
    "zh-tw": (  # Chinese, traditional
        "市議會週二開會，就自洪水以來一直關閉的舊港口計畫達成"
        "協議，市長說，工程將於春天開始。"
    ),
    "ka": (
        "საკრებულო სამშაბათს შეიკრიბა და ძველი პორტის გეგმას დათანხმდა, რომელიც "
        "წყალდიდობის შემდეგ დახურულია."
    ),  # Georgian
    "am": "የከተማው ምክር ቤት ማክሰኞ ተሰብስቦ ከጎርፉ ጀምሮ ተዘግቶ ለቆየው የድሮው ወደብ ዕቅድ ተስማማ።",  # Amharic
    "hy": (
        "Քաղաքային խորհուրդը երեքշաբթի օրը հավաքվեց և համաձայնեց հին նավահանգստի "
        "ծրագրին։"
    ),  # Armenian
    "kk": (
        "Қалалық кеңес сейсенбі күні жиналып, былтырғы су тасқынынан бері жабық "
        "тұрған ескі порттың жоспарын мақұлдады."
    ),  # Kazakh
    "is": (
        "Bæjarstjórnin kom saman á þriðjudag og samþykkti áætlun um gömlu höfnina, "
        "sem hefur verið lokuð síðan í flóðinu."
    ),  # Icelandic
}
ZULU = (
    "Umkhandlu uhlangane ngoLwesibili wavumelana ngohlelo lwechweba elidala elivaliwe "
    "kusukela kwaba nezikhukhula, futhi iMeya ithe umsebenzi uzoqala entwasahlobo "
    "ukuthi abantu babuyele."
)
ICELANDIC_SHORT = "Höfnin verður opnuð aftur næsta vor að sögn bæjarstjórans"


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_enough(code: str) -> None:
    text = SENTENCES[code]
    assert detect(text) == code
    assert detect(text, prior=code) == code
    assert detect(text, prior="en") == code, "the outlet's language is no verdict"
    assert detect(text, declared="en") == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t", id="white space"),
        pytest.param("Harbour to reopen", id="a headline"),
        pytest.param("12 345 678 90 2026-11-23 3:2 47 %", id="numbers"),
        pytest.param("!!! ??? ... --- +++", id="marks"),
        pytest.param(
            "https://post.example/the/old/harbour/is/to/be/opened", id="a link"
        ),
        pytest.param("港の再開", id="four letters"),
        pytest.param("👍🎉🚢 " * 40, id="pictures"),
    ],
)
@pytest.mark.parametrize("prior", [None, "en", "ja"])
def test_what_is_too_short_to_tell_is_undetermined(
    text: str, prior: str | None
) -> None:
    assert detect(text, prior) == "und"


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(("en", "es"), id="English, then Spanish"),
        pytest.param(("de", "fr", "en"), id="three languages"),
        pytest.param(("ru", "en"), id="two scripts"),
        pytest.param(("ja", "ko"), id="two scripts of Asia"),
        pytest.param(("ar", "fr"), id="right to left and back"),
    ],
)
def test_mixed_text_is_undetermined(codes: tuple[str, ...]) -> None:
    text = " ".join(SENTENCES[code] for code in codes)
    assert detect(text) == detect(text, codes[-1]) == "und"


def test_names_and_quotations_mix_nothing() -> None:
    text = (
        f"{SENTENCES['ja']}。Google CloudのJane Doe氏は「open source」だと述べた。"
        f"{SENTENCES['ja']}"
    )
    assert detect(text) == "ja"


@pytest.mark.parametrize(
    ("text", "prior", "declared", "code"),
    [
        pytest.param(
            SENTENCES["da"], "no", None, "da", id="Danish on a Norwegian site"
        ),
        pytest.param(
            SENTENCES["id"].replace("kota", "bandar"), "ms", None, "ms", id="Malay"
        ),
        pytest.param(ZULU, "zu", None, "zu", id="unknown to the detector: outlet"),
        pytest.param(ZULU, None, "zu", "zu", id="unknown to the detector: page"),
        pytest.param(SENTENCES["en"], "zu", None, "en", id="English on such a site"),
        pytest.param(SENTENCES["he"], "yi", None, "yi", id="another of the script"),
        pytest.param(SENTENCES["th"], "en", "en", "th", id="the script is certain"),
        pytest.param(SENTENCES["de"], "de-AT", None, "de", id="a region"),
        pytest.param(SENTENCES["de"], "nonsense!", "", "de", id="no tag at all"),
        pytest.param(ICELANDIC_SHORT, None, None, "is", id="letters of its own"),
        pytest.param(
            "市政府今日公布新港口方案。" * 3, "zh-tw", None, "zh-tw", id="alike"
        ),
        pytest.param(
            "市政府今日公布新港口方案。" * 3, None, None, "zh-cn", id="alike, bare"
        ),
    ],
)
def test_the_setting_decides_what_the_text_leaves_open(
    text: str, prior: str | None, declared: str | None, code: str
) -> None:
    assert detect(text, prior, declared) == code


def test_letters_without_words_are_no_language() -> None:
    rows = "qwer asdf zxcv uiop hjkl vbnm wert sdfg xcvb ertz dfgh cvbn "
    assert detect(rows * 3) == "und"


def test_the_head_of_a_text_decides() -> None:
    head = " ".join([SENTENCES["fr"]] * 12)
    assert detect(f"{head} {SENTENCES['en']}") == "fr"


def test_one_text_has_one_answer_in_all_threads() -> None:
    text = f"{SENTENCES['no']} {SENTENCES['da']}"
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(detect, [text] * 40))
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        pytest.param("en-GB", "en", id="region"),
        pytest.param("PT_br", "pt", id="underscore and case"),
        pytest.param("zh-Hans-CN", "zh-cn", id="simplified by script"),
        pytest.param("zh_Hant_HK", "zh-tw", id="traditional by script"),
        pytest.param("zh-SG", "zh-cn", id="simplified by region"),
        pytest.param("zh", "zh", id="Chinese at large"),
        pytest.param("iw", "he", id="old code"),
        pytest.param("nb-NO", "no", id="macro language"),
        pytest.param("deu", "de", id="three letters"),
        pytest.param("x-default", None, id="no language"),
        pytest.param("und", None, id="undetermined"),
        pytest.param("english", None, id="a word"),
        pytest.param("", None, id="empty"),
    ],
)
def test_tags_have_one_spelling(tag: str, code: str | None) -> None:
    assert normalize(tag) == code


@settings(deadline=None)
@given(st.text(max_size=300), st.none() | st.text(max_size=8))
def test_no_text_breaks_the_detector(text: str, prior: str | None) -> None:
    code = detect(text, prior)
    assert code == detect(text, prior)
    assert code == "und" or normalize(code) is not None
