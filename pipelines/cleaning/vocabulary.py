"""The words by which pages tell what a part of them is; data, no decisions.

Two kinds: words that designers put into class, id, role and data attributes (split
at hyphens, underscores and capitals: `ArticleRelatedBox` reads article, related,
box), and words that readers see. Each stands under the concept that it names. A word
belongs here if unrelated outlets use it in one sense; what a single outlet does
belongs into that outlet's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.article import Reason


@dataclass(frozen=True, slots=True)
class Concept:
    """What an attribute says of an element.

    `sure`: the whole element goes, unless it holds most of the page's text. Without
    it the word is only a hint, and the element's own text has to agree.
    """

    reason: Reason
    words: str
    sure: bool = True


#: In order of precedence. A hyphen joins words that stand next to each other.
CONCEPTS: Final = (
    Concept(
        Reason.CONSENT,
        "consent cookie cookies gdpr onetrust didomi usercentrics cookiebot "
        "sourcepoint cookie-banner cookie-notice embed-privacy embed-consent cmpbox",
    ),
    Concept(
        Reason.COMMENTS,
        "comments comment-list commentlist comment-form comment-section comment-box "
        "disqus kommentare kommentarer comentarios commentaires commenti komentarze "
        "kommentarbereich leserkommentare livefyre coral-talk respond reactions "
        "comments-area yorumlar yorum viafoura openweb spotim fb-comments "
        "kommentit kommentointi hozzaszolas hozzaszolasok diskuze diskusia "
        "reacties reactie-lijst comentarii komentari komentar komentare "
        "komentarai kommentaarid sxolia binh-luan user-comments reader-comments "
        "u-cbox leserdebatte",
    ),
    Concept(
        Reason.NEWSLETTER,
        "newsletter newsletters newsletter-box newsletter-signup nl-signup "
        "email-signup emailsignup sign-up-form mailchimp mc-embed signup-box "
        "subscribe-box subscribe-form subscribe-widget push-notification "
        "newsletterbox newsletteranmeldung nyhetsbrev bulten "
        "nieuwsbrief infolettre nyhedsbrev uutiskirje hirlevel boletin bollettino "
        "rassylka nl-box nl-form nlbox email-capture mail-signup email-subscribe "
        "mailing-list",
    ),
    Concept(
        Reason.SHARE,
        "share sharing shares sharebar sharebuttons share-bar share-buttons shariff "
        "addthis sharethis addtoany a2a sharedaddy social-share social-bar "
        "social-links social-media social-icons social-buttons socials sociallinks "
        "social-sharing social-tools bookmark bookmarks paylas teilen partager "
        "compartir compartilhar condividi dela follow-us followus follow-button "
        "print-button article-tools articletools article-actions toolbar "
        "share-article share-tools share-list share-icons jaa-napit megosztas "
        "sdilet sdileni zdielat udostepnij condivisione chia-se bagikan "
        "partajeaza sns sns-list sns-share sns-btn",
    ),
    Concept(
        Reason.TEASER,
        "article-teaser story-teaser teaser-box teaserbox teaser-list teaserlist "
        "teaser-group teaser-container",
    ),
    Concept(
        Reason.RELATED,
        "related relateds related-articles related-posts related-content "
        "relatedarticles relatedposts relatedcontent relatedlinks "
        "recommended recommendation recommendations recirc recirculation "
        "read-more readmore read-also readalso read-next readnext read-on "
        "more-on more-from more-stories more-news more-topic see-also seealso "
        "also-read alsoread most-read mostread most-popular mostpopular most-viewed "
        "trending top-stories topstories latest-news latest-stories next-up upnext "
        "up-next next-article next-story next-post nextprev prevnext prev-next "
        "post-navigation further-reading further-links outbrain taboola ligatus "
        "plista revcontent mgid zergnet jp-relatedposts yarpp crp-related onward "
        "onwards mehr-zum-thema weiterlesen lesen-sie-auch verwandte zum-thema "
        "themenlinks relacionadas relacionados relacionada relacionado te-puede "
        "saiba-mais leia-mais leia-tambem leggi-anche lire-aussi a-lire-aussi a-lire "
        "sur-le-meme les-mer les-ogsaa les-ogsa laes-ogsaa laes-mere las-mer "
        "lue-myos lees-ook lees-meer czytaj-takze czytaj-wiecej zobacz-takze "
        "ctete-take souvisejici mohlo-by ilgili-haber ilgili-haberler "
        "inline-related story-package storypackage crosslinks crosslink "
        "internal-link-box linkbox link-box linklist link-list more-articles "
        "articles-list article-list "
        "suggested suggestions you-may-like youmaylike infinite-scroll "
        "fig-body-link topic-links related-topics promobox inline-promo "
        "lue-lisaa luetuimmat kapcsolodo ajanlo ajanlott legolvasottabb "
        "doporucujeme nejctenejsi polecane polecamy powiazane najczesciej-czytane "
        "zobacz-rowniez czytaj-rowniez czytaj-tez gerelateerd gerelateerde "
        "meest-gelezen citeste-si articole-similare articole-recomandate "
        "recomandari baca-juga berita-terkait artikel-terkait terpopuler "
        "tin-lien-quan lien-quan xem-them doc-them tin-cung benzer-haberler "
        "diger-haberler cok-okunan cok-okunanlar diavaste-episis kanren "
        "kanren-kiji kanrenkiji osusume ultimas-noticias mais-lidas mais-lidos "
        "mas-leidas mas-leido mas-noticias lea-tambien ver-tambien vea-tambien "
        "leia-tambem veja-tambem veja-mais articoli-correlati notizie-correlate "
        "piu-letti articles-lies plus-lus les-plus-lus meistgelesen meistgelesene "
        "artikelempfehlung artikelempfehlungen empfehlungen weitere-artikel "
        "mehr-artikel auch-interessant mest-last relatert mest-lest relateret "
        "mest-laeste povezane procitajte najcitanije related-news news-relate "
        "related-story related-stories relate-news",
    ),
    Concept(
        Reason.CREDIT,
        "credit credits image-credit photo-credit media-credit copyright copy-right "
        "photographer image-source img-source photo-source bildnachweis fotocredit "
        "image-copyright photocredit fotonachweis kaynak-foto photo-by "
        "kuvaaja foto-autor autor-foto zdroj-foto foto-credit fotograaf fotografo "
        "bildkalla bildrechte fotorechte img-credit pic-credit",
    ),
    Concept(
        Reason.CAPTION,
        "caption captions figcaption image-caption photo-caption media-caption "
        "wp-caption wp-caption-text bildunterschrift bildtext bildetext billedtekst "
        "img-caption imagecaption photocaption imgcaption image-description "
        "image-info image-text image-legend img-desc photo-desc photo-description "
        "bild-info absatzbild legende pie-de-foto piefoto didascalia resimalti "
        "gallery galleries bildergalerie fotostrecke bilderstrecke slideshow "
        "diaporama fotogaleria photogallery image-gallery lightbox photoswipe pswp "
        "video-player videoplayer video-container video-caption jwplayer "
        "media-player audio-player audioplayer podcast-player "
        "picture-caption article-image article-picture lead-image main-image "
        "kuvateksti kepalairas popisek podpis-foto podpis-zdjecia bijschrift "
        "onderschrift fotobijschrift leyenda pie-foto legenda-foto photo-legend "
        "img-legend alt-yazi chu-thich keterangan-foto photo-cap img-cap pic-cap "
        "image-cap fig-cap photo-text bild-text billed-tekst bildetekst "
        "kep-alairas photo-info pic-desc",
    ),
    Concept(
        Reason.AUTHOR,
        "author authors author-box author-bio authorbox author-info author-card "
        "byline bylines about-author about-the-author bio biography autor autoren "
        "autoreninfo autorenbox autore auteur auteurs forfatter skribent "
        "contributor contributors contributor-bio writer-bio post-author "
        "entry-author article-author vcard yazar redakteur redaktor journalist "
        "toimittaja szerzo redacteur tac-gia penulis kirjoittaja muhabir "
        "author-details author-profile author-description author-about autor-box "
        "autor-info byline-block journalist-info reporter-info reporter-profile",
    ),
    Concept(
        Reason.PAYWALL,
        "paywall pay-wall paygate regwall reg-wall registration-wall login-wall "
        "subscription-wall subscribe-wall piano-offer tp-modal offer-box "
        "paywall-offer abo-box abobox plus-box premium-box app-access-wall "
        "metered subscriber-only subscribe-now premium-teaser",
    ),
    Concept(
        Reason.PROMO,
        "ad ads advert adverts advertisement advertisements advertising anzeige "
        "anzeigen werbung adslot ad-slot adunit ad-unit ad-container adcontainer "
        "adsbygoogle dfp gpt-ad reklam reklama publicidad publicidade pubblicita "
        "publicite annonce iklan sponsor sponsored sponsors sponsored-content "
        "promo promos promotion promotional promobox affiliate affiliates "
        "affiliate-box commerce product-box deal-box shopping-box merch "
        "donate donation donations spenden unterstuetzen support-us support-box "
        "opinary survey umfrage app-download app-promo app-banner download-app "
        "cta call-to-action whatsapp-channel google-news follow-box "
        "membership mitglied-werden house-ad native-ad "
        "hirdetes mainos mainospaikka inzerce reclame annonser quang-cao "
        "ads-container ad-label ad-wrapper ad-box ad-space ad-placement "
        "banner-ads oglas diafimisi annuncio",
    ),
    Concept(
        Reason.CHROME,
        "nav navi navigation navbar nav-bar menu menubar breadcrumb breadcrumbs "
        "footer site-footer page-footer pagefooter sidebar side-bar sidebars "
        "pagination pager paginator skip-link skip-to skiplink "
        "tags tag-list taglist tagcloud tag-cloud article-tags post-tags "
        "topics topic-list keywords stichworte schlagworte etiketten themen-tags "
        "masthead site-header page-header pageheader topbar top-bar "
        "reading-time readingtime read-time lesezeit lesedauer article-meta "
        "articlemeta post-meta postmeta entry-meta meta-data metadata "
        "article-info publish-date published-date publication-date pubdate "
        "post-date date-published datetime timestamp timestamps dateline "
        "last-updated modified-date toc table-of-contents inhaltsverzeichnis "
        "audio-button listen listen-button text-to-speech texttospeech readspeaker "
        "speechkit beyondwords trinity-player vorlesen search-form searchform "
        "search-box searchbox login login-box modal popup pop-up overlay dialog "
        "tooltip tooltips dropdown flyout offcanvas ticker-bar newsticker "
        "breaking-news language-switcher weather stock-ticker toast kicker eyebrow "
        "overline rubrik category-label section-label post-category ressort "
        "old-browser browser-warning noprint no-print print-only printonly "
        "print-footer debug "
        "murupolku drobeckova-navigace breadcrum okruszki morzsa avainsanat "
        "cimkek stitky trefwoorden nokkelord emneord nyckelord fil-ariane",
    ),
    Concept(
        Reason.OTHER,
        "infobox info-box factbox fact-box faktabox faktaboks faktaboks faktenbox "
        "faktencheck-box infokasten infokasse hintergrundbox expandable-box expander "
        "ai-summary aisummary ai-content aicontent aiarticle ai-article summary-box "
        "bullet-summary key-facts auf-einen-blick "
        "sidebar-box key-points keypoints key-takeaways takeaways glossary "
        "disclaimer fact-file expertbox expert-box quiz poll chart-container "
        "datawrapper infographic infografik infogram flourish post-card "
        "correction-form report-error feedback feedback-box rating ratings "
        "user-rating star-rating",
    ),
    Concept(Reason.TEASER, "teaser teasers card cards tile tiles", sure=False),
    Concept(
        Reason.RELATED,
        "recommend read more stories popular latest onward next previous package "
        "linked links link inset insert embedded-article also",
        sure=False,
    ),
    Concept(Reason.NEWSLETTER, "subscribe signup sign-up subscription", sure=False),
    Concept(Reason.SHARE, "social print follow", sure=False),
    Concept(Reason.COMMENTS, "comment kommentar forum", sure=False),
    Concept(
        Reason.PROMO,
        "banner offer marketing partner shop products product widget campaign",
        sure=False,
    ),
    Concept(Reason.PAYWALL, "premium abo piano subscriber", sure=False),
    Concept(
        Reason.CAPTION,
        "image images img photo photos picture bild foto video videos media audio "
        "podcast player embed embedded oembed slide slider carousel swiper legend desc",
        sure=False,
    ),
    Concept(
        Reason.CHROME,
        "meta date time published updated category section-name label badge tag info "
        "header top bottom toggle button buttons control controls accordion counter",
        sure=False,
    ),
    Concept(
        Reason.OTHER, "box fact facts facta fakta aside note explainer", sure=False
    ),
)

#: Marks the paragraph between headline and text that sums the article up.
STANDFIRST: Final = (
    "standfirst stand-first lead leadtext lead-text lede preamble preface intro "
    "introduction introtext intro-text ingress manchet underrubrik underrubrikk "
    "perex sapo chapo chapeau chamada linha-fina entradilla bajada copete sumario "
    "subtitle sub-title subtitulo sottotitolo occhiello subheadline sub-headline "
    "subheading sub-heading subhead subhed dek deck excerpt vorspann anleser "
    "abstract summary teaser-text article-teaser teaser description untertitel "
    "unterzeile spot zajawka ulead onderkop leadin lead-in article-summary"
)

#: Elements that are on the page for screen readers or scripts only.
HIDDEN: Final = (
    "visually-hidden visuallyhidden sr-only sronly screen-reader-text "
    "screen-reader-only screenreader screen-reader screenreader-only a11y-hidden "
    "a11y-only offscreen off-screen go-vh u-vh vh hidden-visually is-hidden "
    "u-hidden d-none is-visually-hidden element-invisible aural hide-visually "
    "visually-hide only-screenreader audible"
)

#: Stems that boxes with a button before embedded content speak of; a pattern.
CONSENT_WORDS: Final = (
    r"cookie|datenschutz|einwillig|privacy|privacidad|confidentialité|consent|"
    r"kuki|evästei|tietosuoja|personvern|informasjonskapsl|integritetspolicy|"
    r"soukrom|súkrom|prywatnoś|adatvédel|confidențialitate|privatnost|gizlilik|çerez|"
    r"конфиденциальност|конфіденційност|поверителност|απορρήτου|خصوصية|פרטיות|"
    r"गोपनीयता|kebijakan privasi|quyền riêng tư|คุกกี้|隐私|隱私|プライバシー|クッキー|"
    r"개인정보|쿠키|تعريف الارتباط|کوکی|עוגיות|कुकी|бисквитк|kolačić"
)

#: Stems by which a page has the reader agree to something; a pattern.
AGREEMENT: Final = (
    r"accept|agree|consent|akzept|zustimm|einwillig|accetta|acept|aceit|akcept|akcep|"
    r"hyväksy|godkänn|samtyck|godta|elfogad|přij|prihvat|kabul|onay|прин[яи]|прийня|"
    r"приеми|αποδοχ|αποδέχ|قبول|أوافق|موافق|پذیر|הסכמ|מאשר|अनुमति|स्वीकार|सहमत|terima|"
    r"setuju|đồng ý|ยอมรับ|ยินยอม|同意|接受|承諾|동의|kubali"
)

#: Stems by which a page says that an article is for those who pay or are registered.
SUBSCRIBERS: Final = (
    r"subscriber|members? only|paying member|abonnent|abonné|suscriptor|assinante|"
    r"abbonat|abonnee|prenumer|tilaaj|předplatit|predplatit|előfizet|abonați|pretplat|"
    r"\babone\b|aboneler|подписчик|подписк|подписаны|передплат|абонат|συνδρομητ|"
    r"مشترك|المشتركين|اشتراک|מנוי|सदस्य|सब्सक्राइबर|pelanggan|thành viên|thuê bao|สมาชิก|"
    r"订阅|訂閱|会员|會員|会員|購読|회원|구독|"
    r"premium[- ]?(?:artikel|article|content|inhalt)"
)

#: Stems by which it asks to pay, to log in or to go on; a pattern.
GOING_ON: Final = (
    r"log ?in|sign in|subscribe|to continue|keep reading|read (?:on|the (?:full|rest))|"
    r"weiterles|weiter lesen|anmelden|einloggen|angebot|testen|se connecter|"
    r"connectez|m'abonne|abonnez|lire la suite|à lire|inicia sesión|iniciar sesión|"
    r"suscríb|seguir leyendo|leer más|accedi|abbonati|continuare a leggere|assine|"
    r"faça login|continuar lendo|entrar|word abonnee|lees verder|verder lezen|inloggen|"
    r"logga in|läs vidare|läsa (?:hela|vidare)|logg inn|les (?:hele|videre)|log ind|"
    r"læs (?:hele|videre)|kirjaudu|lue koko|zaloguj|czyta(?:j|ć) dalej|dostępn|přihl|"
    r"prihlás|číst dál|bejelentkez|olvas[ds]? tovább|autentific|continua|prijavi|"
    r"nastavi|abone ol|giriş yap|devamını oku|okumaya devam|войдите|войти|оформ|"
    r"читать (?:дальше|далее)|полный текст|увійд|читати далі|συνδεθείτε|διαθέσιμο|"
    r"σύνδεση|γίνετε|سجل|تسجيل|اشترك|متابعة القراءة|وارد شوید|ثبت ?نام|התחבר|הירשמו|"
    r"लॉग ?इन|पूरा पढ़|आगे पढ़|masuk|berlangganan|lanjut|đăng nhập|đọc tiếp|เข้าสู่ระบบ|"
    r"อ่านต่อ|สมัคร|登录|登入|登錄|阅读全文|閱讀全文|继续阅读|繼續閱讀|ログイン|続き|残り|"
    r"로그인|계속 읽|가입"
)

#: Stems of asking to be followed; a pattern.
FOLLOWING: Final = (
    r"follow|folge|folgt|suivez|retrouvez|rejoignez|abonnez|sígue|sigue|siga|sigan|"
    r"únete|acompanhe|inscreva|seguici|segui|iscriviti|volg|følg|följ|seuraa|obserwuj|"
    r"śledź|dołącz|sledujte|sleduj|kövess|iratkozz|urmăr|abonați|pratite|zapratite|"
    r"takip ed|abone ol|подпи[сш]|підпи[сш]|читайте|следите|стежте|последвай|следвай|"
    r"ακολουθ|εγγραφ|تابع|انضم|اشترك|دنبال|بپیوند|עקבו|הצטרפו|फॉलो|जुड़|सब्सक्राइब|"
    r"theo dõi|ติดตาม|ikuti|gabung|bergabung|langganan|fuata|jiunge|关注|關注|訂閱|加入|"
    r"フォロー|登録|구독|팔로우|추가"
)

#: Where outlets ask to be followed; a pattern.
CHANNELS: Final = (
    r"google (?:news|discover|haberler|actualit|noticias|notícias)|telegram|whatsapp|"
    r"viber|facebook|instagram|youtube|twitter|tiktok|threads|bluesky|linkedin|"
    r"zalo\b|bluesky|mastodon|flipboard|messenger|\bline\b|"
    r"телеграм|вотсап|вайбер|واتساب|تليجرام|تيليجرام|تلغرام|فيسبوك|جوجل نيوز|"
    r"व्हाट्सएप|टेलीग्राम|微信|微博|카카오톡|네이버"
)

#: State words after these say what an element has, not what it is.
STATE_PREFIXES: Final = "has with without no not is show hide hides show"

#: Labels over links to other stories, in lower case without final punctuation.
ANNOUNCEMENTS: Final = (
    "read more|read also|see also|also read|related|related articles|related news|"
    "related stories|related topics|related content|more from|you may also like|"
    "you might also like|recommended|recommended stories|recommended for you|"
    "more stories|more news|more on this|more on this story|read next|up next|"
    "most read|trending|trending now|top stories|latest news|don't miss|"
    "story continues|mehr zum thema|lesen sie auch|auch interessant|"
    "das könnte sie auch interessieren|das könnte dich auch interessieren|"
    "weitere artikel|weitere informationen|weiterlesen|mehr dazu|zum thema|"
    "verwandte artikel|empfohlen|à lire aussi|lire aussi|sur le même sujet|"
    "à lire également|lire plus|en savoir plus|voir aussi|te puede interesar|"
    "lea también|leer más|más información|noticias relacionadas|ver también|"
    "leia também|leia mais|saiba mais|veja também|notícias relacionadas|"
    "leggi anche|per approfondire|lees ook|lees meer|meer lezen|meer nieuws|"
    "les også|les mer|læs også|læs mere|läs också|läs mer|läs även|mer om|"
    "lue myös|czytaj także|czytaj też|czytaj więcej|zobacz także|zobacz też|"
    "přečtěte si|čtěte také|mohlo by vás zajímat|související|olvasta már|"
    "ayrıca okuyun|i̇lgili haberler|ilgili haberler|baca juga|читайте также|"
    "читать также|по теме|関連記事|あわせて読みたい|相关阅读|延伸閱讀|관련기사|"
    "tags|topics|schlagwörter|themen|mots-clés|etiquetas|temas|keywords"
)
