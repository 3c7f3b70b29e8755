import datetime as dt

import pytest

from newslake.transforms.normalise.dates import ParsedDate, parse_date
from newslake.transforms.normalise.dates.dayparts import hour_in_part

BASE = dt.datetime(2022, 6, 15, 9, 45, tzinfo=dt.UTC)


def value(text: str, language: str | None) -> str | None:
    date = parse_date(text, language=language, base=BASE)
    return date.value if isinstance(date, ParsedDate) else None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("7 november 2021, 8 uur 's avonds", "nl", "2021-11-07T20"),
        ("7 november 2021 om 3 uur 's middags", "nl", "2021-11-07T15"),
        ("'s avonds 7 november 2021, 8 uur", "nl", "2021-11-07T20"),
        ("zondagavond 7 november 2021, 8 uur", "nl", "2021-11-07T20"),
        ("Sonntagabend, 7. November 2021, 8 Uhr", "de", "2021-11-07T20"),
        ("7. November 2021, 6 Uhr morgens", "de", "2021-11-07T06"),
        ("7 novembre 2021 à 3 h de l'après-midi", "fr", "2021-11-07T15"),
        ("7 de noviembre de 2021 a las 8 de la tarde", "es", "2021-11-07T20"),
        ("7 de noviembre de 2021 a las 3 de la madrugada", "es", "2021-11-07T03"),
        ("7 de novembro de 2021 às 8 da noite", "pt", "2021-11-07T20"),
        ("7 novembre 2021 alle 7 del mattino", "it", "2021-11-07T07"),
        ("7 ноября 2021, 3 часа дня", "ru", "2021-11-07T15"),
        ("7. listopadu 2021 ve 3 odpoledne", "cs", "2021-11-07T15"),
        ("2021. november 7., este 8 óra", "hu", "2021-11-07T20"),
        ("7 Νοεμβρίου 2021, 9 το βράδυ", "el", "2021-11-07T21"),
        ("7. november 2021 klokken 8 om kvelden", "nb", "2021-11-07T20"),
        ("7. november 2021 ob 8. zvečer", "sl", "2021-11-07T20"),
        ("2021. gada 7. novembrī plkst. 8 vakarā", "lv", "2021-11-07T20"),
        ("७ नोव्हेंबर २०२१, रात्री ९:३०", "mr", "2021-11-07T21:30"),
        ("2021 നവംബർ 7, ഉച്ച കഴിഞ്ഞ് 3:25", "ml", "2021-11-07T15:25"),
        ("৭ নভেম্বর ২০২১, বিকেল ৪:৩০", "bn", "2021-11-07T16:30"),
        ("2021년 11월 7일 새벽 2시", "ko", "2021-11-07T02"),
        ("2021年11月7日凌晨12:30", "zh", "2021-11-07T00:30"),
        ("7 november 2021, 12.30 uur 's nachts", "nl", "2021-11-07T00:30"),
        ("7 בנובמבר 2021, 4:30 אחה״צ", "he", "2021-11-07T16:30"),
        ("7 novembre 2021, 8 h du soir", None, "2021-11-07T20"),
        ("2021年11月7日夕方5時", "ja", "2021-11-07T17"),
    ],
)
def test_a_part_of_the_day_belongs_to_the_hour(text: str, language: str | None, expected: str) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("gisteravond om 10 uur", "nl", "2022-06-14T22"),
        ("gestern Abend um 8 Uhr", "de", "2022-06-14T20"),
        ("heute Morgen um 8 Uhr", "de", "2022-06-15T08"),
        ("hier soir à 8 heures", "fr", "2022-06-14T20"),
        ("anoche a las 10:45", "es", "2022-06-14T22:45"),
        ("stamattina alle 7.30", "it", "2022-06-15T07:30"),
        ("i går kväll kl 8", "sv", "2022-06-14T20"),
        ("dün akşam 9:30", "tr", "2022-06-14T21:30"),
        ("昨晚9点30分", "zh", "2022-06-14T21:30"),
        ("last night at 10:45", "en", "2022-06-14T22:45"),
        ("this evening at 6:30", "en", "2022-06-15T18:30"),
        ("last night", "en", "2022-06-14"),
        ("last night at 1:30", "en", None),
        ("last night at 0:30", "en", None),
    ],
)
def test_a_word_for_a_day_and_its_part_tells_the_hour_too(text: str, language: str, expected: str | None) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("7 Nov 2021 7:08 xy", "en"),
        ("xy 7:08 7 Nov 2021", "en"),
        ("7 november 2021, 12 uur 's nachts", "nl"),
        ("7 de noviembre de 2021 a las 11 de la tarde", "es"),
    ],
)
def test_only_the_day_is_kept_where_the_part_of_the_day_is_not_known(text: str, language: str) -> None:
    assert value(text, language) == "2021-11-07"


@pytest.mark.parametrize("text", ["Heddiw am 12:15", "15 Mehefin 2022 am 12:15"])
def test_welsh_am_is_at_and_not_before_noon(text: str) -> None:
    assert value(text, "cy") == "2022-06-15T12:15"


def test_people_stretch_the_parts_of_the_day() -> None:
    assert [hour_in_part(hour, [1220], is_sure=False) for hour in (8, 9, 11)] == [20, 21, None]
    assert hour_in_part(8, [1220], is_sure=False, is_exact=True) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le Soir, 07/11/2021 à 08:30", "fr", "2021-11-07T08:30"),
        ("Le Soir, 07/11/2021 à 8:30", "fr", "2021-11-07"),
        ("Corriere della Sera, 7 novembre 2021, 10:30", "it", "2021-11-07"),
        ("Sunday evening, 7 November 2021, 8:30", "en", "2021-11-07T20:30"),
        ("7 November 2021, 8:30 (pm)", "en", "2021-11-07T20:30"),
        ("7 November 2021, 8:30 (evening)", "en", "2021-11-07T20:30"),
        ("新民晚报 2021-11-07 8:30", "zh", "2021-11-07T08:30"),
    ],
)
def test_a_part_of_the_day_in_a_name_moves_no_hour(text: str, language: str, expected: str) -> None:
    assert value(text, language) == expected
