"""``newslake lake files`` and ``newslake lake log``: what the log says."""

import shlex
from dataclasses import asdict

from pipeline.exitcodes import ExitCode
from schemas import codec
from transforms.lake import log
from transforms.lake.query import open_lake

_COUNTS = ("read", "new", "revised", "unchanged", "duplicates", "rejected")


def run_files(lake: str, table: str | None, as_json: bool) -> int:
    """Print the live files, one a line: a path that can be pasted into a shell, rows and bytes. As JSON: what the log says of each."""
    opened = open_lake(lake)
    for file in opened.live_files(table):
        if as_json:
            print(codec.encode(asdict(file)).decode())
        else:
            print(f"{shlex.quote(opened.locate(file))}\t{file.rows}\t{file.bytes}")
    return ExitCode.COMMITTED


def run_log(lake: str, as_json: bool, limit: int) -> int:
    """Print the newest ``limit`` entries of the log, the newest last; ``limit`` 0: all."""
    head = log.read_state(lake).number
    for number in range(max(head - limit, 0) + 1 if limit else 1, head + 1):
        entry = log.read_entry(lake, number)
        assert entry is not None
        if as_json:
            print(codec.encode(asdict(entry)).decode())
            continue
        counts = " ".join(f"{name}={entry.summary[name]}" for name in _COUNTS) if entry.summary else f"swept={len(entry.swept)}"
        print(f"{entry.number}\t{entry.committed_at}\t{entry.run_id or '-'}\t{counts}\tfiles={len(entry.files)}")
    return ExitCode.COMMITTED
