"""Merging: index files of one size tier become one file.

So the number of files grows with the logarithm of the lake. A tier is a power of 8 of rows, so each
row is written again at most once for each tier. Merging changes no verdict.
"""

from collections.abc import Sequence

from newslake.schemas.staging import StagedFile
from newslake.transforms.deduplicate.index import keys, near
from newslake.transforms.deduplicate.index.keys import IndexFile
from newslake.transforms.deduplicate.index.near import NearFile
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage.base import Storage

MERGE_AT = 8


def files_to_merge(live: Sequence[LiveFile]) -> list[LiveFile]:
    """Return the files of one tier that has MERGE_AT files or more, or an empty list.

    The smallest such tier comes first. The keys are one family of files, and each segment of the
    near index is another.
    """
    tiers: dict[tuple[int, int], list[LiveFile]] = {}
    for file in live:
        segment = near.segment_of_path(file.path)
        tiers.setdefault((max(file.rows, 1).bit_length() // 3, -1 if segment is None else segment), []).append(file)
    return next((files for _, files in sorted(tiers.items()) if len(files) >= MERGE_AT), [])


def merge_files(lake: Storage, staging: Staging, name: str, files: Sequence[LiveFile]) -> StagedFile:
    """Write the rows of several files of one family into one file in staging.

    ``name`` makes the path of the file differ from other paths.
    """
    segment = near.segment_of_path(files[0].path)
    if segment is None:
        return keys.stage_file(staging, name, keys.merged([IndexFile(lake, file.path).tables for file in files]))
    return near.stage_file(staging, name, segment, near.merged([NearFile(lake, file.path).rows for file in files]))
