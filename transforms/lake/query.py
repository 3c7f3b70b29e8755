"""A lake for its readers: its live files, and typed tables over them.

The readers are DuckDB, Polars, pyarrow and pandas. Each table has the types of ``schemas.readers``
and a text column for its partition. No reader infers a type: DuckDB looks at some thousand dates
and fails at the first "2023-03" after them, and Polars takes a column that begins with nulls for a
column of nulls.

``published_on`` is a date and every instant is a timestamp in UTC. An article that is known to the
month only has no ``published_on``, but it has ``published_from`` and ``published_until``. A file of
an older version gives null for the fields that came later. Fields of a newer version are left out.

Opening a lake links the files that are committed and not yet in place. It writes nothing else.
"""

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newslake.schemas import readers
from newslake.schemas.article import Day, Instant
from newslake.schemas.tables import (
    ARTICLES,
    PARTITION_COLUMNS,
    PARTITIONED,
    TABLE_MEANING,
    TABLES,
)
from newslake.transforms.lake import recover
from newslake.transforms.lake.log import FileGoneError, LiveFile, NotALakeError
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.local import open_local

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame
    from polars import LazyFrame
    from pyarrow.dataset import Dataset

_PANDAS = {int: "Int64", bool: "boolean"}
"""The types of pandas that hold nulls, for those of Python."""

_ARTICLES_LATEST = """
CREATE VIEW articles_latest AS
WITH newest AS (SELECT * FROM revisions QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1)
SELECT * FROM articles ANTI JOIN newest USING (id) UNION ALL BY NAME SELECT * FROM newest
"""
"""The newest revision of each id. Only the revisions are sorted, because they are few."""

_COVERAGE = """
CREATE VIEW coverage AS
WITH met AS (
    SELECT duplicate_of AS id, count(*) AS copies, list(coalesce(publisher, domain)) AS outlets
    FROM duplicates GROUP BY duplicate_of
), marked AS (
    SELECT near_duplicate_of AS id, count(*) AS marked_copies FROM articles
    WHERE near_duplicate_of IS NOT NULL GROUP BY near_duplicate_of
)
SELECT
    id, headline, date_published, published_from, publisher, domain, 1 + coalesce(copies, 0) AS copies,
    list_sort(list_distinct(list_append(coalesce(outlets, []), coalesce(publisher, domain)))) AS outlets,
    coalesce(marked_copies, 0) AS marked_copies
FROM articles_latest LEFT JOIN met USING (id) LEFT JOIN marked USING (id)
"""

_COVERAGE_MEANING = "one row for each article, as its newest revision has it: how often it was met, and who carried it"
_COVERAGE_COLUMNS = {
    "copies": "how often the article was met, itself included",
    "outlets": "who carried it: each publisher once, in order; the domain if the publisher is not known",
    "marked_copies": "how many other articles are marked as likely copies of it; they are articles of their own",
}


class UnknownTableError(LakeError):
    """No table of the lake has this name."""


class MissingPackageError(LakeError, ImportError):
    """The package that would read the lake in this way is not installed."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake as it was when it was opened, with its live files. Open it again for later commits."""

    storage: Storage
    live: tuple[LiveFile, ...] = field(repr=False)

    @property
    def root(self) -> str:
        """The folder of the lake, as it was given."""
        return self.storage.root

    def files(self, table: str | None = None) -> list[str]:
        """Return the absolute paths of the live files, of one table or of all. Raises LakeError."""
        return [self.locate(file) for file in self.live_files(table)]

    def live_files(self, table: str | None = None) -> list[LiveFile]:
        """Return the live files, of one table or of all. Raises UnknownTableError."""
        if table is not None and table not in TABLES:
            more = "; it is a view, which duckdb() has" if table in ("articles_latest", "coverage") else ""
            raise UnknownTableError(f"there is no table {table!r} in a lake{more}; its tables are {', '.join(TABLES)}")
        return [file for file in self.live if table in (None, file.table)]

    def locate(self, file: LiveFile) -> str:
        """Return the absolute path of a live file.

        Raises LakeError if the file is gone, or if its path leads out of the lake.
        """
        try:
            return str(self.storage.local_copy(file.path).absolute())
        except FileNotFoundError:
            raise FileGoneError(f"{self.root}/{file.path}", file.entry) from None

    def partition_columns(self, table: str) -> list[str]:
        """Return the partition columns of a table, the same for all tables that have partitions.

        There is one column, or two if some runs wrote months and others wrote days.
        """
        if table not in PARTITIONED:
            return []
        month, day = PARTITION_COLUMNS["month"], PARTITION_COLUMNS["day"]
        used = [column for column in (month, day) if any(_partition(file, column) for file in self.live)]
        return used or [month]

    def duckdb(self) -> "DuckDBPyConnection":
        """Return a connection in memory with a view for each table and two more views.

        ``articles_latest`` has the newest revision of each article, and ``coverage`` says who
        carried it. Days are DATE and instants are TIMESTAMP in UTC. The time zone of the connection
        is UTC too, so that ``published_from > now() - INTERVAL 1 DAY`` compares instants. A filter
        on the partition column opens only the files that it needs. The comments of views and
        columns say what they mean. DuckDB neither installs nor loads an extension by itself.

        A query fails if a date that it needs does not have the form of a date; see
        ``readers.duckdb_query``. Raises LakeError, MissingPackageError.
        """
        _require("duckdb")
        import duckdb

        connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        connection.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            connection.execute(f"CREATE VIEW {table} AS {self._query(table)}")
        connection.execute(_ARTICLES_LATEST)
        connection.execute(_COVERAGE)
        connection.execute(";".join(self._comments()))
        return connection

    def polars(self, table: str = ARTICLES) -> "LazyFrame":
        """Return a table for Polars, which reads it when it is collected.

        Days are Date and instants are Datetime("us", "UTC"). Collecting raises Polars'
        InvalidOperationError for text that is not a date; see ``readers.polars_dates``. Raises
        LakeError, MissingPackageError.
        """
        _require("polars")
        import polars as pl

        columns = self.partition_columns(table)
        groups: dict[tuple[str | None, ...], list[str]] = {}
        for file in self.live_files(table):
            values = tuple(_partition(file, column) for column in columns)
            groups.setdefault(values, []).append(readers.as_glob(self.locate(file)))
        in_files, dates = readers.polars_file_schema(table), readers.polars_dates(table)
        frames = []
        for values, paths in groups.items():
            partition = [pl.lit(value, pl.String).alias(column) for column, value in zip(columns, values, strict=True)]
            frames.append(pl.scan_ndjson(paths, schema=in_files).with_columns([*dates, *partition]))
        schema = {**readers.polars_schema(table), **dict.fromkeys(columns, pl.String())}
        return pl.concat(frames) if frames else pl.LazyFrame(schema=schema)

    def arrow(self, table: str = ARTICLES) -> "Dataset":
        """Return a table for pyarrow, which reads it when it is scanned.

        Instants are timestamp[s, tz=UTC]. ``published_on`` is timestamp[s] without a zone, at
        midnight, because a dataset of JSON cannot give a date32. To get one, cast the column of the
        table that was read. Reading raises ArrowInvalid for text that is not a date. A filter on
        the partition column opens only the files that it needs.

        Raises MissingPackageError, and LakeError, also for files that are compressed with zstd:
        pyarrow.dataset does not read them.
        """
        _require("pyarrow")
        import pyarrow as pa
        import pyarrow.dataset as ds
        from pyarrow.fs import LocalFileSystem
        from pyarrow.json import ParseOptions, ReadOptions

        files = self.live_files(table)
        columns = self.partition_columns(table)
        schema = readers.pyarrow_schema(table)
        parsing = ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
        scanning = ds.JsonFragmentScanOptions(parsing, ReadOptions(block_size=readers.MAX_LINE_BYTES))
        json_lines, disk = ds.JsonFileFormat(default_fragment_scan_options=scanning), LocalFileSystem()
        fragments = []
        for file in files:
            path = self.locate(file)
            if path.endswith(".zst"):
                raise LakeError(f"{path}: pyarrow.dataset does not read zstd; read this lake with DuckDB or Polars")
            known = ds.scalar(True)
            for column in columns:
                value = _partition(file, column)
                known &= ds.field(column).is_null() if value is None else ds.field(column) == value
            fragments.append(json_lines.make_fragment(path, disk, partition_expression=known))
        for column in columns:
            schema = schema.append(pa.field(column, pa.string()))
        return ds.FileSystemDataset(fragments, schema, json_lines, disk)

    def pandas(self, table: str = ARTICLES) -> "DataFrame":
        """Return a table as a DataFrame of pandas. DuckDB reads it, so both packages are needed.

        ``published_on`` is datetime64[us] at midnight, with NaT for a day that is not known.
        Instants are datetime64[us, UTC]. Whole numbers are Int64 and booleans are boolean, which
        hold nulls. Lists are Python lists.

        The whole table stands in memory. To read less, let DuckDB select first, as in
        ``lake.duckdb().sql("SELECT headline FROM articles").df()``. Raises MissingPackageError,
        LakeError, and DuckDB's InvalidInputException for text that is not a date.
        """
        self.live_files(table)  # refuses a name that is not a table's
        for package in ("pandas", "duckdb"):
            _require(package)
        import pandas as pd
        import pyarrow as pa

        kinds = {one.name: one.kind for one in readers.fields(table)}
        connection = self.duckdb()  # older versions close a connection that nothing holds
        read = connection.sql(f"FROM {table}").to_arrow_table()
        columns: dict[str, Any] = {}
        for name, column in zip(read.column_names, read.columns, strict=True):
            kind = kinds.get(name, str)
            if kind == Day:
                columns[name] = column.cast(pa.timestamp("us")).to_pandas()
            elif kind == Instant:
                columns[name] = column.cast(pa.timestamp("us", "UTC")).to_pandas()
            elif kind in _PANDAS:
                columns[name] = pd.Series(column.to_pylist(), dtype=_PANDAS[kind])
            elif kind in (str, float):
                columns[name] = column.to_pandas()
            else:
                columns[name] = pd.Series(column.to_pylist(), dtype=object)
        return pd.DataFrame(columns)

    def _query(self, table: str) -> str:
        """Return the query behind the view of a table."""
        columns = self.partition_columns(table)
        paths: dict[str, list[str]] = {}
        for path in self.files(table):
            paths.setdefault(readers.compression_of(path), []).append(readers.sql_text(readers.as_glob(path)))
        if not paths:
            types = {**readers.duckdb_columns(table), **dict.fromkeys(columns, "VARCHAR")}
            nulls = [f'NULL::{kind} AS "{name}"' for name, kind in types.items()]
            return f"SELECT {', '.join(nulls)} WHERE false"
        queries = [
            readers.duckdb_query(table, f"[{', '.join(some)}]", columns, compression)
            for compression, some in paths.items()
        ]
        return "\nUNION ALL\n".join(queries)

    def _comments(self) -> Iterator[str]:
        """Yield the statements that say in DuckDB what each view and each of its columns means."""
        described = {table: readers.meanings(table, self.partition_columns(table)) for table in TABLES}
        articles = described[ARTICLES]
        shared = ("id", "headline", "date_published", "published_from", "publisher", "domain")
        views = {
            **{table: (TABLE_MEANING[table], columns) for table, columns in described.items()},
            "articles_latest": ("one row for each article: its newest revision", articles),
            "coverage": (_COVERAGE_MEANING, {**{name: articles[name] for name in shared}, **_COVERAGE_COLUMNS}),
        }
        for view, (meaning, columns) in views.items():
            yield from readers.duckdb_comments(view, meaning, columns)


def open_lake(root: str | os.PathLike[str]) -> Lake:
    """Return the lake at ``root`` as it is now.

    Raises NotALakeError, LogDamagedError, UnsafeNameError.
    """
    storage = open_local(os.fspath(root))
    state = recover.state_in_place(storage)
    if state.number == 0:
        raise NotALakeError(storage.root)
    return Lake(storage, state.files)


def _partition(file: LiveFile, column: str) -> str | None:
    """Return what the file's folder says of a partition column; None if it says nothing."""
    name, _, value = file.path.split("/")[1].partition("=")
    return value if name == column else None


def _require(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise MissingPackageError(f"{package} is not installed; install it with: pip install {package}")
