"""The progress of a run: a file with one short line for each chunk that is planned or done.

The file is in a scratch folder of the launcher, not in the lake. Appends of a few bytes do not mix
on a local disk (POSIX O_APPEND), so the worker processes of one machine share the file. Workers on
another machine do not find the folder, and note nothing. They count in Beam's counters too.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE = "progress"
COUNTERS = ("planned", "done", "articles")
"""Names of Beam's counters for the fields of Counts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of the chunks and feeds that are planned and done, and of the articles read.

    ``shards`` is the number of shards that the run has staged. It is told for engines whose other
    counts come at the end only.
    """

    planned: int = 0
    done: int = 0
    articles: int = 0
    shards: int = 0


def note(scratch: str, *, planned: int = 0, done: int = 0, articles: int = 0) -> None:
    """Add to the counts of the run with this scratch folder.

    Do nothing if ``scratch`` is "" or the folder does not exist.
    """
    if not scratch:
        return
    with suppress(FileNotFoundError):
        descriptor = os.open(Path(scratch, FILE), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"{planned} {done} {articles}\n".encode())
        finally:
            os.close(descriptor)


def read(scratch: str) -> Counts:
    """Return the counts so far. A last line that is only half written does not count."""
    try:
        text = Path(scratch, FILE).read_text()
    except FileNotFoundError:
        return Counts()
    rows = [line.split() for line in text.rpartition("\n")[0].splitlines()]
    return Counts(*(sum(int(row[column]) for row in rows) for column in range(3)))
