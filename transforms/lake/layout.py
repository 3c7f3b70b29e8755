"""The layout of a lake: partitions, compression, and the rows of each file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import BuildTask, RowRange, Verdict
from newslake.schemas.tables import (
    ARTICLES,
    DUPLICATES,
    PARTITION_COLUMNS,
    PARTITIONED,
    REJECTS,
    REVISIONS,
    partition_folder,
)
from newslake.transforms.lake.log import LiveFile
from newslake.transforms.storage.compression import ENDINGS, compression_of_name

TARGET_BYTES = 128_000_000

TABLE_OF_VERDICT = {Verdict.NEW: ARTICLES, Verdict.REVISION: REVISIONS, Verdict.DUPLICATE: DUPLICATES}

Spans = Sequence[tuple[str, int, int]]
"""Shards whose rows are numbered through: the name of each shard, its first row, and its end."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a lake's files.

    ``granularity`` of the partitions is "month" or "day". A file takes rows until they have
    ``target_bytes`` bytes, before compression.
    """

    granularity: str = "month"
    compression: str = "gzip"
    target_bytes: int = TARGET_BYTES


def layout_of(files: Sequence[LiveFile]) -> Layout:
    """Return the layout of the newest files, or the layout of a new lake without files."""
    new = Layout()
    newest = files[-1].path if files else ""
    column = next(
        (file.path.split("/")[1].partition("=")[0] for file in reversed(files) if file.table in PARTITIONED), ""
    )
    granularity = next((name for name, known in PARTITION_COLUMNS.items() if known == column), new.granularity)
    return Layout(granularity, compression_of_name(newest) or new.compression)


def part_path(table: str, folder: str, run_id: str, number: int, compression: str) -> str:
    """Return the path of file ``number`` of a table that a run writes into ``folder``.

    >>> part_path("articles", "published_month=2023-03", "r1", 0, "gzip")
    'articles/published_month=2023-03/part-r1-0.jsonl.gz'
    """
    return "/".join(part for part in (table, folder, f"part-{run_id}-{number}.{ENDINGS[compression]}") if part)


def article_tasks(
    verdicts_file: str,
    spans: Spans,
    verdicts: NDArray[np.generic],
    partitions: NDArray[np.generic],
    lengths: NDArray[np.generic],
    layout: Layout,
) -> Iterator[BuildTask]:
    """Yield a task for each file of articles, revisions and duplicates, by partition.

    ``verdicts``, ``partitions`` (codes, see partition_folder) and ``lengths`` (bytes of a line)
    have a row for each staged article.
    """
    for verdict, table in TABLE_OF_VERDICT.items():
        gathered: dict[int, _Gathering] = {}
        number = 0
        for shard, start, end in spans:
            partition = _coarse(partitions[start:end], layout.granularity)
            weight = np.where(verdicts[start:end] == verdict, lengths[start:end], 0).cumsum()
            edges = np.flatnonzero(np.diff(partition, prepend=partition[:1] - 1, append=partition[-1:] + 1))
            for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                code = int(partition[low])
                gathering = gathered.setdefault(code, _Gathering(layout.target_bytes))
                for ranges in gathering.add(shard, low, high, start, weight):
                    yield BuildTask(table, partition_folder(code, layout.granularity), number, verdicts_file, ranges)
                    number += 1
        for code, gathering in sorted(gathered.items()):
            if gathering.ranges:
                yield BuildTask(
                    table, partition_folder(code, layout.granularity), number, verdicts_file, tuple(gathering.ranges)
                )
                number += 1


def reject_tasks(
    verdicts_file: str,
    spans: Spans,
    is_new: NDArray[np.bool_],
    lengths: NDArray[np.generic],
    first_verdict: int,
    layout: Layout,
) -> Iterator[BuildTask]:
    """Yield a task for each file of rejects.

    ``is_new`` and ``lengths`` (bytes of a line) have a row for each staged reject. The verdicts of
    rejects begin at row ``first_verdict`` of the verdicts file.
    """
    gathering, number = _Gathering(layout.target_bytes), 0
    for shard, start, end in spans:
        weight = np.where(is_new[start:end], lengths[start:end], 0).cumsum()
        for ranges in gathering.add(shard, 0, end - start, first_verdict + start, weight):
            yield BuildTask(REJECTS, "", number, verdicts_file, ranges)
            number += 1
    if gathering.ranges:
        yield BuildTask(REJECTS, "", number, verdicts_file, tuple(gathering.ranges))


class _Gathering:
    """A collector of row ranges for one file, until their chosen rows have the target size."""

    def __init__(self, target_bytes: int) -> None:
        self.ranges: list[RowRange] = []
        self._left = self._target = target_bytes

    def add(
        self, shard: str, low: int, high: int, first_verdict: int, weight: NDArray[np.generic]
    ) -> Iterator[tuple[RowRange, ...]]:
        """Take rows ``low`` to ``high`` of a shard, and yield the ranges of each full file.

        ``weight`` is the running sum of the chosen rows' bytes, one number for each row of the
        shard.
        """
        total = int(weight[high - 1])
        before = int(weight[low - 1]) if low else 0
        while before + self._left <= total:
            cut = int(np.searchsorted(weight, before + self._left)) + 1
            self.ranges.append(RowRange(shard, low, cut, first_verdict + low))
            yield tuple(self.ranges)
            low, before, self.ranges, self._left = cut, int(weight[cut - 1]), [], self._target
        if before < total:
            self.ranges.append(RowRange(shard, low, high, first_verdict + low))
            self._left -= total - before


def _coarse(codes: NDArray[np.generic], granularity: str) -> NDArray[np.int32]:
    full = codes.astype(np.int32, copy=False)
    return full if granularity == "day" else full // np.int32(100) * np.int32(100)
