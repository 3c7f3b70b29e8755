"""A fault of the disk or the lake ends the run with a message, and its staged files are deleted."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import article, newslake_command, run, write_lines

SMALL_FILES = 60_000


def take_no_more() -> None:
    """Let writes beyond a number of bytes in a file fail, as they do on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILES, SMALL_FILES))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_cannot_write_is_a_sentence_and_leaves_nothing_behind(tmp_path: Path, workers: int) -> None:
    few = write_lines(tmp_path / "few.jsonl", [article(number) for number in range(5)])
    many = write_lines(tmp_path / "many.jsonl", [article(number) for number in range(500)])
    lake = tmp_path / "lake"
    run(lake, "--files", few)
    command = [sys.executable, "-m", "newslake", "run", "--files", many, "--lake", lake, "--workers", workers]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, preexec_fn=take_no_more)
    assert done.returncode == 1, done.stderr
    assert "newslake: the machine failed: " in done.stderr
    assert workers > 1 or "Traceback" not in done.stderr
    assert not list((lake / "_newslake/staging").iterdir())
    assert run(lake, "--files", many)["new"] == 495


@pytest.mark.parametrize("workers", [1, 2])
def test_a_lake_that_is_damaged_is_a_sentence_and_exit_code_2(tmp_path: Path, workers: int) -> None:
    source, lake = write_lines(tmp_path / "few.jsonl", [article(number) for number in range(5)]), tmp_path / "lake"
    run(lake, "--files", source)
    damaged = next(path for path in (lake / "_newslake/index").iterdir() if not path.name.startswith("near-"))
    damaged.write_bytes(damaged.read_bytes()[:100])
    done = newslake_command("run", "--files", source, "--lake", lake, "--workers", workers, "--quiet", code=2)
    assert done.stderr == f"newslake: {damaged} is cut; restore it from a backup of the lake\n"
    assert not list((lake / "_newslake/staging").iterdir())
