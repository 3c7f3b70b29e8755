"""The tables in the words of each reader. The tests in tests/readers let the readers take them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from lakes import row

from newslake.schemas import readers
from newslake.schemas.article import Caption, Day, Instant
from newslake.schemas.tables import PARTITIONED, TABLES

ROOT = Path(__file__).parents[2]


def test_the_shipped_json_schema_is_fresh() -> None:
    shipped = (ROOT / "schemas/article.schema.json").read_text(encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-m", "newslake.schemas.readers"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert shipped == made, "run: make schema"
    assert json.loads(made) == readers.json_schema("articles")


def test_a_field_says_its_type_and_whether_it_may_be_null() -> None:
    fields = {field.name: field for field in readers.fields("articles")}
    assert fields["id"] == readers.Field(
        "id",
        str,
        False,
        "32 hex digits: of the canonical URL; else of source and source_id; else of the content",
        "newslake",
        str,
    )
    assert (fields["language_score"].type, fields["language_score"].nullable) == (float, True)
    assert (fields["captions"].type, fields["captions"].nullable) == (list[Caption], False)
    assert [fields[name].kind for name in ("published_on", "published_from", "captions")] == [
        Day,
        Instant,
        list[Caption],
    ]
    assert (fields["ingested_at"].type, fields["ingested_at"].kind, fields["ingested_at"].nullable) == (
        str,
        Instant,
        False,
    )
    assert (fields["published_on"].type, fields["published_on"].nullable) == (str, True)


def test_an_unknown_table_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        readers.fields("article")


@pytest.mark.parametrize("table", TABLES)
def test_every_reader_names_the_same_columns_in_the_same_order(table: str) -> None:
    names = [field.name for field in readers.fields(table)]
    partition = ["published_month"] if table in PARTITIONED else []
    assert list(readers.json_schema(table)["properties"]) == names
    assert list(readers.duckdb_columns(table)) == names
    assert readers.polars_schema(table).names() == names
    assert readers.pyarrow_schema(table).names == names
    spark = [line.split("`")[1] for line in readers.spark_ddl(table).splitlines() if line.startswith("`")]
    athena = [line.split("`")[1] for line in readers.athena_ddl(table).splitlines() if line.startswith("  `")]
    assert spark == names + partition
    assert athena == names


def test_types_are_spelt_as_each_reader_spells_them() -> None:
    duckdb = readers.duckdb_columns("articles")
    assert [duckdb[name] for name in ("id", "revision", "language_score", "tags")] == [
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "VARCHAR[]",
    ]
    assert duckdb["images"] == "STRUCT(url VARCHAR, caption VARCHAR, credit VARCHAR)[]"
    assert readers.duckdb_columns("fetches")["may_have_missed"] == "BOOLEAN"

    polars = readers.polars_schema("articles")
    assert polars["countries"] == pl.List(pl.Struct({"code": pl.String, "mentions": pl.Int64}))
    assert readers.polars_schema("fetches")["may_have_missed"] == pl.Boolean

    arrow = readers.pyarrow_schema("articles")
    assert arrow.field("captions").type == pa.list_(pa.struct([("text", pa.string()), ("credit", pa.string())]))
    assert arrow.field("language_score").type == pa.float64()

    spark = [line for line in readers.spark_ddl("articles").splitlines() if not line.startswith("--")]
    assert spark[1].startswith("`revision` bigint COMMENT '1 in articles")
    assert spark[-1].startswith("`published_month` string COMMENT 'partition, text: 2023-03; 2023-XX")
    assert "`countries` array<struct<code:string,mentions:bigint>> COMMENT 'the same with counts'," in spark


@pytest.mark.parametrize("table", TABLES)
def test_every_reader_has_a_type_for_days_and_instants(table: str) -> None:
    days, instants = ({field.name for field in readers.fields(table) if field.kind == kind} for kind in (Day, Instant))
    duckdb, polars, arrow = readers.duckdb_columns(table), readers.polars_schema(table), readers.pyarrow_schema(table)
    schema = readers.json_schema(table)["properties"]
    assert {name for name, kind in duckdb.items() if kind == "DATE"} == days
    assert {name for name, kind in duckdb.items() if kind == "TIMESTAMP"} == instants
    assert {name for name, kind in polars.items() if kind == pl.Date()} == days
    assert {name for name, kind in polars.items() if kind == pl.Datetime("us", "UTC")} == instants
    assert {one.name for one in arrow if one.type == pa.timestamp("s")} == days
    assert {one.name for one in arrow if one.type == pa.timestamp("s", "UTC")} == instants
    assert {name for name, one in schema.items() if one.get("format") == "date"} == days
    assert {name for name, one in schema.items() if one.get("format") == "date-time"} == instants


def test_the_json_schema_of_a_day_is_text_in_a_format() -> None:
    properties = readers.json_schema("articles")["properties"]
    assert properties["published_on"]["type"] == ["string", "null"]
    assert properties["published_on"]["format"] == "date"
    assert "null for articles known to the month only; use published_from" in properties["published_on"]["description"]
    assert (properties["ingested_at"]["type"], properties["ingested_at"]["format"]) == ("string", "date-time")


@pytest.mark.parametrize("table", TABLES)
def test_quotes_in_a_meaning_do_not_end_it(table: str) -> None:
    for ddl in (readers.spark_ddl(table), readers.athena_ddl(table)):
        for line in ddl.splitlines():
            if "COMMENT" in line:
                comment = line.partition(" COMMENT ")[2].removesuffix(",").removesuffix(")")
                assert comment[0] == comment[-1] == "'"
                assert "'" not in comment[1:-1].replace("\\'", "")
                assert len(comment.encode()) <= 255  # Athena takes no longer ones


@pytest.mark.parametrize("table", TABLES)
def test_athena_gets_one_table_with_its_partition_and_place(table: str) -> None:
    ddl = readers.athena_ddl(table, "s3://news/lake")
    assert ddl.startswith(f"CREATE EXTERNAL TABLE `{table}` (\n")
    assert ("\nPARTITIONED BY (`published_month` string COMMENT '" in ddl) == (table in PARTITIONED)
    assert "\nROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'\n" in ddl
    assert f"\nLOCATION 's3://news/lake/{table}/'" in ddl


def test_the_ddl_of_athena_has_dates_and_timestamps() -> None:
    columns = [line.split("`")[1:] for line in readers.athena_ddl("articles").splitlines() if line.startswith("  `")]
    kinds = {name: rest.split()[0] for name, rest in columns}
    assert {name: kind for name, kind in kinds.items() if kind in ("date", "timestamp")} == {
        "published_on": "date",
        "published_from": "timestamp",
        "published_until": "timestamp",
        "ingested_at": "timestamp",
    }


def test_the_comments_of_spark_tell_how_it_reads_dates_strictly() -> None:
    comment = [line for line in readers.spark_ddl("articles").splitlines() if line.startswith("--")]
    assert 'mode="FAILFAST", dateFormat="yyyy-MM-dd"' in comment[1]


def is_valid(value: Any, schema: dict[str, Any]) -> bool:
    """Tell whether a value fits the part of JSON Schema that ``json_schema`` uses; skip formats."""
    known = {"$schema", "$comment", "title", "description", "type", "format", "items", "properties", "required"}
    assert schema.keys() <= known
    names = {
        type(None): "null",
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
        list: "array",
        dict: "object",
    }
    kind = schema["type"]
    if names[type(value)] not in (kind if isinstance(kind, list) else [kind]):
        return False
    if isinstance(value, list):
        return all(is_valid(item, schema["items"]) for item in value)
    if isinstance(value, dict):
        properties = schema["properties"].items()
        return value.keys() >= set(schema["required"]) and all(
            is_valid(value[name], one) for name, one in properties if name in value
        )
    return True


@pytest.mark.parametrize("table", TABLES)
def test_the_json_schema_takes_whole_rows_and_nothing_less(table: str) -> None:
    schema = readers.json_schema(table)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    good = row(table)
    assert is_valid(good, schema)
    assert is_valid({**good, "of_a_later_version": None}, schema)
    for field in readers.fields(table):
        assert not is_valid({name: value for name, value in good.items() if name != field.name}, schema)
        assert is_valid({**good, field.name: None}, schema) == field.nullable
        assert not is_valid({**good, field.name: {"no": "object"}}, schema)


def test_the_json_schema_looks_into_lists() -> None:
    schema = readers.json_schema("articles")
    assert is_valid(row("articles", captions=[{"text": "x", "credit": None}], tags=["x"]), schema)
    assert not is_valid(row("articles", captions=[{"text": None, "credit": None}]), schema)
    assert not is_valid(row("articles", captions=[{"text": "x"}]), schema)
    assert not is_valid(row("articles", tags=[None]), schema)
