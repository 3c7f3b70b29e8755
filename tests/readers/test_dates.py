"""Dates and instants have real types for every reader, and text that is not a date is refused."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from lakes import READERS, Read, Row, by_duckdb, by_polars, commit, each_reader, row

import newslake
from newslake.schemas import readers
from newslake.schemas.article import Day, Instant
from newslake.schemas.tables import PARTITIONED, TABLES
from newslake.transforms.lake.query import Lake

MARCH = "articles/published_month=2023-03/part-1-0.jsonl.gz"
KNOWN, MONTH, FIRST, LAST = "a" * 32, "b" * 32, "c" * 32, "d" * 32
FORMS = {
    KNOWN: ("2023-03-20", "2023-03-20T14:05:00Z", "2023-03-20T14:06:00Z"),
    MONTH: (None, "2023-03-01T00:00:00Z", "2023-04-01T00:00:00Z"),
    FIRST: ("0001-01-01", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"),
    LAST: ("9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
}


def article(name: str, day: str | None, start: str | None, end: str | None) -> Row:
    return row("articles", id=name, published_on=day, published_from=start, published_until=end)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    commit(tmp_path, {MARCH: [article(name, *forms) for name, forms in FORMS.items()]})
    return newslake.open(str(tmp_path))


@each_reader
def test_days_half_known_dates_and_far_years_are_read_as_they_were_written(lake: Lake, read: Read) -> None:
    found = {one["id"]: one for one in read(lake, "articles")}
    assert {
        name: (one["published_on"], one["published_from"], one["published_until"]) for name, one in found.items()
    } == FORMS
    assert found[MONTH]["date_published"] is None


def fields_of(kind: Any) -> set[tuple[str, str]]:
    return {(table, field.name) for table in TABLES for field in readers.fields(table) if field.kind == kind}


def test_each_field_that_always_holds_a_day_or_an_instant_says_so() -> None:
    assert fields_of(Day) == {(table, "published_on") for table in PARTITIONED}
    instants = {(table, name) for table in PARTITIONED for name in ("published_from", "published_until", "ingested_at")}
    assert fields_of(Instant) >= instants | {
        ("runs", "started_at"),
        ("fetches", "checked_at"),
        ("rejects", "ingested_at"),
    }
    assert fields_of(Instant) <= {
        (table, name) for table, name in fields_of(Instant) if name.endswith(("_at", "_from", "_until"))
    }


@pytest.mark.parametrize("table", TABLES)
def test_every_reader_gives_a_date_and_a_timestamp_for_them(lake: Lake, table: str) -> None:
    expected: dict[Any, tuple[Any, ...]] = {
        Day: ("DATE", pl.Date(), pa.timestamp("s"), "datetime64[us]"),
        Instant: ("TIMESTAMP", pl.Datetime("us", "UTC"), pa.timestamp("s", "UTC"), "datetime64[us, UTC]"),
    }
    relation = lake.duckdb().sql(f"FROM {table}")
    in_duckdb = dict(zip(relation.columns, map(str, relation.types), strict=True))
    in_polars = lake.polars(table).collect().schema
    in_arrow = lake.arrow(table).to_table().schema
    in_pandas = lake.pandas(table).dtypes
    for field in readers.fields(table):
        name = field.name
        found = (in_duckdb[name], in_polars[name], in_arrow.field(name).type, str(in_pandas[name]))
        if field.kind in expected:
            assert found == expected[field.kind]
        else:
            assert "time" not in str(found).lower()
            assert "date" not in str(found).lower()


NO_DAYS = (
    "2023-03",
    "2023",
    "",
    "20/03/2023",
    "20-03-20",
    "2023-3-2",
    "2023-02-30",
    "2023-03-20T10:00:00Z",
    "20230320",
)
NO_INSTANTS = (
    *("2023-03", "2023-03-20", "", "20/03/2023 10:00:00", "20-03-20T14:05:00Z", "2023-02-30T14:05:00Z"),
    *("2023-03-20T14:05Z", "2023-03-20 14:05:00", "2023-03-20T14:05:00", "2023-03-20T14:05:00+01:00", "1679321100"),
)
each_text_that_is_no_date = pytest.mark.parametrize(
    ("column", "text"),
    [("published_on", text) for text in NO_DAYS] + [("published_from", text) for text in NO_INSTANTS],
)


def lake_with(root: Path, column: str, text: str) -> Lake:
    wrong = {**article(KNOWN, None, None, None), column: text, "headline": "One"}
    commit(root, {MARCH: [article(MONTH, *FORMS[MONTH]), wrong]})
    return newslake.open(str(root))


@each_text_that_is_no_date
def test_duckdb_and_pandas_refuse_text_that_is_no_date_and_name_file_column_and_text(
    tmp_path: Path, column: str, text: str
) -> None:
    lake = lake_with(tmp_path, column, text)
    for read in (by_duckdb, READERS["pandas"]):
        with pytest.raises(duckdb.Error) as caught:
            read(lake, "articles")
        assert f'{tmp_path / MARCH}: {column} holds "{text}", which is not a date like 2023-03-20' in str(caught.value)


@each_text_that_is_no_date
def test_polars_refuses_text_that_is_no_date_and_names_column_and_text(tmp_path: Path, column: str, text: str) -> None:
    lake = lake_with(tmp_path, column, text)
    with pytest.raises(pl.exceptions.InvalidOperationError) as caught:
        by_polars(lake, "articles")
    assert f"column '{column}'" in str(caught.value)
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["2023-03", "20/03/2023", "20-03-20", "2023-02-30", ""])
@pytest.mark.parametrize("column", ["published_on", "published_from"])
def test_pyarrow_refuses_text_that_is_no_date_and_names_the_file(tmp_path: Path, column: str, text: str) -> None:
    lake = lake_with(tmp_path, column, text)
    with pytest.raises(pa.ArrowInvalid, match=str(tmp_path / MARCH)):
        lake.arrow().to_table()


def test_pyarrow_reads_an_offset_as_the_same_instant(tmp_path: Path) -> None:
    lake = lake_with(tmp_path, "published_from", "2023-03-20T14:05:00+01:00")
    instant = dt.datetime(2023, 3, 20, 13, 5, tzinfo=dt.UTC)
    assert instant in lake.arrow().to_table()["published_from"].to_pylist()


def test_text_that_is_no_date_harms_only_the_queries_that_use_it(tmp_path: Path) -> None:
    lake = lake_with(tmp_path, "published_on", "2023-03")
    connection = lake.duckdb()
    assert connection.sql("SELECT headline FROM articles WHERE headline IS NOT NULL").fetchall() == [("One",)]
    assert connection.sql(f"SELECT published_on FROM articles WHERE id = '{MONTH}'").fetchall() == [(None,)]
    assert lake.polars().select("id").collect().height == 2
    with pytest.raises(duckdb.Error, match="published_on holds"):
        connection.sql("SELECT max(published_on) FROM articles").fetchall()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_comparing_and_truncating_do_not_hang_on_the_zone_of_the_session(lake: Lake, zone: str) -> None:
    connection = lake.duckdb()
    connection.execute(f"SET TimeZone = '{zone}'")
    query = """
        SELECT date_trunc('day', published_from), published_from::DATE FROM articles
        WHERE published_from >= '2023-03-20T14:05:00Z' AND published_until <= TIMESTAMP '2023-03-20 14:06:00'
    """
    assert connection.sql(query).fetchall() == [(dt.datetime(2023, 3, 20), dt.date(2023, 3, 20))]


def test_the_session_is_in_utc_so_that_now_compares_as_an_instant(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    connection = lake.duckdb()
    assert connection.sql("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
    same = "SELECT published_from = TIMESTAMPTZ '2023-03-20 15:05:00+01' FROM articles WHERE id = 'KNOWN'"
    assert connection.sql(same.replace("KNOWN", KNOWN)).fetchall() == [(True,)]


def test_duckdb_needs_no_pytz(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytz", None)
    query = f"SELECT published_from FROM articles WHERE id = '{KNOWN}'"
    assert lake.duckdb().sql(query).fetchall() == [(dt.datetime(2023, 3, 20, 14, 5),)]


def test_a_dataset_is_filtered_by_days_and_by_instants(lake: Lake) -> None:
    dataset = lake.arrow("articles")
    march = (ds.field("published_on") >= dt.date(2023, 3, 1)) & (ds.field("published_on") < dt.date(2023, 4, 1))
    assert dataset.to_table(["id"], filter=march).to_pylist() == [{"id": KNOWN}]
    instant = dt.datetime(2023, 3, 1, tzinfo=dt.UTC)
    since = (ds.field("published_from") >= instant) & (ds.field("published_month") == "2023-03")
    found = dataset.scanner(columns=["id", "published_from"], filter=since).to_table()
    assert set(found["id"].to_pylist()) == {KNOWN, MONTH, LAST}
    assert found.schema.field("published_from").type == pa.timestamp("s", "UTC")


def test_the_days_of_a_dataset_are_cast_to_dates_once_they_are_read(lake: Lake) -> None:
    days = lake.arrow().to_table(["published_on"])["published_on"].cast(pa.date32())
    assert days.to_pylist() == [dt.date(2023, 3, 20), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)]


def test_pandas_groups_by_month_and_keeps_unknown_days_apart(lake: Lake) -> None:
    frame = lake.pandas()
    assert frame["published_on"].isna().sum() == 1
    assert frame.groupby(frame.published_on.dt.month).size().to_dict() == {1: 1, 3: 1, 12: 1}
    assert frame.published_from.dt.year.tolist() == [2023, 2023, 1, 9999]
    since = frame[frame.published_from >= pd.Timestamp("2023-03-20T14:05Z")]
    assert set(since["id"]) == {KNOWN, LAST}


@pytest.mark.parametrize("table", TABLES)
def test_the_types_of_pandas_are_the_same_with_and_without_rows(tmp_path: Path, lake: Lake, table: str) -> None:
    commit(
        tmp_path / "other",
        {f"{table}/{'published_month=unknown/' if table in PARTITIONED else ''}part-1-0.jsonl.gz": [row(table)]},
    )
    filled = newslake.open(str(tmp_path / "other")).pandas(table)
    empty = Lake(lake.storage, ()).pandas(table)
    assert len(filled) == 1
    assert len(empty) == 0
    assert filled.dtypes.to_dict() == empty.dtypes.to_dict()
    kinds = {field.name: str(filled.dtypes[field.name]) for field in readers.fields(table)}
    for field in readers.fields(table):
        expected = {int: "Int64", bool: "boolean", float: "float64"}.get(field.kind)
        assert expected is None or kinds[field.name] == expected


def test_nulls_and_lists_in_pandas_are_those_of_the_record(tmp_path: Path) -> None:
    captions = [{"text": "Souvenirs in Moskou", "credit": None}]
    commit(
        tmp_path,
        {
            MARCH: [row("articles", id=KNOWN, tags=["x", "y"], captions=captions, word_count=2**60)],
            "fetches/part-1-0.jsonl.gz": [
                row("fetches", status=None),
                row("fetches", status=304, may_have_missed=True),
            ],
        },
    )
    lake = newslake.open(str(tmp_path))
    (one,) = lake.pandas().to_dict("records")
    assert (one["tags"], one["captions"], one["word_count"]) == (["x", "y"], captions, 2**60)
    assert one["date_candidates"] is None
    fetches = lake.pandas("fetches")
    assert fetches["status"].tolist() == [pd.NA, 304]
    assert fetches["may_have_missed"].tolist() == [False, True]


def comments(lake: Lake) -> dict[tuple[str, str], str | None]:
    query = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    return {(table, column): comment for table, column, comment in lake.duckdb().sql(query).fetchall()}


def test_every_view_and_every_column_has_a_comment(lake: Lake) -> None:
    views = lake.duckdb().sql("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
    assert {name for name, _ in views} == {*TABLES, "articles_latest", "coverage"}
    assert all(comment for _, comment in views)
    assert all(comments(lake).values())


def test_the_comments_are_the_meanings_of_the_fields(lake: Lake) -> None:
    said = comments(lake)
    for table in TABLES:
        for field in readers.fields(table):
            assert said[table, field.name] == field.meaning
            if field.kind == Instant:
                assert "UTC" in field.meaning
    advice = "null for articles known to the month only; use published_from"
    assert advice in str(said["articles", "published_on"])
    assert said["articles_latest", "published_on"] == said["articles", "published_on"]
    assert said["coverage", "published_from"] == said["articles", "published_from"]
    assert "2023-XX" in str(said["articles", "published_month"])
