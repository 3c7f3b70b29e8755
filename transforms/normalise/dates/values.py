"""Define what a date is: its value, the interval that it means, and the reasons to refuse a text.

Values are EDTF (ISO 8601-2) and hold the printed fields only.
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
"""Years that a bare number or a day may have; 1500 is about when printed newsletters began.

A bare number outside may be a time or an id. A day outside is of another calendar or an error.
"""
_LENGTHS = {
    "day": DAY,
    "hour": dt.timedelta(hours=1),
    "minute": dt.timedelta(minutes=1),
    "second": dt.timedelta(seconds=1),
}
_TIMES = frozenset({"hour", "minute", "second"})
_PRECISIONS = ("", "year", "month", "day", "hour", "minute", "second")
"""Indexed by the number of fields, from the year down."""
_FIRST = (1, 1, 1, 0, 0, 0)
_VALUE_CHARS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
"""How many characters of ``2023-03-20T14:05:09`` a precision prints."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Refusal(StrEnum):
    """Why a text is not taken for a date."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNRECOGNISED = "unrecognised"
    IMPOSSIBLE = "impossible"
    """The form is right, but no such day, time or offset exists."""
    RELATIVE = "relative"
    """The text counts from an instant that is not known."""
    IMPLAUSIBLE = "implausible"
    """A date too far off, a date of another calendar, or the year 1 of .NET and Go for "no
    date".
    """


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer for a text that is not a date, or that cannot be read without a guess."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date, as exact as its text.

    ``start`` and ``until`` bound its half-open interval in UTC. A time without a zone is read as
    UTC and flagged ``zone_unknown``; a day or month without a zone has no flag. ``zone`` is the
    zone as printed, ``rule`` names the reader that took the date, ``alternatives`` are the values
    of all readings if there are several. An interval ends with the year 9999 at the latest.
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
    """A zone as printed, with a fixed offset or with a ``region``, whose offset varies by date."""

    printed: str | None
    offset: dt.timedelta = dt.timedelta()
    is_unknown: bool = False
    is_written: bool = True
    """Whether a value shows the zone: yes for an unknown zone called UTC, no for a zone of many
    meanings.
    """
    region: dt.tzinfo | None = None


NO_ZONE = Zone(None, is_unknown=True, is_written=False)


def build(rule: str, fields: Sequence[int], zone: Zone | Refused = NO_ZONE) -> ParsedDate | Refused:
    """Return the date with these fields, from the year down to the second.

    A day, time or zone that does not exist is refused. A day outside PLAUSIBLE_YEARS is refused as
    IMPLAUSIBLE, because it belongs to another calendar; a year or month alone may lie outside.
    24:00 is the next midnight, and second 60 is kept as second 59.
    """
    year, month, day, hour, minute, second = (*fields, *_FIRST[len(fields) :])
    if isinstance(zone, Refused):
        return zone
    # RFC 3339 section 5.7 allows second 60, datetime does not. It becomes second 59, to stay on its
    # day.
    second = 59 if second == 60 else second
    # ISO 8601 calls the midnight at the end of a day 24:00.
    is_day_end = hour == 24 and minute == 0 and second == 0
    try:
        local = dt.datetime(year, month, day, 0 if is_day_end else hour, minute, second)
        if is_day_end:
            local += DAY
    except (ValueError, OverflowError):
        return Refused(Refusal.IMPOSSIBLE)
    return dated(local, _PRECISIONS[len(fields)], zone, rule)


def dated(local: dt.datetime, precision: str, zone: Zone, rule: str) -> ParsedDate | Refused:
    """Return the date of ``local`` in ``zone``, cut to ``precision``."""
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
    """Return ``parsed`` without a known zone; its time was read as ``offset`` ahead of UTC."""
    values = tuple(value.removesuffix(offset_suffix(offset)) for value in parsed.alternatives or (parsed.value,))
    # The bounds of all time, for a day of any year, stay.
    return replace(
        parsed,
        value=f"[{','.join(values)}]" if parsed.alternatives else values[0],
        start=parsed.start if parsed.start == START_OF_TIME else parsed.start + offset,
        until=parsed.until if parsed.until == END_OF_TIME else parsed.until + offset,
        flags=(*parsed.flags, ZONE_UNKNOWN),
        alternatives=values if parsed.alternatives else (),
    )


def offset_suffix(offset: dt.timedelta) -> str:
    """Return ``Z`` or a suffix such as ``+05:30``."""
    if not offset:
        return "Z"
    hours, minutes = divmod(abs(offset) // dt.timedelta(minutes=1), 60)
    return f"{'-' if offset < dt.timedelta() else '+'}{hours:02d}:{minutes:02d}"


def end_of(start: dt.datetime, precision: str) -> dt.datetime:
    """Return the end of the year, month, day, hour, minute or second that begins with ``start``."""
    try:
        if precision == "year":
            return start.replace(year=start.year + 1)
        if precision == "month":
            return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        return start + _LENGTHS[precision]
    except (ValueError, OverflowError):
        return END_OF_TIME


def one_of(readings: Sequence[ParsedDate]) -> ParsedDate:
    """Return one date for all ``readings``: EDTF's ``[a,b]``, or the only reading itself."""
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
