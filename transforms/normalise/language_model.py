"""The model of py3langid as arrays on the disk, which all processes of a machine share.

The package has the model compressed. Unpacked it takes 98 MB in each process and half a second. So
the first process that needs it writes the arrays into a cache folder, and maps them into memory, as
all later processes do.

The folder is ``$XDG_CACHE_HOME/newslake``, or ``~/.cache/newslake`` (XDG Base Directory
Specification). Its name holds the version of py3langid, so another version writes another folder.
Without a folder that can be written, the arrays stay in memory.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

_FORMAT = 1
_ARRAYS = ("weights", "moves", "rows", "outputs")


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Naive Bayes over the n-grams that an automaton finds (Aho and Corasick, 1975).

    ``weights`` has a row for each feature and a column for each label. ``prior`` has a value for
    each label. ``moves`` gives the next state at ``rows[state] + byte``. ``outputs`` gives the
    feature that ends in a state, or -1.
    """

    weights: Any
    moves: Any
    rows: Any
    outputs: Any
    prior: Any
    labels: tuple[str, ...]


def load_model() -> LanguageModel:
    """Return the model, mapped from the cache folder if that is possible."""
    folder = _cache_folder() / f"language-{_FORMAT}-py3langid-{version('py3langid')}"
    try:
        return _mapped(folder)
    except (OSError, ValueError):
        model = _unpacked()
    try:
        _write(model, folder)
        return _mapped(folder)
    except (OSError, ValueError):
        return model


def _cache_folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named if os.path.isabs(named) else os.path.expanduser("~/.cache"), "newslake")  # noqa: PTH111, PTH117


def _unpacked() -> LanguageModel:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    return LanguageModel(
        # 16 bits would save 28 MB and make the sums three times as slow.
        model.nb_ptc.astype(np.float32),
        np.frombuffer(model.tk_nextmove, np.dtype(model.tk_nextmove.typecode)),
        np.array(model.tk_row, np.int64) << 8,
        np.array(model.tk_output, np.int32),
        np.asarray(model.nb_pc, np.float32),
        tuple(model.nb_classes),
    )


def _mapped(folder: Path) -> LanguageModel:
    """Return the model of a folder. Raises OSError if it is absent, ValueError if it is damaged."""
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    labels = tuple((folder / "labels.txt").read_text().split())
    return LanguageModel(**arrays, prior=np.load(folder / "prior.npy"), labels=labels)


def _write(model: LanguageModel, folder: Path) -> None:
    """Write the model, whole or not at all. Another process may write the same at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="draft-") as draft:
        whole = Path(draft, "model")
        whole.mkdir()
        for name in (*_ARRAYS, "prior"):
            with (whole / f"{name}.npy").open("wb") as file:
                np.save(file, getattr(model, name))
                os.fsync(file.fileno())
        (whole / "labels.txt").write_text("\n".join(model.labels))
        shutil.rmtree(folder, ignore_errors=True)  # it is damaged; who maps it keeps the files
        whole.rename(folder)
