"""Hold the names of months, weekdays and days that papers print and CLDR lacks, by language.

Slavic, Baltic, Finnic and Turkic papers inflect months ("u svibnju", "maijā"), and CLDR has only
the form for full dates.
"""

from collections.abc import Iterator

_MONTHS = {
    # twelve names in order; "-" stands for a name that CLDR has
    "hr": "siječnju veljači ožujku travnju svibnju lipnju srpnju kolovozu rujnu listopadu studenome prosincu, "
    "- - - - - - - - - - studenom -",
    "sr": "januaru februaru martu aprilu maju junu julu avgustu septembru oktobru novembru decembru, "
    "јануару фебруару марту априлу мају јуну јулу августу септембру октобру новембру децембру, "
    "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra, "
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "bs": "januaru februaru martu aprilu maju junu julu augustu septembru oktobru novembru decembru, "
    "januara februara marta aprila maja juna jula augusta septembra oktobra novembra decembra",
    "sl": "januarju februarju marcu aprilu maju juniju juliju avgustu septembru oktobru novembru decembru, "
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "pl": "styczniu lutym marcu kwietniu maju czerwcu lipcu sierpniu wrześniu październiku listopadzie grudniu",
    "cs": "lednu únoru březnu dubnu květnu červnu červenci srpnu - říjnu - prosinci",
    "sk": "januári februári marci apríli máji júni júli auguste septembri októbri novembri decembri",
    "ru": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "uk": "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
    "be": "студзені лютым сакавіку красавіку маі чэрвені ліпені жніўні верасні кастрычніку лістападзе снежні",
    "fi": "tammikuussa helmikuussa maaliskuussa huhtikuussa toukokuussa kesäkuussa heinäkuussa elokuussa syyskuussa "
    "lokakuussa marraskuussa joulukuussa",
    "et": "jaanuaris veebruaris märtsis aprillis mais juunis juulis augustis septembris oktoobris novembris detsembris",
    "lv": "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "lt": "sausį vasarį kovą balandį gegužę birželį liepą rugpjūtį rugsėjį spalį lapkritį gruodį",
    "hu": "januárban februárban márciusban áprilisban májusban júniusban júliusban augusztusban szeptemberben "
    "októberben novemberben decemberben",
    "tr": "ocakta şubatta martta nisanda mayısta haziranda temmuzda ağustosta eylülde ekimde kasımda aralıkta",
    "ka": "იანვარს თებერვალს მარტს აპრილს მაისს ივნისს ივლისს აგვისტოს სექტემბერს ოქტომბერს ნოემბერს დეკემბერს, "
    "იანვრის თებერვლის მარტის აპრილის მაისის ივნისის ივლისის აგვისტოს სექტემბრის ოქტომბრის ნოემბრის დეკემბრის",
    "hy": "հնվ փտր մրտ ապր մյս հնս հլս օգս սպտ հկտ նյմ դկտ, հունվար փետրվար մարտ ապրիլ մայիս հունիս հուլիս օգոստոս "
    "սեպտեմբեր հոկտեմբեր նոյեմբեր դեկտեմբեր",
    "tg": "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри",
    "ne": "- फेब्रुवरी मार्च अप्रिल मई जुन जुलाई अगष्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर, "
    "- फेब्रअरी - अप्रेल - - जुलाइ अगस्त सेप्टेम्वर अक्टुबर नोभेम्वर डिसेम्वर",
    "hi": "- फ़रवरी - - - - - - सितंबर अक्टूबर नवम्बर दिसंबर, - फरवरी - - - - - - - - नवंबर -, - फेब्रुवरी - - - - - - - - - -",
    "mr": "- - - - - - - - - ऑक्टोंबर नोव्हेंबर -, - - - - - - - - सप्टेंबर - - डिसेंबर",
    "el": "- - - - μαΐου ιουνίου ιουλίου - σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου, "
    "ιανουάριο φεβρουάριο μάρτιο απρίλιο μάιο ιούνιο ιούλιο αύγουστο σεπτέμβριο οκτώβριο νοέμβριο δεκέμβριο",
    "eu": "urtarrilean otsailean martxoan apirilean maiatzean ekainean uztailean abuztuan irailean urrian azaroan "
    "abenduan, urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren "
    "urriaren azaroaren abenduaren",
    "ky": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры",
    "fo": "januar februar mars apríl mai juni juli august september oktober november desember",
}  # fmt: skip
_WEEKDAYS = {
    # seven names in order from Monday
    "lt": "pir ant tre ket pen šeš sek",
    "no": "- - - - - - sundag",
    "fo": "mánadag týsdag mikudag hósdag fríggjadag leygardag sunnudag",
    "hr": "- - - - - - nedjelju, ponedjeljka utorka srijede četvrtka petka subote nedjelje",
    "pl": "- - środę - - sobotę niedzielę",
    "ru": "- - среду - пятницу субботу -",
    "uk": "- - середу - пʼятницю суботу неділю",
    "cs": "- - středu - - sobotu neděli",
    "sk": "- - stredu - - sobotu nedeľu",
    "fi": "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
    "et": "esmaspäeval teisipäeval kolmapäeval neljapäeval reedel laupäeval pühapäeval",
    "hu": "hétfőn kedden szerdán csütörtökön pénteken szombaton vasárnap",
    "lv": "pirmdien otrdien trešdien ceturtdien piektdien sestdien svētdien",
    "mn": "даваа мягмар лхагва пүрэв баасан бямба ням",
}
_DAYS = {
    # yesterday, today, tomorrow
    "fy": "juster, hjoed, -", "tg": "дирӯз, имрӯз, фардо", "az": "dünən, bu gün, sabah", "kk": "кеше, бүгін, ертең",
    "ky": "кечээ, бүгүн, эртең", "is": "í gær, í dag, á morgun", "mt": "ilbieraħ, illum, għada",
    "pa": "ਕੱਲ੍ਹ, ਅੱਜ, -", "te": "నిన్న, నేడు, రేపు", "sr": "juče, danas, sutra", "fil": "kahapon, ngayon, bukas",
    "eo": "hieraŭ, hodiaŭ, morgaŭ", "uz": "kecha, bugun, ertaga", "mn": "өчигдөр, өнөөдөр, маргааш",
    "ka": "გუშინ, დღეს, ხვალ", "nds": "güstern, vundaag, -", "eu": "atzo, gaur, bihar", "gl": "onte, hoxe, mañá",
    "ta": "நேற்று, இன்று, நாளை", "ml": "ഇന്നലെ, ഇന്ന്, നാളെ", "kn": "ನಿನ್ನೆ, ಇಂದು, ನಾಳೆ", "gu": "ગઈકાલે, આજે, -",
    "bn": "গতকাল, আজ, আগামীকাল", "ur": "گزشتہ روز, آج, -", "mr": "काल, आज, उद्या", "so": "shalay, maanta, berri",
    "ro": "-, astăzi, -", "ha": "jiya, yau, gobe", "yo": "àná, òní, ọ̀la", "ps": "پرون, نن, سبا", "ku": "duh, îro, sibe",
}  # fmt: skip
_SMALL = {
    # words beside a date ("on"), by language
    "nl": "op", "af": "op", "fy": "op", "nds": "op", "pl": "dnia w dniu w", "cs": "dne v", "sk": "dňa v", "sl": "dne v",
    "hr": "dana u", "sr": "dana u дана у", "bs": "dana u", "ro": "data de la data de în", "sq": "më datë",
    "ga": "ar an", "cy": "ar y", "id": "pada", "ms": "pada", "vi": "vào vào ngày", "sw": "tarehe", "mk": "на",
    "is": "þann", "fo": "tann hin", "ar": "يوم بتاريخ", "fa": "روز مورخ در", "ur": "مورخہ کو", "hi": "को दिनांक",
    "bn": "তারিখ", "ta": "அன்று", "lb": "den", "eu": "ko", "gl": "o", "da": "den d", "mt": "fil", "et": "kuupäeval",
    "ka": "წლის წელს", "mn": "оны", "tg": "соли", "kk": "жылғы ж", "hy": "թ է", "lt": "m d", "lv": "gada g",
    "uk": "у в від р", "ru": "в", "be": "у ў г", "bg": "през на", "el": "στις την τη",
}  # fmt: skip
_CLOCK = {
    # words before a time
    "lv": "pulksten plkst", "ur": "بوقت", "fy": "om", "uz": "soat", "tg": "соати соат", "az": "saat", "kk": "сағат",
    "ky": "саат", "mn": "цаг", "ga": "ag", "gd": "aig", "is": "klukkan kl", "fo": "klokkan kl", "sl": "ob", "hr": "u",
    "sw": "saa", "ps": "په", "id": "pukul jam", "ms": "pukul jam", "lb": "um", "sq": "në orën ora", "mt": "fil",
    "mk": "во", "eu": "etan",
}  # fmt: skip
_HOURS = {
    # words behind an hour or a time
    "hu": "kor órakor", "eu": "etan ean etako", "mr": "वाजता वा", "hi": "बजे", "ne": "बजे", "lt": "val", "lv": "stundā",
    "mk": "часот часа", "bg": "часа ч", "fy": "oere", "lb": "auer", "af": "uur", "uz": "da", "kk": "де",
    "az": "də", "hr": "sati h", "sr": "sati časova часова ч", "sl": "uri ure", "pl": "godzinie", "cs": "hodin",
    "sk": "hodín", "mn": "цагт цаг", "ka": "საათზე", "hy": "ին", "el": "ώρα", "be": "гадзін гадзіны", "bn": "টায় মিনিটে",
    "ur": "بجے", "pa": "ਵਜੇ", "gu": "વાગ્યે", "ml": "മണിക്ക് നു ന്", "ta": "மணிக்கு மணி", "te": "గంటలకు", "kn": "ಗಂಟೆಗೆ",
}  # fmt: skip


def names_of(language: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield the names of a language that CLDR lacks, each with its kind and its number."""
    for kind, table in (("month", _MONTHS), ("weekday", _WEEKDAYS)):
        for row in table.get(language, "").split(","):
            for place, name in enumerate(row.split()):
                if name != "-":
                    yield name, (kind, place + (kind == "month"))
    for place, name in enumerate(_DAYS.get(language, "").split(", ")):
        if name not in ("", "-"):
            yield name, ("relative_day", place - 1)
    for kind, words in (("filler", _SMALL), ("at", _CLOCK), ("hour", _HOURS)):
        for name in words.get(language, "").split():
            yield name, (kind, 0)


NAME_LANGUAGES = frozenset(
    language for table in (_MONTHS, _WEEKDAYS, _DAYS, _SMALL, _CLOCK, _HOURS) for language in table
)
"""The languages of the tables."""
