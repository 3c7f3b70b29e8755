"""The tables in the words of their readers: JSON Schema, DuckDB, Polars, pyarrow, Spark, Athena.

Everything is made from the annotations of the classes in ``schemas.tables.TABLES``. No reader
infers a type, because a type that fits the first rows of a file may not fit the last row.

A ``Day`` is a date and an ``Instant`` is a timestamp in UTC for every reader. The files hold both
as text. DuckDB and Polars first read that text and then parse it strictly: the JSON reader of
Polars also takes 20/03/2023, and that of DuckDB ignores +01:00. Text of another form is an error,
never a guessed date and never a silent null. ``date_published`` stays text, because "2023-03" is
not a date.

Run as a module, it prints the JSON Schema of the articles: schemas/article.schema.json.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from newslake.schemas.article import Day, Instant
from newslake.schemas.tables import ARTICLES, PARTITION_COLUMNS, PARTITION_MEANING, PARTITIONED, TABLES

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")

MAX_LINE_BYTES = 64 << 20
"""The longest line that a reader must take: a record of 10 MB in which JSON escapes every byte."""

DATE_FORMS: dict[Any, tuple[str, str]] = {
    Day: ("%Y-%m-%d", "2023-03-20"),
    Instant: ("%Y-%m-%dT%H:%M:%SZ", "2023-03-20T14:05:00Z"),
}
"""The form of a date in the files, as strptime has it, and an example."""

_DUCKDB: dict[Any, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    Day: "DATE",
    Instant: "TIMESTAMP",
}
_JSON_SCHEMA: dict[Any, dict[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Day: {"type": "string", "format": "date"},
    Instant: {"type": "string", "format": "date-time"},
}
_HIVE: dict[Any, str] = {
    str: "string",
    int: "bigint",
    float: "double",
    bool: "boolean",
    Day: "date",
    Instant: "timestamp",
}
"""Spark and Athena share these names."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table.

    ``type`` is the type of its value in JSON: str, int, float, bool, list[str] or a list of a
    TypedDict. ``kind`` is what readers make of it: ``Day``, ``Instant``, or the same as ``type``.
    ``standard`` says where the name comes from.
    """

    name: str
    type: Any
    nullable: bool
    meaning: str
    standard: str
    kind: Any


def fields(table: str) -> tuple[Field, ...]:
    """Return the fields of a table, in the order in which they are written.

    Raises KeyError if there is no such table.
    """
    described = []
    for name, hint in get_type_hints(TABLES[table], include_extras=True).items():
        # Python flattens Annotated[Annotated[str, "day"], ...]: the mark stands among the rest.
        annotated, *marks, meaning, standard = get_args(hint)
        kind, nullable = split_null(Annotated[(annotated, *marks)] if marks else annotated)
        plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        described.append(Field(name, plain, nullable, meaning, standard, kind))
    return tuple(described)


def meanings(table: str, partitions: Iterable[str]) -> dict[str, str]:
    """Return what each column of a table means, its partition columns included."""
    partition = {column: PARTITION_MEANING[column] for column in partitions}
    return {**{field.name: field.meaning for field in fields(table)}, **partition}


def fold(kind: Any, scalars: Mapping[Any, T], array: Callable[[T], T], struct: Callable[[dict[str, T]], T]) -> T:
    """Return a field's kind in the words of a reader.

    ``scalars`` holds the words for plain types, ``Day`` and ``Instant``. ``array`` makes the word
    for a list, and ``struct`` the one for a record.

    >>> fold(list[str], {str: "VARCHAR"}, lambda item: f"{item}[]", str)
    'VARCHAR[]'
    """
    if kind in scalars:
        return scalars[kind]
    if get_origin(kind) is list:
        return array(fold(get_args(kind)[0], scalars, array, struct))
    return struct(
        {name: fold(split_null(hint)[0], scalars, array, struct) for name, hint in get_type_hints(kind).items()}
    )


def as_glob(path: str) -> str:
    """Return the pattern that matches this path alone, for readers that take paths for patterns.

    >>> as_glob("/news?/[a]*")
    '/news[?]/[[]a][*]'
    """
    return re.sub(r"[*?\[]", r"[\g<0>]", path)


def compression_of(path: str) -> str:
    """Return DuckDB's name for the compression of a file, by the end of its name; else "auto".

    >>> compression_of("part-1-0.jsonl.gz"), compression_of("*.jsonl.*")
    ('gzip', 'auto')
    """
    return {"gz": "gzip", "zst": "zstd"}.get(path.rpartition(".")[2], "auto")


def sql_text(value: str) -> str:
    """Return ``value`` as an SQL literal.

    >>> print(sql_text("it's"))
    'it''s'
    """
    return "'" + value.replace("'", "''") + "'"


def json_schema(table: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a row.

    Keys that it does not name are allowed, because later versions append fields.
    """
    described = {}
    for field in fields(table):
        note = {} if field.standard == "newslake" else {"$comment": f"named after: {field.standard}"}
        described[field.name] = {**_json_type(field.kind, field.nullable), "description": field.meaning, **note}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"newslake: a row of {table}",
        "type": "object",
        "properties": described,
        "required": list(described),
    }


def duckdb_columns(table: str) -> dict[str, str]:
    """Return each field's name and type in DuckDB. A TIMESTAMP is in UTC."""
    return {field.name: fold(field.kind, _DUCKDB, "{}[]".format, _duckdb_struct) for field in fields(table)}


def duckdb_query(table: str, files: str, partitions: Iterable[str], compression: str = "auto") -> str:
    """Return the query that reads files of a table in DuckDB, with the types of ``duckdb_columns``.

    ``files`` is SQL: a quoted pattern, or a list of them. ``partitions`` names the partition
    columns, which the query cuts from the names of the files. (DuckDB's own reading of partitions
    also makes a column of each ``key=value`` folder above the lake.) "auto" lets DuckDB guess the
    ``compression`` from the name of a file. It guesses wrong if a "?" stands anywhere in the path.

    Text that is not a date fails the query with the file, the column and the text, but only if the
    query uses that row and column.
    """
    selected = [_duckdb_column(field) for field in fields(table)]
    for column in partitions:
        selected.append(f"nullif(regexp_extract(filename, '/{column}=([^/]*)/[^/]*$', 1), '') AS {column}")
    in_files = (
        f"'{field.name}': '{fold(field.type, _DUCKDB, '{}[]'.format, _duckdb_struct)}'" for field in fields(table)
    )
    return (
        f"SELECT\n    {f',{_BREAK}    '.join(selected)}\n"
        f"FROM read_json(\n    {files},\n"
        f"    format='newline_delimited', compression='{compression}', maximum_object_size={MAX_LINE_BYTES},\n"
        f"    hive_partitioning=false, filename=true,\n"
        f"    columns={{\n        {f',{_BREAK}        '.join(in_files)}\n    }}\n)"
    )


def duckdb_comments(view: str, meaning: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that say in DuckDB what a view and its columns mean."""
    yield f"COMMENT ON VIEW {view} IS {sql_text(meaning)}"
    for name, said in columns.items():
        yield f'COMMENT ON COLUMN {view}."{name}" IS {sql_text(said)}'


def polars_schema(table: str) -> "pl.Schema":
    """Return the schema of a table in Polars. Raises ImportError if Polars is not installed."""
    import polars as pl

    return _polars(table, {Day: pl.Date(), Instant: pl.Datetime("us", "UTC")})


def polars_file_schema(table: str) -> "pl.Schema":
    """Return what ``polars.scan_ndjson(schema=...)`` takes. ``polars_dates`` then parses the dates.

    Raises ImportError if Polars is not installed.
    """
    import polars as pl

    return _polars(table, {Day: pl.String(), Instant: pl.String()})


def polars_dates(table: str) -> "list[pl.Expr]":
    """Return the expressions that make dates of the text in the files.

    Polars raises InvalidOperationError, with column and text, for text that is not a date. Padding
    makes it refuse text that is too short: it would take 20-03-20 for a day of the year 20.
    Raises ImportError if Polars is not installed.
    """
    import polars as pl

    parsed = []
    for field in fields(table):
        if field.kind in DATE_FORMS:
            form, example = DATE_FORMS[field.kind]
            text = pl.col(field.name).str.pad_start(len(example), "?")
            parsed.append(
                text.str.to_date(form)
                if field.kind == Day
                else text.str.to_datetime(form, time_unit="us", time_zone="UTC")
            )
    return parsed


def pyarrow_schema(table: str) -> "pa.Schema":
    """Return the schema of a table in pyarrow. Raises ImportError if pyarrow is not installed.

    A ``Day`` is ``timestamp[s]`` without a zone, at midnight: the JSON reader of pyarrow makes no
    date32 of text. An ``Instant`` is ``timestamp[s, tz=UTC]``.
    """
    import pyarrow as pa

    scalars: dict[Any, Any] = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        Day: pa.timestamp("s"),
        Instant: pa.timestamp("s", "UTC"),
    }
    return pa.schema(
        [
            (field.name, fold(field.kind, scalars, pa.list_, lambda members: pa.struct(list(members.items()))))
            for field in fields(table)
        ]
    )


def spark_ddl(table: str) -> str:
    """Return what ``spark.read.schema(...)`` takes, with one column a line.

    The partition column stands at the end, where Spark expects it. Without a type, Spark would take
    its values for dates. A comment, which Spark skips, names the options that make Spark strict: it
    would otherwise take "2023-03" for the first of March.
    """
    month = PARTITION_COLUMNS["month"]
    columns = _hive_columns(table) + (
        [_hive_column(month, "string", PARTITION_MEANING[month])] * (table in PARTITIONED)
    )
    return _SPARK_OPTIONS.format(table=table) + ",\n".join(columns)


def athena_ddl(table: str, location: str = "s3://BUCKET/LAKE") -> str:
    """Return the statement that makes the table in Amazon Athena over a lake at ``location``.

    The OpenX JSON SerDe reads dates and instants in the form of the files without any property.
    """
    month = PARTITION_COLUMNS["month"]
    partition, repair = "", ""
    if table in PARTITIONED:
        partition = f"\nPARTITIONED BY ({_hive_column(month, 'string', PARTITION_MEANING[month])})"
        repair = f"\n-- after that, and whenever there is a new partition: MSCK REPAIR TABLE `{table}`"
    columns = ",\n".join(f"  {column}" for column in _hive_columns(table))
    return (
        f"CREATE EXTERNAL TABLE `{table}` (\n{columns}\n){partition}\n"
        f"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'\nLOCATION '{location}/{table}/'{repair}"
    )


_BREAK = "\n"
_SPARK_OPTIONS = """\
-- spark.read.schema(ddl).options(
--     mode="FAILFAST", dateFormat="yyyy-MM-dd", timestampFormat="yyyy-MM-dd'T'HH:mm:ssX"
-- ).json("LAKE/{table}"); the instants are in UTC: set spark.sql.session.timeZone to UTC to see them so
"""


def _duckdb_struct(members: dict[str, str]) -> str:
    return f"STRUCT({', '.join(f'{name} {kind}' for name, kind in members.items())})"


def _duckdb_column(field: Field) -> str:
    """Return the expression that gives a field its type. The file holds dates as text."""
    if field.kind not in DATE_FORMS:
        return f'"{field.name}"'
    form, example = DATE_FORMS[field.kind]
    parsed = f"CAST(try_strptime(\"{field.name}\", '{form}') AS {_DUCKDB[field.kind]})"
    has_form = f"\"{field.name}\" LIKE '{re.sub('[0-9]', '_', example)}'"
    complaint = f"filename || ': {field.name} holds \"' || \"{field.name}\" || '\", which is not a date like {example}'"
    return (
        f'CASE WHEN "{field.name}" IS NOT NULL THEN coalesce(\n'
        f"        CASE WHEN {has_form} THEN {parsed} END,\n        error({complaint})\n"
        f'    ) END AS "{field.name}"'
    )


def _polars(table: str, dates: "dict[Any, Any]") -> "pl.Schema":
    import polars as pl

    scalars: dict[Any, Any] = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean(), **dates}
    return pl.Schema({field.name: fold(field.kind, scalars, pl.List, pl.Struct) for field in fields(table)})


def _hive_columns(table: str) -> list[str]:
    """Return each column in the words of Hive, which Spark and Athena share."""

    def struct(members: dict[str, str]) -> str:
        return f"struct<{','.join(f'{name}:{kind}' for name, kind in members.items())}>"

    return [
        _hive_column(field.name, fold(field.kind, _HIVE, "array<{}>".format, struct), field.meaning)
        for field in fields(table)
    ]


def _hive_column(name: str, kind: str, meaning: str) -> str:
    quoted = meaning.replace("\\", "\\\\").replace("'", "\\'")
    return f"`{name}` {kind} COMMENT '{quoted}'"


def _json_type(kind: Any, nullable: bool) -> dict[str, Any]:
    if kind in _JSON_SCHEMA:
        known = _JSON_SCHEMA[kind]
        return {**known, "type": [known["type"], "null"]} if nullable else dict(known)
    if get_origin(kind) is list:
        return {"type": ["array", "null"] if nullable else "array", "items": _json_type(get_args(kind)[0], False)}
    members = {name: _json_type(*split_null(hint)) for name, hint in get_type_hints(kind).items()}
    return {"type": "object", "properties": members, "required": list(members)}


def split_null(hint: Any) -> tuple[Any, bool]:
    """Return ``X | None`` as (X, True), and any other type as (that type, False)."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    (kind,) = (option for option in get_args(hint) if option is not NoneType)
    return kind, True


if __name__ == "__main__":
    print(json.dumps(json_schema(ARTICLES), indent=2, ensure_ascii=False))
