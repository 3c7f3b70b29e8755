"""A lake in Spark, with the DDL that ``newslake schema`` prints.

PySpark stands in an environment of its own, which NEWSLAKE_SPARK_PYTHON names.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lakes import Row, commit, row

import newslake
from newslake.pipeline.cli import main
from newslake.schemas import readers

SPARK_PYTHON = os.environ.get("NEWSLAKE_SPARK_PYTHON", "")
SCRIPT = Path(__file__).with_name("spark_rows.py")
COLUMNS = (
    "id",
    "date_published",
    "published_on",
    "published_from",
    "published_until",
    "ingested_at",
    "published_month",
)

needs_spark = pytest.mark.skipif(
    not SPARK_PYTHON, reason="NEWSLAKE_SPARK_PYTHON should name a Python that has pyspark; make spark does all of it"
)


def dated(number: int, date: str, day: str | None, start: str, end: str) -> Row:
    return row(
        "articles",
        id=f"{number:032x}",
        date_published=date,
        published_on=day,
        published_from=start,
        published_until=end,
        captions=[{"text": "Souvenirs in Moskou", "credit": None}],
    )


FILES = {
    "articles/published_month=2023-03/part-1-0.jsonl.gz": [
        dated(1, "2023-03-20T14:05Z", "2023-03-20", "2023-03-20T14:05:00Z", "2023-03-20T14:06:00Z"),
        dated(2, "2023-03", None, "2023-03-01T00:00:00Z", "2023-04-01T00:00:00Z"),
    ],
    "articles/published_month=2023-XX/part-1-1.jsonl.gz": [
        dated(3, "2023", None, "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
    ],
    "articles/published_month=0001-01/part-1-2.jsonl.gz": [
        dated(4, "0001-01-01", "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"),
    ],
    "articles/published_month=unknown/part-1-3.jsonl.gz": [
        dated(5, "9999-12-31", "9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
    ],
}


def read_by_spark(lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> subprocess.CompletedProcess[str]:
    assert main(["schema", "--format", "spark"]) == 0
    ddl = tmp_path / "articles.ddl"
    ddl.write_text(capsys.readouterr().out, encoding="utf-8")
    command = [SPARK_PYTHON, str(SCRIPT), str(ddl), str(lake / "articles"), *COLUMNS]
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "America/New_York"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@needs_spark
def test_spark_reads_the_types_partitions_and_dates_that_duckdb_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(tmp_path / "lake", FILES)
    done = read_by_spark(tmp_path / "lake", tmp_path, capsys)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)

    columns = [line for line in readers.spark_ddl("articles").splitlines() if line.startswith("`")]
    declared = [line.split("`")[1:] for line in columns]
    assert seen["types"] == {name: rest.split(" COMMENT ")[0].strip() for name, rest in declared}
    temporal = {name: kind for name, kind in seen["types"].items() if kind in ("date", "timestamp")}
    assert temporal == {
        "published_on": "date",
        "published_from": "timestamp",
        "published_until": "timestamp",
        "ingested_at": "timestamp",
    }
    assert seen["types"]["published_month"] == "string"

    query = f"SELECT {', '.join(f'{column}::VARCHAR' for column in COLUMNS)} FROM articles ORDER BY id"
    expected = newslake.open(str(tmp_path / "lake")).duckdb().sql(query).fetchall()
    by_id = sorted(seen["rows"], key=lambda one: str(one["id"]))
    assert [tuple(one[column] for column in COLUMNS) for one in by_id] == expected
    assert [one["published_on"] for one in by_id] == ["2023-03-20", None, None, "0001-01-01", "9999-12-31"]
    assert {one["published_month"] for one in by_id} == {"2023-03", "2023-XX", "0001-01", "unknown"}
    assert (seen["in_march"], seen["since"]) == (2, 2)


@needs_spark
@pytest.mark.parametrize(
    ("day", "start"), [("2023-03", "2023-03-01T00:00:00Z"), (None, "2023-03-01"), (None, "2023-03-01T00:00:00+01:00")]
)
def test_spark_refuses_text_that_is_not_a_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str | None, start: str
) -> None:
    wrong = dated(1, "2023-03", day, start, "2023-04-01T00:00:00Z")
    commit(tmp_path / "lake", {"articles/published_month=2023-03/part-1-0.jsonl.gz": [wrong]})
    done = read_by_spark(tmp_path / "lake", tmp_path, capsys)
    assert done.returncode != 0
    assert "2023-03" in done.stderr
