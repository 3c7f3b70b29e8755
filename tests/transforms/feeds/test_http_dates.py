import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds.http_dates import fresh_seconds, parse_http_date, retry_after_seconds

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
"""What a server says whose clock is two hours ahead."""


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_the_three_forms_of_rfc_9110_are_one_instant(text: str) -> None:
    assert parse_http_date(text) == dt.datetime(1994, 11, 6, 8, 49, 37, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["", "0", "-1", "soon", "32 Foo 2026", "Mon, 99 Mar 2026 99:99:99 GMT", "\ud800"])
def test_any_other_text_is_no_date(text: str) -> None:
    assert parse_http_date(text) is None


@given(st.text())
def test_no_text_is_a_fault(text: str) -> None:
    parse_http_date(text)
    seconds = retry_after_seconds(text, date=text, now=NOW)
    assert seconds is None or 0 <= seconds <= 86_400
    assert fresh_seconds(cache_control=text, expires=text, date=text, age=text, now=NOW) >= 0


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0), ("120", 120), (" 120 ", 120), ("120.4", 121), ("0.2", 1), ("+30", 30), ("-30", 0), ("-0.5", 0),
        ("120, 60", 120), ("120 seconds", 120), ("30s", 30), ("99999999", 86_400), ("9" * 5000, 86_400),
        ("", None), ("soon", None), ("NaN", None), ("inf", None), ("1e3", None), ("0x10", None), ("12:00", None),
        ("Mon, 02 Mar 2026 10:01:00 GMT", 60), ("Monday, 02-Mar-26 10:01:00 GMT", 60), ("Mon Mar  2 10:01:00 2026", 60),
        ("Mon, 02 Mar 2026 11:01:00 +0100", 60), ("Mon, 02 Mar 2026 09:59:59 GMT", 0),
        ("Sat, 02 Mar 2041 10:00:00 GMT", 86_400),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(told: str, seconds: int | None) -> None:
    assert retry_after_seconds(told, now=NOW) == seconds


def test_a_date_counts_from_the_clock_of_the_server() -> None:
    assert retry_after_seconds("Mon, 02 Mar 2026 12:05:00 GMT", date=DATE, now=NOW) == 300
    assert retry_after_seconds("Mon, 02 Mar 2026 10:05:00 GMT", date="soon", now=NOW) == 300


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache_control": "max-age=60"}, 60),
        ({"cache_control": "public, Max-Age=60, must-revalidate"}, 60),
        ({"cache_control": 'max-age="60"'}, 60),
        ({"cache_control": "max-age = 60"}, 60),
        ({"cache_control": "max-age=60", "age": "20"}, 40),
        ({"cache_control": "max-age=60", "age": "90"}, 0),
        ({"cache_control": "max-age=60", "age": "old"}, 60),
        ({"cache_control": "s-maxage=60"}, 0),
        ({"cache_control": "max-age=60, no-cache"}, 0),
        ({"cache_control": "no-store, max-age=60"}, 0),
        ({"cache_control": "max-age=many", "expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 0),
        ({"cache_control": "max-age=-5"}, 0),
        ({"cache_control": "max-age=" + "9" * 5000}, 365 * 86_400),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT", "date": DATE}, 3600),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3 * 3600),
        ({"expires": "Mon, 02 Mar 2026 09:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"cache_control": "max-age=60", "expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 60),
        ({}, 0),
    ],
)
def test_freshness_follows_rfc_9111(headers: dict[str, str], seconds: int) -> None:
    assert fresh_seconds(**{"cache_control": "", **headers}, now=NOW) == seconds
