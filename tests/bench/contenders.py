"""The contenders of `make bench-metadata`: newslake's functions and other libraries.

Each library was tried on the labelled cases in every combination of the relevant settings. Here are
the combination with the most right answers and, if it differs, the one with the fewest wrong
answers. The EDTF form of a library's date has the fields that the library says it found.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Case = dict[str, Any]
Call = Callable[[Case], Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """A library, or a function of newslake, that answers the cases of a contest.

    ``load`` does the imports and returns the call that is timed, as a user would write it.
    ``value`` turns a case and its answer into the value to judge, and is not timed. If the call or
    ``value`` raises, the contender refused the case.
    """

    name: str
    load: Callable[[], Call]
    value: Callable[[Case, Any], Any] = lambda case, answer: answer
    setting: str = ""


MOST_RIGHT, FEWEST_WRONG, FEWEST_MERGED = "most right", "fewest wrong", "fewest merged"

_FIELDS = ("year", "month", "day", "hour", "minute", "second")
_VALUE_CHARS = (4, 7, 10, 13, 16, 19)
"""The length of ``2023-03-20T14:05:09`` up to the end of each field."""


def edtf(moment: dt.datetime, given: Collection[str]) -> str | None:
    """Return the fields of ``moment`` that were ``given``, in EDTF, or None if they make no date.

    A time alone, a weekday, or a day without its month makes no date.

    >>> edtf(dt.datetime(2023, 3, 20, 14, 5), ("year", "month"))
    '2023-03'
    >>> edtf(dt.datetime(2023, 3, 20), ("month", "day"))
    'XXXX-03-20'
    """
    depth = 1 + max((_FIELDS.index(field) for field in given), default=-1)
    has_year = "year" in given
    if depth < (1 if has_year else 3) or any(field not in given for field in _FIELDS[1:depth]):
        return None
    text = moment.isoformat(timespec="seconds")
    value = ("" if has_year else "XXXX") + text[0 if has_year else 4 : _VALUE_CHARS[depth - 1]]
    return value + text[19:].replace("+00:00", "Z") if depth > 3 else value


# newslake


def _our_dates() -> Call:
    from newslake.transforms.normalise.dates import parse_date

    def call(case: Case) -> Any:
        return parse_date(
            case["text"], language=None if case["lang"] == "und" else case["lang"], base=_base(case), order=None
        )

    return call


def _our_urls() -> Call:
    from newslake.transforms.normalise.urls import canonical_url

    return lambda case: canonical_url(case["url"])


def _our_captions() -> Call:
    from newslake.transforms.normalise.credits import split_credit

    return lambda case: split_credit(case["text"])


def _our_bylines() -> Call:
    from newslake.transforms.normalise.bylines import split_byline

    return lambda case: split_byline(case["text"])


def _our_language() -> Call:
    from newslake.transforms.normalise.language import detect_language

    return lambda case: detect_language(case["headline"], case["body"])


@lru_cache(maxsize=64)
def _aware(base: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(base)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _base(case: Case) -> dt.datetime | None:
    return _aware(case["base"]) if case.get("base") else None


# dates


_ANY_BASE = dt.datetime(2001, 1, 1)
"""The "now" of a case without a base, so that the outcome is the same on any day."""
_NO_RELATIVE_WORDS = {"PARSERS": ["timestamp", "custom-formats", "absolute-time"], "REQUIRE_PARTS": ["year"]}
"""Settings for cases without a base, in which relative words and a day without year mean nothing.
"""
_PRINTED_SECONDS = re.compile(r"[0-9]:[0-9]{2}[:.][0-9]{2}(?![0-9])|T[0-9]{6}|[0-9]{14}")
"""A time with seconds. dateparser says that there was a time, but not whether it had seconds."""


def _dateparser(**settings: Any) -> Callable[[], Call]:
    def load() -> Call:
        from dateparser.date import DateDataParser
        from dateparser.languages.loader import default_loader

        known = set(default_loader.get_locale_map(allow_conflicting_locales=True))

        @lru_cache(maxsize=256)
        def parser(language: str, base: str | None) -> Any:
            moment = _aware(base).replace(tzinfo=None) if base else _ANY_BASE
            chosen = {"DATE_ORDER": "DMY", "RELATIVE_BASE": moment, **({} if base else _NO_RELATIVE_WORDS), **settings}
            return DateDataParser(languages=[language] if language in known else None, settings=chosen)

        return lambda case: parser(case["lang"], case.get("base")).get_date_data(case["text"])

    return load


def _dateparser_value(case: Case, data: Any) -> str | None:
    if data is None or data.date_obj is None:
        return None
    if data.period == "quarter":
        return f"{data.date_obj.year}-{33 + (data.date_obj.month - 1) // 3}"
    given = set(data.parts) - {"time"}
    if "time" in data.parts:
        given |= {"hour", "minute"}
        if data.date_obj.second or _PRINTED_SECONDS.search(case["text"]):
            given.add("second")
    return edtf(data.date_obj, given)


_OTHER_BASE = dt.datetime(2002, 2, 2, 1, 1, 1)
_ZONE_HOURS = {
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{
        "WET": 0,
        "WEST": 1,
        "CET": 1,
        "MET": 1,
        "CEST": 2,
        "MEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "JST": 9,
        "KST": 9,
    },
}
_ZONE_SECONDS = {name: hours * 3600 for name, hours in _ZONE_HOURS.items()}
"""Other zones for dateutil, which itself knows only UTC, GMT and the machine's own zone."""
_MONTH_MAY_COME_FIRST = ("en", "und")


def _dateutil_parse(case: Case, default: dt.datetime, fuzzy: bool) -> dt.datetime:
    from dateutil.parser import parse

    parsed: dt.datetime = parse(
        case["text"],
        default=default,
        fuzzy=fuzzy,
        tzinfos=_ZONE_SECONDS,
        dayfirst=case["lang"] not in _MONTH_MAY_COME_FIRST,
    )
    return parsed


def _dateutil(fuzzy: bool) -> Callable[[], Call]:
    def load() -> Call:
        import dateutil.parser  # noqa: F401  raises here if the package is missing

        return lambda case: _dateutil_parse(case, _ANY_BASE, fuzzy)

    return load


def _dateutil_value(fuzzy: bool) -> Callable[[Case, Any], str | None]:
    def value(case: Case, parsed: dt.datetime) -> str | None:
        # A field that the text does not hold comes from the default. A second default shows which.
        other = _dateutil_parse(case, _OTHER_BASE, fuzzy)
        return edtf(parsed, [field for field in _FIELDS if getattr(parsed, field) == getattr(other, field)])

    return value


def _feedparser() -> Call:
    from feedparser.datetimes import _parse_date  # behind every ..._parsed of an entry

    return lambda case: _parse_date(case["text"])


def _feedparser_value(case: Case, parsed: Any) -> str | None:
    return None if parsed is None else edtf(dt.datetime(*parsed[:6]).replace(tzinfo=dt.UTC), _FIELDS)


# URLs, bylines, languages


def _courlan() -> Call:
    from courlan import clean_url

    return lambda case: clean_url(case["url"])


def _courlan_strict() -> Call:
    from courlan import normalize_url, scrub_url

    return lambda case: normalize_url(scrub_url(case["url"]), strict=True)


def _url_normalize(filter_params: bool) -> Callable[[], Call]:
    def load() -> Call:
        from url_normalize import url_normalize

        return lambda case: url_normalize(case["url"], filter_params=filter_params)

    return load


def _trafilatura() -> Call:
    from trafilatura.json_metadata import normalize_authors

    return lambda case: normalize_authors(None, case["text"])


_LEAD_CHARS = 200


def _py3langid(chars: int | None) -> Callable[[], Call]:
    def load() -> Call:
        from py3langid import classify

        return lambda case: classify(f"{case['headline']}\n{case['body'][:chars]}")

    return load


DATES = (
    Contender("newslake", _our_dates, lambda case, parsed: getattr(parsed, "value", None)),
    Contender(
        f"dateparser, {MOST_RIGHT}",
        _dateparser(IGNORE_SURROUNDING_TEXT=True),
        _dateparser_value,
        "language, base, REQUIRE_PARTS year, IGNORE_SURROUNDING_TEXT",
    ),
    Contender(
        f"dateparser, {FEWEST_WRONG}",
        _dateparser(STRICT_DATE_ORDER="all"),
        _dateparser_value,
        "language, base, REQUIRE_PARTS year, STRICT_DATE_ORDER all",
    ),
    Contender(
        f"dateutil, {MOST_RIGHT}", _dateutil(True), _dateutil_value(True), "tzinfos, dayfirst by language, fuzzy"
    ),
    Contender(f"dateutil, {FEWEST_WRONG}", _dateutil(False), _dateutil_value(False), "tzinfos, dayfirst by language"),
    Contender("feedparser", _feedparser, _feedparser_value, "has none: UTC and seconds, whatever was printed"),
)
URLS = (
    Contender("newslake", _our_urls),
    Contender(f"courlan, {MOST_RIGHT}", _courlan_strict, setting="scrub_url, then normalize_url with strict"),
    Contender(f"courlan, {FEWEST_MERGED}", _courlan, setting="clean_url"),
    Contender(f"url-normalize, {MOST_RIGHT}", _url_normalize(True), setting="filter_params"),
    Contender(f"url-normalize, {FEWEST_MERGED}", _url_normalize(False), setting="as it comes"),
)
CAPTIONS = (Contender("newslake", _our_captions),)
BYLINES = (
    Contender("newslake", _our_bylines, lambda case, names: list(names or ())),
    Contender("trafilatura", _trafilatura, lambda case, names: names.split("; ") if names else [], "normalize_authors"),
)
LANGUAGE = (
    Contender("newslake", _our_language, lambda case, detected: detected.tag),
    Contender("py3langid, whole text", _py3langid(None), lambda case, detected: detected[0], "classify"),
    Contender(
        "py3langid, lead",
        _py3langid(_LEAD_CHARS),
        lambda case, detected: detected[0],
        f"classify, {_LEAD_CHARS} characters",
    ),
)
