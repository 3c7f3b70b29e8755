"""What of a text tells its content, whatever its commas, quotes and capitals: its words, and what numbers and symbols add to them.

Both are frozen, since digests of them are stored in lakes: what changes any of them is a new ALGO (transforms/lake/index.py). Characters
younger than the Unicode tables of the Python that runs are no part of words.
"""

import re
import unicodedata

from schemas.characters import code_points, kind_table, text_of
from transforms.deduplicate.fingerprint import compatible

_NUMBER = re.compile(r"\d(?:[\d.,:/–−-]*\d)?")
_NUMBER_MARKS = ".,:/–−-"
_SIGNS = "-−+"
_SIGNS_THAT_ARE_SYMBOLS = "+−"
_ASCII_SYMBOLS = "$%+"

_OTHER, _SYMBOL, _MARK, _DIGIT, _LETTER = range(1, 6)
"""Kinds of characters, a byte each. Marks stand within numbers or before them; letters are what else is part of words."""
_MARK_BEFORE_DIGIT = re.compile(bytes((_MARK, _DIGIT)))
_ANY_SYMBOL = re.compile(bytes((_SYMBOL,)))

_TYPOGRAPHIC = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": " ", "\u2026": " "}
"""Marks that keep most western texts out of ISO 8859-1, and others of the same kind and form."""
_SARA_AM = "\u0e33"
"""The one letter that keeps every Thai text out of NFKC, which takes ten times as long to make as to see."""


def normal_form(text: str) -> bytes:
    """Letters, marks and numbers of ``text`` in NFKC (UAX #15) and folded case, in UTF-8, with nothing between them.

    >>> normal_form("Café No.\\xa01").decode()
    'caféno1'
    """
    western = _western(text)
    if western is not None:
        return western.translate(_WESTERN_FORMS, _WESTERN_BREAKS).decode("latin-1").encode()
    text = text.replace(_SARA_AM, "\u0e4d\u0e32")
    points = code_points(compatible(text).casefold())
    return text_of(points[_kinds_of(points) >= _DIGIT]).encode()


def figures(text: str) -> bytes:
    """What of numbers is no digit, and all symbols: the normal form has neither, and 1.5 is not 15, $12 not €12.

    >>> figures("Up 1.5 million, not 15, to $12 at -5 degrees, 2:1 ✅").decode()
    '1.5 -5 2:1 $ ✅'
    """
    western = _western(text)
    kinds = _kinds_of(code_points(text)).tobytes() if western is None else western.translate(_WESTERN_KINDS)
    found = []
    end = 0
    for marked in _MARK_BEFORE_DIGIT.finditer(kinds):  # a number that has neither mark nor sign is not told
        if marked.end() <= end:
            continue
        start = marked.end() - 1
        while start and (kinds[start - 1] == _DIGIT or text[start - 1] in _NUMBER_MARKS):
            start -= 1
        number = _NUMBER.search(text, start)
        assert number is not None
        start, end = number.span()
        before = text[start - 1 : start]
        if before in _SIGNS and before and not text[start - 2 : start - 1].isalnum():
            found.append(before + number[0])
        elif not before.isalnum() and not number[0].isdecimal():
            found.append(number[0])
    symbols = [text[place.start()] for place in _ANY_SYMBOL.finditer(kinds)]
    symbols += [sign for sign in _SIGNS_THAT_ARE_SYMBOLS for _ in range(text.count(sign))]
    return " ".join([*found, *sorted(symbols)]).encode("utf-8", "replace")


def _kind(char: str) -> int:
    if char in _NUMBER_MARKS or char in _SIGNS:
        return _MARK
    category = unicodedata.category(char)
    if char.isalnum() or category[0] == "M":
        return _DIGIT if char.isdecimal() else _LETTER
    return _SYMBOL if char in _ASCII_SYMBOLS or char == "‰" or (category[0] == "S" and not char.isascii()) else _OTHER


_kinds_of = kind_table(_kind)


def _western(text: str) -> bytes | None:
    """``text`` in ISO 8859-1, character by character, for what bytes are faster at; None where it has others, or one of another length."""
    if not text.isascii():
        for mark, plain in _TYPOGRAPHIC.items():
            text = text.replace(mark, plain)
    try:
        western = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return western if western.isascii() or len(western.translate(None, _LONG_FORMS)) == len(western) else None


def _form(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKC", char).casefold() if _kind(part) >= _DIGIT)


_LATIN_1 = [chr(byte) for byte in range(0x100)]
_WESTERN_KINDS = bytes(map(_kind, _LATIN_1))
_WESTERN_BREAKS = bytes(ord(char) for char in _LATIN_1 if not _form(char))
_LONG_FORMS = bytes(ord(char) for char in _LATIN_1 if len(_form(char).encode("latin-1", "ignore")) > 1 or _form(char) > "\xff")
"""ß, µ, fractions, accents that stand alone: their forms are of two characters, or outside ISO 8859-1."""
_WESTERN_FORMS = bytes((_form(char).encode("latin-1", "ignore") or b"\0")[0] for char in _LATIN_1)
