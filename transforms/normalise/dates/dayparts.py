"""Name the parts of the day that CLDR lacks, and find the hour that a part of the day means.

CLDR has "'s avonds" and "de la tarde" with their hours. It lacks the words that also name a day
("tonight"), inflected forms, and forms of papers. A part is a number: 1824 is 18 to 24 o'clock.
"""

from collections.abc import Iterable, Iterator

MORNING, FORENOON, AFTERNOON, EVENING, NIGHT, EARLY = 412, 612, 1218, 1824, 2104, 6
LATE = 1724
"""The evening of words such as \"tonight\", beside which no other hour is read."""

_SLACK_HOURS = 2
"""People stretch the parts: Spanish "8 de la tarde" is 20 o'clock, where CLDR's part ends."""
_LAST_HOUR_OF_NIGHT = 8
"""A part that ends earlier is a night. "12 at night" may be the midnight of either day."""


def hour_in_part(hour: int, parts: Iterable[int], is_sure: bool, is_exact: bool = False) -> int | None:
    """Return the hour (0 to 23) that ``hour`` (0 to 12) means in a part of the day, or None.

    ``parts`` are all parts that the word may mean. ``is_sure`` says that 12 at night is the hour 0
    of its day, as CLDR prints "12:30" of a part with that hour, and as in Chinese 凌晨12点.
    ``is_exact`` allows no hour just outside the part.

    >>> hour_in_part(7, [1824], False), hour_in_part(8, [1220], False), hour_in_part(7, [6], False)
    (19, 20, None)
    """
    spans = [divmod(part, 100) for part in parts]
    for slack in (0,) if is_exact else (0, _SLACK_HOURS):
        found = {
            at
            for at in (hour % 12, hour % 12 + 12)
            if any(_is_within(at, since, until, slack) for since, until in spans)
        }
        if len(found) == 1:
            at = found.pop()
            is_early = any(since == 0 and until > _LAST_HOUR_OF_NIGHT for since, until in spans)
            return at if at or is_early or (is_sure and not slack) else None
        if found:
            return None
    return None


def _is_within(hour: int, since: int, until: int, slack: int) -> bool:
    """Tell whether an hour lies in a part, or at most ``slack`` hours outside.

    A part that begins at noon does not stretch into the morning.
    """
    before = 0 if since == 12 else slack
    return (hour - since + before) % 24 < (until - since) % 24 + before + slack


_MORE_PARTS = {
    # words that name a part of the day alone
    MORNING: {
        "el": "το πρωί, πρωινές", "hi": "सवेरे, प्रातः", "mr": "सकाळी, पहाटे", "lt": "ryto, rytą, ryte",
        "lv": "rītā, no rīta", "ka": "დილის", "uz": "ertalabki, tong", "tg": "субҳ, саҳар", "fo": "um morgunin",
        "fy": "moarns, fan 'e moarn", "eu": "goizean", "sv": "morgonen", "cs": "ráno", "bg": "сутринта",
        "ro": "dimineața, dimineaţa", "hr": "ujutro, ujutru", "sr": "ujutru, ujutro, изјутра", "ml": "രാവിലെ",
        "ta": "காலை", "bn": "সকালে, ভোরে", "gu": "સવારે", "kn": "ಬೆಳಿಗ್ಗೆ, ಬೆಳಗ್ಗೆ", "te": "ఉదయం", "mn": "өглөөний",
        "kk": "таңғы, таңертең", "az": "səhər", "id": "pagi", "ms": "pagi", "uk": "ранку, вранці", "ru": "утром",
        "be": "раніцы, раніцай", "ur": "صبح", "nl": "'s morgens, ochtends", "pl": "rano", "pt": "da manhã",
        "en": "in the morning", "ca": "del matí", "gl": "da mañá", "ga": "ar maidin", "cy": "y bore",
        "is": "að morgni, morgun", "et": "hommikul", "sl": "zjutraj", "mk": "наутро", "sq": "në mëngjes",
        "fr": "au matin", "it": "del mattino, mattino", "no": "om morgenen", "da": "om morgenen",
    },
    AFTERNOON: {
        "de": "am nachmittag", "el": "το μεσημέρι", "hi": "दोपहर बाद", "mr": "दुपारी", "lt": "dienos, po pietų",
        "lv": "pēcpusdienā", "fo": "seinnapartin", "fy": "middeis", "eu": "arratsaldean, eguerdian",
        "ml": "ഉച്ച കഴിഞ്ഞ്, ഉച്ചകഴിഞ്ഞ്", "bn": "দুপুরে, বিকেলে, বিকালে, বিকেল", "gu": "બપોરે", "mn": "өдрийн",
        "fr": "de l'apres midi",
        "ru": "днем, пополудни", "uk": "пополудні", "be": "дня", "nl": "middags", "ca": "de la tarda, del migdia",
        "ga": "tráthnóna", "ro": "dupa amiaza", "hr": "poslijepodne, popodne", "sr": "popodne", "hu": "délután",
        "az": "günorta", "kk": "түстен кейін", "en": "in the afternoon", "gl": "do mediodía", "uz": "tushdan keyin",
        "no": "om ettermiddagen",
    },
    EVENING: {
        "el": "το απόγευμα", "hi": "शाम को", "mr": "सायंकाळी, संध्याकाळी", "lt": "vakaro, vakare",
        "lv": "vakarā, vakara", "ka": "საღამოს", "uz": "kechki, kechqurun", "tg": "шом, бегоҳӣ", "fo": "um kvøldið",
        "fy": "jûns", "eu": "iluntzean", "ml": "വൈകിട്ട്, വൈകീട്ട്", "bn": "সন্ধ্যায়, সন্ধ্যা", "gu": "સાંજે",
        "mn": "оройн", "ru": "вечером", "uk": "увечері, ввечері", "be": "вечара, увечары", "nl": "avonds",
        "ca": "del vespre", "cs": "večer", "pt": "da noite", "pl": "wieczorem", "en": "in the evening",
        "sr": "uveče, увече", "hr": "navečer, uvečer", "ga": "um thráthnóna", "is": "að kvöldi", "az": "axşam",
        "kk": "кешкі, кешке", "ms": "petang", "sq": "në mbrëmje", "ur": "شام", "no": "om kvelden, kvelden",
    },
    NIGHT: {
        "el": "τη νύχτα", "hi": "रात को", "mr": "रात्री", "lt": "nakties, naktį", "lv": "naktī, nakts",
        "uz": "tungi", "fo": "um náttina", "fy": "nachts", "eu": "gauean", "bn": "রাতে, রাত", "gu": "રાત્રે",
        "mn": "шөнийн", "ru": "ночью", "uk": "вночі, уночі", "be": "ночы, уначы", "nl": "nachts",
        "ca": "de la nit", "en": "at night", "is": "að nóttu", "sr": "noću, ноћу", "ga": "san oíche", "no": "om natten",
    },
    EARLY: {"ko": "새벽", "ja": "未明", "vi": "rạng sáng", "he": "לפנות בוקר"},
    2204: {"zh": "深夜", "ja": "深夜"},
    1620: {"zh": "傍晚", "ja": "夕, 夕刻"},
    1017: {"ko": "낮, 한낮"},
}  # fmt: skip

_MORE_DAYS = {
    # words that name a day and its part: the day from today, then the part
    "en": {"this morning": (0, 12), "this afternoon": (0, AFTERNOON), "this evening": (0, LATE),
           "tonight": (0, LATE), "last night": (-1, LATE), "last evening": (-1, LATE)},
    "nl": {"vanmorgen": (0, FORENOON), "vanochtend": (0, FORENOON), "vanmiddag": (0, AFTERNOON),
           "vanavond": (0, LATE), "gisterochtend": (-1, FORENOON), "gistermorgen": (-1, FORENOON),
           "gistermiddag": (-1, AFTERNOON), "gisteravond": (-1, LATE), "morgenochtend": (1, FORENOON),
           "morgenmiddag": (1, AFTERNOON), "morgenavond": (1, LATE)},
    "de": {"heute morgen": (0, MORNING), "heute früh": (0, MORNING), "gestern früh": (-1, MORNING),
           "morgen früh": (1, MORNING), "gestern morgen": (-1, MORNING)},
    "af": {"vanoggend": (0, FORENOON), "vanmiddag": (0, AFTERNOON), "vanaand": (0, LATE),
           "gisteraand": (-1, LATE)},
    "fy": {"fan 'e moarn": (0, FORENOON), "fan 'e middei": (0, AFTERNOON), "jûn": (0, LATE),
           "justerjûn": (-1, LATE)},
    "fr": {"ce matin": (0, 12), "cet après-midi": (0, AFTERNOON), "ce soir": (0, LATE),
           "hier soir": (-1, LATE), "hier matin": (-1, 12), "demain matin": (1, 12), "demain soir": (1, LATE)},
    "es": {"esta mañana": (0, 12), "esta tarde": (0, 1220), "esta noche": (0, LATE), "anoche": (-1, LATE)},
    "pt": {"esta manhã": (0, 12), "esta tarde": (0, 1219), "esta noite": (0, LATE), "ontem à noite": (-1, LATE)},
    "it": {"stamattina": (0, 12), "stamani": (0, 12), "stamane": (0, 12), "questa mattina": (0, 12),
           "oggi pomeriggio": (0, AFTERNOON), "questo pomeriggio": (0, AFTERNOON), "stasera": (0, LATE),
           "questa sera": (0, LATE), "ieri sera": (-1, LATE), "ieri mattina": (-1, 12)},
    "ca": {"aquest matí": (0, 12), "aquesta tarda": (0, 1220), "aquest vespre": (0, LATE),
           "ahir al vespre": (-1, LATE)},
    "ro": {"aseară": (-1, LATE), "diseară": (0, LATE), "azi dimineață": (0, 12)},
    "da": {"i morges": (0, MORNING), "i formiddag": (0, FORENOON), "i eftermiddag": (0, AFTERNOON),
           "i aften": (0, LATE), "i aftes": (-1, LATE), "i går aftes": (-1, LATE)},
    "no": {"i dag tidlig": (0, MORNING), "i morges": (0, MORNING), "i formiddag": (0, FORENOON),
           "i ettermiddag": (0, AFTERNOON), "i kveld": (0, LATE), "i går kveld": (-1, LATE)},
    "sv": {"i morse": (0, MORNING), "i förmiddags": (0, FORENOON), "i eftermiddag": (0, AFTERNOON),
           "i eftermiddags": (0, AFTERNOON), "i kväll": (0, LATE), "ikväll": (0, LATE),
           "i går kväll": (-1, LATE), "igår kväll": (-1, LATE)},
    "is": {"í morgun": (0, MORNING), "í kvöld": (0, LATE), "í gærkvöldi": (-1, LATE)},
    "fi": {"tänä aamuna": (0, MORNING), "tänään aamulla": (0, MORNING), "tänä iltana": (0, LATE),
           "eilen illalla": (-1, LATE)},
    "pl": {"dziś rano": (0, MORNING), "dzisiaj rano": (0, MORNING), "dziś wieczorem": (0, LATE),
           "wczoraj wieczorem": (-1, LATE)},
    "cs": {"dnes ráno": (0, MORNING), "dnes večer": (0, LATE), "včera večer": (-1, LATE)},
    "hr": {"jutros": (0, MORNING), "večeras": (0, LATE), "sinoć": (-1, LATE)},
    "sr": {"jutros": (0, MORNING), "večeras": (0, LATE), "sinoć": (-1, LATE), "јутрос": (0, MORNING),
           "вечерас": (0, LATE), "синоћ": (-1, LATE)},
    "bg": {"тази сутрин": (0, MORNING), "тази вечер": (0, LATE), "довечера": (0, LATE),
           "снощи": (-1, LATE)},
    "ru": {"сегодня утром": (0, MORNING), "сегодня вечером": (0, LATE), "вчера вечером": (-1, LATE)},
    "hu": {"ma reggel": (0, MORNING), "ma este": (0, LATE), "tegnap este": (-1, LATE)},
    "tr": {"bu sabah": (0, MORNING), "bu akşam": (0, LATE), "dün akşam": (-1, LATE)},
    "el": {"σήμερα το πρωί": (0, MORNING), "απόψε": (0, LATE), "χθες το βράδυ": (-1, LATE)},
    "eu": {"gaur goizean": (0, MORNING), "gaur arratsaldean": (0, AFTERNOON)},
    "zh": {"今早": (0, MORNING), "今晨": (0, MORNING), "今晚": (0, LATE), "昨晚": (-1, LATE),
           "明晚": (1, LATE), "明早": (1, MORNING)},
    "ja": {"今朝": (0, MORNING), "今晩": (0, LATE), "今夜": (0, LATE), "昨晩": (-1, LATE),
           "昨夜": (-1, LATE)},
    "ko": {"어젯밤": (-1, LATE), "오늘밤": (0, LATE)},
    "vi": {"sáng nay": (0, MORNING), "chiều nay": (0, AFTERNOON), "tối nay": (0, LATE), "tối qua": (-1, LATE)},
    "id": {"pagi ini": (0, MORNING), "siang ini": (0, 1015), "sore ini": (0, 1518), "malam ini": (0, LATE),
           "tadi pagi": (0, MORNING), "tadi malam": (-1, LATE)},
}  # fmt: skip


def more_parts(language: str) -> Iterator[tuple[str, int]]:
    """Yield the names of parts of the day in a language, and each one's part."""
    for part, of_language in _MORE_PARTS.items():
        for name in of_language.get(language, "").split(","):
            if name:
                yield name.strip(), part


def more_days(language: str) -> Iterator[tuple[str, int, int]]:
    """Yield the names of a day and its part in a language, the day from today, and the part."""
    for name, (day, part) in _MORE_DAYS.get(language, {}).items():
        yield name, day, part


DAY_LANGUAGES = frozenset(_MORE_DAYS) | {language for names in _MORE_PARTS.values() for language in names}
"""The languages of both tables."""
JOINING_LANGUAGES = frozenset({"nl", "de", "af", "sv", "no", "da"})
"""Languages that write weekday and part of the day in one word."""
