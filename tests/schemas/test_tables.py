"""Names and paths in the lake."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lakes import row

from newslake.schemas.article import Article
from newslake.schemas.tables import (
    PARTITION_COLUMNS,
    PARTITIONED,
    TABLES,
    log_name,
    partition_code,
    partition_folder,
    partition_of,
)


def dated(date: str | None, precision: str = "second", *flags: str) -> Article:
    known = {"date_published": date, "date_precision": precision, "date_flags": list(flags)}
    return cast(Article, row("articles", **known))


@pytest.mark.parametrize(
    ("article", "month", "day"),
    [
        (dated("2023-03-20T14:05:09+01:00"), "2023-03", "2023-03-20"),
        (dated("2023-03-20T14:05Z", "minute"), "2023-03", "2023-03-20"),
        (dated("2023-03-31T23:30:00-08:00"), "2023-03", "2023-03-31"),
        (dated("2023-03-20", "day"), "2023-03", "2023-03-20"),
        (dated("2023-03", "month"), "2023-03", "2023-03-XX"),
        (dated("2023", "season"), "2023-XX", "2023-XX-XX"),
        (dated("0987", "year"), "0987-XX", "0987-XX-XX"),
        (dated("2020", "decade"), "unknown", "unknown"),
        (dated("2923-03-20", "day", "future"), "unknown", "unknown"),
        (dated(None, "none"), "unknown", "unknown"),
    ],
)
def test_an_article_stands_under_its_date_as_printed(article: Article, month: str, day: str) -> None:
    code = partition_code(article)
    assert partition_folder(code, "month") == f"published_month={month}"
    assert partition_folder(code, "day") == f"published_day={day}"


@given(st.integers(), st.sampled_from(sorted(PARTITION_COLUMNS)))
def test_no_code_leads_out_of_the_lake(code: int, granularity: str) -> None:
    try:
        folder = partition_folder(code, granularity)
    except ValueError:
        return
    column, _, value = folder.partition("=")
    assert column == PARTITION_COLUMNS[granularity]
    assert set(value) <= set("0123456789X-") or value == "unknown"


@pytest.mark.parametrize("code", [20231300, 20230332, 100_000_000, -20230300])
def test_a_code_that_is_no_date_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=f"not a partition: {code}"):
        partition_folder(code, "day")


@pytest.mark.parametrize("table", TABLES)
def test_the_partition_is_read_back_from_a_path(table: str) -> None:
    if table in PARTITIONED:
        assert partition_of(table, f"{table}/{partition_folder(20230300, 'month')}/part-1-0.jsonl.gz") == "2023-03"
    else:
        assert partition_of(table, f"{table}/part-1-0.jsonl.gz") is None


@given(st.integers(1, 10**19), st.integers(1, 10**19))
def test_the_names_of_log_entries_sort_as_their_numbers(one: int, other: int) -> None:
    assert (log_name(one) < log_name(other)) == (one < other)


def test_a_log_entry_has_twenty_digits() -> None:
    assert log_name(42) == "_newslake/log/00000000000000000042.json"
