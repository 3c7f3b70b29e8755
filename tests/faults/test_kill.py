"""A kill -9 at any moment leaves the lake as before or as after the run, and the rerun is exact.

These tests run whole commands. test_broken_store.py stops the lake layer at every step of the
store.
"""

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commandline import run_here

from newslake.transforms.lake import log
from newslake.transforms.storage.local import LocalStorage

KILLER = Path(__file__).parent / "killed_run.py"
ARTICLES = 60
REPEATED = 5

STORE = "newslake.transforms.storage.local.LocalStorage"
MOMENTS = [
    "newslake.transforms.lake.staging.write_shard:1:after",
    "newslake.transforms.deduplicate.index.keys.write:1:after",
    "newslake.transforms.lake.commit.commit_run:1:before",
    "newslake.transforms.lake.log.append:1:before",
    f"{STORE}.create:1:after",
    "newslake.transforms.lake.recover.link_files:1:before",
    f"{STORE}.link:1:after",
    f"{STORE}.link:3:after",
    "newslake.transforms.lake.recover.clear_staging:1:before",
    f"{STORE}.delete_folder:1:before",
    "newslake.pipeline.commands.run.report:1:before",
]


def write_articles(path: Path, first: int) -> None:
    rows = [
        {
            "title": f"Headline {number}",
            "text": f"body number {number} " * 12,
            "url": f"https://example.org/{number}",
            "date": "2023-03-20",
        }
        for number in range(first, first + ARTICLES)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows + rows[:REPEATED]) + "not json\n")


def arguments(inputs: Path, lake: Path) -> list[str]:
    return ["run", "--files", str(inputs), "--lake", str(lake), "--summary", "json", "--quiet"]


def run(inputs: Path, lake: Path) -> dict[str, int]:
    """Run undisturbed, in this process, which imports Beam only once."""
    return run_here(lake, "--files", inputs, "--quiet")


def committed(lake: Path) -> dict[str, list[str]]:
    """Return the rows of each table by the log, without the fields that differ from run to run.

    Check that every file is there and whole.
    """
    tables: dict[str, list[str]] = {"articles": [], "duplicates": [], "rejects": [], "runs": []}
    for file in log.current_state(LocalStorage(str(lake))).files:
        path = lake / file.path
        if not path.exists():
            path = lake / file.staged  # committed, but not yet linked; the next run links it
        rows = duckdb.sql(f"SELECT * FROM read_json('{path}', format='newline_delimited')")
        identity = [column for column in ("id", "content_hash", "detail", "read") if column in rows.columns]
        found = [repr(row) for row in rows.project(", ".join(identity)).fetchall()]
        assert len(found) == file.rows
        tables[file.table] += found
    return {table: sorted(rows) for table, rows in tables.items()}


def visible(lake: Path) -> set[str]:
    """Return the files that a reader with a glob sees."""
    return {str(path.relative_to(lake)) for path in lake.glob("[!_]*/**/*.jsonl.gz")}


def check_before_or_after(lake: Path, before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    now = committed(lake)
    assert now in (before, after)
    named = {file.path for file in log.current_state(LocalStorage(str(lake))).files}
    assert visible(lake) <= named


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[dict[str, list[str]]]]:
    """Return two inputs, and the rows of a lake after no run, after the first, and after both."""
    folder = tmp_path_factory.mktemp("undisturbed")
    first, second, lake = folder / "first.jsonl", folder / "second.jsonl", folder / "lake"
    write_articles(first, 0)
    write_articles(second, ARTICLES - 10)
    states = [committed(lake)]
    for inputs in (first, second):
        run(inputs, lake)
        states.append(committed(lake))
    return first, second, states


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_at_a_step_of_its_commit(moment: str, twice, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first, second, (empty, after_first, after_second) = twice
    lake = tmp_path / "lake"
    killed = subprocess.run(
        [sys.executable, str(KILLER), moment, *arguments(first, lake)], capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    check_before_or_after(lake, empty, after_first)
    summary = run(first, lake)
    assert summary["read"] == ARTICLES + REPEATED + 1
    assert {table: rows for table, rows in committed(lake).items() if table != "runs"} == _without_runs(after_first)
    run(second, lake)
    assert _without_runs(committed(lake)) == _without_runs(after_second)
    assert visible(lake) == {file.path for file in log.read_state(LocalStorage(str(lake))).files}
    assert list((lake / "_newslake/staging").iterdir()) == []


def test_runs_that_are_killed_at_random_moments(twice, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first, _, (empty, after_first, _) = twice
    lake = tmp_path / "lake"
    chance = random.Random(20230320)
    for _ in range(4):
        command = [sys.executable, "-m", "newslake", *arguments(first, lake)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=chance.uniform(1.5, 5.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        assert _without_runs(committed(lake)) in (_without_runs(empty), _without_runs(after_first))
        assert visible(lake) <= {file.path for file in log.current_state(LocalStorage(str(lake))).files}
    run(first, lake)
    assert _without_runs(committed(lake)) == _without_runs(after_first)


def _without_runs(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    return {table: rows for table, rows in tables.items() if table != "runs"}
