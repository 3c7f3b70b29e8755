"""``newslake schema``: a table's schema in the words of a reader, to be pasted."""

import json

from newslake.pipeline.exitcodes import ExitCode
from newslake.schemas import readers
from newslake.schemas.tables import PARTITION_COLUMNS, PARTITIONED


def run_schema(output_format: str, table: str, lake: str | None = None) -> int:
    """Print it. DuckDB's names the files: those of ``lake``, or of LAKE where none is named."""
    print(_duckdb(table, lake or "LAKE") if output_format == "duckdb" else _FORMATS[output_format](table))
    return ExitCode.COMMITTED


def _json_schema(table: str) -> str:
    return json.dumps(readers.json_schema(table), indent=2, ensure_ascii=False)


def _duckdb(table: str, lake: str) -> str:
    columns = ",\n        ".join(f"{name}: '{kind}'" for name, kind in readers.duckdb_columns(table).items())
    pattern = f"{lake}/{table}/{'*/' if table in PARTITIONED else ''}*.jsonl.*".replace("'", "''")
    hive = (
        f",\n    hive_partitioning=true, hive_types={{{PARTITION_COLUMNS['month']}: VARCHAR}}"
        if table in PARTITIONED
        else ""
    )
    return (
        f"CREATE VIEW {table} AS FROM read_json(\n    '{pattern}', format='newline_delimited',\n"
        f"    columns={{\n        {columns}\n    }}{hive}\n);"
    )


def _polars(table: str) -> str:
    scalars = {str: "pl.String", int: "pl.Int64", float: "pl.Float64", bool: "pl.Boolean"}

    def struct(members: dict[str, str]) -> str:
        return "pl.Struct({" + ", ".join(f'"{name}": {kind}' for name, kind in members.items()) + "})"

    kinds = {
        field.name: readers.fold(field.type, scalars, "pl.List({})".format, struct) for field in readers.fields(table)
    }
    lines = [f'    "{name}": {kind},' for name, kind in kinds.items()]
    return "\n".join(["import polars as pl", "", "schema = {", *lines, "}"])


def _pyarrow(table: str) -> str:
    scalars = {str: "pa.string()", int: "pa.int64()", float: "pa.float64()", bool: "pa.bool_()"}

    def struct(members: dict[str, str]) -> str:
        return "pa.struct([" + ", ".join(f'("{name}", {kind})' for name, kind in members.items()) + "])"

    lines = [
        f'    ("{field.name}", {readers.fold(field.type, scalars, "pa.list_({})".format, struct)}),'
        for field in readers.fields(table)
    ]
    return "\n".join(["import pyarrow as pa", "", "schema = pa.schema([", *lines, "])"])


_FORMATS = {
    "json-schema": _json_schema,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "spark": readers.spark_ddl,
    "athena": readers.athena_ddl,
}
