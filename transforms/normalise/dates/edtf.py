"""Read EDTF (ISO 8601-2:2019, levels 0 to 2), and the weeks and ordinal days of ISO 8601.

These forms include every value that ``ParsedDate`` can have, so a value reads as itself. The
exception is a season whose number looks like the next year ("2022-23").
"""

import datetime as dt
import re
from dataclasses import replace

from newslake.transforms.normalise.dates.iso import read_iso
from newslake.transforms.normalise.dates.values import (
    APPROXIMATE,
    DAY,
    END_OF_TIME,
    PLAUSIBLE_YEARS,
    START_OF_TIME,
    UNCERTAIN,
    ParsedDate,
    Refusal,
    Refused,
    build,
    one_of,
)

_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})(?:-?([1-7])(T.+)?)?", re.ASCII)
_ORDINAL = re.compile(r"([0-9]{4})-([0-9]{3})(T.+)?", re.ASCII)
_DIVISION = re.compile(r"([0-9]{4})-(2[1-4]|3[3-6])")
_UNSPECIFIED = re.compile(r"([0-9]{4})-(?:(XX)(?:-XX)?|([0-9]{2})-([0-3X]X))|([0-9]{2})([0-9X])X")
# "--03-20" is a day of any year in XML Schema
_NO_YEAR = re.compile(
    r"(?:XXXX|-)-([0-9]{2}-[0-9]{2})(T[0-9]{2}(?::[0-9]{2}(?::[0-9]{2})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_QUALIFIED = re.compile(r"([^?~%/\[\]]+)([?~%])")
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")
_OPEN = re.compile(
    r"[0-9][^/]*/ ?(?:unknown|open|\.\.)?|(?:unknown|open|\.\.)? ?/[0-9][^/]*|\.\.[0-9].*|[0-9].*\.\.", re.I
)
"""An interval without a start or an end, as EDTF and its drafts print it: "2024-05/..".

It is no date of publication. Its one printed date is only the bound.
"""
_QUALIFIERS = {"?": (UNCERTAIN,), "~": (APPROXIMATE,), "%": (UNCERTAIN, APPROXIMATE)}
_MAX_READINGS = 6

RULE = "edtf"


def read_edtf(text: str) -> ParsedDate | Refused:
    """Return the date of a text in a form of EDTF or ISO 8601 beyond the plain date.

    ``text`` is cleaned, as ``parse_date`` does it. Weeks ("2023-W12"), ordinal days ("2023-079")
    and intervals ("2005-2006") are read too. A plain date is refused as UNRECOGNISED, because
    ``read_iso`` reads it. "2020-21" is refused too, because it may be a span of two years.

    >>> read_edtf("192X").precision, read_edtf("2023-03?").flags
    ('decade', ('uncertain',))
    """
    if match := _DIVISION.fullmatch(text):
        year, part = int(match[1]), int(match[2])
        if part == (year + 1) % 100:  # "2022-23" is a season of sports, or a budget's year
            return Refused(Refusal.UNRECOGNISED)
        return season(year, part) if part < 33 else quarter(year, part - 32)
    if match := _WEEK.fullmatch(text):
        return _week(match)
    if match := _ORDINAL.fullmatch(text):
        return _ordinal(match)
    if match := _UNSPECIFIED.fullmatch(text):
        return _unspecified(match)
    if match := _NO_YEAR.fullmatch(text):
        return without_year(read_iso(f"2000-{match[1]}{match[2] or ''}"), RULE)
    if match := _QUALIFIED.fullmatch(text):
        return qualified(_plain(match[1]), match[2])
    if match := _YEARS.fullmatch(text):  # a common way to print the interval 2005/2006
        text = f"{match[1]}/{match[2]}"
    if text[:1] == "[" and text[-1:] == "]":
        return _set(text[1:-1])
    if ("/" in text or ".." in text) and _OPEN.fullmatch(text):
        return Refused(Refusal.IMPLAUSIBLE)
    first, slash, last = text.partition("/")
    is_interval = bool(slash) and len(first) >= 4 and last[:4].isdecimal()  # "1399/02/21" is a day
    return _interval(first, last) if is_interval else Refused(Refusal.UNRECOGNISED)


def qualified(parsed: ParsedDate | Refused, qualifier: str) -> ParsedDate | Refused:
    """Return ``parsed`` as uncertain ("?"), approximate ("~") or both ("%")."""
    if isinstance(parsed, Refused):
        return parsed
    return replace(parsed, value=parsed.value + qualifier, rule=RULE, flags=(*parsed.flags, *_QUALIFIERS[qualifier]))


def season(year: int, number: int) -> ParsedDate | Refused:
    """Return a season of a year: 21 is spring, 22 summer, 23 autumn and 24 winter.

    Its interval is the whole year, because the months depend on the hemisphere. An impossible year
    is refused. The caller checks ``number``.
    """
    whole = build(RULE, [year])
    return whole if isinstance(whole, Refused) else replace(whole, value=f"{year:04d}-{number}", precision="season")


def quarter(year: int, number: int) -> ParsedDate | Refused:
    """Return the quarter ``number`` (1 to 4) of a calendar year."""
    first, last = build(RULE, [year, 3 * number - 2]), build(RULE, [year, 3 * number])
    if isinstance(first, Refused) or isinstance(last, Refused):
        return Refused(Refusal.IMPOSSIBLE)
    return replace(first, value=f"{year:04d}-{32 + number}", precision="quarter", until=last.until)


def decade(year: int) -> ParsedDate | Refused:
    """Return the decade that begins with ``year``, a multiple of 10.

    Refused if one of its years is not in the calendar (1 to 9999).
    """
    first, last = build(RULE, [year]), build(RULE, [year + 9])
    if isinstance(first, Refused) or isinstance(last, Refused):
        return Refused(Refusal.IMPOSSIBLE)
    return replace(first, value=f"{year // 10:03d}X", precision="decade", until=last.until)


def interval(first: ParsedDate, last: ParsedDate, rule: str) -> ParsedDate | Refused:
    """Return the interval from the start of ``first`` to the end of ``last``, the later date."""
    if first.start.year not in PLAUSIBLE_YEARS or last.start.year not in PLAUSIBLE_YEARS:
        return Refused(Refusal.IMPLAUSIBLE)
    if first.start >= last.start:
        return Refused(Refusal.IMPOSSIBLE)
    flags = tuple(dict.fromkeys(first.flags + last.flags))
    return ParsedDate(f"{first.value}/{last.value}", "interval", first.start, last.until, None, rule, flags)


def without_year(parsed: ParsedDate | Refused, rule: str) -> ParsedDate | Refused:
    """Return the day of ``parsed`` in an unknown year; its interval is all of time.

    ``parsed`` should be in a leap year.
    """
    if isinstance(parsed, Refused):
        return parsed
    return replace(parsed, value="XXXX" + parsed.value[4:], start=START_OF_TIME, until=END_OF_TIME, rule=rule)


def _plain(text: str) -> ParsedDate | Refused:
    if _DIVISION.fullmatch(text):
        return read_edtf(text)
    return read_iso(text)


def _week(match: re.Match[str]) -> ParsedDate | Refused:
    year, week, weekday, time = match.groups()
    try:
        day = dt.date.fromisocalendar(int(year), int(week), int(weekday or 1))
    except ValueError:
        return Refused(Refusal.IMPOSSIBLE)
    parsed = read_iso(day.isoformat() + (time or ""))
    if isinstance(parsed, Refused) or weekday:
        return parsed
    until = END_OF_TIME if parsed.start > END_OF_TIME - 7 * DAY else parsed.start + 7 * DAY
    return replace(parsed, value=f"{year}-W{week}", precision="week", until=until, rule=RULE)


def _ordinal(match: re.Match[str]) -> ParsedDate | Refused:
    year, number = int(match[1]), int(match[2])
    if year == 0 or number == 0:
        return Refused(Refusal.IMPOSSIBLE)
    try:
        day = dt.date(year, 1, 1) + (number - 1) * DAY
    except OverflowError:
        return Refused(Refusal.IMPOSSIBLE)
    return read_iso(day.isoformat() + (match[3] or "")) if day.year == year else Refused(Refusal.IMPOSSIBLE)


def _unspecified(match: re.Match[str]) -> ParsedDate | Refused:
    year, month_unknown, month, day, century, decade_digit = match.groups()
    if century is not None:
        if decade_digit != "X":
            return decade(int(century + decade_digit) * 10)
        first, last = build(RULE, [int(century) * 100]), build(RULE, [int(century) * 100 + 99])
        if isinstance(first, Refused) or isinstance(last, Refused):
            return Refused(Refusal.IMPOSSIBLE)
        return replace(first, value=match[0], precision="century", until=last.until)
    whole = build(RULE, [int(year)] if month_unknown else [int(year), int(month)])
    if isinstance(whole, Refused):
        return whole
    if month_unknown or day == "XX":
        return replace(whole, value=match[0], precision="month-unspecified" if month_unknown else "day-unspecified")
    tens = 10 * int(day[0])
    start = whole.start + max(tens - 1, 0) * DAY
    until = min(whole.until, whole.start + min(tens + 9, 30) * DAY) if tens < 30 else whole.until
    if start >= until:
        return Refused(Refusal.IMPOSSIBLE)
    return replace(whole, value=match[0], precision="day-unspecified", start=start, until=until)


def _interval(first: str, last: str) -> ParsedDate | Refused:
    readings = [read_edtf(part) if _QUALIFIED.fullmatch(part) else _plain(part) for part in (first, last)]
    one, other = readings
    if isinstance(one, Refused):
        return one
    if isinstance(other, Refused):
        return other
    return interval(one, other, RULE)


def _set(text: str) -> ParsedDate | Refused:
    parts = [part.strip() for part in text.split(",")]
    if not 2 <= len(parts) <= _MAX_READINGS:
        return Refused(Refusal.UNRECOGNISED)
    readings: list[ParsedDate] = []
    for part in parts:
        reading = _plain(part)
        if isinstance(reading, Refused):
            return reading
        readings.append(reading)
    if len({reading.precision for reading in readings}) > 1:
        return Refused(Refusal.UNRECOGNISED)
    return replace(one_of(readings), rule=RULE)
