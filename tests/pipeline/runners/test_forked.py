"""Worker processes: if a worker dies, the run says so and ends without waiting for it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from commandline import CHECKOUT, article, write_lines

KILLER = """
import os, signal, sys
from newslake.transforms.normalise import article

def die(raw):
    os.kill(os.getpid(), signal.SIGKILL)

from newslake.transforms.normalise import steps
steps.read_texts = die
from newslake.pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_worker_that_is_killed_ends_the_run_and_nothing_is_published(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "x.jsonl", [article(number) for number in range(10)])
    command = ["run", "--files", str(source), "--lake", str(tmp_path / "lake"), "--workers", "2"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", KILLER, *command],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=300,
    )
    assert done.returncode not in (0, -signal.SIGKILL)
    assert not (tmp_path / "lake/articles").exists()
