"""Read the forms that machines print: ISO 8601 with RFC 3339, RFC 822 and later, Unix time."""

import datetime as dt
import re
from dataclasses import replace

from newslake.transforms.normalise.dates.values import (
    BOGUS_WEEKDAY,
    EPOCH,
    NO_ZONE,
    PLAUSIBLE_YEARS,
    ParsedDate,
    Refusal,
    Refused,
    build,
    dated,
)
from newslake.transforms.normalise.dates.zones import zone_of

FIRST_YEAR = 1000
"""The first year of dates in words and numbers. An earlier one is a slip, except in ISO 8601, where
a year always has four digits.
"""
EDTF_DIVISIONS = frozenset({21, 22, 23, 24, 33, 34, 35, 36})
"""Numbers of EDTF that stand in the month's place and mean a season or a quarter."""
_PLAUSIBLE_SECONDS = range(631_152_000, 4_102_444_800)
"""Unix time from 1990 to 2100: other numbers are more likely something else."""

_ZONE = r"[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?|[A-Za-z]{1,5}"
_ISO_8601 = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    # "10-12" after a space are hours, not a zone
    r"(?:(?:[Tt]| (?![0-9]{2}[+-]))([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?)?"
    rf"(?: ?({_ZONE}))?)?)?)?"
)
_ISO_8601_BASIC = re.compile(  # years 1500 to 2100: other bare digits may be an id
    r"(1[5-9][0-9]{2}|20[0-9]{2}|2100)([0-9]{2})([0-9]{2})"
    rf"(?:T?([0-9]{{2}})([0-9]{{2}})(?:([0-9]{{2}})(?:[.,][0-9]+)?)?({_ZONE})?)?"
)
_RFC_822 = re.compile(
    r"(?:([A-Za-z]{3,9})\.?(?:, *| +))?"
    r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{2,4})"
    rf"(?:,? +([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:\.[0-9]+)?)?(?: *({_ZONE}))?)?"
)
_UNIX_TIME = re.compile(r"(?:[0-9]{9,10}(?:[0-9]{3})?|[0-9]{16}|[0-9]{19})(?:\.[0-9]+)?")
"""Seconds, or thousandths, millionths or billionths of them. Other lengths may be ids."""
_NOUGHT = re.compile(r"[+-]?0+(?:\.0+)?")
_DATE_CALL = re.compile(r"\\?/?(?:new )?Date\((-?[0-9]{1,15})([+-][0-9]{4})?\)\\?/?")
"""Milliseconds as JSON of .NET has them: ``/Date(1709546400000+0100)/``. The offset is the zone of
the writer and does not move the instant."""
_DAY_AND_HOUR = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])")
"""Ten digits that are more likely a day and its hour than Unix time from 2030 on: "2023032014"."""
_COMMENT = re.compile(r" *\([^()]*\)")
_SPACES = re.compile(r"\s+")

_MONTH_NAMES = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names} | {"sept": 9}
_WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}


def read_iso(text: str) -> ParsedDate | Refused:
    """Return a calendar date of ISO 8601, in the extended or the basic format."""
    if text[10:11] == "T" and text[16:17] == ":" and isinstance(parsed := _from_rfc_3339(text), ParsedDate):
        return parsed
    if match := _ISO_8601.fullmatch(text):
        return _from_iso(match, "iso_8601")
    if match := _ISO_8601_BASIC.fullmatch(text):
        return _from_iso(match, "iso_8601_basic")
    return Refused(Refusal.UNRECOGNISED)


def read_rfc_822(text: str) -> ParsedDate | Refused:
    """Return a date of RFC 822, RFC 2822 or RFC 5322, without comments."""
    if match := _RFC_822.fullmatch(text):
        return _from_rfc_822(match)
    return Refused(Refusal.UNRECOGNISED)


def read_unix_time(text: str) -> ParsedDate | Refused:
    """Return the instant of a count since 1970: from 1990 to 2100.

    It counts seconds, or thousandths, millionths or billionths of them. "0" is refused, because it
    stands for no date.
    """
    if _NOUGHT.fullmatch(text):
        return Refused(Refusal.IMPLAUSIBLE)
    if _DAY_AND_HOUR.fullmatch(text):
        return Refused(Refusal.IMPLAUSIBLE)
    if _UNIX_TIME.fullmatch(text):
        return _from_unix_time(int(text.partition(".")[0]))
    if match := _DATE_CALL.fullmatch(text):
        return _from_date_call(int(match[1]), match[2])
    return Refused(Refusal.UNRECOGNISED)


def _from_rfc_3339(text: str) -> ParsedDate | Refused:
    """Read ``2023-03-20T14:05:09+01:00``, the most common form, and refuse all others."""
    zone = zone_of(text[19:])
    if isinstance(zone, Refused):
        return zone
    try:
        local = dt.datetime.fromisoformat(text[:19])
    except ValueError:
        return Refused(Refusal.UNRECOGNISED)
    return dated(local, "second", zone, "iso_8601")


def _from_iso(match: re.Match[str], rule: str) -> ParsedDate | Refused:
    *fields, zone = match.groups()
    if (
        zone
        and zone[0] == "-"
        and match[0][10] == " "
        and not fields[-1]
        and is_clock_range(int(fields[3]), zone, match[0][-len(zone) - 1])
    ):
        return Refused(Refusal.UNRECOGNISED)
    numbers = list(map(int, fields if fields[-1] else filter(None, fields)))
    if len(numbers) == 2 and numbers[1] in EDTF_DIVISIONS:
        return Refused(Refusal.UNRECOGNISED)
    if len(numbers) == 1 and numbers[0] not in PLAUSIBLE_YEARS:
        return Refused(Refusal.IMPLAUSIBLE)
    return build(rule, numbers, zone_of(zone) if zone else NO_ZONE)


def is_clock_range(hour: int, offset: str, before: str) -> bool:
    """Tell whether "-12:00" behind hours and minutes may be the end of a range of hours.

    It is an offset if RFC 822 prints it so ("-0700"), or if it stands behind a space and the range
    would end before it began. For texts that are not in the form of ISO 8601.
    """
    if len(offset) == len("-0700") and ":" not in offset:
        return False
    return before != " " or ":" not in offset or int(offset[1:3]) >= hour


def _from_rfc_822(match: re.Match[str]) -> ParsedDate | Refused:
    weekday, day, month_name, year_text, hour, minute, second, zone = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None or (weekday is not None and weekday[:3].lower() not in _WEEKDAYS):
        return Refused(Refusal.UNRECOGNISED)
    year = int(year_text)
    if len(year_text) < 4:  # RFC 5322 section 4.3
        year += 2000 if len(year_text) == 2 and year < 50 else 1900
    if year < FIRST_YEAR:
        return Refused(Refusal.IMPLAUSIBLE)
    if zone and zone[0] == "-" and second is None and is_clock_range(int(hour), zone, match[0][-len(zone) - 1]):
        return Refused(Refusal.UNRECOGNISED)
    numbers = [year, month, int(day)]
    if hour is not None:
        numbers += [int(field) for field in (hour, minute, second) if field is not None]
    parsed = build("rfc_822", numbers, zone_of(zone) if zone else NO_ZONE)
    if weekday is None or isinstance(parsed, Refused):
        return parsed
    if dt.date(year, month, int(day)).weekday() != _WEEKDAYS[weekday[:3].lower()]:
        return replace(parsed, flags=(*parsed.flags, BOGUS_WEEKDAY))
    return parsed


def _from_unix_time(count: int) -> ParsedDate | Refused:
    for per_second in (1, 1_000, 1_000_000, 1_000_000_000):
        if count // per_second in _PLAUSIBLE_SECONDS:
            return _instant(count // per_second)
    return Refused(Refusal.IMPLAUSIBLE)


def _from_date_call(milliseconds: int, offset: str | None) -> ParsedDate | Refused:
    zone = zone_of(offset or "Z")
    try:
        local = EPOCH + dt.timedelta(milliseconds=milliseconds)
        return zone if isinstance(zone, Refused) else build("unix_time", (local + zone.offset).timetuple()[:6], zone)
    except OverflowError:
        return Refused(Refusal.IMPLAUSIBLE)


def _instant(seconds: int) -> ParsedDate | Refused:
    return build("unix_time", (EPOCH + dt.timedelta(seconds=seconds)).timetuple()[:6], zone_of("Z"))
