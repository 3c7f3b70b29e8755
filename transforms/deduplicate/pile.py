"""The staged shards of one kind as one table: narrow columns held in memory, wide ones and text read for the rows that are asked for."""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import WIDE_COLUMNS, Columns, Shard
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.lake import staging
from newslake.transforms.lake.staging import Staging

_SHARDS_OPEN = 256
"""For single lines: ties are many where a run meets the same articles twice."""


class Pile:
    """``columns`` are those of the kind, less the wide ones; ``starts`` is where each shard's rows begin, and the end.

    Raises ColumnFileError, OSError where a shard cannot be read.
    """

    def __init__(self, folder: Staging, kind: str, shards: Sequence[Shard]) -> None:
        self._folder = folder
        self._open = lru_cache(maxsize=_SHARDS_OPEN)(partial(staging.open_shard, folder))
        self.names = [shard.name for shard in shards]
        self.starts = np.cumsum([0, *(shard.rows for shard in shards)])
        self.rows = int(self.starts[-1])
        empty = staging.empty_columns(kind)
        self.columns: Columns = {
            name: np.empty(self.rows, column.dtype) for name, column in empty.items() if name not in WIDE_COLUMNS
        }
        self._dtypes = {name: column.dtype for name, column in empty.items()}
        sources: dict[str, int] = {}
        for name, start, end in self.spans():
            # The shard's map is let go at once: what was read through it would count as memory of this process.
            opened = staging.open_shard(folder, name)
            for column_name, column in self.columns.items():
                column[start:end] = opened.columns[column_name]
            numbers = np.array([sources.setdefault(origin, len(sources)) for origin in opened.origins], "<u4")
            self.columns["origin"][start:end] = numbers[opened.columns["origin"]]
        self.sources = list(sources)

    def spans(self) -> list[tuple[str, int, int]]:
        """Return each shard's name, and where its rows begin and end."""
        return list(zip(self.names, self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True))

    def read_wide(self, name: str, rows: Integers) -> NDArray[np.generic]:
        """One of the wide columns for ``rows``, in their order."""
        values: NDArray[np.generic] = np.empty(len(rows), self._dtypes[name])
        order = np.argsort(rows, kind="stable")
        edges = np.searchsorted(rows[order], self.starts)
        for (shard, start, _), low, high in zip(self.spans(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if low < high:
                places = order[low:high]
                values[places] = staging.open_shard(self._folder, shard).columns[name][rows[places] - start]
        return values

    def line(self, row: int) -> bytes:
        """The encoded article, with its newline."""
        number = int(np.searchsorted(self.starts, row, "right")) - 1
        start = int(self.starts[number])
        return self._open(self.names[number]).read_lines(row - start, row - start + 1)

    def count_by_source(self, which: Flags) -> dict[str, int]:
        counts = np.bincount(self.columns["origin"][which], minlength=len(self.sources))
        return {source: count for source, count in zip(self.sources, counts.tolist(), strict=True) if count}

    def of_sources(self, names: set[str]) -> Flags:
        return np.isin(self.columns["origin"], [number for number, name in enumerate(self.sources) if name in names])


def open_piles(folder: Staging, shards: Iterable[Shard]) -> tuple[Pile, Pile]:
    """Return the staged articles and the staged rejects, in an order that does not depend on who staged them."""
    staged = sorted(set(shards), key=lambda one: one.name)
    articles, rejects = (
        Pile(folder, kind, [shard for shard in staged if shard.kind == kind])
        for kind in (staging.ARTICLES, staging.REJECTS)
    )
    return articles, rejects
