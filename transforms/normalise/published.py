"""Choose the publication date of an article, and report what its other dates say.

The order of trust is: the date fields of the feed or document and a date before its text, then the
dateline, then the path of the URL. The first date that can be read is taken. A date that says too
little (the instant 0, or a day without a year) is replaced by the first better one. If no date says
enough, the file name of a document counts: it mostly tells when the file was made.

Every date becomes a candidate in the record. A warning names each date that lies more than a day
from the one that was taken.
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
"""The date source that may lie long after the others without a warning."""

_ONE_DAY = dt.timedelta(days=1)
_order_of = lru_cache(maxsize=64)(order_of)
_record_date = lru_cache(maxsize=4096)(record_date)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside a text that holds a date.

    ``language`` is the article's (BCP 47), ``settings`` are the user's for its source, ``now`` is
    the instant of the run. ``base`` is the instant that relative words count from; None if it is
    not known.
    """

    language: str | None
    settings: SourceSettings
    now: dt.datetime
    base: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The date that was taken (its source, text and forms), all candidates, and the warnings."""

    source: str | None
    raw: str | None
    date: RecordDate
    candidates: tuple[DateCandidate, ...] = ()
    warnings: tuple[str, ...] = ()


def find_published(raw: RawArticle, url: str | None, dateline: str | None, known: Circumstances) -> Published:
    """Return the publication date of ``raw``.

    ``url`` is the canonical URL. ``dateline`` is the date in the article's dateline, as printed. If
    no date can be read, the result is undated, and ``source`` and ``raw`` are those of the first
    date field that could not be read (None if there is no such field).
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
    """Return when the article was last changed, in the record's form, and the warnings.

    Return (None, ()) if there is no text. A text that is not a date gives None and a warning.
    """
    parsed = read_date(text, known.settings.date_order, known) if text else None
    if isinstance(parsed, ParsedDate):
        return _record_date(parsed, known.now).date_published, ()
    return None, (UNPARSED_DATE,) if parsed is not None and parsed.reason is not Refusal.EMPTY else ()


def read_date(text: str, order: str | None, known: Circumstances) -> ParsedDate | Refused:
    """Return the date that ``text`` prints, read with the help of what is known beside it.

    If the text has no zone, the zone of the settings decides (flag ``zone_assumed``). If it leaves
    the order of day and month open, ``order`` or the language decides (flag ``order_assumed``).
    """
    return _read(text, known.language, order, known.settings.zone, known.base)


@lru_cache(maxsize=4096)  # days repeat, and the dates of one article are mostly one instant
def _read(
    text: str, language: str | None, order: str | None, zone: str | None, base: dt.datetime | None
) -> ParsedDate | Refused:
    if zone and base is not None:  # "today" is the day in the zone of the newsroom
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
    """Return ``base`` converted to ``zone``; a ``base`` without a zone counts as UTC.

    If the result would leave the years 1 to 9999, return ``base`` unchanged.
    """
    try:
        return (base if base.utcoffset() is not None else base.replace(tzinfo=dt.UTC)).astimezone(zone)
    except OverflowError:
        return base


_UNAMBIGUOUS_RULES = frozenset({"iso_8601", "rfc_822"})
_NUMERIC_DATE = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2}")
_GLEANED = frozenset({"dateline", "url"})
"""Sources where a date was only searched for: text there that is not a date needs no warning."""


def _texts(raw: RawArticle, url: str | None, dateline: str | None) -> Iterator[tuple[str, str]]:
    """Yield (source, text) of each date except the file name's, the most trusted first."""
    yield from raw.dates
    if dateline:
        yield "dateline", dateline
    if url and (text := date_in_url(url)):
        yield "url", text


def _candidate(source: str, text: str, value: str | None) -> DateCandidate:
    return {"source": source, "raw": codec.scrub(text), "value": value}


def _says_nothing(parsed: ParsedDate) -> bool:
    """Tell whether ``parsed`` is a day without a year, or the instant 0 that means "no date"."""
    return EPOCH_ZERO in parsed.flags or parsed.value.startswith("XXXX")


def _disagrees(parsed: ParsedDate, taken: ParsedDate) -> bool:
    """Tell whether a date contradicts the one that was taken.

    A day without a year contradicts it only if it does so in every year near the taken date.
    """
    if not parsed.value.startswith("XXXX"):
        return not _says_nothing(parsed) and not _says_nothing(taken) and _lie_apart(parsed, taken)
    years = range(taken.start.year - 1, taken.until.year + 2)
    readings = [parse_date(f"{year:04d}{parsed.value[len('XXXX') :]}") for year in years]
    return not _says_nothing(taken) and all(isinstance(one, Refused) or _lie_apart(one, taken) for one in readings)


def _lie_apart(one: ParsedDate, other: ParsedDate) -> bool:
    """Tell whether two intervals lie more than a day apart: a smaller gap may be the zone."""
    return one.start - other.until > _ONE_DAY or other.start - one.until > _ONE_DAY
