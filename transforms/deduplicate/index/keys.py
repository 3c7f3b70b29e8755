"""The keys index: what the lake knows, as sorted runs of numpy columns in immutable files.

Each file holds five tables, each sorted by a 128-bit key:

- ``versions``: id -> each content met under it: its revision, whether it was kept, which article it
  repeats if it was not, since when, and what tells it from other articles (its source, headline and
  date);
- ``aliases``: another key of an article (its guid, a second URL, an id that turned out to be the
  same) -> its id;
- ``voids``: a URL or a guid that several articles share, so that it is no key -> the article that
  it led to before;
- ``contents``: hash of a text -> id of the kept article with this text;
- ``rejects``: hash of a reject's source, reason and payload, so that the lake has it once.

A run searches its new keys in the files, never the reverse. Memory holds a fence (every 4,096th
key), so that a search for few keys reads few pages of a large file. A commit adds a file with its
own rows. merge.py joins many files into one.
"""

import hashlib
import secrets
import shlex
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import HASH, WORD, Columns, StagedFile
from newslake.schemas.tables import INDEX
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import LakeError, Storage, Written

ALGO = "keys-7"
"""Version of the identity rules and hashes. Opening a file of another version raises
UnknownAlgoError."""

_KEY = {"key_hi": HASH, "key_lo": HASH}
_ID = {"id_hi": HASH, "id_lo": HASH}
_COMMIT = {"commit": HASH}
TABLES: dict[str, dict[str, str]] = {
    "versions": {
        **_KEY,
        "content": HASH,
        "stable": HASH,
        "target_hi": HASH,
        "target_lo": HASH,
        "revision": "<u4",
        "met": "<u4",
        "body_rank": "|u1",
        "namespace": WORD,
        "headline": WORD,
        "published_from": "<i8",
        **_COMMIT,
    },
    "aliases": {**_KEY, **_ID, **_COMMIT},
    "voids": {**_KEY, **_ID, **_COMMIT},
    "contents": {**_KEY, **_ID, **_COMMIT},
    "rejects": {**_KEY, **_COMMIT},
}
"""``revision`` is 0 for a version that was not kept and repeats ``target``. A kept version is its
own target. ``met`` is one more than the number of the log entry at which the version was decided;
the entry that brought it may have a higher number. ``namespace`` is 0 if the version has no
``source_id`` that is a key. ``published_from`` is UNKNOWN_INSTANT for a date that is not known or
not believed. ``id`` of a void key is 0 if the lake did not know the key. ``content``, ``stable``,
``headline``: see ARTICLE_COLUMNS. ``commit``: see ``commit_word``; 0 in rows that a reindex
wrote."""

FENCE_EVERY = 4096

Rows = Columns
Hashes = tuple[NDArray[np.uint64], NDArray[np.uint64]]


class UnknownAlgoError(LakeError):
    """An index file has identity rules or fingerprints that this version does not know."""

    def __init__(self, name: str, root: str, found: object, known: str) -> None:
        super().__init__(name, root, found, known)
        self.name, self.root, self.found, self.known = name, root, found, known

    def __str__(self) -> str:
        remedy = f"build its index anew with: newslake lake reindex --lake {shlex.quote(self.root)}"
        if _number(self.found) > _number(self.known):
            remedy = "use the newslake that wrote it"
        return (
            f"{self.root}/{self.name} is of index version {self.found!r}, "
            f"and this newslake knows {self.known!r}: {remedy}"
        )


def _number(algo: object) -> int:
    """Return the number of an index version.

    >>> _number("keys-5"), _number(None)
    (5, 0)
    """
    digits = str(algo).rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


class IndexFile:
    """One file of the keys index, memory-mapped."""

    def __init__(self, lake: Storage, name: str) -> None:
        stored, meta = columns.read(lake, name)
        if meta.get("algo") != ALGO:
            raise UnknownAlgoError(name, lake.root, meta.get("algo"), ALGO)
        self.tables: dict[str, Rows] = {
            table: {name: stored[f"{table}.{name}"] for name in names} for table, names in TABLES.items()
        }
        self._fences = {table: rows["key_hi"][::FENCE_EVERY].copy() for table, rows in self.tables.items()}

    def find(self, table: str, keys: Hashes) -> tuple[NDArray[np.int64], Rows]:
        """Return all rows under ``keys``: for each row the place of its key, and the rows' columns.

        Keys may be in any order. ``key_hi`` is not among the columns.
        """
        rows = self.tables[table]
        stored_hi, stored_lo = rows["key_hi"], rows["key_lo"]
        first, last = self._bounds(table, keys[0])
        counts = last - first
        query, place = np.repeat(np.arange(len(keys[0])), counts), ranges(first, counts)
        same = stored_lo[place] == keys[1][query]
        place = place[same]
        return query[same], {name: column[place] for name, column in rows.items() if column is not stored_hi}

    def _bounds(self, table: str, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        stored = self.tables[table]["key_hi"]
        fence = self._fences[table]
        if len(keys) >= len(fence):
            return np.searchsorted(stored, keys, "left"), np.searchsorted(stored, keys, "right")
        # Equal keys may lie on both sides of a fence. So search from the block before the first
        # fence that is not smaller, up to the first fence that is larger.
        low = np.maximum(np.searchsorted(fence, keys, "left") - 1, 0) * FENCE_EVERY
        high = np.minimum(np.searchsorted(fence, keys, "right") * FENCE_EVERY, len(stored))
        first, last = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
        for place, (start, stop, key) in enumerate(zip(low.tolist(), high.tolist(), keys, strict=True)):
            block = stored[start:stop]
            first[place] = start + np.searchsorted(block, key, "left")
            last[place] = start + np.searchsorted(block, key, "right")
        return first, last


def ranges(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``first[i]``, ``first[i] + 1``, ..., ``counts[i]`` values, for each i in turn.

    >>> ranges(np.array([7, 3, 9]), np.array([2, 0, 3]))
    array([ 7,  8,  9, 10, 11])
    """
    before = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(before - first, counts)


def find(files: Sequence[IndexFile], table: str, keys: Hashes) -> tuple[NDArray[np.int64], Rows]:
    """Do the same as IndexFile.find over several files, in their order."""
    found = [file.find(table, keys) for file in files]
    query = np.concatenate([one for one, _ in found]) if found else np.empty(0, np.int64)
    names = [name for name in TABLES[table] if name != "key_hi"]
    return query, {name: _joined([rows[name] for _, rows in found], TABLES[table][name]) for name in names}


def commit_word(commit: str) -> np.uint64:
    """Return the 8 bytes by which the index knows the rows of a commit."""
    return np.frombuffer(hashlib.sha256(commit.encode()).digest()[:8], HASH)[0]  # type: ignore[no-any-return]


def stage_rows(staging: Staging, run_id: str, commit: str, tables: dict[str, Rows]) -> tuple[StagedFile, ...]:
    """Write the file that a commit adds, of rows without ``commit``; none if there are no rows."""
    if count_rows(tables) == 0:
        return ()
    word = commit_word(commit)
    marked = {table: {**rows, "commit": np.full(len(rows["key_hi"]), word)} for table, rows in tables.items()}
    return (stage_file(staging, run_id, marked),)


def stage_file(staging: Staging, run_id: str, tables: dict[str, Rows]) -> StagedFile:
    """Write a file of the keys index into staging, with a path that no other file has."""
    staged = staging.new_name("index", "columns")
    written = write(staging.storage, staged, tables)
    path = f"{INDEX}/{run_id}-{secrets.token_hex(4)}.columns"
    return StagedFile("index", path, staged, count_rows(tables), written.bytes, written.sha256)


def write(storage: Storage, name: str, tables: dict[str, Rows]) -> Written:
    """Write an index file of unsorted rows. A table that is left out is empty."""
    stored: Columns = {}
    for table, names in TABLES.items():
        rows = tables.get(table) or {column: np.empty(0, dtype) for column, dtype in names.items()}
        order = np.lexsort((rows["key_lo"], rows["key_hi"]))
        for column, dtype in names.items():
            stored[f"{table}.{column}"] = rows[column][order].astype(dtype, copy=False)
    return columns.write(storage, name, stored, {"algo": ALGO})


def merged(parts: Sequence[dict[str, Rows]]) -> dict[str, Rows]:
    """Return the tables of several files as one, for ``write``."""
    return {
        table: {name: _joined([part[table][name] for part in parts], dtype) for name, dtype in names.items()}
        for table, names in TABLES.items()
    }


def count_rows(tables: dict[str, Rows]) -> int:
    return sum(len(rows["key_hi"]) for rows in tables.values())


def _joined(parts: list[NDArray[np.generic]], dtype: str) -> NDArray[np.generic]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)
