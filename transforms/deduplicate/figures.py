"""The figures of an item: two that tell of one event give the same ones, two that one form was filled with give others.

Notices of lotteries, exchange rates, burglaries and tides share most of their words with the notices of other days and towns, and hardly a
number. So the figures tell retold news from a form.
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
"""Of the figures of the one that has fewer: a lead that was written anew may bring some of its own."""

YEARS = range(2000, 2100)
"""Tell little: nearly all items of a week name the year."""

_WITH_DIGITS = re.compile(r"[+\d][\d.,:'’/() \u00a0\u202f-]*")
"""What the others are looked for in: hardly anything of most texts, which are so read in a tenth of the time."""
_NO_FIGURES = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)"  # dates
    r"|(?:\+|\b0|\b1[ -]8)[\d ()/\u00a0-]{5,}\d|\b\d{3,}(?:-\d{2,})+\b|\b\d{9,}\b"  # telephones and identifiers
)
"""Nearly all items of a day name it, and what stands under them names where to call."""
_NUMBER = re.compile(r"\d+(?:[.,:'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_NO_DIGIT = re.compile(r"\D")
_MOST_DIGITS = 17


def figure_sketch(texts: Iterable[str]) -> Bytes:
    """(m, 16) uint8: FIGURE_BITS bits a text, in which each of its numbers sets as many as it has digits, less one; a year sets one.

    So a number of one digit, which stands in any text, is none, and one of six tells more than a few of two. What parts the digits, and in
    which script they are written, makes no difference. Dates in digits, telephone numbers and identifiers are none.

    >>> one, other = figure_sketch(["Tickets cost 1,200 crowns at 9:30.", "From 9.30, 4 days: 1 200, ๙๓๐"])
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
    """Of two sketches, (k,) |V16 each: whether MIN_SHARE of the figures stand in both, and how many bits are set in the one that has fewer,
    which tells how much that says: none agree with any. (k,) each."""
    left, right = (
        np.ascontiguousarray(column).view(np.uint8).reshape(-1, FIGURE_BITS // 8) for column in (left, right)
    )
    fewer = np.minimum(bits_set(left), bits_set(right))
    return bits_set(left & right) >= MIN_SHARE * fewer, fewer
