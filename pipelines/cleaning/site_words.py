"""The words by which a site speaks of itself at length; data, no decisions.

Stems in the languages that the project knows, in lower case. A concept stands on one
line a language family; what they mean together is decided in `site_pages.py`.
"""

from __future__ import annotations

from typing import Final

#: The publisher in the first person, or as "this website".
OURSELVES: Final = (
    r"\b(?:we|our|us|this (?:web)?site)\b|\b(?:wir|uns|unser\w{0,2}|"
    r"diese[rs]? (?:web)?(?:site|seite))\b|\b(?:nous|notre|nos|ce site)\b|"
    r"\bnuestr[oa]s?\b|\b(?:utiliz|us|trat|almacen)amos\b|\beste sitio\b|"
    r"\bnoss[oa]s?\b|\bnós\b|\beste site\b|\bnostr[oaie]\b|\bnoi\b|\w{3}iamo\b|"
    r"\bquesto sito\b|\b(?:wij|we|ons|onze|deze (?:web)?site)\b|\b(?:vi|vores|vår[at]?|"
    r"våre|oss|denne hjemmeside\w*|den här webbplats\w*)\b|\w{3}mme\b|\b(?:meidän|"
    r"tämä sivusto)\b|\bnasz\w{0,3}\b|\bnam[i]?\b|\w{3}[aeiy]my\b|\bnaš\w{0,3}\b|"
    r"\bnáš\b|\bnám\b|\w{3}(?:áme|íme|ujeme|eme)\b|\w{3}(?:unk|ünk)\b|\bnostru\b|"
    r"\bnoastr\w+|\bnoștri\b|\bfolosim\b|\bstocăm\b|\bprelucrăm\b|\w{3}(?:imo|amo|"
    r"emo)\b|\w{3}(?:[ıiuü]yoruz|m[ae]kt[ae]y[ıi]z)\b|\bbiz(?:im)?\b|\b(?:мы|нас|нам|"
    r"наш\w{0,3}|ми|ние|нашите|этот сайт|цей сайт|този сайт)\b|\w{3}(?:ουμε|ούμε)\b|"
    r"\b(?:εμείς|μας)\b|نحن|نستخدم|شركاؤنا|شركائنا|لدينا|موقعنا|نعالج|نجمع|\bما\b|אנו|"
    r"אנחנו|שלנו|\bहम|हमार|\bkami\b|chúng tôi|เรา|我们|我們|本网站|本網站|本站|当社|"
    r"弊社|当サイト|本サイト|私たち|당사|저희|본 사이트"
)

#: What consent is asked for, one concept an entry: whose, what, to what end, where.
MATTERS: Final = (
    (  # whose: partners
        r"\b(?:partner|vendor|third part|drittanbieter|dritte|partenaire|tiers\b|"
        r"socios?\b|tercer|parceir|terz[ei]\b|derden|samarbe[ij]ds|kumppan|kolmans|"
        r"harmadik|terț|treć|üçüncü|ortak|партн|партн|трет|συνεργάτ|τρίτ)|שותפ|شركا|"
        r"شریک|साझेदार|पार्टनर|\bmitra\b|đối tác|พันธมิตร|合作|第三方|パートナー|"
        r"第三者|파트너|제3자|제휴"
    ),
    (  # what: data
        r"\bdata\b|personal information|\bdaten|données|\bdatos\b|\bdados\b|\bdati\b|"
        r"gegevens|oplysning|opplysning|uppgift|tieto|\bdan(?:e|ych)\b|údaj|\badat|"
        r"\bdate(?:le)?\b|podat|\bveri|данн|дани[хм]|δεδομέν|بيانات|داده|اطلاعات|נתונ|"
        r"מידע|डेटा|dữ liệu|ข้อมูล|数据|資料|信息|資訊|データ|情報|데이터|정보"
    ),
    (  # to what end
        r"\b(?:purposes?|advertis|ads?\b|legitimate interest|personali[sz]|zweck|"
        r"werbung|anzeigen|berechtigt\w* interess|personalisier|finalit|publicit|"
        r"personnalis|finalidad|publicidad|anunci|anúnci|pubblicit|annunci|doeleind|"
        r"adverten|formål|ändamål|annonc|annons|tarkoitu|maino|cel(?:e|ach|ów|u)\b|"
        r"reklam|účel|\bcél|hirdet|scopuri|reclam|svrh|oglas|amaç|\bцел[иья]|\bціл|"
        r"реклам|σκοπ|διαφ[ηή]μ)|إعلان|أغراض|تبلیغ|פרסו|विज्ञापन|\biklan|quảng cáo|"
        r"โฆษณา|广告|廣告|広告|광고"
    ),
    (  # where it is kept
        r"\b(?:device|browser|identifier|endger[äa]t|geräte?|kennung|terminal|appareil|"
        r"navigateur|dispositiv|navegador|browser|apparaat|enhed|enhet|laitte|selai|"
        r"urządze|przegląda|zaříz|zariaden|prohlíž|eszköz|böngész|uređaj|preglednik|"
        r"cihaz|tarayıcı|устройств|пристро|браузер|συσκευ|περιηγητ)|جهاز|متصفح|دستگاه|"
        r"مرورگر|מכשיר|דפדפן|डिवाइस|ब्राउज़र|perangkat|thiết bị|trình duyệt|อุปกรณ์|"
        r"เบราว์เซอร์|设备|裝置|浏览器|端末|ブラウザ|기기|브라우저"
    ),
    (  # what may be chosen
        r"\b(?:settings?|preferences?|withdraw|reject|opt[- ]out|choices?|einstellung|"
        r"widerruf|ablehn|auswahl|préféren|paramètr|refus|retir|prefer[eê]nci|configur|"
        r"rechaz|recus|retirar|preferenz|revoc|rifiut|voorkeur|instelling|weiger|"
        r"indstilling|innstilling|inställning|asetu|perua|ustawie|odrzu|wycof|nastaven|"
        r"odmítn|odmiet|beállít|elutasít|setări|respinge|postavk|odbi|ayarlar|tercih|"
        r"reddet|настройк|налаштув|отказ|відхил|отзыв|ρυθμίσ|προτιμ|απόρριψ)|إعدادات|"
        r"تفضيلات|رفض|تنظیمات|הגדר|סירוב|सेटिंग|pengaturan|cài đặt|từ chối|การตั้งค่า|"
        r"设置|設定|拒绝|拒否|설정|거부"
    ),
    (  # following the reader
        r"\btrack(?:ing|ers?)\b|similar technolog|profil|traceur|rastre|tracciam|"
        r"traçador|trafik|statisti|statysty|measure|messung|mesure|medición|seuran|"
        r"sporing|spårning|śledz|sledován|követés|izleme|отслежив|відстеж|проследя|"
        r"παρακολούθ|تتبع|מעקב|ट्रैक|pelacak|theo dõi|ติดตาม|跟踪|追蹤|追跡|계측|추적"
    ),
)

#: Headlines of pages that state rules; one of these opens the headline.
RULES: Final = (
    r"(?:website )?(?:privacy|cookies?|data protection)(?: and cookies?)? (?:policy|"
    r"policies|notice|statement|center|centre)|(?:general )?(?:terms|conditions) (?:of|"
    r"and|&) (?:service|use|sale|conditions)|terms|legal notice|legal information|"
    r"user agreement|community guidelines|imprint|impressum|datenschutz(?:erklärung|"
    r"hinweise?|bestimmungen|information(?:en)?)?|nutzungsbedingungen|"
    r"allgemeine (?:geschäfts|nutzungs)bedingungen|agb|cookie-(?:richtlinien?|"
    r"hinweise?)|widerrufsbelehrung|(?:politique|charte) (?:de|des|"
    r"relative aux) (?:confidentialité|cookies|protection des données|"
    r"données personnelles)|mentions légales|conditions générales(?: d['’]utilisation|"
    r" de vente)?|conditions d['’]utilisation|cgu|cgv|política de (?:privacidad|"
    r"cookies|privacidade|protección de datos)|aviso (?:legal|de privacidad)|"
    r"términos (?:y condiciones|de uso)|condiciones (?:de uso|generales)|"
    r"termos (?:de uso|e condições)|aviso de privacidade|informativa (?:sulla privacy|"
    r"sui cookie|privacy)|note legali|termini e condizioni|condizioni (?:d['’]uso|"
    r"generali)|privacy ?(?:beleid|verklaring|statement)|cookie ?(?:beleid|verklaring)|"
    r"algemene voorwaarden|gebruiksvoorwaarden|(?:privatlivs|cookie|persondata)politik|"
    r"handelsbetingelser|personvern(?:erklæring)?|brukervilkår|vilkår|"
    r"integritetspolicy|användarvillkor|tietosuoja(?:seloste|käytäntö|lauseke)?|"
    r"käyttöehdot|evästekäytäntö|polityka (?:prywatności|cookies|plików cookies?)|"
    r"regulamin(?: serwisu)?|zásady (?:ochrany osobních údajů|cookies|"
    r"ochrany osobných údajov)|(?:všeobecné )?obchodní podmínky|podmínky užití|"
    r"všeobecné obchodné podmienky|adatkezelési tájékoztató|adatvédelmi (?:tájékoztató|"
    r"nyilatkozat)|felhasználási feltételek|politica de (?:confidențialitate|cookies|"
    r"cookie)|termeni și condiții|politika privatnosti|pravila privatnosti|"
    r"uvjeti korištenja|uslovi korišćenja|pogoji uporabe|gizlilik politikası|"
    r"çerez politikası|kullanım (?:koşulları|şartları)|kvkk aydınlatma metni|"
    r"политика (?:конфиденциальности|обработки персональных данных)|"
    r"пользовательское соглашение|правила использования|політика конфіденційності|"
    r"угода користувача|умови використання|политика за (?:поверителност|бисквитки)|"
    r"общи условия|πολιτική (?:απορρήτου|cookies|προστασίας)|όροι χρήσης|"
    r"سياسة (?:الخصوصية|ملفات تعريف الارتباط)|شروط الاستخدام|الشروط والأحكام|"
    r"سیاست حفظ حریم|حریم خصوصی|شرایط استفاده|מדיניות (?:ה)?פרטיות|תנאי (?:ה)?שימוש|"
    r"गोपनीयता नीति|उपयोग की शर्तें|kebijakan privasi|syarat dan ketentuan|"
    r"ketentuan penggunaan|chính sách (?:bảo mật|quyền riêng tư)|điều khoản sử dụng|"
    r"นโยบายความเป็นส่วนตัว|ข้อกำหนด(?:และเงื่อนไข|การใช้งาน)|隐私(?:政策|条款|声明)|"
    r"隱私權?(?:政策|條款|聲明)|用户协议|使用条款|服務條款|服务条款|"
    r"プライバシーポリシー|個人情報保護方針|利用規約|개인정보\s?처리방침|이용\s?약관"
)

#: What such a page speaks of.
LEGAL: Final = (
    r"privacy|personal data|cookies?\b|liab|terms|agreement|rights?\b|consent|"
    r"applicable law|services?\b|users?\b|account|contract|daten|nutz|haft|vertrag|"
    r"rechte?\b|gesetz|dsgvo|verarbeit|anbieter|bezieher|abonn|verlag|donnée|utilisat|"
    r"responsab|conditions|droits?\b|éditeur|datos|usuari|condicion|derecho|servicio|"
    r"dados|utilizador|serviço|direito|dati\b|utent|servizi|diritt|titolare|gegevens|"
    r"gebruik|dienst|recht|aansprak|oplysning|bruger|bruker|användar|uppgift|villkor|"
    r"vilkår|tieto|käyttäj|palvelu|dan(?:e|ych)|użytkown|serwis|praw|umow|údaj|"
    r"uživatel|užívateľ|služb|práv|smlouv|adat|felhasznál|szolgáltat|jog|utilizator|"
    r"drept|podat|korisni|uslug|prav|veri|kullanıcı|hizmet|hak|данн|пользов|услуг|прав|"
    r"сайт|дан|корист|послуг|потребител|δεδομέν|χρήστ|υπηρεσί|δικαίωμ|بيانات|مستخدم|"
    r"خدم|حقوق|داده|کاربر|נתונ|מידע|משתמש|שירות|זכות|डेटा|उपयोग|सेवा|pengguna|layanan|"
    r"dữ liệu|người dùng|dịch vụ|ข้อมูล|ผู้ใช้|บริการ|信息|資訊|個資|用户|使用者|服务|"
    r"服務|权|情報|利用|当社|サービス|정보|이용|서비스|회원"
)

#: Headlines of log-in and registration pages; one is the whole headline, or opens it.
LOG_IN: Final = (
    r"(?:please )?(?:log|sign)[- ]?in|register|registration|(?:log|sign)[- ]?in (?:or|"
    r"/|and) (?:register|sign[- ]?up|create (?:an? )?account)|sign up|create (?:an?|"
    r"your) (?:free )?account|(?:log|sign) in to (?:your|continue)|anmelden|anmeldung|"
    r"einloggen|login|registrier(?:en|ung)|konto (?:erstellen|anlegen)|"
    r"(?:se )?connecter|connexion|se connecter|(?:créer un|créez votre) compte|"
    r"inscription|connectez-vous|inici(?:ar|a|e) sesión|acceder|regístr\w+|"
    r"crear (?:una )?cuenta|entrar|iniciar sessão|faça (?:seu )?login|"
    r"criar (?:uma )?conta|cadastr\w+|accedi|accesso|registrati|inloggen|aanmelden|"
    r"registreren|log ind|opret (?:konto|bruger)|logg inn|logga in|skapa konto|"
    r"kirjaudu(?: sisään)?|rekisteröidy|luo tili|zaloguj(?: się)?|logowanie|"
    r"zarejestruj się|přihlášení|přihlásit se|registrace|prihlásenie|prihlásiť sa|"
    r"bejelentkezés|regisztráció|autentificare|conectare|prijava|prijavi se|"
    r"giriş(?: yap)?|üye ol|kayıt ol|вход|войти|регистрация|вхід|увійти|реєстрація|"
    r"σύνδεση|εγγραφή|تسجيل الدخول|إنشاء حساب|ورود|ثبت ?نام|התחברות|הרשמה|लॉग ?इन|"
    r"masuk|daftar|đăng nhập|đăng ký|เข้าสู่ระบบ|สมัครสมาชิก|登录|登入|登錄|注册|註冊|"
    r"ログイン|会員登録|新規登録|로그인|회원\s?가입"
)

#: What such a page speaks of.
ACCOUNT: Final = (
    r"account|password|e-?mail|log ?in|sign (?:in|up)|regist|subscri|member|konto|"
    r"passwor|anmeld|registr|abo\b|abonn|kundennummer|compte|mot de passe|inscri|"
    r"identifi|connect|cuenta|contraseña|correo|suscri|conta\b|senha|palavra-passe|"
    r"assin|iscri|abbon|wachtwoord|inlog|adgangskode|lösenord|salasana|tili|hasł|kont|"
    r"účet|hesl|fiók|jelsz|cont\b|parol|račun|lozink|hesap|şifre|üye|аккаунт|парол|"
    r"регистр|подпис|акаунт|обліков|реєстр|λογαριασμ|κωδικ|εγγραφ|حساب|كلمة المرور|"
    r"رمز عبور|חשבון|סיסמ|खाता|पासवर्ड|akun|kata sandi|tài khoản|mật khẩu|บัญชี|"
    r"รหัสผ่าน|账户|帐号|帳號|密码|密碼|会员|會員|アカウント|パスワード|会員|계정|"
    r"비밀번호|회원"
)

#: Headlines of pages that want to see a human being.
BOT_CHECK: Final = (
    r"just a moment|attention required|access (?:to this page )?(?:has been )?denied|"
    r"pardon our interruption|one more step|checking your browser|please wait|"
    r"are you (?:a )?(?:robot|human)|(?:please )?(?:verify|"
    r"confirm)(?:ing)?(?: that)? you(?:'re| are)(?: not)?(?: a)? (?:human|robot)|"
    r"(?:human|security|bot) (?:check|verification)|(?:we(?:'ve|"
    r" have) detected )?unusual (?:traffic|activity)|sicherheits(?:prüfung|überprüfung|"
    r"check)|zugriff verweigert|sind sie ein (?:mensch|roboter)|einen moment|"
    r"nur einen moment|vérification de (?:sécurité|votre navigateur)|accès refusé|"
    r"êtes-vous un (?:robot|humain)|un instant|verificación de seguridad|"
    r"acceso denegado|¿?eres (?:un )?(?:humano|robot)|un momento|"
    r"verificação de segurança|acesso negado|um momento|controllo di sicurezza|"
    r"verifica di sicurezza|accesso negato|un attimo|beveiligingscontrole|"
    r"toegang geweigerd|adgang nægtet|ingen adgang|åtkomst nekad|pääsy estetty|"
    r"odmowa dostępu|dostęp zabroniony|weryfikacja|přístup odepřen|"
    r"hozzáférés megtagadva|acces interzis|pristup odbijen|erişim engellendi|"
    r"güvenlik (?:kontrolü|doğrulaması)|доступ (?:запрещ|ограничен)|"
    r"проверка (?:безопасности|браузера)|вы (?:не )?робот|доступ заборонен|перевірка|"
    r"έλεγχος ασφαλείας|التحقق من الأمان|تم رفض الوصول|בדיקת אבטחה|सुरक्षा जांच|"
    r"pemeriksaan keamanan|akses ditolak|kiểm tra bảo mật|ตรวจสอบความปลอดภัย|"
    r"安全(?:验证|驗證|检查)|访问(?:被拒绝|验证)|セキュリティ(?:チェック|確認)|"
    r"ロボットではありません|보안 (?:확인|검사)|접근이? 거부"
)

#: What such a page speaks of.
MACHINES: Final = (
    r"\b(?:ro?bots?|captcha|automated|unusual|human|verif|browser|javascript|cookies?|"
    r"vpn|proxy|ip[- ]address|network|ray id|reference (?:id|number)|incident|blocked|"
    r"request|security|traffic|plug-?ins?|extension|refresh|reload|support|script|"
    r"roboter|mensch|automatisiert|ungewöhnlich|netzwerk|anfrage|sicherheit|gesperrt|"
    r"navigateur|robot|automatisé|inhabituel|humain|réseau|requête|bloqu|navegador|"
    r"automatiz|inusual|humano|red\b|solicitud|rede\b|requisi[çt]|automatizzat|insolit|"
    r"umano|rete\b|richiest|mens\b|netwerk|verzoek|geblokkeerd|menneske|människa|"
    r"nätverk|ihminen|verkko|człowiek|przegląd|sieć|žádost|člověk|prohlíž|böngész|"
    r"ember|hálózat|insan|tarayıcı|ağ\b|робот|браузер|сет[иь]|запрос|человек|людин|"
    r"мереж|запит|άνθρωπ|περιηγητ|δίκτυ)|روبوت|متصفح|شبكة|طلب|רובוט|דפדפן|रोबोट|"
    r"ब्राउज़र|peramban|trình duyệt|người máy|เบราว์เซอร์|机器人|浏览器|网络|验证|"
    r"ロボット|ブラウザ|ネットワーク|로봇|브라우저|네트워크"
)

#: Labels of social networks' own pages; each is a whole line.
NETWORK_LABELS: Final = (
    "don’t miss what’s happening|people on x are the first to know.|new to x?|"
    "sign up now to get your own personalized timeline!|relevant people|see new posts|"
    "something went wrong. try reloading.|who to follow|sourced from across x|"
    "read replies|ads info|sign up with apple|sign up with google|"
    "nicht verpassen, was gerade passiert|verpasse nicht, was gerade passiert|"
    "leute auf x erfahren es als erste.|neu bei x?|relevante personen|wem folgen?|"
    "ne manquez pas ce qui se passe|les utilisateurs de x sont les premiers à savoir.|"
    "nouveau sur x ?|personnes pertinentes|no te pierdas lo que está pasando|"
    "los usuarios de x son los primeros en enterarse.|¿nuevo en x?|"
    "personas relevantes|não perca o que está acontecendo|"
    "as pessoas no x são as primeiras a saber.|novo no x?|pessoas relevantes|"
    "non perderti quello che sta accadendo|persone rilevanti|nuovo su x?|"
    "関連性の高いアカウント|いまどうしてる？|трендовые темы|новичок в x?|"
    "актуальные люди|ilgili kişiler|x’te yeni misin?|relevante mensen|"
    "log into facebook|see more on facebook|forgot account?|people also follow|"
    "more posts you may like"
)

#: What buttons say beside the words of agreement.
UNDERSTOOD: Final = (
    r"^(?:ok|okay|continue|weiter|continuer|continuar|continua|verder)\b|got it|"
    r"i understand|einverstanden|verstanden|"
    r"d'accord|d’accord|j['’]ai compris|de acuerdo|entendido|"
    r"ho capito|concordo|begrepen|akkoord|forstået|forstår|jag förstår|"
    r"ymmärrän|rozumiem|zgadzam|souhlas|súhlas|rozumím|értem|rendben|sunt de acord|"
    r"am înțeles|slažem|razumem|razumijem|strinjam|anladım|tamam|согла[сш]|понятно|"
    r"погодж|зрозуміло|съгла[сш]|разбрах|συμφων|κατάλαβα|حسنا|متابعة|باشه|מסכים|הבנתי|"
    r"ठीक है|saya mengerti|tôi hiểu|รับทราบ|ตกลง|知道了|确定|確定|わかりました|了承|확인"
)

#: Parts of hosts and paths that belong to consent platforms.
CONSENT_PLACES: Final = (
    "consent|cmp|tcf|privacygate|privacy-gate|myprivacy|cookiewall|cookie-wall|"
    "consentwall|consent-wall|consent-management|collectconsent|privacywall"
)
