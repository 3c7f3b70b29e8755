"""The numbers of an item, in digits or words: they tell a retold story from a filled-in form.

Two items that tell of one event give the same numbers. Two fillings of one form give others: seven
ships wait in one week, and three in the next. "Seven", "7" and "٧" are one number.

Lakes store sketches. A change of what counts as a number needs a new ALGO (index/near.py).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.fingerprint import Bytes, bits_set
from newslake.transforms.deduplicate.number_words import MONTHS, YEARS, number_words

NUMBER_BITS = 256

_SALT = b"220460"
"""Found by trial: the numbers 0 to 80, which are the most frequent, all set different bits."""
_DAYS = frozenset(map(str, range(1, 32)))
_CACHED_LENGTH = 32
"""Longer runs of digits hardly ever come twice, and a cache of them could fill the memory."""

_DIGIT = "".join(char for char in map(chr, range(0x10000)) if char.isdecimal())
"""All digits of the Basic Multilingual Plane. They are searched for twice as fast as \\d."""
_RUN = re.compile(
    rf"([{_DIGIT}]\d*(?:(?:[.,:'’٫٬/–—−-]| ?[Hh] ?|[ \u00a0\u202f()/-]{{1,3}})\d+)*)"
    r"(?:(?P<nth>(?:st|nd|rd|th|er|[èe]?re|[èe]me|e|\.?[ºª]|:[ae]|-?(?:й|го|му|я|е|ой|ая|ое|ый))(?!\w))"
    r"|(?P<day>[月号號월]|[日일](?![間间간]))"
    r"|[ \u00a0\u202f]?(?:(?P<thousand>(?:[Tt](?:housand|ausend|sd|usinde?|usen)|duizend|mil|mille|mila|тысяч\w*|тыс)"
    r"(?!\w)|[千천])|(?P<myriad>[万萬만](?:(?P<units>\d{1,4})(?![\d千천]))?))"
    r"|\.?[ \u00a0\u202f](?:d[eo] |of )?(?P<word>[^\W\d_]{3,}))?"
)
"""Digits, the marks between them, and what follows: it may make them a date, or a larger number."""

_PART = re.compile(
    r"(?P<none>\d{9,}|(?<!\d)\d{2,}(?:-\d{2,}){2,}"  # identifiers
    r"|(?<![\d.])(?:(?:0?[1-9]|[12]\d|3[01])(?P<by>[./-])(?:0?[1-9]|[12]\d|3[01])(?P=by)(?:(?:19|20)\d\d|[0-3]\d)"
    r"|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"  # dates
    r"|\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[–—/-](?:\d\d)?\d\d)(?!\d)"  # months and spans of years
    r"|\+(?:[ ()/\u00a0-]*\d){9,}|(?<![\d.,])0\d(?:[ ()/\u00a0-]*\d){5,}"  # telephones
    r"|(?<!\d)(?:1[ -]8\d\d[ -])?\d{3}\)?(?:[ -]\d{3})?-\d{4}(?!\d)|(?<!\d)1[ -]8\d\d[ -]\d{3}[ -]\d{4}(?!\d))"
    r"|(?:(?P<grouped>[1-9]\d{0,2}(?:(?P<mark>[.,'’٬ \u00a0\u202f])\d{3}(?:(?P=mark)\d{3})*|(?:,\d\d)+,\d{3}))(?!\d)"
    r"(?:(?!(?P=mark))[.,٫](?P<rest>\d+))?"
    r"|(?P<plain>\d+(?:(?:[.,:٫]| ?[Hh] ?)\d+)*))"
    r"(?P<joins>[–—−/-](?=\d))?"
)
_NTH = "第"
"""Makes the number after it an ordinal."""
_MARK = re.compile(r"[.,:٫]| ?[Hh] ?")
_NO_DIGIT = re.compile(r"\D")
_DASH = re.compile(r"[–—−]")


def number_sketch(texts: Iterable[str], languages: Iterable[str | None]) -> Bytes:
    """Return a sketch of the numbers of each text: NUMBER_BITS bits, (m, 32) uint8.

    ``languages`` has the BCP 47 tag of each text, or None (see ``number_words``). Each number sets
    one bit, so that shares of bits are shares of numbers. With several bits a number, two texts
    would agree in half of the bits by chance more often.

    >>> texts = ["Seven ships carry 1,200 tons.", "7 Schiffe mit 1.200 Tonnen"]
    >>> one, other = number_sketch(texts, ["en", "de"])
    >>> bool((one == other).all())
    True
    """
    rows = []
    for text, language in zip(texts, languages, strict=True):
        bits = 0
        for number in numbers(text, language):
            bits |= _bit(number)
        rows.append(bits.to_bytes(NUMBER_BITS // 8, "little"))
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), NUMBER_BITS // 8)


def share_standing(numbers: Bytes, others: Bytes) -> NDArray[np.float64]:
    """Return which share of the bits of ``numbers`` is set in ``others`` too, (k,).

    Both arguments are (k, 32) uint8. The share is 1 for a row without bits: no number is new.
    """
    total, shared = bits_set(numbers), bits_set(numbers & others)
    shares: NDArray[np.float64] = np.divide(shared, total, out=np.ones(len(total)), where=total > 0)
    return shares


def numbers(text: str, language: str | None) -> set[str]:
    """Return the numbers of ``text`` in one form: ASCII digits, and a point before a fraction.

    Numbers of any length and script count, and so do times, shares, and number words of the given
    language. A score or a span is one number: "3-2" is not "2-3". Dates, years, ordinals, telephone
    numbers and identifiers of nine digits or more do not count.

    >>> sorted(numbers("On March 5, 2023, 1 200 of 1.5 million: a 3:2 win, says two", "en"))
    ['1.5', '1200', '2', '3-2']
    """
    found = number_words(text, language)
    for run in _RUN.finditer(text):
        start = run.start()
        before = text[start - 1 : start]
        digits = f"+{run[1]}" if before == "+" else run[1]
        read = _read_cached(digits) if len(digits) <= _CACHED_LENGTH else _read(digits)
        after = run.lastgroup
        if after == "nth" or after == "day" or (after == "word" and run["word"] in MONTHS and _is_day(read[-1])):
            read = read[:-1]
        elif after == "thousand":
            read = (*read[:-1], _times(read[-1], 3))
        elif after == "myriad":
            read = (*read[:-1], _times(read[-1], 4, run["units"] or ""))
        if read and (before == _NTH or (_is_day(read[0]) and _follows_month(text, start))):
            read = read[1:]
        found.update(read)
    found.discard("")
    return found


def _follows_month(text: str, start: int) -> bool:
    words = text[max(0, start - 14) : start].split()
    return bool(words) and words[-1].rstrip(".") in MONTHS


def _is_day(number: str) -> bool:
    return number.partition("-")[0] in _DAYS


def _read(run: str) -> tuple[str, ...]:
    """Return the numbers of a run of digits and marks, with "" for what does not count."""
    read = []
    joined = ""
    for part in _PART.finditer(_in_ascii(run)):
        number = "" if part["none"] else joined + _canonical(part)
        joined = f"{number}{_DASH.sub('-', part['joins'])}" if part["joins"] else ""
        if not joined:
            read.append("" if number in YEARS and not part["grouped"] else number)
    return tuple(read)


_read_cached = lru_cache(maxsize=8192)(_read)


def _in_ascii(run: str) -> str:
    if run.isascii():
        return run
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in run)


def _canonical(part: re.Match[str]) -> str:
    if part["grouped"]:
        return _with_fraction(_NO_DIGIT.sub("", part["grouped"]), part["rest"] or "")
    whole, *rest = _MARK.split(part["plain"])
    if len(rest) != 1:
        return ".".join([whole.lstrip("0") or "0", *rest])
    if ":" in part["plain"] and len(rest[0]) == 1:
        return f"{whole}-{rest[0]}"  # a score; times have two digits here
    return _with_fraction(whole, rest[0])


def _with_fraction(whole: str, fraction: str) -> str:
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction.strip("0") else whole


def _times(number: str, zeros: int, units: str = "") -> str:
    """Return ``number`` with its point moved by ``zeros`` places, plus ``units``.

    >>> _times("1.25", 3), _times("20", 4), _times("20", 4, "50")
    ('1250', '200000', '200050')
    """
    whole, _, fraction = number.partition(".")
    fraction = fraction.ljust(zeros, "0") if fraction else units.zfill(zeros)
    return _with_fraction(whole + fraction[:zeros], fraction[zeros:]) if whole.isdigit() else number


@lru_cache(maxsize=16384)
def _bit(number: str) -> int:
    return 1 << hashlib.blake2b(number.encode(), digest_size=1, person=_SALT).digest()[0]
