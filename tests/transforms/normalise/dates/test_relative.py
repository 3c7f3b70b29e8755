import datetime as dt

import pytest

from newslake.transforms.normalise.dates import ParsedDate, Refusal, Refused, parse_date

BASE = dt.datetime(2022, 6, 15, 9, 45, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def value(text: str, language: str | None = None, base: dt.datetime | None = None) -> str | None:
    date = parse_date(text, language=language, base=base)
    return date.value if isinstance(date, ParsedDate) else None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("today", "en", "2022-06-15"),
        ("yesterday at 17:30", "en", "2022-06-14T17:30"),
        ("eergisteren", "nl", "2022-06-13"),
        ("hoje às 8h30", "pt", "2022-06-15T08:30"),
        ("il y a une heure", "fr", "2022-06-15T08+02:00"),
        ("vor 5 Minuten", "de", "2022-06-15T09:40+02:00"),
        ("3 saat önce", "tr", "2022-06-15T06+02:00"),
        ("2 недели назад", "ru", "2022-06-01"),
        ("3小时前", "zh", "2022-06-15T06+02:00"),
        ("昨天 20:15", "zh", "2022-06-14T20:15"),
        ("half an hour ago", "en", "2022-06-15T09:15+02:00"),
        ("een half uur geleden", "nl", "2022-06-15T09:15+02:00"),
        ("полтора часа назад", "ru", "2022-06-15T08:15+02:00"),
        ("last month", "en", "2022-05"),
        ("two years ago", "en", "2020"),
        ("7 June", "en", "2022-06-07"),
        ("17 June", "en", "2022-06-17"),
        ("7 July", "en", "2021-07-07"),
        ("29 February", "en", "2020-02-29"),
        ("Last updated 3 hours ago", "en", "2022-06-15T06+02:00"),
        ("Posted about 3 hours ago", "en", "2022-06-15T06+02:00"),
        ("Quux · 2 years ago", "en", "2020"),
        ("3 days", "en", None),
        ("Friday", "en", None),
    ],
)
def test_relative_words_and_years_count_from_the_base(text: str, language: str, expected: str | None) -> None:
    assert value(text, language, BASE) == expected


def test_relative_dates_and_inferred_years_say_so() -> None:
    for text, flag in (("yesterday", "relative"), ("2 hours ago", "relative"), ("7 July", "year_inferred")):
        date = parse_date(text, language="en", base=BASE)
        assert isinstance(date, ParsedDate)
        assert flag in date.flags


@pytest.mark.parametrize("text", ["yesterday", "2 hours ago", "heute, 10:00", "il y a 3 jours"])
def test_relative_words_are_refused_where_nobody_knows_from_when_they_count(text: str) -> None:
    assert parse_date(text) == Refused(Refusal.RELATIVE)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("over 2 years ago", "en"),
        ("almost 3 days ago", "en"),
        ("less than 2 hours ago", "en"),
        ("at least 2 years ago", "en"),
        ("Quux 2 years ago", "en"),
        ("manhã", "pt"),
    ],
)
def test_an_inexact_distance_is_refused(text: str, language: str) -> None:
    assert value(text, language, BASE) is None


def test_a_week_ago_is_known_to_the_week() -> None:
    date = parse_date("a week ago", language="en", base=BASE)
    assert isinstance(date, ParsedDate)
    assert (date.value, date.precision, date.until - date.start) == ("2022-06-08", "week", dt.timedelta(days=7))


def test_a_base_at_the_ends_of_the_calendar_raises_nothing() -> None:
    for base in (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)):
        for text in (
            "yesterday",
            "tomorrow",
            "in 9 weeks",
            "900 years ago",
            "in 900 years",
            "7 November",
            "29 February",
            "3 hours ago",
        ):
            date = parse_date(text, language="en", base=base)
            assert isinstance(date, Refused) or date.start < date.until
