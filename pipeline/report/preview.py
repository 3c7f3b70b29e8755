"""The rows that a dry run would write."""

import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

from newslake.schemas.staging import StagedFile
from newslake.schemas.tables import ARTICLES, REVISIONS
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.compression import compression_of_name, open_plain


def print_rows(store: Storage, files: Iterable[StagedFile], limit: int) -> None:
    """Print up to ``limit`` rows of articles and revisions to standard output, as JSON lines."""
    wanted = [file for table in (ARTICLES, REVISIONS) for file in files if file.table == table]
    for line in islice((line for file in wanted for line in _lines(store, file.staged)), limit):
        sys.stdout.write(line)


def _lines(store: Storage, name: str) -> Iterator[str]:
    with store.local_copy(name).open("rb") as file:
        yield from io.TextIOWrapper(open_plain(file, compression_of_name(name)), encoding="utf-8")
