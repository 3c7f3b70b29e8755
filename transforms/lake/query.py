"""A lake for its readers: the files that are live at the head of the log, and typed tables over them for DuckDB, Polars and pyarrow.

Nothing is left to inference: DuckDB looks at some thousand dates and fails on the first "2023-03" after them, Polars takes a column that
begins with nulls for one of nulls, pyarrow takes dates for timestamps. Each table has the types of schemas.readers and a text column for
its partition. A file of an older version reads null for the fields that came later; of a newer one, fields that this version does not
know are left out. Opening a lake links what was committed and is not in place yet, and writes nothing else.
"""

import importlib.util
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newslake.schemas import readers
from newslake.schemas.tables import ARTICLES, PARTITION_COLUMNS, PARTITIONED, TABLES
from newslake.transforms.lake import recover
from newslake.transforms.lake.log import FileGoneError, LiveFile, NotALakeError
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.local import open_local

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from polars import LazyFrame
    from pyarrow.dataset import Dataset

_ARTICLES_LATEST = """
CREATE VIEW articles_latest AS
WITH newest AS (SELECT * FROM revisions QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1)
SELECT * FROM articles ANTI JOIN newest USING (id) UNION ALL BY NAME SELECT * FROM newest
"""
"""The newest revision of each id. Only the revisions are sorted, which are few."""

_COVERAGE = """
CREATE VIEW coverage AS
WITH met AS (
    SELECT duplicate_of AS id, count(*) AS copies, list(coalesce(publisher, domain)) AS outlets FROM duplicates GROUP BY duplicate_of
)
SELECT
    id, headline, date_published, published_from, publisher, domain, 1 + coalesce(copies, 0) AS copies,
    list_sort(list_distinct(list_append(coalesce(outlets, []), coalesce(publisher, domain)))) AS outlets
FROM articles_latest LEFT JOIN met USING (id)
"""
"""A row for each kept article, as its newest revision has it. ``copies``: how often it was met, itself included. ``outlets``: who carried
it, each publisher (where none is known its domain) once and in order."""


class UnknownTableError(LakeError):
    """No table of the lake has this name."""


class MissingPackageError(LakeError, ImportError):
    """The package that would read the lake in this way is not installed."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake with ``live``, the files of one log entry: what is committed later shows once it is opened again."""

    storage: Storage
    live: tuple[LiveFile, ...] = field(repr=False)

    @property
    def root(self) -> str:
        return self.storage.root

    def files(self, table: str | None = None) -> list[str]:
        """Absolute paths of the live files, of one table or of all, as ``locate`` gives them."""
        return [self.locate(file) for file in self.live_files(table)]

    def live_files(self, table: str | None = None) -> list[LiveFile]:
        """The live files, of one table or of all. Raises UnknownTableError."""
        if table is not None and table not in TABLES:
            raise UnknownTableError(f"there is no table {table!r} in a lake; its tables are {', '.join(TABLES)}")
        return [file for file in self.live if table in (None, file.table)]

    def locate(self, file: LiveFile) -> str:
        """Return the absolute path of a live file. Raises LakeError where it is gone, or leads out of the lake."""
        try:
            return str(self.storage.local_copy(file.path).absolute())
        except FileNotFoundError:
            raise FileGoneError(f"{self.root}/{file.path}", file.entry) from None

    def duckdb(self) -> "DuckDBPyConnection":
        """A connection in memory with a view for each table, and the views ``articles_latest`` and ``coverage`` over them.

        A filter on the partition column opens only the files that it needs. Raises LakeError, MissingPackageError.
        """
        _require("duckdb")
        import duckdb

        connection = duckdb.connect(config={"autoinstall_known_extensions": False})
        for table in TABLES:
            connection.execute(f"CREATE VIEW {table} AS {self._select(table)}")
        connection.execute(_ARTICLES_LATEST)
        connection.execute(_COVERAGE)
        return connection

    def polars(self, table: str = ARTICLES) -> "LazyFrame":
        """A table for Polars, read when it is collected. Raises LakeError, MissingPackageError."""
        _require("polars")
        import polars as pl

        columns = self._partition_columns(table)
        groups: dict[tuple[str | None, ...], list[str]] = {}
        for file in self.live_files(table):
            values = tuple(_partition(file, column) for column in columns)
            groups.setdefault(values, []).append(_as_glob(self.locate(file)))
        schema = readers.polars_schema(table)
        frames = []
        for values, paths in groups.items():
            partition = [pl.lit(value, pl.String).alias(column) for column, value in zip(columns, values, strict=True)]
            frames.append(pl.scan_ndjson(paths, schema=schema).with_columns(partition))
        return pl.concat(frames) if frames else pl.LazyFrame(schema={**schema, **dict.fromkeys(columns, pl.String())})

    def arrow(self, table: str = ARTICLES) -> "Dataset":
        """A table for pyarrow; a filter on the partition column opens only the files that it needs.

        Raises LakeError, also for files that are compressed with zstd, which pyarrow.dataset does not read; MissingPackageError.
        """
        _require("pyarrow")
        import pyarrow as pa
        import pyarrow.dataset as ds
        from pyarrow.fs import LocalFileSystem
        from pyarrow.json import ParseOptions, ReadOptions

        files = self.live_files(table)
        columns = self._partition_columns(table)
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

    def _partition_columns(self, table: str) -> list[str]:
        """The partition columns of a table: one, or both where runs wrote months and others days. All partitioned tables have the same."""
        if table not in PARTITIONED:
            return []
        month, day = PARTITION_COLUMNS["month"], PARTITION_COLUMNS["day"]
        used = [column for column in (month, day) if any(_partition(file, column) for file in self.live)]
        return used or [month]

    def _select(self, table: str) -> str:
        """The query behind a table's view.

        The partition is cut from the file's name, not by DuckDB's own reading of partitions, which makes a column of every ``key=value``
        folder above the lake too.
        """
        types = readers.duckdb_columns(table)
        columns = self._partition_columns(table)
        files = self.files(table)
        if not files:
            typed = [
                f'NULL::{kind} AS "{name}"' for name, kind in {**types, **dict.fromkeys(columns, "VARCHAR")}.items()
            ]
            return f"SELECT {', '.join(typed)} WHERE false"
        selected = [f'"{name}"' for name in types]
        for column in columns:
            selected.append(f"nullif(regexp_extract(filename, '/{column}=([^/]*)/[^/]*$', 1), '') AS {column}")
        paths = ", ".join(_text(_as_glob(path)) for path in files)
        described = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in types.items())
        return (
            f"SELECT {', '.join(selected)} FROM read_json([{paths}], columns={{{described}}}, format='newline_delimited', "
            f"maximum_object_size={readers.MAX_LINE_BYTES}, hive_partitioning=false, filename=true)"
        )


def open_lake(root: str) -> Lake:
    """Open the lake at ``root`` as it is now. Raises NotALakeError, LogDamagedError, UnsafeNameError."""
    storage = open_local(root)
    state = recover.state_in_place(storage)
    if state.number == 0:
        raise NotALakeError(root)
    return Lake(storage, state.files)


def _partition(file: LiveFile, column: str) -> str | None:
    """What the file's folder says of a partition column; None where it says nothing."""
    name, _, value = file.path.split("/")[1].partition("=")
    return value if name == column else None


def _as_glob(path: str) -> str:
    """The pattern that matches this path alone: DuckDB and Polars take paths for patterns, and Polars then finds no row under ``[a]``."""
    return re.sub(r"[*?\[]", r"[\g<0>]", path)


def _text(value: str) -> str:
    """``value`` as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _require(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise MissingPackageError(f"{package} is not installed; install it with: pip install {package}")
