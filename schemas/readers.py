"""The tables as their readers declare them: JSON Schema, DuckDB, Polars, pyarrow, Spark and Athena.

All of it is made from the annotations of the classes in schemas.tables.TABLES. Dates stay text for every reader: "2023-03" is no timestamp,
and a type that fits the first rows of a file is not the type of its table, so nothing here is left to inference.

Run as a module it prints the JSON Schema of the articles, which stands beside it as article.schema.json.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from newslake.schemas.tables import ARTICLES, PARTITION_COLUMNS, PARTITIONED, TABLES

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")

MAX_LINE_BYTES = 64 << 20
"""What a reader must take as one line: a record of 10 MB whose every byte is a control character that JSON writes as six."""

_DUCKDB = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}
_JSON_SCHEMA = {str: "string", int: "integer", float: "number", bool: "boolean"}
_SQL = {str: "string", int: "bigint", float: "double", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a table's rows. ``type`` is str, int, float, bool, list[str] or a list of a TypedDict; ``standard`` is where its name
    comes from."""

    name: str
    type: Any
    nullable: bool
    meaning: str
    standard: str


def fields(table: str) -> tuple[Field, ...]:
    """The fields of a table, in the order in which they are written. Raises KeyError where there is no such table."""
    described = []
    for name, hint in get_type_hints(TABLES[table], include_extras=True).items():
        annotated, meaning, standard = get_args(hint)
        kind, nullable = _nullable(annotated)
        described.append(Field(name, kind, nullable, meaning, standard))
    return tuple(described)


def fold(kind: Any, scalars: Mapping[type, T], array: Callable[[T], T], struct: Callable[[dict[str, T]], T]) -> T:
    """A field's type in a reader's terms: ``scalars`` holds the plain types, ``array`` makes a list's and ``struct`` a record's.

    >>> fold(list[str], {str: "VARCHAR"}, lambda item: f"{item}[]", str)
    'VARCHAR[]'
    """
    if kind in scalars:
        return scalars[kind]
    if get_origin(kind) is list:
        return array(fold(get_args(kind)[0], scalars, array, struct))
    return struct(
        {name: fold(_nullable(hint)[0], scalars, array, struct) for name, hint in get_type_hints(kind).items()}
    )


def json_schema(table: str) -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of one row. Keys that it does not name are allowed, as later versions append fields."""
    described = {}
    for field in fields(table):
        note = {} if field.standard == "newslake" else {"$comment": f"named after: {field.standard}"}
        described[field.name] = {**_json_type(field.type, field.nullable), "description": field.meaning, **note}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"newslake: a row of {table}",
        "type": "object",
        "properties": described,
        "required": list(described),
    }


def duckdb_columns(table: str) -> dict[str, str]:
    """What ``read_json(columns=...)`` of DuckDB takes: each field's name and type."""

    def struct(members: dict[str, str]) -> str:
        return f"STRUCT({', '.join(f'{name} {kind}' for name, kind in members.items())})"

    return {field.name: fold(field.type, _DUCKDB, "{}[]".format, struct) for field in fields(table)}


def polars_schema(table: str) -> "pl.Schema":
    """What ``polars.scan_ndjson(schema=...)`` takes. Raises ImportError where Polars is not installed."""
    import polars as pl

    scalars: dict[type, Any] = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean()}
    return pl.Schema({field.name: fold(field.type, scalars, pl.List, pl.Struct) for field in fields(table)})


def pyarrow_schema(table: str) -> "pa.Schema":
    """A pyarrow schema of the rows. Raises ImportError where pyarrow is not installed."""
    import pyarrow as pa

    scalars = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    return pa.schema(
        [
            (field.name, fold(field.type, scalars, pa.list_, lambda members: pa.struct(list(members.items()))))
            for field in fields(table)
        ]
    )


def spark_ddl(table: str) -> str:
    """What ``spark.read.schema(...)`` takes: a column a line. The partition stands at the end, where Spark looks for it; Spark would
    otherwise take its values for dates."""
    columns = _sql_columns(table) + ([f"`{PARTITION_COLUMNS['month']}` string"] if table in PARTITIONED else [])
    return ",\n".join(columns)


def athena_ddl(table: str, location: str = "s3://BUCKET/LAKE") -> str:
    """One statement of Hive's that makes the table over the files of a lake at ``location``, for Amazon Athena."""
    month = PARTITION_COLUMNS["month"]
    partition = f"\nPARTITIONED BY (`{month}` string)" if table in PARTITIONED else ""
    repair = (
        f"\n-- once it stands, and whenever a partition was added: MSCK REPAIR TABLE `{table}`"
        if table in PARTITIONED
        else ""
    )
    columns = ",\n".join(f"  {column}" for column in _sql_columns(table))
    return (
        f"CREATE EXTERNAL TABLE `{table}` (\n{columns}\n){partition}\n"
        f"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'\nLOCATION '{location}/{table}/'{repair}"
    )


def _sql_columns(table: str) -> list[str]:
    """Each column in Hive's words, which Spark shares: quoted name, type and comment."""

    def struct(members: dict[str, str]) -> str:
        return f"struct<{','.join(f'{name}:{kind}' for name, kind in members.items())}>"

    columns = []
    for field in fields(table):
        meaning = field.meaning.replace("\\", "\\\\").replace("'", "\\'")
        columns.append(f"`{field.name}` {fold(field.type, _SQL, 'array<{}>'.format, struct)} COMMENT '{meaning}'")
    return columns


def _json_type(kind: Any, nullable: bool) -> dict[str, Any]:
    if kind in _JSON_SCHEMA:
        name = _JSON_SCHEMA[kind]
        return {"type": [name, "null"] if nullable else name}
    if get_origin(kind) is list:
        return {"type": ["array", "null"] if nullable else "array", "items": _json_type(get_args(kind)[0], False)}
    members = {name: _json_type(*_nullable(hint)) for name, hint in get_type_hints(kind).items()}
    return {"type": "object", "properties": members, "required": list(members)}


def _nullable(hint: Any) -> tuple[Any, bool]:
    """``X | None`` as (X, True), any other type as (itself, False)."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    (kind,) = (option for option in get_args(hint) if option is not NoneType)
    return kind, True


if __name__ == "__main__":
    print(json.dumps(json_schema(ARTICLES), indent=2, ensure_ascii=False))
