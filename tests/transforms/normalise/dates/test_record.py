import datetime as dt

import pytest

from newslake.transforms.normalise.dates import ParsedDate, assume_zone, parse_date, record_date, time_zone

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)


def utc(*fields: int) -> dt.datetime:
    return dt.datetime(*fields, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def parsed(text: str) -> ParsedDate:
    date = parse_date(text)
    assert isinstance(date, ParsedDate), (text, date)
    return date


def test_an_assumed_zone_moves_the_instant_and_not_the_printed_time() -> None:
    amsterdam = time_zone("Europe/Amsterdam")
    summer = assume_zone(parsed("2023-07-01T10:00:00"), amsterdam)
    assert (summer.value, summer.start, summer.flags) == (
        "2023-07-01T10:00:00+02:00",
        utc(2023, 7, 1, 8),
        ("zone_assumed",),
    )
    assert summer.until - summer.start == dt.timedelta(seconds=1)
    assert assume_zone(parsed("2023-01-01T10:00"), amsterdam).value == "2023-01-01T10:00+01:00"
    assert assume_zone(parsed("2023-01-01T10:00"), time_zone("-03:30")).value == "2023-01-01T10:00-03:30"


@pytest.mark.parametrize(
    "text", ["2023-07-01", "2023-07", "2023-07-01T10:00:00+09:00", "Sat, 01 Jul 2023 10:00:00 -0000"]
)
def test_a_zone_is_assumed_only_for_a_time_without_one(text: str) -> None:
    assert assume_zone(parsed(text), time_zone("Europe/Amsterdam")) == parsed(text)


def test_no_zone_is_assumed_where_its_offset_cannot_be_written() -> None:
    before_standard_time = parsed("1850-01-01T10:00")
    assert assume_zone(before_standard_time, time_zone("Europe/Amsterdam")) == before_standard_time


@pytest.mark.parametrize(
    ("text", "published", "on", "since", "until", "flags"),
    [
        ("2023", "2023", None, "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z", ("coarse",)),
        ("2023-03", "2023-03", None, "2023-03-01T00:00:00Z", "2023-04-01T00:00:00Z", ("coarse",)),
        ("2023-03-20", "2023-03-20", "2023-03-20", "2023-03-20T00:00:00Z", "2023-03-21T00:00:00Z", ()),
        ("2023-03-20T01+02:00", "2023-03-20", "2023-03-20", "2023-03-19T23:00:00Z", "2023-03-20T00:00:00Z", ()),
        (
            "2023-03-20T14:05",
            "2023-03-20T14:05Z",
            "2023-03-20",
            "2023-03-20T14:05:00Z",
            "2023-03-20T14:06:00Z",
            ("zone_unknown",),
        ),
        (
            "2023-03-20T01:05:09+02:00",
            "2023-03-20T01:05:09+02:00",
            "2023-03-20",
            "2023-03-19T23:05:09Z",
            "2023-03-19T23:05:10Z",
            (),
        ),
        (
            "2100-12-31T23:59:59Z",
            "2100-12-31T23:59:59Z",
            "2100-12-31",
            "2100-12-31T23:59:59Z",
            "2101-01-01T00:00:00Z",
            ("future",),
        ),
    ],
)
def test_the_record_holds_one_of_five_forms(
    text: str, published: str, on: str | None, since: str, until: str, flags: tuple[str, ...]
) -> None:
    date = record_date(parsed(text), NOW)
    assert (date.date_published, date.published_on, date.published_from, date.published_until) == (
        published,
        on,
        since,
        until,
    )
    assert date.date_flags == flags
    assert date.date_precision == parsed(text).precision


def test_a_date_is_in_the_future_from_two_days_ahead_of_the_run() -> None:
    assert record_date(parsed("2024-06-03T12:00:00Z"), NOW).date_flags == ()
    assert record_date(parsed("2024-06-03T12:00:01Z"), NOW).date_flags == ("future",)
    assert record_date(parsed("2024-07"), NOW).date_flags == ("coarse", "future")


@pytest.mark.parametrize(
    ("text", "published", "precision", "since", "until", "flags"),
    [
        ("03/04/2021", "2021", "year", "2021-03-04T00:00:00Z", "2021-04-04T00:00:00Z", ("ambiguous_dmy", "coarse")),
        ("2021-21", "2021", "season", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z", ("coarse",)),
        ("2021-34", "2021", "quarter", "2021-04-01T00:00:00Z", "2021-07-01T00:00:00Z", ("coarse",)),
        ("2021-W45", "2021-11", "week", "2021-11-08T00:00:00Z", "2021-11-15T00:00:00Z", ("coarse",)),
        ("2021-11-07/2021-11-09", "2021-11", "month", "2021-11-07T00:00:00Z", "2021-11-10T00:00:00Z", ("coarse",)),
        ("193X", None, "decade", "1930-01-01T00:00:00Z", "1940-01-01T00:00:00Z", ("coarse",)),
        ("2018/2021", None, "none", "2018-01-01T00:00:00Z", "2022-01-01T00:00:00Z", ("coarse",)),
        ("2021-11~", "2021-11", "month", "2021-11-01T00:00:00Z", "2021-12-01T00:00:00Z", ("approximate", "coarse")),
        ("2021-11-07?", "2021-11-07", "day", "2021-11-07T00:00:00Z", "2021-11-08T00:00:00Z", ("uncertain",)),
        ("XXXX-11-07", None, "none", None, None, ("coarse",)),
    ],
)
def test_the_record_takes_the_finest_form_that_holds_every_reading(
    text: str, published: str | None, precision: str, since: str | None, until: str | None, flags: tuple[str, ...]
) -> None:
    date = record_date(parsed(text), NOW)
    assert (date.date_published, date.date_precision, date.published_from, date.published_until) == (
        published,
        precision,
        since,
        until,
    )
    assert date.date_flags == flags


def test_an_assumed_zone_moves_every_reading() -> None:
    date = assume_zone(parsed("01/08/2021 10:00"), time_zone("Europe/Amsterdam"))
    assert date.value == "[2021-01-08T10:00+01:00,2021-08-01T10:00+02:00]"
    assert (date.start, date.until) == (utc(2021, 1, 8, 9), utc(2021, 8, 1, 8, 1))
    assert date.flags == ("zone_assumed", "ambiguous_dmy")


def test_an_uncertain_time_without_a_known_zone_has_one_z() -> None:
    parsed = parse_date("2023-03-20T14:05:09-00:00?")
    assert isinstance(parsed, ParsedDate)
    assert record_date(parsed, NOW).date_published == "2023-03-20T14:05:09Z"
