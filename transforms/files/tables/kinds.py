"""What the values of a column are: numbers, dates, URLs, words, or any text."""

import re
from collections.abc import Sequence

_KINDS = {
    "number": re.compile(r"[-+]?\d+(?:[.,]\d+)*"),
    "date": re.compile(
        r"""
        \d{4}-\d\d(?:-\d\d.{0,30})? | \d{4}([/.])\d\d?\1\d\d?.{0,30} | \d\d?([-/.])\d\d?\2\d{2,4}.{0,30}
        | (?:[A-Z][a-z]{2,8},?\ )?(?:\d\d?\ [A-Za-z]{3,9}\.?|[A-Z][a-z]{2,8}\.?\ \d\d?,)\ \d{4}.{0,30}
        """,
        re.VERBOSE,
    ),
    "url": re.compile(r"(?:https?|ftp)://\S+|www\.\S+"),
    "word": re.compile(r"[\w.:/@+-]{1,64}", re.ASCII),
}
"""What all values of a column may be, the narrowest first. A header is not the first three."""
VALUES = frozenset(("number", "date", "url"))
_LEAST_WORDS = 4
"""So many values show that a column holds single words; a headline may be one word by chance."""
_SHARE_OF_KIND = 0.95
"""A few rows may be damaged, or hold a word such as "unknown"."""
VOID = frozenset(("", "null", "none", "nan", "n/a", "nat", "-", "\\n", "undefined"))
"""Words in lower case that stand for a value that is missing."""


def fits(kinds: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether each cell of a row is of the kind of its column, or stands for nothing.

    >>> fits(("number", "", "date"), ["7", "any text", "2024-03-04"]), fits(("number",), ["a", "b"])
    (True, False)
    """
    return all(is_kind(kind, cell) for kind, cell in zip(kinds, row, strict=False) if kind)


def shows_kind(kinds: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a row fits, and a cell of it has a value of the kind of its column."""
    values = ((kind, cell) for kind, cell in zip(kinds, row, strict=False) if kind)
    return fits(kinds, row) and any(cell.strip().lower() not in VOID for _, cell in values)


def kind_of(values: Sequence[str]) -> str:
    """Return what nearly all values of a column are: a key of _KINDS, or "" for any text.

    >>> kind_of(["1", "22", ""]), kind_of(["2024-03-04", "2024-03-05"]), kind_of(["a b", "1"])
    ('number', 'date', '')
    """
    real = [value for value in values if value.lower() not in VOID]
    for kind, pattern in _KINDS.items():
        least = 2 if kind in VALUES else _LEAST_WORDS
        if len(real) >= least and sum(pattern.fullmatch(value) is not None for value in real) >= _SHARE_OF_KIND * len(
            real
        ):
            return kind
    return ""


def is_kind(kind: str, cell: str) -> bool:
    """Tell whether a cell is of a kind, or stands for nothing."""
    value = cell.strip()
    return value.lower() in VOID or _KINDS[kind].fullmatch(value) is not None


def is_value(cell: str) -> bool:
    """Tell whether a cell is a number, a date or a URL, which are no names of columns."""
    return any(_KINDS[kind].fullmatch(cell) for kind in VALUES)
