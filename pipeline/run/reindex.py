"""Build both indexes of a lake anew, from its tables, in one commit.

A change of the rules of identity or of near-duplicates makes a new version of the index. A lake of
an older version is refused until its index is built anew. No table changes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from newslake.schemas import codec
from newslake.schemas.redact import redact_link
from newslake.schemas.staging import HASH, Columns, StagedFile
from newslake.schemas.tables import ARTICLES, DUPLICATES, REJECTS, REVISIONS, RUNS
from newslake.transforms.deduplicate import rebuild
from newslake.transforms.deduplicate.index import keys, near
from newslake.transforms.deduplicate.keys import reject_key
from newslake.transforms.deduplicate.rebuild import RecordRows
from newslake.transforms.lake import recover
from newslake.transforms.lake.log import LakeState, LiveFile, Operation
from newslake.transforms.lake.maintenance.change import Change, apply_change
from newslake.transforms.lake.staging import Staging
from newslake.transforms.normalise.article import naming_url, usable_id
from newslake.transforms.normalise.urls import canonical_url
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import LakeError, Storage
from newslake.transforms.storage.compression import compression_of_name, open_plain

_RECORDS_AT_ONCE = 5_000
_NEAR_ROWS_PER_FILE = 200_000
_TRIES = 10
_OF_LATER_USE = ("id_hi", "id_lo", "match_hi", "match_lo", "day_from", "day_until")
"""The columns of a record that are kept until all records are read."""

Tell = Callable[[int, int], None]
"""Takes how many rows are read, and how many there are."""


@dataclass(frozen=True, slots=True)
class ChangedIdentity:
    """A revision that the rules of today take for an article of its own.

    If its source still has it, the next run adds it as a new article.
    """

    id: str
    revision: int
    url: str


@dataclass(slots=True)
class Reindexed:
    """What a reindex read, and what will be known by another id."""

    records: int = 0
    rejects: int = 0
    changed: list[ChangedIdentity] = field(default_factory=list)


def reindex(lake: Storage, tell: Tell = lambda done, total: None) -> Reindexed:
    """Replace all index files of a lake by new ones, and return what was read.

    Runs may commit meanwhile. If one replaces index files, the work starts anew. Raises LakeError,
    also if that happens again and again, and OSError.
    """
    state = recover.prepare(lake)
    for _ in range(_TRIES):
        work = _Work(lake, tell)
        if apply_change(lake, state, Operation.REINDEX, work.plan) is not None:
            return work.done
        state = recover.roll_forward(lake)
    raise LakeError(f"{lake.root}: other runs changed the index {_TRIES} times meanwhile; stop them and try again")


class _Work:
    """One try to build the indexes at a state of the lake."""

    def __init__(self, lake: Storage, tell: Tell) -> None:
        self._lake = lake
        self._tell = tell
        self._parts: list[RecordRows] = []
        self._near: list[Columns] = []
        self._reject_keys: list[bytes] = []
        self._first_urls: dict[str, str] = {}
        """The URL of the first revision of each article with a later one that has a fragment."""
        self._total = 0
        self.done = Reindexed()

    def plan(self, state: LakeState, staging: Staging) -> Change:
        """Read all tables, and write the index files into staging."""
        added: list[StagedFile] = []
        self._total = sum(file.rows for file in state.files if file.table != RUNS)
        for file in _of_table(state, REVISIONS):
            for records in _batches(self._lake, file):
                self._first_urls |= {record["id"]: "" for record in records if "#" in (record["url"] or "")}
        for table in (ARTICLES, REVISIONS, DUPLICATES):
            for file in _of_table(state, table):
                self._take_records(file)
                added += self._staged_near(staging, at_least=_NEAR_ROWS_PER_FILE)
        for file in _of_table(state, REJECTS):
            self._take_rejects(file)
        added += self._staged_near(staging, at_least=1)
        tables = rebuild.index_tables(self._parts, _old_aliases(self._lake, state.index))
        pair = np.frombuffer(b"".join(self._reject_keys), HASH).reshape(-1, 2)
        tables["rejects"] = {"key_hi": pair[:, 0], "key_lo": pair[:, 1]}
        if keys.count_rows(tables):
            added.append(
                keys.stage_file(staging, "reindexed", {name: _unsigned(rows) for name, rows in tables.items()})
            )
        return Change(tuple(added), tuple(file.path for file in state.index))

    def _take_records(self, file: LiveFile) -> None:
        for records in _batches(self._lake, file):
            known = [record for record in records if self._is_still_known(record)]
            if known:
                rows = rebuild.rows_of_records(known, file.entry)
                self._near.append(rebuild.near_rows(rows))
                self._parts.append(replace(rows, articles={name: rows.articles[name] for name in _OF_LATER_USE}))
            self.done.records += len(records)
            self._tell_more(len(records))

    def _is_still_known(self, record: dict[str, Any]) -> bool:
        """Give a record the keys of today's rules, by which its source will bring it again.

        Return False for a revision whose URL has another fragment than that of the first one: today
        it is an article of its own.
        """
        if record["feed_url"] or record["body_source"].startswith("feed"):  # only links of feeds are masked
            record |= {name: redact_link(record[name]) for name in ("url", "source_id") if record[name]}
        record["source_id"] = usable_id(record["source_id"])
        canonical = canonical_url(record["url"]) if record["url"] else None
        url = naming_url(canonical, record["url"], has_id=record["source_id"] is not None)
        record["canonical_url"] = url
        if record["id"] not in self._first_urls or not url or "rule" in record:
            return True
        first = self._first_urls[record["id"]]
        if record["revision"] == 1:
            self._first_urls[record["id"]] = url
        elif url != first and url.partition("#")[0] == first.partition("#")[0]:
            self.done.changed.append(ChangedIdentity(record["id"], record["revision"], record["url"]))
            return False
        return True

    def _take_rejects(self, file: LiveFile) -> None:
        for rows in _batches(self._lake, file):
            self._reject_keys += map(_key_of_reject, rows)
            self.done.rejects += len(rows)
            self._tell_more(len(rows))

    def _tell_more(self, rows: int) -> None:
        """Tell the progress whenever another twentieth of the rows is read, and at the end."""
        done = self.done.records + self.done.rejects
        if done == self._total or done * 20 // self._total > (done - rows) * 20 // self._total:
            self._tell(done, self._total)

    def _staged_near(self, staging: Staging, at_least: int) -> Iterator[StagedFile]:
        """Write the rows of the near index into staging, if there are enough."""
        if sum(len(rows["id_hi"]) for rows in self._near) < at_least:
            return
        rows = near.merged([_unsigned(rows) for rows in self._near])
        self._near = []
        of_row = near.segments(rows["day_from"], rows["day_until"])
        for segment in np.unique(of_row).tolist():
            mine = np.flatnonzero(of_row == segment)
            yield near.stage_file(staging, "reindexed", segment, {name: column[mine] for name, column in rows.items()})


def _of_table(state: LakeState, table: str) -> list[LiveFile]:
    """Return the live files of a table, in the order of the log."""
    return [file for file in state.files if file.table == table]


def _key_of_reject(row: dict[str, Any]) -> bytes:
    payload = codec.payload_bytes(row["payload"], row["payload_encoding"])
    return reject_key(row["source_uri"], row["reason"], row["detail"], payload)


def _batches(lake: Storage, file: LiveFile) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a data file, some thousand at a time."""
    with lake.local_copy(file.path).open("rb") as stored:
        compression = compression_of_name(file.path)
        lines = iter(open_plain(stored, compression) if compression else stored)
        while batch := list(islice(lines, _RECORDS_AT_ONCE)):
            yield [codec.decode(line) for line in batch]


def _old_aliases(lake: Storage, index: Sequence[LiveFile]) -> Columns:
    """Return the aliases of an index of any version: pairs of a key and the id that it leads to."""
    names = ("key_hi", "key_lo", "id_hi", "id_lo")
    found = []
    for file in index:
        if near.segment_of_path(file.path) is None:
            stored, _ = columns.read(lake, file.path)
            found.append({name: stored[f"aliases.{name}"] for name in names})
    return {name: np.concatenate([np.empty(0, HASH), *(part[name] for part in found)]) for name in names}


def _unsigned(rows: Columns) -> Columns:
    """Return index rows that no commit of its own brought."""
    return {**rows, "commit": np.zeros(len(next(iter(rows.values()))), HASH)}
