"""The rules that every store follows, and further rules of a disk."""

import errno
import multiprocessing
import os
from pathlib import Path

import pytest
from memory_storage import LostReplyError, MemoryStorage, Trouble

from newslake.transforms.storage.base import LakeError, Storage, UnsafeNameError
from newslake.transforms.storage.local import DRAFTS, LocalStorage


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return LocalStorage(str(tmp_path / "lake")) if request.param == "disk" else MemoryStorage()


@pytest.fixture
def disk(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path / "lake"))


def test_a_name_is_created_once(store: Storage) -> None:
    assert store.create("log/1", b"first")
    assert not store.create("log/1", b"second")
    assert store.read("log/1") == b"first"
    assert store.list("log") == ["1"]


def test_writing_gives_size_and_checksum(store: Storage) -> None:
    written = store.write("staging/x", [b"ab", b"", b"c"])
    assert (written.bytes, written.sha256) == (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert store.write("staging/y", [b"abc"], durable=False).sha256 == ""
    with pytest.raises(FileExistsError):
        store.write("staging/x", [b"again"])


def test_a_file_is_read_whole_or_in_part_and_as_a_local_copy(store: Storage) -> None:
    store.write("a/b", [b"0123456789"])
    assert (store.read("a/b"), store.read_range("a/b", 3, 4), store.read_range("a/b", 8, 9)) == (
        b"0123456789",
        b"3456",
        b"89",
    )
    assert store.local_copy("a/b").read_bytes() == b"0123456789"
    known = store.stat("a/b")
    assert known is not None
    assert known.bytes == 10


def test_what_is_not_there_is_not_there(store: Storage) -> None:
    assert (store.stat("a/b"), store.list("a")) == (None, [])
    for read in (store.read, store.local_copy, lambda name: store.read_range(name, 0, 1)):
        with pytest.raises(FileNotFoundError):
            read("a/b")
    store.delete("a/b")
    store.delete_folder("a")
    store.settle("a")
    with pytest.raises(FileNotFoundError):
        store.link("a/b", "c/d")


def test_linking_twice_changes_nothing(store: Storage) -> None:
    store.write("staging/x", [b"data"])
    store.link("staging/x", "articles/x")
    store.link("staging/x", "articles/x")
    store.delete_folder("staging")
    store.link("staging/x", "articles/x")
    assert store.read("articles/x") == b"data"
    assert store.list("staging") == []


def test_a_folder_lists_its_files_and_folders_in_order(store: Storage) -> None:
    for name in ("a/2", "a/1", "a/c/3", "b/4"):
        store.write(name, [b"x"])
    assert store.list("a") == ["1", "2", "c"]


def test_a_hint_is_written_anew(store: Storage) -> None:
    store.replace("hint", b"1")
    store.replace("hint", b"2")
    assert store.read("hint") == b"2"


UNSAFE = ["../x", "a/../../x", "/etc/passwd", "a\\b", "a\0b", "a//b", "./a", "a/", "", "C:x", "a\nb"]


@pytest.mark.parametrize("name", UNSAFE)
def test_no_operation_takes_a_name_that_may_lead_out_of_the_lake(store: Storage, name: str) -> None:
    operations = [
        lambda: store.create(name, b""),
        lambda: store.write(name, [b""]),
        lambda: store.replace(name, b""),
        lambda: store.read(name),
        lambda: store.read_range(name, 0, 1),
        lambda: store.list(name),
        lambda: store.stat(name),
        lambda: store.link(name, "a"),
        lambda: store.delete(name),
        lambda: store.delete_folder(name),
        lambda: store.settle(name),
        lambda: store.local_copy(name),
    ]
    for operation in operations:
        with pytest.raises(UnsafeNameError):
            operation()


@pytest.mark.parametrize("name", ["articles/x", "articles", "log/1"])
def test_a_symbolic_link_out_of_the_lake_is_refused_by_name(disk: LocalStorage, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "victim"
    outside.mkdir()
    (outside / "x").write_bytes(b"precious")
    disk.write("log/0", [b""])
    (tmp_path / "lake/articles").symlink_to(outside)
    (tmp_path / "lake/log/1").symlink_to(outside / "x")
    for operation in (disk.read, disk.stat, disk.delete, disk.delete_folder, disk.list, disk.local_copy, disk.settle):
        with pytest.raises(UnsafeNameError, match=f"'{name}' follows a symbolic link out of the lake"):
            operation(name)
    with pytest.raises(UnsafeNameError):
        disk.write(f"{name}/new", [b""])
    with pytest.raises(UnsafeNameError):
        disk.link("log/0", f"{name}/new")
    assert [path.name for path in outside.iterdir()] == ["x"]
    assert (outside / "x").read_bytes() == b"precious"


def test_a_lake_may_itself_be_reached_by_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "lake").symlink_to(tmp_path / "disk")
    lake = LocalStorage(str(tmp_path / "lake"))
    assert lake.create("log/1", b"x")
    assert (tmp_path / "disk/log/1").read_bytes() == b"x"


def test_a_lock_is_held_until_it_is_released(disk: LocalStorage) -> None:
    lock = disk.lock("staging/t/owner")
    assert lock is not None
    assert disk.lock("staging/t/owner") is None
    with lock:
        pass
    again = disk.lock("staging/t/owner")
    assert again is not None
    again.release()


def test_the_lock_of_a_file_that_was_deleted_meanwhile_is_no_lock(disk: LocalStorage) -> None:
    """A sweeper holds the lock of a folder until the folder is gone.

    An owner that waits for the lock must not take the deleted file for its own.
    """
    sweeper = disk.lock("staging/t/owner")
    assert sweeper is not None
    waiting = os.open(disk.local_copy("staging/t/owner"), os.O_RDWR)
    disk.delete_folder("staging/t")
    sweeper.release()
    os.close(waiting)
    assert disk.lock("staging/t/owner", make_folder=False) is None
    assert disk.list("staging") == []


def _hold(root: str, name: str, ready: "multiprocessing.Queue[bool]") -> None:
    lock = LocalStorage(root).lock(name)
    ready.put(lock is not None)
    multiprocessing.Event().wait()


def test_a_lock_dies_with_its_process(disk: LocalStorage) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    holder = context.Process(target=_hold, args=(disk.root, "turn", ready))
    holder.start()
    assert ready.get(timeout=60)
    assert disk.lock("turn") is None
    holder.kill()
    holder.join()
    lock = disk.lock("turn", wait_seconds=60)
    assert lock is not None
    lock.release()


def test_drafts_of_dead_writers_are_swept_and_those_of_living_ones_stay(disk: LocalStorage) -> None:
    disk.write(f"{DRAFTS}/dead", [b"half"])
    with disk._draft(b"data") as living:
        disk.sweep_drafts()
        assert disk.list(DRAFTS) == [living.name]
    assert disk.list(DRAFTS) == []


def test_a_folder_appears_with_its_lock_held_during_a_sweep_of_drafts(
    disk: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep of drafts must not delete a folder that its owner renames at this moment."""
    rename = Path.rename

    def rename_while_another_sweeps(draft: Path, final: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        disk.sweep_drafts()
        return rename(draft, final)

    monkeypatch.setattr(Path, "rename", rename_while_another_sweeps)
    lock = disk.lock("staging/t/owner")
    assert lock is not None
    assert disk.list("staging/t") == ["owner"]
    assert disk.lock("staging/t/owner") is None
    lock.release()


def test_a_folder_that_is_half_deleted_is_swept_with_the_drafts(disk: LocalStorage) -> None:
    disk.write(f"{DRAFTS}/0123/articles-1.lines", [b"x"])
    disk.sweep_drafts()
    assert disk.list(DRAFTS) == []


def test_nothing_is_left_of_a_create_that_fails(disk: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        disk.create("log/1", b"x")
    assert (disk.list("log"), disk.list(DRAFTS)) == ([], [])


def test_a_file_system_without_hard_links_is_a_sentence(disk: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(LakeError, match="no hard links, which a lake needs; put the lake on another file system"):
        disk.create("log/1", b"x")


# The store in memory disturbs a writer as an object store may do.


def test_a_lost_reply_may_hide_that_a_file_was_created() -> None:
    store = MemoryStorage(trouble=Trouble(lost=1))
    with pytest.raises(LostReplyError):
        store.create("log/1", b"x")
    assert store.read("log/1") == b"x"


def test_a_late_request_lands_only_where_the_name_is_still_free() -> None:
    store = MemoryStorage(trouble=Trouble(late=1))
    for name in ("log/1", "log/2"):
        with pytest.raises(LostReplyError):
            store.create(name, b"late")
    store.files["log/1"] = b"other"
    store.land_all()
    assert (store.read("log/1"), store.read("log/2")) == (b"other", b"late")


def test_a_name_that_exists_may_be_absent() -> None:
    store = MemoryStorage(trouble=Trouble(false_exists=1))
    assert not store.create("log/1", b"x")
    assert store.stat("log/1") is None
