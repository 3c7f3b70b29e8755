"""``newslake lake files``, ``log`` and ``reindex``: files, commits, and a new index."""

import shlex
from collections.abc import Iterator
from dataclasses import asdict

from newslake.pipeline.exitcodes import ExitCode
from newslake.pipeline.logs import tell
from newslake.pipeline.terminal import can_redraw, printable
from newslake.schemas import codec
from newslake.schemas.tables import TABLES
from newslake.transforms.lake import log
from newslake.transforms.lake.log import LogEntry, Operation
from newslake.transforms.lake.query import open_lake
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.local import open_local

_MANY_ROWS = 20_000
"""Fewer rows are read before anybody asks how far it is."""
_COUNTS = ("read", "new", "revised", "unchanged", "duplicates", "rejected")


def run_files(lake: str, table: str | None, as_json: bool) -> int:
    """Print a line for each live file: a path, quoted for a shell, its rows and its bytes.

    As JSON, print all that the log says about each file.
    """
    opened = open_lake(lake)
    for file in opened.live_files(table):
        if as_json:
            print(codec.encode(asdict(file)).decode())
        else:
            print(f"{shlex.quote(opened.locate(file))}\t{file.rows}\t{file.bytes}")
    return ExitCode.COMMITTED


def run_log(lake: str, as_json: bool, limit: int, accept_shorter: bool = False) -> int:
    """Print the last ``limit`` entries of the log, the newest last; 0 prints all."""
    storage = open_local(lake)
    if accept_shorter:
        _accept_shorter(storage)
    head = log.read_state(storage).number
    for entry in log.entries_after(storage, max(head - limit, 0) if limit else 0, head):
        if as_json:
            print(codec.encode(asdict(entry)).decode())
        else:
            told = [
                str(entry.number),
                entry.committed_at,
                entry.run_id or "-",
                _told(entry),
                f"files={len(entry.files_added)}",
            ]
            print("\t".join(map(printable, told)))
    return ExitCode.COMMITTED


def run_reindex(lake: str, quiet: bool) -> int:
    """Build the indexes of a lake anew, and list the revisions that became articles of their own.

    Each is a line on stdout: id, revision and URL. Progress and the counts go to stderr.
    """
    from newslake.pipeline.run.reindex import reindex

    storage = open_local(lake)
    log.read_state(storage)

    def tell_progress(done: int, total: int) -> None:
        if not quiet and (done == total or total >= _MANY_ROWS):
            tell(f"{done} of {total} rows read", end="\r" if can_redraw() and done < total else "\n")

    done = reindex(storage, tell_progress)
    for one in done.changed:
        print(f"{one.id}\t{one.revision}\t{printable(one.url)}")
    if not quiet:
        tell(
            f"the index is built anew from {done.records} records and {done.rejects} rejects; "
            f"{len(done.changed)} revisions are articles of their own from now on"
        )
    return ExitCode.COMMITTED


def _accept_shorter(lake: Storage) -> None:
    """Accept the end of the log, and name the data files that no entry names any more.

    Readers that glob still see these files.
    """
    tell(f"the log of {lake.root} ends at entry {log.accept_shorter(lake)}")
    named = {file.path for file in log.current_state(lake).files}
    unnamed = [path for table in TABLES for path in _files_below(lake, table) if path not in named]
    if unnamed:
        told = " ".join(shlex.quote(f"{lake.root}/{path}") for path in unnamed)
        tell(f"no entry names these files any more; move them out of the lake: {printable(told)}")


def _files_below(lake: Storage, folder: str) -> Iterator[str]:
    """Yield the files of a table, from its folder and its partitions."""
    for name in lake.list(folder):
        path = f"{folder}/{name}"
        yield from _files_below(lake, path) if "=" in name else [path]


def _told(entry: LogEntry) -> str:
    """Return what an entry did, in a few words."""
    if entry.summary:
        return " ".join(f"{name}={entry.summary.get(name, '?')}" for name in _COUNTS)
    match entry.operation:
        case Operation.SWEEP:
            return f"swept={len(entry.swept)}"
        case Operation.REINDEX:
            return f"reindexed={len(entry.index_removed)}"
        case Operation.MERGE:
            return f"merged={len(entry.removed)}"
        case _:
            return str(entry.operation)
