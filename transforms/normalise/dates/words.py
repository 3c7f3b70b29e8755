"""Load the words of dates in every language of CLDR: months, weekdays, parts of the day.

Most come from CLDR through Babel. It has each name in the forms for dates and for use alone, and
patterns whose quoted words ("de", "kl.", "Uhr") stand between day, month, year and time.
dateparser's tables, also made from CLDR, add spellings of papers. ``vocabulary`` has the words that
neither has. A table is loaded when a text first needs it.
"""

import importlib
import pickle
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from newslake.transforms.normalise.dates.dayparts import DAY_LANGUAGES, JOINING_LANGUAGES, more_days, more_parts
from newslake.transforms.normalise.dates.fold import fold, phrase, pieces
from newslake.transforms.normalise.dates.names import NAME_LANGUAGES, names_of
from newslake.transforms.normalise.dates.vocabulary import (
    ABOUT_WORDS,
    AT_WORDS,
    ERA_WORDS,
    FILLERS,
    HOUR_WORDS,
    MIDNIGHT_WORDS,
    MINUTE_WORDS,
    MORE_NAMES,
    NOON_WORDS,
    NOT_GREGORIAN,
    NOT_RELATIVE,
    PERSIAN_MONTHS,
    SEASONS,
    SECOND_WORDS,
    SPANS,
    YEAR_WORDS,
)

Sense = tuple[str, int]
"""A kind and a number that a word may mean: ("month", 3), ("weekday", 0) for Monday, ("am", 0).

("span", 1824) is the part of a day from 18 to 24 o'clock.
"""
Words = Mapping[str, frozenset[Sense]]
"""Senses by folded phrase, its words joined by single spaces: "de", "a m", "thang muoi hai"."""

_SHORT = 3
_MIN_LANGUAGES_OF_SHORT_NAMES = 3
_MIN_LANGUAGES_AGAINST_ONE = 8
"""If one language means another month by a word, so many others must agree on the common one.

"mai" is May in many languages, and August in Taroko.
"""
_NAMES = frozenset({"month", "weekday", "am", "pm"})
_KEPT_SINGLE = re.compile(r"[\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which one letter is a word. In others one letter is a short name of calendars only."""

_TOGETHER = {"no": ("no", "nb", "nn"), "fil": ("fil", "tl"), "sr": ("sr", "hr", "bs"), "hr": ("hr", "bs")}
"""Languages that have several codes, or whose papers print each other's words."""


def spellings(language: str) -> tuple[str, ...]:
    """Return the codes under which the tables have a language's words."""
    return _TOGETHER.get(language, (language,))


def all_languages() -> Iterable[str]:
    """Return the codes of dateparser's languages."""
    order: Iterable[str] = importlib.import_module("dateparser.data.languages_info").language_order
    return order


@lru_cache(maxsize=64)
def words_of(language: str) -> dict[str, frozenset[Sense]]:
    """Return the words of one language, its territories and scripts; {} if no table has it."""
    from babel.localedata import locale_identifiers

    found: dict[str, set[Sense]] = defaultdict(set)
    languages = spellings(language)
    for name in locale_identifiers():
        if name.split("_")[0] in languages:
            _add_locale(found, name)
    for name in languages:
        _add_dateparser(found, name)
        _add_more(found, name)
    if language in JOINING_LANGUAGES:
        _add_evenings(found)
    if language == "fa":
        for number, name in enumerate(PERSIAN_MONTHS.split(), 1):
            found[phrase(name)].add(("persian_month", number))
    return _frozen(found)


@lru_cache(maxsize=1)
def words_of_all() -> dict[str, frozenset[Sense]]:
    """Return the words of every language together.

    Left out are months that are another month elsewhere, short names that few languages have, and
    territories, except the Arabic ones and Austria, whose months have other names.
    """
    from babel.localedata import locale_identifiers

    found: dict[str, set[Sense]] = defaultdict(set)
    counts: Counter[tuple[str, Sense]] = Counter()
    for name in locale_identifiers():
        if name.count("_") == 0 or len(name.split("_")[1]) == 4 or name.startswith("ar_") or name == "de_AT":
            own: dict[str, set[Sense]] = defaultdict(set)
            _add_locale(own, name, is_own=False)
            for word, senses in own.items():
                found[word] |= senses
                counts.update((word, sense) for sense in senses if sense[0] == "month")
    for name in all_languages():
        _add_dateparser(found, name)
    for name in sorted(MORE_NAMES.keys() | DAY_LANGUAGES | NAME_LANGUAGES):
        _add_more(found, name, is_own=False)
    for name in NOT_GREGORIAN & found.keys():
        del found[name]
    for name, senses in found.items():
        # Across languages, "de" is rather "of" than December, and Czech "pro" is not a month.
        is_small = any(kind in ("filler", "at") for kind, _ in common_words().get(name, ()))
        is_short = len(name) <= _SHORT and not _KEPT_SINGLE.match(name)
        months = sorted((sense for sense in senses if sense[0] == "month"), key=lambda sense: -counts[name, sense])
        senses -= {sense for sense in senses if sense[0] == "year" or (is_small and sense[0] in _NAMES)}
        senses.difference_update(months[1:])
        others = sum(counts[name, month] for month in months[1:])
        is_told = months and counts[name, months[0]] >= (_MIN_LANGUAGES_OF_SHORT_NAMES if is_short else 0)
        if not is_told or (len(months) > 1 and (others > 1 or counts[name, months[0]] < _MIN_LANGUAGES_AGAINST_ONE)):
            senses.difference_update(months[:1])
        if name[-1:].isdigit():  # "a 7" is rather a time than a day of the week
            senses -= {sense for sense in senses if sense[0] == "weekday"}
        if is_short or name in NOT_RELATIVE:
            senses -= {sense for sense in senses if sense[0] == "relative_day"}
        # "e" is "hour" in some languages and "and" in most; "to" is a forenoon.
        if len(name) <= 2 and not _KEPT_SINGLE.match(name):
            senses -= {sense for sense in senses if sense[0] in ("hour", "am", "pm")}
    return _frozen(found)


@lru_cache(maxsize=1)
def words_of_others() -> dict[str, frozenset[Sense]]:
    """Return the words of every language, without short weekdays, for a text of a known language.

    In that language the short weekdays of others are other words.
    """
    return {
        name: frozenset(sense for sense in senses if sense[0] != "weekday")
        if len(name) <= _SHORT and not _KEPT_SINGLE.match(name)
        else senses
        for name, senses in words_of_all().items()
    }


@lru_cache(maxsize=1)
def common_words() -> dict[str, frozenset[Sense]]:
    """Return the small words of dates in any language, and the words for seasons and "about"."""
    found: dict[str, set[Sense]] = defaultdict(set)
    listed = (
        ("at", AT_WORDS),
        ("hour", HOUR_WORDS),
        ("minute", MINUTE_WORDS),
        ("second", SECOND_WORDS),
        ("filler", FILLERS),
        ("about", ABOUT_WORDS),
        ("year", YEAR_WORDS),
        ("era", ERA_WORDS),
    )
    for kind, names in (*listed, ("noon", NOON_WORDS), ("midnight", MIDNIGHT_WORDS)):
        for name in names.split():
            found[phrase(name.replace("_", " "))].add((kind, 0))
    for kind in ("am", "pm"):  # papers of many languages print the English ones
        for name in (kind, f"{kind[0]} m"):
            found[name].add((kind, 0))
    for number in range(1, 13):  # CLDR's root calls a month without a name "M01"
        found[f"m {number:02d}"].add(("month", number))
    for number, names in SEASONS.items():
        for name in names.split():
            found[phrase(name)].add(("season", number))
    for name, span in SPANS.items():
        found[name].add(("span", span))
    return _frozen(found)


def _add_more(found: dict[str, set[Sense]], language: str, is_own: bool = True) -> None:
    """Add the words of the project's own tables; short ones only for a text of the language."""
    for word, sense in MORE_NAMES.get(language, {}).items():
        kind, _, count = sense.partition(" ")
        if kind == "at":  # Welsh "am 12:40" is at 12:40
            found[phrase(word)] -= {("am", 0), ("pm", 0)}
        found[phrase(word)].add((kind, int(count)))
    for name, own_sense in names_of(language):
        if is_own or len(name) > (_SHORT + 1 if own_sense[0] == "month" else _SHORT):
            found[phrase(name)].add(own_sense)
    for name, part in more_parts(language):
        found[phrase(name)].add(("span", part))
    for name, day, part in more_days(language):
        found[phrase(name)] |= {("relative_day", day), ("span", part)}


def _add_evenings(found: dict[str, set[Sense]]) -> None:
    """Add weekday and part of the day in one word: Dutch "zondagavond", German "Sonntagabend"."""
    parts = [(name, sense) for name, senses in found.items() for sense in senses if sense[0] == "span"]
    days = [(name, sense) for name, senses in found.items() for sense in senses if sense[0] == "weekday"]
    for day, weekday in days:
        if len(day) > _SHORT:
            for part, span in parts:
                found[day + part] |= {weekday, span}


def _frozen(found: Mapping[str, Iterable[Sense]]) -> dict[str, frozenset[Sense]]:
    return {name: frozenset(senses) for name, senses in found.items() if name}


def _add_locale(found: dict[str, set[Sense]], name: str, is_own: bool = True) -> None:
    """Add the words of the locale itself, without the words that it inherits."""
    data = locale_data(name)
    affixes = _month_affixes(data)
    months = list(_names(data.get("months")))
    for number, month in months:
        if digits := re.fullmatch(r"(\d*)(\D+?)(\d*)", fold(month)):
            before, word, after = digits.groups()
            if not before and not after:
                for prefix, suffix in affixes:
                    _add_name(found, prefix + month + suffix, ("month", number))
            elif len(word.strip()) > 1 or _KEPT_SINGLE.match(word.strip()):  # the root's "M01" is not a name
                for prefix, suffix in affixes:
                    found[phrase(prefix + word + suffix)].add(("month_unit" if before else "month_unit_before", 0))
            elif len(after) < 2 or number > 9:
                found[phrase(month)].add(("month", number))
    for number, day in _names(data.get("days")):
        _add_name(found, day, ("weekday", number))
    for number, quarter in _names(data.get("quarters")):
        # Breton "1c" would be a day before "c'hwe."
        is_short = len(phrase(quarter)) < 2 or (quarter[0].isdigit() and len(quarter) < 5)
        if not is_short and not any(month == quarter for _, month in months):
            found[phrase(quarter)].add(("quarter", number))
    rules = (data.get("day_period_rules") or {}).get(None, {})
    for period, word in _names(data.get("day_periods")):
        if period in ("am", "pm", "noon", "midnight"):
            found[phrase(word)].add((period, 0))
        elif (
            (is_own or len(phrase(word)) > _SHORT + 1)
            and len(rules.get(period, ())) == 1
            and "from" in rules[period][0]
        ):
            hours = rules[period][0]["from"] // 3600, rules[period][0]["before"] // 3600
            found[phrase(word)].add(("span", hours[0] * 100 + hours[1]))
    for width in ("wide", "abbreviated"):
        era = (data.get("eras") or {}).get(width)
        if isinstance(era, Mapping) and isinstance(era.get(1), str):
            found[phrase(era[1])].add(("filler", 0))
            for number in (0, 1):
                found[phrase(era.get(number, ""))].add(("era", 0))
    if is_own:
        _add_patterns(found, data)


def locale_data(name: str) -> Mapping[str, Any]:
    """Return Babel's data of the locale itself, without inherited data, or {}.

    babel.localedata.load() would cache this part for callers that need the whole locale.
    """
    from babel.localedata import exists, resolve_locale_filename

    if not exists(name):
        return {}
    data: Mapping[str, Any] = pickle.loads(Path(resolve_locale_filename(name)).read_bytes())
    return data


def _names(table: Any) -> Iterator[tuple[Any, str]]:
    """Yield number and name from ``table``, except narrow names and references."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            names = table.get(context, {}).get(width) if isinstance(table, Mapping) else None
            if isinstance(names, Mapping):
                yield from ((number, name) for number, name in names.items() if isinstance(name, str) and name)


def _add_name(found: dict[str, set[Sense]], name: str, sense: Sense) -> None:
    key = phrase(name)
    if len(key) > 1 or _KEPT_SINGLE.match(key):
        found[key].add(sense)


_AFFIXED = re.compile(r"(?<![^\W\d_])([^\W\d_A-Za-z]*)M{3,4}'?([^\W\d_A-Z]*)'?")


def _month_affixes(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the locale's patterns write onto a month: Hebrew "ב" before it."""
    affixes = {("", "")}
    for table in ("date_formats", "datetime_skeletons"):
        patterns = data.get(table)
        for pattern in patterns.values() if isinstance(patterns, Mapping) else ():
            text = getattr(pattern, "pattern", pattern)
            if isinstance(text, str):
                affixes.update(
                    (prefix, suffix) for prefix, suffix in _AFFIXED.findall(text) if suffix not in ("d", "y")
                )
    return sorted(affixes)


_QUOTED = re.compile(r"'([^']+)'|([A-Za-z])\2*|([^A-Za-z']+)")
_FIELD_BEFORE = {"H": "hour", "h": "hour", "K": "hour", "k": "hour", "m": "minute", "s": "second"}


def _add_patterns(found: dict[str, set[Sense]], data: Mapping[str, Any]) -> None:
    """Add the words in the locale's patterns: behind an hour, before a time, or anywhere."""
    for table in ("date_formats", "time_formats", "datetime_formats", "datetime_skeletons"):
        patterns = data.get(table)
        for key, pattern in patterns.items() if isinstance(patterns, Mapping) else ():
            text = getattr(pattern, "pattern", pattern)
            if not isinstance(text, str) or (table == "datetime_skeletons" and re.search("[wWQGB]", key)):
                continue
            field = ""
            for match in _QUOTED.finditer(text):
                quoted, letter, other = match.groups()
                if letter:
                    field = letter
                    continue
                kind = "at" if table == "datetime_formats" else _FIELD_BEFORE.get(field, "filler")
                for word, _ in pieces(fold(quoted or other)):
                    if not word.isdigit():
                        found[word].add((kind, 0))


_DATEPARSER_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_RELATIVE_DAY = re.compile(r"(in )?(\d) day(?: ago)?")
_DATEPARSER_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _add_dateparser(found: dict[str, set[Sense]], language: str) -> None:
    info = dateparser_info(language)
    for number, key in enumerate(_DATEPARSER_MONTHS, 1):
        for name in info.get(key, ()):
            is_other = language == "am" and phrase(name) in NOT_GREGORIAN
            if not is_other and not any(char.isdigit() for char in name):
                _add_name(found, name, ("month", number))
    for number, key in enumerate(_DATEPARSER_DAYS):
        for name in info.get(key, ()):
            _add_name(found, name, ("weekday", number))
    for key in ("am", "pm"):
        for name in info.get(key, ()):
            if len(name) > 1:
                found[phrase(name)].add((key, 0))
    for meaning, names in info.get("relative-type", {}).items():
        if (match := _RELATIVE_DAY.fullmatch(meaning)) is not None:
            for name in names:
                found[phrase(name)].add(("relative_day", int(match[2]) * (1 if match[1] else -1)))
    for key in ("year", "hour", "minute"):
        for name in info.get(key, ()):
            found[phrase(name)].add((key, 0))


@lru_cache(maxsize=256)
def dateparser_info(language: str) -> Mapping[str, Any]:
    """Return dateparser's table for a language, or {} if it has none."""
    if re.fullmatch(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?", language) is None:
        return {}
    try:
        module = importlib.import_module(f"dateparser.data.date_translation_data.{language}")
    except ImportError:
        return {}
    info: Mapping[str, Any] = module.info
    return info
