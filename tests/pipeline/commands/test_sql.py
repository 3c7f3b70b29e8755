"""``newslake sql`` as a user types it: its inputs, its formats, its output and its mistakes."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commandline import newslake_command
from hypothesis import given
from hypothesis import strategies as st
from lakes import commit, row

from newslake.pipeline.cli import main
from newslake.pipeline.commands.sql import _markdown, _told_apart
from newslake.pipeline.exitcodes import ExitCode
from newslake.pipeline.terminal import CONTROLS

ARTICLES = [
    row(
        "articles",
        id="a" * 32,
        headline='She said "No",\nand left',
        date_published="2023-03",
        published_from="2023-03-01T00:00:00Z",
        published_until="2023-04-01T00:00:00Z",
        tags=["x", "ü"],
        word_count=3,
    ),
    row(
        "articles",
        id="b" * 32,
        captions=[{"text": "t", "credit": None}],
        language_score=0.5,
        published_on="2023-03-20",
        published_from="2023-03-20T14:05:00Z",
        published_until="2023-03-20T14:06:00Z",
    ),
]
FORMATS = ("table", "json", "csv", "markdown", "parquet")
TEXTS = ("table", "json", "csv", "markdown")
each_format = pytest.mark.parametrize("output_format", FORMATS)
each_text = pytest.mark.parametrize("output_format", TEXTS)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("lake")
    commit(root, {"articles/published_month=2023-03/part-1-0.jsonl.gz": ARTICLES})
    return str(root)


def sql(capsys: pytest.CaptureFixture[str], lake: str, output_format: str, query: str, *more: str) -> str:
    assert main(["sql", "--lake", lake, "--format", output_format, query, *more]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["sql", *words]) == ExitCode.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("newslake: ")
    assert "Traceback" not in told.err
    return told.err


# The query: an argument, a file or standard input


def test_a_query_comes_from_a_file_or_from_standard_input(lake: str, tmp_path: Path) -> None:
    query = "SELECT 'é日本' AS x"
    file = tmp_path / "query.sql"
    file.write_text(query, encoding="utf-8")
    told = '{"x":"é日本"}\n'
    words = ("sql", "--lake", lake, "--format", "json")
    assert newslake_command(*words, query).stdout == told
    assert newslake_command(*words, "--file", file).stdout == told
    assert newslake_command(*words, "-", input=query).stdout == told
    assert newslake_command(*words, "--file", "-", input=query).stdout == told


def test_a_byte_order_mark_before_the_query_is_skipped(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "query.sql"
    file.write_bytes("SELECT 1 AS x".encode("utf-8-sig"))
    assert main(["sql", "--lake", lake, "--format", "json", "--file", str(file)]) == 0
    assert capsys.readouterr().out == '{"x":1}\n'


def test_no_query_and_two_queries_are_mistakes_that_say_what_to_do(
    lake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, sentence in (
        ([], "there is no query; "),
        (["SELECT 1", "--file", "x.sql"], "the query is given twice: "),
    ):
        told = refused(capsys, "--lake", lake, *words)
        assert sentence in told
        assert "name a QUERY, --file FILE, or - " in told
        assert told.count("\n") == 1


@pytest.mark.parametrize("query", ["", " \n", ";;", "-- SELECT 1", "/* SELECT 1 */ ;"])
def test_an_empty_query_is_a_mistake(lake: str, capsys: pytest.CaptureFixture[str], query: str) -> None:
    assert "the query is empty; name a QUERY" in refused(capsys, "--lake", lake, query)


def test_a_file_that_cannot_be_read_is_named(lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "--lake", lake, "--file", str(tmp_path / "none.sql"))
    assert f"--file {tmp_path / 'none.sql'}: the query cannot be read: No such file or directory" in told
    assert f"--file {tmp_path}: the query cannot be read: Is a directory" in refused(
        capsys, "--lake", lake, "--file", str(tmp_path)
    )
    latin = tmp_path / "latin.sql"
    latin.write_bytes("SELECT 'é'".encode("latin-1"))
    assert f"{latin} is not UTF-8 (byte 8)" in refused(capsys, "--lake", lake, "--file", str(latin))


def test_a_query_and_an_input_that_are_not_utf_8_are_mistakes(lake: str) -> None:
    command = [sys.executable, "-m", "newslake", "sql", "--lake", lake]
    for words, data, name in ((["-"], b"SELECT '\xff'", "standard input"), ([b"SELECT '\xff'"], b"", "the query")):
        done = subprocess.run([*command, *words], input=data, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (
            2,
            f"newslake: {name} is not UTF-8 (byte 8); save it as UTF-8\n".encode(),
        )


# Several statements


def test_statements_run_in_order_in_one_connection_and_the_last_one_is_printed(
    lake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = """
        -- a semicolon in a comment; and in a text: ';'
        CREATE TEMP TABLE chosen AS SELECT id, ';' AS mark FROM articles;
        SELECT 'not printed' FROM chosen;
        SET TimeZone = 'America/New_York';
        CREATE TEMP VIEW named AS SELECT id AS name FROM chosen;
        SELECT count(*) AS n, any_value(current_setting('TimeZone')) AS zone FROM named;
    """
    assert sql(capsys, lake, "json", script) == '{"n":2,"zone":"America/New_York"}\n'


def test_an_earlier_select_runs_to_its_end(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = "SELECT CASE WHEN range = 900000 THEN error('late') END FROM range(1000000); SELECT 1"
    assert "late" in refused(capsys, "--lake", lake, script)


@each_format
@pytest.mark.parametrize(
    "script",
    [
        "CREATE TEMP TABLE t AS SELECT 1 AS x",
        "CREATE TEMP TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2)",
        "SELECT 1; SET threads = 1",
        "PRAGMA threads = 1",
        "BEGIN",
        "ATTACH ':memory:' AS other",
    ],
)
def test_a_script_whose_last_statement_gives_no_rows_prints_nothing_and_writes_no_file(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, output_format: str
) -> None:
    assert sql(capsys, lake, output_format, script) == ""
    assert sql(capsys, lake, output_format, script, "--output", str(tmp_path / "out")) == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("CREATE TEMP TABLE t (x INTEGER); INSERT INTO t VALUES (1) RETURNING x", [{"x": 1}]),
        ('SELECT 1 AS "Count"', [{"Count": 1}]),
        ('SELECT 1 AS "Success" WHERE false', []),
        ("PREPARE p AS SELECT $1 AS x; EXECUTE p(7)", [{"x": 7}]),
        ("CREATE TEMP TABLE t AS SELECT 1 AS x; PIVOT t ON x USING count(*)", [{"1": 1}]),
        ("VALUES (1), (2)", [{"col0": 1}, {"col0": 2}]),
    ],
)
def test_every_kind_of_statement_that_gives_rows_is_printed(
    lake: str, capsys: pytest.CaptureFixture[str], script: str, printed: list[dict[str, Any]]
) -> None:
    assert [json.loads(line) for line in sql(capsys, lake, "json", script).splitlines()] == printed


@pytest.mark.parametrize(
    "query", ["SHOW TABLES", "DESCRIBE articles", "SUMMARIZE runs", "EXPLAIN SELECT 1", "PRAGMA version"]
)
@each_text
def test_statements_about_the_lake_are_answered(
    lake: str, capsys: pytest.CaptureFixture[str], query: str, output_format: str
) -> None:
    assert sql(capsys, lake, output_format, query)


# Formats


def test_json_gives_the_rows_of_the_lake_as_its_files_have_them(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(capsys, lake, "json", "SELECT * EXCLUDE published_month FROM articles ORDER BY id")
    assert [json.loads(line) for line in told.splitlines()] == ARTICLES
    assert told.startswith('{"id":"')


VALUES: list[tuple[str, Any, str]] = [
    ("NULL", None, ""),
    ("''", "", ""),
    ("DATE '2023-03-20'", "2023-03-20", "2023-03-20"),
    ("TIMESTAMP '2023-03-20 14:05:00'", "2023-03-20T14:05:00Z", "2023-03-20T14:05:00Z"),
    ("TIMESTAMP '2023-03-20 14:05:00.25'", "2023-03-20T14:05:00.25Z", "2023-03-20T14:05:00.25Z"),
    ("TIMESTAMPTZ '2023-03-20 14:05:00+01'", "2023-03-20T13:05:00Z", "2023-03-20T13:05:00Z"),
    (
        "TIMESTAMP_NS '2023-03-20 14:05:00.123456789'",
        "2023-03-20T14:05:00.123456789Z",
        "2023-03-20T14:05:00.123456789Z",
    ),
    ("TIMESTAMP '0001-01-01 00:00:00'", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("TIMESTAMP '9999-12-31 23:59:59'", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ("TIMESTAMP 'infinity'", "infinity", "infinity"),
    ("TIMESTAMP '0044-03-15 (BC) 00:00:00'", "0044-03-15 (BC) 00:00:00", "0044-03-15 (BC) 00:00:00"),
    ("TIME '14:05:00'", "14:05:00", "14:05:00"),
    ("INTERVAL '14 months 3 days'", "1 year 2 months 3 days", "1 year 2 months 3 days"),
    ("9223372036854775807::HUGEINT * 2", 2 * (2**63 - 1), str(2 * (2**63 - 1))),
    ("1.50::DECIMAL(4, 2)", 1.5, "1.50"),
    ("0.12345678901234567890123456789::DECIMAL(38, 29)", 0.12345678901234568, "0.12345678901234567890123456789"),
    ("'nan'::DOUBLE", None, "nan"),
    ("'-inf'::FLOAT", None, "-inf"),
    ("true", True, "true"),
    ("'\\x00a'::BLOB", "\\x00a", "\\x00a"),
    ("'101'::BITSTRING", "101", "101"),
    (
        "'00000000-0000-0000-0000-000000000001'::UUID",
        "00000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-000000000001",
    ),
    ("'sad'::ENUM ('happy', 'sad')", "sad", "sad"),
    ("['NaN', 'Infinity']", ["NaN", "Infinity"], '["NaN","Infinity"]'),
    ("['nan'::DOUBLE, 0.5]", [None, 0.5], "[null,0.5]"),
    ("[[1, NULL], []]", [[1, None], []], "[[1,null],[]]"),
    ("[1, 2]::INTEGER[2]", [1, 2], "[1,2]"),
    ("NULL::INTEGER[]", None, ""),
    ("{'day': DATE '2023-03-20', 'no': NULL}", {"day": "2023-03-20", "no": None}, '{"day":"2023-03-20","no":null}'),
    ("[TIMESTAMP '2023-03-20 14:05:00', NULL]", ["2023-03-20T14:05:00Z", None], '["2023-03-20T14:05:00Z",null]'),
    (
        """{'a "b"': [{'at': TIMESTAMPTZ '2023-03-20 14:05:00+01'}]}""",
        {'a "b"': [{"at": "2023-03-20T13:05:00Z"}]},
        '{"a \\"b\\"":[{"at":"2023-03-20T13:05:00Z"}]}',
    ),
    ('NULL::STRUCT("at" TIMESTAMP)', None, ""),
    (
        "MAP {TIMESTAMP '2023-03-20': [DATE '2023-03-20']}",
        {"2023-03-20T00:00:00Z": ["2023-03-20"]},
        '{"2023-03-20T00:00:00Z":["2023-03-20"]}',
    ),
    ("NULL::MAP(VARCHAR, TIMESTAMP)", None, ""),
    ("union_value(k := 1)", {"k": 1}, '{"k":1}'),
    ("""'{"b": [1]}'::JSON""", {"b": [1]}, '{"b": [1]}'),
]
ALL_VALUES = f"SELECT {', '.join(f'{one[0]} AS v{number}' for number, one in enumerate(VALUES))}"


@pytest.fixture(scope="module")
def printed_values(lake: str) -> dict[str, list[Any]]:
    """Return all values as each format prints them."""
    texts = {
        output_format: newslake_command("sql", "--lake", lake, "--format", output_format, ALL_VALUES).stdout
        for output_format in ("json", "csv", "markdown")
    }
    return {
        "json": list(json.loads(texts["json"], parse_constant=pytest.fail).values()),
        "csv": list(csv.reader(io.StringIO(texts["csv"])))[1],
        "markdown": texts["markdown"].splitlines()[2].removeprefix("| ").removesuffix(" |").split(" | "),
    }


@pytest.mark.parametrize("number", range(len(VALUES)), ids=[one[0] for one in VALUES])
def test_a_value_of_any_type_has_one_form_in_json_csv_and_markdown(
    printed_values: dict[str, list[Any]], number: int
) -> None:
    _, in_json, in_csv = VALUES[number]
    assert printed_values["json"][number] == in_json
    assert printed_values["csv"][number] == in_csv
    assert printed_values["markdown"][number] == _markdown(in_csv)


def test_a_value_of_any_type_stands_in_a_table_and_in_parquet(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10000")
    told = sql(capsys, lake, "table", ALL_VALUES)
    assert all(f"v{number} " in told for number in range(len(VALUES)))
    sql(capsys, lake, "parquet", ALL_VALUES, "--output", str(tmp_path / "x.parquet"))
    assert len(duckdb.sql(f"FROM '{tmp_path / 'x.parquet'}'").columns) == len(VALUES)


def test_an_integer_of_any_size_keeps_its_digits(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(capsys, lake, "json", "SELECT sum(9223372036854775807) AS x FROM range(2)")
    assert told == '{"x":18446744073709551614}\n'
    told = sql(
        capsys, lake, "json", "SELECT 0.12345678901234567890123456789::DECIMAL(38, 29) AS x, 'NaN Infinity' AS y"
    )
    assert told == '{"x":0.12345678901234567890123456789,"y":"NaN Infinity"}\n'


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


@pytest.mark.parametrize("output_format", ["json", "csv", "markdown"])
def test_every_row_is_printed_however_many(lake: str, capsys: pytest.CaptureFixture[str], output_format: str) -> None:
    told = sql(capsys, lake, output_format, "SELECT range AS n FROM range(2500)").splitlines()
    assert len(told) == 2500 + {"json": 0, "csv": 1, "markdown": 2}[output_format]
    assert "2499" in told[-1]


MEASURED = """
import re, sys
from newslake.pipeline.cli import main
code = main(sys.argv[1:])
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""
"""Prints the peak of its memory in KiB; getrusage would begin with the peak of the tests."""


@pytest.mark.parametrize("output_format", ["json", "csv", "markdown"])
def test_a_long_result_needs_little_memory(lake: str, output_format: str) -> None:
    query = "SELECT range AS n, repeat('x', 4000) AS text FROM range(75000)"  # 300 MB
    words = [sys.executable, "-c", MEASURED, "sql", "--lake", lake, "--format", output_format, query]
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    assert int(done.stderr) < 250_000


def test_columns_of_one_name_are_both_printed(lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT 1 AS a, 2 AS a, 3 AS A"
    assert sql(capsys, lake, "csv", query) == "a,a,A\n1,2,3\n"
    assert sql(capsys, lake, "json", query) == '{"a":1,"a_1":2,"A":3}\n'
    assert sql(capsys, lake, "markdown", query).startswith("| a | a | A |\n| --- | --- | --- |\n")
    assert "│" in sql(capsys, lake, "table", query)
    sql(capsys, lake, "parquet", query, "--output", str(tmp_path / "x.parquet"))
    assert list(pq.read_table(tmp_path / "x.parquet").to_pylist()[0].values()) == [1, 2, 3]


@given(st.lists(st.text("ab_12", max_size=4)))
def test_names_that_are_told_apart_all_differ(names: list[str]) -> None:
    apart = _told_apart(names)
    assert len(set(apart)) == len(names)
    assert all(new.startswith(old) for new, old in zip(apart, names, strict=True))


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


def test_markdown_escapes_what_would_end_a_cell(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    query = r"""SELECT 'a|b\c' AS "x|y", E'one\ntwo\r\nthree\rfour\tfive <i>' AS z, NULL AS n"""
    assert sql(capsys, lake, "markdown", query) == (
        "| x\\|y | z | n |\n| --- | --- | --- |\n| a\\|b\\\\c | one<br>two<br>three<br>four five \\<i> |  |\n"
    )


@given(st.text())
def test_a_cell_of_markdown_is_one_line_without_a_bare_bar(text: str) -> None:
    cell = _markdown(text)
    assert len((cell + "x").splitlines()) == 1
    assert not re.search(r"(?<!\\)(?:\\\\)*\|", cell)
    assert not CONTROLS.search(cell)


def test_parquet_has_the_types_of_the_views(lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.parquet"
    columns = "id, published_on, published_from, tags, language_score, word_count"
    sql(capsys, lake, "parquet", f"SELECT {columns} FROM articles ORDER BY id", "--output", str(file))
    schema = pq.read_schema(file)
    assert schema.field("published_on").type == pa.date32()
    assert schema.field("published_from").type == pa.timestamp("us")
    assert schema.field("tags").type.value_type == pa.string()
    expected = duckdb.sql(f"FROM '{file}'").fetchall()
    assert [one[0] for one in expected] == ["a" * 32, "b" * 32]


def test_parquet_goes_to_a_pipe_as_well(lake: str) -> None:
    words = [sys.executable, "-m", "newslake", "sql", "--lake", lake, "--format", "parquet", "SELECT 1 AS x"]
    done = subprocess.run(words, capture_output=True, check=True)
    assert pq.read_table(io.BytesIO(done.stdout)).to_pylist() == [{"x": 1}]


# Output to a file


@each_format
def test_output_goes_to_a_file_and_replaces_it(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], output_format: str
) -> None:
    folder = tmp_path / "a?b *[c]"
    folder.mkdir()
    file = folder / "rows#1"
    file.write_text("old", encoding="utf-8")
    query = "SELECT id, headline FROM articles ORDER BY id"
    assert sql(capsys, lake, output_format, query, "--output", str(file)) == ""
    assert [path.name for path in folder.iterdir()] == ["rows#1"]
    if output_format == "parquet":
        assert pq.read_table(file)["id"].to_pylist() == ["a" * 32, "b" * 32]
    else:
        assert file.read_text(encoding="utf-8") == sql(capsys, lake, output_format, query)
        assert sql(capsys, lake, output_format, query, "--output", "-") == file.read_text(encoding="utf-8")


@each_format
@pytest.mark.parametrize(
    "query", ["SELEC 1", "SELECT CASE WHEN range = 9000 THEN error('late') END AS x FROM range(10000)"]
)
def test_a_query_that_fails_leaves_the_old_file_and_no_other(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], query: str, output_format: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "rows").write_text("old", encoding="utf-8")
    refused(capsys, "--lake", lake, "--format", output_format, "--output", str(folder / "rows"), query)
    refused(capsys, "--lake", lake, "--format", output_format, "--output", str(folder / "new"), query)
    assert [path.name for path in folder.iterdir()] == ["rows"]
    assert (folder / "rows").read_text(encoding="utf-8") == "old"


def test_a_link_stays_and_the_file_behind_it_is_replaced(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(file)
    sql(capsys, lake, "csv", "SELECT 1 AS x", "--output", str(link))
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "x\n1\n"


@each_format
def test_a_folder_that_is_missing_and_a_target_that_is_no_file_are_mistakes(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], output_format: str
) -> None:
    words = ("--lake", lake, "--format", output_format, "SELECT 1", "--output")
    missing = tmp_path / "none" / "rows"
    assert f"--output {missing}: there is no folder {tmp_path / 'none'}; make it first" in refused(
        capsys, *words, str(missing)
    )
    assert f"--output {tmp_path} is not a file; name one" in refused(capsys, *words, str(tmp_path))
    assert "--output /dev/null is not a file; name one" in refused(capsys, *words, "/dev/null")


# Mistakes in queries


@each_format
@pytest.mark.parametrize(
    "query", ["SELEC 1", "SELECT nothing FROM articles", "SELECT error('stop') FROM articles", "SELECT $1"]
)
def test_a_query_that_fails_is_told_on_stderr(
    lake: str, capsys: pytest.CaptureFixture[str], query: str, output_format: str
) -> None:
    told = refused(capsys, "--lake", lake, "--format", output_format, query)
    assert told.startswith("newslake: the query cannot be answered: ")


def test_the_hint_of_duckdb_is_kept(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 'Did you mean "articles"?' in refused(capsys, "--lake", lake, "FROM artciles")
    assert '"headline"' in refused(capsys, "--lake", lake, "SELECT headlin FROM articles")


@pytest.mark.parametrize("name", ["lake", "query", "script", "result", "connection", "statements"])
def test_a_table_that_is_not_there_is_never_a_variable_of_the_program(
    lake: str, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert f"Table with name {name} does not exist" in refused(capsys, "--lake", lake, f"FROM {name}")


@pytest.mark.parametrize(
    "query", ["INSTALL httpfs", "/* ; */ -- ;\n force INSTALL httpfs FROM core", "SELECT 1; update extensions"]
)
def test_a_statement_that_downloads_is_refused(lake: str, capsys: pytest.CaptureFixture[str], query: str) -> None:
    assert "INSTALL is refused, because newslake downloads no extensions" in refused(capsys, "--lake", lake, query)


@pytest.mark.parametrize(
    "query", ["ATTACH 'http://127.0.0.1:9/x.duckdb'", "FROM read_csv('https://127.0.0.1:9/x.csv')"]
)
def test_nothing_is_downloaded_to_answer_a_query(lake: str, capsys: pytest.CaptureFixture[str], query: str) -> None:
    assert "httpfs" in refused(capsys, "--lake", lake, query)


def test_where_there_is_no_lake_the_way_to_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "make one with: newslake run" in refused(capsys, "--lake", str(tmp_path / "none"), "SELECT 1")


def test_a_wrong_date_in_the_lake_is_named_with_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = "articles/published_month=2023-03/part-1-0.jsonl.gz"
    commit(tmp_path, {file: [row("articles", published_on="2023-03")]})
    told = refused(capsys, "--lake", str(tmp_path), "SELECT published_on FROM articles")
    assert f'{tmp_path / file}: published_on holds "2023-03", which is not a date like 2023-03-20' in told


# Terminals


HOSTILE = """
    SELECT 'a' || chr(27) || ']0;x' || chr(7) || chr(155) || '2J' || chr(8238) || 'b' || chr(8295) AS "c\x1b[2J\u202ed"
"""


@pytest.mark.parametrize("output_format", ["table", "markdown"])
def test_controls_are_shown_and_never_sent(lake: str, capsys: pytest.CaptureFixture[str], output_format: str) -> None:
    told = sql(capsys, lake, output_format, HOSTILE)
    assert not CONTROLS.search(told.replace("\n", ""))
    assert "2J" in told


def test_controls_are_escaped_in_json(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sql(capsys, lake, "json", HOSTILE)
    assert not CONTROLS.search(told.replace("\n", ""))
    assert json.loads(told) == {"c\x1b[2J\u202ed": "a\x1b]0;x\x07\x9b2J\u202eb\u2067"}


def test_controls_in_an_error_are_never_sent(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "--lake", lake, "SELECT error('a' || chr(27) || '[2J' || chr(8238)) FROM articles")
    assert not CONTROLS.search(told.replace("\n", ""))
    assert "a\ufffd[2J\ufffd" in told


def test_csv_keeps_its_bytes_in_a_pipe_and_shows_controls_on_a_terminal(lake: str) -> None:
    piped = newslake_command("sql", "--lake", lake, "--format", "csv", HOSTILE).stdout
    assert piped == "c\x1b[2J\u202ed\na\x1b]0;x\x07\x9b2J\u202eb\u2067\n"
    shown = on_a_terminal("--lake", lake, "--format", "csv", HOSTILE)
    assert shown == (0, "c\ufffd[2J\ufffdd\r\na\ufffd]0;x\ufffd\ufffd2J\ufffdb\ufffd\r\n")


@pytest.mark.parametrize("letters", ["می‌خواهم", "👩‍👧", "10 000 €", "co­op", "日本 語"])
@each_text
def test_letters_that_are_not_seen_are_kept(
    lake: str, capsys: pytest.CaptureFixture[str], letters: str, output_format: str
) -> None:
    assert letters in sql(capsys, lake, output_format, f"SELECT '{letters}' AS x")


def test_parquet_is_not_sent_to_a_terminal(lake: str) -> None:
    code, told = on_a_terminal("--lake", lake, "--format", "parquet", "SELECT 1")
    assert (code, told) == (2, "newslake: parquet is not text for a terminal; name a file with --output FILE\r\n")


def on_a_terminal(*words: str) -> tuple[int, str]:
    """Return the exit code and the output of a command whose output is a terminal."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "newslake", "sql", *words]
    done = subprocess.run(command, stdout=slave, stderr=slave, check=False)
    os.close(slave)
    told = b""
    while piece := _read(master):
        told += piece
    os.close(master)
    return done.returncode, told.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says that the other end is closed
        return b""


# Cost


def test_a_small_query_imports_neither_beam_nor_pandas(lake: str) -> None:
    program = "import sys; from newslake.pipeline.cli import main; main(sys.argv[1:]); print(sorted(sys.modules))"
    words = [sys.executable, "-c", program, "sql", "--lake", lake, "--format", "csv", "SELECT 1"]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "'duckdb'" in loaded
    for slow in ("apache_beam", "pandas", "polars", "pyarrow", "numpy"):
        assert f"'{slow}'" not in loaded
