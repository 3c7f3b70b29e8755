"""The PTransforms for Beam YAML: rows with a schema hold what the dicts hold."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.typehints.row_type import RowTypeConstraint
from apache_beam.utils.timestamp import Timestamp
from commandline import SAMPLE, rows

import newslake
from newslake.pipeline import beam_yaml
from newslake.schemas.article import Article
from newslake.schemas.readers import fields
from newslake.schemas.reject import RejectRow
from newslake.schemas.tables import ARTICLES

NOW = "2023-03-21T00:00:00Z"
TEXT = "The bridge at Saltmere stays closed until the first of May, the council says. " * 3


def encoded(records: beam.PCollection[Any]) -> beam.PCollection[Any]:
    """Send elements through their coder, as a runner with several workers does."""
    return records | f"Encode {records.producer.full_label}" >> beam.Reshuffle()


def test_rows_are_the_records_and_the_rejects_of_the_dicts(tmp_path: Path) -> None:
    with beam.Pipeline() as pipeline:
        made = pipeline | "Yaml" >> beam_yaml.ReadRecords(str(SAMPLE / "newslake.toml"), now=NOW)
        given = {"records": encoded(made["articles"]), "rejects": encoded(made["rejects"])}
        _ = given | beam_yaml.WriteToLake(tmp_path / "rows", now=NOW, compression="zstd")
    with beam.Pipeline() as pipeline:
        read = pipeline | newslake.ReadSources(SAMPLE / "newslake.toml")
        normalised = read.articles | newslake.NormaliseRecords(now=NOW)
        rejects = [read.rejects, normalised.rejects]
        _ = normalised.articles | newslake.WriteToLake(tmp_path / "dicts", rejects, now=NOW, compression="zstd")
    for table in ("articles", "duplicates", "rejects"):
        query = f"SELECT * EXCLUDE (run_id) FROM {table} ORDER BY ALL"
        assert rows(tmp_path / "rows", query) == rows(tmp_path / "dicts", query)
    assert rows(tmp_path / "rows", "SELECT count(*) FROM articles") == [(40,)]


def test_every_column_of_a_record_has_its_type_and_order() -> None:
    kind = beam_yaml.row_type(ARTICLES)
    assert isinstance(kind, RowTypeConstraint)
    assert [name for name, _ in kind._fields] == list(Article.__annotations__)
    hints = dict(kind._fields)
    for field in fields(ARTICLES):
        assert (type(None) in getattr(hints[field.name], "__args__", ())) == field.nullable, field.name


def test_rejects_have_the_columns_that_a_step_knows() -> None:
    with beam.Pipeline() as pipeline:
        made = pipeline | beam.Create([beam.Row(size=3)]) | beam_yaml.NormaliseRecords()
        names = [name for name, _ in made["rejects"].element_type._fields]
        assert names == [name for name in RejectRow.__annotations__ if name not in ("ingested_at", "run_id")]
        told = encoded(made["rejects"]) | beam.Map(lambda row: (row.reason, row.payload))
        assert_that(told, equal_to([("no_content", '{"size":3}')]))


def summary_of(steps: Callable[[beam.Pipeline], Any], out: Path) -> dict[str, Any]:
    with beam.Pipeline() as pipeline:
        told = encoded(steps(pipeline)) | beam.Map(lambda row: json.dumps(beam_yaml.from_row(row)))
        _ = told | beam.io.WriteToText(str(out), shard_name_template="")
    summary: dict[str, Any] = json.loads(out.read_text())
    return summary


def test_rows_of_a_user_become_records_and_the_summary_is_a_row(tmp_path: Path) -> None:
    row = beam.Row(kop="Brug dicht", text=TEXT, date="2023-03", more=beam.Row(desk="coast", pages=[1, 2]))

    def steps(pipeline: beam.Pipeline) -> Any:
        settings = {"fields": {"kop": "headline"}, "language": "en"}
        made = pipeline | beam.Create([row]) | beam_yaml.NormaliseRecords(settings, now=NOW)
        return made["articles"] | beam_yaml.WriteToLake(tmp_path / "lake", run_key="first", now=NOW)

    summary = summary_of(steps, tmp_path / "out")
    assert (summary["status"], summary["run_key"], summary["read"], summary["new"]) == ("committed", "first", 1, 1)
    told = rows(tmp_path / "lake", "SELECT headline, date_published, extra FROM articles")
    assert told == [("Brug dicht", "2023-03", '{"more":{"desk":"coast","pages":[1,2]}}')]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (beam.Row(a=beam.Row(b=[beam.Row(c=1)])), {"a": {"b": [{"c": 1}]}}),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        (float("nan"), None),
        (Timestamp.from_rfc3339("2023-03-20T14:05:00Z"), dt.datetime(2023, 3, 20, 14, 5, tzinfo=dt.UTC)),
        (b"abc", b"abc"),
        (dt.date(2023, 3, 20), dt.date(2023, 3, 20)),
    ],
)
def test_a_row_becomes_plain_values(value: Any, plain: Any) -> None:
    assert beam_yaml.from_row(value) == plain


@pytest.mark.parametrize("names", [("rejects",), ("records", "summary"), ("articles", "rejects")])
def test_an_input_of_another_name_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    pipeline = beam.Pipeline()
    given = {name: pipeline | name >> beam.Create([beam.Row(headline="a")]) for name in names}
    with pytest.raises(newslake.UsageError, match="the inputs are records and rejects, not"):
        _ = given | beam_yaml.WriteToLake(tmp_path / "lake")
