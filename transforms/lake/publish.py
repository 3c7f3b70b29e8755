"""From staged rows to files of the lake: built in staging, committed by one log entry, then linked to their final names."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import zstandard
from isal import isal_zlib

from schemas.lake import PARTITION_COLUMNS, PARTITIONED
from schemas.staged import Columns, PublishTask, Rule, RunPlace, StagedFile, Verdict
from transforms.lake import columns, stage, storage
from transforms.lake.log import LiveFile, LogEntry

GZIP_LEVEL = 2
ZSTD_LEVEL = 3
ENDINGS = {"gzip": "jsonl.gz", "zstd": "jsonl.zst"}

_VERDICT_OF_TABLE = {
    "articles": Verdict.NEW,
    "revisions": Verdict.REVISION,
    "duplicates": Verdict.DUPLICATE,
    "rejects": Verdict.NEW,
}
_ID_AT = len(b'{"id":"')
_ID_END = _ID_AT + 32
_REVISION = b'","revision":1,'
_UNMARKED = b',"near_duplicate_of":null,'
_SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Ways:
    """How a lake's files are laid out, unless a run is told otherwise."""

    granularity: str
    compression: str


_NEW = Ways("month", "gzip")


def ways_of(files: Sequence[LiveFile]) -> Ways:
    """The ways of the newest files; those of a new lake where there are none."""
    newest = files[-1].path if files else ""
    compression = next((name for name, ending in ENDINGS.items() if newest.endswith(ending)), _NEW.compression)
    column = next((file.path.split("/")[1].partition("=")[0] for file in reversed(files) if file.table in PARTITIONED), "")
    granularity = next((name for name, known in PARTITION_COLUMNS.items() if known == column), _NEW.granularity)
    return Ways(granularity, compression)


class FileBuilder:
    """Builds output files of one run from its staged shards, which it keeps open between files."""

    def __init__(self, place: RunPlace, compression: str) -> None:
        self._place = place
        self._compression = compression
        self._staging = Path(place.lake, place.staging)
        self._shard = lru_cache(maxsize=256)(lambda name: stage.open_shard(self._staging, name))
        self._verdicts = lru_cache(maxsize=1)(lambda name: columns.read(self._staging / f"{name}.columns")[0])

    def build(self, task: PublishTask) -> StagedFile:
        """Write the file of a task into staging. ``rows`` of the result are the lines that were there, whatever the columns promised."""
        counter = _LineCounter()
        parts = compressed(counter.watch(self._lines(task)), self._compression)
        return write_table_file(self._place, task.table, task.folder, task.number, parts, counter, self._compression)

    def _lines(self, task: PublishTask) -> Iterator[bytes]:
        verdicts = self._verdicts(task.verdicts)
        wanted = _VERDICT_OF_TABLE[task.table]
        for rows in task.ranges:
            shard = self._shard(rows.shard)
            mine = {name: column[rows.verdict : rows.verdict + rows.stop - rows.start] for name, column in verdicts.items()}
            chosen = mine["verdict"] == wanted
            if task.table == "rejects":
                as_staged = chosen
            else:
                staged_id = shard.columns["id_hi"][rows.start : rows.stop], shard.columns["id_lo"][rows.start : rows.stop]
                as_staged = chosen & (wanted == Verdict.NEW) & (mine["id_hi"] == staged_id[0]) & (mine["id_lo"] == staged_id[1])
                as_staged &= mine["rule"] == Rule.NONE
            for start, stop in _runs(as_staged):
                yield shard.read_lines(rows.start + start, rows.start + stop)
            for row in np.flatnonzero(chosen & ~as_staged).tolist():
                yield _patched(shard.read_lines(rows.start + row, rows.start + row + 1), mine, row)


class _LineCounter:
    """Counts the whole lines that pass."""

    def __init__(self) -> None:
        self.lines = 0

    def watch(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        for part in parts:
            # A part that does not begin and end with a line was cut or shifted: its lines are not what the columns say.
            if part.startswith(b"{") and part.endswith(b"}\n"):
                self.lines += part.count(b"\n")
            yield part


def compressed(parts: Iterator[bytes], compression: str) -> Iterator[bytes]:
    """The parts as one gzip member (RFC 1952) or zstd frame (RFC 8878), without a timestamp: equal input gives equal bytes."""
    compressor = (
        zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
        if compression == "zstd"
        else isal_zlib.compressobj(GZIP_LEVEL, isal_zlib.DEFLATED, 31)
    )
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()


def write_lines(place: RunPlace, table: str, lines: Sequence[bytes], compression: str) -> StagedFile:
    """Build the one file of a small table (runs, fetches) from encoded rows."""
    counter = _LineCounter()
    parts = compressed(counter.watch(line + b"\n" for line in lines), compression)
    return write_table_file(place, table, "", 0, parts, counter, compression)


def write_table_file(
    place: RunPlace, table: str, folder: str, number: int, parts: Iterator[bytes], counter: _LineCounter, compression: str
) -> StagedFile:
    ending = ENDINGS[compression]
    staged = f"{place.staging}/out-{secrets.token_hex(8)}.{ending}"
    path = "/".join(part for part in (table, folder, f"part-{place.run_id}-{number}.{ending}") if part)
    target = Path(place.lake, staged)
    storage.make_folder(target.parent)
    size, sha256 = storage.write_new(target, parts)
    return StagedFile(table, path, staged, counter.lines, size, sha256)


def publish(root: str, entry: LogEntry, live: Collection[str]) -> None:
    """Give those files of a committed entry that are ``live`` their final names, durably. May be repeated, and done by several at once."""
    lake = Path(root)
    folders = set()
    for file in (*entry.files, *entry.index_added):
        if file.path not in live:
            continue
        final = lake / file.path
        storage.make_folder(final.parent)
        storage.link_or_copy(lake / file.staged, final)
        folders.add(final.parent)
    for folder in sorted(folders):
        storage.sync_folder(folder)


def _runs(chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """Where stretches of True begin and end."""
    edges = np.flatnonzero(np.diff(chosen.astype(np.int8), prepend=0, append=0)).tolist()
    return zip(edges[::2], edges[1::2], strict=True)


def _patched(line: bytes, verdicts: Columns, row: int) -> bytes:
    """The line with its final id and revision, and what it repeats: a duplicate with the rule and score, an article that is marked without.

    What is not a line as it was staged becomes nothing, which the accounts then show.
    """
    if line[_ID_END : _ID_END + len(_REVISION)] != _REVISION or not line.endswith(b"}\n"):
        return line[:0]
    identity = _hex(verdicts, "id", row)
    revision = int(verdicts["revision"][row])
    head = line[:_ID_AT] + identity + f'","revision":{revision},'.encode()
    body = line[_ID_END + len(_REVISION) :]
    rule = Rule(int(verdicts["rule"][row]))
    target = _hex(verdicts, "target", row)
    if verdicts["verdict"][row] == Verdict.DUPLICATE:
        score = round(float(verdicts["score"][row]), _SCORE_DIGITS)
        told = f'","rule":"{rule.name.lower()}","score":{score}}}\n'
        return head + body[:-2] + b',"duplicate_of":"' + target + told.encode()
    if rule is Rule.NEAR:
        before, unmarked, after = body.rpartition(_UNMARKED)
        return head + before + _UNMARKED.replace(b"null", b'"' + target + b'"') + after if unmarked else line[:0]
    return head + body


def _hex(verdicts: Columns, name: str, row: int) -> bytes:
    digest: bytes = verdicts[f"{name}_hi"][row].tobytes() + verdicts[f"{name}_lo"][row].tobytes()
    return digest.hex().encode()
