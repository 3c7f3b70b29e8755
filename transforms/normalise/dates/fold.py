"""Fold text so that two ways to print the same date compare as equal."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, with ASCII digits, dashes and quotes.

    >>> fold("１º\u00a0FÉVRIER – ٢٠٢٣")
    '1o fevrier - 2023'
    """
    text = unicodedata.normalize("NFD", _BRACKETED.sub(r"\1", unicodedata.normalize("NFKC", text).casefold()))
    return " ".join(unicodedata.normalize("NFC", "".join(map(plain_char, text))).replace("_", " ").split())


_BRACKETED = re.compile(r"(?<=[0-9])\(([a-z]{1,2})\)")
"""Basque "2023(e)ko", "20(a)"."""


@lru_cache(maxsize=4096)
def plain_char(char: str) -> str:
    """Return ``char`` folded: an ASCII digit, "-" for any dash, "" for an invisible character."""
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
    # Drop accents of Latin, Greek and Cyrillic, and vowel signs and hamzas of Arabic, which papers
    # leave out.
    return "" if "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" else char


_SAME = {
    **dict.fromkeys("’‘‛ʼʹʻ′´‚＇՚׳", "'"),
    **{
        "−": "-",
        "״": '"',
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
    """Return the words and numbers of ``text``, joined by single spaces."""
    return " ".join(word for word, _ in pieces(fold(text)))


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield each run of letters (marks count) or digits in ``text``, and where it begins."""
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
