"""Engines that a test can run newslake on, and what a lake holds afterwards."""

import gzip
import json
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.servers import JobServer, end_group

from newslake.schemas.tables import STAGING
from newslake.transforms.lake import log, recover
from newslake.transforms.storage.local import LocalStorage

NOW = "2026-01-02T03:04:05Z"
_CHECKOUT = Path(__file__).parents[2]
_OF_A_RUN = ("run_id", "run_key", "started_at", "seconds", "engine")
"""The fields that differ from run to run."""
_MOST_SECONDS = 600

Summary = dict[str, Any]
Tables = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """An engine: its options before and after ``--``, and its job server if it has one."""

    name: str
    options: tuple[str, ...] = ()
    beam_options: tuple[str, ...] = ()
    server: JobServer | None = None

    def command(self, lake: Path, *arguments: object) -> list[str]:
        """Return the command of a run, whose summary is JSON."""
        common = ["--lake", str(lake), "--summary", "json", "--quiet", "--now", NOW]
        words = [*common, *map(str, arguments), *self.options]
        return [
            sys.executable,
            "-m",
            "newslake",
            "run",
            *words,
            *(["--", *self.beam_options] if self.beam_options else []),
        ]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> Summary:
        """Its summary, without what differs from run to run."""
        return {name: value for name, value in json.loads(self.out).items() if name not in _OF_A_RUN}


def run(command: list[str], environment: Mapping[str, str] | None = None, started: Any = None) -> Ended:
    """Run a command in a session of its own. ``started`` is called with its process id."""
    process = subprocess.Popen(
        command,
        cwd=_CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_ctrl_c,
    )
    try:
        if started is not None:
            started(process.pid)
        out, err = process.communicate(timeout=_MOST_SECONDS)
    finally:
        end_group(process)
    return Ended(process.returncode, out, err)


def _heed_ctrl_c() -> None:
    """A shell that starts tests in the background makes all below it ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def committed(lake: Path) -> Tables:
    """Return the rows of each table by the log, without what differs from run to run.

    Check that every file is in place and whole.
    """
    storage = LocalStorage(str(lake))
    recover.state_in_place(storage)
    tables: dict[str, list[str]] = defaultdict(list)
    for file in log.current_state(storage).files:
        lines = gzip.decompress((lake / file.path).read_bytes()).splitlines()
        assert len(lines) == file.rows, file.path
        for line in lines:
            row = {name: value for name, value in json.loads(line).items() if name not in _OF_A_RUN}
            tables[file.table].append(json.dumps(row, sort_keys=True))
    return {table: sorted(rows) for table, rows in tables.items()}


def entries(lake: Path) -> list[str]:
    """Return the operations of the log's entries."""
    storage = LocalStorage(str(lake))
    number = log.current_state(storage).number
    return [str(entry.operation) for entry in log.entries_after(storage, 0, number)]


def staging(lake: Path) -> list[str]:
    """Return the staging folders that the next run does not sweep."""
    storage = LocalStorage(str(lake))
    recover.prepare(storage)
    return storage.list(STAGING)
