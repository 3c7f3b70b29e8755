"""Column files."""

from pathlib import Path

import numpy as np
import pytest

from newslake.transforms.storage import columns
from newslake.transforms.storage.columns import ColumnFileError
from newslake.transforms.storage.local import LocalStorage


def test_columns_come_back_as_they_were(tmp_path: Path) -> None:
    written = {"a": np.arange(1000, dtype="<u8"), "b": np.array([], "<u4"), "c": np.arange(7, dtype="|u1")}
    storage = LocalStorage(str(tmp_path))
    columns.write(storage, "x", written, {"kind": "test", "origins": ["ü", "b"]})
    read, meta = columns.read(storage, "x")
    assert meta == {"kind": "test", "origins": ["ü", "b"]}
    assert all(
        np.array_equal(read[name], column) and read[name].dtype == column.dtype for name, column in written.items()
    )


@pytest.mark.parametrize("size", [0, 5, 40, 600])
def test_a_file_that_was_cut_is_a_named_error(tmp_path: Path, size: int) -> None:
    columns.write(LocalStorage(str(tmp_path)), "x", {"a": np.arange(1000, dtype="<u8")}, {})
    (tmp_path / "cut").write_bytes((tmp_path / "x").read_bytes()[:size])
    with pytest.raises(ColumnFileError):
        columns.read(LocalStorage(str(tmp_path)), "cut")


def test_a_file_of_another_kind_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"something else, long enough to hold a header")
    with pytest.raises(ColumnFileError, match="not a column file"):
        columns.read(LocalStorage(str(tmp_path)), "x")
