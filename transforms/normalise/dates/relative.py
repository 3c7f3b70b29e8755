"""Read relative dates such as "yesterday", "3 days ago" or "il y a une heure".

They count from an instant that the caller gives. The phrases come from CLDR, through Babel and
through dateparser's tables, which also have the number words of many languages. dateparser's own
reader is not used: it takes "3 days" for three days ago, and "hoje às 15h30" for a span of hours.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from newslake.transforms.normalise.dates.fold import fold
from newslake.transforms.normalise.dates.values import (
    DAY,
    PLAUSIBLE_YEARS,
    RELATIVE,
    ParsedDate,
    Refusal,
    Refused,
    Zone,
    build,
)
from newslake.transforms.normalise.dates.vocabulary import (
    ABOUT_WORDS,
    COMPARATIVES,
    HALF_HOURS,
    JUST_NOW,
    LABEL_ROOTS,
    NOT_RELATIVE,
)
from newslake.transforms.normalise.dates.words import all_languages, dateparser_info, locale_data, spellings

RULE = "relative"

Shift = tuple[str, int]
"""A unit and a count of it: ("day", -1)."""

_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_CANONICAL = re.compile(rf"(in )?(\d+|\\1) ({'|'.join(_UNITS)})( ago)?")
"""The English in which dateparser writes what a phrase means: "1 day ago", "in \\1 hour"."""
_NUMBER_PATTERN = re.compile(r"\(\\d[^)]*\)")
_NUMBER = re.compile(r"[0-9]+")
_MAX_COUNT = 1000
_MAX_LABEL_WORDS = 2
"""Before the phrase, as in "Updated 3 hours ago"."""


def read_relative(text: str, language: str | None, base: dt.datetime | None) -> ParsedDate | Refused:
    """Return the date that a phrase such as "2 hours ago" means, counted from ``base``.

    ``text`` is folded. The date is as exact as its unit, but seconds are read to the minute. "1
    week ago" is written as the day 7 days before, and its interval is the week of that day. A
    phrase is refused as RELATIVE if ``base`` is None, and a count above 1,000 as IMPLAUSIBLE. Other
    text is refused as UNRECOGNISED.
    """
    for shifts, numbers in _vocabularies(language):
        printed = text.split()
        words = [numbers.get(word, word) for word in printed]
        for labels in range(min(_MAX_LABEL_WORDS, len(words) - 1) + 1):
            plain = " ".join(words[labels:])
            whole = shifts.get("".join(printed[labels:]).strip(".,"))  # "half an hour ago"
            if whole is not None and base and (not labels or printed[labels - 1].startswith(LABEL_ROOTS)):
                return shifted(base, *whole)
            shift = shifts.get(_NUMBER.sub("#", plain).replace(" ", "").strip(".,"))
            counts = _NUMBER.findall(" ".join(words))
            if shift is None or len(counts) > 1:
                continue
            if not _is_labelled(words[:labels]):
                return Refused(Refusal.UNRECOGNISED)
            unit, count = shift
            if counts:
                if len(counts[0]) > 4 or int(counts[0]) > _MAX_COUNT:
                    return Refused(Refusal.IMPLAUSIBLE)
                count *= int(counts[0])
            elif labels:  # "see you next week" is a sentence
                continue
            return shifted(base, unit, count) if base else Refused(Refusal.RELATIVE)
    return Refused(Refusal.UNRECOGNISED)


def _is_labelled(words: Sequence[str]) -> bool:
    """Tell whether the words before a distance do not change it.

    A label and words that end with a mark do not. "Over 2 years ago" is not exact, so it fails.
    """
    if not words or any(word in COMPARATIVES for word in words):
        return not words
    return words[-1].startswith(LABEL_ROOTS) or words[-1] in _ABOUT or not words[-1][-1].isalnum()


_ABOUT = frozenset(fold(ABOUT_WORDS).split())


def shifted(base: dt.datetime, unit: str, count: int) -> ParsedDate | Refused:
    """Return the year, month, week, day, hour or minute that is ``count`` units after ``base``.

    It is in the zone of ``base``; a negative count goes back. A second is written as its minute.
    """
    offset = base.utcoffset() or dt.timedelta()
    local = base.replace(tzinfo=None)
    try:
        if unit in ("year", "month"):
            months = local.year * 12 + local.month - 1 + count * (12 if unit == "year" else 1)
            fields = [months // 12, months % 12 + 1][: 1 if unit == "year" else 2]
            if fields[0] not in PLAUSIBLE_YEARS:
                return Refused(Refusal.IMPLAUSIBLE)
            parsed = build(RULE, fields)
        elif unit in ("week", "day"):
            day = local + count * DAY * (7 if unit == "week" else 1)
            parsed = build(RULE, [day.year, day.month, day.day])
            if unit == "week" and isinstance(parsed, ParsedDate):
                monday = parsed.start - parsed.start.weekday() * DAY
                parsed = replace(parsed, precision="week", start=monday, until=monday + 7 * DAY)
        else:
            instant = local + count * dt.timedelta(**{unit + "s": 1})
            fields = [instant.year, instant.month, instant.day, instant.hour, instant.minute]
            parsed = build(RULE, fields[: 4 if unit == "hour" else 5], Zone(None, offset))
    except OverflowError:
        return Refused(Refusal.IMPOSSIBLE)
    return parsed if isinstance(parsed, Refused) else replace(parsed, flags=(*parsed.flags, RELATIVE))


def _vocabularies(language: str | None) -> Iterator[tuple[Mapping[str, Shift], Mapping[str, str]]]:
    for name in dict.fromkeys(filter(None, (language, "en"))):
        yield _shifts_of(name), _numbers_of(name)
    yield _shifts_of_all(), {}


@lru_cache(maxsize=64)
def _shifts_of(language: str) -> Mapping[str, Shift]:
    """Return what each relative phrase of a language means.

    Keys have "#" for the number, and no spaces. A phrase of two meanings is left out.
    """
    found: dict[str, set[Shift]] = {}
    for name in spellings(language):
        for phrase, shift in (*_of_dateparser(name), *_of_cldr(name), *_of_units(name)):
            found.setdefault(phrase, set()).add(shift)
    found |= {_key(phrase): {("minute", 0)} for phrase in JUST_NOW}
    found |= {_key(phrase): {("minute", -minutes)} for minutes, phrases in HALF_HOURS.items() for phrase in phrases}
    return {phrase: next(iter(shifts)) for phrase, shifts in found.items() if len(shifts) == 1}


@lru_cache(maxsize=1)
def _shifts_of_all() -> Mapping[str, Shift]:
    """Return the phrases that mean the same in every language that has them."""
    found: dict[str, set[Shift]] = {}
    for name in all_languages():
        for phrase, shift in _of_dateparser(name):
            # "no" is "now" in some languages
            if shift[1] and (len(phrase) > 3 or not phrase.isascii()) and phrase not in NOT_RELATIVE:
                found.setdefault(phrase, set()).add(shift)
    return {phrase: next(iter(shifts)) for phrase, shifts in found.items() if len(shifts) == 1}


def _of_dateparser(language: str) -> Iterator[tuple[str, Shift]]:
    info = dateparser_info(language)
    for table in ("relative-type", "relative-type-regex"):
        for meaning, phrases in info.get(table, {}).items():
            if (match := _CANONICAL.fullmatch(meaning)) and bool(match[1]) != bool(match[4]):
                count = (1 if match[2] == "\\1" else int(match[2])) * (1 if match[1] else -1)
                for phrase in phrases:
                    plain = _NUMBER_PATTERN.sub("#", phrase).replace("\\s*", "")
                    if "\\" not in plain:
                        yield _key(plain), (match[3], count)


def _of_units(language: str) -> Iterator[tuple[str, Shift]]:
    """Yield number, unit and "ago" in both orders, from dateparser's words for each."""
    info = dateparser_info(language)
    for ago in info.get("ago", ()):
        for unit in _UNITS:
            for name in info.get(unit, ()):
                if len(name) > 1 and ago != "before":
                    yield _key(f"# {name} {ago}"), (unit, -1)
                    yield _key(f"{ago} # {name}"), (unit, -1)


def _of_cldr(language: str) -> Iterator[tuple[str, Shift]]:
    for field, directions in (locale_data(language).get("date_fields") or {}).items():
        unit = field.split("-")[0]
        if unit in _UNITS and not field.endswith("-narrow") and isinstance(directions, Mapping):
            for direction, sign in (("past", -1), ("future", 1)):
                for pattern in directions.get(direction, {}).values():
                    if "{0}" in pattern:
                        yield _key(pattern.replace("{0}", "#")), (unit, sign)


def _key(phrase: str) -> str:
    return fold(phrase).replace(" ", "").strip(".,")


@lru_cache(maxsize=64)
def _numbers_of(language: str) -> Mapping[str, str]:
    """Return the digits for the number words of a language that dateparser has."""
    found: dict[str, str] = {}
    for name in spellings(language):
        for rule in dateparser_info(name).get("simplifications", ()):
            for word, digits in rule.items():
                if isinstance(digits, str) and digits.isdigit() and word.replace(" ", "").isalpha():
                    found[fold(word)] = digits
    return found
