"""How the cost of a run grows with the run, and with the lake that it is added to.

The articles are those of resolver.py: their columns are made up, and their lines are short, because
nothing here reads text. Each measurement is a process of its own.
"""

import contextlib
import datetime as dt
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from alone import Measured, in_own_process, keep_to_one_core, timed
from resolver import DAYS, FIRST_DAY, STAGING, make_columns, stage_columns

from newslake.pipeline.run.merge import merge_small_files
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import Columns, Shard, SourceManifest
from newslake.transforms.deduplicate.decider import Decider, Policy
from newslake.transforms.deduplicate.index import near
from newslake.transforms.feeds.state import new_state
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.build import FileBuilder
from newslake.transforms.lake.commit import Acts, CommitSettings, Outcome, Status, Work, commit_run
from newslake.transforms.lake.log import LakeState, LiveFile, LogEntry, Operation
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.local import LocalStorage

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SETTINGS = CommitSettings("bench", "bench")
RUNS = 64
"""A lake is made by this many runs, one period of days after another, and merged after each."""
NEW_DAYS = 30
"""New articles are of the last days of the lake."""
ROUNDS = 3
FILES_A_RUN = 10
"""A run of a feed reader adds about so many files that stay: months by tables, and small tables."""


def commit_shards(lake: LocalStorage, run: RunFacts, shards: Sequence[Shard], rows: int) -> dict[str, Measured]:
    """Decide, build and commit staged shards; return what each of the three took."""
    decider, staging = Decider(lake, lake, Policy()), Staging(lake, run.staging)
    manifests = [SourceManifest("bench", rows)]
    state = log.current_state(lake)
    took: dict[str, Measured] = {}

    def measured(name: str, call: Callable[[], Any]) -> Any:
        done: list[Any] = []
        took[name] = timed(lambda: done.append(call()))
        return done[0]

    tasks, decision = measured("decide", lambda: decider.decide(run, state, shards, manifests))
    builder = FileBuilder(staging, run.run_id, SETTINGS.compression)
    built = measured("build", lambda: [builder.build(task) for task in tasks])
    acts = Acts(decider.decide, decider.touches, lambda run, tasks: [], new_state)
    work = Work(manifests, shards, decision, built)
    outcome: Outcome = measured("commit", lambda: commit_run(lake, run, work, acts, SETTINGS))
    assert outcome.status is Status.COMMITTED, outcome
    took["commit"]["files"] = outcome.summary["files"]
    return took


# A run of many articles.


def run_of(rows: int) -> Measured:
    """Return what deciding, building and committing a run of ``rows`` articles take.

    The names are ``decide_seconds`` and so on. ``megabytes`` is the peak of all three.
    """
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        stage_columns(Staging(LocalStorage(folder), STAGING), make_columns(rows))
        return in_own_process(__file__, "run", folder)


def _run(folder: str) -> Measured:
    lake = LocalStorage(folder)
    run = RunFacts("bench", NOW, commit="bench", staging=STAGING)
    shards = _staged_shards(Staging(lake, STAGING))
    took = commit_shards(lake, run, shards, sum(shard.rows for shard in shards))
    named = {f"{step}_{name}": value for step, one in took.items() for name, value in one.items()}
    return named | {"megabytes": took["commit"]["megabytes"]}


def _staged_shards(staging: Staging) -> list[Shard]:
    from newslake.transforms.lake.staging import ARTICLES, open_shard

    names = [
        name.rpartition("/")[2].removesuffix(".columns")
        for name in staging.storage.list(staging.folder)
        if name.endswith(".columns")
    ]
    return [Shard(ARTICLES, name, len(open_shard(staging, name).columns["offset"])) for name in names]


# A lake of many articles.


@dataclass(frozen=True, slots=True)
class Probed:
    """What deciding a run of ``new`` articles takes in a lake of ``rows``.

    ``keys_bytes`` and ``near_bytes`` are the sizes of the indexes; ``near_opened`` is the size of
    the near files in reach of the new articles. ``read_bytes`` were read from the disk, if nothing
    of the index was in memory. ``cold_seconds`` is the time of that, and ``cpu`` is the processor
    time of the same with all in memory.
    """

    rows: int
    new: int
    keys_bytes: int
    near_bytes: int
    near_opened: int
    files: int
    read_bytes: float
    cold_seconds: float
    cpu: float


def probe(rows: int, new: int, runs: int = RUNS) -> Probed:
    """Make a lake of ``rows`` articles by ``runs`` runs, and measure deciding ``new`` others."""
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        lake = LocalStorage(folder)
        fill_lake(lake, rows, runs)
        state = log.current_state(lake)
        took = in_own_process(__file__, "probe", folder, new)
        first, last = FIRST_DAY + DAYS - NEW_DAYS, FIRST_DAY + DAYS - 1
        window = Policy().near.window_days
        of_segment = [(near.segment_of_path(file.path), file.bytes) for file in state.index]
        return Probed(
            rows,
            new,
            sum(size for segment, size in of_segment if segment is None),
            sum(size for segment, size in of_segment if segment is not None),
            sum(size for segment, size in of_segment if segment and near.in_reach(segment, first, last, window)),
            len(state.index),
            took["read_bytes"],
            took["cold"],
            took["cpu"],
        )


def fill_lake(lake: LocalStorage, rows: int, runs: int) -> None:
    """Commit articles in ``runs`` runs, the oldest first, and merge small files after each."""
    columns = make_columns(rows)
    order = np.argsort(columns["day_from"], kind="stable")
    for number, part in enumerate(np.array_split(order, runs)):
        with recover.owned_staging(lake, 0) as folder:
            run = RunFacts(f"run-{number:04d}", NOW, commit=f"commit-{number}", staging=folder)
            shards = stage_columns(
                Staging(lake, folder), {name: column[part].copy() for name, column in columns.items()}
            )
            commit_shards(lake, run, shards, len(part))
        recover.clear_staging(lake, folder)
        merge_small_files(lake)


def new_columns(rows: int) -> Columns:
    """Return articles of the last NEW_DAYS days that no lake of this bench has."""
    columns = make_columns(rows, seed=2)
    days = FIRST_DAY + DAYS - 1 - np.arange(rows) % NEW_DAYS
    columns["day_from"], columns["day_until"] = days.astype("<i4"), days.astype("<i4")
    columns["published_from"] = days * 86_400
    return columns


def _probe(folder: str, new: int) -> Measured:
    lake = LocalStorage(folder)
    state = log.current_state(lake)
    shards = stage_columns(Staging(lake, STAGING), new_columns(new))
    run = RunFacts("probe", NOW, commit="probe", staging=STAGING)
    decider = Decider(lake, lake, Policy())

    def decide() -> None:
        decider.decide(run, state, shards, [SourceManifest("bench", new)])

    _probe_empty(folder, shards, run, new)  # what is imported late, and the caches, before the clock starts
    forget([Path(folder, file.path) for file in state.index])
    before = bytes_read()
    cold = timed(decide)
    read = bytes_read() - before
    warm = [timed(decide)["cpu"] for _ in range(ROUNDS)]
    return {**cold, "read_bytes": read, "cold": cold["seconds"], "cpu": statistics.median(warm)}


def _probe_empty(folder: str, shards: Sequence[Shard], run: RunFacts, new: int) -> None:
    lake = LocalStorage(folder)
    Decider(lake, lake, Policy()).decide(run, LakeState(), shards, [SourceManifest("bench", new)])


def forget(paths: Sequence[Path]) -> None:
    """Make the system drop what it holds of these files in memory.

    Only Linux can do that. On other systems the function does nothing.
    """
    os.sync()
    for path in paths:
        with path.open("rb") as file, contextlib.suppress(AttributeError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def bytes_read() -> int:
    """Return the bytes that Linux has read from disks for this process; 0 on other systems.

    Linux reads ahead, so these are more bytes than the process has asked for.
    """
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))
    return 0


# A lake of many files.


@dataclass(frozen=True, slots=True)
class Opened:
    """What it takes to open a lake whose log names ``files`` live files, after ``runs`` runs."""

    files: int
    runs: int
    checkpoint_bytes: int
    cpu: float


def open_log(runs: int) -> Opened:
    """Make the log of a lake after ``runs`` runs, and measure how long opening it takes.

    Only the log is made, without the files that it names.
    """
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as folder:
        lake = LocalStorage(folder)
        state = LakeState()
        names = [f"articles/published_month=2026-{month:02d}/part-{{}}-0.jsonl.gz" for month in range(1, 13)]
        files = tuple(
            LiveFile("articles", names[number % 12].format(f"20260101T120000Z-{number:08x}"), 100, 100_000, "0" * 64)
            for number in range(runs * FILES_A_RUN)
        )
        log.append(lake, state, LogEntry(0, Operation.RUN, "bench", files_added=files))
        state = log.follow(lake, state)
        keys = {f"2026-01-01T12:{number:06d}": 1 for number in range(runs)}
        log.write_checkpoint(lake, replace(state, run_keys=keys))
        log.current_state(lake)
        cpu = statistics.median(timed(lambda: log.current_state(lake))["cpu"] for _ in range(ROUNDS))
        size = sum(path.stat().st_size for path in Path(folder, "_newslake/checkpoints").iterdir())
        return Opened(len(files), runs, size, cpu)


if __name__ == "__main__":
    keep_to_one_core()
    measured = _run(sys.argv[2]) if sys.argv[1] == "run" else _probe(sys.argv[2], int(sys.argv[3]))
    print(json.dumps(measured))
