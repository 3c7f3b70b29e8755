"""``newslake.run`` as a user calls it: the result, the errors, and what a type checker sees."""

import contextlib
import datetime as dt
import io
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from commandline import CHECKOUT, SAMPLE, article, newslake_command, rows, write_lines

import newslake
from newslake.pipeline.library import RunResult
from newslake.pipeline.options import COMMANDS, SAME_NAMES
from newslake.schemas.readers import fields as table_fields
from newslake.schemas.tables import RUNS

NOW = "2023-03-21T00:00:00Z"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "a.jsonl", [article(1), article(2)])


def test_a_run_returns_the_counts_of_the_row_that_it_wrote(tmp_path: Path) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = newslake.run(SAMPLE / "newslake.toml", lake=tmp_path / "lake", now=NOW)
    assert said.getvalue() == ""
    assert (result.status, result.exit_code, result.is_committed) == ("committed", 0, True)
    assert (result.read, result.new, result.duplicates, result.rejected) == (45, 40, 4, 1)
    assert result.read == result.new + result.revised + result.unchanged + result.duplicates + result.rejected
    names = [field.name for field in table_fields(RUNS)]
    (row,) = rows(tmp_path / "lake", f"SELECT {', '.join(names)} FROM runs")
    told = dict(zip(names, row, strict=True))
    assert {name: told[name] for name in ("run_id", "read", "new", "sources_failed", "engine", "internal_errors")} == {
        name: getattr(result, name) for name in ("run_id", "read", "new", "sources_failed", "engine", "internal_errors")
    }
    assert list(result.failures) == told["failures"]


def test_the_result_has_every_field_of_a_row_of_runs() -> None:
    names = [field.name for field in fields(RunResult)]
    slices = ["is_repeated", "slices", "slices_committed", "slices_skipped"]
    assert names == ["status", "exit_code", "detail", *(field.name for field in table_fields(RUNS)), *slices]


def test_the_arguments_are_the_options_of_the_command() -> None:
    code = newslake.run.__code__
    arguments = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    options = {option.name for option in COMMANDS["run"].options} - {"log_format"}
    assert arguments == (options - {"summary", "field"}) | {"beam_options", "fields"}
    assert options - {"lake", "feeds", "files", "field", "config"} <= SAME_NAMES


def test_a_configuration_may_be_a_mapping(tmp_path: Path, inputs: Path) -> None:
    config = {"files": [{"glob": str(inputs), "publisher": "The Harbour Ledger"}], "run": {"partition": "day"}}
    assert newslake.run(config, lake=tmp_path / "lake").new == 2
    found = rows(tmp_path / "lake", "SELECT DISTINCT publisher, published_day FROM articles")
    assert found == [("The Harbour Ledger", "2023-03-20")]


def test_the_same_key_gives_the_result_of_the_first_run(tmp_path: Path, inputs: Path) -> None:
    first = newslake.run(files=[inputs], lake=tmp_path / "lake", run_key="k", now=NOW)
    again = newslake.run(files=[inputs], lake=tmp_path / "lake", run_key="k")
    assert (again.status, again.is_committed) == ("committed", True)
    assert (again.run_id, again.new, again.started_at) == (first.run_id, 2, NOW)


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path, inputs: Path) -> None:
    result = newslake.run(files=[inputs], lake=tmp_path / "lake", dry_run=True, now=dt.datetime(2023, 3, 21))
    assert (result.status, result.is_committed, result.new, result.started_at) == ("previewed", False, 2, NOW)
    assert not (tmp_path / "lake").exists()


def test_a_run_without_a_usable_source_is_a_result(tmp_path: Path) -> None:
    result = newslake.run(files=[tmp_path / "missing.jsonl"], lake=tmp_path / "lake")
    assert (result.status, result.exit_code, result.is_committed) == ("no_source", newslake.ExitCode.NO_SOURCE, False)
    assert result.failures == (f"{tmp_path}/missing.jsonl: missing (there is no such file)",)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "nothing to read"),
        ({"files": "a.jsonl"}, r"files should be a list, as in files=\['a.jsonl'\]"),
        ({"files": [b"a"]}, "files: should be a text that is not empty, not b'a'"),
        ({"files": 3}, "files should be a list of paths, not 3"),
        ({"files": ["a"], "lake": ""}, "lake: should be a text that is not empty, not ''"),
        ({"config": 5}, "config: should be a text"),
        ({"files": ["a"], "config": {1: 2}}, "config: keys should be texts, not 1"),
        ({"files": ["a"], "config": {"run": {1: 2}}}, "Keys should be strings"),
        ({"files": ["a"], "workers": 0}, "workers: should be a whole number from 1 to 256, not 0"),
        ({"files": ["a"], "runner": "lokal"}, "did you mean 'local'"),
        ({"files": ["a"], "workers": True, "wait": "soon"}, "workers: .*; wait: should be a length of time"),
        ({"files": ["a"], "now": "yesterday"}, "now: should be a time"),
        ({"files": ["a"], "config": {"lak": "x"}}, "config: unknown key 'lak', did you mean 'lake'"),
        ({"files": ["https://example.org/rss"]}, "name it with --feeds"),
        ({"files": ["a"], "beam_options": ["--direct_num_worker=2"]}, "--direct_num_workers"),
    ],
)
def test_a_wrong_argument_is_a_usage_error_and_leaves_no_lake(
    tmp_path: Path, arguments: dict[str, object], sentence: str
) -> None:
    with pytest.raises(newslake.UsageError, match=sentence):
        newslake.run(**{"lake": tmp_path / "lake", **arguments})  # type: ignore[arg-type]
    assert not (tmp_path / "lake").exists()


def test_all_errors_are_newslake_errors(tmp_path: Path) -> None:
    with pytest.raises(newslake.NewslakeError):
        newslake.open(str(tmp_path))
    names = [name for name in newslake.__all__ if name.endswith("Error")]
    assert all(issubclass(getattr(newslake, name), newslake.NewslakeError) for name in names)
    assert {"UsageError", "LakeError", "NotALakeError", "LogDamagedError", "UnsafeNameError"} <= set(names)


def test_every_public_name_is_there_and_an_unknown_one_is_named() -> None:
    assert [name for name in newslake.__all__ if not hasattr(newslake, name)] == []
    assert set(newslake.__all__) <= set(dir(newslake))
    with pytest.raises(AttributeError, match="module 'newslake' has no attribute 'opne'"):
        newslake.opne  # noqa: B018
    assert newslake_command("--version").stdout == f"newslake {newslake.__version__}\n"


HERE = """
import asyncio, functools, http.server, sys, threading
import newslake

handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
feed = f"http://127.0.0.1:{server.server_port}/harbour-ledger.xml"


async def in_a_loop():
    return newslake.run(feeds=[feed], lake="lake", allow_private_addresses=True)


print(asyncio.run(in_a_loop()).new)
for workers in (1, 2, 2):
    thread = threading.Thread(target=lambda: print(newslake.run(files=["a.jsonl"], lake="lake", workers=workers).read))
    thread.start()
    thread.join()
try:
    newslake.run(files=["a.jsonl"], lake="a.jsonl", workers=2)
except newslake.NewslakeError as error:
    print(type(error).__name__)
server.shutdown()
"""


def test_a_run_works_in_threads_in_an_event_loop_and_again(tmp_path: Path, inputs: Path) -> None:
    """A notebook has all of these at once: threads, a running loop, and runs before this one."""
    command = [sys.executable, "-c", HERE, str(SAMPLE / "feeds")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["5", "2", "2", "2", "LakeError"], done.stderr


SCRIPT = """
import datetime as dt
from pathlib import Path

import newslake


def ingest(folder: Path) -> int:
    try:
        result = newslake.run(files=[folder / "a.jsonl"], lake=folder / "lake", now=dt.datetime.now(dt.UTC))
    except newslake.NewslakeError as error:
        print(error)
        return 2
    lake: newslake.Lake = newslake.open(folder / "lake")
    print(lake.files("articles"), result.new + result.rejected, newslake.__version__)
    return result.exit_code


reveal_type(newslake.run)
reveal_type(newslake.WriteToLake("lake"))
"""


def test_a_script_of_a_user_passes_a_strict_type_checker(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MYPYPATH": str(CHECKOUT)},  # mypy does not see the import hook of an editable install
    )
    assert checked.returncode == 0, checked.stdout
    assert "RunResult" in checked.stdout
    assert 'Revealed type is "newslake.pipeline.composites.WriteToLake"' in checked.stdout


BESIDE = "raise SystemExit('a module of the user was taken for one of newslake')\n"


def test_a_folder_with_modules_of_these_names_changes_nothing(tmp_path: Path, inputs: Path) -> None:
    for name in ("pipeline", "transforms", "schemas"):
        (tmp_path / f"{name}.py").write_text(BESIDE)
    program = (
        "import newslake; print(newslake.run(files=['a.jsonl'], lake='lake').new); import newslake.transforms.feeds"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "2\n", done.stderr
    newslake_command("run", "--files", "a.jsonl", "--lake", "lake", "--workers", 2, "--quiet", cwd=tmp_path)
    found = newslake_command(
        "sql", "SELECT count(*) AS n FROM articles", "--lake", "lake", "--format", "csv", cwd=tmp_path
    )
    assert found.stdout == "n\n2\n"


def test_columns_are_mapped_by_an_argument(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"kop": "Brug dicht", "inhoud": "De brug blijft dicht."}\n')
    mapped = {"kop": "headline", "inhoud": "body"}
    result = newslake.run(lake=tmp_path / "lake", files=[tmp_path / "x.jsonl"], fields=mapped)
    assert (result.new, result.notices[0].partition(": ")[2][:27]) == (1, "no column gives the date (d")
    with pytest.raises(newslake.UsageError, match="fields: column 'kop'"):
        newslake.run(lake=tmp_path / "lake", files=[tmp_path / "x.jsonl"], fields={"kop": "titel"})
