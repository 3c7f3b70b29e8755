"""Two writers: one stops before any of its operations while the other one runs.

A stopped writer stands for a slow machine, a suspended laptop, or a worker whose launcher was
killed. In every order, the lake must hold the rows that one run after another would have written,
in the order of the log.
"""

import hashlib
import os
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from lake_runs import Runs, article_batch, reject_batch, rows
from lake_writers import Serial, Story
from memory_storage import MemoryStorage, Trouble
from stopped_writer import Operation, StoppedWriter, operations_of
from stress import IS_FULL, try_each

from newslake.pipeline.run.merge import merge_small_files
from newslake.schemas.raw import RunFacts
from newslake.schemas.staging import StagedBatch
from newslake.schemas.tables import INDEX, LOG, STAGING, log_name
from newslake.transforms.deduplicate.index.merge import MERGE_AT, files_to_merge
from newslake.transforms.lake import commit, log, recover
from newslake.transforms.lake.commit import CommitSettings, Outcome, Status, Work, commit_run
from newslake.transforms.lake.log import Operation as Act
from newslake.transforms.storage.base import LakeError, Lock, Storage
from newslake.transforms.storage.local import DRAFTS, LocalStorage

BEFORE: dict[str, list[Story]] = {
    "known-0": [(3, 30), (5, 50)],
    **{f"known-{number}": [(100 + number, 1000 + number)] for number in range(1, 8)},
}
"""The runs before. Seven index files have one row; one more file makes a run merge them."""
HEAD = len(BEFORE)
BROUGHT: dict[str, list[Story]] = {
    "a": [(1, 10), (2, 20), (3, 31), (7, 50), (9, 90)],
    "b": [(1, 11), (8, 20), (3, 32), (9, 90), (10, 100)],
    "c": [(2, 20), (1, 12), (3, 33), (11, 110)],
    "small": [(12, 120)],
}
"""Runs that conflict.

Any two of them have different versions of one new article, one text under two ids, two revisions,
and an article that is the same in both."""
REJECTS = {"a": (7, 8), "b": (8, 9), "c": (9,), "small": ()}


def stories_of(key: str) -> list[Story]:
    return BROUGHT[key] if key in BROUGHT else BEFORE[key]


def batches(key: str) -> list[StagedBatch]:
    articles = article_batch(*((story, content, 20230300 + content % 3 * 100) for story, content in stories_of(key)))
    return [articles, *(reject_batch(one) for one in REJECTS.get(key, ()))]


def whole_run(lake: Storage, key: str) -> Outcome:
    return Runs(lake).run(*batches(key), run_key=key)


def run_of(key: str) -> Callable[[Storage], Outcome]:
    return lambda lake: whole_run(lake, key)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> LocalStorage:
    """Return a lake with the runs before."""
    lake = LocalStorage(str(tmp_path_factory.mktemp("known") / "lake"))
    for key in BEFORE:
        whole_run(lake, key)
    return lake


Copy = Callable[[], LocalStorage]


@pytest.fixture
def copy(known: LocalStorage, tmp_path: Path) -> Copy:
    """Give a new copy of the known lake with each call."""
    numbers = iter(range(10_000))

    def make() -> LocalStorage:
        place = tmp_path / str(next(numbers))
        shutil.copytree(known.root, place)
        return LocalStorage(str(place))

    return make


def in_memory(lake: LocalStorage, trouble: Trouble = Trouble()) -> MemoryStorage:  # noqa: B008 - it is frozen
    root = Path(lake.root)
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return MemoryStorage(trouble=trouble, files=files)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no writer wait for its rival, which is stopped, or for fsync."""
    lock = LocalStorage.lock

    def lock_at_once(
        lake: LocalStorage, name: str, *, wait_seconds: float = 0, make_folder: bool = True
    ) -> Lock | None:
        del wait_seconds
        return lock(lake, name, make_folder=make_folder)

    monkeypatch.setattr(commit, "_JITTER_SECONDS", 0)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(LocalStorage, "lock", lock_at_once)


# The rows that a lake must hold afterwards.


def check(lake: Storage, *keys: str) -> None:
    """Check that the lake equals one that got the runs of the keys one after another.

    No row is lost, and no row is there twice.
    """
    recover.prepare(lake)
    state = log.read_state(lake)
    entries = [entry for entry in log.entries_after(lake, 0, state.number) if entry.summary is not None]
    assert Counter(str(entry.run_key) for entry in entries) == Counter([*BEFORE, *keys])
    serial = Serial()
    for entry in entries:
        key = str(entry.run_key)
        assert entry.summary is not None
        expected = serial.run(stories_of(key))
        assert {name: entry.summary[name] for name in expected} == expected, key
    assert sorted((row["id"], row["article_body"]) for row in rows(lake, "articles")) == sorted(serial.articles)
    assert sorted((row["id"], row["revision"]) for row in rows(lake, "revisions")) == sorted(serial.revisions)
    assert sorted((row["id"], row["duplicate_of"]) for row in rows(lake, "duplicates")) == sorted(serial.duplicates)
    assert sorted(row["detail"] for row in rows(lake, "rejects")) == sorted(
        {str(one) for key in keys for one in REJECTS[key]}
    )
    for file in state.live:
        assert hashlib.sha256(lake.read(file.path)).hexdigest() == file.sha256, file.path
    if lake.has_locks:
        assert (lake.list(STAGING), lake.list(DRAFTS)) == ([], [])
    known_to_the_index(lake, *keys)


def known_to_the_index(lake: Storage, *keys: str) -> None:
    """Check that a run with every story once more finds all of them unchanged."""
    runs, brought = Runs(lake), [story for key in [*BEFORE, *keys] for story in stories_of(key)]
    run = runs.begin()
    work = runs.work(run, article_batch(*((story, content, 0) for story, content in brought)))
    assert work.decision.unchanged == len(brought)
    recover.end_without_commit(lake, run, has_workers=False)
    runs.let_go(run)


Step = tuple[int, str, str]
"""The number of an operation, its kind, and the name of its file or folder."""


_TELLING = ("create", "link", "lock", "delete", "delete_folder")
"""A stop is tried before all of these operations, and before one in three of the others.

In ``make stress`` it is tried before all.
"""


def steps(operations: Sequence[Operation]) -> list[Step]:
    """Number the operations from 1 on, and leave out those before which a stop changes nothing.

    Entries that were committed before never change, so reading them is left out. The other
    operations come in rows of one kind, such as one link after another. The first and the last
    operation represent a row, and so does the second link of a row of links.
    """
    old = {("read", log_name(number)) for number in range(HEAD + 1)}
    numbered = [(number, *operation) for number, operation in enumerate(operations, 1) if operation not in old]
    telling = [
        step for step in numbered if step[1] not in ("stat", "local_copy") or not step[2].startswith((LOG, INDEX))
    ]
    chosen = []
    for _, row in groupby(telling, lambda step: step[1]):
        first, *more = row
        chosen += sorted({first, *more[-1:], *(step for step in more[:1] if step[1] == "link")})
    return [step for place, step in enumerate(chosen) if IS_FULL or step[1] in _TELLING or place % 3 == 0]


# A run beside another one.


@pytest.mark.parametrize(("other", "store"), [("a", "disk"), ("b", "disk"), ("b", "object store")])
def test_a_run_is_stopped_before_any_operation_while_another_runs(
    copy: Copy, store: str, other: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The other run has articles of its own, or the same key."""

    def attempt(step: Step) -> None:
        lake = copy() if store == "disk" else in_memory(copy())
        slow = StoppedWriter(lake, run_of("a"))
        slow.run_to(step[0])
        fast = whole_run(lake, other)
        outcome = slow.finish()
        assert (
            (fast.entry, outcome.entry) in {(HEAD + 1, HEAD + 1)}
            if other == "a"
            else {(HEAD + 1, HEAD + 2), (HEAD + 2, HEAD + 1)}
        )
        check(lake, *{"a", other})
        assert not caplog.records

    lake = copy() if store == "disk" else in_memory(copy())
    try_each(steps(operations_of(lake, run_of("a"))), attempt)


@pytest.mark.parametrize("seed", range(24 if IS_FULL else 6))
def test_three_writers_in_an_order_drawn_by_lot(copy: Copy, seed: int) -> None:
    chance = random.Random(seed)
    lake = copy() if seed % 2 else in_memory(copy())
    writers = [StoppedWriter(lake, run_of(key)) for key in "abc"]
    while left := [writer for writer in writers if not writer.is_over]:
        one = chance.choice(left)
        one.run_to(len(one.operations) + chance.randrange(1, 60))
    assert {writer.finish().status for writer in writers} == {Status.COMMITTED}
    check(lake, *"abc")


# A worker that lives on without its launcher.


class Worker:
    """A worker of run ``key``.

    Its launcher holds the lock of the staging folder until ``lose_launcher``.
    """

    def __init__(self, lake: Storage, key: str = "a") -> None:
        self._launcher = Runs(lake)
        self.run = self._launcher.begin(key)
        self._writer = StoppedWriter(lake, lambda store: Runs(store).finish(self.run, *batches(key)))

    def lose_launcher(self) -> None:
        self._launcher.let_go(self.run)

    def run_to(self, stops: int | Callable[[Operation], bool]) -> None:
        self._writer.run_to(stops)

    @property
    def operations(self) -> list[Operation]:
        return self._writer.operations

    def finish(self) -> Outcome | None:
        """Let the worker run to its end; return its outcome, or None if its files are gone."""
        try:
            return self._writer.finish()
        except (LakeError, OSError):
            return None


def is_append(operation: Operation) -> bool:
    return operation[0] == "create" and operation[1].startswith(LOG)


def is_link(operation: Operation) -> bool:
    return operation[0] == "link"


def is_in_the_log(lake: Storage, key: str) -> bool:
    return key in log.current_state(lake).run_keys


def run_again_unless_committed(lake: Storage, key: str) -> None:
    if not is_in_the_log(lake, key):
        assert whole_run(lake, key).status is Status.COMMITTED


def operations_of_worker(lake: Storage) -> list[Operation]:
    worker = Worker(lake)
    worker.finish()
    worker.lose_launcher()
    return worker.operations


def test_a_worker_whose_launcher_was_killed_is_stopped_before_any_operation_while_another_run_sweeps(
    copy: Copy,
) -> None:
    def attempt(step: Step) -> None:
        lake = copy()
        worker = Worker(lake)
        worker.run_to(step[0])
        worker.lose_launcher()
        assert whole_run(lake, "b").status is Status.COMMITTED
        was_committed = is_in_the_log(lake, "a")
        outcome = worker.finish()
        assert is_in_the_log(lake, "a") is (
            was_committed or (outcome is not None and outcome.status is Status.COMMITTED)
        )
        assert outcome is not None or not was_committed
        run_again_unless_committed(lake, "a")
        check(lake, "a", "b")

    try_each(steps(operations_of_worker(copy())), attempt)


@pytest.mark.parametrize("store", ["disk", "object store"])
def test_a_worker_is_stopped_before_any_operation_while_its_launcher_gives_up(copy: Copy, store: str) -> None:
    """After an interrupt the launcher ends its run in the log, because the worker may continue."""

    def attempt(step: Step) -> None:
        lake = copy() if store == "disk" else in_memory(copy())
        worker = Worker(lake)
        worker.run_to(step[0])
        found = recover.end_without_commit(lake, worker.run, has_workers=True)
        worker.lose_launcher()
        outcome = worker.finish()
        assert is_in_the_log(lake, "a") is (found is not None)
        if found is not None:
            assert outcome is not None
            assert (outcome.status, outcome.entry) == (Status.COMMITTED, found.number)
        run_again_unless_committed(lake, "a")
        check(lake, "a")

    lake = copy() if store == "disk" else in_memory(copy())
    try_each(steps(operations_of_worker(lake)), attempt)


@pytest.mark.parametrize("then", ["appends", "appended", "ended"])
@pytest.mark.parametrize("so_far", ["no file", "staged", "about to append"])
def test_a_sweeper_is_stopped_before_any_operation_while_a_worker_goes_on(copy: Copy, so_far: str, then: str) -> None:
    """The worker's launcher is dead, so the sweeper takes the folder for that of a dead run."""
    until = {"no file": 1, "staged": lambda operation: operation[0] == "list", "about to append": is_append}[so_far]
    goal = {"appends": is_append, "appended": is_link, "ended": lambda _: False}[then]

    def attempt(step: Step) -> None:
        lake = copy()
        worker = Worker(lake)
        worker.run_to(until)  # type: ignore[arg-type]
        worker.lose_launcher()
        sweeper = StoppedWriter(lake, recover.prepare)
        sweeper.run_to(step[0])
        if not (then == so_far == "about to append"):
            worker.run_to(goal)
        sweeper.finish()
        worker.finish()
        run_again_unless_committed(lake, "a")
        check(lake, "a")

    lake = copy()
    worker = Worker(lake)
    worker.run_to(until)  # type: ignore[arg-type]
    worker.lose_launcher()
    try_each(steps(operations_of(lake, recover.prepare)), attempt)


NAMED_STEPS: dict[str, tuple[Callable[[Operation], bool], str]] = {
    "before it stages": (lambda operation: operation[0] == "write", "other first"),
    "after it staged, before its base": (lambda operation: operation[0] == "list", "other first"),
    "after the attempt was opened": (lambda operation: operation[0] == "local_copy", "other first"),
    "while it builds": (lambda operation: operation[0] == "write" and "/out-" in operation[1], "other first"),
    "between the check of the files and the note": (lambda operation: operation[1].endswith("/tried"), "other first"),
    "between the check of the entries and the append": (is_append, "other first"),
    "after the entry and before the links": (is_link, "this first"),
    "after the links": (
        lambda operation: operation[0] == "settle" and operation[1].startswith("articles"),
        "this first",
    ),
    "before the hint": (lambda operation: operation[0] == "replace", "this first"),
}


@pytest.mark.parametrize("step", NAMED_STEPS)
@pytest.mark.parametrize("launcher", ["alive", "dead"])
def test_what_becomes_of_a_worker_that_is_stopped_while_another_run_commits(
    copy: Copy, step: str, launcher: str
) -> None:
    stops, order = NAMED_STEPS[step]
    lake = copy()
    worker = Worker(lake)
    worker.run_to(stops)
    if launcher == "dead":
        worker.lose_launcher()
    assert whole_run(lake, "b").status is Status.COMMITTED
    outcome = worker.finish()
    fresh = list(log.entries_after(lake, HEAD, log.read_state(lake).number))
    keys = [entry.run_key for entry in fresh if entry.summary]
    swept = [folder for entry in fresh for folder in entry.swept]
    if order == "this first":
        assert outcome is not None
        assert (outcome.status, outcome.entry, keys, swept) == (Status.COMMITTED, HEAD + 1, ["a", "b"], [])
    elif launcher == "alive":
        assert outcome is not None
        assert (outcome.status, keys, swept) == (Status.COMMITTED, ["b", "a"], [])
    elif swept == [] and step == "before it stages":  # an empty folder may go without an entry
        assert outcome is not None
        assert (outcome.status, keys) == (Status.COMMITTED, ["b", "a"])
    else:
        assert outcome is None or outcome.status is Status.BUSY
        assert (keys, swept) == (["b"], [worker.run.staging])
    if launcher == "alive":
        worker.lose_launcher()
    run_again_unless_committed(lake, "a")
    check(lake, "a", "b")


# One commit step that runs twice.


@dataclass(frozen=True)
class Built:
    """A run that has built its files in a lake's staging."""

    lake: Storage
    runs: Runs
    run: RunFacts
    work: Work

    def commit(self, store: Storage) -> Outcome:
        runs = Runs(store)
        return commit_run(store, self.run, self.work, runs.acts, runs.settings)


def built_on(lake: Storage, launcher: str, rival: str) -> Built:
    runs = Runs(lake)
    run = runs.begin("a")
    built = Built(lake, runs, run, runs.work(run, *batches("a")))
    if rival == "a rival":
        whole_run(lake, "b")
    if launcher == "dead":
        runs.let_go(run)
    return built


@pytest.mark.parametrize("rival", ["no rival", "a rival"])
@pytest.mark.parametrize("place", ["disk, launcher alive", "disk, launcher dead", "object store"])
def test_a_commit_step_that_is_stopped_before_any_operation_while_its_twin_runs(
    copy: Copy, place: str, rival: str
) -> None:
    """A runner may start one step twice. There is one entry, and both steps return it."""

    def start() -> Built:
        lake = in_memory(copy()) if place == "object store" else copy()
        return built_on(lake, "dead" if place.endswith("dead") else "alive", rival)

    def attempt(step: Step) -> None:
        built = start()
        first = StoppedWriter(built.lake, built.commit)
        first.run_to(step[0])
        second = built.commit(built.lake)
        outcome = first.finish()
        assert (outcome.status, outcome.entry, outcome.summary) == (second.status, second.entry, second.summary)
        if built.runs.locks.get(built.run.commit):
            built.runs.let_go(built.run)
        check(built.lake, "a", *(["b"] if rival == "a rival" else []))

    built = start()
    try_each(steps(operations_of(built.lake, built.commit)), attempt)


@pytest.mark.parametrize("number", range(5))
def test_a_commit_step_that_two_threads_run_at_once(copy: Copy, number: int) -> None:
    built, both = built_on(copy(), "alive", "a rival" if number % 2 else "no rival"), threading.Barrier(2)

    def run() -> Outcome:
        both.wait(10)
        return built.commit(built.lake)

    with ThreadPoolExecutor(2) as pool:
        one, other = (future.result() for future in [pool.submit(run), pool.submit(run)])
    assert (one.entry, one.summary) == (other.entry, other.summary)
    built.runs.let_go(built.run)
    check(built.lake, "a", *(["b"] if number % 2 else []))


# Merging beside other writers.


def with_eight_index_files(lake: Storage) -> Storage:
    """Commit one more small run without the merge after it, and return the lake."""
    runs = Runs(lake)
    run = runs.begin("small")
    assert runs.finish(run, *batches("small")).status is Status.COMMITTED
    runs.let_go(run)
    recover.prepare(lake)
    assert len(files_to_merge(log.read_state(lake).index)) == MERGE_AT
    return lake


def merges(lake: Storage) -> int:
    return sum(entry.operation is Act.MERGE for entry in log.entries_after(lake, 0, log.read_state(lake).number))


ACTS: dict[str, Callable[[Storage], object]] = {
    "a run": run_of("a"),
    "a merge": merge_small_files,
    "a sweep": recover.prepare,
}


@pytest.mark.parametrize(
    ("stopped", "other", "store"),
    [
        ("a merge", "a merge", "disk"),
        ("a merge", "a merge", "object store"),
        ("a merge", "a run", "disk"),
        ("a merge", "a run", "object store"),
        ("a run", "a merge", "disk"),
        ("a merge", "a sweep", "disk"),
    ],
)
def test_a_merge_beside_another_writer_of_which_one_is_stopped_before_any_operation(
    copy: Copy, stopped: str, other: str, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    def start() -> Storage:
        return with_eight_index_files(copy() if store == "disk" else in_memory(copy()))

    def attempt(step: Step) -> None:
        lake = start()
        slow = StoppedWriter(lake, ACTS[stopped])
        slow.run_to(step[0])
        ACTS[other](lake)
        slow.finish()
        assert not caplog.records, caplog.records[0].getMessage()
        assert merges(lake) == 1
        check(lake, "small", *(["a"] if "a run" in (stopped, other) else []))

    try_each(steps(operations_of(start(), ACTS[stopped])), attempt)


# Requests that land late.


def lose_the_append(lake: MemoryStorage) -> RunFacts:
    """Return a run that gave up, although the store took its entry without a reply."""
    runs = Runs(lake, settings=CommitSettings("local", "1", wait_seconds=0))
    run = runs.begin("a")
    work = runs.work(run, *batches("a"))
    lake.trouble = Trouble(late=1)
    assert runs.commit(run, work).status is Status.BUSY
    lake.trouble = Trouble()
    lake.late = [(name, data) for name, data in lake.late if name.startswith(LOG)]
    assert len(lake.late) == 1
    return run


def test_an_entry_that_lands_before_any_operation_of_the_end_of_its_run(copy: Copy) -> None:
    """The log holds either the entry, with its files, or the entry that sweeps them."""
    ends = set()

    def attempt(step: Step) -> None:
        lake = in_memory(copy())
        run = lose_the_append(lake)
        late, lake.late = lake.late, []
        ending = StoppedWriter(lake, lambda store: recover.end_without_commit(store, run, has_workers=False))
        ending.run_to(step[0])
        lake.late = late
        lake.land_all()
        found = ending.finish()
        assert is_in_the_log(lake, "a") is (found is not None)
        ends.add(found is not None)
        run_again_unless_committed(lake, "a")
        check(lake, "a")

    lake = in_memory(copy())
    run = lose_the_append(lake)
    lake.late = []
    end = operations_of(lake, lambda store: recover.end_without_commit(store, run, has_workers=False))
    try_each(steps(end), attempt)
    assert ends == {True, False}


@pytest.mark.parametrize("first", ["the entry", "the sweep"])
@pytest.mark.parametrize("beside", ["alone", "another run commits before", "another run commits after"])
def test_an_entry_and_the_sweep_of_its_folder_both_land_late(copy: Copy, first: str, beside: str) -> None:
    lake = in_memory(copy())
    run = lose_the_append(lake)
    entry, lake.late, lake.trouble = lake.late, [], Trouble(late=1)
    with pytest.raises(OSError, match="may land later"):
        recover.end_without_commit(lake, run, has_workers=False)
    sweep, lake.late, lake.trouble = [one for one in lake.late if one[0].startswith(LOG)], [], Trouble()
    if beside == "another run commits before":
        whole_run(lake, "b")
    for late in [entry, sweep] if first == "the entry" else [sweep, entry]:
        lake.late = late
        lake.land_all()
    if beside == "another run commits after":
        whole_run(lake, "b")
    assert is_in_the_log(lake, "a") is (first == "the entry" and beside != "another run commits before")
    run_again_unless_committed(lake, "a")
    check(lake, "a", *(["b"] if beside != "alone" else []))
