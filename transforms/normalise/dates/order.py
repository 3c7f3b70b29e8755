"""Tell the order in which a language prints day, month and year in digits (CLDR through Babel)."""

import re
from functools import lru_cache

_ALIASES = {"tl": "fil", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "hr", "nb": "no", "nn": "no"}


@lru_cache(maxsize=256)
def base_language(tag: str) -> str:
    """Return the code under which the tables have the language of a BCP 47 tag: "no" for nb-NO."""
    language = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    return _ALIASES.get(language, language)


@lru_cache(maxsize=256)
def numeric_order(tag: str) -> str | None:
    """Return the order of day, month and year in CLDR's short date, or None if it is unclear.

    >>> numeric_order("nl"), numeric_order("en-US"), numeric_order("ja"), numeric_order("en")
    ('DMY', 'MDY', 'YMD', None)

    A language that puts the year first gets "YMD". ``day_month_order`` tells its order of day and
    month if a text has the year last all the same.
    """
    pattern, other = _pattern(tag, "short"), _pattern(tag, "yMd")
    if not pattern or (
        other and other[0] != "y" and (pattern.index("d") < pattern.index("M")) != (other.index("d") < other.index("M"))
    ):
        # CLDR's own patterns disagree for a few small languages.
        return None
    return "".join(dict.fromkeys(char.upper() for char in pattern if char in "dMy"))


@lru_cache(maxsize=256)
def day_month_order(tag: str) -> str | None:
    """Return "DMY" or "MDY", the order in which a language prints day and month, or None.

    A language that puts the year first gets "DMY" if it prints "20/3" for day and month, else None.
    """
    order = numeric_order(tag)
    if order == "YMD" and base_language(tag) == "en":  # Canadians print all three orders
        return None
    if order in ("DMY", "MDY"):
        return order
    pattern = _pattern(tag, "Md") if order else None
    return "DMY" if pattern and pattern.index("d") < pattern.index("M") and "/" in pattern else None


@lru_cache(maxsize=256)
def short_separator(tag: str) -> str | None:
    """Return the mark between the numbers of a language's short date; None if it is unknown."""
    pattern = _pattern(tag, "short")
    match = re.search(r"[-/.]", pattern) if pattern else None
    return match[0] if match else None


def _pattern(tag: str, key: str) -> str | None:
    """Return CLDR's short date (``key`` "short") or another skeleton of a tag, or None.

    If CLDR has no such tag, the language's main country counts. English has no main country.
    """
    from babel import Locale, UnknownLocaleError

    subtags = re.split("[-_]", tag.strip())
    language = base_language(tag)
    for name in ("_".join([language, *subtags[1:]]), language):
        if name.lower() in ("en", "und", ""):
            return None
        try:
            locale = Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        pattern = locale.date_formats["short"] if key == "short" else locale.datetime_skeletons.get(key)
        return getattr(pattern, "pattern", None) if pattern is not None else None
    return None
