"""Small lakes, written by hand: rows of any table, in files that an entry of a real log names."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import zstandard

from newslake.schemas import readers
from newslake.schemas.tables import STAGING
from newslake.transforms.lake import log
from newslake.transforms.lake.log import LiveFile, LogEntry, Operation
from newslake.transforms.storage.local import LocalStorage

Row = dict[str, Any]

_COMPRESS = {".gz": lambda data: gzip.compress(data, 1), ".zst": zstandard.compress}
_NOTHING = {str: "", int: 0, float: 0.0, bool: False}


def row(table: str, **known: Any) -> Row:
    """A row with every key of its table, in order: what is not ``known`` is null, an empty list, or nothing."""
    blank = _blank(table)
    assert known.keys() <= blank.keys()
    return blank | known


@cache
def _blank(table: str) -> Row:
    return {field.name: None if field.nullable else _NOTHING.get(field.type, []) for field in readers.fields(table)}


def write_file(path: Path, rows: Iterable[Row]) -> bytes:
    """Write JSON lines, compressed as the name says; the bytes of the file."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()
    data = _COMPRESS[path.suffix](lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return data


def commit(root: Path, files: Mapping[str, list[Row]], staged: str = "", **entry: Any) -> LogEntry:
    """Commit files, given by their paths in the lake, and return the entry as the log has it.

    Where ``staged`` names a folder directly in STAGING, the files stand there and not under their final names.
    """
    storage = LocalStorage(str(root))
    live = []
    for number, (path, rows) in enumerate(files.items()):
        place = f"{staged}/out-{number}.jsonl.gz" if staged else ""
        data = write_file(root / (place or path), rows)
        live.append(LiveFile(path.split("/")[0], path, len(rows), len(data), hashlib.sha256(data).hexdigest(), place))
    state = log.current_state(storage)
    number = state.number + 1
    told: dict[str, Any] = {
        "operation": Operation.RUN,
        "commit": f"commit-{number}",
        "staging": staged or f"{STAGING}/{state.number}-{number:016x}",
        "since": state.number,
        "run_id": f"run-{number}",
        "committed_at": "2023-03-21T00:00:00Z",
        **entry,
    }
    assert log.append(storage, state, LogEntry(0, files_added=tuple(live), **told))
    written = log.read_entry(storage, number)
    assert written is not None
    return written
