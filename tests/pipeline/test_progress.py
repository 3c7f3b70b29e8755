"""The progress bar, with and without a real terminal."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newslake.pipeline.report.progress import Snapshot, describe

ROOT = Path(__file__).parents[2]

WATCHED = """
import logging, sys, threading
from newslake.pipeline.report.progress import Progress, Snapshot

logging.basicConfig(level=logging.INFO, format="%(message)s")
polled = threading.Event()
polls = 0

def snapshot():
    global polls
    polls += 1
    if polls == 3:
        polled.set()
    return Snapshot(chunks_done=1, chunks_planned=4, articles=2500, stage="reading")

with Progress(snapshot, quiet="quiet" in sys.argv, log_seconds=0.01 if "often" in sys.argv else 10.0):
    polled.wait(0 if "quiet" in sys.argv or "short" in sys.argv else 30)
print("polls", polls)
"""


def watch_at_terminal(*arguments: str, term: str = "xterm") -> str:
    """Return the text that the program writes to its stderr, which is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", WATCHED, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stderr=theirs, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": term, "COLUMNS": "120"}
    )
    os.close(theirs)
    written = b""
    while block := _read(ours):
        written += block
    os.close(ours)
    assert process.wait() == 0
    return written.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says EIO when the other side has closed
        return b""


def watch_through_pipe(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WATCHED, *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "FORCE_COLOR": "1"}
    )


def test_a_terminal_shows_one_line_with_a_bar_and_clears_it() -> None:
    written = watch_at_terminal()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    assert re.search(r"reading ━+.* 2,500 articles, [\d,]+/s, \d+:\d\d left", plain)
    assert "\n" not in plain.strip()
    assert written.rstrip().endswith("\x1b[2K") or "\x1b[2K" in written.rsplit("left", 1)[1]


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_redraw_gets_no_bar(term: str) -> None:
    written = watch_at_terminal("short", term=term)
    assert written == ""


def test_a_quiet_terminal_stays_empty() -> None:
    assert watch_at_terminal("quiet") == ""


def test_a_pipe_gets_no_bar_and_for_a_while_nothing_at_all() -> None:
    done = watch_through_pipe("short")
    assert (done.stderr, done.stdout) == ("", "polls 0\n")


def test_a_pipe_gets_a_line_of_log_now_and_then() -> None:
    lines = watch_through_pipe("often").stderr.splitlines()
    assert len(lines) >= 2
    assert all(re.fullmatch(r"reading: 1 of 4 chunks, 2,500 articles, [\d,]+/s, 0:\d\d left", line) for line in lines)


@pytest.mark.parametrize(
    ("snapshot", "seconds", "expected"),
    [
        (Snapshot(0, 0, 0, "reading"), 0.0, "0 articles"),
        (Snapshot(0, 4, 10, "reading"), 2.0, "10 articles, 5/s"),
        (Snapshot(1, 4, 2500, "reading"), 10.0, "2,500 articles, 250/s, 0:30 left"),
        (Snapshot(1, 1000, 5, "reading"), 60.0, "5 articles, 0/s, 999:00 left"),
        (Snapshot(4, 4, 10_000, "judging"), 10.0, "10,000 articles"),
    ],
)
def test_counts_are_told_with_rate_and_time_left(snapshot: Snapshot, seconds: float, expected: str) -> None:
    assert describe(snapshot, seconds) == expected
