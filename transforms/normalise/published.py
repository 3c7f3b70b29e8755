"""Which of an article's dates is that of its publication, and what the others say.

In order of trust: what the feed or document says in its fields, the prefix of a text, its dateline, the URL's path; and the name of the
file, only where there is nothing else, since it mostly tells when the file was made. The first that can be read wins; one that lies more
than a day from it is named in a warning, and all are kept as candidates.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from newslake.schemas import codec
from newslake.schemas.article import DateCandidate
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.normalise.dates import (
    AMBIGUOUS_DMY,
    EPOCH_ZERO,
    UNDATED,
    ParsedDate,
    RecordDate,
    Refusal,
    Refused,
    assume_zone,
    forget_other_zone,
    order_of,
    parse_date,
    record_date,
    time_zone,
)
from newslake.transforms.normalise.url_dates import date_in_filename, date_in_url

UNPARSED_DATE = "unparsed_date"
DATES_DISAGREE = "dates_disagree"
ORDER_ASSUMED = "order_assumed"

UPDATED = "updated"
"""The date source that may rightly lie long after the others."""

_ONE_DAY = dt.timedelta(days=1)
_order_of = lru_cache(maxsize=64)(order_of)
_record_date = lru_cache(maxsize=4096)(record_date)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside a text that holds a date: the article's language (BCP 47), what the user said of its source, the run's instant,
    and ``base``, the instant that relative words count from, where that is known."""

    language: str | None
    settings: SourceSettings
    now: dt.datetime
    base: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The date that was taken: its source, its text and its forms; every date that was met; and what to warn of."""

    source: str | None
    raw: str | None
    date: RecordDate
    candidates: tuple[DateCandidate, ...] = ()
    warnings: tuple[str, ...] = ()


def find_published(raw: RawArticle, url: str | None, dateline: str | None, known: Circumstances) -> Published:
    """The publication date of ``raw``; ``url`` is its cleaned URL, ``dateline`` the date in its dateline as printed.

    Where none can be read, ``source`` and ``raw`` are those of the first that cannot.
    """
    order = known.settings.date_order or (_order_of(raw.sibling_dates) if raw.sibling_dates else None)
    candidates: list[DateCandidate] = []
    warnings: list[str] = []
    taken: tuple[str, str, ParsedDate] | None = None
    unread: tuple[str, str] | None = None
    for source, text in _texts(raw, url, dateline):
        parsed = read_date(text, order, known)
        if isinstance(parsed, Refused):
            if parsed.reason is Refusal.EMPTY:
                continue
            if source not in _GLEANED:
                warnings.append(UNPARSED_DATE)
                unread = unread or (source, text)
                candidates.append(_candidate(source, text, None))
            continue
        candidates.append(_candidate(source, text, parsed.value))
        if taken is None or (_says_nothing(taken[2]) and not _says_nothing(parsed)):
            taken = source, text, parsed
        elif UPDATED not in (source, taken[0]) and _disagrees(parsed, taken[2]):
            warnings.append(f"{DATES_DISAGREE}: {source} {parsed.value}")
    if (
        (taken is None or _says_nothing(taken[2]))
        and raw.feed_url is None
        and (named := date_in_filename(raw.source_uri))
    ):
        parsed = read_date(named, order, known)
        if isinstance(parsed, ParsedDate):
            candidates.append(_candidate("filename", named, parsed.value))
            taken = "filename", named, parsed
    if taken is None:
        unread_source, unread_text = unread or (None, None)
        return Published(unread_source, unread_text, UNDATED, tuple(candidates), tuple(warnings))
    return Published(taken[0], taken[1], _record_date(taken[2], known.now), tuple(candidates), tuple(warnings))


def find_modified(text: str | None, known: Circumstances) -> tuple[str | None, tuple[str, ...]]:
    """When the article was last changed, in the record's form, and what to warn of."""
    parsed = read_date(text, known.settings.date_order, known) if text else None
    if isinstance(parsed, ParsedDate):
        return _record_date(parsed, known.now).date_published, ()
    return None, (UNPARSED_DATE,) if parsed is not None and parsed.reason is not Refusal.EMPTY else ()


def read_date(text: str, order: str | None, known: Circumstances) -> ParsedDate | Refused:
    """``text`` read with what is known beside it: where it leaves zone or order open, those that the user or its surroundings give.

    Both are said in the flags: ``zone_assumed``, ``order_assumed``.
    """
    return _read(text, known.language, order, known.settings.zone, known.base)


@lru_cache(maxsize=4096)  # days come again and again, and an article's own dates are mostly one instant
def _read(
    text: str, language: str | None, order: str | None, zone: str | None, base: dt.datetime | None
) -> ParsedDate | Refused:
    if zone and base is not None:  # "today" is the day that the newsroom has
        base = _in_zone(base, time_zone(zone))
    parsed = parse_date(text, language=language, base=base, order=order)
    if isinstance(parsed, Refused):
        return parsed
    if parsed.rule not in _UNAMBIGUOUS_RULES and AMBIGUOUS_DMY not in parsed.flags and _NUMERIC_DATE.search(text):
        alone = parse_date(text)
        if isinstance(alone, ParsedDate) and AMBIGUOUS_DMY in alone.flags:
            parsed = replace(parsed, flags=(*parsed.flags, ORDER_ASSUMED))
    return assume_zone(forget_other_zone(parsed, time_zone(zone)), time_zone(zone)) if zone else parsed


def _in_zone(base: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """``base``, in UTC if it has no zone, as clocks in ``zone`` show it; as it is at the ends of the calendar."""
    try:
        return (base if base.utcoffset() is not None else base.replace(tzinfo=dt.UTC)).astimezone(zone)
    except OverflowError:
        return base


_UNAMBIGUOUS_RULES = frozenset({"iso_8601", "rfc_822"})
_NUMERIC_DATE = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2}")
_GLEANED = frozenset({"dateline", "url"})
"""Sources that were searched for a date, and promised none."""


def _texts(raw: RawArticle, url: str | None, dateline: str | None) -> Iterator[tuple[str, str]]:
    """(source, text) of every date but the file name's, the most trusted first."""
    yield from raw.dates
    if dateline:
        yield "dateline", dateline
    if url and (text := date_in_url(url)):
        yield "url", text


def _candidate(source: str, text: str, value: str | None) -> DateCandidate:
    return {"source": source, "raw": codec.scrub(text), "value": value}


def _says_nothing(parsed: ParsedDate) -> bool:
    """Whether it is the instant 0 that stands for "no date", or a day of no known year: any other date is better."""
    return EPOCH_ZERO in parsed.flags or parsed.value.startswith("XXXX")


def _disagrees(parsed: ParsedDate, taken: ParsedDate) -> bool:
    """Whether a date contradicts the one that was taken; a day of no known year where it does in every year."""
    if not parsed.value.startswith("XXXX"):
        return not _says_nothing(parsed) and not _says_nothing(taken) and _lie_apart(parsed, taken)
    years = range(taken.start.year - 1, taken.until.year + 2)
    readings = [parse_date(f"{year:04d}{parsed.value[len('XXXX') :]}") for year in years]
    return not _says_nothing(taken) and all(isinstance(one, Refused) or _lie_apart(one, taken) for one in readings)


def _lie_apart(one: ParsedDate, other: ParsedDate) -> bool:
    """Whether more than a day lies between the two intervals: less may be the zone, or how coarse they are."""
    return one.start - other.until > _ONE_DAY or other.start - one.until > _ONE_DAY
