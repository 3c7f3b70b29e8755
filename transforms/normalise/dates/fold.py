"""Text as dates are compared: without what a date may be printed with or without."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


def fold(text: str) -> str:
    """``text`` without what dates may be printed with or without: case, accents, digits of other scripts, kinds of dash, quote and space.

    >>> fold("１º\u00a0FÉVRIER – ٢٠٢٣")
    '1o fevrier - 2023'
    """
    text = unicodedata.normalize("NFD", _BRACKETED.sub(r"\1", unicodedata.normalize("NFKC", text).casefold()))
    return " ".join(unicodedata.normalize("NFC", "".join(map(plain_char, text))).replace("_", " ").split())


_BRACKETED = re.compile(r"(?<=[0-9])\(([a-z]{1,2})\)")
"""Basque "2023(e)ko", "20(a)"."""


@lru_cache(maxsize=4096)
def plain_char(char: str) -> str:
    """``char`` as dates are compared: an ASCII digit, "-" for any dash, nothing for what cannot be seen."""
    if char.isascii():
        return "'" if char == "`" else char
    if (same := _SAME.get(char)) is not None:
        return same
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd":
        return "-"
    if category in ("Cf", "Cc", "Cs"):
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    # accents of Latin, Greek and Cyrillic, and the vowel signs and hamzas of Arabic, which papers leave out
    return "" if "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" else char


_SAME = {
    **dict.fromkeys("’‘‛ʼʹʻ′´‚＇՚׳", "'"),
    **{
        "−": "-",
        "ı": "i",
        "،": ",",
        "、": ",",
        "。": ".",
        "·": "·",
        "ی": "ي",
        "ک": "ك",
        "ـ": "",
        "॰": ".",
        "։": ".",
        "፣": ",",
        "፡": " ",
        "།": " ",
        "་": " ",
        "¸": "",
    },
}


@lru_cache(maxsize=16384)
def phrase(text: str) -> str:
    """The words and numbers of ``text``, parted by single spaces."""
    return " ".join(word for word, _ in pieces(fold(text)))


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """The runs of letters and of digits in ``text`` and where each begins; marks count as letters."""
    start, kind = 0, ""
    for place, char in enumerate(text):
        is_mark = not char.isascii() and unicodedata.category(char)[0] == "M"
        now = "d" if char in "0123456789" else "w" if char.isalpha() or is_mark else ""
        if now != kind:
            if kind:
                yield text[start:place], start
            start, kind = place, now
    if kind:
        yield text[start:], start
