"""The keys index finds what was written, in any size."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from newslake.transforms.deduplicate.index import keys as index
from newslake.transforms.deduplicate.index.keys import FENCE_EVERY, IndexFile, UnknownAlgoError
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import LocalStorage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(str(tmp_path))


def hashes(seed: int, count: int) -> index.Hashes:
    random = np.random.default_rng(seed)
    return random.integers(0, 2**64, count, np.uint64), random.integers(0, 2**64, count, np.uint64)


def aliases(keys: index.Hashes) -> dict[str, index.Rows]:
    ids = {"id_hi": keys[0] ^ np.uint64(1), "id_lo": keys[1]}
    return {"aliases": {"key_hi": keys[0], "key_lo": keys[1], **ids, "commit": keys[0] ^ np.uint64(2)}}


@pytest.mark.parametrize("stored", [0, 1, FENCE_EVERY, 3 * FENCE_EVERY + 5])
@pytest.mark.parametrize("asked", [1, 5000])
def test_every_stored_key_is_found_and_no_other(storage: Storage, stored: int, asked: int) -> None:
    keys = hashes(1, stored)
    index.write(storage, "one", aliases(keys))
    strange = hashes(2, asked)
    query = np.concatenate([strange[0], keys[0][:7]]), np.concatenate([strange[1], keys[1][:7]])
    found, rows = index.find([IndexFile(storage, "one")], "aliases", query)
    assert sorted(found.tolist()) == list(range(asked, asked + min(stored, 7)))
    assert set(rows["id_hi"].tolist()) == set((keys[0][:7] ^ np.uint64(1)).tolist())
    assert set(rows["commit"].tolist()) == set((keys[0][:7] ^ np.uint64(2)).tolist())


def test_keys_that_agree_in_one_half_only_are_told_apart(storage: Storage) -> None:
    half = np.array([7, 7], np.uint64), np.array([1, 2], np.uint64)
    index.write(storage, "one", aliases(half))
    found, rows = index.find(
        [IndexFile(storage, "one")], "aliases", (np.array([7, 7], np.uint64), np.array([2, 3], np.uint64))
    )
    assert found.tolist() == [0]
    assert rows["id_lo"].tolist() == [2]


def test_many_rows_under_one_key_are_all_found_across_a_fence(storage: Storage) -> None:
    same = np.full(2 * FENCE_EVERY, 9, np.uint64), np.arange(2 * FENCE_EVERY, dtype=np.uint64)
    index.write(storage, "one", aliases(same))
    opened = IndexFile(storage, "one")
    for wanted in (0, FENCE_EVERY - 1, FENCE_EVERY, 2 * FENCE_EVERY - 1):
        found, _ = opened.find("aliases", (np.array([9], np.uint64), np.array([wanted], np.uint64)))
        assert len(found) == 1


def test_merged_files_answer_as_the_files_did(storage: Storage) -> None:
    parts = [hashes(seed, 100) for seed in range(3)]
    for number, part in enumerate(parts):
        index.write(storage, str(number), aliases(part))
    files = [IndexFile(storage, str(number)) for number in range(3)]
    index.write(storage, "all", index.merged([file.tables for file in files]))
    query = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    before, after = index.find(files, "aliases", query), index.find([IndexFile(storage, "all")], "aliases", query)
    assert sorted(before[0].tolist()) == sorted(after[0].tolist()) == list(range(300))


@pytest.mark.parametrize(
    ("algo", "remedy"),
    [
        ("keys-4", "newslake lake reindex --lake '{root}'"),
        (None, "lake reindex"),
        ("keys-99", "use the newslake that wrote it"),
    ],
)
def test_an_index_of_another_version_is_a_named_error_that_says_what_to_do(
    tmp_path: Path, algo: str | None, remedy: str
) -> None:
    lake = LocalStorage(str(tmp_path / "my lake"))
    columns.write(lake, "old", {}, {"algo": algo})
    with pytest.raises(UnknownAlgoError) as error:
        IndexFile(lake, "old")
    assert f"{algo!r}" in str(error.value)
    assert f"{index.ALGO!r}" in str(error.value)
    assert remedy.format(root=lake.root) in str(error.value)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
