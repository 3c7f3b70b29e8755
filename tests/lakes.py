"""Small lakes, written by hand, and what each reader reads of them.

A lake has rows of any table, in files that an entry of a real log names.
"""

import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zstandard

from newslake.schemas import readers
from newslake.schemas.article import Day, Instant
from newslake.schemas.tables import STAGING
from newslake.transforms.lake import log
from newslake.transforms.lake.log import LiveFile, LogEntry, Operation
from newslake.transforms.lake.query import Lake
from newslake.transforms.storage.local import LocalStorage

Row = dict[str, Any]
Read = Callable[[Lake, str], list[Row]]
"""Reads a table of a lake, with each date as the text that stands for it in a file."""

_COMPRESS = {".gz": lambda data: gzip.compress(data, 1), ".zst": zstandard.compress}
_NOTHING: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False, Instant: "2023-03-21T00:00:00Z"}


def row(table: str, **known: Any) -> Row:
    """Return a row with every key of its table, in order.

    A key that is not ``known`` is null, an empty list, zero, an empty text, or a fixed instant.
    """
    blank = _blank(table)
    assert known.keys() <= blank.keys()
    return blank | known


@cache
def _blank(table: str) -> Row:
    return {field.name: None if field.nullable else _NOTHING.get(field.kind, []) for field in readers.fields(table)}


def write_file(path: Path, rows: Iterable[Row]) -> bytes:
    """Write JSON lines, compressed as the name says, and return the bytes of the file."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()
    data = _COMPRESS[path.suffix](lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return data


def commit(root: Path, files: Mapping[str, list[Row]], staged: str = "", **entry: Any) -> LogEntry:
    """Commit files, given by their paths in the lake, and return the entry as the log has it.

    If ``staged`` names a folder directly in STAGING, the files stand there and not under their
    final names.
    """
    storage = LocalStorage(str(root))
    live = []
    for number, (path, rows) in enumerate(files.items()):
        place = f"{staged}/out-{number}.jsonl.gz" if staged else ""
        data = write_file(root / (place or path), rows)
        live.append(LiveFile(path.split("/")[0], path, len(rows), len(data), hashlib.sha256(data).hexdigest(), place))
    state = log.current_state(storage)
    number = state.number + 1
    told: dict[str, Any] = {
        "operation": Operation.RUN,
        "commit": f"commit-{number}",
        "staging": staged or f"{STAGING}/{state.number}-{number:016x}",
        "since": state.number,
        "run_id": f"run-{number}",
        "committed_at": "2023-03-21T00:00:00Z",
        **entry,
    }
    assert log.append(storage, state, LogEntry(0, files_added=tuple(live), **told))
    written = log.read_entry(storage, number)
    assert written is not None
    return written


def by_duckdb(lake: Lake, table: str) -> list[Row]:
    found = lake.duckdb().sql(f"FROM {table}")
    return _as_written(table, [dict(zip(found.columns, one, strict=True)) for one in found.fetchall()])


def by_polars(lake: Lake, table: str) -> list[Row]:
    return _as_written(table, lake.polars(table).collect().to_dicts())


def by_pyarrow(lake: Lake, table: str) -> list[Row]:
    return _as_written(table, lake.arrow(table).to_table().to_pylist())


def by_pandas(lake: Lake, table: str) -> list[Row]:
    rows = lake.pandas(table).to_dict("records")
    return _as_written(table, [{name: _null(value) for name, value in one.items()} for one in rows])


READERS: dict[str, Read] = {"duckdb": by_duckdb, "polars": by_polars, "pyarrow": by_pyarrow, "pandas": by_pandas}
each_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


def _null(value: Any) -> Any:
    """Return None for each value that stands for null in pandas: NaN, NaT and NA."""
    import pandas as pd

    return value if isinstance(value, list) or not pd.isna(value) else None


def _as_written(table: str, rows: list[Row]) -> list[Row]:
    """Return rows with each date as the text that stands for it in a file."""
    kinds = {field.name: field.kind for field in readers.fields(table)}
    return [{name: _text(kinds.get(name, str), value) for name, value in one.items()} for one in rows]


def _text(kind: Any, value: Any) -> Any:
    if value is None or kind not in (Day, Instant):
        return value
    assert isinstance(value, dt.date)  # a datetime is one too
    text = value.isoformat().removesuffix("+00:00")
    return f"{text}Z" if kind == Instant else text.removesuffix("T00:00:00")
