"""What a dry run would write, row by row."""

import gzip
import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import zstandard

from schemas.lake import ARTICLES, REVISIONS
from schemas.staged import StagedFile


def print_rows(lake: Path, files: Iterable[StagedFile], limit: int) -> None:
    """Print up to ``limit`` rows of articles and revisions to standard output, as JSON lines."""
    wanted = [file for table in (ARTICLES, REVISIONS) for file in files if file.table == table]
    for line in islice((line for file in wanted for line in _lines(lake / file.staged)), limit):
        sys.stdout.write(line)


def _lines(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        plain = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else gzip.GzipFile(fileobj=file)
        yield from io.TextIOWrapper(plain, encoding="utf-8")
