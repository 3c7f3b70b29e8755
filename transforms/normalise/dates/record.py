"""Write a date in the forms of the article record; see schemas/article.py."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from newslake.schemas import codec
from newslake.transforms.normalise.dates.iso import read_iso
from newslake.transforms.normalise.dates.values import (
    COARSE,
    DAY_OR_FINER,
    END_OF_TIME,
    FUTURE,
    START_OF_TIME,
    ZONE_ASSUMED,
    ZONE_UNKNOWN,
    ParsedDate,
    dated,
    without_zone,
)
from newslake.transforms.normalise.dates.zones import OTHER_HOURS, ZONE_HOURS, fixed_zone

FUTURE_TOLERANCE = dt.timedelta(days=2)
"""Wrong zones and embargoed texts lie up to a day ahead. A later date is announced or mistyped."""

_FORMS = {"year": 4, "month": 7, "day": 10}
"""Precisions, and how many characters of ``2023-03-20`` each prints."""
_WORDS = frozenset({"decade", "year", "season", "quarter", "month", "week", "day", "hour", "minute", "second"})


class RecordDate(NamedTuple):
    """A date in the forms of the article record; see schemas/article.py."""

    date_published: str | None
    date_precision: str
    published_on: str | None
    published_from: str | None
    published_until: str | None
    date_flags: tuple[str, ...]


UNDATED = RecordDate(None, "none", None, None, None, ())


def record_date(parsed: ParsedDate, now: dt.datetime) -> RecordDate:
    """Return ``parsed`` in the forms of the article record.

    A year, month, day, minute or second is written as it was printed, without "?", "~" and "%". A
    time without a zone gets "Z". An hour is written as its day, because the record has no form for
    hours.

    A set of readings, an interval, a week or a season is written as the day, month or year that
    holds all of it. If no single year does, ``date_published`` is None. The interval always spans
    all of it. A day without a year gives an undated record.

    The flag ``coarse`` says that no day is written. The flag ``future`` says that the date begins
    more than FUTURE_TOLERANCE after ``now``.
    """
    flags = parsed.flags
    if parsed.start == START_OF_TIME and parsed.until == END_OF_TIME:
        return UNDATED._replace(date_flags=(*flags, COARSE))
    published: str | None
    is_single = parsed.value[:10].replace("-", "").isdigit() and parsed.precision in _VALUES
    if is_single:
        published, precision = parsed.value.rstrip("?~%"), parsed.precision
        if precision == "hour":
            published = published[:10]
        elif ZONE_UNKNOWN in flags and not published.endswith("Z"):
            published += "Z"
    else:
        published, precision = _enclosing(parsed)
    has_day = published is not None and len(published) >= _FORMS["day"]
    if not has_day:
        flags = (*flags, COARSE)
    if parsed.start > now + FUTURE_TOLERANCE:
        flags = (*flags, FUTURE)
    return RecordDate(
        date_published=published,
        date_precision=precision,
        published_on=published[:10] if published and has_day else None,
        published_from=published
        if published and precision == "second" and published.endswith("Z")
        else codec.timestamp(parsed.start),
        published_until=codec.timestamp(parsed.until),
        date_flags=flags,
    )


_VALUES = frozenset({"year", "month"}) | DAY_OR_FINER


def _enclosing(parsed: ParsedDate) -> tuple[str | None, str]:
    """Return the day, month or year that holds all of ``parsed``, or None; and the precision."""
    last = parsed.until - dt.timedelta(seconds=1) if parsed.until < END_OF_TIME else parsed.until
    first_day, last_day = parsed.start.date().isoformat(), last.date().isoformat()
    forms = [form for form, chars in _FORMS.items() if first_day[:chars] == last_day[:chars]]
    published = first_day[: _FORMS[forms[-1]]] if forms else None
    if parsed.precision in _WORDS:
        return published, parsed.precision
    if forms:  # a set or an interval: the form says all that is known
        return published, forms[-1]
    is_in_one_decade = first_day[:3] == last_day[:3]
    return None, "decade" if is_in_one_decade else "none"


def assume_zone(parsed: ParsedDate, zone: dt.tzinfo) -> ParsedDate:
    """Return a time without a zone as a time in ``zone``, with the flag ``zone_assumed``.

    Any other date comes back unchanged, and so does a time whose offset in ``zone`` cannot be
    written. If a clock change makes the time ambiguous or skips it, the offset before the change
    holds (PEP 495, fold=0).
    """
    if ZONE_UNKNOWN not in parsed.flags:
        return parsed
    readings = [_in_zone(value, zone) for value in parsed.alternatives or (parsed.value,)]
    known = [reading for reading in readings if reading is not None]
    if len(known) < len(readings):
        return parsed
    values = tuple(reading.value for reading in known)
    return replace(
        parsed,
        value=f"[{','.join(values)}]" if parsed.alternatives else values[0],
        start=min(reading.start for reading in known),
        until=max(reading.until for reading in known),
        flags=tuple(ZONE_ASSUMED if flag == ZONE_UNKNOWN else flag for flag in parsed.flags),
        alternatives=values if parsed.alternatives else (),
    )


def forget_other_zone(parsed: ParsedDate, zone: dt.tzinfo) -> ParsedDate:
    """Return a time without its zone, if the zone's name may also mean ``zone``: CST in Shanghai.

    Any other date comes back unchanged.
    """
    hours = OTHER_HOURS.get(parsed.zone or "")
    if hours is None or ZONE_UNKNOWN in parsed.flags or parsed.zone is None or parsed.start == START_OF_TIME:
        return parsed
    usual = dt.timedelta(hours=ZONE_HOURS[parsed.zone])
    local = (parsed.start + usual).replace(tzinfo=None)
    offset, name = zone.utcoffset(local), zone.tzname(local)
    is_other = offset is not None and offset != usual and offset in [dt.timedelta(hours=count) for count in hours]
    if name in OTHER_HOURS and name != parsed.zone:  # Chicago in summer has the offset of another CST
        return parsed
    return without_zone(parsed, usual) if is_other else parsed


def _in_zone(value: str, zone: dt.tzinfo) -> ParsedDate | None:
    """Return the time ``value``, which has no zone, in ``zone``.

    None if ``value`` has a zone, or if the zone's offset cannot be written.
    """
    read = read_iso(value)
    if not isinstance(read, ParsedDate) or ZONE_UNKNOWN not in read.flags or value.endswith("Z"):
        return None
    offset = zone.utcoffset(read.start.replace(tzinfo=None))
    if offset is None or offset % dt.timedelta(minutes=1):  # local mean times have no EDTF form
        return None
    zoned = dated(read.start.replace(tzinfo=None), read.precision, fixed_zone(offset), read.rule)
    return zoned if isinstance(zoned, ParsedDate) else None
