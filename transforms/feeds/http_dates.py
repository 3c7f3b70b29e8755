"""The dates and waits that HTTP headers tell (RFC 9110 and 9111)."""

import datetime as dt
import math
import re
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 24 * 3600
"""A wait of Retry-After that is longer counts as this long. A feed is asked once a day at least."""
_MOST_FRESH_SECONDS = 365 * 24 * 3600
_DELTA = re.compile(r"\s*(?P<sign>[+-]?)(?P<number>\d{1,12}(?:\.\d*)?)(?:\d*)\s*(?:s|sec|seconds)?\s*(?:,|\Z)", re.I)
"""Seconds as servers write them. RFC 9110 section 10.2.3 allows whole ones without a sign."""
_DIRECTIVE = re.compile(r"(?:\A|,)\s*(?P<name>[\w-]+)\s*(?:=\s*\"?(?P<value>[^\",]*)\"?)?", re.ASCII)
_WHOLE = re.compile(r"\s*(\d{1,12})", re.ASCII)


def parse_http_date(text: str) -> dt.datetime | None:
    """Return the instant of an HTTP date, or None if the text is no date.

    All three forms of RFC 9110 section 5.6.7 are read: IMF-fixdate, RFC 850 and asctime. A date
    without a zone is in UTC.
    """
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after_seconds(retry_after: str, *, date: str = "", now: dt.datetime) -> int | None:
    """Return the seconds that a Retry-After header asks to wait; None if it cannot be read.

    ``date`` is the answer's Date header. A Retry-After that is a date counts from it, so that a
    wrong clock of the server does no harm; without a Date it counts from ``now``. A wait in the
    past is 0, and one of more than 24 hours is 24 hours.

    >>> retry_after_seconds("120", now=dt.datetime.now(dt.UTC))
    120
    """
    if delta := _DELTA.match(retry_after):
        seconds = 0.0 if delta["sign"] == "-" else float(delta["number"])
    elif until := parse_http_date(retry_after):
        seconds = (until - (parse_http_date(date) or now)).total_seconds()
    else:
        return None
    return math.ceil(min(max(seconds, 0.0), LONGEST_WAIT_SECONDS))


def fresh_seconds(*, cache_control: str, expires: str = "", date: str = "", age: str = "", now: dt.datetime) -> int:
    """Return how long an answer stays fresh in a private cache, in seconds (RFC 9111 section 4.2).

    The arguments are the values of the headers, "" for a missing one. ``max-age`` wins over
    Expires. no-store, no-cache and values that cannot be read mean 0. Age is subtracted: the answer
    may come from a shared cache.
    """
    directives = {found["name"].lower(): found["value"] or "" for found in _DIRECTIVE.finditer(cache_control)}
    if directives.keys() & {"no-cache", "no-store"}:
        return 0
    if "max-age" in directives:
        lifetime = _whole(directives["max-age"])
    elif expires and (until := parse_http_date(expires)):
        lifetime = int((until - (parse_http_date(date) or now)).total_seconds())
    else:
        return 0
    return min(max(lifetime - _whole(age), 0), _MOST_FRESH_SECONDS)


def _whole(text: str) -> int:
    found = _WHOLE.match(text)
    return int(found[1]) if found else 0
