"""Publication dates: from the text that a source printed to the interval that it means, and no further.

A date is worth what it says: ``2023-03`` is the whole of March, never its first day. Values are EDTF (ISO 8601-2): the printed fields and
no more. What is not sure is refused with a reason; nothing is filled in from the clock, which this module never reads.

The ladder has three rungs: ISO 8601 with its profile RFC 3339, RFC 822 with its successors (RFC 2822, RFC 5322), and digits only
(ISO 8601 basic, Unix time). Month names other than English and dates that need a day-month order are refused.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from schemas import codec

COARSE = "coarse"
ZONE_ASSUMED = "zone_assumed"
ZONE_UNKNOWN = "zone_unknown"
FUTURE = "future"
EPOCH_ZERO = "epoch_zero"
BOGUS_WEEKDAY = "bogus_weekday"

DAY_OR_FINER = frozenset({"day", "hour", "minute", "second"})
FUTURE_TOLERANCE = dt.timedelta(days=2)
"""Wrong zones and embargoed texts lie up to a day ahead; what is further off is announced or mistyped."""

MAX_CHARS = 100
"""No form below is longer; what is longer is a sentence, and is not searched."""

_DAY = dt.timedelta(days=1)
_LENGTHS = {"day": _DAY, "hour": dt.timedelta(hours=1), "minute": dt.timedelta(minutes=1), "second": dt.timedelta(seconds=1)}
_TIMES = frozenset({"hour", "minute", "second"})
_PRECISIONS = ("", "year", "month", "day", "hour", "minute", "second")
"""By the number of fields, from the year down."""
_FIRST = (1, 1, 1, 0, 0, 0)
_VALUE_CHARS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
"""How much of ``2023-03-20T14:05:09`` a precision prints."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)
_PLAUSIBLE_YEARS = range(1500, 2101)
"""Of a bare number, which may as well be a time or an id: from the first printed newsletters on."""
_PLAUSIBLE_SECONDS = range(631_152_000, 4_102_444_800)
"""Of Unix time: 1990 to 2100, for the same reason."""
_MAX_OFFSET_MINUTES = 14 * 60
"""XML Schema part 2, section 3.2.7.3; the farthest zone in use is Kiribati's."""


class Refusal(StrEnum):
    """Why a text is not taken for a date."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNRECOGNISED = "unrecognised"
    IMPOSSIBLE = "impossible"
    """The form is right, but there is no such day, time or offset."""
    IMPLAUSIBLE = "implausible"
    """A number that would be a date far off, or the year-one instant that .NET and Go print for "no date"."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The text is not a date, or not one that can be told without guessing."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date as far as it is known.

    ``start`` and ``until`` bound its half-open interval, in UTC; a time without a zone is read as UTC and flagged ``zone_unknown`` (a day
    or a month without one is not: it has no zone to lose). ``zone`` is the zone as printed, ``rule`` the rung that read the date,
    ``alternatives`` other readings, each a value. An interval that would end after the year 9999 ends with it.
    """

    value: str
    precision: str
    start: dt.datetime
    until: dt.datetime
    zone: str | None
    rule: str
    flags: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


class RecordDate(NamedTuple):
    """A date in the forms that the article record has for it; see schemas/article.py."""

    date_published: str | None
    date_precision: str
    published_on: str | None
    published_from: str | None
    published_until: str | None
    date_flags: tuple[str, ...]


UNDATED = RecordDate(None, "none", None, None, None, ())


_ZONE = r"[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?|[A-Za-z]{1,5}"
_ISO_8601 = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:(?:[Tt]| (?![0-9]{2}[+-]))([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?)?"  # "10-12" after a space are hours, not a zone
    rf"(?: ?({_ZONE}))?)?)?)?"
)
_ISO_8601_BASIC = re.compile(  # years 1500 to 2100: bare digits may as well be an id
    r"(1[5-9][0-9]{2}|20[0-9]{2}|2100)([0-9]{2})([0-9]{2})"
    rf"(?:T?([0-9]{{2}})([0-9]{{2}})(?:([0-9]{{2}})(?:[.,][0-9]+)?)?({_ZONE})?)?"
)
_RFC_822 = re.compile(
    r"(?:([A-Za-z]{3,9})\.?(?:, *| +))?"
    r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ -]([0-9]{2,4})"
    rf"(?:,? +([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:\.[0-9]+)?)?(?: *({_ZONE}))?)?"
)
_UNIX_TIME = re.compile(r"([0-9]{9,10})([0-9]{3})?(?:\.[0-9]+)?")
_ZONE_FORM = re.compile(_ZONE)
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

_ZONE_HOURS = {
    # RFC 822 section 5.1
    **{"UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    # not in it, but common in feeds and of one meaning only
    **{"Z": 0, "UTC": 0, "WET": 0, "WEST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9},
}


@dataclass(frozen=True, slots=True)
class _Zone:
    suffix: str
    offset: dt.timedelta
    is_unknown: bool


_NO_ZONE = _Zone("", dt.timedelta(), is_unknown=True)
_UNKNOWN_UTC = _Zone("Z", dt.timedelta(), is_unknown=True)


def parse_date(
    text: str, *, language: str | None = None, base: dt.datetime | None = None, order: str | None = None
) -> ParsedDate | Refused:
    """Read the one date that ``text`` consists of.

    ``language`` (BCP 47), ``base`` (the instant that relative words count from) and ``order`` (of day, month and year) are what a reader
    may know beside the text; no form of this ladder depends on them. Never raises.

    >>> parse_date("2023-03").value, parse_date("Mon, 20 Mar 2023 14:05 +0100").value
    ('2023-03', '2023-03-20T14:05+01:00')
    """
    text = text.strip()
    if len(text) > MAX_CHARS:
        return Refused(Refusal.TOO_LONG)
    if text[10:11] == "T" and text[16:17] == ":" and isinstance(parsed := _from_rfc_3339(text), ParsedDate):
        return parsed
    if match := _ISO_8601.fullmatch(text):
        return _from_iso(match, "iso_8601")
    if match := _RFC_822.fullmatch(text):
        return _from_rfc_822(match)
    if not text:
        return Refused(Refusal.EMPTY)
    if match := _ISO_8601_BASIC.fullmatch(text):
        return _from_iso(match, "iso_8601_basic")
    if match := _UNIX_TIME.fullmatch(text):
        return _from_unix_time(match)
    if text == "0":
        return _build("unix_time", (1970, 1, 1, 0, 0, 0), "Z")
    # RFC 5322 section 3.2.2 lets comments and folded lines stand between the parts
    if match := _RFC_822.fullmatch(_SPACES.sub(" ", _COMMENT.sub("", text)).strip()):
        return _from_rfc_822(match)
    return Refused(Refusal.UNRECOGNISED)


def assume_zone(parsed: ParsedDate, zone: dt.tzinfo) -> ParsedDate:
    """Read a time that has no zone as one in ``zone``, flagged ``zone_assumed``; any other date comes back as it is.

    Where a clock change makes the time ambiguous or skips it, the offset before the change holds (PEP 495, fold=0).
    """
    if ZONE_UNKNOWN not in parsed.flags or parsed.value.endswith("Z"):
        return parsed
    offset = zone.utcoffset(parsed.start.replace(tzinfo=None))
    if offset is None or offset % dt.timedelta(minutes=1):  # local mean times have no EDTF form
        return parsed
    try:
        start, until = parsed.start - offset, parsed.until - offset
    except OverflowError:
        return parsed
    flags = tuple(ZONE_ASSUMED if flag == ZONE_UNKNOWN else flag for flag in parsed.flags)
    return replace(parsed, value=parsed.value + _offset_suffix(offset), start=start, until=until, flags=flags)


@lru_cache(maxsize=256)
def time_zone(name: str) -> dt.tzinfo:
    """The zone that a configuration names: an IANA name ("Europe/Amsterdam") or an offset ("+01:00"). Raises ValueError."""
    if name[:1] in ("+", "-"):
        offset = _zone(name)
        if isinstance(offset, Refused):
            raise ValueError(f"not an offset from UTC: {name!r}; write it as in '+01:00'")
        return dt.timezone(offset.offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"not a time zone: {name!r}; write an IANA name such as 'Europe/Amsterdam', or an offset such as '+01:00'"
        ) from error


def record_date(parsed: ParsedDate, now: dt.datetime) -> RecordDate:
    """``parsed`` in the record's forms; ``now`` is the run's instant, which only the flag ``future`` hangs on.

    The record knows no hours: an hour is written as its day, and its interval still says which hour. A time without a zone gets "Z".
    """
    published, flags = parsed.value, parsed.flags
    if parsed.precision == "hour":
        published = published[:10]
    elif ZONE_UNKNOWN in flags and not published.endswith("Z"):
        published += "Z"
    has_day = parsed.precision in DAY_OR_FINER
    if not has_day:
        flags = (*flags, COARSE)
    if parsed.start > now + FUTURE_TOLERANCE:
        flags = (*flags, FUTURE)
    return RecordDate(
        date_published=published,
        date_precision=parsed.precision,
        published_on=published[:10] if has_day else None,
        published_from=published if parsed.precision == "second" and published.endswith("Z") else codec.timestamp(parsed.start),
        published_until=codec.timestamp(parsed.until),
        date_flags=flags,
    )


def _from_rfc_3339(text: str) -> ParsedDate | Refused:
    """``2023-03-20T14:05:09+01:00`` alone, which is most of what comes; anything else is refused, and left to the other forms."""
    zone = _zone(text[19:])
    if isinstance(zone, Refused):
        return zone
    try:
        local = dt.datetime.fromisoformat(text[:19])
    except ValueError:
        return Refused(Refusal.UNRECOGNISED)
    return _dated(local, "second", zone, text[19:], "iso_8601")


def _build(rule: str, fields: Sequence[int], zone_text: str | None = None) -> ParsedDate | Refused:
    """The date with these fields, from the year down to the second; refused where there is no such day, time or zone."""
    year, month, day, hour, minute, second = (*fields, *_FIRST[len(fields) :])
    zone = _NO_ZONE if zone_text is None else _zone(zone_text)
    if isinstance(zone, Refused):
        return zone
    # RFC 3339 section 5.7 has a second 60, which datetime has not: it is kept as the second before, not moved to the next day
    is_leap_second = second == 60
    # ISO 8601 calls the midnight that ends a day 24:00
    is_day_end = hour == 24 and minute == 0 and second == 0
    try:
        local = dt.datetime(year, month, day, 0 if is_day_end else hour, minute, 59 if is_leap_second else second)
        if is_day_end:
            local += _DAY
    except (ValueError, OverflowError):
        return Refused(Refusal.IMPOSSIBLE)
    parsed = _dated(local, _PRECISIONS[len(fields)], zone, zone_text, rule)
    if is_leap_second and isinstance(parsed, ParsedDate) and (parsed.start.hour, parsed.start.minute) != (23, 59):
        return Refused(Refusal.IMPOSSIBLE)
    return parsed


def _dated(local: dt.datetime, precision: str, zone: _Zone, zone_text: str | None, rule: str) -> ParsedDate | Refused:
    has_day = precision in DAY_OR_FINER
    if local.year == 1 and has_day and local.replace(hour=0, minute=0, second=0) == dt.datetime.min:
        return Refused(Refusal.IMPLAUSIBLE)
    try:
        start = (local - zone.offset).replace(tzinfo=dt.UTC)
    except OverflowError:
        return Refused(Refusal.IMPOSSIBLE)
    value = local.isoformat()[: _VALUE_CHARS[precision]]
    flags: tuple[str, ...] = ()
    if precision in _TIMES:
        value += zone.suffix
        if zone.is_unknown:
            flags = (ZONE_UNKNOWN,)
    if has_day and start == _EPOCH:
        flags = (*flags, EPOCH_ZERO)
    return ParsedDate(value, precision, start, _end(start, precision), zone_text, rule, flags)


def _end(start: dt.datetime, precision: str) -> dt.datetime:
    try:
        if precision == "year":
            return start.replace(year=start.year + 1)
        if precision == "month":
            return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        return start + _LENGTHS[precision]
    except (ValueError, OverflowError):
        return _END_OF_TIME


@lru_cache(maxsize=1024)
def _zone(text: str) -> _Zone | Refused:
    if _ZONE_FORM.fullmatch(text) is None:
        return Refused(Refusal.UNRECOGNISED)
    if text[0] in "+-":
        hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
        if minutes > 59 or hours * 60 + minutes > _MAX_OFFSET_MINUTES:
            return Refused(Refusal.IMPOSSIBLE)
        offset = dt.timedelta(hours=hours, minutes=minutes)
        if not offset and text[0] == "-":  # RFC 5322 section 3.3, RFC 3339 section 4.3: UTC, where the sender's own zone is not known
            return _UNKNOWN_UTC
        return _zone_at(offset if text[0] == "+" else -offset)
    if (named := _ZONE_HOURS.get(text.upper())) is not None:
        return _zone_at(dt.timedelta(hours=named))
    if text.isupper() and len(text) == 1 and text != "J":  # RFC 5322 section 4.3: the military zones were used with either sign
        return _UNKNOWN_UTC
    if text.isupper() and len(text) >= 3:  # such as IST, of India, Israel and Ireland
        return _NO_ZONE
    return Refused(Refusal.UNRECOGNISED)  # "PM" and "Uhr" are no zones


def _zone_at(offset: dt.timedelta) -> _Zone:
    return _Zone(_offset_suffix(offset), offset, is_unknown=False)


def _offset_suffix(offset: dt.timedelta) -> str:
    if not offset:
        return "Z"
    hours, minutes = divmod(abs(offset) // dt.timedelta(minutes=1), 60)
    return f"{'-' if offset < dt.timedelta() else '+'}{hours:02d}:{minutes:02d}"


def _from_iso(match: re.Match[str], rule: str) -> ParsedDate | Refused:
    *fields, zone = match.groups()
    numbers = list(map(int, fields if fields[-1] else filter(None, fields)))
    if len(numbers) == 1 and numbers[0] not in _PLAUSIBLE_YEARS:
        return Refused(Refusal.IMPLAUSIBLE)
    return _build(rule, numbers, zone)


def _from_rfc_822(match: re.Match[str]) -> ParsedDate | Refused:
    weekday, day, month_name, year_text, hour, minute, second, zone = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None or (weekday is not None and weekday[:3].lower() not in _WEEKDAYS):
        return Refused(Refusal.UNRECOGNISED)
    year = int(year_text)
    if len(year_text) < 4:  # RFC 5322 section 4.3
        year += 2000 if len(year_text) == 2 and year < 50 else 1900
    numbers = [year, month, int(day)]
    if hour is not None:
        numbers += [int(field) for field in (hour, minute, second) if field is not None]
    parsed = _build("rfc_822", numbers, zone)
    if weekday is None or isinstance(parsed, Refused):
        return parsed
    if dt.date(year, month, int(day)).weekday() != _WEEKDAYS[weekday[:3].lower()]:
        return replace(parsed, flags=(*parsed.flags, BOGUS_WEEKDAY))
    return parsed


def _from_unix_time(match: re.Match[str]) -> ParsedDate | Refused:
    digits = "".join(part for part in match.groups() if part)
    for seconds in (int(digits), int(digits) // 1000):
        if seconds in _PLAUSIBLE_SECONDS:
            instant = _EPOCH + dt.timedelta(seconds=seconds)
            return _build("unix_time", instant.timetuple()[:6], "Z")
    return Refused(Refusal.IMPLAUSIBLE)
