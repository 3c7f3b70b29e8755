import datetime as dt
from typing import Any

import pytest

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.normalise.published import Circumstances, Published, find_modified, find_published

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
FEED = "https://courant.example/rss"


def known(language: str | None = None, base: dt.datetime | None = None, **settings: Any) -> Circumstances:
    return Circumstances(language, SourceSettings(**settings), NOW, base)


def found(
    *dates: tuple[str, str],
    url: str | None = None,
    dateline: str | None = None,
    uri: str = "in/news.jsonl",
    circumstances: Circumstances | None = None,
    **raw: Any,
) -> Published:
    return find_published(RawArticle(uri, "line 7", dates=dates, **raw), url, dateline, circumstances or known())


def told(published: Published) -> tuple[str | None, str | None, tuple[str, ...]]:
    return published.source, published.date.date_published, published.warnings


def test_the_most_trusted_date_that_can_be_read_wins_and_all_are_kept() -> None:
    published = found(
        ("feed", "soon"),
        ("updated", "2024-05-07"),
        url="https://courant.example/2024/05/07/bridge",
        dateline="7 May 2024",
    )
    assert told(published) == ("updated", "2024-05-07", ("unparsed_date",))
    assert published.raw == "2024-05-07"
    assert [(one["source"], one["raw"], one["value"]) for one in published.candidates] == [
        ("feed", "soon", None),
        ("updated", "2024-05-07", "2024-05-07"),
        ("dateline", "7 May 2024", "2024-05-07"),
        ("url", "2024-05-07", "2024-05-07"),
    ]


def test_a_source_that_lies_more_than_a_day_apart_is_named() -> None:
    published = found(("field", "2024-05-07T08:00:00Z"), url="https://courant.example/2023/05/07/bridge")
    assert told(published) == ("field", "2024-05-07T08:00:00Z", ("dates_disagree: url 2023-05-07",))


def test_a_dateline_without_its_year_agrees_where_it_does_in_some_year() -> None:
    assert told(found(("body_prefix", "2024-01-01"), dateline="December 31")) == ("body_prefix", "2024-01-01", ())
    assert told(found(("body_prefix", "2024-03"), dateline="March 3"))[2] == ()
    assert told(found(("field", "2024-03-09"), dateline="March 3"))[2] == ("dates_disagree: dateline XXXX-03-03",)


def test_a_url_that_is_coarser_than_the_date_agrees_with_it() -> None:
    assert told(found(("field", "2024-05-07"), url="https://courant.example/2024/05/bridge")) == (
        "field",
        "2024-05-07",
        (),
    )


def test_a_month_is_not_made_finer_by_a_less_trusted_source() -> None:
    assert told(found(("body_prefix", "2024-05"), url="https://courant.example/2024/05/07/bridge")) == (
        "body_prefix",
        "2024-05",
        (),
    )


def test_where_no_field_has_a_date_the_dateline_and_then_the_url_give_it() -> None:
    assert told(found(dateline="7 May 2024", url="https://courant.example/2024/05/07/x"))[:2] == (
        "dateline",
        "2024-05-07",
    )
    assert told(found(url="https://courant.example/2024/05/07/x"))[:2] == ("url", "2024-05-07")


def test_a_dateline_that_is_no_whole_date_is_no_warning() -> None:
    assert told(found(dateline="Tuesday")) == (None, None, ())


def test_the_name_of_a_file_is_asked_last_and_never_of_a_feed() -> None:
    name = "dumps/2024-05-07.jsonl"
    assert told(found(uri=name)) == ("filename", "2024-05-07", ())
    assert told(found(("field", "2023"), uri=name)) == ("field", "2023", ())
    assert told(found(uri=name, feed_url=FEED)) == (None, None, ())


@pytest.mark.parametrize("nothing", ["1970-01-01T00:00:00Z", "20 March"])
def test_a_date_that_says_nothing_gives_way_to_any_other(nothing: str) -> None:
    assert told(found(("feed", nothing), url="https://courant.example/2024/05/07/x")) == ("url", "2024-05-07", ())
    assert found(("feed", nothing)).source == "feed"


def test_both_readings_are_kept_where_nobody_knows_which_number_is_the_day() -> None:
    date = found(("feed", "03/04/2023")).date
    assert (date.date_published, date.published_from, date.published_until) == (
        "2023",
        "2023-03-04T00:00:00Z",
        "2023-04-04T00:00:00Z",
    )
    assert "ambiguous_dmy" in date.date_flags


@pytest.mark.parametrize(
    ("circumstances", "siblings", "day"),
    [
        (known("nl"), (), "2023-04-03"),
        (known("en-US"), (), "2023-03-04"),
        (known(date_order="MDY"), (), "2023-03-04"),
        (known("nl", date_order="MDY"), (), "2023-03-04"),
        (known(), ("03/04/2023", "21/04/2023"), "2023-04-03"),
        (known(), ("03/04/2023", "04/21/2023"), "2023-03-04"),
    ],
)
def test_language_configuration_or_another_entry_tell_the_day_and_the_flag_says_so(
    circumstances: Circumstances, siblings: tuple[str, ...], day: str
) -> None:
    date = found(("feed", "03/04/2023"), circumstances=circumstances, sibling_dates=siblings).date
    assert (date.date_published, date.date_flags) == (day, ("order_assumed",))


def test_a_date_that_needs_no_assumption_has_no_such_flag() -> None:
    assert found(("feed", "21/04/2023"), circumstances=known("nl", date_order="DMY")).date.date_flags == ()


def test_a_zone_is_assumed_where_the_text_names_none_and_only_there() -> None:
    amsterdam = known(zone="Europe/Amsterdam")
    assumed = found(("field", "2024-05-07 08:00"), circumstances=amsterdam).date
    assert (assumed.date_published, assumed.published_from) == ("2024-05-07T08:00+02:00", "2024-05-07T06:00:00Z")
    assert "zone_assumed" in assumed.date_flags
    assert (
        found(("field", "2024-05-07 08:00 GMT"), circumstances=amsterdam).date.published_from == "2024-05-07T08:00:00Z"
    )


def test_relative_words_count_from_the_base_and_from_nothing_else() -> None:
    yesterday = found(("feed", "yesterday"), circumstances=known("en", base=NOW))
    assert (yesterday.date.date_published, yesterday.date.date_flags) == ("2024-05-31", ("relative",))
    assert told(found(("feed", "yesterday"), circumstances=known("en"))) == ("feed", None, ("unparsed_date",))


@pytest.mark.parametrize(
    ("text", "language", "zone", "published"),
    [
        ("今日 07:05", "ja", "Asia/Tokyo", "2024-06-01T07:05+09:00"),
        ("today", "en", "Asia/Tokyo", "2024-06-01"),
        ("yesterday", "en", "Asia/Tokyo", "2024-05-31"),
        ("today", "en", "America/New_York", "2024-05-31"),
        ("3 hours ago", "en", "+09:00", "2024-06-01"),
        ("today", "en", None, "2024-05-31"),
    ],
)
def test_relative_words_count_from_the_day_that_the_newsroom_has(
    text: str, language: str, zone: str | None, published: str
) -> None:
    late = dt.datetime(2024, 5, 31, 22, 30, tzinfo=dt.UTC)
    circumstances = known(language, late, zone=zone)
    assert found(("feed", text), circumstances=circumstances).date.date_published == published
    naive = known(language, late.replace(tzinfo=None), zone=zone)
    assert found(("feed", text), circumstances=naive).date.date_published == published


def test_a_base_at_the_end_of_the_calendar_is_left_in_its_own_zone() -> None:
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    assert told(found(("feed", "yesterday"), circumstances=known("en", last, zone="Asia/Tokyo"))) == (
        "feed",
        None,
        ("unparsed_date",),
    )


@pytest.mark.parametrize(
    ("text", "zone", "published", "flags"),
    [
        ("Tue, 07 May 2024 08:00:00 CST", "Asia/Shanghai", "2024-05-07T08:00:00+08:00", ("zone_assumed",)),
        ("Tue, 07 May 2024 08:00:00 CST", "Europe/Paris", "2024-05-07T08:00:00-06:00", ()),
        ("Tue, 07 May 2024 08:00:00 CST", "America/Chicago", "2024-05-07T08:00:00-06:00", ()),
        ("Tue, 07 May 2024 08:00:00 CST", None, "2024-05-07T08:00:00-06:00", ()),
        ("Tue, 07 May 2024 08:00:00 EST", "Australia/Sydney", "2024-05-07T08:00:00+10:00", ("zone_assumed",)),
        ("Tue, 07 May 2024 08:00:00 BST", "Asia/Dhaka", "2024-05-07T08:00:00+06:00", ("zone_assumed",)),
        ("Tue, 07 May 2024 08:00:00 BST", "Europe/London", "2024-05-07T08:00:00+01:00", ()),
        ("Tue, 07 May 2024 08:00:00 GMT", "Asia/Dhaka", "2024-05-07T08:00:00Z", ()),
        ("7 May 08:00 CST", "Asia/Shanghai", None, ("coarse",)),
    ],
)
def test_an_ambiguous_zone_name_means_the_configured_zone(
    text: str, zone: str | None, published: str | None, flags: tuple[str, ...]
) -> None:
    date = found(("feed", text), circumstances=known(zone=zone)).date
    assert (date.date_published, date.date_flags) == (published, flags)


def test_the_date_of_the_last_change_is_read_as_the_first_one_is() -> None:
    assert find_modified("7 mei 2024", known("nl")) == ("2024-05-07", ())
    assert find_modified("soon", known()) == (None, ("unparsed_date",))
    assert find_modified(None, known()) == (None, ())
