"""All staged shards of one kind as one table.

Narrow columns stay in memory. Wide columns and text are read for the rows that are asked for.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import WIDE_COLUMNS, Columns, Shard
from newslake.transforms.deduplicate.hashes import Flags, Integers
from newslake.transforms.lake import staging
from newslake.transforms.lake.staging import Staging

_SHARDS_OPEN = 256
"""For reading single lines. A run that meets the same articles twice has many ties to break."""


class Pile:
    """The rows of several shards as one table.

    ``columns`` are the columns of the kind without the wide ones. ``starts`` has the first row of
    each shard, then the number of rows. Raise ColumnFileError or OSError if a shard cannot be read.
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
            # Let the shard's memory map go at once: pages read through it count as memory of this
            # process.
            opened = staging.open_shard(folder, name)
            for column_name, column in self.columns.items():
                column[start:end] = opened.columns[column_name]
            numbers = np.array([sources.setdefault(origin, len(sources)) for origin in opened.origins], "<u4")
            self.columns["origin"][start:end] = numbers[opened.columns["origin"]]
        self.sources = list(sources)

    def spans(self) -> list[tuple[str, int, int]]:
        """Return (name, start, end) for each shard: its rows in the pile, ``end`` not included."""
        return list(zip(self.names, self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True))

    def read_wide(self, name: str, rows: Integers) -> NDArray[np.generic]:
        """Return one of the wide columns for ``rows``, in their order."""
        values: NDArray[np.generic] = np.empty(len(rows), self._dtypes[name])
        order = np.argsort(rows, kind="stable")
        edges = np.searchsorted(rows[order], self.starts)
        for (shard, start, _), low, high in zip(self.spans(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if low < high:
                places = order[low:high]
                values[places] = staging.open_shard(self._folder, shard).columns[name][rows[places] - start]
        return values

    def line(self, row: int) -> bytes:
        """Return the encoded article of a row, with its newline."""
        number = int(np.searchsorted(self.starts, row, "right")) - 1
        start = int(self.starts[number])
        return self._open(self.names[number]).read_lines(row - start, row - start + 1)

    def count_by_source(self, which: Flags) -> dict[str, int]:
        """Return how many of the rows ``which`` each source has, without sources that have 0."""
        counts = np.bincount(self.columns["origin"][which], minlength=len(self.sources))
        return {source: count for source, count in zip(self.sources, counts.tolist(), strict=True) if count}

    def of_sources(self, names: set[str]) -> Flags:
        """Tell for each row whether it comes from one of the named sources."""
        return np.isin(self.columns["origin"], [number for number, name in enumerate(self.sources) if name in names])


def open_piles(folder: Staging, shards: Iterable[Shard]) -> tuple[Pile, Pile]:
    """Return the staged articles and the staged rejects, with the shards sorted by name."""
    staged = sorted(set(shards), key=lambda one: one.name)
    articles, rejects = (
        Pile(folder, kind, [shard for shard in staged if shard.kind == kind])
        for kind in (staging.ARTICLES, staging.REJECTS)
    )
    return articles, rejects
