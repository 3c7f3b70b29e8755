"""The commit log."""

import errno
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from newslake.schemas.tables import CHECKPOINTS, HEADS, log_name
from newslake.transforms.lake import log
from newslake.transforms.lake.log import (
    CHECKPOINT_EVERY,
    Failure,
    LakeState,
    LiveFile,
    LogDamagedError,
    LogEntry,
    NotALakeError,
    Operation,
)
from newslake.transforms.storage.base import LakeError, Storage, UnsafeNameError
from newslake.transforms.storage.local import LocalStorage, open_local

STAGED = "_newslake/staging/0-t"


@pytest.fixture
def lake(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path / "lake"))


def entry(commit: str = "t", **more: object) -> LogEntry:
    base = LogEntry(
        0, Operation.RUN, commit, STAGED, run_id=f"run-{commit}", run_key=f"key-{commit}", summary={"new": 1}
    )
    return replace(base, **more)  # type: ignore[arg-type]


def live(name: str, table: str = "articles") -> LiveFile:
    folder = {"index": "_newslake/index", "inputs": "_newslake/inputs"}.get(table, table)
    return LiveFile(table, f"{folder}/{name}", 1, 10, "ab", f"{STAGED}/{name}")


def append(lake: Storage, one: LogEntry) -> bool:
    return log.append(lake, log.current_state(lake), one)


def test_an_entry_comes_back_as_it_was(lake: LocalStorage) -> None:
    written = entry(
        files_added=(live("a"),),
        index_added=(live("i", "index"),),
        state_added=(live("s", "inputs"),),
        swept=("_newslake/staging/dead",),
        failures=(Failure("x", "missing", "gone"),),
        committed_at="2026-01-02T03:04:05Z",
    )
    assert append(lake, written)
    assert log.read_entry(lake, 1) == replace(written, number=1)


def test_a_number_is_given_once(lake: LocalStorage) -> None:
    empty = log.current_state(lake)
    assert log.append(lake, empty, entry("first"))
    assert not log.append(lake, empty, entry("second"))
    stored = log.read_entry(lake, 1)
    assert stored is not None
    assert stored.commit == "first"
    assert lake.list("_newslake/log") == ["00000000000000000001.json"]


def _race(root: str, commit: str, results: "multiprocessing.Queue[str]") -> None:
    if log.append(LocalStorage(root), LakeState(), entry(commit)):
        results.put(commit)


def test_exactly_one_of_several_racing_writers_commits(lake: LocalStorage) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    racers = [context.Process(target=_race, args=(lake.root, f"t{number}", results)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    winners = [results.get(timeout=5)]
    assert results.empty()
    stored = log.read_entry(lake, 1)
    assert stored is not None
    assert [stored.commit] == winners


def test_the_state_gathers_what_the_entries_add_and_remove(lake: LocalStorage) -> None:
    append(
        lake,
        entry(
            "1",
            files_added=(live("a"), live("old")),
            index_added=(live("i1", "index"),),
            state_added=(live("s1", "inputs"),),
        ),
    )
    second = entry(
        "2",
        files_added=(live("b"),),
        files_removed=("articles/old",),
        index_added=(live("i2", "index"),),
        index_removed=("_newslake/index/i1",),
        state_removed=("_newslake/inputs/s1",),
    )
    append(lake, second)
    state = log.read_state(lake)
    assert [file.path for file in state.files] == ["articles/a", "articles/b"]
    assert [file.path for file in state.index] == ["_newslake/index/i2"]
    assert [file.entry for file in state.files] == [1, 2]
    assert state.state == ()
    assert state.run_keys == {"key-1": 1, "key-2": 2}
    assert [file.path for file in log.state_at(lake, 1).index] == ["_newslake/index/i1"]


def test_an_entry_that_removes_what_is_not_live_is_a_named_error(lake: LocalStorage) -> None:
    append(lake, entry("1"))
    append(lake, entry("2", files_removed=("articles/a",)))
    with pytest.raises(LogDamagedError, match="removes articles/a, which is not live"):
        log.read_state(lake)


def test_an_entry_never_precedes_the_one_before_in_time(lake: LocalStorage) -> None:
    append(lake, entry("1", committed_at="2026-01-02T03:04:05Z"))
    append(lake, entry("2", committed_at="2020-01-01T00:00:00Z"))
    assert log.read_state(lake).committed_at == "2026-01-02T03:04:05Z"


def test_a_rejects_only_entry_leaves_its_run_key_free(lake: LocalStorage) -> None:
    append(lake, entry(run_key=None))
    assert log.read_state(lake).run_keys == {}


def test_a_checkpoint_gives_the_same_state_as_the_entries(lake: LocalStorage) -> None:
    for number in range(1, CHECKPOINT_EVERY + 3):
        append(lake, entry(str(number), files_added=(live(str(number)),)))
        if number == CHECKPOINT_EVERY:
            log.write_checkpoint(lake, log.current_state(lake))
    with_checkpoint = log.read_state(lake)
    lake.delete(f"{CHECKPOINTS}/{CHECKPOINT_EVERY:020d}.json")
    assert with_checkpoint == log.read_state(lake)
    assert len(with_checkpoint.files) == CHECKPOINT_EVERY + 2


def test_an_entry_that_was_changed_is_a_named_error(lake: LocalStorage) -> None:
    append(lake, entry())
    path = lake.local_copy(log_name(1))
    path.write_bytes(path.read_bytes().replace(b'"new":1', b'"new":2'))
    with pytest.raises(LogDamagedError, match="checksum"):
        log.read_state(lake)


def test_an_entry_that_was_exchanged_for_one_of_another_lake_is_a_named_error(
    lake: LocalStorage, tmp_path: Path
) -> None:
    other = LocalStorage(str(tmp_path / "other"))
    for one, first in ((lake, "a"), (other, "b")):
        append(one, entry(first))
        append(one, entry("2"))
    lake.local_copy(log_name(1)).write_bytes(other.read(log_name(1)))
    with pytest.raises(LogDamagedError, match="does not follow the entry before it"):
        log.read_state(lake)


def test_a_mark_tells_that_the_log_lost_its_end(lake: LocalStorage) -> None:
    for number in range(3):
        append(lake, entry(str(number)))
    assert log.read_state(lake).number == 3
    assert lake.list(HEADS) == ["00000000000000000003"]
    lake.delete(log_name(3))
    with pytest.raises(LogDamagedError, match=r"ends at entry 2, but entry 3 was read before.*--accept-shorter"):
        log.read_state(lake)
    assert log.accept_shorter(lake) == 2
    assert log.read_state(lake).number == 2
    assert append(lake, entry("again"))
    assert log.read_state(lake).number == 3


def test_the_loss_of_an_entry_that_nobody_read_goes_unnoticed(lake: LocalStorage) -> None:
    append(lake, entry("1"))
    append(lake, entry("2"))
    lake.delete(log_name(2))
    assert log.read_state(lake).number == 1


def test_an_entry_that_is_lost_below_a_checkpoint_is_a_named_error(lake: LocalStorage) -> None:
    for number in range(CHECKPOINT_EVERY + 1):
        append(lake, entry(str(number)))
        log.write_checkpoint(lake, log.current_state(lake))
    lake.delete(log_name(30))
    with pytest.raises(LogDamagedError, match=f"{log_name(30)} is missing, though entry 33 was read"):
        list(log.entries_after(lake, 20, log.read_state(lake).number))


def test_a_lake_that_was_copied_to_a_disk_without_hard_links_can_be_read(
    lake: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(lake, entry())

    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert log.read_state(lake).number == 1


def test_whoever_may_not_write_reads_the_log_without_a_mark(
    lake: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(lake, entry())

    def refuse(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(LocalStorage, "create", refuse)
    assert log.read_state(lake).number == 1
    assert lake.list(HEADS) == []


def test_a_folder_without_a_log_is_no_lake(lake: LocalStorage) -> None:
    with pytest.raises(NotALakeError, match="newslake run"):
        log.read_state(lake)


@pytest.mark.parametrize("path", ["s3://bucket/lake", "file"])
def test_a_lake_that_is_no_folder_is_a_named_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LakeError, match="--lake"):
        open_local(path if "://" in path else str(tmp_path / path))


UNSAFE = ["../../victim/home", "/etc/passwd", "a\\b", "a\0b", "articles/../../x", "C:x", "articles//x", "./x"]


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("place", ["path", "staged", "index", "state", "staging", "swept", "removed"])
def test_a_name_that_leads_out_of_the_lake_is_refused_by_name(lake: LocalStorage, place: str, name: str) -> None:
    hostile = {
        "path": entry(files_added=(replace(live("a"), path=name),)),
        "staged": entry(files_added=(replace(live("a"), staged=name),)),
        "index": entry(index_added=(replace(live("i", "index"), path=name),)),
        "state": entry(state_added=(replace(live("s", "inputs"), path=name),)),
        "staging": entry(staging=name),
        "swept": entry(swept=(name,)),
        "removed": entry(files_removed=(name,)),
    }[place]
    log.append(lake, LakeState(), hostile)
    with pytest.raises(UnsafeNameError) as refused:
        log.read_state(lake)
    assert refused.value.name == name


@pytest.mark.parametrize(
    "staging", ["articles", "_newslake", "_newslake/log", "_newslake/staging", "_newslake/staging/a/b"]
)
def test_a_staging_folder_stands_directly_in_its_place(lake: LocalStorage, staging: str) -> None:
    """Otherwise the cleaning after a commit would delete other folders."""
    log.append(lake, LakeState(), entry(staging=staging))
    with pytest.raises(UnsafeNameError, match=f"{staging}"):
        log.read_state(lake)


def test_a_document_of_another_shape_is_a_named_error(lake: LocalStorage) -> None:
    for document in ({}, {"number": 1}, {"number": 1, "operation": "nonsense"}, {"files_added": 5}):
        lake.delete(log_name(1))
        lake.create(log_name(1), log._sealed(document))
        with pytest.raises(LogDamagedError, match="not a document of this version"):
            log.read_state(lake)
