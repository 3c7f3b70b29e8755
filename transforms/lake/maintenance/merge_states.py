"""Merging the files in which the lake remembers its sources, so that they stay few."""

from collections.abc import Sequence

from newslake.schemas import codec
from newslake.schemas.staging import StagedFile
from newslake.schemas.tables import META
from newslake.transforms.lake.build import write_lines
from newslake.transforms.lake.layout import part_path
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.lake.staging import Staging
from newslake.transforms.lake.state_files import newest_rows
from newslake.transforms.storage.base import Storage

MERGE_AT = 8
_COMPRESSION = "gzip"


def files_to_merge(live: Sequence[LiveFile]) -> list[LiveFile]:
    """Return the state files of one table and size that are MERGE_AT or more, or an empty list.

    Files are of one size if their numbers of rows have the same power of 8. So each row is written
    again at most once for each power.
    """
    tiers: dict[tuple[int, str], list[LiveFile]] = {}
    for file in live:
        tiers.setdefault((max(file.rows, 1).bit_length() // 3, file.table), []).append(file)
    return next((files for _, files in sorted(tiers.items()) if len(files) >= MERGE_AT), [])


def merge_files(lake: Storage, staging: Staging, name: str, files: Sequence[LiveFile]) -> StagedFile:
    """Write the newest row of each source of several files of one table into one file in staging.

    ``name`` makes the path of the file differ from other paths.
    """
    folder = f"{META}/{files[0].table}"
    rows = newest_rows(lake, files, folder)
    path = part_path(folder, "", name, 0, _COMPRESSION)
    lines = [codec.encode(row) for _, row in sorted(rows.items())]
    return write_lines(staging, files[0].table, path, lines, _COMPRESSION)
