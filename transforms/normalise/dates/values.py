"""What a date is: the value that a text prints, the interval that it means, and the reasons to take a text for none.

Values are EDTF (ISO 8601-2): the printed fields and no more.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

COARSE = "coarse"
AMBIGUOUS_DMY = "ambiguous_dmy"
YEAR_INFERRED = "year_inferred"
ZONE_ASSUMED = "zone_assumed"
ZONE_UNKNOWN = "zone_unknown"
RELATIVE = "relative"
FUTURE = "future"
EPOCH_ZERO = "epoch_zero"
BOGUS_WEEKDAY = "bogus_weekday"
APPROXIMATE = "approximate"
UNCERTAIN = "uncertain"

DAY_OR_FINER = frozenset({"day", "hour", "minute", "second"})
DAY = dt.timedelta(days=1)
START_OF_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)
END_OF_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)

PLAUSIBLE_YEARS = range(1500, 2101)
"""Of a bare number, which may as well be a time or an id, and of a day: from the first printed newsletters on. A day of another year is
one of another calendar, or none."""
_LENGTHS = {
    "day": DAY,
    "hour": dt.timedelta(hours=1),
    "minute": dt.timedelta(minutes=1),
    "second": dt.timedelta(seconds=1),
}
_TIMES = frozenset({"hour", "minute", "second"})
_PRECISIONS = ("", "year", "month", "day", "hour", "minute", "second")
"""By the number of fields, from the year down."""
_FIRST = (1, 1, 1, 0, 0, 0)
_VALUE_CHARS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
"""How much of ``2023-03-20T14:05:09`` a precision prints."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Refusal(StrEnum):
    """Why a text is not taken for a date."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNRECOGNISED = "unrecognised"
    IMPOSSIBLE = "impossible"
    """The form is right, but there is no such day, time or offset."""
    RELATIVE = "relative"
    """It counts from an instant that is not known."""
    IMPLAUSIBLE = "implausible"
    """A number that would be a date far off, a date of another calendar, or the year-one instant that .NET and Go print for "no date"."""


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


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as printed, and its offset: fixed, or for ``region`` as the date has it."""

    printed: str | None
    offset: dt.timedelta = dt.timedelta()
    is_unknown: bool = False
    is_written: bool = True
    """Whether a value shows it: an unknown zone that is called UTC does, a zone of several meanings does not."""
    region: dt.tzinfo | None = None


NO_ZONE = Zone(None, is_unknown=True, is_written=False)


def build(rule: str, fields: Sequence[int], zone: Zone | Refused = NO_ZONE) -> ParsedDate | Refused:
    """The date with these fields, from the year down to the second; refused where there is no such day, time or zone."""
    year, month, day, hour, minute, second = (*fields, *_FIRST[len(fields) :])
    if isinstance(zone, Refused):
        return zone
    # RFC 3339 section 5.7 has a second 60, which datetime has not: it is kept as the second before, not moved to the next day
    is_leap_second = second == 60
    # ISO 8601 calls the midnight that ends a day 24:00
    is_day_end = hour == 24 and minute == 0 and second == 0
    try:
        local = dt.datetime(year, month, day, 0 if is_day_end else hour, minute, 59 if is_leap_second else second)
        if is_day_end:
            local += DAY
    except (ValueError, OverflowError):
        return Refused(Refusal.IMPOSSIBLE)
    parsed = dated(local, _PRECISIONS[len(fields)], zone, rule)
    if is_leap_second and isinstance(parsed, ParsedDate) and (parsed.start.hour, parsed.start.minute) != (23, 59):
        return Refused(Refusal.IMPOSSIBLE)
    return parsed


def dated(local: dt.datetime, precision: str, zone: Zone, rule: str) -> ParsedDate | Refused:
    """The date that ``local`` is in ``zone``, as far as ``precision`` goes."""
    has_day = precision in DAY_OR_FINER
    if has_day and local.year not in PLAUSIBLE_YEARS:
        return Refused(Refusal.IMPLAUSIBLE)
    offset = zone.offset
    if zone.region is not None:
        offset = zone.region.utcoffset(local) or offset
        if offset % dt.timedelta(minutes=1):  # local mean times have no EDTF form
            return Refused(Refusal.IMPOSSIBLE)
    try:
        start = (local - offset).replace(tzinfo=dt.UTC)
    except OverflowError:
        return Refused(Refusal.IMPOSSIBLE)
    value = local.isoformat()[: _VALUE_CHARS[precision]]
    flags: tuple[str, ...] = ()
    if precision in _TIMES:
        if zone.is_written:
            value += offset_suffix(offset)
        if zone.is_unknown:
            flags = (ZONE_UNKNOWN,)
    if has_day and start == EPOCH:
        flags = (*flags, EPOCH_ZERO)
    return ParsedDate(value, precision, start, end_of(start, precision), zone.printed, rule, flags)


def without_zone(parsed: ParsedDate, offset: dt.timedelta) -> ParsedDate:
    """``parsed``, whose time is ``offset`` ahead of UTC, as one whose zone is printed and not known."""
    values = tuple(value.removesuffix(offset_suffix(offset)) for value in parsed.alternatives or (parsed.value,))
    return replace(
        parsed,
        value=f"[{','.join(values)}]" if parsed.alternatives else values[0],
        start=parsed.start if parsed.start == START_OF_TIME else parsed.start + offset,  # a day of any year
        until=parsed.until if parsed.until == END_OF_TIME else parsed.until + offset,
        flags=(*parsed.flags, ZONE_UNKNOWN),
        alternatives=values if parsed.alternatives else (),
    )


def offset_suffix(offset: dt.timedelta) -> str:
    """``Z`` or ``+05:30``."""
    if not offset:
        return "Z"
    hours, minutes = divmod(abs(offset) // dt.timedelta(minutes=1), 60)
    return f"{'-' if offset < dt.timedelta() else '+'}{hours:02d}:{minutes:02d}"


def end_of(start: dt.datetime, precision: str) -> dt.datetime:
    """Where the year, month, day, hour, minute or second that begins with ``start`` ends."""
    try:
        if precision == "year":
            return start.replace(year=start.year + 1)
        if precision == "month":
            return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        return start + _LENGTHS[precision]
    except (ValueError, OverflowError):
        return END_OF_TIME


def one_of(readings: Sequence[ParsedDate]) -> ParsedDate:
    """The set of dates of which one is meant, in EDTF's ``[a,b]``; a single reading is itself."""
    ordered = sorted(
        {reading.value: reading for reading in readings}.values(), key=lambda reading: (reading.start, reading.value)
    )
    if len(ordered) == 1:
        return ordered[0]
    values = tuple(reading.value for reading in ordered)
    return replace(
        ordered[0],
        value=f"[{','.join(values)}]",
        precision="ambiguous",
        until=max(reading.until for reading in ordered),
        flags=(*dict.fromkeys(flag for reading in ordered for flag in reading.flags), AMBIGUOUS_DMY),
        alternatives=values,
    )
