"""The summary of a run, for people and as JSON."""

import json
import re
import shlex
import subprocess
from typing import Any

import pytest

from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.report.summary import as_json, human, report
from newslake.schemas.tables import RunSummary
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.lake.log import Failure


def summary(**changes: Any) -> RunSummary:
    whole: dict[str, Any] = {
        "run_id": "20230320T120000Z-0a1b2c3d",
        "run_key": "daily",
        "started_at": "2023-03-20T12:00:00Z",
        "read": 12_345,
        "new": 12_000,
        "revised": 40,
        "unchanged": 300,
        "duplicates": 3,
        "rejected": 2,
        "quarantined": 0,
        "sources_ok": 13,
        "sources_failed": 1,
        "sources_quarantined": 0,
        "failures": ["/data/photo.txt: binary"],
        "seconds": 3.21,
        "files": 12,
        "engine": "local",
        "pipeline_version": "0.1.0",
        "near_candidates": 40,
        "near_verified": 3,
        "near_dropped": 0,
        "internal_errors": 0,
        "notices": ["/data/a.csv: no column gives the date"],
        "sources_not_modified": 0,
        "sources_not_due": 0,
        "sources_failed_before": 0,
        "sources_known": 0,
        "sources_read_slowly": 0,
    }
    return RunSummary(**{**whole, **changes})  # type: ignore[typeddict-item]


def test_the_counts_that_are_shown_add_up() -> None:
    shown = dict(
        re.findall(
            r"(read|new|revised|unchanged|duplicates|rejected) +([\d,]+)$",
            human(summary(), lake="./lake"),
            re.MULTILINE,
        )
    )
    counts = {name: int(count.replace(",", "")) for name, count in shown.items()}
    assert counts.pop("read") == sum(counts.values()) == 12_345
    assert counts == {"new": 12_000, "revised": 40, "unchanged": 300, "duplicates": 3, "rejected": 2}


def test_sources_files_and_seconds_are_shown() -> None:
    lines = human(summary(sources_quarantined=2, quarantined=1_500), lake="./lake").splitlines()
    assert "sources: 13 read, 1 failed, 2 quarantined" in lines
    assert "left out: 1,500 articles of quarantined sources" in lines
    assert "files: 12 added to ./lake in 3.2 s by the local runner" in lines


def test_slices_are_shown_where_there_are_any() -> None:
    parts = {"slices": 7, "slices_committed": 3, "slices_skipped": 2}
    assert "slices: 3 of 7 committed, 2 of them before" in human(summary(**parts), lake="./lake").splitlines()
    assert "slices: 3 of 7 committed" in human(summary(**{**parts, "slices_skipped": 0}), lake="./lake").splitlines()
    assert "slices" not in human(summary(), lake="./lake")


def test_a_failed_source_is_named_with_what_to_do() -> None:
    failures = [
        Failure("/data/photo.txt", "binary"),
        Failure("https://example.org/rss", "quarantined"),
        Failure("https://example.org/x", "http_status", "HTTP 404: Gone"),
    ]
    shown = human(summary(), failures, lake="./lake")
    assert "failed: /data/photo.txt: binary: the file is not text; name only" in shown
    assert "failed: https://example.org/rss: quarantined: too many of its articles were rejects" in shown
    assert "failed: https://example.org/x: http_status (HTTP 404: Gone): the server answered" in shown


def test_the_first_of_many_failures_are_named_and_the_others_counted() -> None:
    shown = human(summary(), [Failure(f"/data/{number}", "empty") for number in range(1_025)], lake="./lake")
    assert shown.count("failed: ") == 20
    assert "and 1,005 more" in shown


def test_long_names_are_neither_wrapped_nor_cut() -> None:
    long = "/data/" + "x" * 300
    assert f"failed: {long}: binary" in human(summary(), [Failure(long, "binary")], lake="./lake")


def test_a_name_cannot_drive_the_terminal_nor_the_markup() -> None:
    shown = human(summary(), [Failure("/a\x1b]0;x\x07\u202e[red]b[/]\udcff", "odd")], lake="./lake", is_terminal=True)
    assert "\x1b]" not in shown
    assert "\u202e" not in shown
    assert "[red]b[/]" in shown
    shown.encode()


def test_the_next_command_can_be_pasted_whatever_the_lake_is_called() -> None:
    lake = "/data/my 'lake' $x"
    lines = human(summary(), lake=lake).splitlines()
    pasted = [line.partition(": ")[2] for line in lines if "newslake sql" in line]
    assert [shlex.split(one)[-2:] for one in pasted] == [["--lake", lake]] * 2
    command = shlex.split(pasted[0])[: shlex.split(pasted[0]).index("sql")]
    assert subprocess.run([*command, "--version"], check=True, capture_output=True).stdout.startswith(b"newslake ")


def test_only_queries_of_tables_with_rows_are_shown() -> None:
    assert "FROM rejects" in human(summary(), lake="./lake")
    assert "FROM rejects" not in human(summary(rejected=0, sources_failed=0), lake="./lake")
    assert "FROM articles" not in human(summary(read=2, new=0, revised=0, unchanged=0, duplicates=0), lake="./lake")


def test_a_dry_run_says_that_nothing_was_written() -> None:
    shown = human(summary(), lake="./lake", dry_run=True)
    assert "nothing was written" in shown
    assert "12 would be added" in shown
    assert "newslake sql" not in shown


def test_only_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in human(summary(), lake="./lake", is_terminal=True)
    assert "\x1b" not in human(summary(), lake="./lake")


def test_colours_are_not_forced_on_a_pipe_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in human(summary(), lake="./lake")


def test_json_is_what_became_of_the_run_and_its_row_of_runs_on_one_line() -> None:
    line = as_json(summary(), "busy")
    assert "\n" not in line
    assert json.loads(line) == {"status": "busy", **summary()}
    assert list(json.loads(line)) == ["status", *RunSummary.__annotations__]


def test_json_goes_to_stdout_alone_and_the_table_to_stderr_alone(capsys: pytest.CaptureFixture[str]) -> None:
    report(Outcome(Status.COMMITTED, summary()), RunOptions(summary="json", quiet=True))
    told = capsys.readouterr()
    assert (json.loads(told.out), told.err) == ({"status": "committed", **summary()}, "")
    report(Outcome(Status.COMMITTED, summary()), RunOptions())
    told = capsys.readouterr()
    assert told.out == ""
    assert "read" in told.err
    report(Outcome(Status.COMMITTED, summary()), RunOptions(quiet=True))
    assert capsys.readouterr() == ("", "")
