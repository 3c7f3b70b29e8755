"""How often a feed wants to be asked, by its own words, without parsing it.

``ttl``, ``skipHours`` and ``skipDays`` are elements of an RSS 2.0 channel. ``updatePeriod`` and
``updateFrequency`` are of the RSS 1.0 module Syndication (``sy:``), which RSS 2.0 feeds use too.
"""

import codecs
import re

from newslake.schemas.feed_state import FeedHints

_HIDDEN = rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<text>.*?)(?:\]\]>|\Z)"
_COMMENT_OR_CDATA = re.compile(_HIDDEN, re.DOTALL)
_FIRST_ENTRY = re.compile(_HIDDEN + rb"|(?P<entry><(?:[\w.-]+:)?(?:item|entry)[\s>])", re.DOTALL)
_BRACKETS = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))
_ENTRY_ENDS = (b"</item", b"</entry")
_MOST_TAIL_BYTES = 10_000
_UTF_16_STARTS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_TTL = re.compile(rb"<ttl(?:\s[^<>]*)?>\s*(\d{1,6})\b", re.IGNORECASE)
_PERIOD = re.compile(rb"<[\w.-]+:updatePeriod(?:\s[^<>]*)?>\s*(\w+)", re.IGNORECASE)
_FREQUENCY = re.compile(rb"<[\w.-]+:updateFrequency(?:\s[^<>]*)?>\s*(\d{1,6})\b", re.IGNORECASE)
_SKIP_HOURS = (re.compile(rb"<skipHours[\s>]", re.IGNORECASE), re.compile(rb"</skipHours", re.IGNORECASE))
_SKIP_DAYS = (re.compile(rb"<skipDays[\s>]", re.IGNORECASE), re.compile(rb"</skipDays", re.IGNORECASE))
"""The start tags and end tags."""
_HOUR = re.compile(rb"<hour(?:\s[^<>]*)?>\s*(\d{1,2})\b", re.IGNORECASE)
_DAY = re.compile(rb"<day(?:\s[^<>]*)?>\s*([a-z]{3})", re.IGNORECASE)

_PERIOD_SECONDS = {
    b"hourly": 3600,
    b"daily": 86_400,
    b"weekly": 7 * 86_400,
    b"monthly": 30 * 86_400,
    b"yearly": 365 * 86_400,
}
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")


def read_hints(body: bytes) -> FeedHints:
    """Return the hints of a feed. A hint that is missing or cannot be read keeps its default.

    >>> read_hints(b"<channel><ttl>60</ttl><item><ttl>5</ttl></item></channel>").ttl_seconds
    3600

    Only what stands before the first entry and after the last one counts, without comments and
    without markup in CDATA sections. Hour 24 is hour 0, because RSS 0.91 counts from 1.
    """
    text = _around_entries(_one_byte_a_letter(body))
    ttl = _TTL.search(text)
    return FeedHints(
        ttl_seconds=int(ttl[1]) * 60 if ttl else 0,
        update_seconds=_update_seconds(text),
        skip_hours=_skip_hours(text),
        skip_days=_skip_days(text),
    )


def _one_byte_a_letter(body: bytes) -> bytes:
    """Return a body in UTF-16 as UTF-8, and any other body as it is: its tags are in ASCII."""
    return body.decode("utf-16", "replace").encode() if body.startswith(_UTF_16_STARTS) else body


def _around_entries(body: bytes) -> bytes:
    """Return what stands outside of the entries, without what is not markup."""
    entry = next((found for found in _FIRST_ENTRY.finditer(body) if found["entry"]), None)
    if entry is None:
        return _only_markup(body)
    last = max(body.rfind(end, entry.start()) for end in _ENTRY_ENDS)
    is_text = any(body.rfind(opening, 0, last) > body.rfind(closing, 0, last) for opening, closing in _BRACKETS)
    tail = b"" if last < 0 or is_text else _only_markup(body[last : last + _MOST_TAIL_BYTES])
    return _only_markup(body[: entry.start()]) + tail


def _only_markup(text: bytes) -> bytes:
    return _COMMENT_OR_CDATA.sub(lambda found: (found["text"] or b"").replace(b"<", b" "), text)


def _update_seconds(text: bytes) -> int:
    """Return the seconds between two updates: a period of the module divided by the frequency."""
    period, frequency = _PERIOD.search(text), _FREQUENCY.search(text)
    if period is None and frequency is None:
        return 0
    seconds = _PERIOD_SECONDS.get(period[1].lower(), 0) if period else _PERIOD_SECONDS[b"daily"]
    return seconds // max(int(frequency[1]) if frequency else 1, 1)


def _skip_hours(text: bytes) -> tuple[int, ...]:
    hours = {int(hour[1]) for hour in _HOUR.finditer(_block(text, *_SKIP_HOURS))}
    return tuple(sorted({hour % 24 for hour in hours if hour <= 24}))


def _skip_days(text: bytes) -> tuple[int, ...]:
    days = {day[1].lower() for day in _DAY.finditer(_block(text, *_SKIP_DAYS))}
    return tuple(number for number, name in enumerate(_DAYS) if name in days)


def _block(text: bytes, start: re.Pattern[bytes], end: re.Pattern[bytes]) -> bytes:
    """Return the text between the first start tag and the end tag after it."""
    begin = start.search(text)
    close = end.search(text, begin.end()) if begin else None
    return text[begin.end() : close.start()] if begin and close else b""
