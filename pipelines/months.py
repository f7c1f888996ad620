"""Names of months in the languages of news sites: data for dates.py.

Nominative, genitive and the usual abbreviations, lower case, without full stops.
"""

from __future__ import annotations

from typing import Final

#: A line that ends with a colon names the languages of the twelve months below it.
_BY_LANGUAGE: Final = """
en:
january jan | february feb | march mar | april apr | may | june jun | july jul |
august aug | september sep sept | october oct | november nov | december dec

de, lb:
januar jänner jän | februar feber | märz mär mrz | april | mai | juni | juli |
august | september | oktober okt | november | dezember dez

fr:
janvier janv | février févr fevr fevrier | mars | avril avr | mai | juin |
juillet juil | août aout | septembre | octobre | novembre | décembre déc decembre

es, gl:
enero ene xaneiro | febrero febreiro | marzo | abril abr | mayo maio | junio xuño |
julio xullo | agosto ago | septiembre setiembre setembro | octubre outubro |
noviembre novembro | diciembre dic decembro

pt:
janeiro | fevereiro fev | março marco | abril | maio | junho | julho | agosto |
setembro set | outubro out | novembro | dezembro

it:
gennaio gen | febbraio febb | marzo | aprile | maggio mag | giugno giu |
luglio lug | agosto | settembre sett | ottobre ott | novembre | dicembre

ca:
gener | febrer | març | abril | maig | juny | juliol | agost | setembre | octubre |
novembre | desembre

nl, af:
januari januarie | februari februarie | maart mrt | april | mei | juni junie |
juli julie | augustus | september | oktober | november | december desember

da, no, sv:
januar januari | februar februari | marts mars | april | maj mai | juni | juli |
august augusti | september | oktober | november | december desember des

fi:
tammikuu tammikuuta | helmikuu helmikuuta | maaliskuu maaliskuuta |
huhtikuu huhtikuuta | toukokuu toukokuuta | kesäkuu kesäkuuta |
heinäkuu heinäkuuta | elokuu elokuuta | syyskuu syyskuuta | lokakuu lokakuuta |
marraskuu marraskuuta | joulukuu joulukuuta

is, fo:
janúar | febrúar | mars | apríl | maí | júní | júlí | ágúst | september | október |
nóvember | desember

et:
jaanuar | veebruar | märts | aprill | mai | juuni | juuli | august | september |
oktoober | november | detsember

lv:
janvāris janvārī | februāris februārī | marts martā | aprīlis aprīlī |
maijs maijā | jūnijs jūnijā | jūlijs jūlijā | augusts augustā |
septembris septembrī | oktobris oktobrī | novembris novembrī | decembris decembrī

lt:
sausio sausis | vasario vasaris | kovo kovas | balandžio balandis |
gegužės gegužė | birželio birželis | liepos liepa | rugpjūčio rugpjūtis |
rugsėjo rugsėjis | spalio spalis | lapkričio lapkritis | gruodžio gruodis

pl:
stycznia styczeń sty | lutego luty lut | marca marzec | kwietnia kwiecień kwi |
maja maj | czerwca czerwiec cze | lipca lipiec lip | sierpnia sierpień sie |
września wrzesień wrz | października październik paź | listopada listopad lis |
grudnia grudzień gru

cs (listopad is October in Croatian, November in Czech and Polish: see sl, hr):
ledna leden | února únor | března březen | dubna duben | května květen |
června červen | července červenec | srpna srpen | září | října říjen | listopadu |
prosince prosinec

sk:
januára január | februára február | marca marec | apríla apríl | mája máj |
júna jún | júla júl | augusta august | septembra | októbra október | novembra |
decembra

hu:
január | február | március márc | április ápr | május máj | június jún |
július júl | augusztus aug | szeptember szept | október okt | november | december

ro:
ianuarie ian | februarie | martie | aprilie | mai | iunie iun | iulie iul |
august | septembrie | octombrie | noiembrie noi | decembrie

hr, bs:
siječnja siječanj | veljače veljača | ožujka ožujak | travnja travanj |
svibnja svibanj | lipnja lipanj | srpnja srpanj | kolovoza kolovoz | rujna rujan |
 | studenoga studeni | prosinca prosinac

sl, sr (Latin):
januarja januara | februarja februara | marca mart marta | aprila | maja |
junija juna | julija jula | avgusta avgust | septembra | oktobra | novembra |
decembra

sq:
janar | shkurt | mars | prill | maj | qershor | korrik | gusht | shtator | tetor |
nëntor | dhjetor

tr, az:
ocak oca yanvar | şubat şub fevral | mart | nisan nis aprel | mayıs |
haziran haz iyun | temmuz tem iyul | ağustos ağu avqust | eylül eyl sentyabr |
ekim eki oktyabr | kasım kas noyabr | aralık ara dekabr

id, ms:
januari | februari | maret mac | april | mei | juni jun | juli julai |
agustus ogos agt | september | oktober okt | november | desember disember

sw:
januari | februari | machi | aprili | mei | juni | julai | agosti | septemba |
oktoba | novemba | desemba

zu, xh:
januwari | februwari | mashi | ephreli | meyi | juni | julayi | agasti |
septhemba | okthoba | novemba | disemba

tl:
enero | pebrero | marso | abril | mayo | hunyo | hulyo | agosto | setyembre |
oktubre | nobyembre | disyembre

ru:
января январь янв | февраля февраль фев | марта март мар | апреля апрель апр |
мая май | июня июнь июн | июля июль июл | августа август авг |
сентября сентябрь сен сент | октября октябрь окт | ноября ноябрь ноя |
декабря декабрь дек

uk:
січня січень | лютого лютий | березня березень | квітня квітень | травня травень |
червня червень | липня липень | серпня серпень | вересня вересень |
жовтня жовтень | листопада листопад | грудня грудень

be:
студзеня | лютага | сакавіка | красавіка | мая | чэрвеня | ліпеня | жніўня |
верасня | кастрычніка | лістапада | снежня

bg, mk, sr (Cyrillic):
януари јануари јануара | февруари фебруари фебруара | март марта | април априла |
май мај маја | юни јуни јуна | юли јули јула | август августа |
септември септембра | октомври октобра | ноември новембра | декември децембра

el:
ιανουαρίου ιαν | φεβρουαρίου φεβ φεβρ | μαρτίου μαρ | απριλίου απρ | μαΐου μαίου |
ιουνίου ιουν | ιουλίου ιουλ | αυγούστου αυγ | σεπτεμβρίου σεπ σεπτ |
οκτωβρίου οκτ | νοεμβρίου νοε νοεμ | δεκεμβρίου δεκ

he:
ינואר | פברואר | מרץ מרס | אפריל | מאי | יוני | יולי | אוגוסט | ספטמבר | אוקטובר |
נובמבר | דצמבר

ar, by the Roman names:
يناير جانفي | فبراير فيفري | مارس | أبريل ابريل إبريل أفريل | مايو ماي |
يونيو جوان | يوليو جويلية | أغسطس اغسطس أوت | سبتمبر | أكتوبر اكتوبر | نوفمبر |
ديسمبر

ar, by the Syriac names:
كانون-الثاني | شباط | آذار | نيسان | أيار | حزيران | تموز | آب | أيلول |
تشرين-الأول | تشرين-الثاني | كانون-الأول

hi, mr:
जनवरी जनवारी | फरवरी फ़रवरी | मार्च | अप्रैल | मई | जून | जुलाई | अगस्त |
सितंबर सितम्बर | अक्टूबर | नवंबर नवम्बर | दिसंबर दिसम्बर

bn:
জানুয়ারি | ফেব্রুয়ারি | মার্চ | এপ্রিল | মে | জুন | জুলাই | আগস্ট | সেপ্টেম্বর |
অক্টোবর | নভেম্বর | ডিসেম্বর

th:
มกราคม | กุมภาพันธ์ | มีนาคม | เมษายน | พฤษภาคม | มิถุนายน | กรกฎาคม | สิงหาคม |
กันยายน | ตุลาคม | พฤศจิกายน | ธันวาคม
"""


def _numbered() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for paragraph in _BY_LANGUAGE.strip().split("\n\n"):
        months = paragraph.partition(":\n")[2].replace("\n", " ").split("|")
        for number, names in enumerate(months, start=1):
            for name in names.split():
                numbers.setdefault(name.replace("-", " "), number)
    return numbers


#: A month's name -> 1 to 12. Where two languages quarrel over a name ("srpen",
#: "listopad"), the first above has it.
MONTHS: Final = _numbered()
