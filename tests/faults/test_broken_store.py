"""A kill, a full disk, a broken disk and a power loss at every step of a run in a real folder.

After each of them the lake is as before the run or as after it. The same run again gives the exact
result.
"""

import hashlib
import json
import math
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from broken_disk import BrokenDisk, Fault, KilledError
from lake_runs import Runs, article_batch, counts, reject_batch, rows
from stress import IS_FULL, try_each

from newslake.pipeline.run.merge import merge_small_files
from newslake.schemas.staging import StagedBatch
from newslake.schemas.tables import INDEX, INPUTS, RUNS, STAGING, TABLES
from newslake.transforms.deduplicate.index.merge import MERGE_AT, files_to_merge
from newslake.transforms.lake import log, recover
from newslake.transforms.lake.commit import Outcome, Status
from newslake.transforms.lake.log import LakeState, LogEntry
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.local import DRAFTS, LocalStorage

Tables = dict[str, list[str]]

OPERATIONS = {"create", "write", "sync file", "sync folder", "link", "rename", "unlink", "mkdir", "rmdir"}
"""All operations of a store that change a disk."""
FAULTS = {
    kind: 1 if IS_FULL else every
    for kind, every in {"killed": 4, "torn": 8, "EIO": 8, "ENOSPC": 12, "full": 12}.items()
}
"""Each fault and a number N: the first run meets the fault at one of N steps.

In ``make stress`` the run meets it at every step.
"""
LUCK = {"all is lost that may be": 1, "a random half is lost": 1 if IS_FULL else 2}
LARGER = 1 if IS_FULL else 10
"""A larger run meets faults at this many times fewer steps, but at each kind of operation."""


def whole_run(lake: Storage, batches: Sequence[StagedBatch], acknowledged: list[Outcome] | None = None) -> Outcome:
    """Do a whole run, from its preparations to the merge, with the launcher's cleaning.

    ``acknowledged`` gets the outcome as soon as the commit step returns it.
    """
    runs = Runs(lake)
    with runs.owned() as run:
        try:
            outcome = runs.finish(run, *batches)
            if acknowledged is not None:
                acknowledged.append(outcome)
        finally:
            error = sys.exception()
            with suppress(OSError, LakeError) if error else nullcontext():
                recover.end_without_commit(lake, run, has_workers=False)
    recover.clear_staging(lake, run.staging)
    merge_small_files(lake)
    return outcome


def small_run() -> list[StagedBatch]:
    return [article_batch((1, 1, 20230300), (2, 2, 20230400)), reject_batch(7)]


def large_run() -> list[StagedBatch]:
    """Return batches with one row for each verdict.

    These are a new article, a revision, an unchanged article, a duplicate, a new reject and an old
    one.
    """
    return [
        article_batch((50, 50, 20230500), (10, 900, 20230300), (11, 11, 20230300), (60, 12, 20230300)),
        reject_batch(7, 8),
    ]


def no_runs(lake: LocalStorage) -> None:
    del lake


def seven_runs(lake: LocalStorage) -> None:
    """Write seven index files of one tier. One more file makes the run merge them."""
    for number in range(1, MERGE_AT):
        whole_run(
            lake,
            [article_batch(*((10 * number + one, 10 * number + one, 20230300) for one in range(4))), reject_batch(7)],
        )


@pytest.fixture(autouse=True, scope="module")
def quick_disk() -> Iterator[None]:
    """Make fsync do nothing, because BrokenDisk itself records what is durable."""
    with mock.patch.object(os, "fsync", return_value=None):
        yield


@dataclass(frozen=True)
class Case:
    """A run, the lake in ``folder`` that it starts with, and the lake after it without a fault.

    ``first`` are the counts of the run, ``again`` those of the same run after it.
    """

    folder: Path
    batches: Callable[[], list[StagedBatch]]
    steps: list[tuple[str, str]]
    before: Tables
    after: Tables
    first: tuple[int, ...]
    again: tuple[int, ...]
    larger: int = 1


def undisturbed(
    folder: Path, prepare: Callable[[LocalStorage], None], batches: Callable[[], list[StagedBatch]], larger: int = 1
) -> Case:
    kept, lake = folder / "kept", LocalStorage(str(folder / "kept/lake"))
    kept.mkdir()
    prepare(lake)
    before = tables(lake)
    shutil.copytree(kept, folder / "once")
    once, disk = LocalStorage(str(folder / "once/lake")), BrokenDisk(folder / "once")
    with disk.watched():
        first = counts(whole_run(once, batches()))
    after = tables(once)
    again = counts(whole_run(once, batches()))
    assert tables(once) == after != before
    return Case(kept, batches, list(disk.steps), before, after, first, again, larger)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a run on an empty lake."""
    return undisturbed(tmp_path_factory.mktemp("small"), no_runs, small_run)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a run on a lake with seven index files, which are merged after it."""
    return undisturbed(tmp_path_factory.mktemp("large"), seven_runs, large_run, LARGER)


@pytest.fixture(params=["first run", "run of revisions, with a merge"])
def case(request: pytest.FixtureRequest) -> Case:
    name = "small" if request.param == "first run" else "large"
    found: Case = request.getfixturevalue(name)
    return found


# What a lake holds.


def tables(lake: LocalStorage) -> Tables:
    """Return the rows of each table but ``runs``, as the log names them."""
    if log.current_state(lake).number == 0:
        return {table: [] for table in TABLES if table != RUNS}
    return {table: sorted(json.dumps(row) for row in rows(lake, table)) for table in TABLES if table != RUNS}


def visible(lake: LocalStorage) -> set[str]:
    """Return the files that a glob finds in the tables and in the index."""
    root = Path(lake.root)
    return {
        str(path.relative_to(root))
        for place in (*TABLES, INDEX, INPUTS)
        for path in root.glob(f"{place}/**/*")
        if path.is_file()
    }


def named(lake: LocalStorage) -> set[str]:
    """Return every path that an entry of the log added."""
    state = log.current_state(lake)
    return {file.path for entry in log.entries_after(lake, 0, state.number) for file in entry.added}


def check_files(lake: LocalStorage, state: LakeState) -> None:
    """Check that every live file is there and whole, and that no other file is visible."""
    for file in state.live:
        data = lake.read(file.path)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256), file.path
    assert visible(lake) == named(lake)


def check_before_or_after(lake: LocalStorage, case: Case, *, reader_first: bool) -> bool:
    """Check that reader and next writer see the lake as before the run or as after it.

    Return True if it is as after the run.
    """
    assert visible(lake) <= named(lake)
    if reader_first:
        check_files(lake, recover.state_in_place(lake))
        now = tables(lake)
        assert now in (case.before, case.after)
        recover.prepare(lake)
        assert tables(lake) == now
    check_files(lake, recover.prepare(lake))
    now = tables(lake)
    assert now in (case.before, case.after)
    return now == case.after


def check_run_again(lake: LocalStorage, case: Case, *, is_after: bool) -> None:
    """Check that the same run again adds the missing rows, and no row twice."""
    outcome = whole_run(lake, case.batches())
    assert outcome.status is Status.COMMITTED
    assert counts(outcome) == (case.again if is_after else case.first)
    check_files(lake, recover.prepare(lake))
    assert tables(lake) == case.after
    assert len(rows(lake, RUNS)) == sum(entry.summary is not None for entry in entries(lake))
    assert (lake.list(STAGING), lake.list(DRAFTS)) == ([], [])
    assert not files_to_merge(log.read_state(lake).index)


def entries(lake: LocalStorage) -> list[LogEntry]:
    return list(log.entries_after(lake, 0, log.current_state(lake).number))


# Faults at each step.


def chosen_steps(case: Case, every: int, operations: Iterable[str] = OPERATIONS) -> list[int]:
    """Return one of ``every`` steps of each operation, chosen at random; fewer in a larger run."""
    chance, chosen = random.Random(every), []
    for operation in sorted(operations):
        found = [at for at, step in enumerate(case.steps, 1) if step[0] == operation]
        chosen += chance.sample(found, math.ceil(len(found) / (every * case.larger)))
    return sorted(chosen)


def strike_each(case: Case, steps: Iterable[int], attempt: Callable[[int], None]) -> None:
    """Try each step of a case, and report all failures at the end."""
    try_each([(at, *case.steps[at - 1]) for at in steps], lambda step: attempt(step[0]))


@pytest.fixture
def top(tmp_path: Path) -> Iterator[Callable[[Case], Path]]:
    """Give a new copy of a case's folder with each call."""
    numbers = iter(range(100_000))

    def copy(case: Case) -> Path:
        place = tmp_path / str(next(numbers))
        shutil.copytree(case.folder, place)
        return place

    yield copy
    shutil.rmtree(tmp_path, ignore_errors=True)


Copy = Callable[[Case], Path]


def disturb(disk: BrokenDisk, case: Case, fault: Fault) -> bool:
    """Run with a fault, and return whether the run was told that it is committed.

    The run may raise only errors that the command line explains.
    """
    acknowledged: list[Outcome] = []
    with disk.watched(fault), suppress(KilledError, OSError, LakeError):
        whole_run(LocalStorage(f"{disk.top}/lake"), case.batches(), acknowledged)
    assert len(disk.steps) >= fault.at
    return any(outcome.status is Status.COMMITTED for outcome in acknowledged)


def test_every_operation_of_a_store_is_among_the_steps(case: Case) -> None:
    assert {operation for operation, _ in case.steps} == OPERATIONS
    assert {case.steps[at - 1][0] for at in chosen_steps(case, max(FAULTS.values()))} == OPERATIONS


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_at_any_step_leaves_the_lake_as_before_or_as_after_and_the_same_run_goes_on(
    case: Case, kind: str, top: Copy
) -> None:
    def attempt(at: int) -> None:
        disk = BrokenDisk(top(case))
        lake = LocalStorage(f"{disk.top}/lake")
        was_told = disturb(disk, case, Fault(at, kind))
        is_after = check_before_or_after(lake, case, reader_first=bool(at % 2))
        assert is_after or not was_told
        check_run_again(lake, case, is_after=is_after)

    strike_each(case, chosen_steps(case, FAULTS[kind], ["write"] if kind == "torn" else OPERATIONS), attempt)


@pytest.mark.parametrize("luck", LUCK)
def test_a_power_loss_at_any_step_leaves_the_lake_as_before_or_as_after_and_the_same_run_goes_on(
    case: Case, luck: str, top: Copy
) -> None:
    def attempt(at: int) -> None:
        disk = BrokenDisk(top(case))
        was_told = disturb(disk, case, Fault(at))
        place = disk.top.with_name(f"{disk.top.name}-after")
        disk.lose_power(place, None if luck.startswith("all") else random.Random(f"{luck} {at}"))
        lake = LocalStorage(f"{place}/lake")
        is_after = check_before_or_after(lake, case, reader_first=bool(at % 2))
        assert is_after or not was_told
        check_run_again(lake, case, is_after=is_after)

    strike_each(case, chosen_steps(case, LUCK[luck]), attempt)


@pytest.mark.parametrize("kind", ["killed", "EIO"])
def test_what_a_run_adds_after_a_fault_at_any_step_of_another_outlives_a_power_loss(
    case: Case, kind: str, top: Copy
) -> None:
    """The next run does not take the remains of the first one for durable.

    Such remains are, for example, a folder whose name is not durable.
    """

    def attempt(at: int) -> None:
        disk = BrokenDisk(top(case))
        disturb(disk, case, Fault(at, kind))
        with disk.watched():
            assert whole_run(LocalStorage(f"{disk.top}/lake"), case.batches()).status is Status.COMMITTED
        place = disk.top.with_name(f"{disk.top.name}-after")
        disk.lose_power(place)
        assert check_before_or_after(LocalStorage(f"{place}/lake"), case, reader_first=bool(at % 2))

    strike_each(case, chosen_steps(case, FAULTS[kind]), attempt)
