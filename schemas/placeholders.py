"""What programs write where a value is missing."""

import re

_MISSING = re.compile(r"[\W_0]*|[\W_]*(?:nan|nat|none|null|nil|n/?a|undefined|unknown)[\W_]*|\\N", re.IGNORECASE)

MISSING_WORDS = frozenset(
    {
        *("nan", "NaN", "NAN", "NaT", "None", "<NA>", "NA"),  # pandas, R
        *("null", "NULL", "nil", "(null)", "\\N"),  # JSON, SQL, Ruby, C, MySQL
        *("undefined", "N/A", "n/a", "#N/A", "-", "--"),  # JavaScript, Excel, people
    }
)
"""The words as programs spell them, for values in which the same word may be meant.

"Nan" and "Null" are people's names.
"""


def is_missing(text: str) -> bool:
    """Tell whether an id, URL or date stands for nothing.

    These are the words of Python, pandas, SQL, JavaScript and Excel, also in brackets or quotes, a
    dash or question mark, and nothing but zeros, such as the nil UUID (RFC 9562 section 5.9).

    >>> [is_missing(text) for text in ("N/A", "<NA>", "?", "0", "42")]
    [True, True, True, True, False]
    """
    return not "1" <= text[:1] <= "9" and _MISSING.fullmatch(text) is not None
