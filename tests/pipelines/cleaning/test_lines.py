"""What single lines, and pairs of lines, are by their own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Reason
from pipelines.cleaning import lines

# --- pictures -------------------------------------------------------------------

CREDITS = [
    pytest.param("© Marta Gil / AFP", id="copyright sign"),
    pytest.param("Photo: Reuters", id="English label"),
    pytest.param("(Image credit: Ann Lee)", id="English in brackets"),
    pytest.param("Cover photo: Ann Lee / AFP", id="cover photo"),
    pytest.param("Photograph by Ann Lee", id="English by"),
    pytest.param("Getty Images", id="picture bank alone"),
    pytest.param("Ann Lee | Moment | Getty Images", id="bars before a picture bank"),
    pytest.param("Foto: Lars Petersen/dpa", id="German label"),
    pytest.param("Titelfoto: Lars Petersen/dpa", id="German cover photo"),
    pytest.param("Bild: picture alliance / dpa", id="German picture"),
    pytest.param("Photo de couverture : H. Marchand / AFP", id="French cover"),
    pytest.param("Crédit photo : Hélène Marchand", id="French label"),
    pytest.param("Foto de portada: Marta Gil / EFE", id="Spanish cover"),
    pytest.param("Foto: Divulgação", id="Portuguese label"),
    pytest.param("Foto di copertina: ANSA", id="Italian cover"),
    pytest.param("Beeld ANP", id="Dutch label without a colon, agency"),
    pytest.param("Kuva: Matti Virtanen / Lehtikuva", id="Finnish label"),
    pytest.param("Fot. Jan Kowalski / PAP", id="Polish label"),
    pytest.param("Fotoğraf: Mehmet Kaya/AA", id="Turkish label"),
    pytest.param("Фото: Иван Петров / ТАСС", id="Russian label"),
    pytest.param("Φωτογραφία: Νίκος Παππάς", id="Greek label"),
    pytest.param("تصوير: محمد عبد الله / أ ف ب", id="Arabic label"),
    pytest.param("צילום: יוסי כהן", id="Hebrew label"),
    pytest.param("फोटो: पीटीआई", id="Hindi label"),
    pytest.param("写真：共同", id="Japanese label"),
    pytest.param("封面图：新华社", id="Chinese cover"),
    pytest.param("图源：新华社", id="Chinese label"),
    pytest.param("사진: 연합뉴스", id="Korean label"),
    pytest.param("Ảnh: Nguyễn Văn An", id="Vietnamese label"),
]


@pytest.mark.parametrize("text", CREDITS)
def test_credits_are_told(text: str) -> None:
    assert lines.picture_credit(text)
    assert lines.credit_line(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Source: AFP", id="English source"),
        pytest.param("Reporting by Ann Lee; Editing by Bob Ray", id="English desk"),
        pytest.param("With reporting by Ann Lee in Paris", id="English help"),
        pytest.param("Quelle: ntv.de, ino/dpa", id="German source"),
        pytest.param("Mit Agenturmaterial", id="German agencies"),
        pytest.param("Bron: BELGA", id="Dutch source"),
        pytest.param("Fuente: EFE", id="Spanish source"),
        pytest.param("(dpa/lnw)", id="agency and its desk"),
        pytest.param("AFP/AP", id="two agencies"),
        pytest.param("Источник: Интерфакс", id="Russian source"),
        pytest.param("المصدر: وكالات", id="Arabic source"),
        pytest.param("来源：新华社", id="Chinese source"),
    ],
)
def test_source_credits_are_told(text: str) -> None:
    assert lines.credit_line(text)


CAPTIONS = [
    pytest.param("Waves hit the pier on Friday.  © Ann Lee / AFP", id="copyright"),
    pytest.param("The mayor speaks. (Ann Lee/Getty Images)", id="name and bank"),
    pytest.param("The mayor speaks. (AP Photo/Ann Lee)", id="agency photo"),
    pytest.param("The mayor speaks on Friday. Photo: Reuters", id="label behind"),
    pytest.param("The mayor speaks. Photo by Ann Lee/AP", id="photo by"),
    pytest.param("The mayor speaks | Ann Lee via Getty Images", id="bar before via"),
    pytest.param("Wellen an der Mole. (Foto: Lars Petersen/dpa)", id="German"),
    pytest.param(
        "Wellen an der MoleFoto: Lars Petersen/dpa", id="German, run together"
    ),
    pytest.param("Wellen an der Mole im Film. 18.04.2024 | 0:21 min", id="film length"),
    pytest.param("Des pompiers à Vidauban. (Photo : H. Marchand)", id="French"),
    pytest.param("El embalse, el domingo. EFE/Marta Gil", id="Spanish agency first"),
    pytest.param("Alsancak'ta taşan sular.  Fotoğraf: Mehmet Kaya/AA", id="Turkish"),
    pytest.param("Снегоуборочная техника. Фото: Иван Петров", id="Russian"),
    pytest.param("رجال الإطفاء في الميناء. تصوير: محمد", id="Arabic"),
    pytest.param("高波が打ち寄せる海岸＝30日。　写真：共同", id="Japanese"),
    pytest.param("救援人员在市区。 图源：新华社", id="Chinese"),
    pytest.param("높은 파도가 밀려오고 있다. 사진: 연합뉴스", id="Korean"),
    pytest.param("Fólkið í dómshúsinu. Ljósmynd/Aðsend", id="Icelandic"),
    pytest.param("The mayor speaks on Sunday. (Getty Images)", id="picture bank"),
    pytest.param("Auto sommerse a Marassi (ansa)", id="agency behind no stop"),
    pytest.param("A quiet street in the old town (", id="bracket cut off"),
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_captions_are_told_by_their_credit(text: str) -> None:
    assert lines.caption_credit_tail(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Legende: Der Marktplatz am Morgen", id="German"),
        pytest.param(
            "FILE - The mayor speaks in Paris, May 3, 2023.", id="agency file"
        ),
        pytest.param("Open this photo in gallery:", id="gallery"),
        pytest.param("图为救援人员在福州市区帮助居民撤离。", id="Chinese, no colon"),
        pytest.param("图片说明：救援人员在市区", id="Chinese"),
        pytest.param("फोटो कैप्शन: दादर स्टेशन", id="Hindi"),
    ],
)
def test_captions_are_told_by_their_opening(text: str) -> None:
    assert lines.caption_lead(text)


ARTICLE_TEXT = [
    pytest.param("The photo shows a man in front of the bank.", id="photo as subject"),
    pytest.param("Photos of the attack spread quickly online.", id="photos as subject"),
    pytest.param("Sources close to the minister denied it.", id="sources as subject"),
    pytest.param("Read the room, the coach told his players.", id="read as verb"),
    pytest.param("More on that later, she said with a smile.", id="more on that"),
    pytest.param("More about the deal is expected on Friday.", id="more about"),
    pytest.param("By Monday the water had reached the square.", id="by a day"),
    pytest.param("Share prices fell by three percent in Tokyo.", id="share prices"),
    pytest.param("Comments by the king caused an outcry.", id="comments as subject"),
    pytest.param(
        "The newsletter was founded in 2019 in Oslo.", id="newsletter founded"
    ),
    pytest.param("Cookies are baked at 180 degrees.", id="cookies to eat"),
    pytest.param("Ads on buses were banned last year.", id="ads as subject"),
    pytest.param("Close to the border, two men were arrested.", id="close as adverb"),
    pytest.param("Video games are a business of billions.", id="video games"),
    pytest.param("The limit is now 80 (km/h).", id="slash in brackets"),
    pytest.param("Das beschloss die Fraktion (CDU/CSU).", id="parties in brackets"),
    pytest.param("Mehr zu arbeiten lohnt sich nicht, sagt er.", id="German mehr zu"),
    pytest.param(
        "Von München bis Aachen: Im Netz der Agenten", id="German von ... bis"
    ),
    pytest.param("Bilder der Zerstörung gingen um die Welt.", id="German pictures"),
    pytest.param("Teilen heißt verzichten, sagt der Bischof.", id="German teilen"),
    pytest.param("Kommentare wollte das Amt nicht abgeben.", id="German comments"),
    pytest.param("Plus sur ce point, le ministre n'a rien dit.", id="French plus sur"),
    pytest.param("Más de 200 personas murieron en el sur.", id="Spanish más de"),
    pytest.param("Más sobre el caso dirá hoy el juez.", id="Spanish más sobre"),
    pytest.param("Mais de 50 casas foram destruídas.", id="Portuguese mais de"),
    pytest.param("Por la tarde llegó la policía al lugar.", id="Spanish por"),
    pytest.param("Фотографии с места аварии опубликовали в сети.", id="Russian photos"),
    pytest.param("По теме переговоров стороны молчат.", id="Russian on the topic"),
    pytest.param("صور الأقمار الصناعية أظهرت دمارا كبيرا.", id="Arabic pictures"),
    pytest.param("写真を撮った男性は「驚いた」と話した。", id="Japanese took a photo"),
    pytest.param("图片显示，现场浓烟滚滚。", id="Chinese picture shows"),
    pytest.param("사진 속 남성은 웃고 있었다.", id="Korean in the photo"),
    pytest.param('"It is over," he told Reuters.', id="told an agency"),
    pytest.param(
        "The mayor resigned, state media said. (Reuters)", id="agency sign-off"
    ),
    pytest.param("Das teilte die Polizei am Freitag mit. (dpa)", id="German sign-off"),
]


@pytest.mark.parametrize("text", ARTICLE_TEXT)
def test_sentences_of_articles_are_left_alone(text: str) -> None:
    assert lines.judge(text) is None


def test_a_long_paragraph_is_never_judged() -> None:
    paragraph = "The council met again. " * 40 + "Photo: Reuters"
    assert lines.judge(paragraph) is None


# --- pairs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            "Waves hit the pier on Friday.",
            "Waves hit the pier on Friday.  © Ann Lee / AFP",
            id="credit behind",
        ),
        pytest.param(
            "Waves hit the pier on Friday. © Ann Lee / AFP",
            "Waves hit the pier on Friday.",
            id="credited line first",
        ),
        pytest.param(
            "Waves hit the pier", "Waves hit the pier (Photo: Reuters)", id="brackets"
        ),
        pytest.param(
            "Waves\u00a0hit the “pier”",
            'Waves hit the "pier" © Ann Lee',
            id="other spaces and quotes",
        ),
        pytest.param("Waves hit the pier", "Waves hit the pier", id="no credit at all"),
        pytest.param(
            "高波が打ち寄せる海岸。",
            "高波が打ち寄せる海岸。　写真：共同",
            id="Japanese",
        ),
        pytest.param(
            "رجال الإطفاء في الميناء", "رجال الإطفاء في الميناء / أ ف ب", id="Arabic"
        ),
    ],
)
def test_repeated_captions_are_told(first: str, second: str) -> None:
    assert lines.repeated_caption(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Waves hit the pier", "Waves hit the shore", id="other line"),
        pytest.param("Yes", "Yes (laughs)", id="too short"),
        pytest.param(
            "The council met on Friday",
            "The council met on Friday and it did so because the mayor had asked for a"
            " vote on the harbour that nobody wanted to delay any longer.",
            id="sentence that goes on",
        ),
    ],
)
def test_other_lines_are_no_repeated_captions(first: str, second: str) -> None:
    assert lines.repeated_caption(first, second) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            "Trains run again on Monday",
            "Travel Trains run again on Monday",
            id="one word",
        ),
        pytest.param(
            "Travel Trains run again on Monday",
            "Trains run again on Monday",
            id="swapped",
        ),
        pytest.param(
            "Trains run again on Monday",
            "Rail strike: Trains run again on Monday",
            id="colon",
        ),
        pytest.param(
            "Trains run again on Monday",
            "New York City Council – Trains run again on Monday",
            id="four words and a dash",
        ),
        pytest.param(
            "Trains run again on Monday",
            "U.S. Trains run again on Monday",
            id="kicker with stops",
        ),
        pytest.param(
            "円相場、一時145円台に上昇",
            "経済　円相場、一時145円台に上昇",
            id="Japanese",
        ),
        pytest.param(
            "央行宣布下调存款准备金率", "财经 央行宣布下调存款准备金率", id="Chinese"
        ),
        pytest.param(
            "ارتفاع أسعار القمح في الأسواق",
            "اقتصاد ارتفاع أسعار القمح في الأسواق",
            id="Arabic",
        ),
    ],
)
def test_kicker_pairs_are_told(first: str, second: str) -> None:
    assert lines.kicker_pair(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Trains run again", "Trains run again", id="the same line"),
        pytest.param("Very good", "That was very good", id="short end of a sentence"),
        pytest.param(
            "said the mayor of Lyon",
            "We have nothing to hide. We will go on, said the mayor of Lyon",
            id="sentence before",
        ),
    ],
)
def test_other_lines_are_no_kicker_pairs(first: str, second: str) -> None:
    assert lines.kicker_pair(first, second) is None


# --- the page about itself --------------------------------------------------------

RELATED = [
    pytest.param("More on World:", id="English"),
    pytest.param("Read more: Mayor resigns after scandal", id="English with headline"),
    pytest.param("ALSO READ: Brace for bad weather", id="English capitals"),
    pytest.param("Mehr zum Thema Wetter:", id="German"),
    pytest.param("Lesen Sie auch: Bahnstreik endet früher", id="German with headline"),
    pytest.param("Das könnte Sie auch interessieren", id="German without colon"),
    pytest.param("À lire aussi", id="French"),
    pytest.param("Lire aussi : Les prix du blé s'envolent", id="French with headline"),
    pytest.param("Más sobre Andalucía:", id="Spanish"),
    pytest.param("Lea también: Detienen a un hombre", id="Spanish with headline"),
    pytest.param("Leia também", id="Portuguese"),
    pytest.param("Leggi anche: Sciopero dei treni", id="Italian"),
    pytest.param("Lees ook", id="Dutch"),
    pytest.param("Læs også: Togene kører igen", id="Danish"),
    pytest.param("Läs även", id="Swedish"),
    pytest.param("Lue myös", id="Finnish"),
    pytest.param("Czytaj także: Pociągi znów jeżdżą", id="Polish"),
    pytest.param("Čtěte také", id="Czech"),
    pytest.param("Kapcsolódó cikkek", id="Hungarian"),
    pytest.param("Citește și: Trenurile circulă", id="Romanian"),
    pytest.param("İlgili haberler:", id="Turkish"),
    pytest.param("Διαβάστε επίσης:", id="Greek"),
    pytest.param("Читайте также", id="Russian"),
    pytest.param("Читайте також:", id="Ukrainian"),
    pytest.param("اقرأ أيضاً:", id="Arabic"),
    pytest.param("بیشتر بخوانید:", id="Persian"),
    pytest.param("קראו גם:", id="Hebrew"),
    pytest.param("यह भी पढ़ें:", id="Hindi"),
    pytest.param("Baca juga: Kereta beroperasi lagi", id="Indonesian"),
    pytest.param("Xem thêm:", id="Vietnamese"),
    pytest.param("関連記事：", id="Japanese"),
    pytest.param("相关新闻", id="Chinese"),
    pytest.param("延伸閱讀：", id="traditional Chinese"),
    pytest.param("관련 기사:", id="Korean"),
]


@pytest.mark.parametrize("text", RELATED)
def test_leaders_to_other_articles_are_told(text: str) -> None:
    assert lines.related_prefix(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Facebook X LinkedIn WhatsApp Share via Email Print", id="a bar"),
        pytest.param("Share this article", id="English"),
        pytest.param("Copy link", id="copy"),
        pytest.param("Teilen", id="German"),
        pytest.param("Partager sur Facebook", id="French"),
        pytest.param("Compartir en WhatsApp", id="Spanish"),
        pytest.param("Condividi", id="Italian"),
        pytest.param("Поделиться", id="Russian"),
        pytest.param("Paylaş", id="Turkish"),
        pytest.param("شارك", id="Arabic"),
        pytest.param("シェアする", id="Japanese"),
        pytest.param("分享到微信", id="Chinese"),
        pytest.param("공유하기", id="Korean"),
    ],
)
def test_share_bars_are_told(text: str) -> None:
    assert lines.share_line(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Sign up for our daily newsletter", id="English"),
        pytest.param("Get the news in your inbox every morning", id="English inbox"),
        pytest.param("Newsletter", id="label"),
        pytest.param("Abonnieren Sie unseren Newsletter", id="German"),
        pytest.param("Inscrivez-vous à notre newsletter", id="French"),
        pytest.param("Suscríbete a nuestro boletín", id="Spanish"),
        pytest.param("Iscriviti alla newsletter", id="Italian"),
        pytest.param("Schrijf je in voor onze nieuwsbrief", id="Dutch"),
        pytest.param("Подпишитесь на нашу рассылку", id="Russian"),
        pytest.param("اشترك في النشرة البريدية", id="Arabic"),
        pytest.param("ニュースレターに登録", id="Japanese"),
        pytest.param("뉴스레터 구독", id="Korean"),
    ],
)
def test_newsletter_lines_are_told(text: str) -> None:
    assert lines.newsletter_line(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("By Ann Lee", id="English"),
        pytest.param("By Ann Lee and Bob Ray", id="two names"),
        pytest.param("Von Lars Petersen", id="German"),
        pytest.param("Par Hélène Marchand", id="French"),
        pytest.param("Por Marta Gil", id="Spanish"),
        pytest.param("Di Maria Rossi", id="Italian"),
        pytest.param("Door Jan de Vries", id="Dutch"),
        pytest.param("Автор: Иван Петров", id="Russian"),
        pytest.param("بقلم: محمد عبد الله", id="Arabic"),
        pytest.param("作者：王小明", id="Chinese"),
        pytest.param("기자: 김민수", id="Korean"),
    ],
)
def test_bylines_are_told(text: str) -> None:
    assert lines.byline(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Published May 07, 2025", id="English date"),
        pytest.param("14 hours ago", id="English age"),
        pytest.param("4 minute read", id="reading time"),
        pytest.param("2024年8月8日 17:30 来源：新华社", id="Chinese with a source"),
        pytest.param("30. Juni 2025, 15:59 Uhr", id="German"),
        pytest.param("Publié le 18 juillet 2024 à 08:01", id="French"),
        pytest.param("Hace 3 horas", id="Spanish"),
        pytest.param("Vandaag om 20:07", id="Dutch"),
        pytest.param("14 мая 2025 в 10:30", id="Russian"),
        pytest.param("منذ 3 ساعات", id="Arabic"),
        pytest.param("2024年8月8日 17時", id="Japanese"),
        pytest.param("입력 2024.08.08 17:30", id="Korean"),
    ],
)
def test_lines_of_dates_are_told(text: str) -> None:
    assert lines.publication_line(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("Advertisement", Reason.PROMO, id="advertisement"),
        pytest.param("Advertisement 2", Reason.PROMO, id="numbered advertisement"),
        pytest.param("Werbung überspringen", Reason.PROMO, id="German advertisement"),
        pytest.param("広告", Reason.PROMO, id="Japanese advertisement"),
        pytest.param("12 Kommentare", Reason.COMMENTS, id="German comment count"),
        pytest.param("Join the conversation", Reason.COMMENTS, id="comment call"),
        pytest.param("댓글", Reason.COMMENTS, id="Korean comments"),
        pytest.param("We use cookies to improve", Reason.CONSENT, id="cookies"),
        pytest.param("Empfohlener externer Inhalt", Reason.CONSENT, id="German embed"),
        pytest.param(
            "We process your data under our Privacy Policy and Terms of Service.",
            Reason.CONSENT,
            id="fine print",
        ),
        pytest.param("Already a subscriber? Log in", Reason.PAYWALL, id="paywall"),
        pytest.param("Réservé aux abonnés", Reason.PAYWALL, id="French paywall"),
        pytest.param("Follow us on Instagram", Reason.SHARE, id="follow us"),
        pytest.param("Подписывайтесь на наш канал", Reason.PROMO, id="Russian channel"),
        pytest.param("Anhören", Reason.CHROME, id="German player"),
        pytest.param("Inhaltsverzeichnis", Reason.CHROME, id="German contents"),
        pytest.param("window._ads = window._ads || [];", Reason.CHROME, id="script"),
        pytest.param("Photo: Reuters", Reason.CREDIT, id="credit"),
        pytest.param("Waves. Photo: Reuters", Reason.CAPTION, id="caption"),
        pytest.param("By Ann Lee", Reason.AUTHOR, id="by-line"),
        pytest.param("Related articles", Reason.RELATED, id="leader"),
    ],
)
def test_lines_get_the_reason_that_they_show(text: str, reason: Reason) -> None:
    verdict = lines.judge(text)
    assert verdict is not None
    assert verdict.reason is reason


# --- any text ---------------------------------------------------------------------

ANY_LINE = st.text(max_size=120) | st.sampled_from(
    ["©", "Photo:", "By", "(", "Foto: ", "/", "More on", ":", "関連記事", "x" * 500]
)


@given(ANY_LINE)
def test_no_line_is_too_odd_to_judge(text: str) -> None:
    verdict = lines.judge(text)
    assert verdict is None or verdict.evidence


@given(ANY_LINE, ANY_LINE)
def test_no_pair_is_too_odd_to_judge(first: str, second: str) -> None:
    assert lines.kicker_pair(first, second) == lines.kicker_pair(second, first)
    assert lines.repeated_caption(first, second) != ""
