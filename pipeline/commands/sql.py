"""``newslake sql``: a query over the lake's typed views, answered by DuckDB."""

import csv
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newslake.pipeline.exitcodes import ExitCode
from newslake.schemas import codec
from newslake.transforms.lake.query import open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_ROWS_AT_ONCE = 1_000
_SIZE_OF_A_PIPE = (200, 24)


def run_sql(lake: str, query: str, output_format: str) -> int:
    """Print what ``query`` gives as a table (the widest that fits; DuckDB cuts a long one short), JSON lines or CSV; the exit code.

    A query that DuckDB refuses is a sentence on stderr and exit code 2. Raises LakeError, MissingPackageError.
    """
    connection = open_lake(lake).duckdb()
    import duckdb

    try:
        result = connection.sql(query)
        if result is None:  # a statement that gives no rows
            return ExitCode.COMMITTED
        if output_format == "table":
            result.show(max_width=shutil.get_terminal_size(_SIZE_OF_A_PIPE).columns)
        elif output_format == "json":
            for line in _json_rows(connection, result):
                print(line)
        else:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(result.columns)
            for line in _json_rows(connection, result):
                row, _ = codec.decode_foreign(line.encode())
                writer.writerow(map(_cell, row.values()))
    except duckdb.Error as error:
        print(f"newslake: the query cannot be answered: {error}", file=sys.stderr)
        return ExitCode.USAGE
    return ExitCode.COMMITTED


def _json_rows(connection: "DuckDBPyConnection", newslake_result: "DuckDBPyRelation") -> Iterator[str]:
    """The rows as objects. DuckDB itself writes them, since it knows a date or a decimal of any size where Python's row does not say."""
    rows = connection.execute("SELECT to_json(newslake_row) FROM newslake_result AS newslake_row")
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for (line,) in batch:
            yield _without_infinities(line)


def _without_infinities(line: str) -> str:
    """DuckDB writes the words NaN and Infinity, which are no JSON (RFC 8259 section 6); null in their place."""
    if "NaN" not in line and "Infinity" not in line:
        return line
    return codec.encode(codec.decode_foreign(line.encode())[0]).decode()


def _cell(value: Any) -> str:
    """A value in CSV: text as it is, null as nothing, lists and records as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else codec.encode(value).decode()
