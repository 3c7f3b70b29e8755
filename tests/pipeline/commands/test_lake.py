"""``newslake lake files`` and ``newslake lake log``."""

import json
import shlex
from pathlib import Path

import pytest
from lakes import commit, row

from newslake.pipeline.cli import main
from newslake.pipeline.exitcodes import ExitCode
from newslake.schemas.tables import log_name
from newslake.transforms.lake import log
from newslake.transforms.lake.log import Operation
from newslake.transforms.storage.local import LocalStorage

MARCH = "articles/published_month=2023-03/part-1-0.jsonl.gz"
SUMMARY = row("runs", run_id="run-1", read=9, new=2, revised=1, unchanged=3, duplicates=2, rejected=1)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Make a lake with two runs and a sweep, in a folder whose name must be quoted in a shell."""
    root = tmp_path / "the lake"
    commit(root, {MARCH: [row("articles"), row("articles")], "runs/part-1-0.jsonl.gz": [SUMMARY]}, summary=SUMMARY)
    commit(
        root,
        {},
        staging="",
        operation=Operation.SWEEP,
        run_id="",
        swept=("_newslake/staging/dead", "_newslake/staging/gone"),
    )
    commit(root, {"runs/part-3-0.jsonl.gz": [SUMMARY]}, summary=SUMMARY)
    return root


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["lake", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_file_is_a_line_with_a_path_to_paste_its_rows_and_bytes(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(capsys, "files", "--lake", str(lake))
    assert len(lines) == 3
    path, rows, size = lines[0].split("\t")
    assert shlex.split(path) == [str(lake / MARCH)]
    assert (rows, int(size)) == ("2", (lake / MARCH).stat().st_size)


def test_the_files_of_one_table_are_listed_alone(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "files", "--lake", str(lake), "--table", "runs", "--json")
    assert [json.loads(line)["path"] for line in lines] == ["runs/part-1-0.jsonl.gz", "runs/part-3-0.jsonl.gz"]
    assert printed(capsys, "files", "--lake", str(lake), "--table", "fetches") == []


def test_a_commit_is_a_line_with_its_counts_and_the_newest_is_last(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = "read=9 new=2 revised=1 unchanged=3 duplicates=2 rejected=1"
    assert printed(capsys, "log", "--lake", str(lake)) == [
        f"1\t2023-03-21T00:00:00Z\trun-1\t{counts}\tfiles=2",
        "2\t2023-03-21T00:00:00Z\t-\tswept=2\tfiles=0",
        f"3\t2023-03-21T00:00:00Z\trun-3\t{counts}\tfiles=1",
    ]


@pytest.mark.parametrize(("limit", "numbers"), [("1", [3]), ("2", [2, 3]), ("3", [1, 2, 3]), ("50", [1, 2, 3])])
def test_the_limit_keeps_the_newest(
    lake: Path, capsys: pytest.CaptureFixture[str], limit: str, numbers: list[int]
) -> None:
    lines = printed(capsys, "log", "--lake", str(lake), "--limit", limit, "--json")
    assert [json.loads(line)["number"] for line in lines] == numbers


def test_as_json_an_entry_is_a_line_with_all_that_the_log_says(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, sweep, _ = (json.loads(line) for line in printed(capsys, "log", "--lake", str(lake), "--json"))
    assert (first["number"], first["operation"], first["commit"], first["since"], first["summary"]) == (
        1,
        "run",
        "commit-1",
        0,
        SUMMARY,
    )
    assert [file["path"] for file in first["files_added"]] == [MARCH, "runs/part-1-0.jsonl.gz"]
    assert (sweep["operation"], sweep["swept"]) == ("sweep", ["_newslake/staging/dead", "_newslake/staging/gone"])
    assert len(sweep["previous"]) == 64


def test_a_log_that_lost_its_end_is_refused_until_the_shorter_one_is_accepted(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(capsys, "log", "--lake", str(lake))
    (lake / log_name(3)).unlink()
    assert main(["lake", "log", "--lake", str(lake)]) == ExitCode.USAGE
    assert f"newslake lake log --accept-shorter --lake {shlex.quote(str(lake))}" in capsys.readouterr().err
    assert main(["lake", "log", "--lake", str(lake), "--accept-shorter"]) == ExitCode.COMMITTED
    told = capsys.readouterr()
    assert told.err.startswith(
        f"the log of {lake} ends at entry 2\nno entry names these files any more; move them out of the lake: "
    )
    named = {file.path for file in log.current_state(LocalStorage(str(lake))).files}
    shown = {str(path.relative_to(lake)) for path in lake.rglob("*.jsonl.gz") if "_newslake" not in path.parts}
    assert all((shlex.quote(str(lake / path)) in told.err) == (path not in named) for path in shown)
    assert [line.split("\t")[0] for line in told.out.splitlines()] == ["1", "2"]
    assert len(printed(capsys, "log", "--lake", str(lake))) == 2


@pytest.mark.parametrize("words", [["files"], ["log"]])
def test_where_there_is_no_lake_the_way_to_one_is_told(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lake", *words, "--lake", str(tmp_path / "none")]) == ExitCode.USAGE
    assert "make one with: newslake run" in capsys.readouterr().err
