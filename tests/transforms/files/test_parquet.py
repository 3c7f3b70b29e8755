"""Parquet columns with values that have no form in Python.

They are read to the microsecond, repaired, or cost only their own row.
"""

import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FileMatch
from newslake.transforms.files.plan import plan_chunks
from newslake.transforms.files.read import read_chunk


def read(table: pa.Table, **settings: Any) -> list[RawItem]:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    data = stream.getvalue()
    planned = plan_chunks(FileMatch("x", len(data), 0.0), lambda _: io.BytesIO(data), SourceSettings(**settings))
    if isinstance(planned, Reject):
        return [planned]
    return [item for chunk in planned for item in read_chunk(chunk, lambda _: io.BytesIO(data))]


def dates(column: pa.Array) -> list[tuple[str | None, tuple[str, ...]]]:
    items = read(pa.table({"text": ["t"] * len(column), "published": column}))
    return [(item.dates[0][1] if item.dates else None, item.warnings) for item in items if isinstance(item, RawArticle)]


SECOND = 1_679_320_000


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([SECOND * 10**9 + 1], pa.timestamp("ns")), ("2023-03-20T13:46:40", ())),
        (pa.array([-1], pa.timestamp("ns", "UTC")), ("1969-12-31T23:59:59.999999+00:00", ())),
        (pa.array([SECOND * 1000], pa.timestamp("ms", "Europe/Amsterdam")), ("2023-03-20T14:46:40+01:00", ())),
        (pa.array([SECOND * 1000], pa.timestamp("ms", "+02:00")), ("2023-03-20T15:46:40+02:00", ())),
        (pa.array([SECOND * 1000], pa.timestamp("ms", "Mars/Olympus")), ("2023-03-20T13:46:40+00:00", ())),
        (pa.array([-(10**18)], pa.timestamp("us")), (None, ("invalid_date",))),
        (pa.array([10**9], pa.date32()), (None, ("invalid_date",))),
        (pa.array([19436], pa.date32()), ("2023-03-20", ())),
        (pa.array([1001], pa.time64("ns")), ("00:00:00.000001", ())),
        (pa.array([1001], pa.duration("ns")), ("0:00:00.000001", ())),
        (pa.array([None], pa.timestamp("ns")), (None, ())),
    ],
)
def test_times_of_any_fineness_range_and_zone(column: pa.Array, expected: tuple[str | None, tuple[str, ...]]) -> None:
    assert dates(column) == [expected]


def test_bytes_that_are_no_utf_8_are_repaired_in_their_row() -> None:
    items = read(pa.table({"text": pa.array([b"caf\xff", b"ok"], pa.binary()).view(pa.string())}))
    assert [(item.body, item.warnings) for item in items if isinstance(item, RawArticle)] == [
        ("caf\ufffd", ("invalid_utf8",)),
        ("ok", ()),
    ]


def test_decimals_are_text_and_columns_of_one_name_are_told() -> None:
    table = pa.table([pa.array([Decimal("1.50")]), pa.array(["a"]), pa.array(["b"])], names=["id", "text", "text"])
    (item,) = read(table)
    assert isinstance(item, RawArticle)
    assert (item.source_id, item.body, item.warnings) == ("1.50", "a", ("duplicate_column",))


def test_a_nested_value_is_printed_and_costs_no_other_column() -> None:
    nested = pa.array(
        [[{"at": 10**18 + 1, "by": "x"}]], pa.list_(pa.struct([("at", pa.timestamp("ns")), ("by", pa.string())]))
    )
    (item,) = read(pa.table({"text": ["a"], "edits": nested}), extra=("edits",))
    assert isinstance(item, RawArticle)
    assert item.extra == {"edits": [{"at": "2001-09-09 01:46:40.000000001", "by": "x"}]}


def test_a_row_that_cannot_be_converted_is_rejected_alone() -> None:
    nested = pa.array([[1], []], pa.list_(pa.timestamp("ms", "Mars/Olympus")))
    items = read(pa.table({"text": ["a", "b"], "seen": nested}))
    assert [item.body if isinstance(item, RawArticle) else str(item.reason) for item in items] == ["malformed_row", "b"]


def test_a_table_without_rows_is_empty() -> None:
    (reject,) = read(pa.table({"text": pa.array([], pa.string())}))
    assert isinstance(reject, Reject)
    assert (str(reject.reason), reject.whole_source) == ("empty", True)
