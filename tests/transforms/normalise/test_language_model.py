"""The language model: mapped from the disk, rebuilt if damaged, in memory without a folder."""

from pathlib import Path

import numpy as np
import pytest

from newslake.transforms.normalise.language_model import LanguageModel, load_model


def is_mapped(model: LanguageModel) -> bool:
    return isinstance(model.weights, np.memmap)


def test_the_model_is_written_once_and_then_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = load_model()
    [folder] = (tmp_path / "newslake").iterdir()
    written = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    second = load_model()
    assert is_mapped(first)
    assert is_mapped(second)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == written

    damaged = (folder / "weights.npy").read_bytes()[:1_000_000]
    (folder / "weights.npy").unlink()  # the file is mapped
    (folder / "weights.npy").write_bytes(damaged)
    assert load_model().weights.shape == first.weights.shape
    assert [one.name for one in (tmp_path / "newslake").iterdir()] == [folder.name]

    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    inside = load_model()
    assert not is_mapped(inside)
    assert np.array_equal(inside.weights, second.weights)
    assert (inside.labels, inside.moves.tolist()[:1000]) == (second.labels, second.moves.tolist()[:1000])
