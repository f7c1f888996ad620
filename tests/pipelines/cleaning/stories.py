"""Stories written for the tests, as naive scrapers flatten them, in many languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """An article and the furniture that a scraper leaves between its paragraphs."""

    language: str
    title: str
    body: tuple[str, ...]
    caption: str
    credit: str
    headline: str
    kicker: str
    cover: str
    leader: str

    def text(
        self, *, swapped: bool = False, colon: bool = False, credit: bool = True
    ) -> str:
        """The flattened text, blocks apart by blank lines.

        A caption stands after the first paragraph, a teaser after the second; with
        `swapped` the longer line of each pair comes first.
        """
        captioned = f"{self.caption}  {self.credit}" if credit else self.caption
        kicked = f"{self.kicker}{':' if colon else ''} {self.headline}"
        captions, teasers = [self.caption, captioned], [self.headline, kicked]
        if swapped:
            captions, teasers = captions[::-1], teasers[::-1]
        first, second, *rest = self.body
        blocks = [self.title, first, "\n".join(captions), second, "\n".join(teasers)]
        return "\n\n".join([*blocks, *rest, self.cover, self.leader]) + "\n"


STORIES = [
    Story(
        language="German",
        title="Sturm über der Nordsee: Fähren nach Borkum fallen am Wochenende aus",
        body=(
            (
                "Emden - Wegen eines schweren Sturms über der Nordsee hat die Reederei "
                "alle Fahrten nach Borkum abgesagt, teilte sie am Freitag mit."
            ),
            (
                "Der Deutsche Wetterdienst rechnet mit Böen von bis zu 110 Kilometern "
                "in der Stunde und warnt vor Überschwemmungen."
            ),
            (
                "Auf der Insel sitzen nach Angaben der Gemeinde etwa 400 Gäste fest, "
                "die am Samstag abreisen wollten."
            ),
            "Feuerwehr rückt seit dem Morgen aus",
            (
                "Die Feuerwehr zählte bis zum Mittag 23 Einsätze, meist wegen "
                "umgestürzter Bäume und loser Dachziegel."
            ),
        ),
        caption=(
            "Wellen schlagen am Freitag im Hafen von Emden über die Kaimauer, während "
            "ein Arbeiter Sandsäcke stapelt."
        ),
        credit="© Lars Petersen/dpa",
        headline="Bahnstreik endet früher: Züge fahren ab Montag wieder",
        kicker="Bahn",
        cover="Titelfoto: Lars Petersen/dpa",
        leader="Mehr zum Thema Wetter:",
    ),
    Story(
        language="French",
        title=(
            "Inondations dans le Var : deux villages coupés du monde après une nuit "
            "d'orages"
        ),
        body=(
            (
                "Toulon – Deux villages du Var étaient toujours isolés vendredi matin "
                "après les orages qui ont frappé le sud-est de la France, a annoncé la "
                "préfecture."
            ),
            (
                "Plus de 160 habitants ont été conduits dans un gymnase, où la "
                "Croix-Rouge distribue des repas depuis l'aube."
            ),
            (
                "« Nous avons vu l'eau monter en moins d'une heure », raconte Sophie "
                "Laurent, qui vit près de la rivière depuis trente ans."
            ),
            "Le département reste en vigilance orange",
            (
                "Météo-France attend de nouvelles averses dans la soirée, mais elles "
                "devraient être moins violentes que celles de la nuit."
            ),
        ),
        caption=(
            "Des pompiers évacuent une habitante à bord d'un canot à Vidauban, le 12 "
            "septembre."
        ),
        credit="© Hélène Marchand / AFP",
        headline="Les prix du blé s'envolent à la Bourse de Paris",
        kicker="Économie",
        cover="Photo de couverture : Hélène Marchand / AFP",
        leader="Plus d'infos sur Météo :",
    ),
    Story(
        language="Spanish",
        title="El Gobierno aprueba un plan de 300 millones para los embalses del sur",
        body=(
            (
                "Sevilla. El Consejo de Ministros aprobó este martes un plan de 300 "
                "millones de euros para reparar los embalses del sur del país, según "
                "informó la portavoz."
            ),
            (
                "Las obras empezarán en marzo y darán trabajo a unas 2.000 personas "
                "durante tres años, añadió el ministerio."
            ),
            (
                "Los agricultores recibieron la noticia con prudencia y recordaron que "
                "otros planes nunca llegaron a ponerse en marcha."
            ),
            "Los regantes piden garantías por escrito",
            (
                '"Llevamos diez años esperando estas obras", dijo Antonio Reyes, '
                "presidente de la comunidad de regantes de Antequera."
            ),
        ),
        caption=(
            "El embalse de La Viñuela, en Málaga, al 12 % de su capacidad el pasado "
            "domingo."
        ),
        credit="EFE/Marta Gil",
        headline="Detienen en Lisboa al hombre más buscado de Galicia",
        kicker="Portugal",
        cover="Foto de portada: Marta Gil / EFE",
        leader="Más sobre Andalucía:",
    ),
    Story(
        language="Arabic",
        title="اندلاع حريق كبير في ميناء الإسكندرية وإصابة خمسة عمال",
        body=(
            (
                "القاهرة - اندلع حريق كبير مساء الخميس في أحد مستودعات ميناء "
                "الإسكندرية، ما أدى إلى إصابة خمسة عمال بحسب وزارة الصحة المصرية."
            ),
            ("وقالت الوزارة إن المصابين نقلوا إلى المستشفى الجامعي وإن حالتهم مستقرة."),
            "وأضاف المتحدث باسم هيئة الميناء أن حركة السفن لم تتأثر بالحريق.",
        ),
        caption="رجال الإطفاء يعملون على إخماد الحريق في ميناء الإسكندرية يوم الخميس.",
        credit="© محمد عبد الله / أ ف ب",
        headline="ارتفاع أسعار القمح في الأسواق العالمية",
        kicker="اقتصاد",
        cover="صورة الغلاف: محمد عبد الله / أ ف ب",
        leader="المزيد عن مصر:",
    ),
    Story(
        language="Japanese",
        title="台風10号が九州に接近、新幹線は午後から運転見合わせ",
        body=(
            "福岡県内では30日朝から風が強まり、JR九州は午後から新幹線の運転を見合わせると発表した。",
            "気象庁は、31日にかけて非常に強い風が吹く恐れがあるとして、早めの避難を呼びかけている。",
            "鹿児島市では約2000世帯が停電し、電力会社が復旧作業を急いでいる。",
        ),
        caption="高波が打ち寄せる鹿児島県の海岸＝30日午前。",
        credit="写真：共同",
        headline="円相場、一時145円台に上昇",
        kicker="経済",
        cover="カバー写真：共同",
        leader="関連記事：",
    ),
    Story(
        language="Chinese",
        title="台风登陆福建沿海，数千居民连夜转移",
        body=(
            "福州——台风于周四晚间在福建沿海登陆，当地政府表示已有数千名居民连夜转移到安全地带。",
            "气象部门预计，未来两天当地仍有大到暴雨，并提醒居民尽量减少外出。",
            "福州机场取消了当天全部航班，火车站也暂停了部分列车的运行。",
        ),
        caption="救援人员在福州市区帮助居民撤离积水的街道。",
        credit="图源：新华社",
        headline="央行宣布下调存款准备金率",
        kicker="财经",
        cover="封面图：新华社",
        leader="更多关于 中国：",
    ),
    Story(
        language="Russian",
        title="В Мурманске из-за метели закрыли школы и аэропорт",
        body=(
            (
                "Мурманск – Сильная метель парализовала движение в Мурманске в "
                "четверг, сообщили в городской администрации."
            ),
            (
                "Занятия во всех школах города отменены до понедельника, аэропорт "
                "закрыт до вечера."
            ),
            "По словам синоптиков, скорость ветра достигала 30 метров в секунду.",
        ),
        caption="Снегоуборочная техника работает в центре Мурманска в четверг утром.",
        credit="Фото: Иван Петров / ТАСС",
        headline="Цены на пшеницу выросли на мировых рынках",
        kicker="Экономика",
        cover="Фото на обложке: Иван Петров / ТАСС",
        leader="Читайте также:",
    ),
    Story(
        language="Turkish",
        title="İzmir'de deniz taştı: Sahil yolu trafiğe kapatıldı",
        body=(
            (
                "İzmir - Kentte gece boyunca etkili olan fırtına nedeniyle deniz taştı "
                "ve sahil yolu cuma sabahı trafiğe kapatıldı."
            ),
            "Belediye ekipleri su basan 40 iş yerinde tahliye çalışması yürütüyor.",
            "Meteoroloji, fırtınanın cumartesi günü etkisini yitireceğini duyurdu.",
        ),
        caption="Alsancak'ta taşan deniz suları kaldırımları ve dükkanları bastı.",
        credit="Fotoğraf: Mehmet Kaya/AA",
        headline="Merkez Bankası faiz kararını açıkladı",
        kicker="Ekonomi",
        cover="Kapak fotoğrafı: Mehmet Kaya/AA",
        leader="İlgili haberler:",
    ),
    Story(
        language="Korean",
        title="태풍 북상에 제주 항공편 전면 결항",
        body=(
            "제주국제공항은 태풍의 영향으로 30일 모든 항공편이 결항된다고 밝혔다.",
            "기상청은 31일까지 최대 300mm의 비가 내릴 것으로 예상했다.",
            "제주도는 비상 근무에 들어가고 해안가 출입을 통제했다.",
        ),
        caption="30일 제주 서귀포시 해안에 높은 파도가 밀려오고 있다.",
        credit="사진: 연합뉴스",
        headline="환율 한때 1400원 돌파",
        kicker="경제",
        cover="표지 사진: 연합뉴스",
        leader="관련 기사:",
    ),
    Story(
        language="Hebrew",
        title="סערה בחיפה: מאות בתים נותרו ללא חשמל",
        body=(
            (
                "חיפה - סערה קשה פקדה אמש את חיפה והותירה מאות בתים ללא חשמל, כך מסרה "
                "חברת החשמל."
            ),
            "לפי השירות המטאורולוגי, הרוחות צפויות להיחלש רק במהלך סוף השבוע.",
            "העירייה פתחה חמישה מקלטים לתושבים שנאלצו לעזוב את ביתם.",
        ),
        caption="גלים גבוהים בחוף הים בחיפה ביום חמישי בערב.",
        credit="צילום: יוסי כהן / AFP",
        headline="בנק ישראל הותיר את הריבית ללא שינוי",
        kicker="כלכלה",
        cover="תמונת שער: יוסי כהן / AFP",
        leader="עוד על חיפה:",
    ),
    Story(
        language="Hindi",
        title="मुंबई में भारी बारिश से लोकल ट्रेनें ठप, स्कूल बंद",
        body=(
            (
                "मुंबई - शहर में बुधवार रात से हो रही भारी बारिश के कारण लोकल ट्रेन "
                "सेवा ठप हो गई है, रेलवे ने बताया।"
            ),
            "मौसम विभाग ने अगले दो दिनों तक तेज बारिश की चेतावनी दी है।",
            "नगर निगम ने निचले इलाकों से लोगों को बाहर निकालना शुरू कर दिया है।",
        ),
        caption="दादर स्टेशन के बाहर पानी में फंसे यात्री।",
        credit="फोटो: पीटीआई",
        headline="सेंसेक्स में 500 अंकों की गिरावट",
        kicker="बाजार",
        cover="कवर फोटो: पीटीआई",
        leader="यह भी पढ़ें:",
    ),
    Story(
        language="English",
        title="Council of Harrow Bay votes to keep its last ferry running",
        body=(
            (
                "Harrow Bay - The council voted on Thursday to pay for the town's last"
                " ferry for another five years, after a debate that ran until midnight."
            ),
            (
                "The operator had warned in May that it would stop the service unless"
                " the town covered its losses, which grew to two million last year."
            ),
            (
                "Some 300 people use the boat every day to reach the hospital and the"
                " secondary school on the other side, a report found."
            ),
            "Harbour master Anna Quist praised by island residents",
            (
                '"We would have had to move," said Tom Oduya, who lives on Skerry'
                " Island with his two daughters."
            ),
        ),
        caption=(
            "The ferry Morning Star leaves the pier of Harrow Bay on Thursday, shortly"
            " before the council met to decide on its future."
        ),
        credit="© Ida Lund / AFP",
        headline='Bank of the North under "close watch" after hacker attack',
        kicker="Economy",
        cover="Cover photo: Ida Lund / AFP",
        leader="More on Regions:",
    ),
]
