"""The near index: fingerprints of the articles that the lake keeps, in files by published month.

The files are immutable and hold numpy columns. A file has a row for each article, sorted by day. It
also has orders of these rows, by which a run finds the rows that have a value:

- ``bands``: one order for each band, of the rows that are compared word by word. Texts that are
  alike share the bytes of a band;
- ``by_headline``, ``by_lead``, ``by_body``: orders of the rows that have a headline, lead or body.

An order holds row numbers only, 4 bytes each. The values stand in the rows. A run searches its new
values in the files, never the reverse. It reads the files of the months around the days of its
articles (``in_reach``). So its cost depends on the window and not on the age of the lake. A commit
adds files with its own rows. merge.py joins many files of one segment into one.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from newslake.schemas.staging import HASH, LEAD_WORDS, NUMBERS, SIGNATURE, WORD, Columns, StagedFile
from newslake.schemas.tables import INDEX
from newslake.transforms.deduplicate.index.keys import UnknownAlgoError, commit_word, ranges
from newslake.transforms.lake.staging import Staging
from newslake.transforms.storage import columns
from newslake.transforms.storage.base import Storage, Written

ALGO = "near-3"
"""Version of the fingerprint and of the other columns. Opening a file of another version raises
UnknownAlgoError."""

NEAR_COLUMNS: dict[str, str] = {
    "id_hi": HASH,
    "id_lo": HASH,
    "lead": WORD,
    "outlet": WORD,
    "headline": WORD,
    "body": WORD,
    "day_from": "<i4",
    "day_until": "<i4",
    "shingles": "<u4",
    "body_rank": "|u1",
    "signature": SIGNATURE,
    "lead_words": LEAD_WORDS,
    "numbers": NUMBERS,
    "commit": HASH,
}
"""A row for each article; see ARTICLE_COLUMNS. ``shingles`` is 0 for a row that no later article is
compared with. ``commit``: see ``commit_word``; 0 in rows that a reindex wrote."""

BANDS = 24
"""Bands of 4 bytes, from the first 96 bytes of a fingerprint. Pairs share one with this chance:
99.9 % at a Jaccard index of .7, 96 % at .6, 79 % at .5. The headline is one more key."""
MIN_SHINGLES = 50
"""A text with fewer shingles, some 10 words, is compared by its content hash only, because the
estimated likeness would be too coarse."""

SMALL_ROWS, GATHERED_ROWS = 1024, 16_384
"""A file with fewer than SMALL_ROWS rows is searched together with others, up to GATHERED_ROWS
rows, some 10 MB. Measured: 360 files of three rows cost a run 2 s, and as one file 0.1 s."""

MONTH_DAYS = 31
"""An interval of at most this many days is filed under the month of its first day. A longer
interval is filed under its year."""

_Unsigned = TypeVar("_Unsigned", bound=np.unsignedinteger[Any])
Integers = NDArray[np.int64]
Words = NDArray[np.uint32]

_ORDERS = ("headline", "lead", "body")
_FEW_PER_ROW = 1 / 64
"""Below this number of queries for each row of an order, a search by halves costs less than to
gather all values of the order."""
_NAME = re.compile(r"near-(\d{6})-[^/]+\.columns")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rows of a run look for: one item a row.

    ``words`` are the fingerprints, (m, 32). A row with ``shingles`` below MIN_SHINGLES finds
    nothing.
    """

    words: Words
    headline: Words
    shingles: NDArray[np.uint32]
    day_from: NDArray[np.int32]
    day_until: NDArray[np.int32]


class NearFile:
    """One file of the near index, memory-mapped, or several small ones as one in memory.

    ``words`` are the fingerprints, (m, 32). ``first_day`` to ``last_day`` are the days that the
    intervals of its rows reach; 0 and -1 for a file without rows.
    """

    def __init__(self, lake: Storage, name: str) -> None:
        stored, meta = columns.read(lake, name)
        if meta.get("algo") != ALGO:
            raise UnknownAlgoError(name, lake.root, meta.get("algo"), ALGO)
        self._take(stored, meta)

    @classmethod
    def gathered(cls, files: Sequence["NearFile"]) -> "NearFile":
        """Return the rows of several files as one file.

        A search in a file costs the same for three rows as for three thousand.
        """
        one = cls.__new__(cls)
        one._take(*_tables(merged([file.rows for file in files])))
        return one

    def _take(self, stored: Columns, meta: dict[str, Any]) -> None:
        self.rows: Columns = {name: stored[name] for name in NEAR_COLUMNS}
        self.first_day: int = meta["first_day"]
        self.last_day: int = meta["last_day"]
        self._longest: int = meta["longest"]
        self.words = band_words(self.rows["signature"])
        self._bands = stored["bands"].reshape(BANDS, -1)
        self._orders: dict[str, Words] = {name: stored[f"by_{name}"] for name in _ORDERS}  # type: ignore[misc]

    def find_alike(self, wanted: Wanted, window_days: int, at_most: int) -> tuple[Integers, Integers, int]:
        """Find the rows that share a band or the headline with ``wanted``, within the window.

        Return the distinct pairs (place in ``wanted``, row of the file), sorted, as two arrays.
        For each key only ``at_most`` rows count, the last ones that begin before ``wanted`` ends,
        then those that begin after it. The third value is how many other rows of the key may lie
        within the window, counted for each key by itself.
        """
        first_rows = np.searchsorted(
            self.rows["day_from"], wanted.day_from.astype(np.int64) - window_days - self._longest
        )
        later_rows = np.searchsorted(self.rows["day_from"], wanted.day_until, "right")
        end_rows = np.searchsorted(self.rows["day_from"], wanted.day_until.astype(np.int64) + window_days, "right")
        found, dropped = [np.empty(0, np.uint64)], 0
        for asking, values, column, order in self._keys_of(wanted):
            query, first, last = _find(column, order, values)
            place = asking[query]
            low, later, high = (
                _bisect(order.__getitem__, first, last, rows[place]) for rows in (first_rows, later_rows, end_rows)
            )
            begin = np.maximum(low, later - at_most)
            count = np.minimum(high - begin, at_most)
            dropped += int((high - low - count).sum())
            found.append(np.repeat(place.astype(np.uint64), count) << np.uint64(32) | order[ranges(begin, count)])
        distinct = sorted_distinct(found)
        return (
            (distinct >> np.uint64(32)).astype(np.int64),
            (distinct & np.uint64(0xFFFFFFFF)).astype(np.int64),
            dropped,
        )

    def _keys_of(self, wanted: Wanted) -> Iterator[tuple[Integers, Words, NDArray[np.generic], Words]]:
        """Yield for each key: places in ``wanted``, their values, and a column with its order."""
        banded = np.flatnonzero(wanted.shingles >= MIN_SHINGLES)
        for band in range(BANDS):
            yield banded, wanted.words[banded, band], self.words[:, band], self._bands[band]
        named = banded[wanted.headline[banded] != 0]
        yield named, wanted.headline[named], self.rows["headline"], self._orders["headline"]

    def find_all(self, name: str, values: NDArray[np.generic], at_most: int | None = None) -> tuple[Integers, Integers]:
        """Return the rows with one of ``values`` in ``lead`` or ``body``: (query, row), sorted.

        A value of 0 finds nothing, and so does a value that more than ``at_most`` rows have.
        """
        query, first, last = _find(self.rows[name], self._orders[name], values)
        if at_most is not None:
            is_telling = last - first <= at_most
            query, first, last = query[is_telling], first[is_telling], last[is_telling]
        count = last - first
        query, row = np.repeat(query, count), self._orders[name][ranges(first, count)].astype(np.int64)
        order = np.lexsort((row, query))
        return query[order], row[order]


def stage_rows(
    staging: Staging, run_id: str, commit: str, segment_of_row: NDArray[np.int32], read: Callable[[Integers], Columns]
) -> Iterator[StagedFile]:
    """Write the files that a commit adds, one for each segment.

    ``read`` returns NEAR_COLUMNS without ``commit`` for some rows.
    """
    for segment in np.unique(segment_of_row).tolist():
        rows = read(np.flatnonzero(segment_of_row == segment))
        rows["commit"] = np.full(len(rows["id_hi"]), commit_word(commit))
        yield stage_file(staging, run_id, segment, rows)


def stage_file(staging: Staging, run_id: str, segment: int, rows: Columns) -> StagedFile:
    """Write a file of one segment into staging, with a path that no other file has."""
    staged, count = staging.new_name("index", "columns"), len(rows["id_hi"])
    written = write(staging.storage, staged, rows)
    path = file_name(run_id, segment, secrets.token_hex(4))
    return StagedFile("index", path, staged, count, written.bytes, written.sha256)


def open_files(lake: Storage, names: Sequence[str]) -> list[NearFile]:
    """Open files. Return small ones, below SMALL_ROWS, gathered into larger ones."""
    large, small, rows = [], list[NearFile](), 0
    for name in names:
        file = NearFile(lake, name)
        if len(file.rows["id_hi"]) >= SMALL_ROWS:
            large.append(file)
            continue
        small.append(file)
        rows += len(file.rows["id_hi"])
        if rows >= GATHERED_ROWS:
            large.append(NearFile.gathered(small))
            small, rows = [], 0
    return [*large, NearFile.gathered(small)] if len(small) > 1 else [*large, *small]


def write(storage: Storage, name: str, rows: Columns) -> Written:
    """Write a file of rows (NEAR_COLUMNS) in any order, and empty ``rows``, which are large.

    Equal rows give equal bytes.
    """
    stored, meta = _tables(rows)
    return columns.write(storage, name, stored, meta)


def _tables(rows: Columns) -> tuple[Columns, dict[str, Any]]:
    """Return all columns of a file of ``rows``, and its ``meta``. Empty ``rows``."""
    order = _by_day(rows)
    stored: Columns = {
        column: rows.pop(column)[order].astype(dtype, copy=False) for column, dtype in NEAR_COLUMNS.items()
    }
    words = band_words(stored["signature"])
    is_compared = np.greater(stored["shingles"], 0)
    compared = np.flatnonzero(is_compared)
    stored["bands"] = np.concatenate([_ordered(words[:, band], compared) for band in range(BANDS)])
    stored["by_headline"] = _ordered(stored["headline"], np.flatnonzero(is_compared & (stored["headline"] != 0)))
    for name in ("lead", "body"):
        stored[f"by_{name}"] = _ordered(stored[name], np.flatnonzero(stored[name]))
    meta: dict[str, Any] = {"algo": ALGO, "first_day": 0, "last_day": -1, "longest": 0}
    if len(order):
        first, last = stored["day_from"].astype(np.int64), stored["day_until"].astype(np.int64)
        meta |= {"first_day": int(first.min()), "last_day": int(last.max()), "longest": int((last - first).max())}
    return stored, meta


def _ordered(column: NDArray[np.generic], rows: Integers) -> Words:
    """Return ascending ``rows`` sorted by their values in ``column``, which have 32 bits."""
    packed = column[rows].astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64)
    packed.sort()
    return packed.astype(np.uint32)


def merged(parts: Sequence[Columns]) -> Columns:
    """Return the rows of several files as one, for ``write``."""
    return {
        name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0, dtype)
        for name, dtype in NEAR_COLUMNS.items()
    }


def band_words(signature: NDArray[np.generic]) -> Words:
    """Return fingerprints as 32-bit words, a view, (m, 32). The first BANDS words are the bands."""
    return signature.reshape(-1, 1).view("<u4")


def segments(day_from: NDArray[np.generic], day_until: NDArray[np.generic]) -> NDArray[np.int32]:
    """Return the segment under which each interval is filed: year * 100 + month of its first day.

    Days are days since 1970, in the years 1 to 9999. An interval of more than MONTH_DAYS goes under
    year * 100. So the file of a month reaches at most MONTH_DAYS past its month, although a date
    such as "2021" or "1990s" spans more.

    >>> segments(np.array([19432, 19432, 19358]), np.array([19432, 19462, 19722])).tolist()
    [202303, 202303, 202300]
    """
    first, last = day_from.astype(np.int64), day_until.astype(np.int64)
    months = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = np.where(last - first < MONTH_DAYS, months % 12 + 1, 0)
    return ((months // 12 + 1970) * 100 + month).astype(np.int32)


def segment_days(segment: int) -> tuple[int, int] | None:
    """Return the first and last day that a file of a month's segment can reach.

    Return None for a year's segment, because only the file itself tells.

    >>> segment_days(197001), segment_days(197000)
    ((0, 60), None)
    """
    year, month = divmod(segment, 100)
    if month == 0:
        return None
    start = np.datetime64(f"{year:04d}-{month:02d}", "M")
    first, after = (int(one.astype("datetime64[D]").astype(np.int64)) for one in (start, start + 1))
    return first, after - 1 + MONTH_DAYS - 1


def in_reach(segment: int, first_day: int, last_day: int, window_days: int) -> bool:
    """Tell whether a file of ``segment`` may hold rows within the window of the given days."""
    days = segment_days(segment)
    return days is None or (days[0] - window_days <= last_day and days[1] + window_days >= first_day)


def file_name(run_id: str, segment: int, nonce: str) -> str:
    """Return the path of a file, relative to the lake.

    >>> file_name("20230320T140500Z-0a1b2c3d", 202303, "4e5f")
    '_newslake/index/near-202303-20230320T140500Z-0a1b2c3d-4e5f.columns'
    """
    return f"{INDEX}/near-{segment:06d}-{run_id}-{nonce}.columns"


def segment_of_path(path: str) -> int | None:
    """Return the segment in the path of a file; None for a file of the keys index.

    Files of both indexes stand in one folder.
    """
    match = _NAME.fullmatch(path.rpartition("/")[2])
    return int(match[1]) if match else None


def sorted_distinct(parts: Sequence[NDArray[_Unsigned]]) -> NDArray[_Unsigned]:
    """Return the distinct values of all ``parts``, sorted. Without parts they are uint64.

    ``numpy.unique`` is slower if most values differ.
    """
    values: NDArray[_Unsigned] = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    values.sort()
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values[fresh]


def _by_day(rows: Columns) -> Integers:
    """Return the order of the rows by day_from and id.

    Rows with equal id and day, which are few, are ordered by all their columns.
    """
    order = np.lexsort((rows["id_lo"], rows["id_hi"], rows["day_from"]))
    equal = np.ones(len(order), np.bool_)[1:]
    for name in ("day_from", "id_hi", "id_lo"):
        column = rows[name][order]
        equal &= column[1:] == column[:-1]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= equal
    tied[:-1] |= equal
    some = {name: rows[name][order[tied]] for name in NEAR_COLUMNS}
    first = [some.pop(name) for name in ("id_lo", "id_hi", "day_from")]
    words = [word for name in ("signature", "lead_words", "numbers") for word in band_words(some.pop(name)).T]
    order[tied] = order[tied][np.lexsort((*words, *some.values(), *first))]
    return order


def _find(
    column: NDArray[np.generic], order: Words, wanted: NDArray[np.generic]
) -> tuple[Integers, Integers, Integers]:
    """Find ``wanted`` values: their places, and where in ``order`` they begin and end.

    ``order`` are rows of ``column``, sorted by its values.
    """
    query = np.argsort(wanted)  # sorted queries walk through the file once, and share its pages
    keys = wanted[query]
    if len(wanted) < len(order) * _FEW_PER_ROW:

        def values(at: Integers) -> NDArray[np.generic]:
            return column[order[at]]

        none, every = np.zeros(len(keys), np.int64), np.full(len(keys), len(order))
        first = _bisect(values, none, every, keys)
        met = np.flatnonzero(first < len(order))
        met = met[values(first[met]) == keys[met]]
        return (
            query[met],
            first[met],
            _bisect(values, first[met], every[met], keys[met].astype(np.uint64) + np.uint64(1)),
        )
    stored = column[order]
    first, last = np.searchsorted(stored, keys, "left"), np.searchsorted(stored, keys, "right")
    met = np.flatnonzero(last > first)
    return query[met], first[met], last[met]


def _bisect(
    value_at: Callable[[Integers], NDArray[np.generic]], low: Integers, high: Integers, wanted: NDArray[np.generic]
) -> Integers:
    """Return for each item the first place in ``low`` to ``high`` with a value >= ``wanted``.

    The values from ``low`` to ``high`` are sorted.
    """
    low, high = low.copy(), high.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        is_less = np.less(value_at(middle), wanted[open_])
        low[open_[is_less]] = middle[is_less] + 1
        high[open_[~is_less]] = middle[~is_less]
    return low
