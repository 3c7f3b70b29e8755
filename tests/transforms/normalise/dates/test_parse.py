import datetime as dt
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.dates import (
    ParsedDate,
    Refusal,
    Refused,
    assume_zone,
    forget_other_zone,
    parse_date,
    record_date,
    time_zone,
)

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)


def utc(*fields: int) -> dt.datetime:
    return dt.datetime(*fields, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def parsed(text: str) -> ParsedDate:
    date = parse_date(text)
    assert isinstance(date, ParsedDate), (text, date)
    return date


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("1998", "1998", "year"),
        ("2021-11", "2021-11", "month"),
        ("2021-11-05", "2021-11-05", "day"),
        ("2021-11-05T07", "2021-11-05T07", "hour"),
        ("2021-11-05 07", "2021-11-05T07", "hour"),
        ("2021-11-05T07+02:00", "2021-11-05T07+02:00", "hour"),
        ("2021-11-05T07:08", "2021-11-05T07:08", "minute"),
        ("2021-11-05 07:08Z", "2021-11-05T07:08Z", "minute"),
        ("2021-11-05T07:08:09Z", "2021-11-05T07:08:09Z", "second"),
        ("2021-11-05T07:08:09-03:30", "2021-11-05T07:08:09-03:30", "second"),
        ("2021-11-05T07:08:09-0330", "2021-11-05T07:08:09-03:30", "second"),
        ("2021-11-05t07:08:09z", "2021-11-05T07:08:09Z", "second"),
        ("2021-11-05 07:08:09 +0000", "2021-11-05T07:08:09Z", "second"),
        ("2021-11-05 07:08:09 UTC", "2021-11-05T07:08:09Z", "second"),
        ("2021-11-05T07:08:09.987654321Z", "2021-11-05T07:08:09Z", "second"),
        ("2021-11-05T07:08:09,5", "2021-11-05T07:08:09", "second"),
        ("20211105", "2021-11-05", "day"),
        ("202111050708", "2021-11-05T07:08", "minute"),
        ("20211105T070809Z", "2021-11-05T07:08:09Z", "second"),
        ("20211105070809", "2021-11-05T07:08:09", "second"),
        ("1636096089", "2021-11-05T07:08:09Z", "second"),
        ("1636096089123", "2021-11-05T07:08:09Z", "second"),
        ("1636096089.75", "2021-11-05T07:08:09Z", "second"),
        ("978307200000", "2001-01-01T00:00:00Z", "second"),
    ],
)
def test_iso_8601_and_digits_keep_what_is_printed(text: str, value: str, precision: str) -> None:
    assert (parsed(text).value, parsed(text).precision) == (value, precision)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Fri, 05 Nov 2021 07:08:09 +0100", "2021-11-05T07:08:09+01:00"),
        ("Fri,5 Nov 2021 7:08:09 GMT", "2021-11-05T07:08:09Z"),
        ("5 Nov 2021 07:08 EST", "2021-11-05T07:08-05:00"),
        ("5 Nov 21 07:08 UT", "2021-11-05T07:08Z"),
        ("05 November 2021", "2021-11-05"),
        ("Friday, 05-Nov-21 07:08:09 GMT", "2021-11-05T07:08:09Z"),
        ("Fri, 05 Nov 2021 07:08:09 CEST", "2021-11-05T07:08:09+02:00"),
        ("Fri, 05 Nov 2021\r\n 07:08:09 (about) +0100 (CET)", "2021-11-05T07:08:09+01:00"),
        ("Fri, 05 Nov 2021 07:08:09.25 -0200", "2021-11-05T07:08:09-02:00"),
        ("5 Nov 49 07:08:09 Z", "2049-11-05T07:08:09Z"),
        ("5 Nov 50 07:08:09 Z", "1950-11-05T07:08:09Z"),
        ("5 Nov 121 07:08:09 Z", "2021-11-05T07:08:09Z"),
    ],
)
def test_rfc_822_and_its_obsolete_forms_are_read(text: str, value: str) -> None:
    assert parsed(text).value == value


@pytest.mark.parametrize(
    ("text", "start", "until"),
    [
        ("2020", utc(2020, 1, 1), utc(2021, 1, 1)),
        ("2020-12", utc(2020, 12, 1), utc(2021, 1, 1)),
        ("2020-02-29", utc(2020, 2, 29), utc(2020, 3, 1)),
        ("2020-02-29T23+02:00", utc(2020, 2, 29, 21), utc(2020, 2, 29, 22)),
        ("2020-02-29T23:59", utc(2020, 2, 29, 23, 59), utc(2020, 3, 1)),
        ("2020-01-01T00:00:00+01:00", utc(2019, 12, 31, 23), utc(2019, 12, 31, 23, 0, 1)),
    ],
)
def test_a_date_is_the_whole_interval_that_it_names(text: str, start: dt.datetime, until: dt.datetime) -> None:
    assert (parsed(text).start, parsed(text).until) == (start, until)


def test_the_calendar_ends_with_the_year_9999() -> None:
    assert parsed("9999-12").until == dt.datetime.max.replace(tzinfo=dt.UTC)
    assert parse_date("9999-12-31T23:59:59-01:00") == Refused(Refusal.IMPLAUSIBLE)
    assert parse_date("9999-12-31T24:00:00Z") == Refused(Refusal.IMPOSSIBLE)
    assert parsed("0001-02").start == utc(1, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-30", "2023-13", "2023-13-01", "2023-00-10", "0000-01-01", "2021-02-29T10:00:00Z",
        "2023-03-20T24:01:00Z", "2023-03-20T25:00", "2023-03-20T10:60", "2023-03-20T10:00:61Z",
        "2023-03-20T10:00:00+14:01", "2023-03-20T10:00:00+02:60",
        "Mon, 31 Jun 2023 10:00 GMT",
        "20230230", "20231301T101010Z", "2023-03-20T10:60:60Z",
    ],
)  # fmt: skip
def test_days_times_and_offsets_that_do_not_exist_are_refused(text: str) -> None:
    assert parse_date(text) == Refused(Refusal.IMPOSSIBLE)


@pytest.mark.parametrize(
    "text",
    [
        "2021-11-05 10-12", "2021-11-05T07:08:09+0x:00", "10:30", "v2.3.20", "null", "161385360554578", "October",
        "5.11", "3/4", "120 km", "192.168.7.12", "+31 20 555 1234", "EUR 12.50", "3 days", "1h 20m",
        "5:1 win on 7 May", "5 May 2021 and 6 May 2021", "Friday", "5 listopad 2021",
        "The 7 of us met 3 times in 2021", "5 May 2021 = deadline", "x5 May 2021", "2021, 5", "Apollo 11 landed",
        "No 2021",
    ],
)  # fmt: skip
def test_a_text_of_unknown_form_is_refused(text: str) -> None:
    assert parse_date(text) == Refused(Refusal.UNRECOGNISED)


@pytest.mark.parametrize(
    "text", ["1430", "2500", "0001-01-01T00:00:00Z", "0001-01-01", "123456789", "4102444800", "99999999999"]
)
def test_numbers_that_are_hardly_dates_are_refused(text: str) -> None:
    assert parse_date(text) in (Refused(Refusal.IMPLAUSIBLE), Refused(Refusal.UNRECOGNISED))


def test_empty_and_endless_texts_are_refused_by_name() -> None:
    assert parse_date(" \t") == Refused(Refusal.EMPTY)
    assert parse_date("2023-03-20" * 2500) == Refused(Refusal.TOO_LONG)


def test_midnight_at_the_end_of_a_day_is_the_next_day() -> None:
    assert parsed("2020-02-28T24:00").value == "2020-02-29T00:00"


def test_a_leap_second_is_the_second_before_it() -> None:
    date = parsed("2016-12-31T23:59:60Z")
    assert (date.value, date.start) == ("2016-12-31T23:59:59Z", utc(2016, 12, 31, 23, 59, 59))
    assert parsed("2017-01-01T05:29:60+05:30").value == "2017-01-01T05:29:59+05:30"


@pytest.mark.parametrize(
    ("text", "value", "zone"),
    [
        ("2023-03-20T14:05", "2023-03-20T14:05", None),
        ("Mon, 20 Mar 2023 14:05:09 IST", "2023-03-20T14:05:09", "IST"),
        ("Mon, 20 Mar 2023 14:05:09 -0000", "2023-03-20T14:05:09Z", "-0000"),
        ("2023-03-20T14:05:09-00:00", "2023-03-20T14:05:09Z", "-00:00"),
        ("Mon, 20 Mar 2023 14:05:09 B", "2023-03-20T14:05:09Z", "B"),
    ],
)
def test_a_time_whose_zone_is_not_known_is_read_as_utc_and_says_so(text: str, value: str, zone: str | None) -> None:
    date = parsed(text)
    assert (date.value, date.zone, date.flags) == (value, zone, ("zone_unknown",))
    assert date.start.replace(second=0) == utc(2023, 3, 20, 14, 5)


@pytest.mark.parametrize("text", ["2023", "2023-03", "2023-03-20", "20 Mar 2023"])
def test_a_day_has_no_zone_to_lose(text: str) -> None:
    assert parsed(text).flags == ()


def test_a_wrong_weekday_is_flagged_and_the_day_of_the_month_stands() -> None:
    assert parsed("Tue, 20 Mar 2023 14:05:09 GMT").flags == ("bogus_weekday",)
    assert parsed("Mon, 20 Mar 2023 14:05:09 GMT").flags == ()
    assert parsed("Tue, 20 Mar 2023 14:05:09 GMT").value == "2023-03-20T14:05:09Z"


@pytest.mark.parametrize("text", ["1970-01-01", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 01:00:00 +0100"])
def test_the_zero_of_unix_time_is_flagged(text: str) -> None:
    assert parsed(text).flags == ("epoch_zero",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1631090000", "2021-09-08T08:33:20Z"),
        ("1631090000000", "2021-09-08T08:33:20Z"),
        ("1631090000000000", "2021-09-08T08:33:20Z"),
        ("1631090000123456789", "2021-09-08T08:33:20Z"),
        ("/Date(1631090000000)/", "2021-09-08T08:33:20Z"),
        ("/Date(1631090000000+0530)/", "2021-09-08T14:03:20+05:30"),
        (r"\/Date(-86400000)\/", "1969-12-31T00:00:00Z"),
    ],
)
def test_unix_time_comes_in_all_units_and_as_dotnet_writes_it(text: str, value: str) -> None:
    assert parsed(text).value == value


@pytest.mark.parametrize("text", ["/Date(99999999999999999)/", "/Date(999999999999999)/", "9999999999999999"])
def test_a_count_beyond_the_calendar_is_refused(text: str) -> None:
    assert isinstance(parse_date(text), Refused)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("17/05/09", None, "[2009-05-17,2017-05-09]"),
        ("17/05/09", "en", "[2009-05-17,2017-05-09]"),
        ("17/05/09", "en-GB", "2009-05-17"),
        ("17/05/09", "it", "2009-05-17"),
        ("17/05/09", "ja", "2017-05-09"),
        ("05/09/17", "en", "[2017-05-09,2017-09-05]"),
        ("17.05.09", None, "2009-05-17"),
    ],
)
def test_a_year_of_two_digits_may_stand_first_if_no_language_tells(text: str, language: str | None, value: str) -> None:
    date = parse_date(text, language=language)
    assert isinstance(date, ParsedDate)
    assert date.value == value


def test_the_year_1970_is_a_year_like_others() -> None:
    assert parsed("1970").flags == parsed("1970-01").flags == ()


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "+25:00", "+1", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_named_in_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        time_zone(name)


ZONES = st.sampled_from(["", "Z", "+01:00", "-0330", "+14", " GMT", "-00:00"])
INSTANTS = st.datetimes(min_value=dt.datetime(1, 1, 3), max_value=dt.datetime(9999, 12, 29))
PLAUSIBLE_INSTANTS = st.datetimes(min_value=dt.datetime(1500, 1, 1), max_value=dt.datetime(2100, 12, 31))


@given(INSTANTS, st.integers(4, 19), ZONES)
def test_a_value_reads_as_itself(instant: dt.datetime, length: int, zone: str) -> None:
    date = parse_date(instant.isoformat(timespec="seconds")[:length] + (zone if length > 10 else ""))
    if isinstance(date, ParsedDate):
        again = parsed(date.value)
        assert (again.value, again.precision, again.start, again.until) == (
            date.value,
            date.precision,
            date.start,
            date.until,
        )
        assert date.start < date.until


@given(PLAUSIBLE_INSTANTS, ZONES)
def test_both_ways_to_read_a_full_instant_agree(instant: dt.datetime, zone: str) -> None:
    text = instant.isoformat(timespec="seconds") + zone
    fast, slow = parsed(text), parsed(text.replace("T", "t", 1))
    assert fast == slow


@given(
    PLAUSIBLE_INSTANTS,
    st.sampled_from(["+0000", "-0800", "GMT", "EDT", ""]),
)
def test_rfc_822_means_what_iso_8601_means(instant: dt.datetime, zone: str) -> None:
    offset = {"+0000": "Z", "-0800": "-08:00", "GMT": "Z", "EDT": "-04:00", "": ""}[zone]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    text = f"{instant.day} {months[instant.month - 1]} {instant.year:04d} {instant:%H:%M:%S} {zone}"
    assert parsed(text).value == parsed(instant.isoformat(timespec="seconds") + offset).value


@given(
    st.text()
    | st.from_regex(r"[0-9 TZ:.+/-]{1,30}", fullmatch=True)
    | st.from_regex(r"[A-Za-z0-9,: +-]{1,40}", fullmatch=True)
)
def test_no_text_raises(text: str) -> None:
    date = parse_date(text)
    if isinstance(date, ParsedDate):
        record_date(assume_zone(forget_other_zone(date, time_zone("Asia/Shanghai")), time_zone("Asia/Kolkata")), NOW)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2021-W44", "2021-W44", "week"),
        ("2021-W44-7", "2021-11-07", "day"),
        ("2021W447", "2021-11-07", "day"),
        ("2021-311", "2021-11-07", "day"),
        ("2021-311T07:08Z", "2021-11-07T07:08Z", "minute"),
        ("2021-11?", "2021-11?", "month"),
        ("2021-11-07~", "2021-11-07~", "day"),
        ("2021-XX", "2021-XX", "month-unspecified"),
        ("2021-11-XX", "2021-11-XX", "day-unspecified"),
        ("2021-11-1X", "2021-11-1X", "day-unspecified"),
        ("2021-24", "2021-24", "season"),
        ("2021-36", "2021-36", "quarter"),
        ("193X", "193X", "decade"),
        ("19XX", "19XX", "century"),
        ("2020/2021", "2020/2021", "interval"),
        ("2020-2021", "2020/2021", "interval"),
        ("2021-11-07/2021-11-09", "2021-11-07/2021-11-09", "interval"),
        ("XXXX-11-07", "XXXX-11-07", "day"),
        ("--11-07", "XXXX-11-07", "day"),
        ("[2021-05-06, 2021-06-05]", "[2021-05-06,2021-06-05]", "ambiguous"),
    ],
)
def test_edtf_and_the_rest_of_iso_8601_are_read(text: str, value: str, precision: str) -> None:
    assert (parsed(text).value, parsed(text).precision) == (value, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2021-W54",
        "2021-366",
        "2021-000",
        "2021-13-XX",
        "2021-02-3X",
        "2021/2020",
        "XXXX-02-30",
        "[2021-02-30,2021-03-01]",
    ],
)
def test_edtf_of_days_that_do_not_exist_is_refused(text: str) -> None:
    assert parse_date(text) == Refused(Refusal.IMPOSSIBLE)


@pytest.mark.parametrize(
    "text",
    [
        "1445-09-10",
        "5783-03-20",
        "2566-12-10T10:00:00Z",
        "9999-12-31",
        "1200-01-01 10:00",
        "Sun, 10 Dec 2566 10:00 GMT",
    ],
)
def test_a_day_of_a_year_without_newspapers_is_of_another_calendar_or_none(text: str) -> None:
    assert parse_date(text) == Refused(Refusal.IMPLAUSIBLE)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2564-11-07", "th", "2021-11-07"),
        ("2564-11-07T07:08:09+07:00", "th", "2021-11-07T07:08:09+07:00"),
        ("Sun, 07 Nov 2564 07:08:09 +0700", "th", "2021-11-07T07:08:09+07:00"),
        ("2567-02-29", "th", "2024-02-29"),
        ("2021-11-07", "th", "2021-11-07"),
        ("07/11/43", "th", None),
        ("7 พ.ย. 43", "th", None),
        ("7 November 2564 BE", "en", "2021-11-07"),
        ("B.E. 2564 November 7", "en", "2021-11-07"),
        ("۱۴۰۰-۰۸-۱۶", "fa", "2021-11-07"),
        ("1400-08-16 07:08", "fa", "2021-11-07T07:08"),
        ("16/08/1400", "fa", "2021-11-07"),
        ("05/06/1400", "fa", None),
        ("1400-02-31", "fa", "2021-05-21"),
        ("00/08/16", "fa", None),
        ("2078-07-21", "ne", None),
        ("2021-11-07", "ne", "2021-11-07"),
        ("1443-04-02 هـ", "ar", None),
        ("2/4/1443 H", "id", None),
        ("7 November 2021 AH", "en", None),
        ("7 November 21 BC", "en", None),
        ("7 November 2021 CE", "en", "2021-11-07"),
        ("7 Adar 5781", "en", None),
        ("7 መጋቢት 2014", "am", None),
        ("단기 4354년 11월 7일", "ko", None),
        ("农历2021年11月7日", "zh", None),
        ("皇紀2681年11月7日", "ja", None),
    ],
)
def test_years_of_other_calendars_are_converted_or_refused(text: str, language: str, expected: str | None) -> None:
    date = parse_date(text, language=language)
    assert (date.value if isinstance(date, ParsedDate) else None) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sun, 07 Nov 2021 07:08:09 CST", "zh", "2021-11-07T07:08:09"),
        ("Sun Nov 07 07:08:09 CST 2021", "zh-CN", "2021-11-07T07:08:09"),
        ("Sun, 07 Nov 2021 07:08:09 CST", "en-US", "2021-11-07T07:08:09-06:00"),
        ("Sun, 07 Nov 2021 07:08:09 EST", "en-AU", "2021-11-07T07:08:09"),
        ("Sun, 07 Nov 2021 07:08:09 EST", "en", "2021-11-07T07:08:09-05:00"),
        ("06/05/2021 07:08 CST", "zh", "[2021-05-06T07:08,2021-06-05T07:08]"),
        ("7 November 07:08 CST", "zh", "XXXX-11-07T07:08"),
    ],
)
def test_a_name_that_the_papers_of_a_language_use_for_another_zone_is_no_zone(
    text: str, language: str, expected: str
) -> None:
    date = parse_date(text, language=language)
    assert isinstance(date, ParsedDate)
    assert date.value == expected
    assert ("zone_unknown" in date.flags) == (expected[-1] == "]" or len(expected) in (16, 19))
    assert "zone_unknown" not in date.flags or parsed(date.value).start == date.start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 Nov 2021 10:00-12:00", None),
        ("7 Nov 2021 10:00–12:00", None),
        ("07.11.2021 09:00-11:30", None),
        ("2021-11-07 10:00-12:00", None),
        ("2021-11-07 10:00 -12:00", None),
        ("2021-11-07 10:00 -07:00", "2021-11-07T10:00-07:00"),
        ("2021-11-07T10:00-12:00", "2021-11-07T10:00-12:00"),
        ("7 Nov 2021 10:00:00-07:00", "2021-11-07T10:00:00-07:00"),
        ("7 Nov 2021 10:00-0700", "2021-11-07T10:00-07:00"),
        ("7 Nov 2021 10:00+02:00", "2021-11-07T10:00+02:00"),
        ("Nov 7, 2021 10:00-12:00", None),
    ],
)
def test_the_end_of_a_range_of_hours_is_no_offset(text: str, expected: str | None) -> None:
    date = parse_date(text)
    assert (date.value if isinstance(date, ParsedDate) else None) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2021110707", None), ("1999123123", None), ("2021-22", None), ("2020-21", "en"), ("2021–22", "en"),
        ("2021–21", "en"), ("2001–05", "en"), ("2021-11-0O", "en"), ("2021-11-7O", "en"),
        ("until 7 November 2021", "en"), ("Expires: 7 November 2021", "en"), ("Born 7 November 2021", "en"),
        ("bis 7. November 2021", "de"), ("t/m 7 november 2021", "nl"), ("fino al 7 novembre 2021", "it"),
        ("jusqu'au 7 novembre 2021", "fr"), ("hasta el 7 de noviembre de 2021", "es"), ("do 7 listopada 2021", "pl"),
        ("до 7 ноября 2021", "ru"),
        ("Rs. 7.11.21", "en"), ("USD 7.11.21", "en"), ("7.11.21 km", "en"), ("7.11.21 MB", "en"),
        ("Psalm 7.11.2021", "en"), ("Section 7.11.21", "en"), ("Gizmo 7.11.21", "en"),
        ("20 Novemba 2021 saa 4:00", "sw"), ("20 Novemba 2021, 4:00 asubuhi", "sw"),
    ],
)  # fmt: skip
def test_text_that_only_looks_like_a_publication_date_is_refused(text: str, language: str | None) -> None:
    assert isinstance(parse_date(text, language=language), Refused)


CLOCKED = """
import datetime, sys, time
now = float(sys.argv[1])
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)
    utcnow = today = now
datetime.datetime = Clock
time.time = lambda: now
from newslake.transforms.normalise.dates import parse_date, record_date
base = datetime.datetime(2022, 6, 15, 9, 45, tzinfo=datetime.timezone.utc)
for text in sys.argv[2:]:
    for known in (None, base):
        date = parse_date(text, language="en", base=known)
        print(repr(date).replace("Clock", "datetime.datetime"))
        if hasattr(date, "value"):
            print(record_date(date, base))
"""


def test_no_date_depends_on_the_day_that_the_program_runs() -> None:
    texts = [
        "2021-11-07",
        "7 November",
        "29 Feb",
        "yesterday",
        "3 hours ago",
        "Friday",
        "05/06/2021",
        "7 Nov 21",
        "10:30",
        "XXXX-11-07",
        "1636096089",
    ]
    printed = {
        subprocess.run(
            [sys.executable, "-c", CLOCKED, str(now), *texts], capture_output=True, text=True, check=True
        ).stdout
        for now in (951_782_400, 1_655_286_300, 4_070_908_800)
    }
    assert len(printed) == 1
    assert "2022-06-14" in printed.pop()


@pytest.mark.parametrize("text", ["0", "0.0", "00", "2024-05/unknown", "2024-05/open", "2024-05/..", "../2024-05"])
def test_nought_and_an_interval_without_an_end_are_no_dates(text: str) -> None:
    assert isinstance(parse_date(text), Refused)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-11-07T07:08:09+2:00", "2021-11-07T07:08:09+02:00"),
        ("Sun, 7 Nov 2021 07:08:09 +200", "2021-11-07T07:08:09+02:00"),
        ("Sun, 7 Nov 2021 07:08:09 --0200", "2021-11-07T07:08:09-02:00"),
        ("2021-11-07T07:08:9Z", "2021-11-07T07:08:09Z"),
        ("20211107T07:08:09Z", "2021-11-07T07:08:09Z"),
        ("20211107 07:08", "2021-11-07T07:08"),
        ("17.11.2021-07:08", "2021-11-17T07:08"),
        ("17.11.2021 @ 07:08", "2021-11-17T07:08"),
        ("07:08:092021-11-07", "2021-11-07T07:08:09"),
        ("2021-11-0707:08", "2021-11-07T07:08"),
        ("2021年11月0707:08", "2021-11-07T07:08"),
        ("'2021-11-07'", "2021-11-07"),
        ("\u201c7 Nov 2021\u201d", "2021-11-07"),
        ("Sun, 7 Nov 2021 07:08:60 GMT", "2021-11-07T07:08:59Z"),
        ("Sun, 7 Nov 2021 07:08:09 +-0200", None),
        ("2021-11-07-05:00", None),
        ("2021年11月117:08", None),
    ],
)
def test_slips_with_one_reading_are_mended(text: str, expected: str | None) -> None:
    date = parse_date(text)
    assert (date.value if isinstance(date, ParsedDate) else None) == expected
