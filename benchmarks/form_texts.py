"""Form texts as newsrooms fill them in daily, in nine languages, and briefs.

`{0}` ... are figures and names that change from one issue to the next.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

FORMS = {
    "en": """Shares of {0} closed {1} percent higher at {2} dollars on {3}, a day \
after they had ended at {4} dollars.
The stock has traded between {5} and {6} dollars over the past twelve months and is \
worth {7} billion dollars at the latest price, which is {8} times the earnings that \
analysts expect for the year.
Of the {9} analysts who cover the company {10} advise to buy the shares, {11} to hold \
them and {12} to sell them, with a median target of {13} dollars.""",
    "de": """Das Wetter für {0}: Am {3} wird es bei Höchstwerten von {1} Grad meist \
wolkig, in der Nacht sinken die Temperaturen auf {2} Grad.
Der Wind weht mit {4} Kilometern in der Stunde aus {5}, in Böen sind {6} Kilometer \
möglich, und die Luftfeuchtigkeit liegt bei {7} Prozent.
Die Sonne geht um {8} Uhr auf und um {9} Uhr unter, der Pegel steht bei {10} \
Zentimetern und damit {11} Zentimeter höher als am Vortag.""",
    "fr": """Le tirage du {3} a donné les numéros {0}, {1}, {2}, {4} et {5}, ainsi que \
le numéro complémentaire {6}.
Aucun joueur n'a trouvé la bonne combinaison, et la cagnotte passe donc à {7} millions \
d'euros pour le prochain tirage, qui aura lieu {8} à vingt heures.
Au deuxième rang {9} joueurs gagnent {10} euros chacun, au troisième rang {11} \
joueurs reçoivent {12} euros, a annoncé la société des jeux.""",
    "es": """El dólar cerró el {3} a {0} pesos para la venta y {1} pesos para la \
compra en los bancos de {2}, según el promedio de las entidades.
En el mercado mayorista la divisa terminó en {4} pesos, mientras que el contado con \
liquidación llegó a {5} pesos y la brecha alcanzó {6} por ciento.
Las reservas del banco central sumaron {7} millones de dólares, con una baja de {8} \
millones en el día, y el riesgo país quedó en {9} puntos.""",
    "ru": """Официальный курс доллара на {3} установлен на уровне {0} рубля, курс евро \
составляет {1} рубля, сообщил центральный банк.
Накануне доллар стоил {2} рубля, а евро {4} рубля, таким образом доллар подорожал на \
{5} копеек, евро подешевел на {6} копеек.
Цена нефти марки Брент на бирже составила {7} доллара за баррель, индекс биржи \
изменился на {8} процента и достиг {9} пункта при объёме торгов {10} миллиардов.""",
    "ar": """أغلق سعر الذهب يوم {3} عند {0} دولار للأوقية مقابل {1} دولار في الجلسة \
السابقة بحسب بيانات السوق.
وسجل عيار أربعة وعشرين {2} جنيها للبيع بينما سجل عيار واحد وعشرين {4} جنيها وبلغ عيار \
ثمانية عشر {5} جنيها في محلات الصاغة.
وتراجع مؤشر الدولار بنسبة {6} في المئة إلى {7} نقطة فيما ارتفعت الفضة إلى {8} دولار \
وصعد البلاتين إلى {9} دولار للأوقية.""",
    "zh": """{0}公司股价{3}收盘报{1}元，较前一交易日上涨{2}%，成交额达到{4}亿元。
截至收盘，该公司总市值为{5}亿元，市盈率为{6}倍，换手率{7}%，主力资金净流入{8}万元。
过去三个月内共有{9}家机构给出评级，其中买入评级{10}家，目标均价为{11}元。""",
    "ja": """{3}の東京市場で{0}の株価は前日比{1}円高の{2}円で取引を終えた。
売買代金は{4}億円で、時価総額は{5}億円となり、年初来の高値は{6}円、安値は{7}円である。
証券会社の予想平均では今期の純利益は{8}億円、目標株価の平均は{9}円となっている。""",
    "ko": """{0} 주가는 {3} 전 거래일보다 {1} 퍼센트 오른 {2} 원에 거래를 마쳤다.
거래량은 {4} 주로 집계됐으며 시가총액은 {5} 원으로 늘었고 외국인 보유 비중은 {6} \
퍼센트로 나타났다.
증권사 {7} 곳이 낸 목표 주가의 평균은 {8} 원이며 최근 한 해 최고가는 {9} 원이고 \
최저가는 {10} 원이다.""",
}

TAIL = (
    "This report was prepared by the regional desk from messages of the police and "
    "the fire service. Readers who saw what happened can call the desk at any time, "
    "and those who do not want their name in the paper will not find it there."
)


def issues(count: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(form, text): `count` issues of every form, each with other figures."""
    for name, form in FORMS.items():
        for _ in range(count):
            yield name, form.format(*(_figure(rng) for _ in range(14)))


def briefs(count: int, words: list[str], rng: random.Random) -> Iterator[str]:
    """Unrelated reports of a few dozen words that end alike."""
    for _ in range(count):
        own = " ".join(rng.choices(words, k=rng.randint(18, 60)))
        yield f"{own.capitalize()}.\n{TAIL}"


def _figure(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return str(rng.randint(2, 999))
    if kind < 0.8:
        return f"{rng.randint(1, 99)}.{rng.randint(10, 99)}"
    return "".join(rng.choices("bcdfgklmnprstvz", k=6)).capitalize()
