"""Read a date: from the text that a source printed to the interval that it means.

A date keeps the precision of its text: ``2023-03`` is the whole of March, never its first day.
Values are EDTF (ISO 8601-2) and hold the printed fields only. A text that is not surely a date is
refused with a reason. The clock is never read, so it fills in nothing.

The readers run in this order, each if the one before does not know the form: ISO 8601 and RFC 822
as printed; the same after cleaning; digits only (ISO 8601 basic, Unix time); EDTF; the scanner of
numbers and of names from CLDR; relative words, if ``base`` is known. If all refuse, they read the
text again without the slips of programs.
"""

import datetime as dt
import re
import unicodedata
from collections import ChainMap
from collections.abc import Iterable, Iterator

from newslake.transforms.normalise.dates import edtf, iso, relative, scan
from newslake.transforms.normalise.dates.core import BUDDHIST_AHEAD, Hints
from newslake.transforms.normalise.dates.fold import fold, phrase, plain_char
from newslake.transforms.normalise.dates.order import base_language
from newslake.transforms.normalise.dates.slips import mended
from newslake.transforms.normalise.dates.values import (
    END_OF_TIME,
    ZONE_UNKNOWN,
    ParsedDate,
    Refusal,
    Refused,
    Zone,
    without_zone,
)
from newslake.transforms.normalise.dates.vocabulary import OTHER_ERA
from newslake.transforms.normalise.dates.words import Words, common_words, words_of, words_of_all, words_of_others
from newslake.transforms.normalise.dates.zones import OTHER_HOURS, ZONE_HOURS, means_another_zone, zone_of

MAX_CHARS = 128
"""No form is longer, with its labels and comments. A longer text is a sentence and is not
searched.
"""


def parse_date(
    text: str, *, language: str | None = None, base: dt.datetime | None = None, order: str | None = None
) -> ParsedDate | Refused:
    """Return the one date that ``text`` consists of, or why it is not a date. Never raise.

    ``language`` is a BCP 47 tag. ``base`` is the instant that relative words count from; it is in
    UTC if it has no zone. ``order`` is the order of day, month and year in digits: "DMY", "MDY" or
    "YMD".

    >>> parse_date("2023-03").value, parse_date("Mon, 20 Mar 2023 14:05 +0100").value
    ('2023-03', '2023-03-20T14:05+01:00')
    """
    parsed = _read(text.strip(), language, base, order)
    if isinstance(parsed, Refused) or language is None:
        return parsed
    if (
        parsed.start.year >= _FIRST_NEPALI_YEAR
        and base_language(language) == "ne"
        and parsed.start.year < END_OF_TIME.year
    ):
        return Refused(Refusal.IMPLAUSIBLE)
    if parsed.zone in OTHER_HOURS and ZONE_UNKNOWN not in parsed.flags and means_another_zone(parsed.zone, language):
        return without_zone(parsed, dt.timedelta(hours=ZONE_HOURS[parsed.zone]))
    return parsed


_FIRST_NEPALI_YEAR = 2040
"""A year from here on in a Nepali text is of the Bikram calendar, which is 56 years ahead.

Nepali papers have been on the web since the year 2050 of that calendar.
"""


def _read(text: str, language: str | None, base: dt.datetime | None, order: str | None) -> ParsedDate | Refused:
    if len(text) > MAX_CHARS:
        return Refused(Refusal.TOO_LONG)
    parsed = _read_form(text, language)
    if parsed is not None:
        return parsed
    if not text:
        return Refused(Refusal.EMPTY)
    if _SPAN_OF_YEARS.fullmatch(text):
        return Refused(Refusal.UNRECOGNISED)
    cleaned = _clean(text)
    if len(cleaned) > MAX_CHARS:
        return Refused(Refusal.TOO_LONG)
    parsed = _read_form(cleaned, language) if cleaned != text else None
    if parsed is not None:
        return parsed
    for read in (iso.read_unix_time, edtf.read_edtf):
        parsed = read(cleaned)
        if isinstance(parsed, ParsedDate) or parsed.reason is not Refusal.UNRECOGNISED:
            return parsed
    if base is not None and base.utcoffset() is None:
        base = base.replace(tzinfo=dt.UTC)
    parsed = _read_words(cleaned, language, base, order)
    if isinstance(parsed, Refused) and (without_slips := mended(cleaned)) != cleaned:
        return _read(without_slips, language, base, order)
    return parsed


def _read_form(text: str, language: str | None) -> ParsedDate | Refused | None:
    """Return what ISO 8601 or RFC 822 read, or None if the text has neither form.

    The years of Thailand and of Iran may stand in both forms.
    """
    if language is not None and (of := base_language(language)) in _OTHER_CALENDARS:
        if of == "th":
            text = _BUDDHIST_YEAR.sub(lambda match: str(int(match[0]) - BUDDHIST_AHEAD), text)
        elif _PERSIAN_YEAR.match(text):
            return None
    for read in (iso.read_iso, iso.read_rfc_822):
        parsed = read(text)
        if isinstance(parsed, ParsedDate) or parsed.reason is not Refusal.UNRECOGNISED:
            return parsed
    return None


_OTHER_CALENDARS = frozenset({"th", "fa", "ps", "prs", "mzn", "lrc"})
_BUDDHIST_YEAR = re.compile(r"(?<![0-9.])2[4-6][0-9]{2}(?![0-9])")
_PERSIAN_YEAR = re.compile(r"1[2-4][0-9]{2}(?![0-9])")
_SPAN_OF_YEARS = re.compile(r"[0-9]{4} ?[\u2013\u2014] ?[0-9]{2}")
"""With a dash and not a hyphen: "2021\u201322"."""
_BUDDHIST_ERA = re.compile(
    r"(?<![0-9])(?P<year>2[4-6][0-9]{2}) ?b\.?e\.?(?![^\W_])|(?<![^\W_])b\.?e\.? ?(?P<after>2[4-6][0-9]{2})(?![0-9])"
)
_SHIFTED_CLOCK = re.compile(r"\bsaa\b|ሰዓት|\b(?:asubuhi|mchana|jioni|usiku|alasiri|alfajiri)\b")
"""Words for the clock of Swahili and Amharic, which counts the hours of a day from its dawn."""

# RFC 5322 section 3.2.2 allows comments between the parts.
_COMMENT = re.compile(r" *\([^()0-9]*\)")
_REGION = re.compile(r" ?\[?\b([A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2})\]?$", re.ASCII)
"""An IANA zone at the end, in brackets as Java prints it."""
_COUNT = re.compile(r" ?[•·|] ?[0-9][0-9.,]*k? (?P<words>[^\W\d_]{3,}\.?(?: [^\W\d_]+){0,3})(?= ?[•·|]|$)")
"""A count behind the date: "• 319 Likes", "· 5 min read"."""


def _clean(text: str) -> str:
    """Return ``text`` with plain digits, dashes, quotes and spaces, and nothing invisible.

    Letters stay as they are.
    """
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(char if char.isalpha() else plain_char(char) for char in text)
    return " ".join(text.split())


def _read_words(text: str, language: str | None, base: dt.datetime | None, order: str | None) -> ParsedDate | Refused:
    """Return the date that ``text`` names in words, or why it is refused.

    The words of its language are tried first, then the English words with them, then the words of
    all languages. With each set the scanner reads first; the reader of relative words follows only
    if the scanner says UNRECOGNISED. The first date wins. A more telling refusal than UNRECOGNISED
    is kept.
    """
    region = None
    if match := _REGION.search(text):
        zone = zone_of(match[1])
        if isinstance(zone, Zone):
            text, region = text[: match.start()], zone
    folded = fold(_without_comments(text, language) if text.isascii() else text)
    if len(folded) > MAX_CHARS:  # some letters stand for whole phrases
        return Refused(Refusal.TOO_LONG)
    folded = _BUDDHIST_ERA.sub(lambda match: str(int(match["year"] or match["after"]) - BUDDHIST_AHEAD), folded)
    if OTHER_ERA.search(folded):
        return Refused(Refusal.IMPLAUSIBLE)
    if _SHIFTED_CLOCK.search(folded):
        return Refused(Refusal.UNRECOGNISED)
    hints = Hints(language, order, base)
    refused = Refused(Refusal.UNRECOGNISED)
    day: ParsedDate | None = None
    for words in _vocabularies(language):
        for candidate in dict.fromkeys((folded, _without_counts(folded, words))):
            parsed = scan.read_text(candidate, words, hints, region)
            if isinstance(parsed, ParsedDate) and parsed.rule != scan.DAY_RULE:
                return parsed
            if isinstance(parsed, ParsedDate):  # the words of other languages may tell the part of the day
                day = day or parsed
            elif parsed.reason is not Refusal.UNRECOGNISED:
                refused = parsed
        if not any(char.isalpha() for char in folded):
            return refused
        if day is None and refused.reason is Refusal.UNRECOGNISED:
            parsed = relative.read_relative(folded, language and base_language(language), base)
            if isinstance(parsed, ParsedDate) or parsed.reason is not Refusal.UNRECOGNISED:
                return parsed
    return day or refused


def _without_comments(text: str, language: str | None) -> str:
    """Return ``text`` without comments in brackets; "(pm)" and "(evening)" are no comments."""
    if (match := _COMMENT.search(text)) is None:
        return text
    words = ChainMap(words_of(base_language(language)) if language else {}, words_of("en"), common_words())
    senses = words.get(phrase(match[0]), frozenset())
    if any(kind in ("am", "pm", "span", "noon", "midnight") for kind, _ in senses):
        return text
    return _COMMENT.sub("", text)


def _without_counts(folded: str, words: Words) -> str:
    """Return ``folded`` without the counts behind the date; months and hours are not counts."""
    return _COUNT.sub(
        lambda match: "" if all(_is_countable(word, words) for word in match["words"].split()) else match[0], folded
    )


def _is_countable(word: str, words: Words) -> bool:
    return not any(kind in ("month", "weekday", "hour", "am", "pm") for kind, _ in words.get(word.strip("."), ()))


def _vocabularies(language: str | None) -> Iterator[Words]:
    """Yield the words of the language, then with the English ones, then of all languages."""
    own = words_of(base_language(language)) if language else {}
    if own:
        yield own
    english = words_of("en")
    yield ChainMap(own, english)
    yield ChainMap(own, english, words_of_others() if own else words_of_all())


_YEAR_LAST = re.compile(r"(?<![0-9])(?<![0-9][-/.:])([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?[0-9]{4}(?![0-9])")


def order_of(texts: Iterable[str]) -> str | None:
    """Return the order that the numeric dates of one feed prove by a day above 12: "DMY" or "MDY".

    Return None if no date proves an order, or if two dates disagree.

    >>> order_of(["03/04/2023", "21/04/2023 10:00"])
    'DMY'
    """
    orders = set()
    for text in texts:
        if len(text) <= MAX_CHARS and (match := _YEAR_LAST.search(text)):
            first, second = int(match[1]), int(match[3])
            if first <= 12 < second <= 31:
                orders.add("MDY")
            elif second <= 12 < first <= 31:
                orders.add("DMY")
    return orders.pop() if len(orders) == 1 else None
