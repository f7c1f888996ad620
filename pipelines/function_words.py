"""The commonest little words of languages that share a script: data for language.py.

Content words travel between languages, little words hardly do: in running text
every tenth word or more is one of these. Written for this project from general
knowledge of the languages; single letters that are words in many of them are
left out.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: ISO 639-1 code -> little words, lower case.
FUNCTION_WORDS: Final[dict[str, frozenset[str]]] = {
    "af": _words("die van en het nie is vir wat dat met hy sy aan word deur ook se"),
    "az": _words("və bu bir üçün ilə də olan ki edir edib olub qeyd kimi həm"),
    "bs": _words("je na da se za su od će koji kako nije što ali bi samo do ili"),
    "ca": _words("de la el que els amb per les del és una ha han més però als com"),
    "cs": _words("se na že je to za by podle který ale jako jsou před také po bylo"),
    "cy": _words("yn yr ac mae wedi ei gan ar fod oedd hefyd am eu hynny bod gyda"),
    "da": _words(
        "og det er til ikke som har med på den for at en et hun om "
        "af blev efter været sig nogle ud mod op siger"
    ),
    "de": _words("der die und in das den von zu mit sich des auf ist nicht ein eine"),
    "en": _words("the of and to in that is for on was with as it by he at his said"),
    "es": _words("de la que el en los del se las por con una para su al como más"),
    "et": _words("ja on et ei kui oli ka ning mis see aga oma seda kes ta võib või"),
    "eu": _words("eta da ez bat dira du duela izan zuen ere dute egin dela baina dio"),
    "fi": _words("ja on ei että oli hän myös kun se mutta ovat joka mukaan kuin ole"),
    "fo": _words("og at er til ikki eru hevur við fyri tað sum men ein hann teir"),
    "fr": _words("de la le les et des en du une que est un dans pour qui au par sur"),
    "ga": _words("an na agus ar go bhí sé le atá is ag don leis ach dá faoi mar"),
    "gl": _words("de que do da os en un unha para por co coa dos das pola ao non"),
    "ha": _words("da ta ya na ba wanda cewa kuma sun domin wannan ne ce yi shi cikin"),
    "hr": _words("je na da se za su od će koji kako nije što ali bi samo do ili"),
    "hu": _words("az hogy és nem is egy meg volt de csak már ezt még azt mert ki"),
    "id": _words("yang dan di untuk dengan dari ini pada dalam tidak itu akan oleh"),
    "is": _words("og að er til sem ekki við með var um en hann fyrir það því hefur"),
    "it": _words("di che il la per un in del non della con una si le dei da al più"),
    "kl": _words("aamma naalakkersuisut taamaattumik kisianni tassa pillugu ukiut"),
    "lb": _words("den an ass dass vun eng huet de fir mat op net och een sech ginn"),
    "lt": _words("ir kad yra tai su buvo bet iš apie taip ne jis kaip po už į nuo"),
    "lv": _words("un ka ir ar par no tas bet kas arī kā uz bija vai lai gan nav"),
    "mg": _words("ny sy ho dia tsy fa izy izany no amin ireo tamin ao raha avy"),
    "ms": _words("yang dan di untuk dengan dari ini pada dalam tidak itu akan oleh"),
    "mt": _words("li ta il u fil minn ma kien din għal dan għall lill huwa fuq mill"),
    "nl": _words("de het een van en in is dat te op zijn met voor niet aan er die"),
    "no": _words(
        "og det er til ikke som har med på den for at en et hun om "
        "av ble etter vært seg noen ut mot opp sier"
    ),
    "pl": _words("się na nie że do jest to jak od po za przez ale dla oraz był co"),
    "pt": _words("de que do da em um uma para não os com por mais no na dos as ao"),
    "ro": _words("de și în la care pe că cu nu din sau este au mai fost pentru ca"),
    "sk": _words("sa na že je to za by podľa ktorý ale ako sú pred aj po bolo si"),
    "sl": _words("je in na da se za so ki pa ni bi po kot tudi ne pri še bo"),
    "so": _words("oo iyo ee ka ku waa uu in ay ah la soo waxa wuxuu aan ayaa sheegay"),
    "sq": _words("të në dhe që një për më me nga është ka se si do nuk e i"),
    "st": _words("ka ho le ba ya tsa sa ke ha hore bona wa mme empa ena"),
    "sv": _words("och att det som är en på för av med har inte den till ett var om"),
    "sw": _words("ya na wa kwa katika ni la za kuwa hiyo huyo yake alisema cha hii"),
    "tl": _words("ang ng sa na mga ay si at ni para kay hindi nang ito siya rin"),
    "tn": _words("go le ya ka mo ba a e o fa ne tse gore ke wa kwa"),
    "tr": _words("ve bir bu için de da ile olarak olan çok daha gibi sonra ise dedi"),
    "uz": _words("va bilan uchun bu bir ham deb edi bo‘lgan qilish haqida o‘z esa"),
    "vi": _words("và của là các cho không có được trong một với đã này những người"),
    "xh": _words("ukuba kwaye le uthi lo kodwa xa okanye ngoku kuba nokuba kule oku"),
    "yo": _words("ní ti ń sí àti fún tó náà wọn pé bí kan láti ló jẹ́"),
    "zu": _words("ukuthi futhi le uma uthe kodwa lo ngoba noma lapho nge kanye khona"),
    "be": _words("і ў на што не да як па за ад гэта каб для яго але ён"),
    "bg": _words("на да се за от са че по не като ще до но при това беше"),
    "kk": _words("және мен бұл деп үшін бойынша бір туралы екен бар осы да де"),
    "ky": _words("жана менен бул деп үчүн боюнча бир деген да да ал бар"),
    "mk": _words("на да се за од во со не ќе што како дека но тоа ја сè"),
    "mn": _words("нь юм бол гэж байна энэ хийх болон тухай байгаа та их"),
    "ru": _words("и в не на что с по как из за от для это но он его до"),
    "sr": _words("је на да се у за су од ће који како није што али би"),
    "tg": _words("ва дар ки аз ба бо ин барои аст буд мешавад шуд"),
    "tt": _words("һәм белән бу бер өчен дип да дә иде булган"),
    "uk": _words("і в на що не у з та до за як від для це його про але"),
}

#: Languages so near each other that only the setting tells them apart.
CLOSE: Final[tuple[frozenset[str], ...]] = (
    _words("da no nb nn sv"),
    _words("hr bs sr sl"),
    _words("cs sk"),
    _words("id ms"),
    _words("es gl ca pt"),
    _words("ru be uk"),
    _words("bg mk"),
    _words("hi mr ne"),
    _words("st tn"),
)
