"""The files in which the lake remembers its sources, and their merging."""

import hashlib
from pathlib import Path

import pytest

from newslake.schemas import codec
from newslake.schemas.tables import FEEDS, INPUTS
from newslake.transforms.lake.log import LakeState, LiveFile
from newslake.transforms.lake.maintenance.merge_states import files_to_merge, merge_files
from newslake.transforms.lake.staging import Staging
from newslake.transforms.lake.state_files import Row, read_newest
from newslake.transforms.storage.compression import compress
from newslake.transforms.storage.local import LocalStorage


@pytest.fixture
def lake(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path / "lake"))


def write(lake: LocalStorage, folder: str, entry: int, rows: list[Row]) -> LiveFile:
    path = f"{folder}/part-{entry}-0.jsonl.gz"
    data = b"".join(compress([b"".join(codec.encode(row) + b"\n" for row in rows)], "gzip"))
    lake.create(path, data)
    return LiveFile(
        folder.rpartition("/")[2], path, len(rows), len(data), hashlib.sha256(data).hexdigest(), entry=entry
    )


@pytest.mark.parametrize(("folder", "source", "newness"), [(FEEDS, "feed", "checks"), (INPUTS, "uri", "read_at")])
def test_merging_keeps_the_newest_row_of_each_source(
    lake: LocalStorage, folder: str, source: str, newness: str
) -> None:
    files = [
        write(
            lake, folder, entry, [{source: "a", newness: f"{(entry * 3) % 8}", "n": entry}, {source: f"only {entry}"}]
        )
        for entry in range(8)
    ]
    before = read_newest(lake, LakeState(8, state=tuple(files)), folder)
    assert (before["a"]["n"], len(before)) == (5, 9)
    assert files_to_merge(files) == files
    merged = merge_files(lake, Staging(lake, "_newslake/staging/x"), "merged", files)
    assert (merged.rows, merged.path) == (9, f"{folder}/part-merged-0.jsonl.gz")
    lake.link(merged.staged, merged.path)
    live = LiveFile(merged.table, merged.path, merged.rows, merged.bytes, merged.sha256)
    assert read_newest(lake, LakeState(9, state=(live,)), folder) == before


def test_few_files_and_files_of_different_sizes_stay(lake: LocalStorage) -> None:
    few = [write(lake, FEEDS, entry, [{"feed": "a"}]) for entry in range(7)]
    large = write(lake, FEEDS, 9, [{"feed": f"{number}"} for number in range(100)])
    assert files_to_merge([*few, large]) == []


def test_rows_of_an_earlier_version_count_as_the_oldest(lake: LocalStorage) -> None:
    new = write(lake, INPUTS, 1, [{"uri": "a", "read_at": "2026-01-01T00:00:00Z", "size": 2}])
    old = write(lake, INPUTS, 2, [{"uri": "a", "size": 1}])
    for files in ((old, new), (new, old)):
        assert read_newest(lake, LakeState(2, state=files), INPUTS)["a"]["size"] == 2
