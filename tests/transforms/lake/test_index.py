"""The keys index: what is written is found, whatever the sizes."""

from pathlib import Path

import numpy as np
import pytest

from transforms.lake import columns, index
from transforms.lake.index import FENCE_EVERY, MERGE_AT, IndexFile, UnknownAlgoError


def hashes(seed: int, count: int) -> index.Hashes:
    random = np.random.default_rng(seed)
    return random.integers(0, 2**64, count, np.uint64), random.integers(0, 2**64, count, np.uint64)


def aliases(keys: index.Hashes) -> dict[str, index.Rows]:
    return {"aliases": {"key_hi": keys[0], "key_lo": keys[1], "id_hi": keys[0] ^ np.uint64(1), "id_lo": keys[1]}}


@pytest.mark.parametrize("stored", [0, 1, FENCE_EVERY, 3 * FENCE_EVERY + 5])
@pytest.mark.parametrize("asked", [1, 5000])
def test_every_stored_key_is_found_and_no_other(tmp_path: Path, stored: int, asked: int) -> None:
    keys = hashes(1, stored)
    index.write(tmp_path / "one", aliases(keys))
    strange = hashes(2, asked)
    query = np.concatenate([strange[0], keys[0][:7]]), np.concatenate([strange[1], keys[1][:7]])
    found, rows = index.find([IndexFile(tmp_path / "one")], "aliases", query)
    assert sorted(found.tolist()) == list(range(asked, asked + min(stored, 7)))
    assert set(rows["id_hi"].tolist()) == set((keys[0][:7] ^ np.uint64(1)).tolist())


def test_keys_that_agree_in_one_half_only_are_told_apart(tmp_path: Path) -> None:
    half = np.array([7, 7], np.uint64), np.array([1, 2], np.uint64)
    index.write(tmp_path / "one", aliases(half))
    found, rows = index.find([IndexFile(tmp_path / "one")], "aliases", (np.array([7, 7], np.uint64), np.array([2, 3], np.uint64)))
    assert found.tolist() == [0]
    assert rows["id_lo"].tolist() == [2]


def test_many_rows_under_one_key_are_all_found_across_a_fence(tmp_path: Path) -> None:
    same = np.full(2 * FENCE_EVERY, 9, np.uint64), np.arange(2 * FENCE_EVERY, dtype=np.uint64)
    index.write(tmp_path / "one", aliases(same))
    opened = IndexFile(tmp_path / "one")
    for wanted in (0, FENCE_EVERY - 1, FENCE_EVERY, 2 * FENCE_EVERY - 1):
        found, _ = opened.find("aliases", (np.array([9], np.uint64), np.array([wanted], np.uint64)))
        assert len(found) == 1


def test_merged_files_answer_as_the_files_did(tmp_path: Path) -> None:
    parts = [hashes(seed, 100) for seed in range(3)]
    for number, part in enumerate(parts):
        index.write(tmp_path / str(number), aliases(part))
    files = [IndexFile(tmp_path / str(number)) for number in range(3)]
    index.write(tmp_path / "all", index.merged([file.tables for file in files]))
    query = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    before, after = index.find(files, "aliases", query), index.find([IndexFile(tmp_path / "all")], "aliases", query)
    assert sorted(before[0].tolist()) == sorted(after[0].tolist()) == list(range(300))


def test_a_tier_is_merged_once_it_has_enough_files() -> None:
    few = {f"small{number}": 100 for number in range(MERGE_AT - 1)}
    assert index.to_merge({**few, "large": 1_000_000}) == []
    assert sorted(index.to_merge({**few, "one more": 101, "large": 1_000_000})) == sorted([*few, "one more"])


def test_an_index_of_unknown_rules_is_a_named_error(tmp_path: Path) -> None:
    columns.write(tmp_path / "old", {}, {"algo": "keys-0"})
    with pytest.raises(UnknownAlgoError, match="keys-0"):
        IndexFile(tmp_path / "old")
