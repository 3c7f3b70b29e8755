"""How far a run is, for whoever watches it: one short line appended for each chunk planned or done.

The file stands in a scratch folder of the launcher, not in the lake. Appends of a few bytes do not mix on a
local disk (POSIX O_APPEND), so worker processes of the same machine share the file. Workers of another
machine find no such folder, and note nothing.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE = "progress"


@dataclass(frozen=True, slots=True)
class Counts:
    """Chunks (of files) and feeds planned and done, and articles read."""

    planned: int = 0
    done: int = 0
    articles: int = 0


def note(scratch: str, *, planned: int = 0, done: int = 0, articles: int = 0) -> None:
    """Add to the counts of the run whose scratch folder this is."""
    if not scratch:
        return
    with suppress(FileNotFoundError):
        descriptor = os.open(Path(scratch, FILE), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"{planned} {done} {articles}\n".encode())
        finally:
            os.close(descriptor)


def read(scratch: str) -> Counts:
    """Return the counts so far, without a last line that is still being written."""
    try:
        text = Path(scratch, FILE).read_text()
    except FileNotFoundError:
        return Counts()
    rows = [line.split() for line in text.rpartition("\n")[0].splitlines()]
    return Counts(*(sum(int(row[column]) for row in rows) for column in range(3)))
