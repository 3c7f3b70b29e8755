"""``newslake sql``: queries over the lake's typed views, answered by DuckDB.

Days and times have one form in JSON, CSV and Markdown: 2023-03-20 and 2023-03-20T14:05:00Z, as in
the files of the lake. A TIMESTAMP of DuckDB has no zone. All of the lake's are in UTC, so every one
is printed as UTC; to print a local time use strftime. A table is DuckDB's own drawing, without T
and Z. Parquet has types.
"""

import csv
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from newslake.pipeline.exitcodes import ExitCode, UsageError
from newslake.pipeline.logs import complain
from newslake.pipeline.terminal import CONTROLS, width, without_controls
from newslake.schemas import codec
from newslake.schemas.readers import sql_text
from newslake.transforms.lake.query import open_lake

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_ROWS_AT_ONCE = 1_000
_WIDTH_OF_PIPE = 200
_STANDARD = "-"
_HOW = "name a QUERY, --file FILE, or - to read it from standard input, as in: newslake sql 'FROM runs'"


def run_sql(lake: str, query: str | None, file: str | None, output_format: str, output: str | None) -> int:
    """Run the statements and print the rows of the last one; return the exit code.

    The statements run in order in one connection. Rows of an earlier SELECT are not printed. If the
    last statement gives no rows, nothing is printed and no file is written.

    ``query`` or ``file`` holds the statements, and "-" stands for standard input. ``output_format``
    is table, json (a line for each row), csv, markdown or parquet. ``output`` is the file that the
    rows go to, which is replaced only by a whole result; None or "-" is standard output.

    A query that DuckDB refuses is told on stderr, with exit code 2. Raises UsageError, LakeError,
    MissingPackageError.
    """
    script = _read_script(query, file)
    target = _target(output, output_format)
    connection = open_lake(lake).duckdb()
    import duckdb

    try:
        result = _last_result(connection, script)
        if result is not None:
            _write(connection, result, output_format, target)
    except duckdb.Error as error:
        told = without_controls(str(error), keep="\n")
        complain(f"the query cannot be answered: {told}")
        return ExitCode.USAGE
    return ExitCode.COMMITTED


def _read_script(query: str | None, file: str | None) -> str:
    """Return the statements. Raises UsageError if they are not given once, or are not UTF-8."""
    if query is not None and file is not None:
        raise UsageError(f"the query is given twice: as an argument and by --file; {_HOW}")
    if query is None and file is None:
        raise UsageError(f"there is no query; {_HOW}")
    if query not in (None, _STANDARD):
        name, data = "the query", str(query).encode(errors="surrogateescape")
    elif file in (None, _STANDARD):
        name, data = "standard input", sys.stdin.buffer.read()
    else:
        name = str(file)
        try:
            data = Path(name).read_bytes()
        except (OSError, ValueError) as error:  # ValueError: the name holds a NUL
            reason = error.strerror if isinstance(error, OSError) else error
            raise UsageError(f"--file {name}: the query cannot be read: {reason}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _target(output: str | None, output_format: str) -> Path | None:
    """Return the file that the rows go to, or None for standard output. Raises UsageError."""
    if output in (None, _STANDARD):
        if output_format == "parquet" and sys.stdout.isatty():
            raise UsageError("parquet is not text for a terminal; name a file with --output FILE")
        return None
    path = Path(str(output))
    if path.exists() and not path.is_file():
        raise UsageError(f"--output {output} is not a file; name one, as in --output {path / 'rows.csv'}")
    path = path.resolve()  # a link stays, and the file that it leads to is replaced
    if not path.parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {path.parent}; make it first")
    return path


def _last_result(connection: "DuckDBPyConnection", script: str) -> "DuckDBPyRelation | None":
    """Run all statements and return the rows of the last one; None if it gives no rows.

    Raises UsageError for a script without a statement and for a statement that downloads.
    """
    statements = connection.extract_statements(script)
    if not statements:
        raise UsageError(f"the query is empty; {_HOW}")
    for statement in statements:
        if _DOWNLOADS.match(statement.query):
            raise UsageError(
                "INSTALL is refused, because newslake downloads no extensions; "
                "install it with DuckDB itself and LOAD it here"
            )
    # DuckDB would otherwise take the name of a table that is not there for a variable of Python.
    connection.execute("SET python_enable_replacements = false")
    for statement in statements[:-1]:
        running = connection.execute(statement)
        while running.fetchmany(_ROWS_AT_ONCE):  # DuckDB computes rows as they are fetched
            pass
    last = statements[-1]
    result = connection.sql(last.query)
    if result is None:
        return None
    says_only_success = result.columns in (["Success"], ["Count"]) and not _is_select(last)
    return None if says_only_success else result


_DOWNLOADS = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:(?:FORCE\s+)?INSTALL|UPDATE\s+EXTENSIONS)\b", re.IGNORECASE | re.DOTALL
)


def _is_select(statement: Any) -> bool:
    import duckdb

    try:
        return bool(statement.type == duckdb.StatementType.SELECT)
    except ValueError:  # a type that DuckDB's own enumeration lacks
        return False


def _write(
    connection: "DuckDBPyConnection", result: "DuckDBPyRelation", output_format: str, target: Path | None
) -> None:
    """Write the rows in a format to a file, or to standard output if ``target`` is None."""
    # The queries of newslake itself name a variable that holds the result.
    connection.execute("SET python_enable_replacements = true")
    if output_format == "parquet" and target is None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows.parquet")
            _write_parquet(connection, result, path)
            with path.open("rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)
    elif target is None:
        _WRITERS[output_format](connection, result, sys.stdout)
    else:
        with _draft(target) as draft:
            if output_format == "parquet":
                _write_parquet(connection, result, draft)
            else:
                with draft.open("w", encoding="utf-8", newline="") as out:
                    _WRITERS[output_format](connection, result, out)


def _write_parquet(connection: "DuckDBPyConnection", newslake_result: "DuckDBPyRelation", path: Path) -> None:
    """Write a file with types. A column whose name came before gets a number: a, a_1."""
    connection.execute(f"COPY (FROM newslake_result) TO {sql_text(str(path))} (FORMAT parquet, USE_TMP_FILE false)")


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield a new file beside ``target``, and rename it to ``target`` if nothing fails."""
    draft = target.with_name(f".newslake-{secrets.token_hex(8)}")
    try:
        draft.touch(exist_ok=False)
    except OSError as error:
        raise UsageError(f"--output {target}: its folder cannot be written to: {error.strerror}") from None
    try:
        yield draft
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _write_table(connection: "DuckDBPyConnection", result: "DuckDBPyRelation", out: TextIO) -> None:
    """Draw a table: the widest that fits. DuckDB leaves out rows in the middle of a long one."""
    with redirect_stdout(StringIO()) as drawn:
        result.show(max_width=width(_WIDTH_OF_PIPE))
    out.write(without_controls(drawn.getvalue(), keep="\n"))


def _write_json(connection: "DuckDBPyConnection", result: "DuckDBPyRelation", out: TextIO) -> None:
    """Write an object for each row. A column whose name came before gets a number: a, a_1."""
    members = (
        f"{sql_text(name)}, {_iso(column, kind)}"
        for name, column, kind in zip(_told_apart(result.columns), _names(result), result.types, strict=True)
    )
    for row in _rows(connection, result, [f"json_object({', '.join(members)})"]):
        line = _valid_json(row[0] or "")
        out.write(CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n")


def _write_csv(connection: "DuckDBPyConnection", result: "DuckDBPyRelation", out: TextIO) -> None:
    """Write a header and the rows. Null is empty; a list or record is JSON."""
    writer = csv.writer(out, lineterminator="\n")
    is_terminal = out.isatty()
    for row in _text_rows(connection, result):
        writer.writerow([without_controls(cell, keep="\n\t") for cell in row] if is_terminal else row)


def _write_markdown(connection: "DuckDBPyConnection", result: "DuckDBPyRelation", out: TextIO) -> None:
    """Write a table in GitHub Flavored Markdown."""
    for number, row in enumerate(_text_rows(connection, result)):
        out.write(f"| {' | '.join(map(_markdown, row))} |\n")
        if number == 0:
            out.write("|" + " --- |" * len(row) + "\n")


def _markdown(cell: str) -> str:
    """Return a cell's text so that Markdown shows it in one line.

    >>> print(_markdown("a|b\\nc <i>"))
    a\\|b<br>c \\<i>
    """
    escaped = re.sub(r"[\\|<]", r"\\\g<0>", cell)
    return without_controls(re.sub("\r\n?|\n", "<br>", escaped).replace("\t", " "))


_WRITERS: dict[str, Callable[["DuckDBPyConnection", "DuckDBPyRelation", TextIO], None]] = {
    "table": _write_table,
    "json": _write_json,
    "csv": _write_csv,
    "markdown": _write_markdown,
}


def _text_rows(connection: "DuckDBPyConnection", result: "DuckDBPyRelation") -> Iterator[Sequence[str]]:
    """Yield the names of the columns, and then each row as texts. Null is an empty text.

    The names come once the first row is there, so that a query that fails at once prints nothing.
    """
    nested = [kind.id in _NESTED for kind in result.types]
    texts = [
        f"to_json({_iso(column, kind)})::VARCHAR" if is_nested else f"{_iso(column, kind)}::VARCHAR"
        for column, kind, is_nested in zip(_names(result), result.types, nested, strict=True)
    ]
    rows = _rows(connection, result, texts)
    first = next(rows, None)
    yield result.columns
    for row in chain([] if first is None else [first], rows):
        yield [
            (_valid_json(cell) if is_nested else cell) if cell is not None else ""
            for cell, is_nested in zip(row, nested, strict=True)
        ]


def _rows(
    connection: "DuckDBPyConnection", newslake_result: "DuckDBPyRelation", expressions: Sequence[str]
) -> Iterator[tuple[str | None, ...]]:
    """Yield the values of ``expressions`` over the columns c0, c1, ... for each row of a result.

    DuckDB makes the texts, because values of Python lose digits, the months of intervals and far
    years. It computes rows as they are fetched, so that a long result needs little memory.
    """
    rows = connection.execute(
        f"SELECT {', '.join(expressions)} FROM newslake_result AS t({', '.join(_names(newslake_result))})"
    )
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        yield from batch


def _names(result: "DuckDBPyRelation") -> list[str]:
    """Return names for the columns that are all different."""
    return [f"c{number}" for number in range(len(result.columns))]


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names that are all different.

    >>> _told_apart(["a", "b", "a", "a_1"])
    ['a', 'b', 'a_1', 'a_1_1']
    """
    found: list[str] = []
    for name in names:
        number, free = 0, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


_NESTED = frozenset({"list", "array", "struct", "tuple", "map", "union", "variant"})
_UNZONED = frozenset({"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"})
_ZONED = "timestamp with time zone"


def _iso(value: str, kind: Any, depth: int = 0) -> str:
    """Return an expression that gives ``value`` with each instant in it as text in ISO 8601, UTC.

    ``kind`` is its type. Years before 1 and infinity have no such form and keep DuckDB's.
    """
    if kind.id in _UNZONED:
        return rf"regexp_replace({value}::VARCHAR, '^(\S+) (\S+)$', '\1T\2Z')"
    if kind.id == _ZONED:
        return rf"regexp_replace(({value} AT TIME ZONE 'UTC')::VARCHAR, '^(\S+) (\S+)$', '\1T\2Z')"
    if "TIMESTAMP" not in str(kind):
        return value
    item = f"x{depth}"
    if kind.id in ("list", "array"):
        return f"[{_iso(item, kind.children[0][1], depth + 1)} FOR {item} IN {value}]"
    if kind.id == "map":
        (_, key), (_, held) = kind.children
        keys = f"[{_iso(item, key, depth + 1)} FOR {item} IN map_keys({value})]"
        values = f"[{_iso(item, held, depth + 1)} FOR {item} IN map_values({value})]"
        return f"CASE WHEN {value} IS NOT NULL THEN map({keys}, {values}) END"
    if kind.id == "struct" and all(name for name, _ in kind.children):
        quoted = {'"' + name.replace('"', '""') + '"': member for name, member in kind.children}
        members = (f"{name} := {_iso(f'({value}).{name}', member, depth)}" for name, member in quoted.items())
        return f"CASE WHEN {value} IS NOT NULL THEN struct_pack({', '.join(members)}) END"
    return value


def _valid_json(line: str) -> str:
    """Return JSON in which null stands for NaN and Infinity, which RFC 8259 section 6 excludes."""
    if "NaN" not in line and "Infinity" not in line:
        return line
    try:
        codec.decode(line.encode())
        return line
    except codec.InvalidJsonError:
        return codec.encode(codec.decode_foreign(line.encode())[0]).decode()
