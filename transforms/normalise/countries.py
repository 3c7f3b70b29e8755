"""Count the countries that a text names, as ISO 3166-1 codes with the number of mentions.

Names are those of CLDR (through Babel) in the article's language, with the variants, adjectives and
demonyms of ``country_words``. Each language is read with its own words only: "Oman" is a country in
English and "own" in Finnish. A mention is a whole word, in the letter case of the name or in
capitals. In text without spaces between words, it is the longest name that fits.

Kosovo is XK, the code that CLDR and the European Union use. Antarctica and groups of countries do
not count.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import category

from newslake.schemas.article import CountryMentions
from newslake.transforms.normalise.characters import code_points, kind_table, text_of
from newslake.transforms.normalise.country_words import (
    ABBREVIATION_CONTEXTS,
    ABBREVIATIONS,
    CASE_ENDINGS,
    DEMONYM_ENDINGS,
    DEMONYMS,
    LEFT_OUT,
    NOT_COUNTRIES,
    PREFIXES,
    SUFFIXES,
    VARIANTS,
)
from newslake.transforms.normalise.text import latin_1

_LOCALES = {
    # Languages whose names are in several locales of CLDR, for another country's spelling or
    # another script.
    "az": ("az", "az_Cyrl"),
    "bs": ("bs", "bs_Cyrl"),
    "de": ("de", "de_AT", "de_CH"),
    "en": ("en", "en_GB"),
    "es": ("es", "es_MX"),
    "fr": ("fr", "fr_CA"),
    "no": ("nb", "nn"),
    "pt": ("pt", "pt_PT"),
    "sr": ("sr", "sr_Latn"),
    "uz": ("uz", "uz_Cyrl"),
    "zh": ("zh", "zh_Hant", "zh_Hant_HK"),
}
_SAME_NAMES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "tl": "fil", "yue": "zh", "wuu": "zh", "cmn": "zh"}
"""Languages and older codes that use the names of another language."""

# Reserved codes, and codes of CLDR's own.
_NOT_ISO = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
# A continent, and islets without a name of their own.
_NO_COUNTRY = frozenset(("AQ", "UM"))
# CLDR has "Hong Kong SAR China", which no newspaper prints; the variants have their names.
_CLDR_NAME_IS_OFFICIAL = frozenset(("HK", "MO"))
# Countries such as "Myanmar (Burma)". With others, brackets hold the country that the place belongs
# to.
_NAME_IN_BRACKETS = frozenset(("CI", "CV", "MM", "SZ", "TL"))
_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_NO_CODE = ""
"""Marks a phrase that names no country."""

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff\u200c\u200d"
"""Vowel signs and joiners, which belong to a word but not to ``\\w``."""
_MARK = re.compile(f"[{_MARKS}]")
_WORD = re.compile(r"\w+")
_MARKED_WORD = re.compile(rf"[\w{_MARKS}]+")  # three times as slow as _WORD
_APOSTROPHES = str.maketrans({"\u02bc": "'", "\u02bb": "'"})
"""Modifier letters, which Ukrainian and Uzbek write for an apostrophe. An apostrophe parts words
here.
"""

_UNSPACED = frozenset(("ja", "km", "lo", "my", "th", "zh"))
_RUN_LETTERS = ("[\u30a1-\u30fa\u30fc]", "[0-9A-Za-z]")
"""In text without spaces, a name in katakana or Latin letters must not touch more of them.

"タイ" is not a mention in "タイトル".
"""
_MIN_UNSPACED_CHARS = 2

_MAX_ABBREVIATION_CHARS = 3
"""Two or three capitals ("US") are a country unless the words beside them are in capitals too
("TELL US MORE").
"""
_MIN_CAPITALISED_CHARS = 4

Phrase = tuple[str, ...]
_Rows = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The conditions under which a name does not mean the country, anywhere in the text.

    A word of ``elsewhere`` in the text raises the doubt. A word of ``proof`` removes all doubt, and
    so does one place of the name where only a country stands ("in Jordan").

    ``first_name``: a capitalised word behind the name makes it a person's. ``last_name``: one
    before it does. ``common``: in these languages the name in small letters is a word, so it must
    stand in a sentence and not only at its start. ``needs_proof``: in these languages it counts
    only with proof.
    """

    elsewhere: frozenset[str] = frozenset()
    proof: frozenset[str] = frozenset()
    first_name: bool = False
    last_name: bool = False
    common: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    """Words that follow the common word; if empty, any word may follow."""
    needs_proof: frozenset[str] = frozenset()
    in_capitals: bool = False
    """Whether the name also means the country in capitals, with the same doubt."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NONE: frozenset[str] = frozenset()
_AFTER_THEY_WILL_GO = _words(
    "a al à às ao aos todos todas juntos juntas por para con com en em de hasta até hacia también também los las os as "
    "hoy hoje"
)

_DOUBTS = {
    # The US state: in English far more frequent than the country, whose news mostly names its
    # neighbours or its people.
    "Georgia": _Doubt(
        elsewhere=_words(
            "Atlanta Savannah Augusta Macon Ga Alabama Florida Carolina Tennessee Arizona Pennsylvania Michigan "
            "Wisconsin Nevada Texas Ohio Biden Trump Republicans Democrats"
        ),
        proof=_words(
            "Tbilisi Tiflis Batumi Abkhazia Abjasia Ossetia Osetia Ossezia Caucasus Cáucaso Caucaso Georgian Georgians "
            "georgiano georgiana georgianos georgiani Armenia Azerbaijan Azerbaiyán Azerbaigian"
        ),
        needs_proof=_words("en"),
    ),
    # first and last names
    "Jordan": _Doubt(proof=_words("Amman Jordanian Jordanians Hashemite Aqaba Zarqa"), first_name=True, last_name=True),
    "Chad": _Doubt(proof=_words("Djamena Chadian Chadians Deby Déby Sahel Darfur"), first_name=True, last_name=True),
    "Kuba": _Doubt(proof=_words("Hawana Hawanie Havanna kubański kubańskie"), first_name=True, last_name=True),
    "Nga": _Doubt(proof=_words("Moskva Putin Kremlin Ukraine"), first_name=True, last_name=True),
    "Đức": _Doubt(proof=_words("Berlin"), first_name=True, last_name=True),
    "Mỹ": _Doubt(proof=_words("Washington Trump Biden York"), first_name=True, last_name=True),
    "Malin": _Doubt(proof=_words("Bamako Malissa Malista Maliin Sahelin"), needs_proof=_words("fi")),
    "Γεωργία": _Doubt(
        proof=_words("Τιφλίδα Τιφλίδας Καυκάσου Καύκασο Αρμενία Αρμενίας Γεωργιανοί γεωργιανή"),
        needs_proof=_words("el"),
    ),
    "Γεωργίας": _Doubt(
        proof=_words("Τιφλίδα Τιφλίδας Καυκάσου Καύκασο Αρμενία Αρμενίας Γεωργιανοί γεωργιανή"),
        needs_proof=_words("el"),
    ),
    **{
        name: _Doubt(
            proof=_words(proof),
            first_name=True,
            last_name=name in ("Israel", "Israël", "Ireland", "France"),
            in_capitals=True,
        )
        for name, proof in {
            "America": "Washington American Americans",
            "China": "Beijing Chinese Pekín Pechino Pequim Xi Shanghai Taiwan",
            "Cuba": "Havana Cuban Cubans Habana cubano cubana cubanos Canel",
            "Egypt": "Cairo Egyptian Egyptians",
            "France": "Élysée Macron Hexagone",
            "India": "Delhi Indian Indians Modi Mumbai indio indiano",
            "Iran": "Tehran Teheran Iranian Iranians",
            "Ireland": "Dublin Irish Belfast",
            "Israel": "Jerusalem Jerusalén Jerusalém Israeli Israelis Gaza Hamas Hamás Netanyahu Hezbollah israelí "
            "israelíes israelense",
            "Israël": "Jérusalem Jeruzalem Gaza Hamas Netanyahu Netanyahou Hezbollah israélien israélienne "
            "israéliens Israëlische",
            "Jamaica": "Kingston Jamaican Jamaicans jamaicano",
            "Kenya": "Nairobi Kenyan Kenyans Mombasa",
            "Zaire": "Kinshasa Mobutu",
        }.items()
    },
    **{
        name: _Doubt(proof=_words(proof), last_name=True, in_capitals=True)
        for name, proof in {
            "England": "English London Wembley Lions",
            "Holland": "Dutch Amsterdam Rotterdam Netherlands Hague",
            "Wales": "Welsh Cardiff Swansea",
        }.items()
    },
    # common words
    "Mali": _Doubt(
        proof=_words("Bamako Bamaku Malian Malians Sahel Timbuktu Gao Burkina Niger"),
        first_name=True,
        last_name=True,
        common=_words("az pl sk sq sw tr uz"),  # financial; small; they had; the mountain; property
    ),
    "Мали": _Doubt(proof=_words("Бамако Сахел"), common=_words("bg")),
    "Малі": _Doubt(proof=_words("Бамако Сахель Сахелі"), common=_words("be uk")),
    **dict.fromkeys(
        ("माली", "মালি", "માલી", "ਮਾਲੀ"),
        _Doubt(_NONE, _words("बमाको বামাকো બામાકો ਬਮਾਕੋ"), needs_proof=_words("hi mr ne bn gu pa")),
    ),
    "Mısır": _Doubt(
        proof=_words("Kahire Mısırlı Mısırlılar Sisi İskenderiye Süveyş Sina Gazze"), common=_words("tr")
    ),  # maize
    "Dania": _Doubt(
        proof=_words("Danii Danię Danią Kopenhaga Kopenhadze Kopenhagi Duńczycy"), common=_words("pl")
    ),  # dishes
    "Czad": _Doubt(proof=_words("Czadzie Ndżamena Ndżamenie Sahel"), common=_words("pl")),  # carbon monoxide
    "Katar": _Doubt(proof=_words("Katarze Katarem Doha Dosze Dauha"), common=_words("pl")),  # catarrh
    "Irán": _Doubt(
        proof=_words("Teherán iraní iraníes"),
        first_name=True,
        common=_words("es"),
        before=_AFTER_THEY_WILL_GO,
        in_capitals=True,
    ),
    "Irão": _Doubt(
        proof=_words("Teerão iraniano iraniana iranianos"), common=_words("pt"), before=_AFTER_THEY_WILL_GO
    ),  # they will go
    "Catar": _Doubt(
        proof=_words("Doha catarí cataríes catari cataris catariano"), common=_words("es pt ca gl")
    ),  # to taste
    "Peru": _Doubt(
        elsewhere=_words("peru perus assado ceia chester recheado farofa"),  # turkey
        proof=_words("Lima peruano peruana peruanos peruanas Andes"),
        common=_words("pt"),
    ),
    "Turkey": _Doubt(
        elsewhere=_words("turkey turkeys Thanksgiving gravy stuffing cranberry drumstick poultry Butterball"),
        proof=_words("Ankara Istanbul Turkish Turks Erdogan Erdoğan Izmir lira"),
        in_capitals=True,
    ),
    "Перу": _Doubt(
        elsewhere=_words("принадлежит принадлежат"), proof=_words("Лима Лиме Лимы Лиму"), first_name=True
    ),  # to the pen of
    "پرو": _Doubt(proof=_words("لیما"), needs_proof=_words("fa")),  # Pro
    "پیرو": _Doubt(proof=_words("لیما"), needs_proof=_words("ur")),  # follower
    **dict.fromkeys(  # turkey; they admitted
        ("הודו", "והודו", "שהודו"),
        _Doubt(
            proof=_words("דלהי מודי הודי הודית ההודי ההודית הודים ההודים מומבאי בהודו מהודו להודו"),
            needs_proof=_words("he"),
        ),
    ),
    "קובה": _Doubt(proof=_words("הוואנה קובני קובנית הקובני"), needs_proof=_words("he")),  # a dish
    "المغرب": _Doubt(  # the evening prayer, in tables of hours
        elsewhere=_words("العشاء الفجر أذان الإفطار"),
        proof=_words("الرباط مغربي المغربي المغربية المغاربة البيضاء مراكش الجزائر"),
    ),
    # a supermarket, a prison
    "Iceland": _Doubt(
        elsewhere=_words("supermarket supermarkets Tesco Sainsbury Asda Aldi Lidl"),
        proof=_words("Reykjavik Reykjavík Icelandic"),
    ),
    "Angola": _Doubt(elsewhere=_words("Louisiana Penitentiary"), proof=_words("Luanda Angolan Angolans")),
}
_DOUBTS_IN_CAPITALS = {name.upper(): name for name, doubt in _DOUBTS.items() if doubt.in_capitals}

_NAMES_OF_PERSONS = _words("ca en es fr gl it nl pl pt ru vi")
"""Languages in which two capitalised words side by side are a name. Not German, where every noun
has a capital.
"""

_COUNTRY_CUES = {
    "ca": _words("a"),
    "en": _words(
        "in into across throughout inside outside within northern southern eastern western central neighbouring "
        "neighboring"
    ),
    "es": _words("en"),
    "fr": _words("en la l"),
    "gl": _words("en"),
    "it": _words("in"),
    "nl": _words("in naar"),
    "pl": _words("w z do na"),
    "pt": _words("em na no"),
    "ru": _words("в из"),
    "vi": _words("nước tại ở người từ sang"),
}
"""After these words a capitalised name is not a person's."""
_CUES_BEFORE_A_FIRST_NAME = {"en": _words("to from of")}
"""After these words a first name would not stand alone, so the name is the country's. A last name
would.
"""
_PERSON_CUES = {
    "en": _words("Mr Mrs Ms Miss Dr Sir Lady"),
    "vi": _words("chị cô anh bà ông em bé cậu chú bác dì thầy Chị Cô Anh Bà Ông Em Bé Cậu Chú Bác Dì Thầy"),
}
_SMALL_PERSON_CUES = frozenset(("vi",))
"""The languages of ``_PERSON_CUES`` whose titles are in small letters."""

_OPENERS = _words(
    "A After Against Along Although And Around As At Because Before Between Both But By During Either Even For From "
    "How If In Inside Into Is Its Like Meanwhile Near Neighboring Neighbouring Neither No Nor Not Now Of On Once Only "
    "Or Outside Over Since So Still Than That The Then Though Through Throughout To Toward Towards Under Unlike Until "
    "Visit Was What When Where Whether While Who Why Will With Within Without Yet W Z Na Do Od Dla Dlaczego Con Contra "
    "Desde En Para Por All Again Amid Any Are Can Could Did Does Despite Earlier Every Has Have Had Here Last Next "
    "Should There These This Today Tomorrow Would Yesterday Sunday Monday Tuesday Wednesday Thursday Friday Saturday "
    "January February March April May June July August September October November December North South East West "
    "Northern Southern Eastern Western Central Great Greater Team Royal Air Radio Sport Historic Natural Public Health "
    "Invest Bank Republic Tour Le La Les L El Los Las Il Lo De Del Du Da Y Et E Mais Pero Mas Como Quand Si Dans Pour"
)
"""Words at the start of a sentence or in a title, which before a name are not a first name."""
_TITLES = _words(
    "King Queen Prince Princess President Vice Prime Foreign Minister Ministry Ambassador Embassy Consulate Army Navy "
    "Air Military Police Government Parliament Senate Supreme High Court Central National Defense Defence Security "
    "Border Coast PM FM Sunday Monday Tuesday Wednesday Thursday Friday Saturday January February March April May June "
    "July August September October November December Football Rugby Cricket Hockey Athletics Olympic Paralympic "
    "Premier Super Open Masters Grand Cup Championship Women Men Under Today Times Daily Post News Press Herald "
    "Tribune Weekly Broadcasting Radio Television Telecom Mobile Unicom Airlines Airways Eastern Southern Northern "
    "Western Railway Railways Power Energy Electric Petroleum Oil Gas Steel Shipping Construction Aerospace Bank "
    "Banking Capital Securities Fund Investment Life Insurance Revenue Authority Agency Commission Council Committee "
    "Department Office Bureau Administration Chamber Association Federation Union League Society Institute University "
    "College School Museum Foundation Centre Center Project Programme Program Group Inc Ltd Corporation Company "
    "Industries International Global Economic Business Trade Development Health Medical Science Research Space Nuclear "
    "Water Meteorological Weather Red First Inter Info Bleu Culture Musique Travail Télévisions Télévision Stratégie "
    "Insoumise Gate Senior Junior Minor Final"
)
"""Capitalised words that may follow a country's name and are not a surname."""

_STATES_OF_THE_US = _words(
    "Alabama Alaska Arizona Arkansas California Calif Colorado Colo Connecticut Conn Delaware Florida Fla Idaho "
    "Illinois Ill Indiana Ind Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Mass Michigan Mich Minnesota "
    "Minn Mississippi Missouri Mo Montana Mont Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Pa Tennessee Tenn "
    "Texas Utah Vermont Vt Virginia Va Washington Wisconsin Wis Wyoming"
)
"""A name before a comma and one of these is a town, in English: "Lebanon, Ohio"."""

_PARTICLES = {"ko": _words("이란")}
"""Names that are also particles right behind a quotation or bracket ("what is called ...")."""
_CLOSING = "'\"’”」』》〉)"

_KINDS_OF_PLACE = _words("County Township Parish Prison Penitentiary")
"""In English these follow the name of an American place, and never a country's name."""
_THINGS = {
    "China": _words(
        "cabinet cabinets closet hutch cup cups teacup teacups plate plates bowl bowls vase vases dish dishes "
        "dinnerware doll dolls teapot"
    ),
    "Turkey": _words(
        "breast breasts sandwich sandwiches burger burgers bacon leg legs soup dinner dinners meat farm farms farmers "
        "hunting hunters vulture vultures shoot Bowl Hill"
    ),
}
"""English nouns behind these names that make the name mean a thing, also with a capital."""

_LANGUAGE_CUES = {
    "en": _words("in into from to speak speaks speaking spoke spoken learn learns learning teach teaches teaching"),
    "es": _words("en hablar habla hablan"),
    "fr": _words("en parler parle parlent"),
    "it": _words("in parlare parla parlano"),
    "pt": _words("em falar fala falam"),
}
"""After these an adjective is the name of a language: "en français", "in French." but not "in
French ports".
"""
_LANGUAGE_WORDS = _words("language languages translation translations lessons speaker speakers speaking dictionary")
_LANGUAGE_NAMES = _words(
    "Chinese Czech Danish Dutch Finnish French German Greek Hungarian Italian Japanese Norwegian Polish Portuguese "
    "Romanian Russian Spanish Swedish Thai Turkish Ukrainian Vietnamese"
)
"""English language names, which have a capital like the name of a country."""


@dataclass(frozen=True)
class _Names:
    """The names of one language.

    ``by_first_word`` has the phrases by their first word, the longest first. ``codes`` has the
    names of a language without spaces, and ``abbreviations`` their single characters. ``pattern``
    finds possible first words (few words begin with a capital) or, without spaces, the names.
    ``word`` finds any word.
    """

    language: str
    pattern: re.Pattern[str]
    word: re.Pattern[str]
    by_first_word: dict[str, list[tuple[Phrase, str]]]
    codes: dict[str, str]
    abbreviations: dict[str, str]
    adjectives: frozenset[str] = frozenset()
    """Adjectives and inhabitants."""

    @cached_property
    def has_only_capitals_first(self) -> bool:
        return all(word[0].isupper() for word in self.by_first_word)

    @cached_property
    def western_first_words(self) -> dict[bytes, str]:
        """The first words that can be written in ISO 8859-1, by that form."""
        return {western: word for word in self.by_first_word if (western := latin_1(word))}


def count_countries(text: str, language: str | None) -> list[CountryMentions]:
    """Return the countries that ``text`` names, the most mentioned first.

    Countries with equal counts keep the order of the text. ``language`` is a BCP 47 tag. The result
    is [] without a language, or if CLDR has no usable names in it.

    >>> count_countries("Rusland en China tekenen; de Chinese president blijft.", "nl")
    [{'code': 'CN', 'mentions': 2}, {'code': 'RU', 'mentions': 1}]
    >>> count_countries("A guinea pig from New Guinea, fed with turkey", "en")
    []
    """
    names = _names(_primary(language)) if language else None
    if names is None:
        return []
    mentions: dict[str, int] = {}
    for code in _mentions(text, names) if names.by_first_word else _unspaced_mentions(text, names):
        mentions[code] = mentions.get(code, 0) + 1
    ranked = sorted(mentions.items(), key=lambda item: -item[1])  # a stable sort keeps the order of the text
    return [{"code": code, "mentions": count} for code, count in ranked]


def _primary(language: str) -> str:
    primary = language.partition("-")[0].lower()
    return _SAME_NAMES.get(primary, primary)


def _mentions(text: str, names: _Names) -> Iterator[str]:
    text = _parted(text)
    meant: dict[str, bool] = {}
    free = 0
    for match in _first_words(text, names):
        start = match.start()
        if start < free:
            continue
        for phrase, code in names.by_first_word[match[0]]:
            end = _end_of_phrase(phrase, text, match.end(), names.word)
            if end:
                free = end
                if code and (len(phrase) > 1 or _is_meant(match[0], text, start, names, meant)):
                    yield code
                break


def _first_words(text: str, names: _Names) -> Iterable[re.Match[str]]:
    """Return the places where the first word of a name stands, in the order of the text."""
    words = _distinct_first_words(text, names)
    return sorted((match for word in words for match in _places(word, text, names.word)), key=re.Match.start)


def _distinct_first_words(text: str, names: _Names) -> Iterable[str]:
    """Return the first words of names that ``text`` has: few, and quickly found again."""
    # Not for small letters, because most words begin like some name.
    if names.has_only_capitals_first:
        return names.by_first_word.keys() & names.pattern.findall(text)
    western = latin_1(text)
    if western is None:
        return names.by_first_word.keys() & _split_words(text, names.word)
    return [
        names.western_first_words[word]
        for word in names.western_first_words.keys() & western.translate(_LATIN_1_WORDS).split()
    ]


_LATIN_1_WORDS = bytes(code if re.fullmatch(r"\w", chr(code)) else 0x20 for code in range(0x100))


def _split_words(text: str, word: re.Pattern[str]) -> list[str]:
    """Return what ``word`` (_WORD or _MARKED_WORD) finds in ``text``, in a third of the time."""
    points = code_points(text)
    parting = _kinds_of(points) < (_WORD_MARK if word is _MARKED_WORD else _LETTER)
    points = points.copy()
    points[parting] = ord(" ")
    return text_of(points).split()


_OTHER, _WORD_MARK, _LETTER = range(1, 4)
"""Kinds of characters, one byte each: others; marks of ``_MARKED_WORD`` only; letters of both
patterns.
"""
_kinds_of = kind_table(
    lambda char: _LETTER if _WORD.match(char) else _WORD_MARK if _MARKED_WORD.match(char) else _OTHER
)


def _places(word: str, text: str, any_word: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the places where ``word`` stands as a whole word."""
    start = text.find(word)
    while start >= 0:
        match = any_word.match(text, start)
        assert match is not None
        if match[0] == word and not (start and any_word.match(text, start - 1)):
            yield match
        start = text.find(word, match.end())


def _end_of_phrase(phrase: Phrase, text: str, end: int, word: re.Pattern[str]) -> int:
    """Return where ``phrase`` ends in ``text``, or 0 if other words follow.

    ``end`` is the end of its first word. Any marks or spaces may part the words.
    """
    for expected in phrase[1:]:
        following = word.search(text, end)
        if following is None or following[0] != expected:
            return 0
        end = following.end()
    return end


def _unspaced_mentions(text: str, names: _Names) -> Iterator[str]:
    for name in names.pattern.findall(text):
        if name in names.codes:
            if code := names.codes[name]:
                yield code
        else:
            yield from (names.abbreviations[char] for char in name)


def _parted(text: str) -> str:
    return text.translate(_APOSTROPHES) if "\u02bc" in text or "\u02bb" in text else text


def _is_meant(name: str, text: str, start: int, names: _Names, meant: dict[str, bool]) -> bool:
    """Tell whether the one-word name at ``start`` stands for the country.

    ``meant`` keeps the answers for doubtful names, so each is judged once for the text.
    """
    in_doubt = _DOUBTS_IN_CAPITALS.get(name, name)
    if in_doubt in _DOUBTS:
        if in_doubt not in meant:
            meant[in_doubt] = not _is_dubious(in_doubt, _DOUBTS[in_doubt], text, names)
        if not meant[in_doubt]:
            return False
    if (
        name in _PARTICLES.get(names.language, _NONE)
        and start > 1
        and text[start - 1] in _CLOSING
        and not text[start - 2].isspace()
    ):
        return False
    if name.isupper() and len(name) <= _MAX_ABBREVIATION_CHARS and name.isascii():
        before, following = _before(text, start, names.word)[0], _after(text, start + len(name), names.word)[0]
        return not (_is_capitals(before) and (_is_capitals(following) or not following))
    if name in names.adjectives and _is_language(name, text, start, names, meant):
        return False
    if names.language != "en":
        cues = _LANGUAGE_CUES.get(names.language)
        return not (cues and name[0].islower() and _before(text, start, names.word)[0] in cues)
    following, between = _after(text, start + len(name), names.word)
    if following in _STATES_OF_THE_US:
        return between != ", "
    if following in _KINDS_OF_PLACE:
        return False
    if following == "City" and between == " ":
        state, between = _after(text, start + len(name) + len(" City"), names.word)
        return not (state in _STATES_OF_THE_US and between == ", ")
    if name in _THINGS and following in _THINGS[name]:
        return False
    if name in _LANGUAGE_NAMES and _before(text, start, names.word)[0] in _LANGUAGE_CUES["en"]:
        return between == " " and following not in _LANGUAGE_WORDS
    return name not in _LANGUAGE_NAMES or following not in _LANGUAGE_WORDS


def _is_language(name: str, text: str, start: int, names: _Names, meant: dict[str, bool]) -> bool:
    """Tell whether an adjective is the name of a language, by the words around it."""
    translated = _TRANSLATED.get(names.language)
    if translated:
        if _TRANSLATION not in meant:
            meant[_TRANSLATION] = translated.search(text) is not None
        if meant[_TRANSLATION] and translated.search(
            text[max(0, start - _MAX_WORD_CHARS) : start + len(name) + _MAX_WORD_CHARS]
        ):
            return True
    if names.language != "de" or not name.endswith(("sche", "schen")) or name[0].islower():
        return False
    following = _after(text, start + len(name), names.word)[0]  # "im Deutschen Bundestag" is no language
    return _before(text, start, names.word)[0] in _GERMAN_ARTICLES_OF_LANGUAGES and not following[:1].isupper()


_TRANSLATION = "translation"
"""The key under which ``meant`` keeps whether the text tells of a translation at all."""
_GERMAN_ARTICLES_OF_LANGUAGES = _words("ins im Ins Im vom dem")
"""Before the name of a language: "ins Englische", "aus dem Russischen"."""
_TRANSLATED = {
    "cs": re.compile(r"\b(?:do|z) \w+ přel|přel\w+ (?:\w+ )?(?:do|z) "),
    "da": re.compile(r"oversat (?:til|fra) \w+"),
    "de": re.compile(r"[Üü]bersetz"),
    "es": re.compile(r"[Tt]raduc\w+ (?:\w+ )?(?:al|del) "),
    "fr": re.compile(r"[Tt]radui\w+ (?:\w+ )?(?:en|du) "),
    "it": re.compile(r"[Tt]rado\w+ (?:\w+ )?(?:in|dal) "),
    "nl": re.compile(r"(?:in|uit|naar) het \w+ vertaa?l|vertaa?l\w* (?:\w+ )?(?:in|uit|naar) het "),
    "no": re.compile(r"oversatt (?:til|fra) \w+"),
    "pl": re.compile(r"(?:[Tt]łumacz|przetłumacz|[Pp]rzekład)\w* (?:\w+ )?(?:na|z) "),
    "pt": re.compile(r"[Tt]radu[zç]\w+ (?:\w+ )?(?:para|do|ao) "),
    "ru": re.compile(r"(?:[Пп]ерев[её]|перевод)\w* (?:\w+ )?(?:на|с) | язык"),
    "sv": re.compile(r"översatt (?:till|från) \w+"),
}
"""Words of translation near an adjective, which make it the name of a language."""


def _is_dubious(name: str, doubt: _Doubt, text: str, names: _Names) -> bool:
    """Tell whether the name does not mean the country, in the whole text.

    One place can decide for all, because a person is later called by the last name alone.
    """
    is_named_so = _is_named_otherwise(name, doubt, text, names)
    if is_named_so is None:
        return False
    is_dubious = is_named_so or names.language in doubt.needs_proof or _holds_word(doubt.elsewhere, text, names.word)
    return is_dubious and not _holds_word(doubt.proof, text, names.word)


def _holds_word(words: frozenset[str], text: str, word: re.Pattern[str]) -> bool:
    return any(next(_places(expected, text, word), None) is not None for expected in words if expected in text)


def _is_named_otherwise(name: str, doubt: _Doubt, text: str, names: _Names) -> bool | None:
    """Tell whether ``name`` stands for a person or a common word; None if for the country.

    A line with most words capitalised, such as a headline, shows neither if the name also stands in
    a sentence.
    """
    language = names.language
    may_be_person = (doubt.first_name or doubt.last_name) and language in _NAMES_OF_PERSONS
    may_be_common = language in doubt.common
    if not (may_be_person or may_be_common):
        return False
    places = list(itertools.islice(_places(name, text, names.word), _MAX_PLACES))
    if (
        not may_be_common
        and not any(_stands_by_capital(text, place) for place in places)
        and language not in _SMALL_PERSON_CUES
    ):
        return False
    is_common = is_person = is_person_in_title = in_sentence = False
    for match in places:
        before, before_between = _before(text, match.start(), names.word)
        following, between = _after(text, match.end(), names.word)
        looks_like_person = may_be_person and (
            (
                doubt.first_name
                and between == " "
                and _may_be_name(following, _TITLES)
                and not _is_organisation(text, match.end(), names.word)
            )
            or (doubt.last_name and before_between == " " and _may_be_name(before, _NONE))
            or (before_between in (" ", ". ") and before in _PERSON_CUES.get(language, _NONE))
        )
        if may_be_person and not looks_like_person and before_between in (" ", "'", "’"):
            if before in _COUNTRY_CUES.get(language, _NONE):
                return None
            if not doubt.last_name and before in _CUES_BEFORE_A_FIRST_NAME.get(language, _NONE):
                return None
        looks_common = may_be_common and not looks_like_person and (not doubt.before or following in doubt.before)
        if may_be_common and not looks_like_person and not looks_common:
            return None
        is_common |= looks_common
        if not (looks_like_person or looks_common):
            in_sentence = True
        elif _is_in_title(text, match.start(), names.word):
            is_person_in_title |= looks_like_person
        elif looks_like_person:
            is_person = True
        else:
            in_sentence = True
            if text[match.end() : match.end() + 1] in _APOSTROPHES_OF_ENDINGS or before_between in (" ", ", "):
                return None
    return is_common or is_person or (is_person_in_title and not in_sentence)


def _stands_by_capital(text: str, name: re.Match[str]) -> bool:
    """Tell fast whether a word beside the name begins with a capital."""
    start, end = name.span()
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
        return True
    before = text[max(0, start - _MAX_WORD_CHARS) : start].split()
    return bool(before) and text[start - 1] == " " and before[-1].lstrip(_OPENING)[:1].isupper()


_OPENING = "\"'“‘„«(["
_MAX_PLACES = 20
"""So many places of a name are enough to judge it."""

_APOSTROPHES_OF_ENDINGS = ("'", "’")
"""Turkish and Azerbaijani put these before endings, on names only."""


def _may_be_name(word: str, but_for: frozenset[str]) -> bool:
    return word[:1].isupper() and not _is_capitals(word) and word not in but_for and word not in _OPENERS


def _is_organisation(text: str, end: int, word: re.Pattern[str]) -> bool:
    """Tell whether the second word from ``end`` makes an organisation: "China Aerostar Group"."""
    second = word.search(text, end)
    third = word.match(text, second.end() + 1) if second else None
    return third is not None and third[0] in _ORGANISATIONS


_ORGANISATIONS = _words(
    "Group Inc Corp Corporation Ltd Limited Co Company Bank Holdings Association Institute Council Foundation Agency "
    "Airlines Party Ministry Committee Commission Authority University Federation"
)


def _is_in_title(text: str, start: int, word: re.Pattern[str]) -> bool:
    """Tell whether most words of the line are capitalised, so that a capital tells nothing.

    The first word, small words and the name itself do not count.
    """
    line_start = max(text.rfind("\n", 0, start) + 1, start - _MAX_TITLE_CHARS)
    line_end = text.find("\n", start)
    line = text[line_start : min(line_end if line_end >= 0 else len(text), start + _MAX_TITLE_CHARS)]
    name = _after(text, start, word)[0]
    telling = [found for found in word.findall(line)[1:] if found != name and found not in _SMALL_IN_TITLES]
    return bool(telling) and sum(found[0].isupper() for found in telling) * 4 >= len(telling) * 3


_MAX_TITLE_CHARS = 150
_SMALL_IN_TITLES = _words(
    "a an the and or of in on at to for by with from as vs s ve ile i w z na do o e y de del da do dos la le les des "
    "et en"
)


def _after(text: str, end: int, word: re.Pattern[str]) -> tuple[str, str]:
    """Return the next word, and the text between ``end`` and it; ("", "") if no word follows."""
    following = word.search(text, end)
    return (following[0], text[end : following.start()]) if following else ("", "")


def _before(text: str, start: int, word: re.Pattern[str]) -> tuple[str, str]:
    """Return the word before ``start``, and the text between; only 40 characters are searched."""
    text = text[max(0, start - _MAX_WORD_CHARS) : start]
    found = word.findall(text)
    return (found[-1], text[text.rindex(found[-1]) + len(found[-1]) :]) if found else ("", "")


_MAX_WORD_CHARS = 40


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


@lru_cache(maxsize=128)
def _names(language: str) -> _Names | None:
    """Return the names of a primary language subtag, or None if CLDR has none that can be used."""
    names = dict(_cldr_names(language))
    if not names:
        return None
    names |= {name: code for code, variants in VARIANTS.get(language, {}).items() for name in variants.split(";")}
    fixed = filter(None, f"{NOT_COUNTRIES['']};{NOT_COUNTRIES.get(language, '')}".split(";"))
    names |= dict.fromkeys((form for phrase in fixed for form in _forms_of_phrase(phrase, language)), _NO_CODE)
    if any(category(char).startswith("M") and not _MARK.match(char) for char in "".join(names)):
        # The marks of the script would break its words: Tibetan, Chakma.
        return None
    if language in _UNSPACED:
        return _unspaced_table(language, names)
    return _spaced_table(language, names)


def _forms_of_phrase(phrase: str, language: str) -> Iterator[str]:
    """Yield a fixed phrase as it stands and with a capital.

    In English also its plural and its form in headlines.

    >>> list(_forms_of_phrase("French fry", "en"))
    ['French fry', 'French fry', 'French Fry', 'French fries', 'French Fries']
    """
    yield phrase
    yield phrase[0].upper() + phrase[1:]
    if language != "en" or not (last := phrase.rpartition(" ")[2]).islower():
        return
    plural = phrase[:-1] + "ies" if last.endswith("y") else phrase if last.endswith("s") else phrase + "s"
    yield from (phrase.title(), plural, plural.title())


def _cldr_names(language: str) -> Iterator[tuple[str, str]]:
    left_out = {
        *LEFT_OUT[""].split(),
        *LEFT_OUT.get(language, "").split(),
        *_NOT_ISO,
        *_NO_COUNTRY,
        *_CLDR_NAME_IS_OFFICIAL,
    }
    for locale_id in _LOCALES.get(language, (language,)):
        for code, name, conjunction in _territories(locale_id):
            if code not in left_out:
                for variant in _name_variants(code, name, conjunction):
                    yield variant, code


def _territories(locale_id: str) -> Iterator[tuple[str, str, str]]:
    """Yield (code, name, word for "and") of each territory with two letters in a locale of CLDR."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(locale_id)
    except (UnknownLocaleError, ValueError):
        return
    # "und" is read as English, by the likeliest subtags.
    if locale.language != locale_id.partition("_")[0]:
        return
    conjunction = locale.list_patterns.get("standard", {}).get("2", "{0} & {1}")[len("{0}") : -len("{1}")]
    for code, name in locale.territories.items():
        if len(code) == 2 and code.isalpha():
            yield code, name, conjunction


def _name_variants(code: str, name: str, conjunction: str) -> Iterator[str]:
    """Yield the forms that the press prints: without brackets, "and" for "&", "Saint" for "St."."""
    if code in _NAME_IN_BRACKETS:
        yield from (inner.strip() for inner in _BRACKETS.findall(name))
    # Without the brackets, the two names are the same.
    elif code in ("CD", "CG") and _BRACKETS.search(name):
        return
    name = _BRACKETS.sub("", name).strip()
    yield name
    if " & " in name:
        yield name.replace(" & ", conjunction)
    if name.startswith("St. "):
        yield "Saint " + name.removeprefix("St. ")


def _unspaced_table(language: str, names: dict[str, str]) -> _Names:
    codes = {name: code for name, code in names.items() if len(name) >= _MIN_UNSPACED_CHARS}
    branches: dict[tuple[str, str], list[str]] = {}  # by first letter, so that few are tried at a place
    for name in sorted(codes, key=len, reverse=True):
        run = next((letters for letters in _RUN_LETTERS if re.fullmatch(f"{letters}+", name)), "")
        branches.setdefault((run, name[0]), []).append(re.escape(name[1:]))
    # Names in mixed letters come last; they are longer.
    pattern = "|".join(_branch(first, run, rest) for (run, first), rest in sorted(branches.items()))
    abbreviations = {entry[0]: entry[1:] for entry in ABBREVIATIONS.get(language, "").split()}
    if abbreviations:
        pattern += "|" + _abbreviated("".join(abbreviations), *ABBREVIATION_CONTEXTS[language])
    return _Names(language, re.compile(pattern), _WORD, {}, codes, abbreviations)


def _abbreviated(chars: str, behind_several: str, behind_one: str, verbs: str, no_end: str) -> str:
    """Return a pattern for the characters that stand for countries in what surrounds them.

    Each of them is a word of its own too, so they count only where nothing else fits: two or more
    before a word such as "relations", one between "towards" and a word such as "trade", one behind
    "visit". "华" is an abbreviation behind any of these prepositions.
    """
    rest = f"(?:[{chars}]{{1,3}}(?={behind_several})|(?<=[对對対].)(?={behind_one})|(?<=[{verbs}].)(?![{no_end}]))"
    china = "(?<=[对對访訪赴驻駐在来來涉反援].)(?![盛尔爾沙为為夏纳納莱])"
    # one branch for each character: re skips to the first letters of a pattern
    return "|".join([*(char + rest for char in chars), *(char + china for char in "华華")])


def _branch(first: str, run: str, rest: list[str]) -> str:
    names = f"(?:{'|'.join(rest)})"
    # The letter comes before the look-behind: re skips to the first letters of a pattern, but not
    # to an assertion.
    return f"{re.escape(first)}(?<!{run}{first}){names}(?!{run})" if run else re.escape(first) + names


def _spaced_table(language: str, names: dict[str, str]) -> _Names:
    word = _MARKED_WORD if any(map(_MARK.search, names)) else _WORD
    table: dict[str, dict[Phrase, str]] = {}

    def put(phrase: Phrase, code: str) -> None:
        if phrase:
            table.setdefault(phrase[0], {}).setdefault(phrase, code)

    phrases = {tuple(word.findall(_parted(name))): code for name, code in names.items()}
    for phrase, code in phrases.items():  # first, before any form that another name may have
        put(phrase, code)
    for demonym, code in _demonyms(language):
        put(tuple(word.findall(demonym)), code)
    for phrase, code in phrases.items():
        if code and _may_stand_in_capitals(phrase):
            put(tuple(_capitals(part, language) for part in phrase), code)
        for form in _inflected(phrase, language):
            put(form, code)
    by_first_word = {first: sorted(found.items(), key=lambda item: -len(item[0])) for first, found in table.items()}
    first_letters = re.escape("".join(sorted({first[0] for first in table})))
    first_word = re.compile(f"[{first_letters}](?:{word.pattern})?")
    adjectives = frozenset(demonym for demonym, _ in _demonyms(language))
    return _Names(language, first_word, word, by_first_word, {}, {}, adjectives)


def _may_stand_in_capitals(phrase: Phrase) -> bool:
    return len("".join(phrase)) >= _MIN_CAPITALISED_CHARS and (
        phrase[0] not in _DOUBTS or _DOUBTS[phrase[0]].in_capitals
    )


def _capitals(word: str, language: str) -> str:
    return (word.replace("i", "İ") if language in ("az", "tr") else word).upper()


def _demonyms(language: str) -> Iterator[tuple[str, str]]:
    """Yield (adjective or inhabitant, code) in every form.

    French has one word for both; the inhabitant has a capital.
    """
    endings = DEMONYM_ENDINGS.get(language, ())
    for code, words in DEMONYMS.get(language, {}).items():
        for word in words.split(" "):
            for form in _with_endings(word, endings) or (word,):
                for variant in (form, *_joined(form, language)):
                    yield variant, code
                if language in _ADJECTIVES_ALSO_CAPITALISED and not _means_else_with_capital(form, language):
                    yield form[0].upper() + form[1:], code


_ADJECTIVES_ALSO_CAPITALISED = frozenset(("cs", "da", "de", "fi", "fr", "no", "pl", "ru", "sk", "sv", "uk"))
"""Languages that capitalise adjectives at the start of headlines, in names of institutions or for
inhabitants.

Not Italian, Spanish, Portuguese and Hungarian: there they are surnames ("Russo", "Alemán").
"""


def _means_else_with_capital(form: str, language: str) -> bool:
    """Tell whether a form with a capital is a language ("Russisch") or a surname ("Чехов").

    In Russian and Ukrainian only the plural ("Чехи") and "-ин" ("Россиянин") are no surname.
    """
    if language == "de":
        return form.endswith("sch")
    return language in ("ru", "uk") and re.search("[сзц]ь?к|[ыиі]$|не$|ин$", form) is None


def _joined(form: str, language: str) -> Iterator[str]:
    """Yield ``form`` behind the article and the prefixes that Arabic joins to it."""
    if language != "ar":
        return
    forms = (form,) if form.startswith("ال") else (form, "ال" + form)
    for word in forms:
        if word != form:
            yield word
        for prefix in PREFIXES["ar"]:
            yield _prefixed_arabic(prefix, word)


def _inflected(phrase: Phrase, language: str) -> Iterable[Phrase]:
    """Yield the other forms of a name, with endings, prefixes and suffixes."""
    if rows := CASE_ENDINGS.get(language):
        inflected = range(len(phrase) - 1, len(phrase)) if language in _LAST_WORD_INFLECTED else range(len(phrase))
        forms = [
            (word, *_with_endings(word, rows)) if place in inflected and _is_inflected(word) else (word,)
            for place, word in enumerate(phrase)
        ]
        yield from itertools.islice(itertools.product(*forms), 1, _MAX_FORMS)
    for prefix in PREFIXES.get(language, ()):
        yield (_PREFIXED.get(language, _prefixed)(prefix, phrase[0]), *phrase[1:])
    for suffix in SUFFIXES.get(language, ()):
        yield (*phrase[:-1], phrase[-1] + suffix)


def _is_inflected(word: str) -> bool:
    return len(word) >= _MIN_INFLECTED_CHARS and word[0].isupper() and not word.isupper()


_MIN_INFLECTED_CHARS = 4
"""Shorter stems with endings are other words (Estonian "Tai", "Tait")."""
_LAST_WORD_INFLECTED = frozenset(("az", "et", "fi", "hu", "ka", "uz"))
_MAX_FORMS = 50
"""The most forms of one name. If several words have endings, there are more forms than anyone
writes.
"""


def _with_endings(word: str, rows: _Rows) -> tuple[str, ...]:
    for ending, replacements in rows:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return tuple(stem + replacement for replacement in replacements)
    return ()


def _prefixed(prefix: str, word: str) -> str:
    return prefix + word


def _prefixed_arabic(prefix: str, word: str) -> str:
    """Return ``word`` behind ``prefix``; Arabic joins "to" and the article to "لل"."""
    return prefix + "ل" + word.removeprefix("ال") if prefix.endswith("ل") and word.startswith("ال") else prefix + word


_PREFIXED: dict[str, Callable[[str, str], str]] = {"ar": _prefixed_arabic}
