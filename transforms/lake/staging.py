"""Staged shards: encoded lines in one file, their columns in a second file.

Later steps get only the shard's name. The name ends in a random nonce, so a retried bundle never
overwrites the shard of another attempt. A shard that no verdict names is ignored.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from newslake.schemas.staging import ARTICLE_COLUMNS, PLACE_COLUMNS, REJECT_COLUMNS, Columns, Shard, StagedBatch
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage, Written

ARTICLES = "articles"
REJECTS = "rejects"
SHARD_BYTES = 8_000_000
_LINES_AT_ONCE = 200
"""So many lines are joined to be written. All at once, they would be in memory twice."""

_KINDS = {ARTICLES: ARTICLE_COLUMNS, REJECTS: REJECT_COLUMNS}


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of ``storage`` in which one commit is prepared."""

    storage: Storage
    folder: str

    def name(self, file: str) -> str:
        return f"{self.folder}/{file}"

    def new_name(self, kind: str, ending: str) -> str:
        """Return the name of a new file, with a random nonce that no other attempt uses."""
        return self.name(f"{kind}-{secrets.token_hex(8)}.{ending}")

    def write_columns(self, file: str, stored: Columns) -> Written:
        """Write a column file that only this commit reads. A power failure may lose it."""
        return columns.write(self.storage, self.name(f"{file}.columns"), stored, {}, durable=False)

    def read_columns(self, file: str) -> Columns:
        return columns.read(self.storage, self.name(f"{file}.columns"))[0]


class ShardBuffer:
    """A buffer that gathers batches of one kind until they fill a shard of ``shard_bytes``."""

    def __init__(self, staging: Staging, kind: str, shard_bytes: int = SHARD_BYTES) -> None:
        self._staging = staging
        self._kind = kind
        self._shard_bytes = shard_bytes
        self._batches: list[StagedBatch] = []
        self._bytes = 0

    def add(self, batch: StagedBatch) -> Iterator[Shard]:
        """Take a batch, and yield the written shard if the buffer is full.

        Nothing happens before iteration.
        """
        self._batches.append(batch)
        self._bytes += sum(map(len, batch.lines))
        if self._bytes >= self._shard_bytes:
            yield from self.flush()

    def flush(self) -> Iterator[Shard]:
        """Write the remaining batches as a shard and yield it, if there are any."""
        if self._batches:
            yield write_shard(self._staging, self._kind, self._batches)
            self._batches, self._bytes = [], 0


def write_shard(staging: Staging, kind: str, batches: list[StagedBatch]) -> Shard:
    """Write batches as one shard, and return it.

    Articles are sorted by partition, so that an output file takes long ranges of a shard.
    """
    origins: dict[str, int] = {}
    parts: list[Columns] = []
    for batch in batches:
        renumbered = np.array([origins.setdefault(origin, len(origins)) for origin in batch.origins], "<u4")
        parts.append({**batch.columns, "origin": renumbered[batch.columns["origin"]]})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in _KINDS[kind]}
    lines = [line for batch in batches for line in batch.lines]
    if kind == ARTICLES:
        order = np.argsort(joined["partition"], kind="stable")
        joined = {name: column[order] for name, column in joined.items()}
        lines = [lines[place] for place in order.tolist()]
    lengths = np.fromiter(map(len, lines), "<u4", len(lines)) + np.uint32(1)
    joined["length"] = lengths
    joined["offset"] = np.cumsum(lengths, dtype="<u8") - lengths
    name = f"{kind}-{secrets.token_hex(8)}"
    store = staging.storage
    store.write(staging.name(f"{name}.lines"), _joined(lines), durable=False)
    columns.write(
        store, staging.name(f"{name}.columns"), joined, {"kind": kind, "origins": list(origins)}, durable=False
    )
    return Shard(kind, name, len(lengths))


def count_shards(staging: Staging) -> int:
    """Return how many shards are staged so far."""
    return sum(name.endswith(".lines") for name in staging.storage.list(staging.folder))


def _joined(lines: list[bytes]) -> Iterator[bytes]:
    """Yield lines with their newlines, some at once."""
    for start in range(0, len(lines), _LINES_AT_ONCE):
        yield b"\n".join((*lines[start : start + _LINES_AT_ONCE], b""))


@dataclass(frozen=True, slots=True)
class OpenShard:
    """A shard that is open for reading: its columns, its sources, and its lines by range.

    Lines are read without a memory map, because mapped pages would count as memory of the process
    until the last shard is done.
    """

    name: str
    columns: Columns
    origins: list[str]
    lines: BinaryIO

    def read_lines(self, start: int, stop: int) -> bytes:
        """Return the lines of rows ``start`` to ``stop``, each with its newline.

        Return fewer bytes if the file was cut.
        """
        offset, length = self.columns["offset"], self.columns["length"]
        first = int(offset[start])
        return os.pread(self.lines.fileno(), int(offset[stop - 1]) + int(length[stop - 1]) - first, first)


def open_shard(staging: Staging, name: str) -> OpenShard:
    """Return a staged shard: its columns, and its open file of lines.

    The file stays open until Python frees the object. Raises ColumnFileError if the columns are
    missing or damaged, and OSError.
    """
    stored, meta = columns.read(staging.storage, staging.name(f"{name}.columns"))
    lines = staging.storage.local_copy(staging.name(f"{name}.lines")).open("rb")
    return OpenShard(name, stored, meta["origins"], lines)


def empty_columns(kind: str) -> Columns:
    """Return an array of length 0 for each column of a shard of ``kind``, ARTICLES or REJECTS."""
    return {name: np.empty(0, dtype) for name, dtype in {**_KINDS[kind], **PLACE_COLUMNS}.items()}
