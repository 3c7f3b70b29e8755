"""The files in which the lake remembers its sources: the states of feeds, and the files it read.

Each commit adds one small file of JSON lines for each of the two tables. A row names its source and
tells how new it is. The newest row of a source counts, so files can be merged in any order. Merging
keeps their number small: it grows with the logarithm of the number of commits.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import Any

from newslake.schemas import codec
from newslake.schemas.tables import FEEDS, INPUTS, META
from newslake.transforms.lake.log import FileGoneError, LakeState, LiveFile
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.compression import DamagedDataError, compression_of_name, open_plain

_KEYS: dict[str, tuple[str, str]] = {FEEDS: ("feed", "checks"), INPUTS: ("uri", "read_at")}
"""For each folder the field that names the source, and the one that grows from row to row."""

Row = dict[str, Any]


class StateDamagedError(LakeError):
    """A file in which the lake remembers its sources is not as it was committed."""


def read_newest(lake: Storage, state: LakeState, folder: str) -> dict[str, Row]:
    """Return the newest row of each source in ``folder``, FEEDS or INPUTS, by the source's name.

    Raises FileGoneError if a file is missing, and StateDamagedError if it is not as committed.
    """
    table = folder.removeprefix(f"{META}/")
    return newest_rows(lake, [file for file in state.state if file.table == table], folder)


def newest_rows(lake: Storage, files: Iterable[LiveFile], folder: str) -> dict[str, Row]:
    """Return the newest row of each source in some files of ``folder``, as ``read_newest`` does.

    Rows of earlier versions do not tell how new they are, and count as the oldest.
    """
    source, newness = _KEYS[folder]
    newest: dict[str, Row] = {}
    for row in (row for file in files for row in _rows(lake, file)):
        known = newest.get(row[source])
        if known is None or (newness in row and row[newness] >= known.get(newness, row[newness])):
            newest[row[source]] = row
    return newest


def _rows(lake: Storage, file: LiveFile) -> Iterator[Row]:
    try:
        data = lake.read(file.path)
    except FileNotFoundError:
        raise FileGoneError(f"{lake.root}/{file.path}", file.entry) from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise _damaged(lake, file, "its bytes are not those that were committed")
    source = _KEYS[f"{META}/{file.table}"][0]
    try:
        for line in open_plain(io.BytesIO(data), compression_of_name(file.path)):
            row = codec.decode(line)
            if not isinstance(row, dict) or not isinstance(row.get(source), str):
                raise ValueError(f"a row names no {source}")
            yield row
    except (DamagedDataError, ValueError) as error:
        raise _damaged(lake, file, str(error)) from error


def _damaged(lake: Storage, file: LiveFile, why: str) -> StateDamagedError:
    return StateDamagedError(f"{lake.root}/{file.path} is damaged: {why}; restore it from a backup of the lake")
