"""Files of the lake on a local disk."""

import errno
import os
from pathlib import Path

import pytest

from transforms.lake import storage


def test_a_file_is_created_once(tmp_path: Path) -> None:
    assert storage.create_if_absent(tmp_path / "x", b"first")
    assert not storage.create_if_absent(tmp_path / "x", b"second")
    assert (tmp_path / "x").read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]


def test_writing_gives_size_and_checksum(tmp_path: Path) -> None:
    size, sha256 = storage.write_new(tmp_path / "x", [b"ab", b"", b"c"])
    assert (size, sha256) == (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    with pytest.raises(FileExistsError):
        storage.write_new(tmp_path / "x", [b"again"])


def test_linking_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "staged").write_bytes(b"data")
    storage.link_or_copy(tmp_path / "staged", tmp_path / "final")
    storage.link_or_copy(tmp_path / "staged", tmp_path / "final")
    (tmp_path / "staged").unlink()
    storage.link_or_copy(tmp_path / "staged", tmp_path / "final")
    assert (tmp_path / "final").read_bytes() == b"data"


def test_a_file_system_without_hard_links_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "staged").write_bytes(b"data")
    storage.link_or_copy(tmp_path / "staged", tmp_path / "final")
    assert (tmp_path / "final").read_bytes() == b"data"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["final", "staged"]


def test_missing_parents_are_made(tmp_path: Path) -> None:
    storage.make_folder(tmp_path / "a/b/c")
    storage.make_folder(tmp_path / "a/b/c")
    assert (tmp_path / "a/b/c").is_dir()
