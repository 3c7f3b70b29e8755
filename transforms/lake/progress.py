"""How far a run is, for whoever watches it: one short line appended for each chunk planned or done.

Appends of a few bytes do not mix on a local disk (POSIX O_APPEND), so worker processes share the file.
"""

import os
from dataclasses import dataclass
from pathlib import Path

FILE = "progress"


@dataclass(frozen=True, slots=True)
class Progress:
    """Chunks (of files) and feeds planned and done, and articles read."""

    planned: int = 0
    done: int = 0
    articles: int = 0


def note(staging: str, *, planned: int = 0, done: int = 0, articles: int = 0) -> None:
    """Add to the counts of the run whose staging folder this is."""
    descriptor = os.open(Path(staging, FILE), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"{planned} {done} {articles}\n".encode())
    finally:
        os.close(descriptor)


def read(staging: str) -> Progress:
    """The counts so far; a last line that is still being written is left out."""
    try:
        text = Path(staging, FILE).read_text()
    except FileNotFoundError:
        return Progress()
    rows = [line.split() for line in text.rpartition("\n")[0].splitlines()]
    return Progress(*(sum(int(row[column]) for row in rows) for column in range(3)))
