"""Words of dates that the tables of CLDR and dateparser lack, by what they say."""

import re

# Not in CLDR's patterns: words before a time, behind an hour, beside a date
AT_WORDS = """at um om à a às las les alle ore ora a_la a_las a_les saat sat kl klo klockan kell plkst pukul jam lúc o
    ob u v ve в во у о об час στις ώρα बजे টায় 时间 時間 ساعت الساعة في على על ב בשעה שעה เวลา ժամը gada kello
    klokken orë ne në"""
HOUR_WORDS = """h hr hrs hora horas heure heures uur uhr ur óra órakor ora tim godz godzina hod ura hodin год ч час часа
    часов בשעה น 時 时 點 点 시 bằng giờ o_clock baje बजे টা"""
MINUTE_WORDS = "min mins minute minutes minuten мин хв 分 분 phút"
SECOND_WORDS = "sec seconds s sek сек 秒 초"
FILLERS = """号 號 of the on de del du do da di d den der dem le el la los il lo em en no na van von vom of_the al l i a
    od dne den z ze från på pe la den ngày năm พ.ศ ค.ศ ที่ วันที่ เดือน tanggal tarihinde rok roku año ano anno
    anul jaar jahr års år az év της του τις от на з за dated г года год рік року р г_в year y hari día dia
    jour dag tag giorno den dzień день t o"""
NOON_WORDS = (
    "noon midday mittags middag mediodía midi mezzogiorno meio_dia południe podne poledne полдень полудня dél öğlen "
    "正午"
)
MIDNIGHT_WORDS = (
    "midnight mitternacht middernacht medianoche minuit mezzanotte meia_noite północ ponoć půlnoc полночь midnatt "
    "gece_yarısı 零时"
)
SPANS = {
    "晚": 1824,
    "晩": 1824,
    "晚上": 1824,
    "夜": 1824,
    "午前": 12,
    "午後": 1224,
    "早": 412,
    "早上": 412,
    "下午": 1224,
    "上午": 12,
    "凌晨": 6,
}
YEAR_WORDS = (
    "year année an année año ano anno anul rok roku jaar jahr år ár év leto годы год года г рік року 年 년 năm ปี साल "
    "साल سنة عام שנת tahun"
)
ERA_WORDS = "ad a_d ce c_e bc b_c bce b_c_e ac a_c dc d_c nc n_c n_chr v_chr n_u_z v_u_z n_j_c ap_j_c"
ABOUT_WORDS = """mid circa ca c about around approx approximately early late end beginning start begin mitte anfang ende
    eind half medio mi début fin inicios principios mediados finales inizio metà fine około połowa około
    начало середина конец около примерно ungefär omkring noin cirka"""
SEASONS = {
    21: """spring lente frühling frühjahr printemps primavera wiosna весна våren
    vår forår kevät ilkbahar bahar jaro tavasz primăvară 春 春季""",
    22: """summer zomer sommer été verano estate verão lato лето sommaren sommar
    kesä yaz léto nyár vară 夏 夏季""",
    23: """autumn fall herfst herbst automne otoño autunno outono jesień осень
    hösten höst efterår høst syksy sonbahar podzim ősz toamnă 秋 秋季""",
    24: "winter hiver invierno inverno zima зима vintern vinter talvi kış tél iarnă 冬 冬季",
}
PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_COUNTED = """issue issues iss vol volume no nos nr nrs num number numbers numero numeros nummer edition edicion
    edicao edizione ausgabe heft episode chapter page version price isbn issn tel phone номер выпуск № # 期 第"""
COUNTED = frozenset(_COUNTED.split())
"""Words that say that a number beside them is not a day. Folded, like all tables below."""
_BINDING = """n ep chapitre kapitel capitulo capitolo pages pag pagina pp p s seite sivu side strona str tome teil
    part partie parte deel band bd jg jahrgang jaargang argang arg annata rocnik zeszyt cislo broj sayi cilt szam
    nomor edisi lot tom tomo round runde ronde ronda week woche semaine semana settimana uke vecka uge tydzien
    season series top level lesson psalm verse section sec article artikel rev release build v ver so hal αρ τευχος
    вып ip rs eur usd inr gbp chf pln nok sek dkk kr zl euro euros matchday spieltag giornata journee jornada covid
    group row room gate channel formula apollo windows iphone том часть стр страница 호 제 عدد العدد صفحة شماره صفحه
    גיליון अंक সংখ্যা ฉบับที่"""
BINDING = COUNTED | frozenset(_BINDING.split())
"""Words that count the number right behind them: issues, pages, rounds, prices."""
_LABEL_ROOTS = """publi pubbl veroffentlich erschien aktualisier aktualiz actuali atualiza aggiorna update upd
    posted post poste erstell creat modif edited correct written issued dated released uploaded submitted accepted
    received datum data date fecha stand gepubliceerd bijgewerkt geplaatst gewijzigd mis_a_jour paru parue modifie
    inserito pubblicat scritto uppdater oppdater opdater publiser skrevet geandert giris megjelent nhat avaldatud
    gepubliseer inilathala imechapishwa paskelb azurir yayiml հրապարակ გამოქვეყნ жариялан објав النشر اشاعت வெளியிட
    ప్రచురి પ્રકાશિત objav opubl zverejn vydan dodan wydan zamieszcz zaktualiz julkais paivit kozze frissit yayin
    guncel tarih terbit diterbit dipubli diperbarui ditulis tayang dang cap_nhat postuar опублик обновл создан
    размещ добавл изменен публик оновл оприлюдн дата نشر تاريخ تحديث انتشار به_روز פורסם עודכן תאריך प्रकाशित अपडेट
    প্রকাশ আপডেট হালনাগাদ δημοσιευ ενημερω udgiv opdatert offentliggj offentlig julkais опублік оновл апублік
    абноул обнов објав објављ ажурир objavlj posodob ανανεω αναρτη foilsi nuashon cyhoedd diweddar postiwyd botua
    perditesua atjauno pievieno ievietot atnaujin paskelb ikelt uuenda lisatud megjelen letrehoz modosit eklen argitara
    eguneratu birt uppfaer sett_inn dagfor lagt ippubblik aggornat opgedateer publisearre bywurke diunggah dikemas
    xuat_ban ngay_dang gamoqveyn განახლ թարմաց derc yenilen жария жанарт жарыял chop_et yangilan joylan нашр нийтэл
    шинэчл अद्यतन புதுப்பி నవీకరి ಪ್ರಕಟ പ്രസിദ്ധ ਪ੍ਰਕਾਸ਼ਿਤ منتشر اخر foilseach gepost geupdate
    verschen online veroeff publisert publicer anderung uppfær
    dagfør đang izmjen izmen dərc olun kini شايع"""
LABEL_ROOTS = tuple(root.replace("_", " ") for root in _LABEL_ROOTS.split())
"""Beginnings of words that stand before a date without a mark: "Published 12 March". Other words
there may count what follows.
"""
_COUNT_WORDS = """comment comments view views like likes share shares word words reply replies read reads min mins
    minute minutes answer answers vote votes"""
COUNT_WORDS = frozenset(_COUNT_WORDS.split())
"""Words for what the bare number before them counts."""
_OTHER_DAYS = {
    "": """until till before after since starting ending expires expire expired expiry deadline born died valid
        geboren gestorben gultig ablauf fino entro scade scadenza nato nata morto morta scadono vanaf sinds
        overleden geldig verloopt jusqu avant apres depuis hasta antes despues caduca nacido nacida validade nascido
        nascida vencimento vence перед истекает родился родилась умер действителен після народився urodzony urodzona
        zmarl wazne przed narozen narozena indtil mennessa saakka syntynyt itibaren dogum sampai hingga sebelum
        setelah sejak lahir berlaku まで 以降 から 締切 期限 生まれ 截止 截至 之前 之后 之後 以前 以后 以後 到期
        有效期 出生 生于 까지 부터 이전 이후 마감 출생 حتى قبل منذ ولد متولد נולד जन्म""",
    "en": "from by b d",
    "de": "bis nach seit ab vor frist bis_zum",
    "nl": "tot voor na sedert m",
    "it": "dopo prima dal",
    "fr": "ne nee mort morte des expire",
    "es": "desde",
    "pt": "ate apos desde",
    "ru": "до после с",
    "uk": "до від з",
    "be": "да",
    "bg": "до след",
    "pl": "do od",
    "cs": "do od",
    "sk": "do od",
    "sl": "do od",
    "hr": "do od",
    "sr": "do od до од",
    "bs": "do od",
    "sv": "till fore efter fodd dod",
    "da": "til efter fodt dod",
    "no": "til etter fodt dod",
    "fi": "asti ennen jalkeen",
    "tr": "kadar once sonra",
    "vi": "truoc sau den tu",
    "id": "s dari",
    "ar": "بعد",
    "fa": "تا بعد",
    "he": "עד לפני אחרי",
    "hi": "तक पहले बाद",
}
OTHER_DAYS = {
    language: frozenset(word.replace("_", " ") for word in words.split()) for language, words in _OTHER_DAYS.items()
}
"""Words that say that a date is not that of publication but a deadline, a birth or a death.

By language, where the word must stand next to the date. Those under "" count anywhere and in any
language.
"""
NOT_RELATIVE = frozenset({"manha", "manhan"})
"""In Cape Verdean "tomorrow", in Portuguese "morning"."""
_NOT_GREGORIAN = "መስከረም ጥቅምት ኅዳር ህዳር ታኅሣሥ ታህሳስ ታኅሳስ ጥር የካቲት መጋቢት ሚያዝያ ሚያዚያ ግንቦት ሰኔ ሐምሌ ሀምሌ ነሐሴ ነሀሴ ጳጉሜ ጳጉሜን"
NOT_GREGORIAN = frozenset(_NOT_GREGORIAN.split())
"""Months of Ethiopia's calendar, each of which lies in two months of the common calendar."""
_COMPARATIVES = """least most up some half halb halbe halve demi media mezza meia over almost nearly less more than
    under within fast knapp uber mehr als meer dan bijna ruim plus moins presque mas menos casi mais quase oltre
    quasi piu meno ponad prawie более почти менее больше"""
COMPARATIVES = frozenset(_COMPARATIVES.split())
"""Words that make a distance inexact: "over 2 years ago"."""
_ERAS_BEHIND_A_YEAR = r"a\.?h|b\.?c(?:\.?e)?|b\.?e|b\.?s|v\. ?chr|v\. ?u\. ?z|av\.? ?j\.?-? ?c|a\. ?c|до н|ه"
_ERAS_BEFORE_A_YEAR = r"b\.e|b\.s|a\.h"
_ERA_WORDS = r"hijr|hegir|hicri|saka\b|samvat|lunar|am lich|anno mundi|vikram|هجري|قمري|شمسي|संवत|शक |বঙ্গাব্দ"
_ERAS_UNSPACED = (
    "[农農]历|[农農陰]曆|农曆|[阴陰旧]历|舊曆|[旧陰]暦|음력|단기|檀紀|檀君|皇紀|紀元前|公元前|前[0-9]+年|기원전"
    "|正月|腊月|臘月|冬月|闰|閏|廿|初[一二三四五六七八九十]"
)
OTHER_ERA = re.compile(
    rf"(?<=[0-9]) ?(?:{_ERAS_BEHIND_A_YEAR})(?![^\W\d_])|\b(?:{_ERAS_BEFORE_A_YEAR})\.? ?(?=[0-9])"
    rf"|\b(?:{_ERA_WORDS})|{_ERAS_UNSPACED}"
)
"""In folded text: words for a year of another era, or for a month of another calendar."""
_JUST_NOW = """just now, right now, moments ago, a moment ago, zojuist, zonet, gerade eben, soeben, à l'instant,
    hace un momento, ahora mismo, agora mesmo, proprio ora, только что, щойно, przed chwilą, şimdi, az önce, nyss,
    刚刚, 剛剛, たった今, 방금"""
_HALF_HOURS = {
    30: """half an hour ago, half hour ago, a half hour ago, een half uur geleden, half uur geleden, 'n halfuur gelede,
    vor einer halben stunde, il y a une demi-heure, hace media hora, há meia hora, fa mitja hora, hai media hora,
    mezz'ora fa, una mezz'ora fa, acum o jumătate de oră, acum jumătate de oră, for en halv time siden,
    for en halvtime siden, för en halvtimme sedan, puoli tuntia sitten, pool tundi tagasi, fyrir hálftíma,
    pół godziny temu, před půl hodinou, pred pol hodinou, pred pol ure, prije pola sata, pre pola sata, пре пола сата,
    полчаса назад, півгодини тому, паўгадзіны таму, преди половин час, пред половина час, πριν από μισή ώρα,
    πριν μισή ώρα, yarım saat önce, fél órája, fél órával ezelőtt, prieš pusvalandį, pirms pusstundas,
    setengah jam yang lalu, setengah jam lalu, nửa giờ trước, nửa tiếng trước, قبل نصف ساعة, منذ نصف ساعة,
    نیم ساعت پیش, לפני חצי שעה, आधा घंटा पहले, आधे घंटे पहले, 半小时前, 半小時前, 半个小时前, 半個小時前,
    半時間前, 반시간 전, duela ordu erdi""",
    90: """an hour and a half ago, one and a half hours ago, anderhalf uur geleden, vor anderthalb stunden,
    vor eineinhalb stunden, il y a une heure et demie, hace una hora y media, há uma hora e meia, un'ora e mezza fa,
    полтора часа назад, півтори години тому, półtorej godziny temu, før halvanden time siden,
    for halvanden time siden, för en och en halv timme sedan, puolitoista tuntia sitten, másfél órája,
    bir buçuk saat önce, 一个半小时前, 一個半小時前""",
}
HALF_HOURS = {
    minutes: tuple(phrase.strip() for phrase in phrases.split(",")) for minutes, phrases in _HALF_HOURS.items()
}
"""Distances of half an hour and of an hour and a half, by minutes."""
JUST_NOW = tuple(phrase.strip() for phrase in _JUST_NOW.split(","))
MORE_NAMES: dict[str, dict[str, str]] = {
    # names and spellings in papers that the tables lack, by language: name -> sense and number
    "en": {"sept": "month 9", "tues": "weekday 1", "thur": "weekday 3", "thurs": "weekday 3", "weds": "weekday 2"},
    "cy": {"am": "at 0"},
    "de": {"jänner": "month 1", "jän": "month 1", "feber": "month 2", "sonnabend": "weekday 5", "am": "filler 0",
        "märz": "month 3"},
    "nl": {
        "mrt": "month 3", "maa": "month 3", "sept": "month 9"},
    "es": {"setiembre": "month 9", "set": "month 9", "sept": "month 9", "ene": "month 1"},
    "pt": {"setembro": "month 9", "fev": "month 2"},
    "fr": {"sept": "month 9", "jui": "month 7", "fevr": "month 2"},
    "it": {"sett": "month 9", "genn": "month 1", "febbr": "month 2"},
    "ru": {"сент": "month 9", "мая": "month 5", "пятн": "weekday 4"},
    "hi": {
        "सितम्बर": "month 9", "दिसम्बर": "month 12", "अक्तूबर": "month 10", "पूर्वाह्न": "am 0", "अपराह्न": "pm 0"},
    "bn": {"পূর্বাহ্ণ": "am 0", "অপরাহ্ণ": "pm 0", "সাল": "filler 0", "সালে": "filler 0"},
    "th": {"น": "hour 0"},
    "id": {"agu": "month 8", "pebruari": "month 2", "nopember": "month 11"},
    "vi": {"thang": "month_unit_before 0"},
    "mn": {"сарын": "month_unit 0"},
}  # fmt: skip

_ENDINGS = """st nd rd th er ere eme e re ste de o a os as te en ten ai an ad fed ydd eg ain ko na η ης ος го е я й ое
    ти ий ша ші ма লা রা ঠা ই শে বা वीं वां ला रा ji dra ban ben jan jen i in un sin si di hb вер ни ρι tr"""
ORDINAL_ENDINGS = frozenset(_ENDINGS.split())
"""Endings behind a day of the month: 1st, 1er, 1º, 2nd, 3e, 25শে, 20-án."""
