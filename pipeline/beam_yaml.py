"""The PTransforms for Beam YAML, whose elements are rows with a schema instead of dicts.

``deploy/beam-yaml/providers.yaml`` names the three classes. A record is a row of the table
``articles``, and a reject is one of the table ``rejects`` without its last two columns, which the
lake adds. Beam YAML passes the mapping ``config`` of a transform as keyword arguments.
"""

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, TypeAlias

import apache_beam as beam
from apache_beam.typehints.row_type import RowTypeConstraint
from apache_beam.utils.timestamp import Timestamp

from newslake.pipeline import composites
from newslake.pipeline.exitcodes import UsageError
from newslake.schemas.article import Day, Instant
from newslake.schemas.readers import fields, fold
from newslake.schemas.tables import ARTICLES, REJECTS, RUNS

Outputs: TypeAlias = dict[str, beam.PCollection[Any]]

_ADDED_BY_THE_LAKE = frozenset({"ingested_at", "run_id"})
"""Columns of ``rejects`` that no step before the lake knows."""
_TYPES: dict[Any, Any] = {str: str, int: int, float: float, bool: bool, Day: str, Instant: str}


@dataclass(eq=False)
class ReadRecords(beam.PTransform):
    """Read articles from feeds and files, and make records of them; this transform takes no input.

    It is ReadSources and NormaliseRecords in one, because articles as they came have no schema.
    The outputs are ``articles`` and ``rejects``. ``config`` is the path of a configuration file, or
    a mapping with the same keys. ``feeds`` and ``files`` are lists, and replace its sources.
    Raises UsageError for a wrong argument or configuration.
    """

    config: str | os.PathLike[str] | Mapping[str, Any] | None = None
    feeds: Sequence[str] = ()
    files: Sequence[str] = ()
    limit: int = 0
    allow_private_addresses: bool = False
    now: str | None = None

    def __post_init__(self) -> None:
        self._read = composites.ReadSources(
            self.config, self.feeds, self.files, self.limit, self.allow_private_addresses
        )
        self._normalise = composites.NormaliseRecords(now=self.now)

    def expand(self, pipeline: beam.Pipeline) -> Any:
        read = pipeline | "Read" >> self._read
        made = read.articles | "Normalise" >> self._normalise
        rejects = (read.rejects, made.rejects) | "AllRejects" >> beam.Flatten()
        return _outputs(made.articles, rejects)


@dataclass(eq=False)
class NormaliseRecords(composites.NormaliseRecords):
    """Make records of rows with columns of your own; the outputs are ``articles`` and ``rejects``.

    The arguments are those of ``newslake.NormaliseRecords``.
    """

    def expand(self, rows: beam.PCollection[Any]) -> Any:
        made = super().expand(_dicts(rows, "Rows"))
        return _outputs(made.articles, made.rejects)


@dataclass(eq=False)
class WriteToLake(composites.WriteToLake):
    """Write records to a lake in one commit; the output is one row, the summary of the run.

    The input is the records, or a mapping with ``records`` and ``rejects``. The rejects are kept in
    the lake, and count in the accounts. The other arguments are those of ``newslake.WriteToLake``.
    Raises UsageError if the input ``records`` is missing, or if an input has another name.
    """

    rejects: Sequence[beam.PCollection[Any]] = field(default=(), init=False)  # an input, not an argument

    def expand(self, inputs: Any) -> beam.PCollection[Any]:
        given = inputs if isinstance(inputs, Mapping) else {"records": inputs}
        if "records" not in given or given.keys() - {"records", "rejects"}:
            raise UsageError(f"WriteToLake: the inputs are records and rejects, not {', '.join(given) or 'nothing'}")
        self.rejects = [_dicts(given["rejects"], "Rejected")] if "rejects" in given else []
        summary = super().expand(_dicts(given["records"], "Records"))
        return summary | "Summary" >> beam.Map(to_row).with_output_types(row_type(RUNS, added={"status": str}))


def row_type(table: str, without: Iterable[str] = (), added: Mapping[str, Any] | None = None) -> Any:
    """Return Beam's type of the rows of a table.

    ``without`` names columns that are left out, and ``added`` types of columns that come first.
    Members of nested rows may be null.
    """
    columns = dict(added or {})
    for column in fields(table):
        if column.name not in without:
            kind = fold(column.kind, _TYPES, _list_of, _row_of)
            columns[column.name] = Optional[kind] if column.nullable else kind  # noqa: UP045  `|` takes no Beam type
    return RowTypeConstraint.from_fields(list(columns.items()))


def _list_of(kind: Any) -> Any:
    return Sequence[kind]


def _row_of(members: dict[str, Any]) -> Any:
    return RowTypeConstraint.from_fields([(name, Optional[kind]) for name, kind in members.items()])  # noqa: UP045


def to_row(value: Any) -> Any:
    """Return a dict as a row, also where it is nested.

    >>> to_row({"headline": "Bridge closed", "captions": [{"text": "Souvenirs", "credit": None}]})
    Row(headline='Bridge closed', captions=[Row(text='Souvenirs', credit=None)])
    """
    if isinstance(value, Mapping):
        return beam.Row(**{name: to_row(member) for name, member in value.items()})
    return [to_row(member) for member in value] if isinstance(value, list | tuple) else value


def from_row(value: Any) -> Any:
    """Return a row as a dict, also where it is nested.

    Beam's timestamps become instants of Python. NaN becomes None: ReadFromCsv and ReadFromJson give
    it for a cell that is empty.

    >>> from_row(beam.Row(title="Bridge closed", text=float("nan"), tags=("coast",)))
    {'title': 'Bridge closed', 'text': None, 'tags': ['coast']}
    """
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: from_row(member) for name, member in value.items()}
    if isinstance(value, Timestamp):
        return value.to_utc_datetime(has_tz=True)
    if isinstance(value, float) and math.isnan(value):
        return None
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return [from_row(member) for member in value] if is_list else value


def _dicts(rows: beam.PCollection[Any], label: str) -> beam.PCollection[Any]:
    return rows | label >> beam.Map(from_row).with_output_types(composites.Row)


def _outputs(articles: beam.PCollection[Any], rejects: beam.PCollection[Any]) -> Outputs:
    rejected = row_type(REJECTS, without=_ADDED_BY_THE_LAKE)
    return {
        "articles": articles | "ArticleRows" >> beam.Map(to_row).with_output_types(row_type(ARTICLES)),
        "rejects": rejects | "RejectRows" >> beam.Map(to_row).with_output_types(rejected),
    }
