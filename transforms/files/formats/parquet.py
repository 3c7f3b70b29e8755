"""Parquet: row groups are the chunks, and memory holds one batch of rows at a time."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from newslake.schemas import codec
from newslake.schemas.raw import RawItem
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.files.columns.mapper import FieldMapper, by_name
from newslake.transforms.files.formats.base import Head, Layout, Part, Refused

_BATCH_ROWS = 1_000
_EPOCH = dt.datetime(1970, 1, 1)
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_UNCONVERTIBLE = (pa.ArrowException, ArithmeticError, LookupError, TypeError, ValueError)
"""What pyarrow raises for a value that has no form in Python."""

Convert = Callable[[Any], Any]


class ParquetFormat:
    """Parts are numbers of row groups."""

    name = "parquet"
    is_text = False

    def recognise(self, head: Head) -> Layout | Refused | None:
        if head.raw.startswith(b"PAR1"):
            return Layout(has_columns=True)
        return Refused(Reason.CORRUPT, "it is no Parquet file", head.raw[:1000]) if head.is_told else None

    def spans(self, file: BinaryIO, layout: Layout, start: int, size: int, chunk_bytes: int) -> list[tuple[int, int]]:
        groups = row_groups(file)
        if not groups or chunk_bytes:
            return [(group, group + 1) for group in groups]
        return [(groups[0], groups[-1] + 1)]

    def read(self, part: Part) -> Iterator[RawItem]:
        assert part.file is not None
        yield from read_parquet(part.file, part.source_uri, part.mapper, first=part.first, until=part.until)

    def count(self, sample: bytes, layout: Layout) -> int:
        return 1


PARQUET = ParquetFormat()


def row_groups(file: BinaryIO) -> list[int]:
    """Return the numbers of the row groups that hold rows. Raise ValueError for a damaged file."""
    try:
        metadata = pq.ParquetFile(file).metadata
        return [group for group in range(metadata.num_row_groups) if metadata.row_group(group).num_rows]
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error


def read_parquet(file: BinaryIO, source_uri: str, mapper: FieldMapper, *, first: int, until: int) -> Iterator[RawItem]:
    """Yield an article for each row of the row groups from ``first`` to before ``until``.

    A row with a value that has no form in Python becomes MALFORMED_ROW. If a row group is damaged,
    CORRUPT replaces its rows from there on, and the next group is read all the same.
    """

    def reject(reason: Reason, detail: str) -> Reject:
        return Reject(Stage.READ_ARTICLES, reason, source_uri, detail)

    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        yield reject(Reason.CORRUPT, f"row group {first} or after: {error}")
        return
    for group in range(first, until):
        number = 0
        try:
            for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group]):
                names = batch.schema.names
                is_plain = len(set(names)) == len(names)
                for values, faults in _rows(batch):
                    position = f"row group {group}, row {number}"
                    number += 1
                    if values is None:
                        yield reject(Reason.MALFORMED_ROW, f"{position}: {faults[0]}")
                        continue
                    row, warnings = (dict(zip(names, values, strict=True)), ()) if is_plain else by_name(names, values)
                    yield mapper.article(row, source_uri, position, codec.encode(row), (*faults, *warnings))
        except (pa.ArrowException, OSError) as error:
            yield reject(Reason.CORRUPT, f"row group {group}, row {number} or after: {error}")


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[list[Any] | None, tuple[str, ...]]]:
    """Yield the values of each row, and its warnings; (None, (why,)) if it cannot be converted."""
    warnings: dict[int, list[str]] = {}
    broken: dict[int, str] = {}
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        columns.append(_values(column, name, warnings, broken))
    for number, values in enumerate(zip(*columns, strict=True) if columns else [()] * batch.num_rows):
        if number in broken:
            yield None, (broken[number],)
        else:
            yield list(values), tuple(dict.fromkeys(warnings.get(number, ())))


def _values(column: Any, name: str, warnings: dict[int, list[str]], broken: dict[int, str]) -> list[Any]:
    """Return the values of a column in their JSON form.

    Add to ``warnings`` and ``broken``, by the number of the row, what was repaired and what could
    not be.
    """
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    convert = _converter(column.type)
    if convert is not None:
        stored = _stored(column)
        if _holds_days(column.type, stored):
            convert = _or_none(lambda value: _instant(_delta(value, _PER_SECOND[column.type.unit]), None)[:10])
        values = [None if value is None else convert(value) for value in stored]
        for number, value in enumerate(values):
            if value is None and column[number].is_valid:
                warnings.setdefault(number, []).append("invalid_date")
        return values
    try:
        if not _holds_nanoseconds(column.type):
            return [_plain(value) for value in column.to_pylist()]
    except UnicodeDecodeError:
        if _is_text(column.type):
            return [
                _repair(value, number, warnings)
                for number, value in enumerate(column.cast(pa.large_binary()).to_pylist())
            ]
    except _UNCONVERTIBLE:
        pass
    try:
        return [_plain(value) for value in column.cast(_printable(column.type)).to_pylist()]
    except _UNCONVERTIBLE:
        pass
    values = []
    for number in range(len(column)):
        try:
            values.append(_plain(column[number].as_py()))
        except _UNCONVERTIBLE as error:
            values.append(None)
            broken.setdefault(number, f"column {name!r} cannot be converted: {error}")
    return values


def _stored(column: Any) -> list[int | None]:
    """Return the integers that stand for instants, days and times."""
    width = pa.int32() if column.type.bit_width == 32 else pa.int64()
    return list(column.view(width).to_pylist())


def _holds_days(kind: Any, stored: list[int | None]) -> bool:
    """Tell whether instants without a zone are all midnights: pandas has no other type for days."""
    if not pa.types.is_timestamp(kind) or kind.tz:
        return False
    per_day = 86_400 * _PER_SECOND[kind.unit]
    return all(value is None or value % per_day == 0 for value in stored)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _holds_nanoseconds(kind: Any) -> bool:
    """Tell whether a nested type holds instants or durations in nanoseconds.

    pyarrow makes Python values of these only if pandas is installed; the text must not depend on
    it.
    """
    if pa.types.is_nested(kind):
        return any(_holds_nanoseconds(kind.field(number).type) for number in range(kind.num_fields))
    return bool(pa.types.is_timestamp(kind) or pa.types.is_duration(kind)) and kind.unit == "ns"


def _printable(kind: Any) -> Any:
    """Return a nested type with text in place of values that may have no form in Python.

    pyarrow then prints its instants itself.
    """
    if pa.types.is_temporal(kind):
        return pa.string()
    if _is_text(kind):
        return pa.large_binary()
    if pa.types.is_large_list(kind):
        return pa.large_list(_printable(kind.value_type))
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.list_(_printable(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_printable(field.type)) for field in kind])
    return kind


def _repair(value: bytes | None, number: int, warnings: dict[int, list[str]]) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        warnings.setdefault(number, []).append("invalid_utf8")
        return value.decode("utf-8", "replace")


def _converter(kind: Any) -> Convert | None:
    """Return a function from a stored integer of a temporal type to text; None for other types.

    The text is ISO 8601, to the microsecond; a duration is as Python prints it. Python's own types
    hold the years 1 to 9999 and no nanoseconds. So finer parts are cut off, and instants outside
    become None.
    """
    if pa.types.is_timestamp(kind):
        zone = _zone(kind.tz) if kind.tz else None
        per_second = _PER_SECOND[kind.unit]
        return _or_none(lambda value: _instant(_delta(value, per_second), zone))
    if pa.types.is_date32(kind):
        return _or_none(lambda value: (_EPOCH + dt.timedelta(days=value)).date().isoformat())
    if pa.types.is_date64(kind):
        return _or_none(lambda value: (_EPOCH + _delta(value, 1_000)).date().isoformat())
    if pa.types.is_time(kind):
        per_second = _PER_SECOND[kind.unit]
        return _or_none(lambda value: (_EPOCH + _delta(value, per_second)).time().isoformat())
    if pa.types.is_duration(kind):
        per_second = _PER_SECOND[kind.unit]
        return _or_none(lambda value: str(_delta(value, per_second)))
    return None


def _or_none(convert: Convert) -> Convert:
    def converted(value: Any) -> Any:
        try:
            return convert(value)
        except OverflowError:
            return None

    return converted


def _delta(value: int, per_second: int) -> dt.timedelta:
    seconds, rest = divmod(value, per_second)
    return dt.timedelta(seconds=seconds, microseconds=rest * 1_000_000 // per_second)


def _instant(since_epoch: dt.timedelta, zone: dt.tzinfo | None) -> str:
    instant = _EPOCH + since_epoch
    if zone is None:
        return instant.isoformat()
    utc = instant.replace(tzinfo=dt.UTC)
    try:
        return utc.astimezone(zone).isoformat()
    except OverflowError:  # in the first and last hours of the calendar
        return utc.isoformat()


def _zone(name: str) -> dt.tzinfo:
    """Return the zone of a column, or UTC for an unknown name: instants are stored in UTC."""
    try:
        zone: dt.tzinfo = pa.lib.string_to_tzinfo(name)
    except _UNCONVERTIBLE:
        return dt.UTC
    return zone


def _plain(value: Any) -> Any:
    """Return a value in its JSON form.

    Instants become ISO 8601, decimals are written in full, and bytes become text. Other values
    without a form in JSON become what Python prints.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)
