"""``newslake schema``: a table's schema in the words of a reader, to be pasted."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from newslake.pipeline.exitcodes import ExitCode
from newslake.schemas import readers
from newslake.schemas.article import Day, Instant
from newslake.schemas.tables import PARTITION_COLUMNS, PARTITIONED, TABLE_MEANING
from newslake.transforms.lake.query import Lake, open_lake
from newslake.transforms.storage.base import LakeError

_NO_LAKE = "LAKE"
"""Stands for the folder of the lake if the user names none."""


def run_schema(output_format: str, table: str, lake: str | None = None) -> int:
    """Print a table's schema for a reader, and return the exit code.

    The code for DuckDB and Polars reads the files of ``lake``, with its partition columns. If
    ``lake`` is None, the code says LAKE. If ``lake`` cannot be opened, its partitions are months.
    """
    if output_format in _CODE:
        known = _open(lake)
        columns = known.partition_columns(table) if known else [PARTITION_COLUMNS["month"]] * (table in PARTITIONED)
        print(_CODE[output_format](table, _pattern(lake or _NO_LAKE, table, known), columns))
    else:
        print(_SCHEMAS[output_format](table))
    return ExitCode.COMMITTED


def _open(lake: str | None) -> Lake | None:
    if lake is None:
        return None
    try:
        return open_lake(lake)
    except LakeError:
        return None


def _pattern(lake: str, table: str, known: Lake | None) -> str:
    """Return the pattern that matches the files of a table.

    It names the compression of the newest file if it can, so that it also works for DuckDB if a "?"
    stands in the path of the lake.
    """
    folder = readers.as_glob(lake.rstrip("/") or "/")
    files = known.live_files(table) if known else []
    end = files[-1].path.rpartition(".")[2] if "?" in lake and files else "*"
    return f"{folder}/{table}/{'*/' if table in PARTITIONED else ''}*.jsonl.{end}"


def _duckdb(table: str, pattern: str, columns: Sequence[str]) -> str:
    compression = readers.compression_of(pattern)
    query = readers.duckdb_query(table, readers.sql_text(pattern), columns, compression)
    comments = readers.duckdb_comments(table, TABLE_MEANING[table], readers.meanings(table, columns))
    return ";\n".join([f"-- a TIMESTAMP is in UTC\nCREATE VIEW {table} AS\n{query}", *comments]) + ";"


def _polars(table: str, pattern: str, columns: Sequence[str]) -> str:
    in_files = _python_kinds(table, _POLARS, "pl.List({})", "pl.Struct({{{}}})", '"{}": {}')
    lines = [
        "import polars as pl",
        "",
        "schema = {  # as the files hold it: dates are text",
        *(f'    "{name}": {kind},' for name, kind in in_files.items()),
        "}",
        "dates = [  # the padding makes Polars refuse text that is too short",
        *(f"    {expression}," for expression in _polars_dates(table)),
        "]",
        f"{table} = (",
        f'    pl.scan_ndjson({pattern!r}, schema=schema, include_file_paths="path")',
        "    .with_columns(dates)",
    ]
    for column in columns:
        lines.append(f'    .with_columns(pl.col("path").str.extract("/{column}=([^/]*)/[^/]*$").alias("{column}"))')
    return "\n".join([*lines, '    .drop("path")', ")"])


def _polars_dates(table: str) -> list[str]:
    """Return the code of ``readers.polars_dates``."""
    code = []
    for field in readers.fields(table):
        if field.kind in readers.DATE_FORMS:
            form, example = readers.DATE_FORMS[field.kind]
            text = f'pl.col("{field.name}").str.pad_start({len(example)}, "?")'
            zone = "" if field.kind == Day else ', time_unit="us", time_zone="UTC"'
            code.append(f'{text}.str.{"to_date" if field.kind == Day else "to_datetime"}("{form}"{zone})')
    return code


def _pyarrow(table: str) -> str:
    kinds = _python_kinds(table, _PYARROW, "pa.list_({})", "pa.struct([{}])", '("{}", {})')
    lines = [f'    ("{name}", {kind}),' for name, kind in kinds.items()]
    return "\n".join(["import pyarrow as pa", "", "schema = pa.schema([", *lines, "])"])


def _python_kinds(table: str, scalars: dict[Any, str], array: str, struct: str, member: str) -> dict[str, str]:
    """Return each field's name and the code of its type.

    ``array``, ``struct`` and ``member`` are the code of a list, a record and a member of a record.
    """

    def record(members: dict[str, str]) -> str:
        return struct.format(", ".join(member.format(name, kind) for name, kind in members.items()))

    return {one.name: readers.fold(one.kind, scalars, array.format, record) for one in readers.fields(table)}


def _json_schema(table: str) -> str:
    return json.dumps(readers.json_schema(table), indent=2, ensure_ascii=False)


_POLARS: dict[Any, str] = {
    str: "pl.String",
    int: "pl.Int64",
    float: "pl.Float64",
    bool: "pl.Boolean",
    Day: "pl.String",
    Instant: "pl.String",
}
_PYARROW: dict[Any, str] = {
    str: "pa.string()",
    int: "pa.int64()",
    float: "pa.float64()",
    bool: "pa.bool_()",
    Day: 'pa.timestamp("s")',
    Instant: 'pa.timestamp("s", "UTC")',
}
_CODE: dict[str, Callable[[str, str, Sequence[str]], str]] = {"duckdb": _duckdb, "polars": _polars}
"""Code that reads files: made of the table, the pattern of its files and its partition columns."""
_SCHEMAS: dict[str, Callable[[str], str]] = {
    "json-schema": _json_schema,
    "pyarrow": _pyarrow,
    "spark": readers.spark_ddl,
    "athena": readers.athena_ddl,
}
