"""The commit log."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.lake import CHECKPOINTS, log_name
from transforms.lake import log
from transforms.lake.log import CHECKPOINT_EVERY, LakeState, LiveFile, LogDamagedError, LogEntry, NotALakeError
from transforms.lake.storage import LakeError


def entry(number: int, token: str = "t", **more: object) -> LogEntry:
    base = LogEntry(number, token, f"run-{number}", f"key-{number}", "2026-01-02T03:04:05Z", summary={"new": 1})
    return replace(base, **more)  # type: ignore[arg-type]


def live(name: str) -> LiveFile:
    return LiveFile("articles", f"articles/{name}", 1, 10, "ab", f"_newslake/staging/{name}")


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    written = entry(1, files=(live("a"),), inputs=(log.Input("x", 1, 2.5),), swept=("dead",))
    assert log.append(str(tmp_path), written)
    assert log.read_entry(str(tmp_path), 1) == written


def test_a_number_is_given_once(tmp_path: Path) -> None:
    assert log.append(str(tmp_path), entry(1, "first"))
    assert not log.append(str(tmp_path), entry(1, "second"))
    stored = log.read_entry(str(tmp_path), 1)
    assert stored is not None
    assert stored.token == "first"
    assert [path.name for path in (tmp_path / "_newslake/log").iterdir()] == ["00000000000000000001.json"]


def _race(root: str, token: str, results: "multiprocessing.Queue[str]") -> None:
    if log.append(root, entry(1, token)):
        results.put(token)


def test_of_racing_writers_exactly_one_commits(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    racers = [context.Process(target=_race, args=(str(tmp_path), f"t{number}", results)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    winners = [results.get(timeout=5)]
    assert results.empty()
    stored = log.read_entry(str(tmp_path), 1)
    assert stored is not None
    assert [stored.token] == winners


def test_the_state_gathers_what_the_entries_add_and_remove(tmp_path: Path) -> None:
    root = str(tmp_path)
    log.append(root, entry(1, files=(live("a"),), index_added=(live("i1"),)))
    log.append(root, entry(2, files=(live("b"),), index_added=(live("i2"),), index_removed=("articles/i1",)))
    state = log.read_state(root)
    assert [file.path for file in state.files] == ["articles/a", "articles/b"]
    assert [file.path for file in state.index] == ["articles/i2"]
    assert state.run_keys == {"key-1": 1, "key-2": 2}
    assert [file.path for file in log.state_at(root, 1).index] == ["articles/i1"]


def test_a_rejects_only_entry_leaves_its_run_key_free(tmp_path: Path) -> None:
    log.append(str(tmp_path), entry(1, run_key=None))
    assert log.read_state(str(tmp_path)).run_keys == {}


def test_a_checkpoint_gives_the_same_state_as_the_entries(tmp_path: Path) -> None:
    root, state = str(tmp_path), LakeState()
    for number in range(1, CHECKPOINT_EVERY + 3):
        one = entry(number, files=(live(str(number)),))
        log.append(root, one)
        state = log.apply(state, one)
        if number == CHECKPOINT_EVERY:
            log.write_checkpoint(root, state)
    with_checkpoint = log.read_state(root)
    (tmp_path / CHECKPOINTS / f"{CHECKPOINT_EVERY:020d}.json").unlink()
    assert with_checkpoint == log.read_state(root) == state


def test_an_entry_that_was_changed_is_a_named_error(tmp_path: Path) -> None:
    log.append(str(tmp_path), entry(1))
    path = tmp_path / log_name(1)
    path.write_bytes(path.read_bytes().replace(b'"new":1', b'"new":2'))
    with pytest.raises(LogDamagedError, match="checksum"):
        log.read_state(str(tmp_path))


def test_a_folder_without_a_log_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(NotALakeError, match="newslake run"):
        log.read_state(str(tmp_path))


@pytest.mark.parametrize("path", ["s3://bucket/lake", "file"])
def test_a_lake_that_is_no_folder_is_a_named_error(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LakeError, match="--lake"):
        log.read_state(path if "://" in path else str(tmp_path / path))
