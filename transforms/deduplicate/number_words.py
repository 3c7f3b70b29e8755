"""Number words of eleven languages, and Chinese and Japanese numerals, as whole numbers.

A word that is also an article ("ein", "un", "одна") is a number only within a longer one
("einundzwanzig"). So is the English "one", which is mostly a pronoun. Ordinals ("first", "zweite")
and vague counts ("hundreds", "Dutzende") are no numbers. Words above a thousand do not multiply:
"three million" is 3, as "3 million" is.

Lakes store sketches of what is read here. A change of any table needs a new ALGO (index/near.py).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, in small letters.

    A space parts numbers, "|" parts the forms of one, and "_" parts two words of one form.

    ``small`` has 2 to 19, ``tens`` 20 to 90, and ``hundreds`` 200 to 900. ``ones`` count only
    within a longer number. ``inner`` stands between a unit and the tens in one word; ``joiner``
    stands between two words. ``not_after`` is a pattern of what makes the words before it an
    ordinal.
    """

    small: str
    tens: str
    hundred: str
    thousand: str
    hundreds: str = ""
    ones: str = ""
    inner: str = ""
    joiner: str = ""
    not_after: str = ""


_GERMAN = Words(
    small="zwei|zwo drei vier fünf|fuenf sechs sieben acht neun zehn elf zwölf|zwoelf dreizehn vierzehn "
    "fünfzehn|fuenfzehn sechzehn siebzehn achtzehn neunzehn",
    tens="zwanzig dreißig|dreissig vierzig fünfzig|fuenfzig sechzig siebzig achtzig neunzig",
    hundred="hundert",
    thousand="tausend",
    ones="eins|ein",
    inner="und",
    joiner="und",
)
_ENGLISH = Words(
    small="two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    tens="twenty thirty forty|fourty fifty sixty seventy eighty ninety",
    hundred="hundred",
    thousand="thousand",
    ones="one",
    joiner="and",
    not_after=r" (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)(?!\w)",
)
_DUTCH = Words(
    small="twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien",
    tens="twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    hundred="honderd",
    thousand="duizend",
    ones="één|een",
    inner="en|ën",
    joiner="en",
)
_FRENCH = Words(
    small="deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix_sept dix_huit dix_neuf",
    tens="vingts|vingt trente quarante cinquante soixante septante quatre_vingts|quatre_vingt|huitante|octante nonante",
    hundred="cents|cent",
    thousand="mille",
    ones="une|un",
    joiner="et",
    not_after=r" (?:et )?\w+ième",
)
_SPANISH = Words(
    small="dos|dós tres|trés cuatro cinco seis|séis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis|dieciseis diecisiete dieciocho diecinueve",
    tens="veinte|veinti treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    hundred="ciento|cien",
    thousand="mil",
    hundreds="doscientos|doscientas trescientos|trescientas cuatrocientos|cuatrocientas quinientos|quinientas "
    "seiscientos|seiscientas setecientos|setecientas ochocientos|ochocientas novecientos|novecientas",
    ones="uno|una|un|ún",
    joiner="y",
)
_PORTUGUESE = Words(
    small="dois|duas três quatro cinco seis sete oito nove dez onze doze treze quatorze|catorze quinze "
    "dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove",
    tens="vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    hundred="cento|cem",
    thousand="mil",
    hundreds="duzentos|duzentas trezentos|trezentas quatrocentos|quatrocentas quinhentos|quinhentas "
    "seiscentos|seiscentas setecentos|setecentas oitocentos|oitocentas novecentos|novecentas",
    ones="uma|um",
    joiner="e",
)
_ITALIAN = Words(
    small="due tre|tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici "
    "sedici diciassette diciotto diciannove",
    tens="venti|vent trenta|trent quaranta|quarant cinquanta|cinquant sessanta|sessant settanta|settant "
    "ottanta|ottant novanta|novant",
    hundred="cento",
    thousand="mille|mila",
    ones="uno|una|un",
    joiner="e",
)
_RUSSIAN = Words(
    small="два|две|двух|двум|двумя|двое|двоих три|трёх|трех|трём|трем|тремя|трое|троих "
    "четыре|четырёх|четырех|четырём|четырем|четырьмя|четверо|четверых пять|пяти|пятью|пятеро|пятерых "
    "шесть|шести|шестью|шестеро|шестерых семь|семи|семью|семеро|семерых восемь|восьми|восемью|восьмью "
    "девять|девяти|девятью десять|десяти|десятью "
    "одиннадцать|одиннадцати|одиннадцатью двенадцать|двенадцати|двенадцатью тринадцать|тринадцати|тринадцатью "
    "четырнадцать|четырнадцати|четырнадцатью пятнадцать|пятнадцати|пятнадцатью "
    "шестнадцать|шестнадцати|шестнадцатью семнадцать|семнадцати|семнадцатью "
    "восемнадцать|восемнадцати|восемнадцатью девятнадцать|девятнадцати|девятнадцатью",
    tens="двадцать|двадцати|двадцатью тридцать|тридцати|тридцатью сорок|сорока пятьдесят|пятидесяти|пятьюдесятью "
    "шестьдесят|шестидесяти|шестьюдесятью семьдесят|семидесяти|семьюдесятью "
    "восемьдесят|восьмидесяти|восемьюдесятью девяносто|девяноста",
    hundred="сто|ста",
    thousand="тысяча|тысячи|тысячу|тысяче|тысячей|тысяч",
    hundreds="двести|двухсот|двумстам|двумястами триста|трёхсот|трехсот|трёмстам|тремястами "
    "четыреста|четырёхсот|четырехсот|четырёмстам пятьсот|пятисот|пятистам|пятьюстами "
    "шестьсот|шестисот|шестистам семьсот|семисот|семистам восемьсот|восьмисот|восьмистам "
    "девятьсот|девятисот|девятистам",
    ones="один|одна|одно|одну|одного|одной|одним|одном",
    not_after=r" (?:перв|втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят)"
    "(?:ый|ого|ому|ым|ом|ая|ой|ую|ое|ые|ых|ий|ьего|ья|ье|ью|ьей)(?!\\w)",
)
_SWEDISH = Words(
    small="två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton",
    tens="tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
    hundred="hundra",
    thousand="tusen",
    ones="ett|en",
)
_DANISH = Words(
    small="to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
    tens="tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    hundred="hundrede|hundred",
    thousand="tusinde|tusind",
    ones="én|en|et",
    inner="og",
    joiner="og",
)
_NORWEGIAN = Words(
    small="to tre fire fem seks sju|syv åtte ni ti elleve|ellve tolv tretten fjorten femten seksten sytten "
    "atten nitten",
    tens="tjue|tyve tretti|tredve førti|førr femti seksti sytti åtti nitti",
    hundred="hundre",
    thousand="tusen",
    ones="én|ett|en|et",
    inner="og",
    joiner="og",
)
LANGUAGES = {
    "da": _DANISH,
    "de": _GERMAN,
    "en": _ENGLISH,
    "es": _SPANISH,
    "fr": _FRENCH,
    "it": _ITALIAN,
    "nb": _NORWEGIAN,
    "nl": _DUTCH,
    "nn": _NORWEGIAN,
    "no": _NORWEGIAN,
    "pt": _PORTUGUESE,
    "ru": _RUSSIAN,
    "sv": _SWEDISH,
}
WITH_NUMERALS = frozenset({"ja", "zh", "yue", "wuu"})

_CAPITAL_MONTHS = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec "
    "Januar Jänner Februar März Mai Juni Juli Oktober Dezember Okt Dez"
)
"""English and German names: "200 march" and "5 may" are no dates."""
_SMALL_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre janv févr avr juil sept déc "
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "augusti januar februar marts maj august desember "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря янв февр фев апр авг сент окт "
    "нояб дек feb jan aug okt nov dec des"
)
MONTHS = frozenset(
    [*_CAPITAL_MONTHS.split(), *_CAPITAL_MONTHS.upper().split()]
    + [form for name in _SMALL_MONTHS.split() for form in (name, name.title(), name.upper())]
)

YEARS = frozenset(map(str, range(1901, 2100))) - {"2000"}
"""Years tell little: nearly all items of a week name the year. Round ones are mostly amounts."""

_SCALES = {form for words in LANGUAGES.values() for form in words.thousand.split("|")}

_CLASHING_WORDS = (
    "to fire sex due once dos tres ten onze elf sei ni ti tio cent cents cento firs vent trent otto sept seize en et"
)
CLASHING = frozenset(_CLASHING_WORDS.split())
"""Words that the pool of all languages leaves out. Each is a common word of another language
("fire", "once", "due"), a name ("Otto"), or two numbers in two languages ("tres", 3 and 60)."""

_OTHER_USE = {
    "cent": r"(?<!pour.cent)",
    "cento": r"(?<!per.cento)(?<!por.cento)",
    "ciento": r"(?<!por.ciento)",
    "cien": r"(?<!por.cien)",
    "sept": r"(?<!\d.sept)",
}
"""Where these words are a part of "per cent", or a month after its day, they are no number."""

_UNDETERMINED = "und"
"""The subtag of BCP 47 for a language that is not known."""
_BEFORE_WORDS = "\n\t\xa0-\"'([/’‘“„«—–¿¡"
"""These become spaces first. A pattern that begins with a space is searched for twice as fast as
one that begins with a set of characters."""
_TEN, _TWENTY, _HUNDRED, _THOUSAND, _TEN_THOUSAND = 10, 20, 100, 1000, 10_000
_TENS = range(20, 100, 10)
_COUNTS_TO_NINETEEN = frozenset({60, 80})
"""After these, French counts on to 19 (soixante-douze)."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """``phrase`` finds a run of number words, ``gap`` what parts them, and ``part`` their parts.

    ``values`` has the numbers of the parts. An inner word ("und" in "einundzwanzig") has None.
    """

    phrase: re.Pattern[str]
    gap: re.Pattern[str]
    part: re.Pattern[str]
    values: dict[str, int | None]


def number_words(text: str, language: str | None) -> set[str]:
    """Return the numbers that ``text`` says in words or in Chinese numerals, in ASCII digits.

    ``language`` is a BCP 47 tag. A language without a table has no number words. For None and
    "und", the words of all languages count but those of CLASHING. Most texts without a known
    language are short, so one number more tells much. The text that they are compared with may
    have been read in its language.

    >>> sorted(number_words("Twenty-one of two thousand ships; one sank.", "en"))
    ['2000', '21']
    >>> number_words("Die einundzwanzig, ein Schiff", "de"), number_words("三百二十人", "ja")
    ({'21'}, {'320'})
    """
    found: set[str] = set()
    known = (language or "").partition("-")[0].lower().replace(_UNDETERMINED, "")
    if known in LANGUAGES or not known:
        text = text.lower()
        if not text.isascii() and ("\u0308" in text or "\u0301" in text):
            text = unicodedata.normalize("NFC", text)
        for mark in _BEFORE_WORDS:
            text = text.replace(mark, " ")
        for phrase in _reader(known).phrase.findall(" " + text):
            found.update(_numbers_of_phrase(phrase, known))
    if known in WITH_NUMERALS or not (known or text.isascii()):
        for numeral in _NUMERAL.findall(text):
            found.update(_numbers_of_numeral(numeral))
    return found


@cache
def _reader(language: str) -> _Reader:
    """Return the reader of ``language``, or one of all languages but CLASHING for an empty one."""
    tables = [LANGUAGES[language]] if language else list(LANGUAGES.values())
    left_out: frozenset[str] = frozenset() if language else CLASHING
    values: dict[str, int | None] = {}
    for table in tables:
        values |= {word: number for word, number in _values(table).items() if word not in left_out}
    ones = {word for table in tables for word in _forms(table.ones)} - left_out
    inner = {word for table in tables for word in _forms(table.inner)}
    joiner = "|".join(sorted({word for table in tables for word in _forms(table.joiner)}))
    refused = "|".join(table.not_after for table in tables if table.not_after)

    scales = [word for word, number in values.items() if number in (_HUNDRED, _THOUSAND)]
    first = f"(?:{_any(values)}|{_any(ones)}(?={_any({*scales, *inner})}))"
    further = (f"(?:{_any(inner)})?" if inner else "") + _any({*values, *ones})
    word = rf"{first}(?:{further})*+(?!\w)"
    gap = f" (?:(?:{joiner}) )?" if joiner else " "
    phrase = rf" ({word}(?:{gap}(?:{word}|{_any(ones)}(?!\w)))*+)" + (f"(?!{refused})" if refused else "")
    part = "|".join(map(re.escape, _longest_first({*values, *ones, *inner})))
    values |= dict.fromkeys(inner - set(values)) | dict.fromkeys(ones, 1)
    return _Reader(re.compile(phrase), re.compile(gap), re.compile(part), values)


def _values(table: Words) -> dict[str, int]:
    rows = [
        *zip(range(2, 20), table.small.split(" "), strict=True),
        *zip(range(20, 100, 10), table.tens.split(" "), strict=True),
        *zip(range(200, 1000, 100), table.hundreds.split(), strict=bool(table.hundreds)),
        (_HUNDRED, table.hundred),
        (_THOUSAND, table.thousand),
    ]
    return {form: number for number, forms in rows for form in _forms(forms)}


def _forms(forms: str) -> list[str]:
    return forms.replace("_", " ").split("|") if forms else []


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of ``words``, the longest first.

    Words are grouped by their first letter, which is faster than one long list.
    """
    groups: dict[str, list[str]] = {}
    for word in _longest_first(words):
        after_digit = rf"(?<!\d.{word})" if word in _SCALES else ""
        groups.setdefault(word[0], []).append(re.escape(word[1:]) + _OTHER_USE.get(word, after_digit))
    return "(?:" + "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in sorted(groups.items())) + ")"


@lru_cache(maxsize=4096)
def _numbers_of_phrase(phrase: str, language: str) -> tuple[str, ...]:
    reader = _reader(language)
    parts = reader.part.findall(reader.gap.sub(" ", phrase))
    return tuple(map(str, _sums([reader.values[part] for part in parts])))


def _sums(values: list[int | None]) -> list[int]:
    """Return the numbers that a run of values makes; None stands for an inner word.

    A value joins the number before it if it fits into its zeros: 5 fits into 20, but not into 25. A
    one that joins no number is an article.

    >>> _sums([2, 1000, 5, 100, 20, 1]), _sums([4, 5]), _sums([1, None, 20]), _sums([1])
    ([2521], [4, 5], [21], [])
    """
    numbers = []
    thousands = below = room = 0
    after_inner = False
    for value in [*values, 0]:
        if value is None:
            after_inner = True
            continue
        if value == _THOUSAND and below and not thousands:
            thousands, below, room = below * _THOUSAND, 0, _THOUSAND
        elif value == _HUNDRED and 0 < below < _HUNDRED:
            below, room = below * _HUNDRED, _HUNDRED
        elif 0 < value < room:
            below, room = below + value, _room_after(value)
        elif after_inner and value in _TENS and 0 < below % _HUNDRED < _TEN:
            below, room = below + value, 0
        else:
            if thousands + below > 1:
                numbers.append(thousands + below)
            thousands, below = (value, 0) if value == _THOUSAND else (0, value)
            room = _room_after(value)
        after_inner = False
    return numbers


def _room_after(value: int) -> int:
    """Return below which number the next value must be to join ``value``."""
    if value >= _HUNDRED:
        return _THOUSAND if value == _THOUSAND else _HUNDRED
    if value >= _TWENTY:
        return _TWENTY if value in _COUNTS_TO_NINETEEN else _TEN
    return 0


_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = "".join([*_DIGITS, *_UNITS])
_COUNTERS = (
    "人名位個个件種种只隻头頭台臺辆輛架艘艇岁歳歲才年次回天周週间間所家县縣票枚张張条條倍成割点點时時元円圆億亿"
    "户戸軒棟栋层層階度级級球勝敗胜负対对场場"
)
"""A single numeral counts before these only: "五人" is five people, "五輪" a sports event."""
_NUMERAL = re.compile(
    rf"[{_NUMERALS}](?<![\d第周週期拜{_NUMERALS}].)"
    rf"(?:[{_NUMERALS}万萬]++|(?<!一)(?:(?<=分之.)|(?=[{_COUNTERS}])))"
    r"(?![月号號]|日(?![間间]))"
)
"""Ordinals (第三), days of the week (周三) and dates are no numbers."""
_NO_NUMERALS = frozenset({"千万", "千萬"})
"""An adverb in Chinese."""
_LEAST_POSITIONAL = 3
"""Two digits side by side are an estimate (五六个, five or six)."""


@lru_cache(maxsize=4096)
def _numbers_of_numeral(numeral: str) -> tuple[str, ...]:
    """Return the number of one numeral, or nothing if it is an idiom.

    >>> _numbers_of_numeral("二千零五"), _numbers_of_numeral("一九九"), _numbers_of_numeral("五六")
    (('2005',), ('199',), ())
    """
    if numeral in _NO_NUMERALS:
        return ()
    if len(numeral) > 1 and all(char in _DIGITS for char in numeral):
        digits = "".join(str(_DIGITS[char]) for char in numeral)
        return (digits,) if len(digits) >= _LEAST_POSITIONAL and digits not in YEARS else ()
    total = below = digit = 0
    for char in numeral:
        if char in _UNITS:
            below, digit = below + (digit or 1) * _UNITS[char], 0
        elif char in _DIGITS:
            if digit:
                return ()
            digit = _DIGITS[char]
        elif below + digit == 0:
            return ()
        else:
            total, below, digit = (total + below + digit) * _TEN_THOUSAND, 0, 0
    return (str(total + below + digit),)
