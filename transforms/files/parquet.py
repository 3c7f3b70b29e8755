"""Parquet: row groups are the chunks, and a batch of rows is in memory at a time."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import codec
from schemas.raw import RawItem
from schemas.reject import Reason, Reject, Stage
from transforms.files.fields import FieldMapper

_BATCH_ROWS = 1_000


def count_row_groups(file: BinaryIO) -> int:
    """Raises ValueError where the file is damaged."""
    try:
        return int(pq.ParquetFile(file).num_row_groups)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error


def read_parquet(file: BinaryIO, source_uri: str, mapper: FieldMapper, *, first: int, until: int) -> Iterator[RawItem]:
    """An article for each row of the row groups ``first`` to ``until``; CORRUPT where the file is damaged from some row on."""
    try:
        parquet = pq.ParquetFile(file)
        for group in range(first, until):
            number = 0
            for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group]):
                for row in batch.to_pylist():
                    plain = {name: _plain(value) for name, value in row.items()}
                    yield mapper.article(plain, source_uri, f"row group {group}, row {number}", codec.encode(plain))
                    number += 1
    except (pa.ArrowException, OSError) as error:
        yield Reject(Stage.READ_ARTICLES, Reason.CORRUPT, source_uri, f"row group {first} or after: {error}")


def _plain(value: Any) -> Any:
    """Instants as ISO 8601, bytes as text."""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
