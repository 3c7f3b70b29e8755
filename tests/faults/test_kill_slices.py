"""A kill -9 between two slices or within the second: commits stay, and the rerun is exact."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import article, rows, run, run_here, write_lines

from newslake.transforms.lake import log
from newslake.transforms.storage.local import LocalStorage

KILLER = Path(__file__).parent / "killed_run.py"
SLICE = 30
SLICES = 3

BETWEEN = "newslake.pipeline.run.slices._committed_before:2:before"
KEY = ("--run-key", "K")
MOMENTS = [
    (BETWEEN, (), 1),
    (BETWEEN, KEY, 1),
    ("newslake.transforms.lake.staging.write_shard:2:after", (), 1),
    ("newslake.transforms.lake.staging.write_shard:2:after", KEY, 1),
    ("newslake.transforms.lake.log.append:2:before", KEY, 1),
    ("newslake.transforms.lake.log.append:2:after", (), 2),
    ("newslake.transforms.lake.log.append:2:after", KEY, 2),
    ("newslake.pipeline.commands.run.report:1:before", KEY, 3),
]
"""The moment of the kill, the run's key, and the number of slices that are committed by then."""


def write_inputs(folder: Path) -> list[Path]:
    """Write three files, each for a slice. Each repeats some articles of the one before."""
    return [
        write_lines(folder / f"{number}.jsonl", [article(number * (SLICE - 5) + one) for one in range(SLICE)])
        for number in range(SLICES)
    ]


def kill(moment: str, *arguments: object, **options: object) -> None:
    command = [sys.executable, str(KILLER), moment, "run", "--summary", "json", "--quiet", *map(str, arguments)]
    killed = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize(("moment", "key", "committed"), MOMENTS)
def test_a_run_that_is_killed_on_its_way_through_the_slices(
    moment: str, key: tuple[str, ...], committed: int, tmp_path: Path
) -> None:
    inputs, lake = write_inputs(tmp_path), tmp_path / "lake"
    arguments = ("--files", *inputs, "--slice-articles", SLICE, *key)
    kill(moment, "--lake", lake, *arguments)
    assert log.read_state(LocalStorage(str(lake))).number == committed
    again = run_here(lake, *arguments)
    assert rows(lake, "SELECT count(*), count(DISTINCT id) FROM articles") == [
        (SLICES * SLICE - 10, SLICES * SLICE - 10)
    ]
    assert rows(lake, "SELECT count(*) FROM duplicates") == [(0,)]
    assert again["read"] == SLICES * SLICE
    assert again["slices_skipped"] == (committed if key else 0)
    told = rows(lake, "SELECT count(*), sum(read) FROM runs")
    assert told == [(SLICES, SLICES * SLICE) if key else (SLICES + committed, (SLICES + committed) * SLICE)]
    assert list((lake / "_newslake/staging").iterdir()) == []


def test_nothing_of_a_slice_that_is_committed_is_read_again(tmp_path: Path) -> None:
    inputs, lake = write_inputs(tmp_path), tmp_path / "lake"
    arguments = ("--files", *inputs, "--slice-articles", SLICE, *KEY)
    kill(BETWEEN, "--lake", lake, *arguments)
    status = inputs[0].stat()
    inputs[0].write_text(inputs[0].read_text().replace('{"', "{!"))
    os.utime(inputs[0], ns=(status.st_atime_ns, status.st_mtime_ns))
    again = run_here(lake, *arguments)
    assert (again["rejected"], again["new"]) == (0, SLICES * SLICE - 10)


def test_a_file_that_changed_meanwhile_is_read_anew(tmp_path: Path) -> None:
    inputs, lake = write_inputs(tmp_path), tmp_path / "lake"
    arguments = ("--files", *inputs, "--slice-articles", SLICE, *KEY)
    kill(BETWEEN, "--lake", lake, *arguments)
    modified = inputs[0].stat().st_mtime
    inputs[0].write_text(inputs[0].read_text().replace("story", "novel"))  # of the same size
    os.utime(inputs[0], (modified + 1, modified + 1))
    again = run_here(lake, *arguments)
    assert (again["slices_skipped"], again["revised"], again["new"]) == (0, SLICE, SLICES * SLICE - 10 - SLICE)


def test_standard_input_is_known_again_by_its_content(tmp_path: Path) -> None:
    large = [article(one, text=f"A long text with number {one} in it. " * 2_700) for one in range(100)]
    text, lake = write_lines(tmp_path / "large.jsonl", large).read_text(), tmp_path / "lake"
    arguments = ("--files", "-", "--slice-articles", SLICE, *KEY)
    kill(BETWEEN, "--lake", lake, *arguments, input=text)
    again = run(lake, *arguments, input=text)
    assert (again["slices"], again["slices_skipped"], again["new"]) == (2, 1, 100)
    assert rows(lake, "SELECT count(*), count(DISTINCT id) FROM articles") == [(100, 100)]
