"""The PTransforms over plain dicts, in pipelines as a user of Beam writes them."""

import json
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from commandline import SAMPLE, article, rows, run_here, write_lines

import newslake
from newslake.schemas.article import Article

NOW = "2023-03-21T00:00:00Z"
TEXT = "The bridge at Saltmere stays closed until the first of May, the council says. " * 3


def collected(steps: Any, tmp_path: Path) -> list[dict[str, Any]]:
    """Run ``steps``, which take a pipeline and return a PCollection, and return its elements."""
    out = str(tmp_path / "out")
    with beam.Pipeline() as pipeline:
        _ = (
            steps(pipeline)
            | "AsText" >> beam.Map(json.dumps, default=str)
            | "Write" >> beam.io.WriteToText(out, shard_name_template="")
        )
    return [json.loads(line) for line in Path(out).read_text().splitlines()]


def written(tmp_path: Path, elements: list[Any], lake: Path, **options: Any) -> dict[str, Any]:
    (summary,) = collected(
        lambda p: p | beam.Create(elements) | newslake.WriteToLake(lake, now=NOW, **options), tmp_path
    )
    assert summary["read"] == sum(summary[name] for name in ("new", "revised", "unchanged", "duplicates", "rejected"))
    return summary


def record(number: int, **more: Any) -> dict[str, Any]:
    return {
        "headline": f"Story {number}",
        "article_body": f"Number {number}. " + TEXT,
        "url": f"https://example.org/{number}",
        "canonical_url": f"https://example.org/{number}",
        **more,
    }


def sample_into(lake: Path) -> Any:
    def steps(pipeline: beam.Pipeline) -> Any:
        read = pipeline | newslake.ReadSources(SAMPLE / "newslake.toml")
        made = read.articles | newslake.NormaliseRecords(now=NOW)
        return made.articles | newslake.WriteToLake(lake, rejects=[read.rejects, made.rejects], now=NOW)

    return steps


def test_the_three_together_do_what_a_run_does(tmp_path: Path) -> None:
    (summary,) = collected(sample_into(tmp_path / "beam"), tmp_path)
    told = run_here(tmp_path / "run", "--config", SAMPLE / "newslake.toml", "--now", NOW)
    for name in ("read", "new", "duplicates", "rejected", "sources_ok", "sources_failed", "failures", "files"):
        assert summary[name] == told[name], name
    everything = "SELECT * EXCLUDE (run_id) FROM {} ORDER BY ALL"
    for table in ("articles", "duplicates", "rejects"):
        query = everything.format(table)
        assert rows(tmp_path / "beam", query) == rows(tmp_path / "run", query)


def test_a_run_and_a_pipeline_of_a_user_know_each_other_s_articles(tmp_path: Path) -> None:
    run_here(tmp_path / "lake", "--config", SAMPLE / "newslake.toml", "--now", NOW)
    (again,) = collected(sample_into(tmp_path / "lake"), tmp_path)
    assert (again["new"], again["revised"], again["unchanged"], again["rejected"]) == (0, 0, 44, 1)
    told = run_here(tmp_path / "lake", "--config", SAMPLE / "newslake.toml", "--now", NOW)
    assert (told["new"], told["unchanged"]) == (0, 44)
    assert not list((tmp_path / "lake/_newslake/staging").iterdir())


def test_rows_of_a_user_are_normalised_by_the_names_of_their_columns(tmp_path: Path) -> None:
    row = {"kop": "Brug dicht", "text": TEXT, "link": "https://example.org/1?utm_source=x", "date": "2023-03"}
    settings = {"fields": {"kop": "headline"}, "language": "en", "tags": ["bridge"], "source": "archive"}
    (made,) = collected(
        lambda p: (p | beam.Create([row]) | newslake.NormaliseRecords(settings, now=NOW)).articles, tmp_path
    )
    assert list(made) == list(Article.__annotations__)
    assert (made["headline"], made["canonical_url"]) == ("Brug dicht", "https://example.org/1")
    assert (made["date_published"], made["published_on"], made["published_until"]) == (
        "2023-03",
        None,
        "2023-04-01T00:00:00Z",
    )
    assert (made["source_uri"], made["tags"], len(made["id"]), len(made["content_hash"])) == (
        "archive",
        ["bridge"],
        32,
        32,
    )


def test_what_cannot_be_normalised_is_a_reject_with_its_payload() -> None:
    with beam.Pipeline() as pipeline:
        made = pipeline | beam.Create([{"size": 3}]) | newslake.NormaliseRecords()
        told = made.rejects | beam.Map(lambda row: (row["stage"], row["reason"], row["payload"]))
        assert_that(told, equal_to([("normalise_articles", "no_content", '{"size":3}')]))


def test_one_collection_of_rejects_needs_no_list(tmp_path: Path) -> None:
    def steps(pipeline: beam.Pipeline) -> Any:
        made = pipeline | beam.Create([{"size": 3}]) | newslake.NormaliseRecords()
        return made.articles | newslake.WriteToLake(tmp_path / "lake", rejects=made.rejects)

    (summary,) = collected(steps, tmp_path)
    assert (summary["read"], summary["rejected"]) == (1, 1)


def test_records_of_a_user_get_an_id_and_are_deduplicated_across_runs(tmp_path: Path) -> None:
    first = written(tmp_path, [record(1), record(2), record(2)], tmp_path / "lake")
    assert (first["new"], first["duplicates"]) == (2, 1)
    again = written(tmp_path, [record(1), record(2, article_body="Corrected. " + TEXT)], tmp_path / "lake")
    assert (again["new"], again["unchanged"], again["revised"]) == (0, 1, 1)


def test_a_field_that_a_user_adds_arrives(tmp_path: Path) -> None:
    dated = {
        "date_published": "2023-03",
        "date_precision": "month",
        "published_from": "2023-03-01T00:00:00Z",
        "published_until": "2023-04-01T00:00:00Z",
    }
    written(tmp_path, [record(1, tags=["a"], extra='{"desk":"coast"}', **dated)], tmp_path / "lake")
    found = rows(tmp_path / "lake", "SELECT tags, extra, published_month, published_on, body_source FROM articles")
    assert found == [(["a"], '{"desk":"coast"}', "2023-03", None, "file")]


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"titel": "x"}, "unknown key 'titel'"),
        ({"headline": 3}, "headline: int is not the type of this field"),
        ({"tags": "a"}, "tags: str is not the type of this field"),
        ({"captions": [{"text": "x"}]}, "captions: list is not the type of this field"),
        ({"id": "abc"}, "id: should be 32 hex digits"),
        ({"date_published": "March 2023"}, "date_published: should be a date such as 2023-03"),
        ({"date_published": "2023-02-30"}, "date_published: '2023-02-30' does not exist"),
        ({"date_published": "2023-03", "date_precision": "month"}, "belong together"),
        ({"date_precision": "exact"}, "date_precision: should be one of decade"),
        ({"published_from": "2023-03-01T00:00:00Z"}, "belong together"),
        (
            {"published_from": "2023-04-01T00:00:00Z", "published_until": "2023-03-01T00:00:00Z"},
            "should be after published_from",
        ),
        ({"published_on": "2023-03-20"}, "published_on: should be the day of date_published"),
        ({"body_source": "wire"}, "body_source: should be one of none"),
    ],
)
def test_a_dict_that_is_no_record_is_rejected_and_counted(tmp_path: Path, wrong: dict[str, Any], detail: str) -> None:
    summary = written(tmp_path, [record(1), record(2, **wrong)], tmp_path / "lake")
    assert (summary["read"], summary["new"], summary["rejected"]) == (2, 1, 1)
    ((stage, reason, told),) = rows(tmp_path / "lake", "SELECT stage, reason, detail FROM rejects")
    assert (stage, reason) == ("write_records", "invalid_record")
    assert detail in told


def test_windows_of_the_input_make_one_commit(tmp_path: Path) -> None:
    def steps(pipeline: beam.Pipeline) -> Any:
        stamped = pipeline | beam.Create([TimestampedValue(record(n), n * 100) for n in range(5)])
        return stamped | beam.WindowInto(FixedWindows(60)) | newslake.WriteToLake(tmp_path / "lake", now=NOW)

    (summary,) = collected(steps, tmp_path)
    assert summary["new"] == 5
    assert rows(tmp_path / "lake", "SELECT count(*) FROM runs") == [(1,)]


def test_no_records_are_a_commit_too(tmp_path: Path) -> None:
    assert written(tmp_path, [], tmp_path / "lake")["read"] == 0
    assert rows(tmp_path / "lake", "SELECT count(*) FROM runs") == [(1,)]


def test_a_run_key_is_committed_once(tmp_path: Path) -> None:
    first = written(tmp_path, [record(1)], tmp_path / "lake", run_key="k")
    again = written(tmp_path, [record(2)], tmp_path / "lake", run_key="k")
    assert (again["status"], again["run_id"]) == ("key_taken", first["run_id"])
    assert rows(tmp_path / "lake", "SELECT headline FROM articles") == [("Story 1",)]


def test_a_pipeline_that_fails_leaves_nothing_in_the_lake(tmp_path: Path) -> None:
    run_here(tmp_path / "lake", "--files", write_lines(tmp_path / "a.jsonl", [article(1)]))

    def fail(row: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(RuntimeError, match="ZeroDivisionError"), beam.Pipeline() as pipeline:
        _ = pipeline | beam.Create([record(1)]) | beam.Map(fail) | newslake.WriteToLake(tmp_path / "lake")
    assert rows(tmp_path / "lake", "SELECT count(*) FROM runs") == [(1,)]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: newslake.ReadSources(), "nothing to read"),
        (lambda: newslake.ReadSources(files=["-"]), "standard input is no source"),
        (lambda: newslake.ReadSources(files=["a"], limit=-1), "limit: should be a whole number"),
        (lambda: newslake.ReadSources({"filse": []}), "did you mean 'files'"),
        (lambda: newslake.NormaliseRecords({"langauge": "nl"}), "unknown key 'langauge', did you mean 'language'"),
        (lambda: newslake.NormaliseRecords(now="soon"), "now: should be a time"),
        (lambda: newslake.WriteToLake("lake", near_duplicates="drpo"), "near_duplicates: should be one of"),
    ],
)
def test_a_wrong_argument_is_told_when_the_pipeline_is_built(make: Any, sentence: str) -> None:
    with pytest.raises(newslake.UsageError, match=sentence):
        make()
