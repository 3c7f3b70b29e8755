"""The rows that a dry run would write."""

import io
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from newslake.pipeline.logs import tell
from newslake.pipeline.terminal import one_line
from newslake.schemas import codec
from newslake.schemas.staging import StagedFile
from newslake.schemas.tables import ARTICLES, REJECTS, REVISIONS
from newslake.transforms.storage.base import Storage
from newslake.transforms.storage.compression import compression_of_name, open_plain


def print_rows(store: Storage, files: Sequence[StagedFile], limit: int) -> None:
    """Print up to ``limit`` rows of articles and revisions to stdout, as JSON lines.

    Up to ``limit`` rejects follow on stderr, with their reasons: a dry run leaves no lake to ask.
    """
    for line in islice(_lines(store, files, (ARTICLES, REVISIONS)), limit):
        sys.stdout.write(line)
    sys.stdout.flush()
    for line in islice(_lines(store, files, (REJECTS,)), limit):
        row = codec.decode(line.encode())
        tell(one_line(f"rejected: {row['source_uri']}: {row['reason']} ({row['detail']})"), level=logging.WARNING)


def _lines(store: Storage, files: Sequence[StagedFile], tables: Iterable[str]) -> Iterator[str]:
    for name in (file.staged for table in tables for file in files if file.table == table):
        with store.local_copy(name).open("rb") as opened:
            yield from io.TextIOWrapper(open_plain(opened, compression_of_name(name)), encoding="utf-8")
