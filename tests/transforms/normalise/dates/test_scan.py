import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.dates import ParsedDate, order_of, parse_date

BASE = dt.datetime(2022, 6, 15, 9, 45, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def value(
    text: str, language: str | None = None, base: dt.datetime | None = None, order: str | None = None
) -> str | None:
    date = parse_date(text, language=language, base=base, order=order)
    return date.value if isinstance(date, ParsedDate) else None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("zondag 7 november 2021", "nl", "2021-11-07"),
        ("7 nov. 2021, 08.09 uur", "nl", "2021-11-07T08:09"),
        ("Sonntag, den 7. November 2021 um 8 Uhr", "de", "2021-11-07T08"),
        ("7. Jänner 2021", "de-AT", "2021-01-07"),
        ("dimanche 7 novembre 2021 à 8h09", "fr", "2021-11-07T08:09"),
        ("1er mai 2021", "fr", "2021-05-01"),
        ("domingo, 7 de noviembre de 2021", "es", "2021-11-07"),
        ("7 de novembro de 2021 às 18h05", "pt", "2021-11-07T18:05"),
        ("7º novembre 2021", "it", "2021-11-07"),
        ("7 ноября 2021 г., 08:09", "ru", "2021-11-07T08:09"),
        ("7 листопада 2021 р.", "uk", "2021-11-07"),
        ("7 listopada 2021", "pl", "2021-11-07"),
        ("7. listopada 2021.", "hr", "2021-10-07"),
        ("7 XI 2021 r.", "pl", "2021-11-07"),
        ("7.V.2021", "hu", "2021-05-07"),
        ("2021. november 7., vasárnap 8:09", "hu", "2021-11-07T08:09"),
        ("7. marraskuuta 2021 klo 8.09", "fi", "2021-11-07T08:09"),
        ("den 7 november 2021 kl. 08:09", "sv", "2021-11-07T08:09"),
        ("7 KASIM 2021 Pazar", "tr", "2021-11-07"),
        ("7 Noiembrie 2021", "ro", "2021-11-07"),
        ("Κυριακή 7 Νοεμβρίου 2021", "el", "2021-11-07"),
        ("7 נובמבר 2021", "he", "2021-11-07"),
        ("7 بنوفمبر", "ar", None),
        ("الأحد 7 نوفمبر 2021", "ar", "2021-11-07"),
        ("7 تشرين الثاني 2021", "ar", "2021-11-07"),
        ("۷ نوامبر ۲۰۲۱", "fa", "2021-11-07"),
        ("۱۶ آبان ۱۴۰۰", "fa", "2021-11-07"),
        ("2021年11月7日(日) 午後8時9分", "ja", "2021-11-07T20:09"),
        ("令和3年11月7日", "ja", "2021-11-07"),
        ("民國110年11月7日", "zh-TW", "2021-11-07"),
        ("发布时间：2021年11月7日晚上8:09", "zh", "2021-11-07T20:09"),
        ("2021년 11월 7일 오후 8:09", "ko", "2021-11-07T20:09"),
        ("7 พฤศจิกายน 2564", "th", "2021-11-07"),
        ("7 พ.ย. 64", "th", "2021-11-07"),
        ("Chủ Nhật, ngày 7 tháng 11 năm 2021", "vi", "2021-11-07"),
        ("रविवार, 7 नवंबर 2021", "hi", "2021-11-07"),
        ("রবিবার, ৭ই নভেম্বর, ২০২১", "bn", "2021-11-07"),
        ("Minggu, 7 November 2021 08:09 WIB", "id", "2021-11-07T08:09+07:00"),
        ("2021-11-07T08:09", None, "2021-11-07T08:09"),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_language_of_their_paper(text: str, language: str | None, expected: str | None) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 novembre 2021", "2021-11-07"),
        ("7 marraskuuta 2021", "2021-11-07"),
        ("2021年11月7日", "2021-11-07"),
        ("7 listopada 2021", None),  # Polish for November, Croatian for October
        ("novembro de 2021", "2021-11"),
        ("7 mai 2021", "2021-05-07"),
    ],
)
def test_without_a_language_a_name_is_read_only_where_all_languages_agree(text: str, expected: str | None) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published: 7:08 pm, Nov 7th, 2021", "2021-11-07T19:08"),
        ("Nov 7, 2021 at 12 noon", "2021-11-07T12:00"),
        ("Nov 7, 2021 at noon", "2021-11-07T12:00"),
        ("Nov 7 20217:08 AM", "2021-11-07T07:08"),
        ("7 Nov '21", "2021-11-07"),
        ("November '21", "2021-11"),
        ("Sun Nov  7 07:08:09 EST 2021", "2021-11-07T07:08:09-05:00"),
        ("Sun Nov 07 2021 07:08:09 GMT-0500 (Eastern Standard Time)", "2021-11-07T07:08:09-05:00"),
        ("Jul 7, 2021 7:08 PM ET", "2021-07-07T19:08-04:00"),
        ("2021/11/7 7:08:09.25", "2021-11-07T07:08:09"),
        ("2021-11-07 07:08:09 America/New_York", "2021-11-07T07:08:09-05:00"),
        ("2021-11-07T07:08:09+01:00[Europe/Paris]", "2021-11-07T07:08:09+01:00"),
        ("2021-11-07T07-08-09Z", "2021-11-07T07:08:09Z"),
        ("7.11.2021 07.08", "2021-11-07T07:08"),
        ("11.2021", "2021-11"),
        ("１７／１１／２０２１", "2021-11-17"),
        ("7 Nov 2021 7:08 IST", "2021-11-07T07:08"),
        ("7 Nov 2021 7:08 MEZ", "2021-11-07T07:08+01:00"),
        ("7 November", "XXXX-11-07"),
        ("Updated 7 November 2021 · 5 min read", "2021-11-07"),
        ("Q4 2021", "2021-36"),
        ("autumn 2021", "2021-23"),
        ("the 1930s", "193X"),
        ("circa 1930", "1930~"),
        ("5-7 November 2021", "2021-11-05/2021-11-07"),
        ("9/11", None),
        ("Issue 7, November 2021", None),
        ("Phone 11 Pro 2021", None),
        ("The house in which the painter lived from 7 November 2021", None),
        ("early November 2021", "2021-11~"),
    ],
)  # fmt: skip
def test_english_dates_are_read_as_pages_print_them(text: str, expected: str | None) -> None:
    assert value(text, "en") == expected


@pytest.mark.parametrize(
    "text",
    [
        "7 Nov 2021 13:08 AM", "7 Nov 2021 8:00 9:00", "31 Nov 2021",
        "7 Nov 2021 25:00", "07/11/0000", "35.11.2021", "7 Nov 0021", "7 Nov 2021 10:00 +25:00",
    ],
)  # fmt: skip
def test_text_that_may_mean_another_time_or_no_day_is_refused(text: str) -> None:
    assert value(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language", "order", "expected"),
    [
        ("05/06/2021", None, None, "[2021-05-06,2021-06-05]"),
        ("05/06/2021", "en", None, "[2021-05-06,2021-06-05]"),
        ("05/06/2021", "en-US", None, "2021-05-06"),
        ("05/06/2021", "en-GB", None, "2021-06-05"),
        ("05/06/2021", "nl", None, "2021-06-05"),
        ("05/06/2021", "nl", "MDY", "2021-05-06"),
        ("05/06/2021", "ja", None, "[2021-05-06,2021-06-05]"),
        ("5 VI 2021", "pl", "MDY", "2021-06-05"),
        ("05/06/2021", "sv", None, "2021-06-05"),
        ("21/06/05", "ja", None, "2021-06-05"),
        ("21. 6. 5.", "ko", None, "2021-06-05"),
        ("05.06.2021", None, None, "2021-06-05"),
        ("05/05/2021", None, None, "2021-05-05"),
        ("05/13/2021", "nl", None, "2021-05-13"),
        ("Sat 05/06/2021", "en", None, "2021-06-05"),
        ("05/06/2021 10:00 UTC", None, None, "[2021-05-06T10:00Z,2021-06-05T10:00Z]"),
        ("04-05-06", None, None, "[2004-05-06,2006-04-05,2006-05-04]"),
    ],
)
def test_the_order_of_digits_comes_from_the_date_the_reader_or_the_language(
    text: str, language: str | None, order: str | None, expected: str
) -> None:
    assert value(text, language, order=order) == expected


def test_an_ambiguous_date_keeps_its_readings_and_spans_them() -> None:
    date = parse_date("05/06/2021")
    assert isinstance(date, ParsedDate)
    assert (date.precision, date.flags, date.alternatives) == (
        "ambiguous",
        ("ambiguous_dmy",),
        ("2021-05-06", "2021-06-05"),
    )
    assert (date.start, date.until) == (dt.datetime(2021, 5, 6, tzinfo=dt.UTC), dt.datetime(2021, 6, 6, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["05/06/2021", "25/06/2021"], "DMY"),
        (["05/06/2021 10:00", "06/25/2021 10:00"], "MDY"),
        (["25/06/2021", "06/25/2021"], None),
        (["05/06/2021", "2021-06-25", "25 June 2021", "45/06/2021"], None),
        ([], None),
    ],
)
def test_a_feed_proves_its_order_by_days_past_twelve_that_agree(texts: list[str], order: str | None) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("May-June 2021", "en"), ("Sept/Oct 2021", "en"), ("June, July 2021", "en"),
        ("Between June and July 2021", "en"), ("November\u2013January 2021", "en"), ("June/July 7 2021", "en"),
        ("Mai/Juni 2021", "de"), ("Mai bis Juni 2021", "de"), ("mei en juni 2021", "nl"), ("juin-juillet 2021", "fr"),
        ("mayo y junio de 2021", "es"), ("maio a junho de 2021", "pt"), ("май\u2013июнь 2021", "ru"),
        ("Tháng 5-6/2021", "vi"), ("5월-6월 2021년", "ko"), ("2021년 5·6월호", "ko"), ("2021年5・6月号", "ja"),
        ("2021年5月至6月", "zh"),
        ("Brachet/Juli 2021", "de"),
    ],
)  # fmt: skip
def test_a_text_with_several_months_is_refused(text: str, language: str) -> None:
    assert value(text, language) is None
    assert value(text, language, BASE) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("7. november kl. 21", "nb", "XXXX-11-07T21"),
        ("7. november kl. 21", "da", "XXXX-11-07T21"),
        ("7 listopada o 21", "pl", "XXXX-11-07T21"),
        ("7 novembre à 21", "fr", "XXXX-11-07T21"),
        ("7 November, 12 noon", "en", "XXXX-11-07T12:00"),
        ("7 November, 21 GMT", "en", None),
        ("November 7, 21 CET", "en", None),
        ("November 7 21 comments", "en", None),
        ("Nov 7, 21", "en", None),
        ("Nov 7, 21 10:30", "en", "2021-11-07T10:30"),
        ("November 7 - 12", "en", None),
        ("November 7 (12)", "en", None),
        ("7 November, 21", "en", None),
        ("7 Nov 21 hours ago", "en", None),
        ("7 Nov 3 hours ago", "en", None),
        ("Updated 7 Nov 21 minutes ago", "en", None),
        ("7 Nov 21", "en", "2021-11-07"),
        ("Sun 7 Nov 21", "en", "2021-11-07"),
        ("7/Nov/21", "en", "2021-11-07"),
        ("7 Nov 21, 10:30", "en", "2021-11-07T10:30"),
        ("7. November 21", "de", "2021-11-07"),
        ("7 de nov. de 21", "es", "2021-11-07"),
        ("November 7 · 21 comments", "en", "XXXX-11-07"),
    ],
)
def test_two_digits_behind_a_day_and_month_are_a_year_only_where_nothing_else_is_likely(
    text: str, language: str, expected: str | None
) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("November 2021 · 5 min read", "en", "2021-11"),
        ("novembre 2021 · 5 min de lecture", "fr", "2021-11"),
        ("November 2021 | 5 comments", "en", "2021-11"),
        ("November 2021 - 5 min", "en", None),
        ("November 2021 5", "en", None),
        ("November 2021 (5)", "en", None),
        ("November 2021 · 5 May", "en", None),
        ("2021 November 5", "en", "2021-11-05"),
        ("November 2021, No. 5", "en", None),
        ("2021年11月号 5", "ja", None),
        ("2021年11月5日", "ja", "2021-11-05"),
    ],
)
def test_a_number_behind_month_and_year_is_no_day(text: str, language: str, expected: str | None) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No. 7, November 2021", "en"), ("Nº 7, novembro 2021", "pt"), ("№7, ноябрь 2021", "ru"),
        ("n. 7 novembre 2021", "it"), ("Edisi 7 November 2021", "id"), ("Ano 7, novembro 2021", "pt"),
        ("Jg. 7, November 2021", "de"), ("S. 7, November 2021", "de"), ("p. 7, November 2021", "en"),
        ("B7 November 2021", "en"), ("Covid-19 November 2021", "en"), ("G7 November 2021", "en"),
        ("Serie 7 november 2021", "sv"), ("Round 7 November 2021", "en"), ("Season 7, November 2021", "en"),
        ("Week 7 November 2021", "en"), ("Heft: 7, November 2021", "de"), ("Quux 7 November 2021", "en"),
        ("Part 7, November 2021", "en"), ("No. 7-2021", "en"), ("č. 7, listopad 2021", "cs"),
        ("2021. november 7. szám", "hu"), ("số 7 tháng 11 năm 2021", "vi"), ("07.11. - 09.11.2021", "de"),
        ("07.11 - 09.11.2021", "de"), ("Euro 2021, 7 November", "en"), ("Olympics 2021 July 26", "en"),
        ("U-7 November 2021", "en"), ("d. 7 November 2021", "en"), ("7 November 2030 GMT", "en"),
        ("7 November, 1984 comments", "en"), ("7.11.21 EUR", "en"), ("v 7.11.21", "en"),

    ],
)  # fmt: skip
def test_a_number_that_is_bound_to_the_word_before_it_is_no_day(text: str, language: str) -> None:
    assert value(text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Jakarta, 7 November 2021", "id", "2021-11-07"),
        ("Updated 7 November 2021", "en", "2021-11-07"),
        ("Opublikowano 7 listopada 2021", "pl", "2021-11-07"),
        ("08:09 GMT 7 November 2021", "en", "2021-11-07T08:09Z"),
        ("So. 7. November 2021", "de", "2021-11-07"),
        ("So 7. November 2021", "de", "2021-11-07"),
        ("d. 7. november 2021", "da", "2021-11-07"),
        ("AFP - 7 November 2021", "en", "2021-11-07"),
        ("By Anna Quux, 7 November 2021", "en", "2021-11-07"),
        ("Megjelent 2021. november 7.", "hu", "2021-11-07"),
        ("Quux 2021. november 7.", "hu", "2021-11-07"),
    ],
)
def test_a_label_a_weekday_or_a_mark_may_stand_before_a_day(text: str, language: str, expected: str) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("7 e 8 novembre 2021", "it"), ("7 e 8 de novembro de 2021", "pt"), ("7 o 8 de noviembre de 2021", "es"),
        ("7 u 8 november 2021", "nl"),
        ("7 s/d 8 November 2021", "id"), ("7 to 8 November 2021", "en"), ("7 y 8 de noviembre de 2021", "es"),
        ("7 i 8 studenoga 2021", "hr"),
    ],
)  # fmt: skip
def test_two_days_joined_by_a_word_are_not_hours(text: str, language: str) -> None:
    assert value(text, language) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("7. November 88 n. Chr.", "de"), ("7 novembre 79 d.C.", "it"), ("7 November 79 AD", "en"),
        ("7 November AD 79", "en"), ("7 ноября 79 г. н. э.", "ru"), ("7 listopada 79 n.e.", "pl"),
        ("7 Kasım MS 79", "tr"), ("07.11.79 d.C.", "it"), ("公元79年11月7日", "zh"),
    ],
)  # fmt: skip
def test_two_digits_beside_an_era_are_a_year_of_the_first_century(text: str, language: str) -> None:
    assert value(text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("do 7 juli", "nl", "2022-07-07"),
        ("wo 7 juli", "nl", "2021-07-07"),
        ("mo 6 juni", "de", "2022-06-06"),
        ("zo 6 juni", "nl", "2021-06-06"),
        ("vr 7 juli", "nl", "XXXX-07-07"),
        ("7 juli", "nl", "2021-07-07"),
    ],
)
def test_the_weekday_decides_the_year_that_is_not_printed(text: str, language: str, expected: str) -> None:
    assert value(text, language, BASE) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("op 7 november 2021 om 18:30", "nl", "2021-11-07T18:30"),
        ("Laatst bijgewerkt op 7 november 2021", "nl", "2021-11-07"),
        ("Udgivet 7. november 2021 kl. 18:30", "da", "2021-11-07T18:30"),
        ("Опубліковано 7 листопада 2021 о 18:30", "uk", "2021-11-07T18:30"),
        ("Foilsithe 7 Samhain 2021", "ga", "2021-11-07"),
        ("Botuar më 7 nëntor 2021", "sq", "2021-11-07"),
        ("7. u studenome 2021.", "hr", "2021-11-07"),
        ("w listopadzie 2021", "pl", "2021-11"),
        ("2021 წლის 7 ნოემბერი, კვირა", "ka", "2021-11-07"),
        ("७ फेब्रुवरी २०२१", "ne", "2021-02-07"),
        ("2021 оны 11 сарын 7", "mn", "2021-11-07"),
        ("7 ноябри 2021", "tg", "2021-11-07"),
        ("2021 m. lapkričio 7 d., Sek, 18:30 val.", "lt", "2021-11-07T18:30"),
        ("7 նյմ 2021 թ.", "hy", "2021-11-07"),
        ("פורסם ב-7 בנובמבר 2021", "he", "2021-11-07"),
        ("2021-yil 7-noyabr", "uz", "2021-11-07"),
        ("Gepubliceerd op 7 november 2021", None, "2021-11-07"),
        ("07/11/2021 Actualizado a las 18:30h.", "es", "2021-11-07T18:30"),
        ("Posted on November 7, 2021 by Anna Quux", "en", "2021-11-07"),
        ("Updated 7:30 7 November 2021", "en", "2021-11-07T07:30"),
        ("Op. 12, May 2021", "en", None),
    ],
)
def test_labels_small_words_and_names_are_those_of_papers(
    text: str, language: str | None, expected: str | None
) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ma 12:00-kor", "hu", "2022-06-15T12:00"),
        ("ma 8-kor", "hu", "2022-06-15T08"),
        ("Šodien pulksten 12:15", "lv", "2022-06-15T12:15"),
        ("آج بوقت 12:15", "ur", "2022-06-15T12:15"),
        ("आज दुपारी ३:१५ वाजता", "mr", "2022-06-15T15:15"),
        ("hjoed om 12:15", "fy", "2022-06-15T12:15"),
        ("gaur 12:15etan", "eu", "2022-06-15T12:15"),
    ],
)
def test_a_time_may_stand_beside_a_relative_day_in_any_language(text: str, language: str, expected: str) -> None:
    assert value(text, language, BASE) == expected


WORDS = st.sampled_from(
    ["7", "11", "21", "2021", "'21",
     "'2", "h", "Nov", "noviembre", "月", "年", "de", ".", "/", "-", ",", "10:30", "pm", "am", "UTC", "+01:00", "at",
     "Uhr", "yesterday", "ago", "days", "1st", "٣", "อ", "(", "[", "T", "Z", "~", "?", "XXXX", "2021-11-07", "7/8/2021",
     "Q1", "spring", "\u200f", "mar"]
)  # fmt: skip


@given(
    st.lists(WORDS, max_size=9),
    st.sampled_from(["", " "]),
    st.sampled_from([None, "en", "es", "ja", "th", "fa", "xx", "??"]),
    st.booleans(),
)
def test_every_value_reads_as_itself_and_lies_in_its_interval(
    words: list[str], gap: str, language: str | None, has_base: bool
) -> None:
    date = parse_date(gap.join(words), language=language, base=BASE if has_base else None)
    if isinstance(date, ParsedDate):
        again = parse_date(date.value)
        assert isinstance(again, ParsedDate), date
        assert again.value == date.value
        assert date.start < date.until
        assert date.start <= again.start
        assert again.until <= date.until
        assert date.alternatives in ((), again.alternatives)
