"""``newslake schema``: a table's schema in the words of a reader, to be pasted."""

import json

from pipeline.exitcodes import ExitCode
from schemas import readers
from schemas.lake import PARTITION_COLUMNS, PARTITIONED


def run_schema(output_format: str, table: str) -> int:
    print(_FORMATS[output_format](table))
    return ExitCode.COMMITTED


def _json_schema(table: str) -> str:
    return json.dumps(readers.json_schema(table), indent=2, ensure_ascii=False)


def _duckdb(table: str) -> str:
    columns = ",\n        ".join(f"{name}: '{kind}'" for name, kind in readers.duckdb_columns(table).items())
    folders = "*/" if table in PARTITIONED else ""
    hive = f",\n    hive_partitioning=true, hive_types={{{PARTITION_COLUMNS['month']}: VARCHAR}}" if table in PARTITIONED else ""
    return (
        f"CREATE VIEW {table} AS FROM read_json(\n    'LAKE/{table}/{folders}*.jsonl.gz', format='newline_delimited',\n"
        f"    columns={{\n        {columns}\n    }}{hive}\n);"
    )


def _polars(table: str) -> str:
    scalars = {str: "pl.String", int: "pl.Int64", float: "pl.Float64", bool: "pl.Boolean"}

    def struct(members: dict[str, str]) -> str:
        return "pl.Struct({" + ", ".join(f'"{name}": {kind}' for name, kind in members.items()) + "})"

    kinds = {field.name: readers.fold(field.type, scalars, "pl.List({})".format, struct) for field in readers.fields(table)}
    lines = [f'    "{name}": {kind},' for name, kind in kinds.items()]
    return "\n".join(["import polars as pl", "", "schema = {", *lines, "}"])


def _pyarrow(table: str) -> str:
    scalars = {str: "pa.string()", int: "pa.int64()", float: "pa.float64()", bool: "pa.bool_()"}

    def struct(members: dict[str, str]) -> str:
        return "pa.struct([" + ", ".join(f'("{name}", {kind})' for name, kind in members.items()) + "])"

    lines = [
        f'    ("{field.name}", {readers.fold(field.type, scalars, "pa.list_({})".format, struct)}),' for field in readers.fields(table)
    ]
    return "\n".join(["import pyarrow as pa", "", "schema = pa.schema([", *lines, "])"])


_FORMATS = {
    "json-schema": _json_schema,
    "duckdb": _duckdb,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "spark": readers.spark_ddl,
    "athena": readers.athena_ddl,
}
