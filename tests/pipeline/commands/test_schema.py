"""``newslake schema``: what it prints is pasted, and works."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from lakes import commit, row

import newslake
from newslake.pipeline.cli import main
from newslake.schemas import readers
from newslake.schemas.tables import PARTITIONED, TABLES

each_table = pytest.mark.parametrize("table", TABLES)


def printed(capsys: pytest.CaptureFixture[str], output_format: str, table: str, *more: str) -> str:
    assert main(["schema", "--format", output_format, "--table", table, *more]) == 0
    return capsys.readouterr().out


def pasted(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


@each_table
def test_the_json_schema_is_that_of_the_table(capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert json.loads(printed(capsys, "json-schema", table)) == readers.json_schema(table)


FOLDERS = ("it's a lake", "a?b [c]#", "env=prod/id=7/published_month=2020-01")
each_folder = pytest.mark.parametrize("folder", FOLDERS)
DATES = {"published_on": "2023-03-20", "published_from": "2023-03-20T14:05:00Z"}


def small_lake(root: Path, table: str, partition: str = "published_month=2023-03/") -> Path:
    known = DATES if table in PARTITIONED else {}
    folder = partition if table in PARTITIONED else ""
    commit(root, {f"{table}/{folder}part-1-0.jsonl.gz": [row(table), row(table, **known)]})
    return root


@each_table
@each_folder
def test_the_code_for_duckdb_reads_the_files_of_a_lake_as_the_lake_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, table: str, folder: str
) -> None:
    lake = small_lake(tmp_path / folder, table)
    with duckdb.connect() as connection:
        connection.execute(printed(capsys, "duckdb", table, "--lake", str(lake)))
        found = connection.sql(f"FROM {table}")
        expected = newslake.open(str(lake)).duckdb().sql(f"FROM {table}")
        assert (found.columns, found.types) == (expected.columns, expected.types)
        assert found.fetchall() == expected.fetchall()
        commented = "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NOT NULL"
        assert connection.execute(commented).fetchall() == [(len(found.columns),)]


@each_table
@each_folder
def test_the_code_for_polars_reads_the_files_of_a_lake_as_the_lake_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, table: str, folder: str
) -> None:
    lake = small_lake(tmp_path / folder, table)
    found = pasted(printed(capsys, "polars", table, "--lake", str(lake)))[table].collect()
    expected = newslake.open(str(lake)).polars(table).collect()
    assert found.schema == expected.schema
    assert found.equals(expected)


@pytest.mark.parametrize("reader", ["duckdb", "polars"])
def test_the_code_has_the_partition_columns_of_the_lake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, reader: str
) -> None:
    lake = small_lake(tmp_path, "articles", "published_day=2023-03-XX/")
    code = printed(capsys, reader, "articles", "--lake", str(lake))
    assert "published_day" in code
    assert "published_month" not in code


@pytest.mark.parametrize("reader", ["duckdb", "polars"])
def test_the_code_names_a_lake_that_is_not_there_or_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    monkeypatch.delenv("NEWSLAKE_LAKE", raising=False)
    assert "'LAKE/articles/*/*.jsonl.*'" in printed(capsys, reader, "articles")
    assert "'s3://news/lake/runs/*.jsonl.*'" in printed(capsys, reader, "runs", "--lake", "s3://news/lake/")


@pytest.mark.parametrize("reader", ["duckdb", "polars"])
def test_the_code_refuses_text_that_is_no_day(capsys: pytest.CaptureFixture[str], tmp_path: Path, reader: str) -> None:
    commit(tmp_path, {"articles/published_month=2023-03/part-1-0.jsonl.gz": [row("articles", published_on="2023-03")]})
    code = printed(capsys, reader, "articles", "--lake", str(tmp_path))
    with pytest.raises((duckdb.Error, pl.exceptions.InvalidOperationError), match="2023-03") as caught:
        READ[reader](code)
    assert "published_on" in str(caught.value)


def read_by_duckdb(code: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(code)
        connection.sql("FROM articles").fetchall()


def read_by_polars(code: str) -> None:
    pasted(code)["articles"].collect()


READ = {"duckdb": read_by_duckdb, "polars": read_by_polars}


@each_table
def test_the_code_for_pyarrow_makes_the_schema_that_ships(capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert pasted(printed(capsys, "pyarrow", table))["schema"].equals(readers.pyarrow_schema(table))


@each_table
def test_spark_and_athena_get_their_ddl(capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert printed(capsys, "spark", table) == readers.spark_ddl(table) + "\n"
    assert printed(capsys, "athena", table) == readers.athena_ddl(table) + "\n"
