"""Build the files of the lake from staged rows, in the staging folder.

The commit names these files, and links them into place afterwards.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from newslake.schemas.article import STANDING_TEXT
from newslake.schemas.staging import BuildTask, Columns, Rule, StagedFile, Verdict
from newslake.transforms.lake.layout import part_path
from newslake.transforms.lake.staging import Staging, open_shard
from newslake.transforms.storage.compression import ENDINGS, compress

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
_UNSCORED = b',"near_score":null}\n'
_WARNINGS = b',"warnings":['
_SCORE_DIGITS = 4


class FileBuilder:
    """A builder of the output files of one commit.

    It keeps the staged shards open between files.
    """

    def __init__(self, staging: Staging, run_id: str, compression: str) -> None:
        self._staging = staging
        self._run_id = run_id
        self._compression = compression
        self._shard = lru_cache(maxsize=256)(lambda name: open_shard(staging, name))
        self._verdicts = lru_cache(maxsize=1)(staging.read_columns)

    def build(self, task: BuildTask) -> StagedFile:
        """Write the file of a task into staging, and return it.

        ``rows`` of the result is the number of whole lines that were written. It is lower than the
        number of chosen rows if lines are missing or damaged.
        """
        path = part_path(task.table, task.folder, self._run_id, task.number, self._compression)
        return _write_file(self._staging, task.table, path, self._lines(task), self._compression)

    def _lines(self, task: BuildTask) -> Iterator[bytes]:
        verdicts = self._verdicts(task.verdicts)
        wanted = _VERDICT_OF_TABLE[task.table]
        for rows in task.ranges:
            shard = self._shard(rows.shard)
            mine = {
                name: column[rows.verdict : rows.verdict + rows.stop - rows.start] for name, column in verdicts.items()
            }
            chosen = mine["verdict"] == wanted
            if task.table == "rejects":
                as_staged = chosen
            else:
                staged_id = (
                    shard.columns["id_hi"][rows.start : rows.stop],
                    shard.columns["id_lo"][rows.start : rows.stop],
                )
                as_staged = (
                    chosen & (wanted == Verdict.NEW) & (mine["id_hi"] == staged_id[0]) & (mine["id_lo"] == staged_id[1])
                )
                as_staged &= (mine["rule"] == Rule.NONE) & (mine["standing"] == 0)
            for start, stop in _runs(as_staged):
                yield shard.read_lines(rows.start + start, rows.start + stop)
            for row in np.flatnonzero(chosen & ~as_staged).tolist():
                yield _patched(shard.read_lines(rows.start + row, rows.start + row + 1), mine, row)


class _LineCounter:
    """A counter of the whole lines that pass through ``watch``."""

    def __init__(self) -> None:
        self.lines = 0

    def watch(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        for part in parts:
            # If a part does not begin and end with a whole line, it was cut or shifted. Its lines
            # then differ from the rows of the columns, so they do not count.
            if part.startswith(b"{") and part.endswith(b"}\n"):
                self.lines += part.count(b"\n")
            yield part


def write_lines(staging: Staging, table: str, path: str, lines: Sequence[bytes], compression: str) -> StagedFile:
    """Write encoded rows as the one file of a small table (runs, fetches or inputs)."""
    return _write_file(staging, table, path, (line + b"\n" for line in lines), compression)


def _write_file(staging: Staging, table: str, path: str, parts: Iterator[bytes], compression: str) -> StagedFile:
    counter = _LineCounter()
    staged = staging.new_name("out", ENDINGS[compression])
    written = staging.storage.write(staged, compress(counter.watch(parts), compression))
    return StagedFile(table, path, staged, counter.lines, written.bytes, written.sha256)


def _runs(chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    """Yield the start and end (exclusive) of each run of True."""
    edges = np.flatnonzero(np.diff(chosen.astype(np.int8), prepend=0, append=0)).tolist()
    return zip(edges[::2], edges[1::2], strict=True)


def _patched(line: bytes, verdicts: Columns, row: int) -> bytes:
    """Return the line with its final id and revision, and with the article that it repeats, if any.

    A duplicate also gets the rule and the score, a marked article the score, and standing text its
    warning. Return b"" for a line that does not have the form of a staged one; the account check
    then reports the loss.
    """
    if line[_ID_END : _ID_END + len(_REVISION)] != _REVISION or not line.endswith(b"}\n"):
        return line[:0]
    identity = _hex(verdicts, "id", row)
    revision = int(verdicts["revision"][row])
    head = line[:_ID_AT] + identity + f'","revision":{revision},'.encode()
    body = line[_ID_END + len(_REVISION) :]
    if verdicts["standing"][row]:
        before, key, after = body.rpartition(_WARNINGS)
        body = before + key + b'"' + STANDING_TEXT.encode() + (b'"' if after.startswith(b"]") else b'",') + after
    rule = Rule(int(verdicts["rule"][row]))
    target = _hex(verdicts, "target", row)
    score = round(float(verdicts["score"][row]), _SCORE_DIGITS)
    if verdicts["verdict"][row] == Verdict.DUPLICATE:
        told = f'","rule":"{rule.name.lower()}","score":{score}}}\n'
        return head + body[:-2] + b',"duplicate_of":"' + target + told.encode()
    if rule is Rule.NEAR:
        before, unmarked, after = body.removesuffix(_UNSCORED).rpartition(_UNMARKED)
        if not unmarked or not body.endswith(_UNSCORED):
            return line[:0]
        marked = _UNMARKED.replace(b"null", b'"' + target + b'"')
        return head + before + marked + after + _UNSCORED.replace(b"null", b"%r" % score)
    return head + body


def _hex(verdicts: Columns, name: str, row: int) -> bytes:
    digest: bytes = verdicts[f"{name}_hi"][row].tobytes() + verdicts[f"{name}_lo"][row].tobytes()
    return digest.hex().encode()
