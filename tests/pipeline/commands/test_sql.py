"""``newslake sql``, in its three formats."""

import csv
import json
from pathlib import Path

import pytest
from lakes import commit, row

from newslake.pipeline.cli import main
from newslake.pipeline.exitcodes import ExitCode

ARTICLES = [
    row(
        "articles",
        id="a" * 32,
        headline='She said "No",\nand left',
        date_published="2023-03",
        tags=["x", "ü"],
        word_count=3,
    ),
    row("articles", id="b" * 32, captions=[{"text": "t", "credit": None}], language_score=0.5),
]


@pytest.fixture
def lake(tmp_path: Path) -> str:
    commit(tmp_path, {"articles/published_month=2023-03/part-1-0.jsonl.gz": ARTICLES})
    return str(tmp_path)


def sql(capsys: pytest.CaptureFixture[str], lake: str, output_format: str, query: str) -> str:
    assert main(["sql", "--lake", lake, "--format", output_format, query]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_json_is_a_line_a_row_with_dates_as_text(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(capsys, lake, "json", "SELECT * EXCLUDE published_month FROM articles ORDER BY id")
    assert [json.loads(line) for line in told.splitlines()] == ARTICLES
    assert told.startswith('{"id":"')


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("DATE '2023-03-20'", "2023-03-20"),
        ("TIMESTAMP '2023-03-20 14:05:00'", "2023-03-20 14:05:00"),
        ("sum(9223372036854775807) FROM range(2)", 2 * (2**63 - 1)),
        ("1.50::DECIMAL(4, 2)", 1.5),
        ("'nan'::DOUBLE", None),
        ("['NaN', 'Infinity']", ["NaN", "Infinity"]),
        ("{'day': DATE '2023-03-20', 'no': NULL}", {"day": "2023-03-20", "no": None}),
        ("true", True),
    ],
)
def test_values_of_other_types_have_a_form_in_json(
    lake: str, capsys: pytest.CaptureFixture[str], expression: str, value: object
) -> None:
    column, _, tail = expression.partition(" FROM ")
    told = sql(capsys, lake, "json", f"SELECT {column} AS x" + (f" FROM {tail}" if tail else ""))
    assert json.loads(told, parse_constant=pytest.fail) == {"x": value}


def test_csv_has_a_header_and_quotes_what_needs_it(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(
        capsys,
        lake,
        "csv",
        "SELECT headline, date_published, tags, word_count, language_score, captions FROM articles ORDER BY id",
    )
    assert list(csv.reader(told.splitlines(keepends=True))) == [
        ["headline", "date_published", "tags", "word_count", "language_score", "captions"],
        ['She said "No",\nand left', "2023-03", '["x","ü"]', "3", "", "[]"],
        ["", "", "[]", "0", "0.5", '[{"text":"t","credit":null}]'],
    ]


@pytest.mark.parametrize("output_format", ["json", "csv"])
def test_every_row_is_printed_however_many(lake: str, capsys: pytest.CaptureFixture[str], output_format: str) -> None:
    told = sql(capsys, lake, output_format, "SELECT range AS n FROM range(2500)")
    assert len(told.splitlines()) == 2500 + (output_format == "csv")
    assert "2499" in told.splitlines()[-1]


def test_columns_of_one_name_are_both_printed(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sql(capsys, lake, "csv", "SELECT 1 AS a, 2 AS a") == "a,a\n1,2\n"
    assert list(json.loads(sql(capsys, lake, "json", "SELECT 1 AS a, 2 AS a")).values()) == [1, 2]


def test_a_table_is_drawn_in_a_box(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(capsys, lake, "table", "SELECT date_published FROM articles WHERE date_published IS NOT NULL")
    assert "│ date_published │" in told
    assert "│ 2023-03        │" in told


def test_a_table_is_as_wide_as_the_terminal(
    lake: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (100, 160):
        monkeypatch.setenv("COLUMNS", str(columns))
        told = sql(capsys, lake, "table", "SELECT repeat('x', 500) AS x FROM articles")
        assert columns - 10 < max(map(len, told.splitlines())) <= columns


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
@pytest.mark.parametrize("query", ["SELEC 1", "SELECT nothing FROM articles", "SELECT error('stop') FROM articles"])
def test_a_query_that_fails_is_told_on_stderr(
    lake: str, capsys: pytest.CaptureFixture[str], query: str, output_format: str
) -> None:
    assert main(["sql", "--lake", lake, "--format", output_format, query]) == ExitCode.USAGE
    told = capsys.readouterr()
    assert told.err.startswith("newslake: the query cannot be answered: ")
    assert "Traceback" not in told.err


def test_a_statement_without_rows_prints_none_and_of_several_the_last_counts(
    lake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sql(capsys, lake, "json", "-- nothing") == ""
    assert sql(capsys, lake, "json", "CREATE TABLE result AS SELECT 1 AS y; SELECT y FROM result") == '{"y":1}\n'


def test_where_there_is_no_lake_the_way_to_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "--lake", str(tmp_path / "none"), "SELECT 1"]) == ExitCode.USAGE
    assert "make one with: newslake run" in capsys.readouterr().err
