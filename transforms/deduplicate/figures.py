"""The figures of an item: its numbers, which tell a retold story from a filled-in form.

Two items that tell of one event give the same figures. Two fillings of one form give others:
notices of lotteries, exchange rates, burglaries and tides share most of their words with the
notices of other days and towns, but hardly a number.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.fingerprint import Bytes, Counts, bits_set

FIGURE_BITS = 128

MIN_SHARE = 0.5
"""This share of the figures of the item that has fewer must agree. A lead that was written anew may
bring some figures of its own."""

YEARS = range(2000, 2100)
"""Years tell little: nearly all items of a week name the year."""

_WITH_DIGITS = re.compile(r"[+\d][\d.,:'’/() \u00a0\u202f-]*")
"""The parts of a text that may hold a number. The other patterns search these parts only, which
takes a tenth of the time for most texts."""
_NO_FIGURES = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)"  # dates
    r"|(?:\+|\b0|\b1[ -]8)[\d ()/\u00a0-]{5,}\d|\b\d{3,}(?:-\d{2,})+\b|\b\d{9,}\b"  # telephones and identifiers
)
"""These tell nothing. Nearly all items of a day name the day, and the notes below them name where
to call."""
_NUMBER = re.compile(r"\d+(?:[.,:'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_NO_DIGIT = re.compile(r"\D")
_MOST_DIGITS = 17


def figure_sketch(texts: Iterable[str]) -> Bytes:
    """Return a sketch of the numbers of each text: FIGURE_BITS bits, (m, 16) uint8.

    A number of n digits sets up to n - 1 bits; a year sets one. So a number of one digit, which
    stands in any text, sets no bit, and a number of six digits tells more than a few of two. The
    marks between the digits and the script of the digits do not matter. Dates in digits, telephone
    numbers and identifiers do not count.

    >>> texts = ["Tickets cost 1,200 crowns at 9:30.", "From 9.30, 4 days: 1 200, ๙๓๐"]
    >>> one, other = figure_sketch(texts)
    >>> bool((one == other).all())
    True
    """
    rows = []
    for text in texts:
        bits = 0
        for number in _NUMBER.findall(_NO_FIGURES.sub(" ", "\n".join(_WITH_DIGITS.findall(text)))):
            bits |= _bits_of(number)
        rows.append(bits.to_bytes(FIGURE_BITS // 8, "little"))
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), FIGURE_BITS // 8)


@lru_cache(maxsize=4096)
def _bits_of(number: str) -> int:
    value = int(_NO_DIGIT.sub("", number)[:_MOST_DIGITS])
    digits = b"%d" % value
    places = hashlib.blake2b(digits, digest_size=_MOST_DIGITS).digest()[: 1 if value in YEARS else len(digits) - 1]
    return sum({1 << place % FIGURE_BITS for place in places})


def agree_in_figures(left: NDArray[np.generic], right: NDArray[np.generic]) -> tuple[NDArray[np.bool_], Counts]:
    """Compare two sketches for each pair; both arguments are (k,) |V16.

    Return two (k,) arrays. The first tells whether at least MIN_SHARE of the figures agree. The
    second is how many bits the sketch with fewer bits has: the fewer, the less the first one says.
    Sketches without bits agree with all others.
    """
    left, right = (
        np.ascontiguousarray(column).view(np.uint8).reshape(-1, FIGURE_BITS // 8) for column in (left, right)
    )
    fewer = np.minimum(bits_set(left), bits_set(right))
    return bits_set(left & right) >= MIN_SHARE * fewer, fewer
