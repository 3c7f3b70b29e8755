"""``newslake schema``: what it prints is pasted, and works."""

import json
from typing import Any

import duckdb
import polars as pl
import pytest
from lakes import commit, row

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


@each_table
def test_the_view_for_duckdb_reads_the_files_of_a_lake(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory, table: str
) -> None:
    tmp_path = tmp_path_factory.mktemp("it's a lake")
    folder = "published_month=2023-03/" if table in PARTITIONED else ""
    commit(tmp_path, {f"{table}/{folder}part-1-0.jsonl.gz": [row(table)]})
    with duckdb.connect() as connection:
        connection.execute(printed(capsys, "duckdb", table, "--lake", str(tmp_path)))
        found = connection.execute(f"FROM {table}")
        names = [column[0] for column in found.description or []]
        (values,) = found.fetchall()
    assert dict(zip(names, values, strict=True)) == row(table) | ({"published_month": "2023-03"} if folder else {})


@each_table
def test_the_code_for_polars_and_pyarrow_makes_the_schemas_that_ship(
    capsys: pytest.CaptureFixture[str], table: str
) -> None:
    assert pl.Schema(pasted(printed(capsys, "polars", table))["schema"]) == readers.polars_schema(table)
    assert pasted(printed(capsys, "pyarrow", table))["schema"].equals(readers.pyarrow_schema(table))


@each_table
def test_spark_and_athena_get_their_ddl(capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert printed(capsys, "spark", table) == readers.spark_ddl(table) + "\n"
    assert printed(capsys, "athena", table) == readers.athena_ddl(table) + "\n"
